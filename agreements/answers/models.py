"""What each party has said of a version: entries that are added, never changed."""

import datetime
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from agreements.seats.models import Absence, Seat, SeatKind, has_acted_for, vouched
from agreements.versions.models import UNDO
from conventions.access.models import coordinating_elsewhere
from conventions.models import AccessVerb, Membership, MembershipTransition
from ctg_portal.house import house
from ctg_portal.search import Searchable, SearchableQuerySet
from ctg_portal.templatetags.french import long_date

# How soon somebody is written to of what was recorded in their name, for the delay to count.
TOLD_WITHIN = datetime.timedelta(days=2)


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
        """What a member answers to a point."""
        return [cls.AGREED, cls.CHANGE_REQUESTED, cls.DELIBERATION, cls.AGENDA]

    @classmethod
    def recordable(cls) -> list[str]:
        """What may be recorded for a member who said so outside the portal."""
        return [cls.AGREED, cls.CHANGE_REQUESTED]

    @classmethod
    def of_party(cls) -> list[str]:
        """What commits a party; the last one stands."""
        return [*cls.replies(), cls.RETRACTED, cls.CONTESTED]

    @classmethod
    def opinions(cls) -> list[str]:
        """The avis of an adviser or of an advisory seat: never an agreement."""
        return [cls.FAVOURABLE, cls.RESERVED, cls.UNFAVOURABLE]

    @classmethod
    def undoable(cls) -> list[str]:
        """What may be undone soon after, without a reason."""
        return [*cls.replies(), *cls.opinions()]

    @classmethod
    def returning(cls) -> list[str]:
        """After these the point is with its author again."""
        return [cls.CHANGE_REQUESTED, cls.RETRACTED, cls.CONTESTED]

    @classmethod
    def with_reason(cls) -> list[str]:
        return [*cls.returning(), cls.RESERVED, cls.UNFAVOURABLE]


class Confirmed(models.TextChoices):
    """By whom, or how, an agreement recorded for somebody came to count (art. 4: one voice per
    party, given by its members)."""

    IN_PERSON = "in_person", "par la personne elle-même"
    COLLEAGUE = "colleague", "par une autre personne du même organisme"
    DELAY = "delay", "sans contestation dans le délai"
    EARLIER = "earlier", "dès la saisie, selon la règle d’alors"

    @classmethod
    def by_people(cls) -> list[str]:
        return [cls.IN_PERSON, cls.COLLEAGUE]


class Channel(models.TextChoices):
    """How an answer recorded for somebody was received."""

    PAPER = "paper", "sur papier"
    EMAIL = "email", "par courriel"
    SESSION = "session", "en séance"


def spoken_elsewhere(user) -> Exists:
    """Whether ``user``, an account or an expression, has spoken on the row's version for another
    organisation than the row's. Twin: ``Point.spoken_elsewhere``."""
    spoken = Agreement.objects.spoken_by(user).filter(version=OuterRef("version"))
    return Exists(spoken.exclude(organisation=OuterRef("organisation")))


