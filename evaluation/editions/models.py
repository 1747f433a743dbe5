"""The steps of an evaluation to its publication: what was submitted, validated, agreed, printed.

``Evaluation`` is what the parties agree about; an ``Edition`` is one attempt to publish it, with
one frozen content (``Snapshot``).
"""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from ctg_portal.forms.revisions import Revised
from ctg_portal.templatetags.french import long_date, plural
from ctg_portal.transitions import NEW, Step, Transition, Verb
from documents.drawing.models import Composition, CompositionQuerySet, CompositionVerb
from documents.templatetags.files import weight
from evaluation.period import Period, year_field

COORDINATOR = "coordination"


class SnapshotQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)


class Snapshot(models.Model):
    """All that an evaluation said at a moment, as plain data, which never changes.

    ``text`` is the JSON of a ``ReportContent`` in the shape that ``schema`` numbers; ``digest`` is
    that of the content (``ReportContent.digest``), ``analyses`` that of what it says of figures
    alone.
    """

    convention = models.ForeignKey(
        "conventions.Convention",
        models.CASCADE,
        related_name="snapshots",
        verbose_name="convention",
    )
    year = year_field()
    schema = models.PositiveSmallIntegerField("schéma")
    text = models.TextField("contenu")
    digest = models.CharField("empreinte du contenu", max_length=64)
    analyses = models.CharField("empreinte des analyses", max_length=64)
    created_at = models.DateTimeField("figé le", default=timezone.now)
    # Their files stay as long as what shows them.
    images = models.ManyToManyField(
        "evaluation.Illustration", related_name="snapshots", verbose_name="images", blank=True
    )

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = "contenu figé d’une évaluation"
        verbose_name_plural = "contenus figés des évaluations"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "year", "digest"],
                name="snapshot_unique",
                violation_error_message="Ce contenu est déjà figé.",
            ),
            models.UniqueConstraint(
                fields=["convention", "digest"],
                name="snapshot_unique_of_term",
                condition=Q(year__isnull=True),
                violation_error_message="Ce contenu est déjà figé.",
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$", analyses__regex=r"^[0-9a-f]{64}$"),
                name="snapshot_has_digests",
                violation_error_message="Un contenu figé a ses empreintes.",
            ),
        ]

    def __str__(self):
        return f"{Period(self.year)} ({self.digest[:12]})"

    def save(self, **kwargs):
        """Store a new row; raise ValueError for an existing one."""
        if self.pk:
            raise ValueError("What was frozen never changes.")
        super().save(**kwargs)


class EvaluationQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def for_year(self, year: int | None):
        return self.filter(year=year)


class Evaluation(Revised):
    """The evaluation of a year, or of the term, as the parties agree to it. ``digest``: of the
    content in force between them, empty before the first agreement; ``changes``: what it
    changed."""

    counts_saves = False  # its successes and difficulties are what a form edits

    convention = models.ForeignKey(
        "conventions.Convention",
        models.PROTECT,
        related_name="evaluations",
        verbose_name="convention",
    )
    year = year_field()
    digest = models.CharField("empreinte du contenu", max_length=64, blank=True)
    changes = models.TextField("ce qui change", blank=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = "évaluation"
        verbose_name_plural = "évaluations"
        ordering = ["convention_id", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "year"],
                name="evaluation_unique",
                violation_error_message="Cette année a déjà son évaluation.",
            ),
            models.UniqueConstraint(
                fields=["convention"],
                name="evaluation_unique_of_term",
                condition=Q(year__isnull=True),
                violation_error_message="Cette convention a déjà son évaluation finale.",
            ),
        ]

    def __str__(self):
        return self.period.title

    def get_absolute_url(self) -> str:
        """Return the page of its publication."""
        return reverse("evaluation:publication", args=[self.convention.slug, self.year])

    @property
    def period(self) -> Period:
        return Period(self.year)


class EditionState(models.TextChoices):
    SUBMITTED = "submitted", "soumise à validation"
    PROPOSED = "proposed", "soumise à l’accord des parties"
    PUBLISHED = "published", "publiée"
    RETURNED = "returned", "rendue à la rédaction"


