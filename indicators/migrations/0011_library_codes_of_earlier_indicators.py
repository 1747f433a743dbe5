"""Indicators taken up before they kept the code of their entry get it where it is plain.

It is plain by code and title, or by the title alone where no other indicator of the convention has
it and its own code is not that of another entry. What was agreed to is not touched. The library is
written down as it was when these indicators were taken from it.
"""

import re
import unicodedata

from django.db import migrations

LIBRARY = {
    "PE-01": "Taux de couverture de l’accueil formel des enfants de moins de 3 ans",
    "PE-02": "Places agréées en EAJE",
    "PE-03": "Places chez les assistants maternels",
    "PE-04": "Assistants maternels en activité",
    "PE-05": "Enfants différents accueillis en EAJE",
    "PE-06": "Taux d’occupation des EAJE",
    "PE-07": "Demandes restées sans solution en commission d’admission",
    "PE-08": "Enfants bénéficiaires de l’AEEH accueillis en EAJE",
    "PE-09": "Contacts reçus au guichet unique des relais",
    "PE-10": "Ateliers santé-environnement tenus en EAJE et en relais",
    "PE-11": "Enfants de moins de 3 ans",
    "EN-01": "Heures d’accueil de loisirs extrascolaire réalisées",
    "EN-02": "Heures d’accueil périscolaire réalisées",
    "EN-03": "Enfants différents accueillis en ALSH",
    "EN-04": "Communes disposant d’un accueil le mercredi",
    "EN-05": "Heures d’ALSH ouvrant droit au complément inclusif",
    "EN-06": "Fréquentation de la ludothèque communautaire",
    "EN-07": "Ateliers parents-enfants tenus à la ludothèque",
    "JE-01": "Jeunes de 12 à 17 ans inscrits en accueil de jeunes",
    "JE-02": "Projets de jeunes accompagnés",
    "JE-03": "Jours d’ouverture du lieu jeunesse au public",
    "JE-04": "Actions de prévention en santé mentale et addictions auprès des jeunes",
    "JE-05": "Jeunes suivis par la mission locale",
    "PA-01": "Lieux d’accueil enfants-parents en fonctionnement",
    "PA-02": "Séances de LAEP tenues",
    "PA-03": "Personnes différentes accueillies en LAEP",
    "PA-04": "Familles présentes par séance de LAEP",
    "PA-05": "Communes situées à plus de 20 minutes d’un LAEP",
    "PA-06": "Enfants inscrits en CLAS",
    "PA-07": "Part des familles monoparentales",
    "DR-01": "Espaces France Services ouverts",
    "DR-02": "Accompagnements réalisés en France Services",
    "DR-03": "Part des demandes France Services relevant de la Caf",
    "DR-04": "Personnes formées en atelier d’inclusion numérique",
    "DR-05": "Foyers allocataires de la Caf",
    "DR-06": "Foyers bénéficiaires du RSA",
    "DR-07": "Ressortissants MSA de la branche famille",
    "DR-08": "Situations orientées par un pôle d’appui à l’inclusion hors de la ville centre",
    "LO-01": "Foyers bénéficiaires d’une aide au logement",
    "LO-02": "Signalements de logements dégradés",
    "LO-03": "Constats de non-décence notifiés",
    "LO-04": "Familles en impayé de loyer accompagnées",
    "LO-05": "Expulsions locatives prononcées",
    "LO-06": "Ateliers « habiter son logement »",
    "LO-07": "Médiane du niveau de vie",
    "LO-08": "Taux de pauvreté",
    "VS-01": "Centres sociaux et espaces de vie sociale agréés",
    "VS-02": "Bénévoles engagés dans les structures d’animation de la vie sociale",
    "VS-03": "Communes couvertes par une structure d’animation de la vie sociale",
    "VS-04": "Habitants participant à une instance de structure AVS",
    "TR-01": "Présence des membres au comité de pilotage",
    "TR-02": "Part des actions réalisées dans le plan d’actions",
}


def bare(title):
    """Without accents, case, ligatures nor punctuation."""
    decomposed = unicodedata.normalize("NFKD", title.replace("œ", "oe").replace("Œ", "oe"))
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", letters.casefold()).strip()


def give_codes(apps, schema_editor):
    Indicator = apps.get_model("indicators", "Indicator")
    Offer = apps.get_model("indicators", "Offer")
    by_title = {bare(title): code for code, title in LIBRARY.items()}
    rows = list(Indicator.objects.values_list("pk", "convention", "code", "title", "library_code"))
    twins = {}
    for _, convention, _, title, _ in rows:
        twins[convention, bare(title)] = twins.get((convention, bare(title)), 0) + 1
    # What is offered to the library, or was taken into it, has a code of its own there.
    offered = set(Offer.objects.exclude(state="refused").values_list("indicator", flat=True))
    for pk, convention, code, title, known in rows:
        entry = by_title.get(bare(title))
        if not entry or known or pk in offered:
            continue
        own = code.strip().upper()
        is_alone = twins[convention, bare(title)] == 1 and own not in LIBRARY
        if own == entry or is_alone:
            Indicator.objects.filter(pk=pk).update(library_code=entry)


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0010_statistics'),
    ]

    operations = [
        migrations.RunPython(give_codes, migrations.RunPython.noop),
    ]