class AgreementQuerySet(SearchableQuerySet):
    def of(self, convention):
        return self.filter(version__convention=convention)

    def by_parties(self):
        """What stands or stood of the parties: without the avis, which commit nobody, and without
        what was undone."""
        return self.filter(answer__in=Answer.of_party(), undoing__isnull=True)

    def opinions(self):
        return self.filter(answer__in=Answer.opinions(), undoing__isnull=True)

    def standing(self):
        """What was said and not undone."""
        return self.filter(undoing__isnull=True).exclude(answer=Answer.UNDONE)

    def fresh(self):
        """That may still be undone without a reason. Twin: ``Agreement.is_fresh``."""
        return self.filter(
            answer__in=Answer.undoable(), is_recorded=False, undoing__isnull=True,
            created_at__gt=timezone.now() - UNDO,
        )  # fmt: skip

    def current(self):
        """The last word of each party on each version."""
        later = Agreement.objects.by_parties().filter(
            version=OuterRef("version"),
            organisation=OuterRef("organisation"),
            rank__gt=OuterRef("rank"),
        )
        return self.by_parties().filter(~Exists(later))

    def agreeing(self):
        return self.filter(answer=Answer.AGREED)

    def recorded(self):
        """Received outside the portal, entered for a member."""
        return self.filter(is_recorded=True)

    def pending(self):
        """Recorded, and confirmed by nobody yet. Twin: ``Agreement.is_pending``."""
        return self.recorded().filter(confirmation__isnull=True)

    def binding(self):
        """That count: said in person, or confirmed."""
        return self.filter(Q(is_recorded=False) | Q(confirmation__isnull=False))

    def speaking(self):
        """By which somebody has spoken for a party: said in person or confirmed; who contests says
        that nothing was said. Twin: ``Point.spoken``."""
        said = self.by_parties().binding().exclude(answer=Answer.CONTESTED)
        return said.filter(contestations__isnull=True)

    def by_people(self):
        """Said or confirmed by somebody, not by a delay that has passed."""
        return self.filter(Q(is_recorded=False) | Q(confirmation__way__in=Confirmed.by_people()))

    def spoken_by(self, user):
        """By which ``user``, an account or an expression, has spoken, or confirmed in another's
        place."""
        return self.speaking().filter(Q(user=user) | Q(confirmation__by=user))

    def given_way(self):
        """Pending, of somebody who has spoken for another party meanwhile: it counts no more.
        Twin: ``Point.has_given_way``."""
        return self.pending().filter(spoken_elsewhere(OuterRef("user")))

    def interrupted(self):
        """Of people who could not speak up for a while since: an access for the organisation has
        ended, or was objected to, or the seat was, or their mandate was ended for a while, or they
        coordinated for another organisation."""
        since, own = OuterRef("created_at"), {"organisation": OuterRef("organisation")}
        held = Membership.objects.filter(user=OuterRef("user"), **own)
        objected = MembershipTransition.objects.filter(
            verb=AccessVerb.SUSPENDED, created_at__gte=since, membership__user=OuterRef("user"),
            membership__organisation=OuterRef("organisation"),
        )  # fmt: skip
        before = Seat.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
        ended_before = Subquery(before.order_by("-history_id").values("ends_on")[:1])
        written_on = TruncDate("history_date")
        silenced = Seat.history.annotate(ended_before=ended_before).filter(
            # Over as it is written, or until then: prolonged once the last day had passed.
            Q(suspended_at__isnull=False)
            | Q(ends_on__lt=written_on)
            | Q(ended_before__lt=written_on),
            id=OuterRef("seat"), history_date__gte=since,
        )  # fmt: skip
        going_on = Q(ended_at__isnull=True) | Q(ended_at__gte=since)
        return self.filter(
            Exists(held.filter(ended_at__gte=since))
            | Exists(objected)
            | Exists(silenced)
            | Exists(coordinating_elsewhere().filter(going_on))
        )

    def away(self):
        """Of people who were said to be absent on a day from the entry to the end of its delay,
        though it was taken back since: they were told that their silence is none."""
        first, last = OuterRef("created_at__date"), OuterRef("contestable_until")
        later = Absence.history.filter(id=OuterRef("id"), history_id__gt=OuterRef("history_id"))
        put_right = later.filter(history_date__date__lt=OuterRef(OuterRef("created_at__date")))
        said = Absence.history.exclude(history_type="-").filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=first), ~Exists(put_right),
            seat=OuterRef("seat"), starts_on__lte=last,
        )  # fmt: skip
        return self.filter(Exists(said))

    def answered_here(self):
        """Of parties that have answered the point themselves, in any of its versions, be it undone
        or taken back since: who answers here is not silent."""
        own = Agreement.objects.filter(
            version__content_type=OuterRef("version__content_type"),
            version__object_id=OuterRef("version__object_id"),
            organisation=OuterRef("organisation"), answer__in=Answer.of_party(), is_recorded=False,
        )  # fmt: skip
        return self.filter(Exists(own))

    def written_about(self):
        """Of parties whose people have written about the point without answering: a comment, an
        answer that they have noted, or a document joined to what somebody else has recorded."""
        joined = Attachment.objects.filter(
            has_acted_for("document__uploaded_by"),
            agreement__version__content_type=OuterRef("version__content_type"),
            agreement__version__object_id=OuterRef("version__object_id"),
            agreement__organisation=OuterRef("organisation"),
        ).exclude(document__uploaded_by=F("agreement__entered_by"))
        written = (condition() for condition in house().written_about)
        return self.filter(reduce(or_, written, Q(Exists(joined))))

    def denied_before(self):
        """Of parties that have contested what was recorded for them, on any point of the
        convention: whatever is recorded after that, they are asked for their word."""
        denied = Agreement.objects.filter(
            version__convention=OuterRef("version__convention"),
            organisation=OuterRef("organisation"), answer=Answer.CONTESTED,
        )  # fmt: skip
        return self.filter(Exists(denied))

    def premature(self):
        """Received before the version was proposed, or the mandate of who said it had begun."""
        return self.filter(
            Q(received_on__lt=TruncDate("version__proposed_at"))
            | Q(received_on__lt=F("seat__starts_on"))
        )

    def untold(self):
        """Of people who had not been written to about it within ``TOLD_WITHIN``: who does not know
        of it is not silent."""
        told = reduce(or_, (condition() for condition in house().told_in_time), Q(pk__in=[]))
        return self.filter(~told)

    def unchallenged(self, on: datetime.date):
        """Pending, of a member who could have contested them every day until yesterday, of a party
        that has said nothing of the point here (``answered_here``, ``written_about``), and denied
        nothing that was recorded for it (``denied_before``). Who was shut
        out, or whose seat was objected to, be it for a while (``interrupted``), has not agreed by
        saying nothing, nor has who has spoken for another party, whose mandate is over, or who was
        said to be absent on one of the days; nor who stands in for a member: on which days, others
        say; nor does time make an answer of what is ``premature`` or ``untold``. Twin of most:
        ``rights.why_silence_is_none``."""
        speaking = Seat.objects.valid(on).filter(
            suspended_at__isnull=True, awaits_confirmation=False
        )
        still_there = Q(
            vouched("organisation"), user__is_active=True,
            seat_kind=SeatKind.MEMBER, seat__in=speaking,
        )  # fmt: skip
        due = self.current().pending().filter(
            still_there, ~spoken_elsewhere(OuterRef("user")), contestable_until__lt=on,
            version__state="proposed", organisation__party__agreement_required=True,
        )  # fmt: skip
        own = Agreement.objects.filter(pk=OuterRef("pk"))
        none = [
            own.away(), own.interrupted(), own.answered_here(), own.written_about(),
            own.denied_before(), own.premature(), own.untold(),
        ]  # fmt: skip
        return due.filter(*(~Exists(found) for found in none))

    def with_confirmation(self):
        """With what confirms an entry, and with what it contests: whether it counts, and its
        words."""
        return self.select_related("confirmation", "contests").defer("contests__search_text")

    def since(self, moment: datetime.datetime):
        return self.filter(created_at__gte=moment)

    def to_tell(self, since: datetime.datetime):
        """What others are written to about: a point returned, an agreement recorded for somebody.

        Only while nothing later was said; a change asked of a version replaced is dealt with.
        """
        told = Q(is_recorded=True) | Q(answer__in=Answer.returning())
        dealt_with = Q(answer=Answer.CHANGE_REQUESTED) & ~Q(version__state="proposed")
        return self.current().since(since).filter(told & ~dealt_with)

    def contestable_by(self, user, on: datetime.date):
        """Recorded in the user's name, while they may deny it. Twin: ``rights.may_contest``."""
        return (
            self.current()
            .filter(
                Q(contestable_until__gte=on) | Q(confirmation__isnull=True),
                is_recorded=True,
                user=user,
                organisation__party__agreement_required=True,
                version__state__in=["proposed", "in_force"],
                version__published_at__isnull=True,
            )
            .exclude(confirmation__way=Confirmed.IN_PERSON)
        )

    def recorded_for(self, user, on: datetime.date):
        """What was recorded in the user's name and is not settled, and what waits to be confirmed
        of people without account or access, or who stand in; whether the user may,
        ``rights.may_confirm`` says.
        ``has_spoken_elsewhere``: who has spoken for another party confirms nothing for this one."""
        own = Q(user=user) & Q(version__state__in=["proposed", "in_force"])
        over = Q(seat__in=Seat.objects.over(on))
        gone = Q(user__isnull=True) | ~vouched("organisation") | over
        gone |= Q(seat_kind=SeatKind.SUBSTITUTE)
        others = gone & Q(confirmation__isnull=True, version__state="proposed")
        return (
            self.current()
            .recorded()
            .filter(own | others & ~Q(entered_by=user), version__published_at__isnull=True)
            .filter(organisation__party__agreement_required=True)
            .exclude(confirmation__way=Confirmed.IN_PERSON)
            .annotate(has_spoken_elsewhere=spoken_elsewhere(user))
            .with_confirmation()
            .order_by("created_at", "pk")
        )

    def for_register(self):
        """With what a list shows, the latest first."""
        return self.select_related(
            "version",
            "organisation",
            "seat",
            "user",
            "entered_by",
            "contests",
            "confirmation",
            "undoes",
            "undoing",
        ).order_by("-created_at", "-pk")