IN_HAND = [EditionState.SUBMITTED, EditionState.PROPOSED]


class EditionVerb(Verb):
    """The acts on an edition. That its analyses are validated, or all parties agree, is read from
    their answers and is no act of its own."""

    SUBMITTED = (
        "submitted",
        Step([NEW], EditionState.SUBMITTED, COORDINATOR),
        "soumise à validation",
    )
    PROPOSED = (
        "proposed",
        Step([EditionState.SUBMITTED], EditionState.PROPOSED, COORDINATOR),
        "soumise à l’accord des parties",
    )
    PUBLISHED = (
        "published",
        Step([EditionState.PROPOSED], EditionState.PUBLISHED, f"{COORDINATOR}, puis portail"),
        "publiée",
    )
    RETURNED = (
        "returned",
        Step(IN_HAND, EditionState.RETURNED, COORDINATOR, has_reason=True),
        "rendue à la rédaction",
    )


class EditionQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(evaluation__convention=convention)

    def for_year(self, year: int | None):
        return self.filter(evaluation__year=year)

    def for_any_of(self, years: Iterable[int | None]):
        """Keep the editions of any of these years; None among them is the term."""
        years = set(years)
        in_years = Q(evaluation__year__in=years - {None})
        return self.filter(
            in_years | Q(evaluation__year__isnull=True) if None in years else in_years
        )

    def including_year(self, year: int):
        """Keep the editions that show the figures of a year: its own, those of later years, the
        term's."""
        return self.filter(Q(evaluation__year__gte=year) | Q(evaluation__year__isnull=True))

    def latest_first(self):
        """Order by the term, then by year, the last first; within each, the last published
        first."""
        return self.order_by(F("evaluation__year").desc(nulls_first=True), "-number")

    def in_hand(self):
        """Keep the editions that are submitted or proposed. Twin: ``Edition.is_in_hand``."""
        return self.filter(state__in=IN_HAND)

    def published(self):
        return self.filter(state=EditionState.PUBLISHED)

    def last_published(self) -> "Edition | None":
        """Return the last published edition of one evaluation, which everybody reads today; None
        before the first."""
        return self.published().order_by("-number").first()

    def without_rendition(self, rendition: "Rendition", since):
        """Keep the published editions without this rendition, ready or on its way; those whose
        drawing failed only once ``since`` has passed."""
        printings = Printing.objects.filter(
            edition=models.OuterRef("pk"), is_final=True, rendition=rendition
        )
        there = printings.exclude(state="failed") | printings.filter(requested_at__gt=since)
        return self.published().exclude(models.Exists(there))

    def with_states(self):
        """Load evaluation, states and the digest of the analyses, but no text."""
        return self.select_related("evaluation", "snapshot", "version").only(
            "number", "state", "submitted_at", "evaluation__convention", "evaluation__year",
            "snapshot__analyses", "version__state",
        )  # fmt: skip

    def with_all(self):
        """Load evaluation, convention, frozen content and version."""
        return self.select_related("evaluation__convention", "snapshot", "version")


