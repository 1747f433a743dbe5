"""The meetings of a convention: who meets (bodies), when, on what (agenda), who is convened."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ctg_portal.forms.revisions import Revised
from ctg_portal.templatetags.french import long_date
from ctg_portal.transitions import NEW, Step, Transition, Verb

COORDINATION = "coordination"
# How the key of an item begins that takes up one put off in an earlier meeting.
DEFERRED = "deferred-"


class BodyKind(models.TextChoices):
    """The committee that the convention names, the technical one that gives an avis, and thematic
    ones. Only the first records agreements (art. 4)."""

    STEERING = "steering", "comité de pilotage"
    TECHNICAL = "technical", "comité technique"
    THEMATIC = "thematic", "comité thématique"

    @classmethod
    def standard(cls) -> list["BodyKind"]:
        """Return the kinds of which a convention has one body, whether it has met or not."""
        return [cls.STEERING, cls.TECHNICAL]


class BodyQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)


class Body(Revised):
    """A body of a convention that meets. Who sits in the comité de pilotage has a seat of the
    convention; the others have members of their own."""

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="bodies", verbose_name="convention"
    )
    kind = models.CharField("nature", max_length=20, choices=BodyKind.choices)
    name = models.CharField("nom", max_length=200)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = "instance"
        ordering = ["convention_id", "kind", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="body_kind_known",
                condition=Q(kind__in=BodyKind.values),
                violation_error_message="Cette nature d’instance est inconnue.",
            ),
            models.CheckConstraint(
                name="body_named",
                condition=~Q(name=""),
                violation_error_message="Une instance a un nom.",
            ),
            models.UniqueConstraint(
                fields=["convention", "name"],
                name="body_name_unique",
                violation_error_message="Une instance de la convention porte déjà ce nom.",
            ),
            models.UniqueConstraint(
                fields=["convention", "kind"],
                condition=~Q(kind="thematic"),
                name="body_standard_unique",
                violation_error_message="La convention a déjà cette instance.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_steering(self) -> bool:
        """Whether it is the committee that the convention names, which records agreements."""
        return self.kind == BodyKind.STEERING


class Person(models.Model):
    """Somebody with an account (``user``), or a name without one, with an ``email`` where there is
    one; who speaks for an ``organisation``, in a capacity."""

    organisation = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="organisme",
    )  # fmt: skip
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="compte",
    )  # fmt: skip
    name = models.CharField("nom", max_length=300)
    capacity = models.CharField("qualité", max_length=200, blank=True)
    email = models.EmailField("adresse", blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    @property
    def address(self) -> str:
        """The address to which is written: that of the account, else ``email``; may be empty."""
        return self.user.email if self.user else self.email


class BodyMember(Person):
    """A member of a body other than the comité de pilotage."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="members", verbose_name="instance")

    class Meta:
        verbose_name = "membre d’une instance"
        verbose_name_plural = "membres des instances"
        ordering = ["body_id", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="body_member_named",
                condition=~Q(name=""),
                violation_error_message="Un membre a un nom.",
            ),
            models.UniqueConstraint(
                fields=["body", "user"],
                condition=Q(user__isnull=False),
                name="body_member_unique",
                violation_error_message="Cette personne est déjà membre.",
            ),
        ]


class MeetingRules(Revised):
    """What a convention asks of the meetings of its comité de pilotage; None: nothing. Which
    presence it asks of each party: ``LeastPresence``."""

    convention = models.OneToOneField(
        "conventions.Convention", models.CASCADE, related_name="meeting_rules",
        verbose_name="convention",
    )  # fmt: skip
    notice_days = models.PositiveSmallIntegerField("délai de convocation", null=True, blank=True)
    quorum = models.PositiveSmallIntegerField("quorum", null=True, blank=True)

    class Meta:
        verbose_name = "règles des réunions"
        verbose_name_plural = "règles des réunions"

    def __str__(self):
        return f"Règles des réunions : {self.convention}"


