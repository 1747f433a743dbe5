"""Marks, and a first one for each subject of each convention."""

import secrets

from django.db import migrations, models

SUBJECTS = ["conventions", "people", "committee", "actions", "indicators", "evaluation"]
SHARED = ["statistics", "comparison"]


def mark_all(apps, schema_editor):
    conventions = apps.get_model("conventions", "Convention").objects.values_list("pk", flat=True)
    mark = apps.get_model("conventions", "Mark")
    keys = [f"{pk}/{subject}" for pk in conventions for subject in SUBJECTS] + SHARED
    word = secrets.token_hex(16)
    mark.objects.bulk_create(mark(key=key, word=word) for key in keys)


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0017_one_revision'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='sujet')),
                ('word', models.CharField(max_length=32, verbose_name='marque')),
            ],
            options={
                'verbose_name': 'marque',
            },
        ),
        migrations.RunPython(mark_all, migrations.RunPython.noop),
    ]