class Edition(models.Model):
    """One attempt to publish an evaluation, with a frozen content. ``number``: that of the
    published version that it becomes; ``reason``: why the one before is corrected, empty for a
    first."""

    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, related_name="editions", verbose_name="évaluation"
    )
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, related_name="editions", verbose_name="contenu"
    )
    version = models.ForeignKey(
        "agreements.Version", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="version soumise à l’accord",
    )  # fmt: skip
    number = models.PositiveSmallIntegerField("numéro")
    reason = models.TextField("motif de la correction", blank=True, max_length=5000)
    state = models.CharField("état", max_length=20, choices=EditionState.choices)
    submitted_at = models.DateTimeField("soumise le", default=timezone.now)
    submitted_by_name = models.CharField("soumise par", max_length=300, blank=True)
    published_at = models.DateTimeField("publiée le", null=True, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "édition d’une évaluation"
        verbose_name_plural = "éditions des évaluations"
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation"],
                condition=Q(state__in=IN_HAND),
                name="edition_one_in_hand",
                violation_error_message="L’évaluation de cette année est déjà soumise.",
            ),
            models.UniqueConstraint(
                fields=["evaluation", "number"],
                condition=Q(state="published"),
                name="edition_number_published_once",
                violation_error_message="Cette version est déjà publiée.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=EditionState.values),
                name="edition_state_known",
                violation_error_message="Cet état est inconnu.",
            ),
            models.CheckConstraint(
                condition=Q(number=1) | Q(number__gt=1) & ~Q(reason=""),
                name="edition_correction_has_reason",
                violation_error_message="Une correction dit pourquoi elle est faite.",
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False, version__isnull=False)
                | ~Q(state="published") & Q(published_at__isnull=True),
                name="edition_published_was_agreed",
                violation_error_message="Une évaluation publiée a été acceptée, et a sa date.",
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed") | Q(version__isnull=False),
                name="edition_proposed_has_version",
                violation_error_message="Une évaluation soumise à l’accord a sa version.",
            ),
        ]

    def __str__(self):
        return f"{self.evaluation}, version {self.number}"

    @property
    def year(self) -> int | None:
        return self.evaluation.year

    @property
    def period(self) -> Period:
        return self.evaluation.period

    @property
    def is_in_hand(self) -> bool:
        return self.state in IN_HAND

    @property
    def is_submitted(self) -> bool:
        return self.state == EditionState.SUBMITTED

    @property
    def is_proposed(self) -> bool:
        return self.state == EditionState.PROPOSED

    @property
    def is_published(self) -> bool:
        return self.state == EditionState.PUBLISHED

    @property
    def is_agreed(self) -> bool:
        """Whether every party whose agreement is required has given it to this very content, and
        none was taken back since."""
        return self.version is not None and self.version.is_in_force


class EditionTransition(Transition):
    """What happened to an edition."""

    verbs = EditionVerb

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="transitions", verbose_name="édition"
    )
    verb = EditionVerb.field()

    class Meta(Transition.Meta):
        verbose_name = "acte sur une édition"
        verbose_name_plural = "actes sur les éditions"
        constraints = EditionVerb.constraints("edition_transition")


class ValidationWord(models.TextChoices):
    """What a party, or an adviser, says of the analyses of an edition."""

    VALIDATED = "validated", "Analyses validées"
    CHANGE = "change", "Modification demandée"
    RETRACTED = "retracted", "Validation retirée"
    OPINION = "opinion", "Avis"


class ValidationQuerySet(models.QuerySet):
    def in_order(self):
        return self.order_by("created_at", "pk")


class Validation(models.Model):
    """A word on the analyses of an edition (art. 5), in the name of an organisation, or an avis.

    Rows are only added: the last one of a party counts.
    """

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="validations", verbose_name="édition"
    )
    organisation = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="+", verbose_name="organisme"
    )
    word = models.CharField("réponse", max_length=20, choices=ValidationWord.choices)
    text = models.TextField("motif ou avis", blank=True, max_length=5000)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    person_name = models.CharField("nom", max_length=300)
    capacity = models.CharField("qualité", max_length=850, blank=True)
    created_at = models.DateTimeField("le", default=timezone.now)

    objects = ValidationQuerySet.as_manager()

    class Meta:
        verbose_name = "validation d’analyses"
        verbose_name_plural = "validations d’analyses"
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(word__in=ValidationWord.values),
                name="validation_word_known",
                violation_error_message="Cette réponse est inconnue.",
            ),
            models.CheckConstraint(
                condition=Q(word__in=[ValidationWord.VALIDATED, ValidationWord.RETRACTED])
                | ~Q(text=""),
                name="validation_says_why",
                violation_error_message="Une demande de modification ou un avis a un texte.",
            ),
        ]

    def __str__(self):
        return f"{self.get_word_display()} ({self.organisation})"

    def save(self, **kwargs):
        """Store a new row; raise ValueError for an existing one."""
        if self.pk:
            raise ValueError("What was said is never changed.")
        super().save(**kwargs)

    @property
    def is_validated(self) -> bool:
        return self.word == ValidationWord.VALIDATED

    @property
    def is_opinion(self) -> bool:
        return self.word == ValidationWord.OPINION

    @property
    def wants_otherwise(self) -> bool:
        """Whether it says that the analyses are not right."""
        return self.word in (ValidationWord.CHANGE, ValidationWord.RETRACTED)


