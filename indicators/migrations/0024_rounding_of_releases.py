"""Keep with each release how its publisher rounded it, and name in the sources of the figures taken
from it what a reader knows: publisher and title, not the data set's file."""

from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Replace

ROUNDED_TO_5 = "cnaf_allocataires"
# By source: the beginning of its mention, before and after.
MENTIONS = {
    "cnaf_allocataires": (
        "Source : Cnaf, cafdata (data.caf.fr), s_ben_com_f,",
        "Source : Cnaf, « Foyers allocataires et personnes couvertes, par commune »,",
    ),
    "cnaf_places_epci": (
        "Source : Cnaf, cafdata (data.caf.fr), nbpla_pe_epci,",
        "Source : Cnaf, « Places d’accueil des enfants de moins de 3 ans, par intercommunalité »,",
    ),
    "cnaf_couverture_epci": (
        "Source : Cnaf, cafdata (data.caf.fr), txcouv_pe_epci,",
        "Source : Cnaf, « Taux de couverture de l’accueil du jeune enfant, par intercommunalité »,",
    ),
    "insee_equipements": (
        "Source : Insee, base permanente des équipements, DS_BPE,",
        "Source : Insee, « Base permanente des équipements »,",
    ),
    "insee_filosofi": (
        "Source : Insee, Filosofi, DS_FILOSOFI_CC,",
        "Source : Insee, « Revenus et pauvreté des ménages (Filosofi) »,",
    ),
    "insee_populations": (
        "Source : Insee, populations de référence, DS_POPULATIONS_REFERENCE,",
        "Source : Insee, « Populations de référence »,",
    ),
}


def name_sources(apps, schema_editor):
    """Write how releases were rounded, and the mentions of their figures."""
    apps.get_model("indicators", "Release").objects.filter(source=ROUNDED_TO_5).update(
        rounding_base=5
    )
    values = apps.get_model("indicators", "Value").objects
    for source, (before, after) in MENTIONS.items():
        taken = values.filter(release__source=source, source__startswith=before)
        taken.update(source=Replace(F("source"), Value(before), Value(after)))


class Migration(migrations.Migration):

    dependencies = [
        ("indicators", "0023_one_revision"),
    ]

    operations = [
        migrations.AddField(
            model_name="release",
            name="rounding_base",
            field=models.PositiveSmallIntegerField(
                default=0, verbose_name="arrondie au multiple de"
            ),
        ),
        migrations.RunPython(name_sources, migrations.RunPython.noop),
    ]
