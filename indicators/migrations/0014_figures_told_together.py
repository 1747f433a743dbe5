"""Which figures of the whole territory add up, and what was decided of them together."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0013_counts_that_hang_together")]

    operations = [
        migrations.AddField(
            model_name="campaignindicator",
            name="adds_up",
            field=models.BooleanField(default=False, verbose_name="s’additionne à d’autres"),
        ),
        migrations.AddField(
            model_name="campaignindicator",
            name="told",
            field=models.JSONField(blank=True, default=dict, verbose_name="ce qui en est montré"),
        ),
        migrations.AddConstraint(
            model_name="campaignindicator",
            constraint=models.CheckConstraint(
                condition=models.Q(("grain", "territory"), ("adds_up", False), _connector="OR"),
                name="campaign_indicator_adds_up_of_territory",
                violation_error_message=(
                    "Des chiffres par commune s’additionnent dans leurs tableaux."
                ),
            ),
        ),
    ]
