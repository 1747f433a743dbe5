"""What each party has said of a version: entries that are added, never changed."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from agreements.seats.models import SeatKind
from agreements.versions.models import UNDO_DELAY
from ctg_portal.search.rows import Searchable, SearchableQuerySet
from ctg_portal.templatetags.french import long_date


class Answer(models.TextChoices):
    AGREED = "agreed", "D’accord"
    CHANGE_REQUESTED = "change_requested", "Modification demandée"
    DELIBERATION = "deliberation", "Délibération attendue"
    AGENDA = "agenda", "À inscrire à l’ordre du jour"
    RETRACTED = "retracted", "Accord retiré"
    CONTESTED = "contested", "Accord contesté"
    FAVOURABLE = "favourable", "Avis favorable"
    RESERVED = "reserved", "Avis réservé"
    UNFAVOURABLE = "unfavourable", "Avis défavorable"
    UNDONE = "undone", "Réponse annulée"

    @classmethod
    def replies(cls) -> list[str]:
        """Return the answers that a member may give to a point."""
        return [cls.AGREED, cls.CHANGE_REQUESTED, cls.DELIBERATION, cls.AGENDA]

    @classmethod
    def recordable(cls) -> list[str]:
        """Return the answers that may be recorded for a member who gave them outside the portal."""
        return [cls.AGREED, cls.CHANGE_REQUESTED]

    @classmethod
    def party_answers(cls) -> list[str]:
        """Return the answers given in the name of a party; its last one stands."""
        return [*cls.replies(), cls.RETRACTED, cls.CONTESTED]

    @classmethod
    def opinions(cls) -> list[str]:
        """Return the avis of advisers and advisory seats, which are never an agreement."""
        return [cls.FAVOURABLE, cls.RESERVED, cls.UNFAVOURABLE]

    @classmethod
    def undoable(cls) -> list[str]:
        """Return the answers that may be undone soon after, without a reason."""
        return [*cls.replies(), *cls.opinions()]

    @classmethod
    def returning(cls) -> list[str]:
        """Return the answers after which the point is with its author again."""
        return [cls.CHANGE_REQUESTED, cls.RETRACTED, cls.CONTESTED]

    @classmethod
    def with_reason(cls) -> list[str]:
        return [*cls.returning(), cls.RESERVED, cls.UNFAVOURABLE]


class ConfirmationWay(models.TextChoices):
    """How a party has settled what was recorded for it: one of those who commit it confirms that it
    is their answer, alone or with the minutes of a meeting, or refuses it. ``DELAY`` and
    ``EARLIER`` are only read: they come from rules that were given up, under which silence counted.
    """

    IN_PERSON = "in_person", "par la personne elle-même"
    COLLEAGUE = "colleague", "par une autre personne du même organisme"
    MINUTES = "minutes", "par le compte rendu que l’organisme a approuvé"
    REFUSED = "refused", "ce n’est pas la réponse de l’organisme"
    DELAY = "delay", "sans contestation dans le délai, selon une règle abandonnée"
    EARLIER = "earlier", "dès la saisie, selon une règle abandonnée"

    @classmethod
    def by_people(cls) -> list[str]:
        return [cls.IN_PERSON, cls.COLLEAGUE, cls.MINUTES]

    @classmethod
    def by_nobody(cls) -> list[str]:
        return [cls.DELAY, cls.EARLIER]


class Channel(models.TextChoices):
    """How an answer recorded for somebody was received."""

    PAPER = "paper", "sur papier"
    EMAIL = "email", "par courriel"
    SESSION = "session", "en séance"


class AgreementQuerySet(SearchableQuerySet):
    def of(self, convention):
        return self.filter(version__convention=convention)

    def given_for(self, organisation):
        return self.filter(organisation=organisation)

    def by_parties(self):
        """Return the answers of parties that count: without avis, undone answers, and recorded ones
        that the party has not confirmed."""
        return self.binding().filter(answer__in=Answer.party_answers(), undoing__isnull=True)

    def opinions(self):
        """Return the avis that were not undone."""
        return self.filter(answer__in=Answer.opinions(), undoing__isnull=True)

    def standing(self):
        """Return the entries that were not undone, without those that undo another."""
        return self.filter(undoing__isnull=True).exclude(answer=Answer.UNDONE)

    def undoable(self):
        """Return the answers that may still be undone without a reason. Twin:
        ``Agreement.is_undoable``."""
        return self.filter(
            answer__in=Answer.undoable(), is_recorded=False, undoing__isnull=True,
            created_at__gt=timezone.now() - UNDO_DELAY,
        )  # fmt: skip

    def current(self):
        """Return the last of the answers ``by_parties`` of each organisation on each version."""
        later = Agreement.objects.by_parties().filter(
            version=OuterRef("version"),
            organisation=OuterRef("organisation"),
            rank__gt=OuterRef("rank"),
        )
        return self.by_parties().filter(~Exists(later))

    def agreeing(self):
        return self.filter(answer=Answer.AGREED)

    def recorded(self):
        """Return the answers received outside the portal and entered for a member."""
        return self.filter(is_recorded=True)

    def pending(self):
        """Return the recorded answers that are neither confirmed nor refused. Twin:
        ``Agreement.is_pending``."""
        return self.recorded().filter(confirmation__isnull=True)

    def binding(self):
        """Return the entries that count: given in person, or recorded and confirmed. Twin:
        ``Agreement.is_binding``."""
        confirmed = Q(confirmation__isnull=False) & ~Q(confirmation__way=ConfirmationWay.REFUSED)
        return self.filter(Q(is_recorded=False) | confirmed)

    def to_confirm(self):
        """Return the last recorded answer of each party on each version, where it is pending and
        the party has given no answer that counts since. Twin: ``Point.recorded``."""
        same = Agreement.objects.filter(
            version=OuterRef("version"), organisation=OuterRef("organisation"),
            rank__gt=OuterRef("rank"),
        )  # fmt: skip
        later = Exists(same.by_parties()) | Exists(same.pending())
        return self.pending().filter(~later)

    def by_people(self):
        """Return the answers given or confirmed by somebody, without those that a delay made
        count."""
        return self.filter(
            Q(is_recorded=False) | Q(confirmation__way__in=ConfirmationWay.by_people())
        )

    def uncontested(self):
        """Return the answers of parties that count, without those that were contested and without
        the contestations. Twin: ``Point.uncontested``."""
        answers = self.by_parties().exclude(answer=Answer.CONTESTED)
        return answers.filter(contestations__isnull=True)

    def spoken_by(self, user: User | int | None):
        """Return the uncontested answers of ``user``, an account, its key or an expression. A
        recorded answer is that of who confirmed it. Twin: ``Agreement.speaker_id``."""
        own = Q(user=user, confirmation__by__isnull=True)
        return self.uncontested().filter(own | Q(confirmation__by=user))

    def counted_by_delay(self):
        """Return the agreements that count although nobody confirmed them, by a rule that was given
        up, and that may still be taken back."""
        return self.current().agreeing().filter(
            confirmation__way__in=ConfirmationWay.by_nobody(), version__published_at__isnull=True,
            version__state__in=["proposed", "in_force"],
            organisation__party__agreement_required=True,
        )  # fmt: skip

    def with_confirmation(self):
        """Join the confirmation of each entry and the entry that it contests: they say whether it
        counts, and how it is labelled."""
        return self.select_related("confirmation", "contests").defer("contests__search_text")

    def since(self, moment: datetime.datetime):
        return self.filter(created_at__gte=moment)

    def to_announce(self, since: datetime.datetime):
        """Return the entries since a moment that others are notified of: the last answers by which
        parties send a point back to its author (but no change asked of a version that is no longer
        proposed), and recorded ones to be confirmed on a proposed version."""
        is_settled = Q(answer=Answer.CHANGE_REQUESTED) & ~Q(version__state="proposed")
        returned = self.current().filter(answer__in=Answer.returning()).exclude(is_settled)
        recorded = self.to_confirm().filter(version__state="proposed")
        return self.since(since).filter(
            Q(pk__in=returned.values("pk")) | Q(pk__in=recorded.values("pk"))
        )

    def for_register(self):
        """Join the rows that the lists of the register show, the latest entry first."""
        return self.select_related(
            "version", "organisation", "seat", "user", "entered_by", "contests", "confirmation",
            "undoes", "undoing",
        ).order_by("-created_at", "-pk")  # fmt: skip


class Agreement(Searchable):
    """One entry of the register: what was said, for whom, by whom, in which capacity then.

    ``rank`` numbers the entries of one organisation on one version: two at the same moment cannot
    both be the next. ``user`` is whose word it is; ``entered_by`` typed it, which differs only for
    an agreement recorded outside the portal (``is_recorded``): it counts once somebody who commits
    the party confirms it (``Confirmation``), and stands beside the party's word until then.
    ``contestable_until`` is of entries of earlier releases. ``undoes``: the answer of the same
    person that this entry undoes, both as if never said.
    """

    SEARCH_FIELDS = ("person_name", "capacity", "reason", "version_title")

    version = models.ForeignKey(
        "agreements.Version", models.PROTECT, related_name="agreements", verbose_name="version"
    )
    organisation = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="agreements",
        verbose_name="organisme",
    )  # fmt: skip
    rank = models.PositiveIntegerField("rang")
    answer = models.CharField("réponse", max_length=20, choices=Answer.choices)
    reason = models.TextField("motif", blank=True)
    body = models.CharField("instance", max_length=200, blank=True)
    body_date = models.DateField("date de l’instance", null=True, blank=True)
    seat = models.ForeignKey(
        "agreements.Seat", models.PROTECT, related_name="agreements", null=True, blank=True
    )
    seat_kind = models.CharField("siège", max_length=20, choices=SeatKind.choices)
    delegation = models.ForeignKey(
        "agreements.Delegation", models.PROTECT, related_name="agreements", null=True, blank=True
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    person_name = models.CharField("nom", max_length=300)
    capacity = models.CharField("qualité", max_length=500, blank=True)
    is_recorded = models.BooleanField("recueilli hors portail", default=False)
    received_on = models.DateField("reçu le", null=True, blank=True)
    channel = models.CharField("reçu", max_length=20, choices=Channel.choices, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="saisi par"
    )
    entered_by_name = models.CharField("saisi par", max_length=300)
    contestable_until = models.DateField("contestable jusqu’au", null=True, blank=True)
    contests = models.ForeignKey(
        "self", models.PROTECT, related_name="contestations", null=True, blank=True
    )
    undoes = models.OneToOneField(
        "self", models.PROTECT, related_name="undoing", null=True, blank=True,
        verbose_name="annule",
    )  # fmt: skip
    created_at = models.DateTimeField("saisi le", auto_now_add=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse"
        ordering = ["version_id", "created_at", "pk"]
        indexes = [
            models.Index(fields=["version", "answer"], name="agreement_by_answer"),
            models.Index(fields=["created_at"], name="agreement_by_moment"),
            models.Index(
                fields=["version"], condition=Q(is_recorded=True), name="agreement_recorded"
            ),
            # Beside the unique one, in which nearly all rows are alike: SQLite, once it has
            # counted them, would read the whole table rather than look there.
            models.Index(
                fields=["undoes"], condition=Q(undoes__isnull=False), name="agreement_undone"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "organisation", "rank"],
                name="agreement_one_at_a_time",
                violation_error_message="Quelqu’un vient de répondre au nom de cet organisme.",
            ),
            models.CheckConstraint(
                name="agreement_answer_known",
                condition=Q(answer__in=Answer.values) & Q(seat_kind__in=SeatKind.values),
                violation_error_message="Cette réponse est inconnue.",
            ),
            models.CheckConstraint(
                name="agreement_voice_by_seat",
                condition=Q(answer__in=Answer.party_answers(), seat_kind__in=SeatKind.speaking())
                | Q(answer__in=Answer.opinions(), seat_kind__in=SeatKind.advising())
                | Q(answer="undone"),
                violation_error_message="Un membre répond, un instructeur donne un avis.",
            ),
            models.CheckConstraint(
                name="agreement_reason_given",
                condition=~Q(answer__in=Answer.with_reason()) | ~Q(reason=""),
                violation_error_message="Cette réponse demande un motif.",
            ),
            models.CheckConstraint(
                name="agreement_body_given",
                condition=~Q(answer=Answer.DELIBERATION)
                | (~Q(body="") & Q(body_date__isnull=False)),
                violation_error_message="Une délibération attendue a une instance et une date.",
            ),
            models.CheckConstraint(
                name="agreement_recorded_has_a_day",
                condition=Q(is_recorded=False) | Q(received_on__isnull=False),
                violation_error_message="Une réponse recueillie hors portail a une date.",
            ),
            models.CheckConstraint(
                name="agreement_recorded_by_a_channel",
                condition=Q(channel="") | Q(channel__in=Channel.values, is_recorded=True),
                violation_error_message="Seul ce qui est recueilli hors portail dit comment.",
            ),
            models.CheckConstraint(
                name="agreement_contested_names_it",
                condition=Q(answer="contested", contests__isnull=False)
                | ~Q(answer="contested") & Q(contests__isnull=True),
                violation_error_message="Une contestation porte sur un accord, elle seule.",
            ),
            models.CheckConstraint(
                name="agreement_undone_names_it",
                condition=Q(answer="undone", undoes__isnull=False)
                | ~Q(answer="undone") & Q(undoes__isnull=True),
                violation_error_message="Une annulation porte sur une réponse, elle seule.",
            ),
        ]

    def __str__(self):
        return f"{self.get_answer_display()} ({self.person_name})"

    @property
    def version_title(self) -> str:
        return self.version.title

    @property
    def is_request(self) -> bool:
        return self.answer == Answer.CHANGE_REQUESTED

    @property
    def label_in_sentence(self) -> str:
        """« cet accord » or « cette demande »: how a sentence refers to it."""
        return "cette demande" if self.is_request else "cet accord"

    @property
    def denies_request(self) -> bool:
        """Whether it contests a change request rather than an agreement."""
        return self.contests is not None and self.contests.is_request

    def get_answer_display(self) -> str:  # type: ignore[no-redef]  # Django keeps one of ours
        """Return the label of the answer alone, whether it counts or not; that of a contestation
        says what it contests."""
        if self.denies_request:
            return "Demande contestée"
        return str(Answer(self.answer).label)

    @property
    def label(self) -> str:
        """« D’accord », with what keeps it from counting: « D’accord, à confirmer », « D’accord
        (réponse annulée) ». Its sign: ``lights.sign_of``."""
        answer = self.get_answer_display()
        if self.is_undone:
            return f"{answer} (réponse annulée)"
        if self.is_contested:
            return f"{answer} (réponse contestée)"
        if self.is_refused:
            return f"{answer} (démenti)"
        return f"{answer}, à confirmer" if self.is_pending else answer

    @property
    def is_contested(self) -> bool:
        """Whether it was recorded for a party that contests it. Reads ``contestations``: lists
        prefetch them."""
        return self.is_recorded and bool(self.contestations.all())

    @property
    def is_opinion(self) -> bool:
        return self.answer in Answer.opinions()

    @property
    def is_pending(self) -> bool:
        """Whether it was recorded and is neither confirmed nor refused: it binds nobody. Twin:
        ``pending``."""
        return self.is_recorded and not hasattr(self, "confirmation")

    @property
    def is_refused(self) -> bool:
        """Whether the party has said that what was recorded is not its answer."""
        is_settled = self.is_recorded and hasattr(self, "confirmation")
        return is_settled and self.confirmation.way == ConfirmationWay.REFUSED

    @property
    def is_binding(self) -> bool:
        """Whether it counts. Twin: ``binding``."""
        return not (self.is_pending or self.is_refused)

    @property
    def speaker_id(self) -> int | None:
        """The key of the account whose answer it is: of a recorded one, the account that confirmed
        it. Twin: ``spoken_by``."""
        by = self.confirmation.by_id if self.is_recorded and not self.is_pending else None
        return by or self.user_id

    @property
    def is_undone(self) -> bool:
        """Whether it was undone soon after: it stays in the register and no longer counts."""
        return hasattr(self, "undoing")

    @property
    def is_undoable(self) -> bool:
        """Whether it may still be undone without a reason. Twin: ``undoable``."""
        return self.is_within_undo_delay and not self.is_undone

    @property
    def is_within_undo_delay(self) -> bool:
        """Whether it is young enough to be undone; asked of an answer known not to be undone."""
        is_of_a_kind = self.answer in Answer.undoable() and not self.is_recorded
        return is_of_a_kind and self.undoable_until > timezone.now()

    @property
    def undoable_until(self) -> datetime.datetime:
        return self.created_at + UNDO_DELAY

    @property
    def settlement(self) -> str:
        """The French label of how a recorded answer was settled: « à confirmer : il ne compte pas
        encore », « confirmé par la personne elle-même le … »; empty for one given in person."""
        if not self.is_recorded:
            return ""
        if self.is_pending:
            it = "elle" if self.is_request else "il"
            return f"à confirmer : {it} ne compte pas encore"
        confirmation = self.confirmation
        if self.is_refused:
            way = f"{confirmation.get_way_display()} ({confirmation.by_name})"
            why = f" : {confirmation.reason}" if confirmation.reason else ""
            return f"{way}, le {long_date(confirmation.created_at)}{why}"
        is_named = confirmation.way in (ConfirmationWay.COLLEAGUE, ConfirmationWay.MINUTES)
        whom = f" ({confirmation.by_name})" if is_named else ""
        day = long_date(confirmation.created_at)
        confirmed = "confirmée" if self.is_request else "confirmé"
        return f"{confirmed} {confirmation.get_way_display()}{whom} le {day}"

    def save(self, **kwargs):
        """Save a new entry. Raises ValueError for one that is in the database."""
        if self.pk:
            raise ValueError("An entry of the register is never changed.")
        super().save(**kwargs)


class Confirmation(models.Model):
    """The decision of a party on an answer recorded for it: that it counts, or is not its answer
    (``way``), by whom, in which capacity. Added once, never changed."""

    agreement = models.OneToOneField(
        Agreement, models.PROTECT, related_name="confirmation", verbose_name="accord"
    )
    way = models.CharField("confirmé", max_length=20, choices=ConfirmationWay.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="par",
    )  # fmt: skip
    by_name = models.CharField("par", max_length=300, blank=True)
    capacity = models.CharField("qualité", max_length=500, blank=True)
    reason = models.TextField("motif", blank=True)
    created_at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "confirmation"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="confirmation_by_somebody",
                condition=Q(way__in=ConfirmationWay.by_nobody(), by__isnull=True)
                | ~Q(way__in=ConfirmationWay.by_nobody()) & Q(by__isnull=False),
                violation_error_message="Une réponse recueillie est confirmée par quelqu’un.",
            )
        ]

    def __str__(self):
        return f"{self.agreement}, {self.get_way_display()}"


class AttachmentQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(agreement__version__convention=convention).select_related("document")


class Attachment(models.Model):
    """A document behind an entry: the délibération attached later, the scanned agreement."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="attachments")
    document = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["pk"]

    def __str__(self):
        return self.document.name

    @property
    def is_added_later(self) -> bool:
        """Whether the document was added after the answer was given, perhaps by somebody else."""
        return self.document.uploaded_at > self.agreement.created_at


# For whatever shows the documents of entries: one query.
WITH_ATTACHMENTS = models.Prefetch(
    "attachments", Attachment.objects.select_related("document__uploaded_by")
)
