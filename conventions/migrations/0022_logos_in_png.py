from django.db import migrations


def give_way(apps, schema_editor):
    """Let each logo in SVG give way to the PNG that was drawn from it; where there is none, the
    party has no logo any more."""
    for model in ("Party", "HistoricalParty"):
        rows = apps.get_model("conventions", model).objects.filter(logo__iendswith=".svg")
        for row in rows.iterator():
            # A queryset's update: nothing else of the row is written, its history neither.
            type(row).objects.filter(pk=row.pk).update(logo=str(row.logo_png))


class Migration(migrations.Migration):

    dependencies = [
        ("conventions", "0021_accesses_announced_to_close"),
    ]

    operations = [
        migrations.RunPython(give_way, migrations.RunPython.noop),
        migrations.RemoveField(model_name="historicalparty", name="logo_png"),
        migrations.RemoveField(model_name="party", name="logo_png"),
    ]
