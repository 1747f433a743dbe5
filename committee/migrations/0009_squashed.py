"""Create at once, in an empty database, what 0001 to 0008 lead to.

A database that has begun with those goes on with them.
"""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('committee', '0001_founded'),
        ('committee', '0002_dossiers_reopened'),
        ('committee', '0003_dossiers_recalled'),
        ('committee', '0004_answers_noted'),
        ('committee', '0005_dossiers_reminded'),
        ('committee', '0006_links_cut'),
        ('committee', '0007_ordered_by_own_columns'),
        ('committee', '0008_stakes'),
    ]

    initial = True

    dependencies = [
        ('agreements', '0011_squashed'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('conventions', '0011_squashed'),
        ('documents', '0004_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AmendmentProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.PositiveBigIntegerField()),
                ('title', models.CharField(max_length=500, verbose_name='texte signé')),
                ('wording', models.TextField(max_length=50000, verbose_name='rédaction proposée')),
                ('reason', models.TextField(max_length=5000, verbose_name='motif')),
                ('person_name', models.CharField(max_length=300, verbose_name='nom')),
                ('capacity', models.CharField(blank=True, max_length=500, verbose_name='qualité')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='proposé le')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='retiré le')),
                ('withdrawn_by_name', models.CharField(blank=True, max_length=300, verbose_name='retiré par')),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='amendment_proposals', to='conventions.convention', verbose_name='convention')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'proposition d’avenant',
                'verbose_name_plural': 'propositions d’avenant',
                'ordering': ['-created_at', '-pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('wording', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='amendment_proposal_says_what_and_why', violation_error_message='Une proposition a une rédaction et un motif.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_name', models.CharField(max_length=300, verbose_name='nom')),
                ('capacity', models.CharField(blank=True, max_length=500, verbose_name='qualité')),
                ('text', models.TextField(max_length=5000, verbose_name='commentaire')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='écrit le')),
                ('edited_at', models.DateTimeField(blank=True, null=True, verbose_name='modifié le')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='agreements.version', verbose_name='version')),
            ],
            options={
                'verbose_name': 'commentaire',
                'ordering': ['created_at', 'pk'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='comment_has_text', violation_error_message='Un commentaire a un texte.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Dossier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='titre')),
                ('message', models.TextField(blank=True, verbose_name='message')),
                ('state', models.CharField(choices=[('open', 'ouvert'), ('complete', 'complet'), ('recalled', 'rappelé')], default='open', max_length=20, verbose_name='état')),
                ('answer_by', models.DateField(blank=True, null=True, verbose_name='réponse attendue le')),
                ('sent_by_name', models.CharField(max_length=300, verbose_name='envoyé par')),
                ('sent_at', models.DateTimeField(auto_now_add=True, verbose_name='envoyé le')),
                ('completed_at', models.DateTimeField(blank=True, null=True, verbose_name='complet le')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='dossiers', to='conventions.convention', verbose_name='convention')),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'dossier',
                'ordering': ['-sent_at', '-pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='dossier_titled', violation_error_message='Un dossier a un titre.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('completed_at__isnull', True), ('state__in', ['open', 'recalled'])), models.Q(('completed_at__isnull', False), ('state', 'complete')), _connector='OR'), name='dossier_complete_has_moment', violation_error_message='Un dossier complet l’est depuis un moment.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DossierAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agreement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='dossier_answer', to='agreements.agreement')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='committee.dossier')),
            ],
            options={
                'verbose_name': 'réponse au dossier',
                'verbose_name_plural': 'réponses au dossier',
            },
        ),
        migrations.CreateModel(
            name='DossierPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveIntegerField(verbose_name='rang')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='points', to='committee.dossier')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dossier_points', to='agreements.version')),
            ],
            options={
                'verbose_name': 'point du dossier',
                'verbose_name_plural': 'points du dossier',
                'ordering': ['dossier_id', models.OrderBy(models.F('rank'))],
                'constraints': [
                    models.UniqueConstraint(fields=('dossier', 'version'), name='dossier_point_unique', violation_error_message='Ce point est déjà dans le dossier.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DossierTransition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_state', models.CharField(blank=True, max_length=20, verbose_name='de')),
                ('to_state', models.CharField(max_length=20, verbose_name='à')),
                ('by_name', models.CharField(blank=True, max_length=300, verbose_name='nom')),
                ('capacity', models.CharField(blank=True, max_length=850, verbose_name='qualité')),
                ('reason', models.TextField(blank=True, verbose_name='motif')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('verb', models.CharField(choices=[('sent', 'envoyé'), ('completed', 'complet'), ('reopened', 'de nouveau ouvert'), ('reminded', 'relancé'), ('recalled', 'rappelé')], max_length=20, verbose_name='acte')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transitions', to='committee.dossier', verbose_name='dossier')),
            ],
            options={
                'verbose_name': 'acte sur un dossier',
                'verbose_name_plural': 'actes sur les dossiers',
                'ordering': ['created_at', 'pk'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('from_state__in', ['']), ('to_state', 'open'), ('verb', 'sent')), models.Q(('from_state__in', ['open']), ('to_state', 'complete'), ('verb', 'completed')), models.Q(('from_state__in', ['complete']), ('to_state', 'open'), ('verb', 'reopened')), models.Q(('from_state__in', ['open']), ('to_state', models.F('from_state')), ('verb', 'reminded')), models.Q(('from_state__in', ['open']), ('to_state', 'recalled'), ('verb', 'recalled')), _connector='OR'), name='dossier_transition_in_table', violation_error_message='Cet acte ne mène pas de cet état à cet autre.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='HistoricalComment',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('person_name', models.CharField(max_length=300, verbose_name='nom')),
                ('capacity', models.CharField(blank=True, max_length=500, verbose_name='qualité')),
                ('text', models.TextField(max_length=5000, verbose_name='commentaire')),
                ('created_at', models.DateTimeField(blank=True, editable=False, verbose_name='écrit le')),
                ('edited_at', models.DateTimeField(blank=True, null=True, verbose_name='modifié le')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agreements.version', verbose_name='version')),
            ],
            options={
                'verbose_name': 'historical commentaire',
                'verbose_name_plural': 'historical commentaires',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalStake',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('standing', models.CharField(choices=[('draft', 'brouillon'), ('proposed', 'proposé'), ('in_force', 'en vigueur'), ('withdrawn', 'retiré')], default='in_force', max_length=20, verbose_name='état')),
                ('title', models.CharField(max_length=300, verbose_name='intitulé')),
                ('text', models.TextField(blank=True, verbose_name='texte')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('convention', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='conventions.convention', verbose_name='convention')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical enjeu partagé',
                'verbose_name_plural': 'historical enjeux partagés',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='LinksCut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cut_at', models.DateTimeField(verbose_name='coupés le')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
            ],
            options={
                'verbose_name': 'liens coupés',
                'verbose_name_plural': 'liens coupés',
            },
        ),
        migrations.CreateModel(
            name='NotedAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(choices=[('agreed', 'D’accord'), ('change_requested', 'Modification demandée'), ('deliberation', 'Délibération attendue'), ('agenda', 'À inscrire à l’ordre du jour')], max_length=20, verbose_name='réponse')),
                ('seen', models.PositiveIntegerField(default=0, verbose_name='rang de la dernière réponse lue')),
                ('reason', models.TextField(blank=True, verbose_name='motif')),
                ('body', models.CharField(blank=True, max_length=200, verbose_name='instance')),
                ('body_date', models.DateField(blank=True, null=True, verbose_name='date de l’instance')),
                ('noted_at', models.DateTimeField(auto_now=True, verbose_name='notée le')),
                ('act', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile', verbose_name='document')),
                ('dossier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='committee.dossier', verbose_name='dossier')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conventions.organisation', verbose_name='organisme')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='noted_answers', to='agreements.version', verbose_name='version')),
            ],
            options={
                'verbose_name': 'réponse notée',
                'verbose_name_plural': 'réponses notées',
                'ordering': ['pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('user', 'organisation', 'version'), name='noted_answer_unique', violation_error_message='Vous avez déjà noté une réponse à cette version.'),
                    models.CheckConstraint(condition=models.Q(('answer__in', ['agreed', 'change_requested', 'deliberation', 'agenda'])), name='noted_answer_known', violation_error_message='Cette réponse est inconnue.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('answer', 'change_requested'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='noted_answer_change_has_reason', violation_error_message='Une demande de modification dit pourquoi.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('answer', 'deliberation'), _negated=True), models.Q(models.Q(('body', ''), _negated=True), ('body_date__isnull', False)), _connector='OR'), name='noted_answer_deliberation_has_day', violation_error_message='Une délibération attendue a une instance et une date.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Stake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('standing', models.CharField(choices=[('draft', 'brouillon'), ('proposed', 'proposé'), ('in_force', 'en vigueur'), ('withdrawn', 'retiré')], default='in_force', max_length=20, verbose_name='état')),
                ('title', models.CharField(max_length=300, verbose_name='intitulé')),
                ('text', models.TextField(blank=True, verbose_name='texte')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stakes', to='conventions.convention', verbose_name='convention')),
                ('themes', models.ManyToManyField(blank=True, related_name='stakes', to='conventions.theme', verbose_name='thématiques')),
            ],
            options={
                'verbose_name': 'enjeu partagé',
                'verbose_name_plural': 'enjeux partagés',
                'ordering': ['convention_id', 'pk'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('standing__in', ['draft', 'proposed', 'in_force', 'withdrawn'])), name='stake_standing_known', violation_error_message='Cet état est inconnu.'),
                ],
            },
        ),
        migrations.AddField(
            model_name='dossier',
            name='versions',
            field=models.ManyToManyField(related_name='dossiers', through='committee.DossierPoint', to='agreements.version'),
        ),
    ]
