"""Create at once, in an empty database, what 0001 to 0003 lead to.

A database that has begun with those goes on with them.
"""

import django.db.models.deletion
import django.utils.timezone
import documents.drawing.models
import spreadsheets.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('spreadsheets', '0001_founded'),
        ('spreadsheets', '0002_commands_and_readings'),
        ('spreadsheets', '0003_refused_lines'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('adapter', models.CharField(max_length=60, verbose_name='genre')),
                ('office', models.CharField(max_length=150, verbose_name='bureau')),
                ('key', models.CharField(max_length=200, verbose_name='question')),
                ('value', models.CharField(max_length=100, verbose_name='réponse')),
            ],
            options={
                'verbose_name': 'réponse gardée',
                'verbose_name_plural': 'réponses gardées',
                'ordering': ['adapter', 'office', 'key'],
                'constraints': [
                    models.UniqueConstraint(fields=('adapter', 'office', 'key'), name='answer_once', violation_error_message='Cette question a déjà une réponse.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('adapter', models.CharField(max_length=60, verbose_name='genre')),
                ('scope', models.CharField(max_length=150, verbose_name='portée')),
                ('state', models.CharField(choices=[('received', 'à vérifier'), ('applied', 'enregistré'), ('undone', 'annulé'), ('abandoned', 'abandonné')], default='received', max_length=20, verbose_name='état')),
                ('file', models.FileField(blank=True, max_length=120, upload_to=spreadsheets.models.kept_name, verbose_name='fichier')),
                ('name', models.CharField(max_length=200, verbose_name='nom du fichier')),
                ('size', models.PositiveIntegerField(verbose_name='taille en octets')),
                ('sha256', models.CharField(max_length=64, verbose_name='empreinte SHA-256')),
                ('is_large', models.BooleanField(default=False, verbose_name='lu par le service de fond')),
                ('answers', models.JSONField(blank=True, default=dict, verbose_name='réponses')),
                ('counts', models.JSONField(blank=True, default=dict, verbose_name='comptes')),
                ('mistakes', models.JSONField(blank=True, default=list, verbose_name='lignes refusées')),
                ('brought_by_name', models.CharField(blank=True, max_length=300, verbose_name='nom de qui l’a envoyé')),
                ('brought_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='envoyé le')),
                ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='enregistré le')),
                ('brought_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='envoyé par')),
            ],
            options={
                'verbose_name': 'fichier importé',
                'verbose_name_plural': 'fichiers importés',
                'ordering': ['-brought_at', '-pk'],
                'indexes': [
                    models.Index(fields=['adapter', 'scope'], name='import_by_scope'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['received', 'applied', 'undone', 'abandoned'])), name='import_state_known', violation_error_message='Cet état est inconnu.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('applied_at__isnull', False), ('state__in', ['applied', 'undone'])), models.Q(models.Q(('state__in', ['applied', 'undone']), _negated=True), ('applied_at__isnull', True)), _connector='OR'), name='import_applied_has_moment', violation_error_message='Un import enregistré l’est depuis un moment.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Application',
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
                ('preview', models.CharField(max_length=64, verbose_name='aperçu montré')),
                ('is_partial', models.BooleanField(default=False, verbose_name='lignes valables seules')),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='demandé par')),
                ('import_row', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='applications', to='spreadsheets.import', verbose_name='fichier importé')),
            ],
            options={
                'verbose_name': 'enregistrement d’un import',
                'verbose_name_plural': 'enregistrements des imports',
                'ordering': ['-requested_at', '-pk'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'composing', 'ready', 'failed', 'cancelled'])), name='application_state_known', violation_error_message='Cet état est inconnu.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), models.Q(models.Q(('file', ''), _negated=True), models.Q(('sha256', ''), _negated=True), ('size__gte', 1)), _connector='OR'), name='application_ready_has_file', violation_error_message='Un document prêt a un fichier et son empreinte.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'composing'), _negated=True), ('lease_until__isnull', False), _connector='OR'), name='application_composing_has_lease', violation_error_message='Un document en préparation est attendu jusqu’à un moment.'),
                    models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'composing'])), fields=('import_row',), name='application_one_unfinished', violation_error_message='Cet import est déjà en cours d’enregistrement.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ApplicationTransition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_state', models.CharField(blank=True, max_length=20, verbose_name='de')),
                ('to_state', models.CharField(max_length=20, verbose_name='à')),
                ('by_name', models.CharField(blank=True, max_length=300, verbose_name='nom')),
                ('capacity', models.CharField(blank=True, max_length=850, verbose_name='qualité')),
                ('reason', models.TextField(blank=True, verbose_name='motif')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('verb', models.CharField(choices=[('requested', 'demandé'), ('taken', 'pris en charge'), ('kept', 'enregistré'), ('put_back', 'remis en attente'), ('given_up', 'abandonné'), ('cancelled', 'annulé')], max_length=20, verbose_name='acte')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transitions', to='spreadsheets.application', verbose_name='enregistrement d’un import')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'acte sur l’enregistrement d’un import',
                'verbose_name_plural': 'actes sur les enregistrements des imports',
                'ordering': ['created_at', 'pk'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('from_state__in', ['']), ('to_state', 'queued'), ('verb', 'requested')), models.Q(('from_state__in', ['queued', 'composing']), ('to_state', 'composing'), ('verb', 'taken')), models.Q(('from_state__in', ['composing']), ('to_state', 'ready'), ('verb', 'kept')), models.Q(('from_state__in', ['queued', 'composing']), ('to_state', 'queued'), ('verb', 'put_back')), models.Q(('from_state__in', ['queued', 'composing']), ('to_state', 'failed'), ('verb', 'given_up')), models.Q(('from_state__in', ['queued', 'composing']), ('to_state', 'cancelled'), ('verb', 'cancelled')), _connector='OR'), name='application_transition_in_table', violation_error_message='Cet acte ne mène pas de cet état à cet autre.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FileReading',
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
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='demandé par')),
                ('import_row', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='spreadsheets.import', verbose_name='fichier importé')),
            ],
            options={
                'verbose_name': 'lecture d’un import',
                'verbose_name_plural': 'lectures des imports',
                'ordering': ['-requested_at', '-pk'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'composing', 'ready', 'failed', 'cancelled'])), name='filereading_state_known', violation_error_message='Cet état est inconnu.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), models.Q(models.Q(('file', ''), _negated=True), models.Q(('sha256', ''), _negated=True), ('size__gte', 1)), _connector='OR'), name='filereading_ready_has_file', violation_error_message='Un document prêt a un fichier et son empreinte.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'composing'), _negated=True), ('lease_until__isnull', False), _connector='OR'), name='filereading_composing_has_lease', violation_error_message='Un document en préparation est attendu jusqu’à un moment.'),
                    models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'composing'])), fields=('import_row',), name='reading_one_unfinished', violation_error_message='Ce fichier est déjà en cours de lecture.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FileReadingTransition',
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
                ('reading', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transitions', to='spreadsheets.filereading', verbose_name='lecture d’un import')),
            ],
            options={
                'verbose_name': 'acte sur la lecture d’un import',
                'verbose_name_plural': 'actes sur les lectures des imports',
                'ordering': ['created_at', 'pk'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('from_state__in', ['']), ('to_state', 'queued'), ('verb', 'requested')), models.Q(('from_state__in', ['queued', 'composing']), ('to_state', 'composing'), ('verb', 'taken')), models.Q(('from_state__in', ['composing']), ('to_state', 'ready'), ('verb', 'kept')), models.Q(('from_state__in', ['queued', 'composing']), ('to_state', 'queued'), ('verb', 'put_back')), models.Q(('from_state__in', ['queued', 'composing']), ('to_state', 'failed'), ('verb', 'given_up')), models.Q(('from_state__in', ['queued', 'composing']), ('to_state', 'cancelled'), ('verb', 'cancelled')), _connector='OR'), name='filereading_transition_in_table', violation_error_message='Cet acte ne mène pas de cet état à cet autre.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ImportTransition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_state', models.CharField(blank=True, max_length=20, verbose_name='de')),
                ('to_state', models.CharField(max_length=20, verbose_name='à')),
                ('by_name', models.CharField(blank=True, max_length=300, verbose_name='nom')),
                ('capacity', models.CharField(blank=True, max_length=850, verbose_name='qualité')),
                ('reason', models.TextField(blank=True, verbose_name='motif')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('verb', models.CharField(choices=[('received', 'reçu'), ('applied', 'enregistré'), ('undone', 'annulé'), ('abandoned', 'abandonné')], max_length=20, verbose_name='acte')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('import_row', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transitions', to='spreadsheets.import', verbose_name='fichier importé')),
            ],
            options={
                'verbose_name': 'acte sur un fichier importé',
                'verbose_name_plural': 'actes sur les fichiers importés',
                'ordering': ['created_at', 'pk'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('from_state__in', ['']), ('to_state', 'received'), ('verb', 'received')), models.Q(('from_state__in', ['received']), ('to_state', 'applied'), ('verb', 'applied')), models.Q(('from_state__in', ['applied']), ('to_state', 'undone'), ('verb', 'undone')), models.Q(('from_state__in', ['received']), ('to_state', 'abandoned'), ('verb', 'abandoned')), _connector='OR'), name='import_transition_in_table', violation_error_message='Cet acte ne mène pas de cet état à cet autre.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='KeptLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, verbose_name='ligne du portail')),
                ('label', models.CharField(max_length=300, verbose_name='intitulé')),
                ('place', models.CharField(max_length=100, verbose_name='cellule')),
                ('before', models.JSONField(verbose_name='avant')),
                ('seen', models.CharField(blank=True, max_length=60, verbose_name='écriture')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='annulée le')),
                ('import_row', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_lines', to='spreadsheets.import', verbose_name='fichier importé')),
            ],
            options={
                'verbose_name': 'ligne enregistrée d’un import',
                'verbose_name_plural': 'lignes enregistrées des imports',
                'ordering': ['pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('import_row', 'key'), name='kept_line_once', violation_error_message='Cet import a déjà enregistré cette ligne.'),
                ],
            },
        ),
    ]
