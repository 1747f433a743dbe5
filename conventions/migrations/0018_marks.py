"""A first mark for each subject of each convention, and for what all share."""

import secrets

from django.db import migrations

SUBJECTS = ["conventions", "people", "committee", "actions", "indicators", "evaluation"]
SHARED = ["statistics", "comparison"]


def mark_all(apps, schema_editor):
    conventions = apps.get_model("conventions", "Convention").objects.values_list("pk", flat=True)
    mark = apps.get_model("ctg_portal", "Mark")
    keys = [f"{pk}/{subject}" for pk in conventions for subject in SUBJECTS] + SHARED
    word = secrets.token_hex(16)
    mark.objects.bulk_create(mark(key=key, word=word) for key in keys)


class Migration(migrations.Migration):
    dependencies = [
        ("conventions", "0017_one_revision"),
        ("ctg_portal", "0001_marks"),
    ]

    operations = [migrations.RunPython(mark_all, migrations.RunPython.noop)]