class Rendition(models.TextChoices):
    """A form of one content: the document, or a file beside it for other readers. How each is made:
    ``evaluation.report.renditions``."""

    WHOLE = "whole", "document entier"
    ESSENTIAL = "essential", "l’essentiel"
    ANNEX = "annex", "annexe"
    WORKBOOK = "xlsx", "classeur"
    WORD = "docx", "Word"


class PrintingQuerySet(CompositionQuerySet):
    def of(self, convention):
        return self.filter(edition__evaluation__convention=convention)

    def for_year(self, year: int | None):
        return self.filter(edition__evaluation__year=year)

    def for_edition(self, edition: Edition):
        return self.filter(edition=edition)

    def published(self):
        """Keep the files, already drawn, of published versions: not the projects that were
        validated and agreed."""
        return self.ready().filter(is_final=True, edition__state=EditionState.PUBLISHED)


class Printing(Composition):
    """The document of an edition, drawn from its frozen content: as a project for who validates
    and agrees, and, ``is_final``, as what is published; in another ``rendition``, what goes with
    what is published. It is kept for good. ``verified_at``: when its file was last found whole by
    the daily check; None before, and while it is not."""

    FOLDER = "publications"
    kind = "evaluation.printing"

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="printings", verbose_name="édition"
    )
    is_final = models.BooleanField("version publiée", default=False)
    rendition = models.CharField(
        "forme", max_length=10, choices=Rendition.choices, default=Rendition.WHOLE
    )
    verified_at = models.DateTimeField("vérifié le", null=True, blank=True)

    objects = PrintingQuerySet.as_manager()

    class Meta(Composition.Meta):
        verbose_name = "document d’une édition"
        verbose_name_plural = "documents des éditions"
        indexes = [models.Index(fields=["sha256"], name="printing_by_sha256")]
        constraints = [
            *Composition.Meta.constraints,
            models.UniqueConstraint(
                fields=["edition", "is_final", "rendition"],
                condition=Q(state__in=["queued", "composing", "ready"]),
                name="printing_once",
                violation_error_message="Ce document est déjà là, ou en préparation.",
            ),
            models.CheckConstraint(
                condition=Q(rendition__in=Rendition.values),
                name="printing_rendition_known",
                violation_error_message="Cette forme est inconnue.",
            ),
        ]

    def __str__(self):
        stage = "publiée" if self.is_final else "projet"
        return f"{self.edition} ({stage}, {self.get_rendition_display()})"

    @property
    def is_whole(self) -> bool:
        return self.rendition == Rendition.WHOLE

    @property
    def length_and_check(self) -> str:
        """The length of the file, and when it was last verified, as lists show them: « 24 pages,
        1,2 Mo, vérifié le 2 décembre 2026 »."""
        pages = [plural(self.pages, "page,pages")] if self.pages else []
        day = [f"vérifié le {long_date(self.verified_at)}"] if self.verified_at else []
        return ", ".join([*pages, weight(self.size or 0), *day])

    @property
    def file_name(self) -> str:
        """« evaluation.pdf », « evaluation.xlsx »: the name under which it is stored."""
        is_pdf = self.rendition in (Rendition.WHOLE, Rendition.ESSENTIAL, Rendition.ANNEX)
        return f"evaluation.{'pdf' if is_pdf else self.rendition}"

    @property
    def cancel_url(self) -> str:
        """Empty: nobody cancels it, as it is requested by an act and goes with it."""
        return ""


class PrintingTransition(Transition):
    """What happened to the document of an edition."""

    verbs = CompositionVerb

    printing = models.ForeignKey(
        Printing, models.CASCADE, related_name="transitions", verbose_name="document d’une édition"
    )
    verb = CompositionVerb.field()

    class Meta(Transition.Meta):
        verbose_name = "acte sur le document d’une édition"
        verbose_name_plural = "actes sur les documents des éditions"
        constraints = CompositionVerb.constraints("printing_transition")
