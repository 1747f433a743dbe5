"""Thresholds under five, and rounding to anything but five, are read as five from now on. What was
disclosed under another rule stays as it was, and so do the rules of years that are closed."""

from django.db import migrations, models
from django.utils import timezone

FIVE = 5


def read_as_five(apps, schema_editor):
    Organisation = apps.get_model("conventions", "Organisation")
    rows = []
    for row in Organisation.objects.filter(masking_threshold__lt=FIVE):
        row.secrecy_note = note("Seuil relevé", row.masking_threshold)
        row.masking_threshold = FIVE
        rows.append(row)
    for row in Organisation.objects.exclude(rounding_base=None).exclude(rounding_base=FIVE):
        row.secrecy_note = note("Arrondi passé", row.rounding_base)
        row.rounding_base = FIVE
        rows.append(row)
    fields = ["masking_threshold", "rounding_base", "secrecy_note"]
    Organisation.objects.bulk_update(rows, fields)


def note(what, former):
    today = timezone.localdate()
    return f"{what} de {former} à 5 le {today:%d/%m/%Y}, pour ce qui n’était pas encore diffusé."


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0015_no_delay_to_contest'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='organisation',
            name='organisation_one_secrecy_rule',
        ),
        migrations.RemoveConstraint(
            model_name='organisation',
            name='organisation_masking_threshold_from_2',
        ),
        migrations.RemoveConstraint(
            model_name='organisation',
            name='organisation_rounding_base_from_2',
        ),
        migrations.RemoveConstraint(
            model_name='organisation',
            name='organisation_added_says_nothing_official',
        ),
        migrations.AddField(
            model_name='historicalorganisation',
            name='opts_out_of_secrecy',
            field=models.BooleanField(default=False, verbose_name='renonce au secret statistique'),
        ),
        migrations.AddField(
            model_name='historicalorganisation',
            name='secrecy_note',
            field=models.CharField(blank=True, max_length=300, verbose_name='ce que la règle est devenue'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='opts_out_of_secrecy',
            field=models.BooleanField(default=False, verbose_name='renonce au secret statistique'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='secrecy_note',
            field=models.CharField(blank=True, max_length=300, verbose_name='ce que la règle est devenue'),
        ),
        migrations.RunPython(read_as_five, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('masking_threshold__isnull', True), ('rounding_base__isnull', True)), models.Q(('masking_threshold__isnull', True), ('opts_out_of_secrecy', False)), models.Q(('opts_out_of_secrecy', False), ('rounding_base__isnull', True)), _connector='OR'), name='organisation_one_secrecy_rule', violation_error_message='Un organisme masque, arrondit, ou renonce au secret.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('masking_threshold__isnull', True), ('masking_threshold__gte', 5), _connector='OR'), name='organisation_masking_threshold_from_5', violation_error_message='Le seuil de secret vaut au moins 5.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('rounding_base__isnull', True), ('rounding_base', 5), _connector='OR'), name='organisation_rounds_to_5', violation_error_message='Un organisme arrondit à 5.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('is_added', False), models.Q(('masking_threshold__isnull', True), ('opts_out_of_secrecy', False), ('rounding_base__isnull', True)), _connector='OR'), name='organisation_added_says_nothing_official', violation_error_message='Une règle de secret vient du fichier de la convention.'),
        ),
    ]
