"""Create at once, in an empty database, what 0001 to 0010 lead to.

A database that has begun with those goes on with them. Left out is what they did to rows of
earlier releases, of which an empty database has none:

- 0002 confirmed the agreements recorded before these had to be confirmed;
- 0010 removed the date of publication from versions that no published evaluation shows.
"""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('agreements', '0001_founded'),
        ('agreements', '0002_recorded_agreements_confirmed'),
        ('agreements', '0003_seats_by_deliberation'),
        ('agreements', '0004_answers_undone'),
        ('agreements', '0005_after_the_term'),
        ('agreements', '0006_recorded_channel'),
        ('agreements', '0007_ordered_by_own_columns'),
        ('agreements', '0008_agreement_undone'),
        ('agreements', '0009_seats_confirmed_by_their_party'),
        ('agreements', '0010_published_is_what_is_told'),
    ]

    initial = True

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('conventions', '0011_squashed'),
        ('documents', '0004_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='du')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='au')),
                ('name', models.CharField(max_length=300, verbose_name='nom')),
                ('capacity', models.CharField(max_length=200, verbose_name='qualité')),
                ('awaits_confirmation', models.BooleanField(default=False, verbose_name='à confirmer')),
                ('kind', models.CharField(choices=[('member', 'membre'), ('substitute', 'suppléant'), ('advisory', 'à titre consultatif'), ('adviser', 'instructeur')], max_length=20, verbose_name='siège')),
                ('is_elected', models.BooleanField(default=False, verbose_name='élu')),
                ('end_reason', models.CharField(blank=True, max_length=300, verbose_name='motif de fin')),
                ('suspended_at', models.DateTimeField(blank=True, null=True, verbose_name='suspendu le')),
                ('act', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile', verbose_name='délibération')),
                ('given_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='donné par')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='conventions.organisation', verbose_name='organisme')),
                ('substitute_for', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='substitutes', to='agreements.seat', verbose_name='suppléant de')),
                ('suspended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suspendu par')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'siège',
                'ordering': ['organisation', 'kind', 'pk'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='seat_ends_after_start', violation_error_message='La fin précède le début.'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['member', 'substitute', 'advisory', 'adviser'])), name='seat_kind_known', violation_error_message='Ce siège est inconnu.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('capacity', ''), _negated=True)), name='seat_named', violation_error_message='Un siège a un nom et une qualité.'),
                    models.CheckConstraint(condition=models.Q(('substitute_for__isnull', True), ('kind', 'substitute'), _connector='OR'), name='seat_substitute_only', violation_error_message='Seul un suppléant remplace un membre.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='du')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='au')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='agreements.seat', verbose_name='siège')),
            ],
            options={
                'verbose_name': 'absence',
                'ordering': ['seat_id', 'starts_on'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='absence_ends_after_start', violation_error_message='La fin précède le début.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='du')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='au')),
                ('name', models.CharField(max_length=300, verbose_name='nom')),
                ('capacity', models.CharField(max_length=200, verbose_name='qualité')),
                ('awaits_confirmation', models.BooleanField(default=False, verbose_name='à confirmer')),
                ('kinds', models.JSONField(blank=True, default=list, verbose_name='pour')),
                ('act', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile', verbose_name='acte de délégation')),
                ('given_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='donné par')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='agreements.seat', verbose_name='délégation de')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'délégation',
                'ordering': ['seat_id', 'starts_on', 'pk'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='delegation_ends_after_start', violation_error_message='La fin précède le début.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('capacity', ''), _negated=True)), name='delegation_named', violation_error_message='Une délégation a un nom et une qualité.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('search_text', models.TextField(blank=True, default='', editable=False)),
                ('object_id', models.PositiveBigIntegerField()),
                ('kind', models.CharField(max_length=40, verbose_name='nature')),
                ('number', models.PositiveIntegerField(blank=True, null=True, verbose_name='numéro')),
                ('schema', models.PositiveSmallIntegerField(verbose_name='schéma')),
                ('title', models.CharField(max_length=500, verbose_name='titre')),
                ('text', models.TextField(verbose_name='texte canonique')),
                ('digest', models.CharField(max_length=64, verbose_name='empreinte SHA-256')),
                ('ends', models.BooleanField(default=False, verbose_name='met fin')),
                ('note', models.TextField(blank=True, verbose_name='motif')),
                ('after_term', models.TextField(blank=True, verbose_name='motif après le terme')),
                ('origin', models.CharField(choices=[('signature', 'signature'), ('committee', 'comité')], max_length=20, verbose_name='origine')),
                ('state', models.CharField(choices=[('draft', 'brouillon'), ('proposed', 'proposée'), ('in_force', 'en vigueur'), ('replaced', 'remplacée'), ('withdrawn', 'retirée')], default='draft', max_length=20, verbose_name='état')),
                ('author_name', models.CharField(blank=True, max_length=300, verbose_name='nom de l’auteur')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='écrite le')),
                ('saved_at', models.DateTimeField(auto_now=True, verbose_name='enregistrée le')),
                ('proposed_at', models.DateTimeField(blank=True, null=True, verbose_name='proposée le')),
                ('in_force_at', models.DateTimeField(blank=True, null=True, verbose_name='en vigueur depuis le')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='terminée le')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='publiée le')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
                ('base', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.version')),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                ('convention', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='conventions.convention', verbose_name='convention')),
                ('succeeds', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.version')),
            ],
            options={
                'verbose_name': 'version',
                'ordering': ['content_type', 'object_id', 'number', 'pk'],
                'indexes': [
                    models.Index(fields=['convention', 'state'], name='version_by_state'),
                    models.Index(fields=['content_type', 'object_id'], name='version_by_subject'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('number__isnull', False)), fields=('content_type', 'object_id', 'number'), name='version_number_unique', violation_error_message='Ce point a déjà une version de ce numéro.'),
                    models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('content_type', 'object_id'), name='version_one_proposed', violation_error_message='Une version de ce point est déjà proposée.'),
                    models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('content_type', 'object_id'), name='version_one_in_force', violation_error_message='Une version de ce point est déjà en vigueur.'),
                    models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('content_type', 'object_id', 'author'), name='version_one_draft_by_author', violation_error_message='Cette personne a déjà un brouillon de ce point.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('number__isnull', True), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('number__isnull', False)), _connector='OR'), name='version_numbered_once_proposed', violation_error_message='Une version proposée a un numéro, un brouillon n’en a pas.'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'proposed', 'in_force', 'replaced', 'withdrawn']), ('origin__in', ['signature', 'committee'])), name='version_state_known', violation_error_message='L’état ou l’origine de cette version est inconnu.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_force'), _negated=True), ('in_force_at__isnull', False), _connector='OR'), name='version_in_force_since', violation_error_message='Une version en vigueur l’est depuis un moment.'),
                    models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$'), models.Q(('text', ''), _negated=True), ('schema__gte', 1)), name='version_has_digest', violation_error_message='Une version a un texte, son schéma et son empreinte.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('search_text', models.TextField(blank=True, default='', editable=False)),
                ('rank', models.PositiveIntegerField(verbose_name='rang')),
                ('answer', models.CharField(choices=[('agreed', 'D’accord'), ('change_requested', 'Modification demandée'), ('deliberation', 'Délibération attendue'), ('agenda', 'À inscrire à l’ordre du jour'), ('retracted', 'Accord retiré'), ('contested', 'Accord contesté'), ('favourable', 'Avis favorable'), ('reserved', 'Avis réservé'), ('unfavourable', 'Avis défavorable'), ('undone', 'Réponse annulée')], max_length=20, verbose_name='réponse')),
                ('reason', models.TextField(blank=True, verbose_name='motif')),
                ('body', models.CharField(blank=True, max_length=200, verbose_name='instance')),
                ('body_date', models.DateField(blank=True, null=True, verbose_name='date de l’instance')),
                ('seat_kind', models.CharField(choices=[('member', 'membre'), ('substitute', 'suppléant'), ('advisory', 'à titre consultatif'), ('adviser', 'instructeur')], max_length=20, verbose_name='siège')),
                ('person_name', models.CharField(max_length=300, verbose_name='nom')),
                ('capacity', models.CharField(blank=True, max_length=500, verbose_name='qualité')),
                ('is_recorded', models.BooleanField(default=False, verbose_name='recueilli hors portail')),
                ('received_on', models.DateField(blank=True, null=True, verbose_name='reçu le')),
                ('channel', models.CharField(blank=True, choices=[('paper', 'sur papier'), ('email', 'par courriel'), ('session', 'en séance')], max_length=20, verbose_name='reçu')),
                ('entered_by_name', models.CharField(max_length=300, verbose_name='saisi par')),
                ('contestable_until', models.DateField(blank=True, null=True, verbose_name='contestable jusqu’au')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='saisi le')),
                ('contests', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contestations', to='agreements.agreement')),
                ('delegation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='agreements.delegation')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='saisi par')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='conventions.organisation', verbose_name='organisme')),
                ('seat', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='agreements.seat')),
                ('undoes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undoing', to='agreements.agreement', verbose_name='annule')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='agreements.version', verbose_name='version')),
            ],
            options={
                'verbose_name': 'réponse',
                'ordering': ['version_id', 'created_at', 'pk'],
                'indexes': [
                    models.Index(fields=['version', 'answer'], name='agreement_by_answer'),
                    models.Index(fields=['created_at'], name='agreement_by_moment'),
                    models.Index(condition=models.Q(('is_recorded', True)), fields=['contestable_until'], name='agreement_recorded_until'),
                    models.Index(condition=models.Q(('undoes__isnull', False)), fields=['undoes'], name='agreement_undone'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('version', 'organisation', 'rank'), name='agreement_one_at_a_time', violation_error_message='Quelqu’un vient de répondre au nom de cet organisme.'),
                    models.CheckConstraint(condition=models.Q(('answer__in', ['agreed', 'change_requested', 'deliberation', 'agenda', 'retracted', 'contested', 'favourable', 'reserved', 'unfavourable', 'undone']), ('seat_kind__in', ['member', 'substitute', 'advisory', 'adviser'])), name='agreement_answer_known', violation_error_message='Cette réponse est inconnue.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('answer__in', ['agreed', 'change_requested', 'deliberation', 'agenda', 'retracted', 'contested']), ('seat_kind__in', ['member', 'substitute'])), models.Q(('answer__in', ['favourable', 'reserved', 'unfavourable']), ('seat_kind__in', ['advisory', 'adviser'])), ('answer', 'undone'), _connector='OR'), name='agreement_voice_by_seat', violation_error_message='Un membre répond, un instructeur donne un avis.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('answer__in', ['change_requested', 'retracted', 'contested', 'reserved', 'unfavourable']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='agreement_reason_given', violation_error_message='Cette réponse demande un motif.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('answer', 'deliberation'), _negated=True), models.Q(models.Q(('body', ''), _negated=True), ('body_date__isnull', False)), _connector='OR'), name='agreement_body_given', violation_error_message='Une délibération attendue a une instance et une date.'),
                    models.CheckConstraint(condition=models.Q(('is_recorded', False), models.Q(('contestable_until__isnull', False), ('received_on__isnull', False)), _connector='OR'), name='agreement_recorded_is_contestable', violation_error_message='Un accord recueilli hors portail peut être contesté.'),
                    models.CheckConstraint(condition=models.Q(('channel', ''), models.Q(('channel__in', ['paper', 'email', 'session']), ('is_recorded', True)), _connector='OR'), name='agreement_recorded_by_a_channel', violation_error_message='Seul ce qui est recueilli hors portail dit comment.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('answer', 'contested'), ('contests__isnull', False)), models.Q(models.Q(('answer', 'contested'), _negated=True), ('contests__isnull', True)), _connector='OR'), name='agreement_contested_names_it', violation_error_message='Une contestation porte sur un accord, elle seule.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('answer', 'undone'), ('undoes__isnull', False)), models.Q(models.Q(('answer', 'undone'), _negated=True), ('undoes__isnull', True)), _connector='OR'), name='agreement_undone_names_it', violation_error_message='Une annulation porte sur une réponse, elle seule.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='agreements.agreement')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
            ],
            options={
                'verbose_name': 'pièce jointe',
                'verbose_name_plural': 'pièces jointes',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('in_person', 'par la personne elle-même'), ('colleague', 'par une autre personne du même organisme'), ('delay', 'sans contestation dans le délai'), ('earlier', 'dès la saisie, selon la règle d’alors')], max_length=20, verbose_name='confirmé')),
                ('by_name', models.CharField(blank=True, max_length=300, verbose_name='par')),
                ('capacity', models.CharField(blank=True, max_length=500, verbose_name='qualité')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='le')),
                ('agreement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='confirmation', to='agreements.agreement', verbose_name='accord')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'confirmation',
                'ordering': ['pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('by__isnull', False), ('way__in', ['in_person', 'colleague'])), models.Q(('by__isnull', True), ('way__in', ['delay', 'earlier'])), _connector='OR'), name='confirmation_by_somebody', violation_error_message='Un accord est confirmé par quelqu’un, ou par le délai.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='HistoricalAbsence',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='du')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='au')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('seat', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agreements.seat', verbose_name='siège')),
            ],
            options={
                'verbose_name': 'historical absence',
                'verbose_name_plural': 'historical absences',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalDelegation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='du')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='au')),
                ('name', models.CharField(max_length=300, verbose_name='nom')),
                ('capacity', models.CharField(max_length=200, verbose_name='qualité')),
                ('awaits_confirmation', models.BooleanField(default=False, verbose_name='à confirmer')),
                ('kinds', models.JSONField(blank=True, default=list, verbose_name='pour')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('act', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='documents.storedfile', verbose_name='acte de délégation')),
                ('given_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='donné par')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                ('seat', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agreements.seat', verbose_name='délégation de')),
            ],
            options={
                'verbose_name': 'historical délégation',
                'verbose_name_plural': 'historical délégations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSeat',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='du')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='au')),
                ('name', models.CharField(max_length=300, verbose_name='nom')),
                ('capacity', models.CharField(max_length=200, verbose_name='qualité')),
                ('awaits_confirmation', models.BooleanField(default=False, verbose_name='à confirmer')),
                ('kind', models.CharField(choices=[('member', 'membre'), ('substitute', 'suppléant'), ('advisory', 'à titre consultatif'), ('adviser', 'instructeur')], max_length=20, verbose_name='siège')),
                ('is_elected', models.BooleanField(default=False, verbose_name='élu')),
                ('end_reason', models.CharField(blank=True, max_length=300, verbose_name='motif de fin')),
                ('suspended_at', models.DateTimeField(blank=True, null=True, verbose_name='suspendu le')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('act', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='documents.storedfile', verbose_name='délibération')),
                ('given_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='donné par')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='conventions.organisation', verbose_name='organisme')),
                ('suspended_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suspendu par')),
                ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                ('substitute_for', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agreements.seat', verbose_name='suppléant de')),
            ],
            options={
                'verbose_name': 'historical siège',
                'verbose_name_plural': 'historical sièges',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='VersionTransition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('search_text', models.TextField(blank=True, default='', editable=False)),
                ('from_state', models.CharField(blank=True, max_length=20, verbose_name='de')),
                ('to_state', models.CharField(max_length=20, verbose_name='à')),
                ('by_name', models.CharField(blank=True, max_length=300, verbose_name='nom')),
                ('capacity', models.CharField(blank=True, max_length=850, verbose_name='qualité')),
                ('reason', models.TextField(blank=True, verbose_name='motif')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('verb', models.CharField(choices=[('proposed', 'proposée'), ('agreed', 'entrée en vigueur'), ('replaced', 'remplacée'), ('reopened', 'de nouveau en discussion'), ('given_up', 'sortie de vigueur, une autre étant proposée'), ('restored', 'de nouveau en vigueur'), ('withdrawn', 'retirée'), ('signed', 'validée par la signature'), ('unsigned', 'absente du texte signé')], max_length=20, verbose_name='acte')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transitions', to='agreements.version', verbose_name='version')),
            ],
            options={
                'verbose_name': 'acte sur une version',
                'verbose_name_plural': 'actes sur les versions',
                'ordering': ['created_at', 'pk'],
                'abstract': False,
                'indexes': [
                    models.Index(fields=['created_at'], name='version_transition_by_moment'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('from_state__in', ['draft']), ('to_state', 'proposed'), ('verb', 'proposed')), models.Q(('from_state__in', ['proposed']), ('to_state', 'in_force'), ('verb', 'agreed')), models.Q(('from_state__in', ['proposed', 'in_force']), ('to_state', 'replaced'), ('verb', 'replaced')), models.Q(('from_state__in', ['in_force']), ('to_state', 'proposed'), ('verb', 'reopened')), models.Q(('from_state__in', ['in_force']), ('to_state', 'replaced'), ('verb', 'given_up')), models.Q(('from_state__in', ['replaced']), ('to_state', 'in_force'), ('verb', 'restored')), models.Q(('from_state__in', ['proposed']), ('to_state', 'withdrawn'), ('verb', 'withdrawn')), models.Q(('from_state__in', ['']), ('to_state', 'in_force'), ('verb', 'signed')), models.Q(('from_state__in', ['in_force']), ('to_state', 'withdrawn'), ('verb', 'unsigned')), _connector='OR'), name='version_transition_in_table', violation_error_message='Cet acte ne mène pas de cet état à cet autre.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('verb__in', ['reopened', 'given_up', 'restored', 'withdrawn']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='version_transition_has_reason', violation_error_message='Cet acte demande un motif.'),
                ],
            },
        ),
    ]
