"""Agreements recorded for somebody wait to be confirmed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def count_as_before(apps, schema_editor):
    """An agreement recorded for somebody counted from its entry: those of before still do."""
    recorded = apps.get_model("agreements", "Agreement").objects.filter(is_recorded=True)
    Confirmation = apps.get_model("agreements", "Confirmation")
    Confirmation.objects.bulk_create(
        Confirmation(agreement=entry, way="earlier") for entry in recorded.iterator()
    )


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0001_founded'),
        ('conventions', '0001_founded'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('in_person', 'par la personne elle-même'), ('colleague', 'par une autre personne du même organisme'), ('delay', 'sans contestation dans le délai'), ('earlier', 'dès la saisie, selon la règle d’alors')], max_length=20, verbose_name='confirmé')),
                ('by_name', models.CharField(blank=True, max_length=300, verbose_name='par')),
                ('capacity', models.CharField(blank=True, max_length=500, verbose_name='qualité')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='le')),
            ],
            options={
                'verbose_name': 'confirmation',
                'ordering': ['pk'],
            },
        ),
        migrations.AddIndex(
            model_name='agreement',
            index=models.Index(condition=models.Q(('is_recorded', True)), fields=['contestable_until'], name='agreement_recorded_until'),
        ),
        migrations.AddField(
            model_name='confirmation',
            name='agreement',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='confirmation', to='agreements.agreement', verbose_name='accord'),
        ),
        migrations.AddField(
            model_name='confirmation',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par'),
        ),
        migrations.AddConstraint(
            model_name='confirmation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by__isnull', False), ('way__in', ['in_person', 'colleague'])), models.Q(('by__isnull', True), ('way__in', ['delay', 'earlier'])), _connector='OR'), name='confirmation_by_somebody', violation_error_message='Un accord est confirmé par quelqu’un, ou par le délai.'),
        ),
        migrations.RunPython(count_as_before, migrations.RunPython.noop),
    ]