class Agreement(Searchable):
    """One entry of the register: what was said, for whom, by whom, in which capacity then.

    ``rank`` numbers the entries of one organisation on one version: two at the same moment cannot
    both be the next. ``user`` is whose word it is; ``entered_by`` typed it, which differs only for
    an agreement recorded outside the portal (``is_recorded``), until ``contestable_until`` open to
    contest: it counts once it has its ``Confirmation``. ``undoes``: the answer of the same person
    that this entry undoes, both as if never said.
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
                fields=["contestable_until"],
                condition=Q(is_recorded=True),
                name="agreement_recorded_until",
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
                condition=Q(answer__in=Answer.of_party(), seat_kind__in=SeatKind.speaking())
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
                name="agreement_recorded_is_contestable",
                condition=Q(is_recorded=False)
                | Q(contestable_until__isnull=False, received_on__isnull=False),
                violation_error_message="Un accord recueilli hors portail peut être contesté.",
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
    def called(self) -> str:
        """What a sentence about it calls what was said for a party."""
        return "cette demande" if self.is_request else "cet accord"

    @property
    def denies_request(self) -> bool:
        """Whether what it contests is a request, and no agreement."""
        return self.contests is not None and self.contests.is_request

    def get_answer_display(self) -> str:
        if self.denies_request:
            return "Demande contestée"
        return str(Answer(self.answer).label)

    @property
    def word(self) -> str:
        """« D’accord », and what keeps it from counting: « D’accord, à confirmer », « D’accord
        (réponse annulée) ». Its sign: ``lights.sign_of``."""
        said = self.get_answer_display()
        if self.is_undone:
            return f"{said} (réponse annulée)"
        if self.is_contested:
            return f"{said} (réponse contestée)"
        return f"{said}, à confirmer" if self.is_pending else said

    @property
    def is_contested(self) -> bool:
        """Whether it was recorded for somebody who denies it: who lists entries reads
        ``contestations`` with them."""
        return self.is_recorded and bool(self.contestations.all())

    @property
    def is_opinion(self) -> bool:
        return self.answer in Answer.opinions()

    @property
    def is_pending(self) -> bool:
        """Recorded for somebody, and not confirmed yet: it binds nobody. Twin: ``pending``."""
        return self.is_recorded and not hasattr(self, "confirmation")

    @property
    def is_undone(self) -> bool:
        """Whether it was undone soon after: it stays in the register, and counts no more."""
        return hasattr(self, "undoing")

    @property
    def is_fresh(self) -> bool:
        """Whether it may still be undone without a reason. Twin: ``fresh``."""
        return self.is_recent and not self.is_undone

    @property
    def is_recent(self) -> bool:
        """The same of an answer that is known to stand."""
        undoable = self.answer in Answer.undoable() and not self.is_recorded
        return undoable and self.undoable_until > timezone.now()

    @property
    def undoable_until(self) -> datetime.datetime:
        return self.created_at + UNDO

    @property
    def confirmed(self) -> str:
        """« à confirmer : il ne compte pas encore », « confirmé par la personne elle-même le … »;
        empty of what was said in person."""
        if not self.is_recorded:
            return ""
        if self.is_pending:
            it = "elle" if self.is_request else "il"
            return f"à confirmer : {it} ne compte pas encore"
        confirmation = self.confirmation
        whom = f" ({confirmation.by_name})" if confirmation.way == Confirmed.COLLEAGUE else ""
        day = long_date(confirmation.created_at)
        confirmed = "confirmée" if self.is_request else "confirmé"
        return f"{confirmed} {confirmation.get_way_display()}{whom} le {day}"

    def save(self, **kwargs):
        if self.pk:
            raise ValueError("What was said is never changed.")
        super().save(**kwargs)


class Confirmation(models.Model):
    """From when on an agreement recorded for somebody counts. Added once, never changed."""

    agreement = models.OneToOneField(
        Agreement, models.PROTECT, related_name="confirmation", verbose_name="accord"
    )
    way = models.CharField("confirmé", max_length=20, choices=Confirmed.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="par",
    )  # fmt: skip
    by_name = models.CharField("par", max_length=300, blank=True)
    capacity = models.CharField("qualité", max_length=500, blank=True)
    created_at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "confirmation"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="confirmation_by_somebody",
                condition=Q(way__in=Confirmed.by_people(), by__isnull=False)
                | Q(way__in=[Confirmed.DELAY, Confirmed.EARLIER], by__isnull=True),
                violation_error_message="Un accord est confirmé par quelqu’un, ou par le délai.",
            ),
        ]

    def __str__(self):
        return f"{self.agreement}, confirmé {self.get_way_display()}"


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
    def is_added(self) -> bool:
        """Whether it came after the answer, perhaps by another hand: who reads it is told."""
        return self.document.uploaded_at > self.agreement.created_at


# What shows the documents of entries reads them so, in one query.
WITH_ATTACHMENTS = models.Prefetch(
    "attachments", Attachment.objects.select_related("document__uploaded_by")
)
