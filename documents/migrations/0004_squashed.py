"""Create at once, in an empty database, what 0001 to 0003 lead to.

A database that has begun with those goes on with them.
"""

import django.db.models.deletion
import django.utils.timezone
import documents.drawing.models
import documents.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('documents', '0001_founded'),
        ('documents', '0002_erased_files'),
        ('documents', '0003_drawings'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Drawing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('queued', 'en attente'), ('composing', 'en cours'), ('ready', 'prêt'), ('failed', 'en échec'), ('cancelled', 'annulé')], default='queued', max_length=20, verbose_name='état')),
                ('stage', models.CharField(blank=True, choices=[('reading', 'lecture des données'), ('writing', 'mise en page'), ('drawing', 'composition du fichier'), ('keeping', 'enregistrement')], max_length=20, verbose_name='étape')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='empreinte du contenu')),
                ('lease_until', models.DateTimeField(blank=True, null=True, verbose_name='attendu jusqu’au')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='essais')),
                ('requested_by_name', models.CharField(blank=True, max_length=300, verbose_name='nom de qui l’a demandé')),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='demandé le')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='terminé le')),
                ('file', models.FileField(blank=True, max_length=120, upload_to=documents.drawing.models.kept_name, verbose_name='fichier')),
                ('sha256', models.CharField(blank=True, max_length=64, verbose_name='empreinte SHA-256')),
                ('size', models.PositiveIntegerField(blank=True, null=True, verbose_name='taille en octets')),
                ('pages', models.PositiveIntegerField(blank=True, null=True, verbose_name='pages')),
                ('kind', models.CharField(max_length=60, verbose_name='genre')),
                ('scope', models.CharField(max_length=60, verbose_name='portée')),
                ('parameters', models.JSONField(default=dict, verbose_name='paramètres')),
                ('audience', models.CharField(max_length=100, verbose_name='pour qui')),
                ('title', models.CharField(max_length=300, verbose_name='titre')),
                ('name', models.CharField(max_length=200, verbose_name='nom du fichier')),
                ('origin', models.TextField(blank=True, verbose_name='page d’origine')),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='demandé par')),
            ],
            options={
                'verbose_name': 'document demandé',
                'verbose_name_plural': 'documents demandés',
                'ordering': ['-requested_at', '-pk'],
                'abstract': False,
                'indexes': [
                    models.Index(fields=['kind', 'digest', 'audience'], name='drawing_by_digest'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'composing', 'ready', 'failed', 'cancelled'])), name='drawing_state_known', violation_error_message='Cet état est inconnu.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), models.Q(models.Q(('file', ''), _negated=True), models.Q(('sha256', ''), _negated=True), ('size__gte', 1)), _connector='OR'), name='drawing_ready_has_file', violation_error_message='Un document prêt a un fichier et son empreinte.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'composing'), _negated=True), ('lease_until__isnull', False), _connector='OR'), name='drawing_composing_has_lease', violation_error_message='Un document en préparation est attendu jusqu’à un moment.'),
                    models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'composing'])), fields=('requested_by',), name='drawing_one_unfinished', violation_error_message='Un autre document est déjà en préparation pour vous.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DrawingTransition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_state', models.CharField(blank=True, max_length=20, verbose_name='de')),
                ('to_state', models.CharField(max_length=20, verbose_name='à')),
                ('by_name', models.CharField(blank=True, max_length=300, verbose_name='nom')),
                ('capacity', models.CharField(blank=True, max_length=850, verbose_name='qualité')),
                ('reason', models.TextField(blank=True, verbose_name='motif')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('verb', models.CharField(choices=[('requested', 'demandé'), ('taken', 'pris en charge'), ('kept', 'enregistré'), ('put_back', 'remis en attente'), ('given_up', 'abandonné'), ('cancelled', 'annulé')], max_length=20, verbose_name='acte')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('drawing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transitions', to='documents.drawing', verbose_name='document demandé')),
            ],
            options={
                'verbose_name': 'acte sur un document demandé',
                'verbose_name_plural': 'actes sur les documents demandés',
                'ordering': ['created_at', 'pk'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('from_state__in', ['']), ('to_state', 'queued'), ('verb', 'requested')), models.Q(('from_state__in', ['queued', 'composing']), ('to_state', 'composing'), ('verb', 'taken')), models.Q(('from_state__in', ['composing']), ('to_state', 'ready'), ('verb', 'kept')), models.Q(('from_state__in', ['queued', 'composing']), ('to_state', 'queued'), ('verb', 'put_back')), models.Q(('from_state__in', ['queued', 'composing']), ('to_state', 'failed'), ('verb', 'given_up')), models.Q(('from_state__in', ['queued', 'composing']), ('to_state', 'cancelled'), ('verb', 'cancelled')), _connector='OR'), name='drawing_transition_in_table', violation_error_message='Cet acte ne mène pas de cet état à cet autre.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(blank=True, max_length=120, upload_to=documents.models.storage_name, verbose_name='fichier')),
                ('name', models.CharField(max_length=200, verbose_name='nom')),
                ('content_type', models.CharField(max_length=100, verbose_name='type')),
                ('size', models.PositiveIntegerField(verbose_name='taille en octets')),
                ('sha256', models.CharField(max_length=64, verbose_name='empreinte SHA-256')),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='déposé le')),
                ('erased_at', models.DateTimeField(blank=True, null=True, verbose_name='effacé le')),
                ('erased_for', models.CharField(blank=True, max_length=300, verbose_name='à la demande de')),
                ('erasure_reason', models.TextField(blank=True, verbose_name='motif de l’effacement')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='déposé par')),
            ],
            options={
                'verbose_name': 'document déposé',
                'verbose_name_plural': 'documents déposés',
                'ordering': ['-uploaded_at', '-pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('size__gte', 1), ('size__lte', 10485760)), name='stored_file_has_a_size', violation_error_message='Un document déposé pèse de 1\xa0octet à 10\xa0Mo.'),
                    models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='stored_file_has_a_digest', violation_error_message='L’empreinte d’un document est un SHA-256.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('erased_at__isnull', True), models.Q(('file', ''), _negated=True), ('erased_for', '')), models.Q(('erased_at__isnull', False), ('file', ''), models.Q(('erased_for', ''), _negated=True), models.Q(('erasure_reason', ''), _negated=True)), _connector='OR'), name='stored_file_is_there_or_erased', violation_error_message='Un fichier n’est effacé qu’à la demande de quelqu’un, avec son motif.'),
                ],
            },
        ),
    ]
