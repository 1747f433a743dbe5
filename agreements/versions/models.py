"""A version: what the parties are asked to agree to, or have agreed to, word for word."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db import models
from django.db.models import (
    Case,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
    When,
    prefetch_related_objects,
)
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import User
from agreements import upcasters
from agreements.commitments import canonical
from agreements.commitments.commitment import Commitment, by_kind, commitments
from conventions.legal.words import Word
from conventions.models import Origin
from ctg_portal.revisions import Revised
from ctg_portal.search import Searchable, SearchableQuerySet
from ctg_portal.transitions import NEW, Step, Transition, Verb


class State(models.TextChoices):
    DRAFT = "draft", "brouillon"
    PROPOSED = "proposed", "proposée"
    IN_FORCE = "in_force", "en vigueur"
    REPLACED = "replaced", "remplacée"
    WITHDRAWN = "withdrawn", "retirée"


# How long an answer may be undone without a reason, what others are told of it waiting; and the
# reason that stands in the log then.
UNDO = datetime.timedelta(minutes=30)
UNDONE = "Réponse annulée dans les trente minutes."

COORDINATOR, PARTY, FILE = "coordination", "partie", "convention chargée"
BACK = f"{PARTY} qui annule ou reprend son accord"


class VersionVerb(Verb):
    """What becomes of a version. The last agreement, an agreement taken back and a later version
    move it without anybody saying so: they are the act of the person who brought them about."""

    PROPOSED = (
        "proposed",
        Step([State.DRAFT], State.PROPOSED, COORDINATOR),
        "proposée",
    )
    AGREED = (
        "agreed",
        Step([State.PROPOSED], State.IN_FORCE, f"dernière {PARTY} qui donne son accord, ou {FILE}"),
        "entrée en vigueur",
    )
    REPLACED = (
        "replaced",
        Step(
            [State.PROPOSED, State.IN_FORCE],
            State.REPLACED,
            f"{COORDINATOR} ou {PARTY}, par une autre version ; {FILE}",
        ),
        "remplacée",
    )
    REOPENED = (
        "reopened",
        Step([State.IN_FORCE], State.PROPOSED, BACK, has_reason=True),
        "de nouveau en discussion",
    )
    GIVEN_UP = (
        "given_up",
        Step([State.IN_FORCE], State.REPLACED, BACK, has_reason=True),
        "sortie de vigueur, une autre étant proposée",
    )
    RESTORED = (
        "restored",
        Step([State.REPLACED], State.IN_FORCE, BACK, has_reason=True),
        "de nouveau en vigueur",
    )
    WITHDRAWN = (
        "withdrawn",
        Step([State.PROPOSED], State.WITHDRAWN, COORDINATOR, has_reason=True),
        "retirée",
    )
    SIGNED = (
        "signed",
        Step([NEW], State.IN_FORCE, FILE),
        "validée par la signature",
    )
    UNSIGNED = (
        "unsigned",
        Step([State.IN_FORCE], State.WITHDRAWN, FILE),
        "absente du texte signé",
    )


def _midnight_after(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(
        datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time())
    )


def _subjects() -> GenericPrefetch:
    return GenericPrefetch("subject", [commitment.subjects() for commitment in commitments()])


def read_subjects(versions: Iterable["Version"]) -> None:
    """Read the rows of versions that were read without them, as ``with_subjects`` does."""
    prefetch_related_objects(list(versions), _subjects())


class VersionQuerySet(SearchableQuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def of_subject(self, row):
        """Every version of one row."""
        content_type = ContentType.objects.get_for_model(row)
        return self.filter(content_type=content_type, object_id=row.pk)

    def of_subjects(self, rows):
        """Every version of the rows of a queryset."""
        content_type = ContentType.objects.get_for_model(rows.model)
        return self.filter(content_type=content_type, object_id__in=rows.order_by().values("pk"))

    def beside(self, versions):
        """Every version of the rows that these versions are about, themselves included.

        Told row by row, so that the index of the rows serves, and no table is read through.
        """
        rows = defaultdict(set)
        for version in versions:
            rows[version.content_type_id].add(version.object_id)
        same = [Q(content_type=kind, object_id__in=pks) for kind, pks in rows.items()]
        return self.filter(reduce(or_, same)) if same else self.none()

    def drafts(self):
        return self.filter(state=State.DRAFT)

    def proposed_or_drafts(self):
        return self.filter(state__in=[State.PROPOSED, State.DRAFT])

    def numbered(self):
        """Those that have been proposed or signed: what everybody may read."""
        return self.filter(number__isnull=False)

    def readable_by(self, user: User, *, drafts: bool = False):
        """The same, with one's own drafts; with everybody's for who coordinates (``drafts``)."""
        shown = Q(number__isnull=False) | Q(state=State.DRAFT, author=user)
        return self.filter(shown | Q(state=State.DRAFT) if drafts else shown)

    def proposed(self):
        return self.filter(state=State.PROPOSED)

    def in_force(self):
        return self.filter(state=State.IN_FORCE)

    def once_in_force(self):
        """That are in force or were, replaced since or taken back."""
        entries = VersionTransition.objects.filter(version=OuterRef("pk"), to_state=State.IN_FORCE)
        return self.filter(Exists(entries))

    def in_force_on(self, day: datetime.date):
        """That were in force when the day ended, by the log of what was done to them: whatever has
        been agreed to, taken back or replaced since. Each has the moment as ``in_force_since``.
        What an answer did that was undone soon after is as if never done, be it over midnight."""
        later = VersionTransition.objects.filter(version=OuterRef("version"), pk__gt=OuterRef("pk"))
        then, then_at = (
            Subquery(later.order_by("pk").values(n)[:1]) for n in ("reason", "created_at")
        )
        stands = Q(then__isnull=True) | ~Q(then=UNDONE) | Q(then_at__gt=F("created_at") + UNDO)
        done = (
            VersionTransition.objects.alias(then=then, then_at=then_at)
            .filter(stands, version=OuterRef("pk"), created_at__lt=_midnight_after(day))
            .order_by("-created_at", "-pk")
        )
        return self.annotate(
            state_then=Subquery(done.values("to_state")[:1]),
            in_force_since=Subquery(done.values("created_at")[:1]),
        ).filter(state_then=State.IN_FORCE)

    def with_restored(self):
        """Each knows whether it is in force again, and since when (``restored_at``)."""
        entries = VersionTransition.objects.filter(version=OuterRef("pk"), to_state=State.IN_FORCE)
        again = Case(When(verb=VersionVerb.RESTORED, then="created_at"))
        last = entries.order_by("-created_at", "-pk").annotate(again=again)
        return self.annotate(last_restored=Subquery(last.values("again")[:1]))

    def live(self):
        """Proposed, or in force."""
        return self.filter(state__in=[State.PROPOSED, State.IN_FORCE])

    def live_or_before(self):
        """Those, and what was in force before: taking an agreement back has it in force again."""
        return self.filter(
            Q(state__in=[State.PROPOSED, State.IN_FORCE])
            | Q(state=State.REPLACED, in_force_at__isnull=False)
        )

    def from_committee(self):
        return self.filter(origin=Origin.COMMITTEE)

    def signed(self):
        return self.filter(origin=Origin.SIGNATURE)

    def with_subjects(self):
        """With their rows, and what a page needs of them, in one query by model."""
        return self.prefetch_related(_subjects())

    def highest_numbers(self, content_type, pks: list[int]) -> dict[int, int]:
        """The last number that these rows of one model have had, by primary key."""
        rows = self.filter(content_type=content_type, object_id__in=pks, number__isnull=False)
        return dict(rows.order_by().values_list("object_id").annotate(Max("number")))

    def next_number(self) -> int:
        return (self.aggregate(highest=Max("number"))["highest"] or 0) + 1


class Version(Searchable, Revised):
    """One wording of one row, kept for ever.

    ``text`` is the canonical text of the commitment, in the fields that ``schema`` numbers, and
    ``digest`` the SHA-256 of its bytes; all three are written once. A draft has no number yet.
    ``base`` is what a draft was written from; ``succeeds`` is the version that was in force when
    this one came into force. ``ends``: agreeing to it withdraws the row. ``after_term``: why it was
    proposed although the convention had ended, or begins when it has; empty of all others.
    """

    SEARCH_FIELDS = ("title", "note", "author_name")
    is_begun_anew = True  # a draft that was thrown away

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="versions", verbose_name="convention"
    )
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    kind = models.CharField("nature", max_length=40)
    number = models.PositiveIntegerField("numéro", null=True, blank=True)
    schema = models.PositiveSmallIntegerField("schéma")
    title = models.CharField("titre", max_length=500)
    text = models.TextField("texte canonique")
    digest = models.CharField("empreinte SHA-256", max_length=64)
    ends = models.BooleanField("met fin", default=False)
    note = models.TextField("motif", blank=True)
    after_term = models.TextField("motif après le terme", blank=True)
    origin = models.CharField("origine", max_length=20, choices=Origin.choices)
    state = models.CharField("état", max_length=20, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="auteur",
    )  # fmt: skip
    author_name = models.CharField("nom de l’auteur", max_length=300, blank=True)
    base = models.ForeignKey("self", models.PROTECT, related_name="+", null=True, blank=True)
    succeeds = models.ForeignKey("self", models.PROTECT, related_name="+", null=True, blank=True)
    created_at = models.DateTimeField("écrite le", auto_now_add=True)
    saved_at = models.DateTimeField("enregistrée le", auto_now=True)
    proposed_at = models.DateTimeField("proposée le", null=True, blank=True)
    in_force_at = models.DateTimeField("en vigueur depuis le", null=True, blank=True)
    ended_at = models.DateTimeField("terminée le", null=True, blank=True)
    published_at = models.DateTimeField("publiée le", null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version"
        ordering = ["content_type", "object_id", "number", "pk"]
        indexes = [
            models.Index(fields=["convention", "state"], name="version_by_state"),
            models.Index(fields=["content_type", "object_id"], name="version_by_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "number"],
                condition=Q(number__isnull=False),
                name="version_number_unique",
                violation_error_message="Ce point a déjà une version de ce numéro.",
            ),
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=Q(state="proposed"),
                name="version_one_proposed",
                violation_error_message="Une version de ce point est déjà proposée.",
            ),
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=Q(state="in_force"),
                name="version_one_in_force",
                violation_error_message="Une version de ce point est déjà en vigueur.",
            ),
            models.UniqueConstraint(
                fields=["content_type", "object_id", "author"],
                condition=Q(state="draft"),
                name="version_one_draft_by_author",
                violation_error_message="Cette personne a déjà un brouillon de ce point.",
            ),
            models.CheckConstraint(
                name="version_numbered_once_proposed",
                condition=Q(state="draft", number__isnull=True)
                | ~Q(state="draft") & Q(number__isnull=False),
                violation_error_message="Une version proposée a un numéro, un brouillon n’en a "
                "pas.",
            ),
            models.CheckConstraint(
                name="version_state_known",
                condition=Q(state__in=State.values) & Q(origin__in=Origin.values),
                violation_error_message="L’état ou l’origine de cette version est inconnu.",
            ),
            models.CheckConstraint(
                name="version_in_force_since",
                condition=~Q(state="in_force") | Q(in_force_at__isnull=False),
                violation_error_message="Une version en vigueur l’est depuis un moment.",
            ),
            models.CheckConstraint(
                name="version_has_digest",
                condition=Q(digest__regex=r"^[0-9a-f]{64}$") & ~Q(text="") & Q(schema__gte=1),
                violation_error_message="Une version a un texte, son schéma et son empreinte.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.title

    @property
    def commitment(self) -> Commitment:
        return by_kind(self.kind)

    @property
    def word(self) -> Word:
        """What the convention calls what it is about: « ambition », « fiche action »."""
        row = self.subject
        # Lists have read the rows with their conventions.
        convention = self.commitment.convention_of(row) if row else self.convention
        return self.commitment.word(convention)

    @cached_property
    def content(self) -> dict:
        """What the text says, in the fields of today, all of them: the one door to a stored text,
        whatever the release that wrote it."""
        return upcasters.complete(self.commitment, self._told)

    @property
    def lacking(self) -> set[str]:
        """The fields of today that the text does not tell, or not whole."""
        told = self._told
        return {
            name for name, value in self.content.items() if name not in told or told[name] != value
        }

    @property
    def _told(self) -> dict:
        return upcasters.told(self.commitment, self.schema, self.text)

    @property
    def is_proposed(self) -> bool:
        return self.state == State.PROPOSED

    @property
    def is_in_force(self) -> bool:
        return self.state == State.IN_FORCE

    @property
    def is_live(self) -> bool:
        """Whether it is proposed or in force. Twin: ``live``."""
        return self.state in (State.PROPOSED, State.IN_FORCE)

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def dated(self):
        """The moment by which people call it: "version 2 du 12 avril"."""
        return self.proposed_at or self.in_force_at or self.created_at

    @property
    def restored_at(self) -> datetime.datetime | None:
        """Since when it is in force again, which another version had replaced; ``in_force_at`` is
        the moment of the first time, and past years are told by it. One query, but for who was
        read ``with_restored``."""
        if not self.is_in_force:
            return None
        if "last_restored" in self.__dict__:
            return self.__dict__["last_restored"]
        last = self.transitions.filter(to_state=State.IN_FORCE).order_by("created_at", "pk").last()
        return last.created_at if last is not None and last.verb == VersionVerb.RESTORED else None

    @property
    def stands_since(self) -> datetime.datetime | None:
        """Since when it is in force without a break."""
        return self.restored_at or self.in_force_at

    def write(self, content: dict, *, ends: bool = False) -> None:
        """Give the version its text. Only a draft, or a version not yet saved, takes one."""
        if not self.is_draft and self.pk:
            raise ValueError("The text of a numbered version never changes.")
        self.ends, self.schema = ends, self.commitment.schema
        self.text = canonical.canonical({**content, "ends": True} if ends else content)
        self.digest = canonical.digest(self.text)
        self.__dict__.pop("content", None)


class VersionTransitionQuerySet(SearchableQuerySet):
    def of(self, convention):
        return self.filter(version__convention=convention)

    def announced(self):
        """What people did by itself, and the register tells: the rest follows from answers."""
        return self.filter(verb__in=[VersionVerb.PROPOSED, VersionVerb.WITHDRAWN])


class VersionTransition(Searchable, Transition):
    """What was done to a version."""

    verbs = VersionVerb
    SEARCH_FIELDS = ("by_name", "capacity", "reason", "version_title")

    version = models.ForeignKey(
        Version, models.CASCADE, related_name="transitions", verbose_name="version"
    )
    verb = VersionVerb.field()

    objects = VersionTransitionQuerySet.as_manager()

    class Meta(Transition.Meta):
        verbose_name = "acte sur une version"
        verbose_name_plural = "actes sur les versions"
        indexes = [models.Index(fields=["created_at"], name="version_transition_by_moment")]
        constraints = VersionVerb.constraints("version_transition")

    @property
    def version_title(self) -> str:
        return self.version.title
