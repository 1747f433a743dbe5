"""Create at once, in an empty database, what 0001 to 0002 lead to.

A database that has begun with those goes on with them.
"""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('actions', '0001_founded'),
        ('actions', '0002_ordered_by_own_columns'),
    ]

    initial = True

    dependencies = [
        ('conventions', '0011_squashed'),
        ('documents', '0004_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('search_text', models.TextField(blank=True, default='', editable=False)),
                ('standing', models.CharField(choices=[('draft', 'brouillon'), ('proposed', 'proposé'), ('in_force', 'en vigueur'), ('withdrawn', 'retiré')], default='in_force', max_length=20, verbose_name='état')),
                ('rank', models.PositiveIntegerField(verbose_name='rang')),
                ('number', models.CharField(max_length=40, verbose_name='numéro')),
                ('title', models.CharField(max_length=200, verbose_name='titre')),
                ('diagnosis', models.TextField(blank=True, verbose_name='diagnostic')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('audience', models.CharField(blank=True, max_length=300, verbose_name='public')),
                ('expected_results', models.TextField(blank=True, verbose_name='résultats attendus')),
                ('elected_referent', models.CharField(blank=True, max_length=300, verbose_name='élu référent')),
                ('other_partners', models.TextField(blank=True, verbose_name='autres partenaires')),
                ('is_whole_territory', models.BooleanField(default=True, verbose_name='tout le territoire')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='début')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='fin')),
                ('is_continuous', models.BooleanField(default=False, verbose_name='en continu')),
                ('priority', models.CharField(choices=[('high', 'haute'), ('normal', 'moyenne'), ('low', 'basse')], default='normal', max_length=20, verbose_name='priorité')),
                ('plans', models.JSONField(blank=True, default=list, verbose_name='autres plans')),
                ('is_innovative', models.BooleanField(default=False, verbose_name='initiative ou innovation')),
                ('state', models.CharField(choices=[('to_come', 'à venir'), ('in_progress', 'en cours'), ('done', 'terminée'), ('paused', 'en pause'), ('blocked', 'bloquée'), ('abandoned', 'abandonnée')], default='to_come', max_length=20, verbose_name='état')),
                ('state_reason', models.TextField(blank=True, verbose_name='motif de l’état')),
                ('state_on', models.DateField(blank=True, null=True, verbose_name='dans cet état depuis le')),
                ('stated_progress', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='avancement estimé (%)')),
                ('stated_on', models.DateField(blank=True, null=True, verbose_name='estimé le')),
                ('is_fictional', models.BooleanField(default=False, verbose_name='données fictives')),
                ('communes', models.ManyToManyField(blank=True, related_name='actions', to='conventions.commune', verbose_name='communes')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='actions', to='conventions.convention', verbose_name='convention')),
                ('objectives', models.ManyToManyField(blank=True, related_name='actions', to='conventions.objective', verbose_name='objectifs servis')),
                ('other_themes', models.ManyToManyField(blank=True, related_name='+', to='conventions.theme', verbose_name='autres thématiques')),
                ('partners', models.ManyToManyField(blank=True, related_name='actions_shared', to='conventions.organisation', verbose_name='partenaires')),
                ('related', models.ManyToManyField(blank=True, to='actions.action', verbose_name='actions liées')),
                ('theme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='conventions.theme', verbose_name='thématique')),
            ],
            options={
                'verbose_name': 'fiche action',
                'verbose_name_plural': 'fiches action',
                'ordering': ['theme__axis__number', 'theme__rank', 'rank', 'pk'],
                'indexes': [
                    models.Index(fields=['convention', 'standing'], name='action_by_standing'),
                    models.Index(fields=['convention', 'state'], name='action_by_state'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('standing__in', ['draft', 'proposed', 'in_force', 'withdrawn'])), name='action_standing_known', violation_error_message='Cet état est inconnu.'),
                    models.UniqueConstraint(fields=('convention', 'number'), name='action_number_unique', violation_error_message='Cette convention a déjà une fiche action de ce numéro.'),
                    models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='action_has_title', violation_error_message='Une fiche action a un titre.'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['to_come', 'in_progress', 'done', 'paused', 'blocked', 'abandoned']), ('priority__in', ['high', 'normal', 'low'])), name='action_choices_known', violation_error_message='L’état ou la priorité de cette action est inconnu.'),
                    models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='action_ends_after_start', violation_error_message='La fin de l’action précède son début.'),
                    models.CheckConstraint(condition=models.Q(('is_continuous', False), ('ends_on__isnull', True), _connector='OR'), name='action_continuous_has_no_end', violation_error_message='Une action en continu n’a pas de date de fin.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['paused', 'blocked', 'abandoned']), _negated=True), models.Q(('state_reason', ''), _negated=True), _connector='OR'), name='action_reason_given', violation_error_message='Dites pourquoi l’action est en pause, bloquée ou abandonnée.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('stated_on__isnull', True), ('stated_progress__isnull', True)), models.Q(('stated_on__isnull', False), ('stated_progress__isnull', False), ('stated_progress__lte', 100)), _connector='OR'), name='action_stated_progress_up_to_100', violation_error_message='Un avancement estimé va de 0 à 100 %%, et l’est un jour donné.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ActionDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='intitulé')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='retiré le')),
                ('withdrawn_by_name', models.CharField(blank=True, max_length=300, verbose_name='retiré par')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='actions.action', verbose_name='fiche action')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile', verbose_name='document')),
            ],
            options={
                'verbose_name': 'document d’une action',
                'verbose_name_plural': 'documents des actions',
                'ordering': ['action_id', 'pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='action_document_has_title', violation_error_message='Un document a un intitulé.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='année')),
                ('text', models.TextField(verbose_name='bilan')),
                ('brakes', models.TextField(blank=True, verbose_name='freins')),
                ('levers', models.TextField(blank=True, verbose_name='leviers')),
                ('prospects', models.TextField(blank=True, verbose_name='perspectives')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='écrit le')),
                ('written_by_name', models.CharField(blank=True, max_length=300, verbose_name='par')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='actions.action', verbose_name='fiche action')),
            ],
            options={
                'verbose_name': 'bilan d’une année',
                'verbose_name_plural': 'bilans annuels',
                'ordering': ['action_id', '-year'],
                'constraints': [
                    models.UniqueConstraint(fields=('action', 'year'), name='follow_up_year_unique', violation_error_message='Cette action a déjà un bilan pour cette année.'),
                    models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='follow_up_has_text', violation_error_message='Un bilan a un texte.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Funding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('funder_name', models.CharField(blank=True, max_length=200, verbose_name='autre financeur')),
                ('year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1990), django.core.validators.MaxValueValidator(2100)], verbose_name='année')),
                ('nature', models.CharField(choices=[('operating', 'fonctionnement'), ('investment', 'investissement')], default='operating', max_length=20, verbose_name='nature')),
                ('scheme', models.CharField(blank=True, max_length=200, verbose_name='dispositif')),
                ('planned', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='prévu')),
                ('granted', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='accordé')),
                ('spent', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='dépensé')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fundings', to='actions.action', verbose_name='fiche action')),
                ('funder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.organisation', verbose_name='financeur')),
            ],
            options={
                'verbose_name': 'financement',
                'ordering': ['action_id', 'year', 'pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('funder__isnull', False), ('funder_name', '')), models.Q(('funder__isnull', True), models.Q(('funder_name', ''), _negated=True)), _connector='OR'), name='funding_one_funder', violation_error_message='Un financement a un financeur : un organisme de la convention, ou un autre.'),
                    models.UniqueConstraint(condition=models.Q(('funder__isnull', False)), fields=('action', 'funder', 'year', 'nature', 'scheme'), name='funding_line_unique', violation_error_message='Cette action a déjà cette ligne de financement.'),
                    models.UniqueConstraint(condition=models.Q(('funder__isnull', True)), fields=('action', 'funder_name', 'year', 'nature', 'scheme'), name='funding_other_line_unique', violation_error_message='Cette action a déjà cette ligne de financement.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('planned__isnull', True), ('planned__gte', 0), _connector='OR'), models.Q(('granted__isnull', True), ('granted__gte', 0), _connector='OR'), models.Q(('spent__isnull', True), ('spent__gte', 0), _connector='OR')), name='funding_amounts_not_negative', violation_error_message='Un montant n’est pas négatif.'),
                    models.CheckConstraint(condition=models.Q(('nature__in', ['operating', 'investment'])), name='funding_nature_known', violation_error_message='Cette nature de financement est inconnue.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='HistoricalAction',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('standing', models.CharField(choices=[('draft', 'brouillon'), ('proposed', 'proposé'), ('in_force', 'en vigueur'), ('withdrawn', 'retiré')], default='in_force', max_length=20, verbose_name='état')),
                ('rank', models.PositiveIntegerField(verbose_name='rang')),
                ('number', models.CharField(max_length=40, verbose_name='numéro')),
                ('title', models.CharField(max_length=200, verbose_name='titre')),
                ('diagnosis', models.TextField(blank=True, verbose_name='diagnostic')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('audience', models.CharField(blank=True, max_length=300, verbose_name='public')),
                ('expected_results', models.TextField(blank=True, verbose_name='résultats attendus')),
                ('elected_referent', models.CharField(blank=True, max_length=300, verbose_name='élu référent')),
                ('other_partners', models.TextField(blank=True, verbose_name='autres partenaires')),
                ('is_whole_territory', models.BooleanField(default=True, verbose_name='tout le territoire')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='début')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='fin')),
                ('is_continuous', models.BooleanField(default=False, verbose_name='en continu')),
                ('priority', models.CharField(choices=[('high', 'haute'), ('normal', 'moyenne'), ('low', 'basse')], default='normal', max_length=20, verbose_name='priorité')),
                ('plans', models.JSONField(blank=True, default=list, verbose_name='autres plans')),
                ('is_innovative', models.BooleanField(default=False, verbose_name='initiative ou innovation')),
                ('state', models.CharField(choices=[('to_come', 'à venir'), ('in_progress', 'en cours'), ('done', 'terminée'), ('paused', 'en pause'), ('blocked', 'bloquée'), ('abandoned', 'abandonnée')], default='to_come', max_length=20, verbose_name='état')),
                ('state_reason', models.TextField(blank=True, verbose_name='motif de l’état')),
                ('state_on', models.DateField(blank=True, null=True, verbose_name='dans cet état depuis le')),
                ('stated_progress', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='avancement estimé (%)')),
                ('stated_on', models.DateField(blank=True, null=True, verbose_name='estimé le')),
                ('is_fictional', models.BooleanField(default=False, verbose_name='données fictives')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('convention', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='conventions.convention', verbose_name='convention')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('theme', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='conventions.theme', verbose_name='thématique')),
            ],
            options={
                'verbose_name': 'historical fiche action',
                'verbose_name_plural': 'historical fiches action',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(max_length=40, verbose_name='partie')),
                ('day', models.DateField(verbose_name='vaut depuis le')),
                ('before', models.TextField(blank=True, verbose_name='avant')),
                ('after', models.TextField(blank=True, verbose_name='après')),
                ('user_name', models.CharField(blank=True, max_length=300, verbose_name='nom')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='journal', to='actions.action', verbose_name='fiche action')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'acte de suivi',
                'verbose_name_plural': 'actes de suivi',
                'ordering': ['action_id', 'created_at', 'pk'],
                'indexes': [
                    models.Index(fields=['action', 'part'], name='journal_by_part'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Lead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='nom')),
                ('capacity', models.CharField(blank=True, max_length=200, verbose_name='fonction')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='leads', to='actions.action', verbose_name='fiche action')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions_led', to='conventions.organisation', verbose_name='organisme')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='actions_led', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'pilote',
                'ordering': ['rank', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Means',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                ('fte', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='ETP')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='précision')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='means', to='actions.action', verbose_name='fiche action')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.organisation', verbose_name='organisme')),
            ],
            options={
                'verbose_name': 'moyen humain',
                'verbose_name_plural': 'moyens humains',
                'ordering': ['rank', 'pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('fte__gt', 0)), name='means_fte_positive', violation_error_message='Un moyen humain se compte en ETP, au-dessus de zéro.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='jalon')),
                ('due_on', models.DateField(verbose_name='échéance')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='atteint le')),
                ('weight', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='poids')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='actions.action', verbose_name='fiche action')),
            ],
            options={
                'verbose_name': 'jalon',
                'verbose_name_plural': 'jalons',
                'ordering': ['action_id', 'due_on', 'pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('weight__gte', 1), ('weight__lte', 100)), name='milestone_weight_from_1_to_100', violation_error_message='Le poids d’un jalon va de 1 à 100.'),
                    models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='milestone_has_title', violation_error_message='Un jalon a un titre.'),
                ],
            },
        ),
    ]