class LeastPresence(models.Model):
    """How many members of a party are to be there or represented, at least."""

    organisation = models.OneToOneField(
        "conventions.Organisation", models.CASCADE, related_name="+", verbose_name="organisme"
    )
    count = models.PositiveSmallIntegerField("membres présents")

    class Meta:
        verbose_name = "présence minimale"
        verbose_name_plural = "présences minimales"
        constraints = [
            models.CheckConstraint(
                name="least_presence_positive",
                condition=Q(count__gt=0),
                violation_error_message="Une présence minimale est d’une personne au moins.",
            )
        ]

    def __str__(self):
        return f"{self.organisation} : {self.count}"


class MeetingState(models.TextChoices):
    PREPARED = "prepared", "en préparation"
    CONVENED = "convened", "convoquée"
    HELD = "held", "tenue"
    CANCELLED = "cancelled", "annulée"

    @classmethod
    def to_come(cls) -> list[str]:
        return [cls.PREPARED, cls.CONVENED]


class MeetingVerb(Verb):
    PREPARED = ("prepared", Step([NEW], MeetingState.PREPARED, COORDINATION), "préparée")
    CONVENED = (
        "convened",
        Step([MeetingState.PREPARED], MeetingState.CONVENED, COORDINATION),
        "convoquée",
    )
    MOVED = ("moved", Step([MeetingState.CONVENED], None, COORDINATION), "déplacée")
    UPDATED = (
        "updated",
        Step([MeetingState.CONVENED], None, COORDINATION),
        "ordre du jour envoyé de nouveau",
    )
    REMINDED = ("reminded", Step([MeetingState.CONVENED], None, COORDINATION), "relancée")
    HELD = ("held", Step(MeetingState.to_come(), MeetingState.HELD, COORDINATION), "tenue")
    CANCELLED = (
        "cancelled",
        Step(MeetingState.to_come(), MeetingState.CANCELLED, COORDINATION, has_reason=True),
        "annulée",
    )


class MeetingQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def with_body(self):
        return self.select_related("body")

    def to_come(self):
        """Return the meetings that are prepared or convened. Twin: ``Meeting.is_to_come``."""
        return self.filter(state__in=MeetingState.to_come())

    def at_the_hour_of(self, meeting: "Meeting"):
        """Return the other meetings to come of the convention that share some time with this one;
        none where it has no day yet."""
        others = self.filter(convention=meeting.convention_id).exclude(pk=meeting.pk)
        return others.to_come().filter(
            day=meeting.day, day__isnull=False, begins_at__lt=meeting.ends_at,
            ends_at__gt=meeting.begins_at,
        )  # fmt: skip


class Meeting(Revised):
    """A meeting of a body, from its preparation on; without a ``day`` until it is convened.

    ``sequence`` counts what was sent about it, as calendars expect it.
    """

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="meetings",
        verbose_name="convention",
    )  # fmt: skip
    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings", verbose_name="instance")
    state = models.CharField(
        "état", max_length=20, choices=MeetingState.choices, default=MeetingState.PREPARED
    )
    day = models.DateField("jour", null=True, blank=True)
    begins_at = models.TimeField("de", default=datetime.time(14))
    ends_at = models.TimeField("à", default=datetime.time(16))
    place = models.CharField("lieu", max_length=300, blank=True)
    link = models.CharField("lien de la visioconférence", max_length=500, blank=True)
    sequence = models.PositiveSmallIntegerField("numéro d’envoi", default=0)
    convened_at = models.DateTimeField("convoquée le", null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "réunion"
        ordering = [F("day").desc(nulls_first=True), "-begins_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="meeting_state_known",
                condition=Q(state__in=MeetingState.values),
                violation_error_message="Cet état est inconnu.",
            ),
            models.CheckConstraint(
                name="meeting_ends_after_it_begins",
                condition=Q(ends_at__gt=F("begins_at")),
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                name="meeting_convened_has_day",
                condition=Q(day__isnull=False) | Q(state__in=["prepared", "cancelled"]),
                violation_error_message="Une réunion convoquée ou tenue a un jour.",
            ),
            models.CheckConstraint(
                name="meeting_convened_has_moment",
                condition=~Q(state="convened") | Q(convened_at__isnull=False),
                violation_error_message="Une réunion convoquée l’est depuis un moment.",
            ),
        ]

    def __str__(self):
        when = f"du {long_date(self.day)}" if self.day else "sans date"
        return f"{self.body.name} {when}"

    @property
    def is_to_come(self) -> bool:
        """Whether it is prepared or convened. Twin: ``to_come``."""
        return self.state in MeetingState.to_come()

    @property
    def is_prepared(self) -> bool:
        return self.state == MeetingState.PREPARED

    @property
    def is_convened(self) -> bool:
        return self.state == MeetingState.CONVENED

    @property
    def is_held(self) -> bool:
        return self.state == MeetingState.HELD

    @property
    def is_cancelled(self) -> bool:
        return self.state == MeetingState.CANCELLED

    @property
    def minutes_planned(self) -> int:
        """The number of minutes from beginning to end."""
        begins, ends = (time.hour * 60 + time.minute for time in (self.begins_at, self.ends_at))
        return ends - begins

    def moment(self, time: datetime.time) -> datetime.datetime:
        """Return the moment of a time of its day. Raises ValueError without a day."""
        return timezone.make_aware(datetime.datetime.combine(self.date, time))

    @property
    def date(self) -> datetime.date:
        """The day. Raises ValueError where it is not set."""
        if self.day is None:
            raise ValueError("This meeting has no day yet.")
        return self.day


