"""Keep with each indicator whether its figures may be below zero: as the texts agreed to so far let
them be (``with_negatives``), so that row and text say the same."""

from django.db import migrations, models

from indicators.definitions.steps import with_negatives


def mark_negatives(apps, schema_editor):
    """Mark the indicators whose figures could be below zero without a question."""
    indicators = apps.get_model("indicators", "Indicator").objects
    for row in indicators.prefetch_related("targets"):
        content = {
            "unit": row.unit,
            "calculation": row.calculation,
            "baseline_value": row.baseline_value,
            "minimum": row.minimum,
            "maximum": row.maximum,
            "targets": [{"value": target.value} for target in row.targets.all()],
        }
        if with_negatives(content)["allows_negative"]:
            indicators.filter(pk=row.pk).update(allows_negative=True)


class Migration(migrations.Migration):

    dependencies = [
        ("indicators", "0024_rounding_of_releases"),
    ]

    operations = [
        migrations.AddField(
            model_name="indicator",
            name="allows_negative",
            field=models.BooleanField(default=False, verbose_name="peut être négatif"),
        ),
        migrations.AddField(
            model_name="historicalindicator",
            name="allows_negative",
            field=models.BooleanField(default=False, verbose_name="peut être négatif"),
        ),
        migrations.RunPython(mark_negatives, migrations.RunPython.noop),
    ]
