"""A convention with fictional figures or actions is fictional, and says so once, in its header."""

from django.db import migrations


def mark(apps, schema_editor):
    fictional = {"is_fictional": True}
    campaigns = apps.get_model("indicators", "Campaign").objects.filter(**fictional)
    actions = apps.get_model("actions", "Action").objects.filter(**fictional)
    keys = {*campaigns.values_list("convention", flat=True)}
    keys |= {*actions.values_list("convention", flat=True)}
    apps.get_model("conventions", "Convention").objects.filter(pk__in=keys).update(**fictional)


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0005_texts_and_follow_up_of_files"),
        ("conventions", "0026_fictional_conventions"),
        ("indicators", "0026_reference_population"),
    ]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop, elidable=True)]
