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
from django.db.models import Case, Exists, F, Max, OuterRef, Q, Subquery, When
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import User
from agreements.commitments import canonical, upcasters
from agreements.commitments.commitment import Commitment, by_kind, commitments
from conventions.legal.words import Word
from conventions.models import Origin
from ctg_portal.forms.revisions import Revised
from ctg_portal.search.rows import Searchable, SearchableQuerySet
from ctg_portal.transitions import NEW, Step, Transition, Verb


class State(models.TextChoices):
    DRAFT = "draft", "brouillon"
    PROPOSED = "proposed", "proposée"
    IN_FORCE = "in_force", "en vigueur"
    REPLACED = "replaced", "remplacée"
    WITHDRAWN = "withdrawn", "retirée"


# How long an answer may be undone without a reason, and others are not notified of it yet; and the
# reason that the log has of an undone answer.
UNDO_DELAY = datetime.timedelta(minutes=30)
UNDONE_REASON = "Réponse annulée dans les trente minutes."

COORDINATOR, PARTY, FILE = "coordination", "partie", "convention chargée"
BACK = f"{PARTY} qui annule ou reprend son accord"
ANOTHER = f"{COORDINATOR} ou {PARTY}, par une autre version ; {FILE}"


class VersionVerb(Verb):
    """The transitions of a version. Those that follow from an answer, or from a later version, are
    logged as acts of the person who caused them."""

    PROPOSED = ("proposed", Step([State.DRAFT], State.PROPOSED, COORDINATOR), "proposée")
    AGREED = (
        "agreed",
        Step([State.PROPOSED], State.IN_FORCE, f"dernière {PARTY} qui donne son accord, ou {FILE}"),
        "entrée en vigueur",
    )
    REPLACED = (
        "replaced",
        Step([State.PROPOSED, State.IN_FORCE], State.REPLACED, ANOTHER),
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
    SIGNED = ("signed", Step([NEW], State.IN_FORCE, FILE), "validée par la signature")
    UNSIGNED = ("unsigned", Step([State.IN_FORCE], State.WITHDRAWN, FILE), "absente du texte signé")


def _subjects() -> GenericPrefetch:
    return GenericPrefetch("subject", [commitment.subjects() for commitment in commitments()])


def read_subjects(versions: Iterable["Version"]) -> None:
    """Read the rows of versions that were read without them, as ``with_subjects`` does."""
    models.prefetch_related_objects(list(versions), _subjects())


class VersionQuerySet(SearchableQuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def about(self, row):
        """Return the versions of one row."""
        content_type = ContentType.objects.get_for_model(row)
        return self.filter(content_type=content_type, object_id=row.pk)

    def about_rows(self, rows):
        """Return the versions of the rows of a queryset."""
        content_type = ContentType.objects.get_for_model(rows.model)
        return self.filter(content_type=content_type, object_id__in=rows.order_by().values("pk"))

    def with_same_subject(self, versions):
        """Return every version of the rows that ``versions`` are about, themselves included.

        The rows are listed one by one, so that their index serves and no table is scanned.
        """
        rows = defaultdict(set)
        for version in versions:
            rows[version.content_type_id].add(version.object_id)
        same = [Q(content_type=kind, object_id__in=pks) for kind, pks in rows.items()]
        return self.filter(reduce(or_, same)) if same else self.none()

    def drafts(self):
        return self.filter(state=State.DRAFT)

    def numbered(self):
        """Return the versions that were proposed or signed: everybody may read these."""
        return self.filter(number__isnull=False)

    def readable_by(self, user: User, *, drafts: bool = False):
        """Return the numbered versions and the drafts of ``user``; with ``drafts`` (for the
        coordination) the drafts of everybody."""
        shown = Q(number__isnull=False) | Q(state=State.DRAFT, author=user)
        return self.filter(shown | Q(state=State.DRAFT) if drafts else shown)

    def proposed(self):
        return self.filter(state=State.PROPOSED)

    def in_force(self):
        return self.filter(state=State.IN_FORCE)

    def ever_in_force(self):
        """Return the versions that are or ever were in force."""
        entries = VersionTransition.objects.filter(version=OuterRef("pk"), to_state=State.IN_FORCE)
        return self.filter(Exists(entries))

    def in_force_on(self, day: datetime.date):
        """Return the versions that were in force when ``day`` ended (``in_force_before``)."""
        midnight = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time())
        return self.in_force_before(timezone.make_aware(midnight))

    def in_force_before(self, moment: datetime.datetime):
        """Return the versions that were in force just before ``moment``, read from their
        transitions and annotated with ``in_force_since``, the moment of the last transition by
        then.

        Later transitions change nothing. One that followed from an answer undone soon after does
        not count, even if it was undone after ``moment``.
        """
        later = VersionTransition.objects.filter(version=OuterRef("version"), pk__gt=OuterRef("pk"))
        then, then_at = (
            Subquery(later.order_by("pk").values(n)[:1]) for n in ("reason", "created_at")
        )
        undone_late = Q(then_at__gt=F("created_at") + UNDO_DELAY)
        stands = Q(then__isnull=True) | ~Q(then=UNDONE_REASON) | undone_late
        done = (
            VersionTransition.objects.alias(then=then, then_at=then_at)
            .filter(stands, version=OuterRef("pk"), created_at__lt=moment)
            .order_by("-created_at", "-pk")
        )
        return self.annotate(
            state_then=Subquery(done.values("to_state")[:1]),
            in_force_since=Subquery(done.values("created_at")[:1]),
        ).filter(state_then=State.IN_FORCE)

    def with_restored(self):
        """Annotate each with ``last_restored``, the moment since when it is in force again after it
        was replaced, or None; for ``restored_at``, which then needs no query."""
        entries = VersionTransition.objects.filter(version=OuterRef("pk"), to_state=State.IN_FORCE)
        again = Case(When(verb=VersionVerb.RESTORED, then="created_at"))
        last = entries.order_by("-created_at", "-pk").annotate(again=again)
        return self.annotate(last_restored=Subquery(last.values("again")[:1]))

    def live(self):
        """Return the versions that are proposed or in force."""
        return self.filter(state__in=[State.PROPOSED, State.IN_FORCE])

    def live_or_restorable(self):
        """Return the live versions, and those replaced after being in force: these are in force
        again if the agreement to what followed is taken back."""
        restorable = Q(state=State.REPLACED, in_force_at__isnull=False)
        return self.filter(Q(state__in=[State.PROPOSED, State.IN_FORCE]) | restorable)

    def from_committee(self):
        return self.filter(origin=Origin.COMMITTEE)

    def signed(self):
        return self.filter(origin=Origin.SIGNATURE)

    def with_subjects(self):
        """Prefetch their rows, with what a page needs of them, in one query for each model."""
        return self.prefetch_related(_subjects())

    def highest_numbers(self, content_type, pks: list[int]) -> dict[int, int]:
        """Return the highest version number of each of these rows of one model, by primary key;
        those without a number are left out."""
        rows = self.filter(content_type=content_type, object_id__in=pks, number__isnull=False)
        return dict(rows.order_by().values_list("object_id").annotate(Max("number")))

    def next_number(self) -> int:
        """Return the number after the highest of these versions, which are those of one row."""
        return (self.aggregate(highest=Max("number"))["highest"] or 0) + 1


class Version(Searchable, Revised):
    """One wording of one row, stored for ever.

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
        """The commitment of its kind. Raises KeyError for one that no room contributes."""
        return by_kind(self.kind)

    @property
    def word(self) -> Word:
        """The word of the convention for what the version is about: « ambition », « fiche
        action »."""
        row = self.subject
        # Lists have read the rows with their conventions.
        convention = self.commitment.convention_of(row) if row else self.convention
        return self.commitment.word(convention)

    @cached_property
    def content(self) -> dict:
        """The content of the text, in all fields of today, whatever release wrote it. Nothing else
        parses a stored text."""
        return upcasters.complete(self.commitment, self._upgraded_content)

    @property
    def missing_fields(self) -> set[str]:
        """The names of the fields of today that the stored text has not, or only in part."""
        stored = self._upgraded_content
        return {
            name
            for name, value in self.content.items()
            if name not in stored or stored[name] != value
        }

    @property
    def _upgraded_content(self) -> dict:
        return upcasters.upgrade(self.commitment, self.schema, self.text)

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
    def dated(self) -> datetime.datetime:
        """The moment by which people call it ("version 2 du 12 avril"): when it was proposed, else
        came into force, else was written."""
        return self.proposed_at or self.in_force_at or self.created_at

    @property
    def restored_at(self) -> datetime.datetime | None:
        """The moment since when a version that had been replaced is in force again, or None;
        ``in_force_at`` is that of the first time. One query, unless read ``with_restored``."""
        if not self.is_in_force:
            return None
        if "last_restored" in self.__dict__:
            return self.__dict__["last_restored"]
        last = self.transitions.filter(to_state=State.IN_FORCE).order_by("created_at", "pk").last()
        return last.created_at if last is not None and last.verb == VersionVerb.RESTORED else None

    @property
    def stands_since(self) -> datetime.datetime | None:
        """The moment since when it is in force without a break; None if it never was."""
        return self.restored_at or self.in_force_at

    def write(self, content: dict, *, ends: bool = False) -> None:
        """Set text, schema of today, digest and ``ends``; the caller saves. Raises ValueError for a
        version in the database that is no draft."""
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
        """Return the transitions that the register lists: those that people made by themselves. The
        others follow from answers."""
        return self.filter(verb__in=[VersionVerb.PROPOSED, VersionVerb.WITHDRAWN])


class VersionTransition(Searchable, Transition):
    """One transition of a version, in its log."""

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