class MeetingTransition(Transition):
    """An act on a meeting: prepared, convened, moved, cancelled, held."""

    verbs = MeetingVerb

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="transitions", verbose_name="réunion"
    )
    verb = MeetingVerb.field()

    class Meta(Transition.Meta):
        verbose_name = "acte sur une réunion"
        verbose_name_plural = "actes sur les réunions"
        constraints = MeetingVerb.constraints("meeting_transition")


class ItemKind(models.TextChoices):
    INFORMATION = "information", "Information"
    ADVICE = "advice", "Avis"
    DECISION = "decision", "Décision"


class ItemOutcome(models.TextChoices):
    """What a meeting did with an item. ``OPEN``: nothing yet, or it was not said."""

    OPEN = "", "à traiter"
    DEALT = "dealt", "traité"
    DEFERRED = "deferred", "renvoyé à plus tard"


class AgendaItem(Revised):
    """An item of an agenda, at its ``rank``, planned for some ``minutes``.

    ``standing``: the key of the standing item that it was made from, empty for another.
    ``versions``: the points to validate that it is about. Written in the meeting: ``notes``, and
    the decision that is being drafted (``wording``, who is in charge, until when), emptied once it
    is taken.
    """

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="items", verbose_name="réunion"
    )
    rank = models.PositiveIntegerField("rang")
    title = models.CharField("intitulé", max_length=300)
    kind = models.CharField(
        "objet", max_length=20, choices=ItemKind.choices, default=ItemKind.INFORMATION
    )
    minutes = models.PositiveSmallIntegerField("durée", default=15)
    presenter = models.CharField("présenté par", max_length=300, blank=True)
    note = models.TextField("note", max_length=5000, blank=True)
    standing = models.CharField("sujet habituel", max_length=40, blank=True)
    versions = models.ManyToManyField(
        "agreements.Version", related_name="agenda_items", blank=True,
        verbose_name="points à valider",
    )  # fmt: skip
    outcome = models.CharField(
        "suite en séance", max_length=20, choices=ItemOutcome.choices, blank=True
    )
    notes = models.TextField("notes de séance", max_length=10000, blank=True)
    wording = models.TextField("décision en cours de rédaction", max_length=5000, blank=True)
    wording_owner = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="organisme chargé de la décision en cours",
    )  # fmt: skip
    wording_due_on = models.DateField("échéance de la décision en cours", null=True, blank=True)

    class Meta:
        verbose_name = "point de l’ordre du jour"
        verbose_name_plural = "points de l’ordre du jour"
        ordering = ["meeting_id", "rank", "pk"]
        constraints = [
            models.CheckConstraint(
                name="agenda_item_titled",
                condition=~Q(title=""),
                violation_error_message="Un point de l’ordre du jour a un intitulé.",
            ),
            models.CheckConstraint(
                name="agenda_item_kind_known",
                condition=Q(kind__in=ItemKind.values),
                violation_error_message="Cet objet est inconnu.",
            ),
            models.CheckConstraint(
                name="agenda_item_outcome_known",
                condition=Q(outcome__in=ItemOutcome.values),
                violation_error_message="Cette suite est inconnue.",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether nothing was said of it in the meeting yet."""
        return self.outcome == ItemOutcome.OPEN

    @property
    def is_deferred(self) -> bool:
        return self.outcome == ItemOutcome.DEFERRED

    @property
    def deferred_key(self) -> str:
        """The key of the standing item by which this one is taken up in another meeting."""
        return f"{DEFERRED}{self.pk}"


class AgendaDocument(models.Model):
    """A document that is read with an item."""

    item = models.ForeignKey(
        AgendaItem, models.CASCADE, related_name="documents", verbose_name="point"
    )
    document = models.OneToOneField(
        "documents.StoredFile", models.PROTECT, related_name="+", verbose_name="document"
    )

    class Meta:
        verbose_name = "document de l’ordre du jour"
        verbose_name_plural = "documents de l’ordre du jour"
        ordering = ["item_id", "pk"]

    def __str__(self):
        return str(self.document)


class Reply(models.TextChoices):
    """What somebody who was convened has answered. ``NONE``: nothing yet."""

    NONE = "", "n’a pas répondu"
    PRESENT = "present", "vient"
    ABSENT = "absent", "ne vient pas"
    REPRESENTED = "represented", "se fait représenter"


class Letter(models.TextChoices):
    """What is to be sent to somebody about a meeting."""

    NONE = "", "rien"
    CONVENED = "convened", "convocation"
    MOVED = "moved", "changement de date ou de lieu"
    UPDATED = "updated", "ordre du jour modifié"
    REMINDED = "reminded", "relance"
    CANCELLED = "cancelled", "annulation"
    MINUTES = "minutes", "compte rendu approuvé"


class AttendeeQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(meeting__convention=convention)

    def without_reply(self):
        return self.filter(reply=Reply.NONE)

    def to_write_to(self):
        """Return those to whom a letter is still to be sent."""
        return self.exclude(letter=Letter.NONE)


class Attendee(Person):
    """A person who was convened, or invited, to a meeting: by a ``seat``, as a member of the body,
    or as somebody invited (neither). Name, capacity and organisation stay as they were then.

    ``commits``: a full member, whose presence counts for the party. ``proxy``: to whom the voice is
    lent for this meeting (pouvoir). ``letter``: what is to be sent, until it is. ``is_present``:
    what was ticked at the meeting, None before.
    """

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="attendees", verbose_name="réunion"
    )
    seat = models.ForeignKey(
        "agreements.Seat", models.SET_NULL, related_name="+", null=True, blank=True,
        verbose_name="siège",
    )  # fmt: skip
    commits = models.BooleanField("engage son organisme", default=False)
    reply = models.CharField("réponse", max_length=20, choices=Reply.choices, blank=True)
    replied_at = models.DateTimeField("répondu le", null=True, blank=True)
    proxy = models.ForeignKey(
        "self", models.SET_NULL, related_name="represented", null=True, blank=True,
        verbose_name="pouvoir à",
    )  # fmt: skip
    letter = models.CharField("à envoyer", max_length=20, choices=Letter.choices, blank=True)
    is_present = models.BooleanField("présent", null=True, blank=True)

    objects = AttendeeQuerySet.as_manager()

    class Meta:
        verbose_name = "personne convoquée"
        verbose_name_plural = "personnes convoquées"
        ordering = ["meeting_id", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="attendee_named",
                condition=~Q(name=""),
                violation_error_message="Une personne convoquée a un nom.",
            ),
            models.CheckConstraint(
                name="attendee_reply_known",
                condition=Q(reply__in=Reply.values),
                violation_error_message="Cette réponse est inconnue.",
            ),
            models.CheckConstraint(
                name="attendee_proxy_if_represented",
                condition=Q(reply="represented") | Q(proxy__isnull=True),
                violation_error_message="Seule une personne représentée donne pouvoir.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "user"],
                condition=Q(user__isnull=False),
                name="attendee_unique",
                violation_error_message="Cette personne est déjà convoquée.",
            ),
        ]

    @property
    def comes(self) -> bool:
        return self.reply == Reply.PRESENT


def total_minutes(items: Iterable[AgendaItem]) -> int:
    return sum(item.minutes for item in items)
