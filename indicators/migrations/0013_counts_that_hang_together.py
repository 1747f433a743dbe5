"""To which base an audit rounded; which indicators add up to another."""

from django.db import migrations, models


def keep_bases(apps, schema_editor):
    """What was rounded until now was, to the base that its provider had, or that was frozen."""
    audits = apps.get_model("indicators", "Audit").objects.exclude(rounded={})
    related = audits.select_related("campaign_indicator__provider")
    for audit in related.only("base", "campaign_indicator"):
        entry = audit.campaign_indicator
        audit.base = entry.rounding_base or entry.provider.rounding_base
        audit.save(update_fields=["base"])


class Migration(migrations.Migration):
    dependencies = [("indicators", "0012_comparison")]

    operations = [
        migrations.AddField(
            model_name="audit",
            name="base",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="base d’arrondi"
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="parts",
            field=models.ManyToManyField(
                blank=True,
                related_name="totals",
                to="indicators.indicator",
                verbose_name="total de",
            ),
        ),
        migrations.RunPython(keep_bases, migrations.RunPython.noop),
    ]
