"""What the parties pursue: axes, their themes, objectives on two levels."""

import datetime
from collections.abc import Iterable

from django.db import models
from django.db.models import Case, Q, Value, When
from django.urls import reverse
from simple_history.models import HistoricalRecords

from conventions.legal.standing import READABLE, StandingQuerySet, StandingRow
from conventions.legal.time import Succession, Worded, WordedQuerySet, Wording
from ctg_portal.search.rows import Searchable
from ctg_portal.text.colours import AXIS_COLOURS


class AxisWords(models.Model):
    """``text`` is the introduction, in Markdown. ``numeral``: how the text writes ``number``
    (« II », « B »), empty where it counts 1, 2, 3."""

    number = models.PositiveSmallIntegerField("numéro")
    numeral = models.CharField("numéro tel que le texte l’écrit", max_length=20, blank=True)
    title = models.CharField("titre", max_length=500)
    text = models.TextField("texte", blank=True)
    is_priority = models.BooleanField("prioritaire", default=False)

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    @property
    def mark(self) -> str:
        """The number as the text writes it."""
        return self.numeral or str(self.number)


class Axis(Searchable, AxisWords, Worded):
    """A strategic axis."""

    SEARCH_FIELDS = ("title", "text")
    WORDS = ("number", "numeral", "title", "text", "is_priority")

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="axes", verbose_name="convention"
    )

    objects = WordedQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta:
        verbose_name = "axe"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "number"],
                condition=Q(until__isnull=True),
                name="axis_number_unique",
                violation_error_message="Cette convention a déjà un axe de ce numéro.",
            )
        ]

    def get_absolute_url(self):
        return f"{reverse('conventions:axes', args=[self.convention.slug])}#{self.anchor}"

    @property
    def anchor(self) -> str:
        # A closed one may have left its number to another.
        return f"axe-{self.number}" if not self.is_closed else f"ancien-axe-{self.pk}"

    @property
    def colour(self) -> int:
        """The number of this axis's colour among the axis colours, from 1 on."""
        return (self.number - 1) % len(AXIS_COLOURS) + 1

    @property
    def has_titled_themes(self) -> bool:
        """Whether any theme read with the axis has a title."""
        return any(theme.title for theme in self.themes_read)

    @property
    def objective_count(self) -> int:
        """The number of agreed objectives in force that were read with the axis: orientations, and
        in the place of one that is only a text, what is beneath it."""
        orientations = [o for theme in self.themes_read for o in theme.orientations]
        beneath_texts = [
            sub for o in orientations if not o.is_objective for sub in o.sub_objectives_read
        ]
        objectives = [o for o in orientations + beneath_texts if o.is_objective]
        return sum(o.is_agreed and not o.is_closed for o in objectives)


class AxisWording(AxisWords, Wording):
    part = models.ForeignKey(Axis, models.CASCADE, related_name="wordings", verbose_name="axe")

    class Meta(Wording.Meta):
        verbose_name = "rédaction d’un axe"
        verbose_name_plural = "rédactions d’axes"


class AxisSuccession(Succession):
    old = models.ForeignKey(
        Axis, models.CASCADE, related_name="successions", verbose_name="ancien axe"
    )
    new = models.ForeignKey(Axis, models.CASCADE, related_name="+", verbose_name="nouvel axe")

    class Meta(Succession.Meta):
        verbose_name = "succession d’axes"
        verbose_name_plural = "successions d’axes"


class ThemeWords(models.Model):
    rank = models.PositiveSmallIntegerField("rang")
    number = models.CharField("numéro", max_length=20, blank=True)
    title = models.CharField("titre", max_length=500, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.title or self.axis.title


class Theme(Searchable, ThemeWords, Worded):
    """A theme of an axis. An axis without themes has one, untitled, that is never shown."""

    SEARCH_FIELDS = ("title",)
    WORDS = ("axis", "rank", "number", "title")

    axis = models.ForeignKey(Axis, models.CASCADE, related_name="themes", verbose_name="axe")

    objects = WordedQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta:
        verbose_name = "thématique"
        ordering = ["axis__number", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["axis"],
                condition=Q(title="", until__isnull=True),
                name="theme_untitled_unique",
                violation_error_message="Un axe n’a qu’une thématique sans titre.",
            ),
            models.UniqueConstraint(
                fields=["axis", "number"],
                condition=~Q(number="") & Q(until__isnull=True),
                name="theme_number_unique",
                violation_error_message="Cet axe a déjà une thématique de ce numéro.",
            ),
        ]

    @property
    def anchor(self) -> str:
        return f"thematique-{self.pk}"


class ThemeWording(ThemeWords, Wording):
    part = models.ForeignKey(
        Theme, models.CASCADE, related_name="wordings", verbose_name="thématique"
    )
    axis = models.ForeignKey(Axis, models.RESTRICT, related_name="+", verbose_name="axe")

    class Meta(Wording.Meta):
        verbose_name = "rédaction d’une thématique"
        verbose_name_plural = "rédactions de thématiques"


class ThemeSuccession(Succession):
    old = models.ForeignKey(
        Theme, models.CASCADE, related_name="successions", verbose_name="ancienne thématique"
    )
    new = models.ForeignKey(
        Theme, models.CASCADE, related_name="+", verbose_name="nouvelle thématique"
    )

    class Meta(Succession.Meta):
        verbose_name = "succession de thématiques"
        verbose_name_plural = "successions de thématiques"


class Origin(models.TextChoices):
    """Where an objective comes from: the signed text, or the committee afterwards (art. 4)."""

    SIGNATURE = "signature", "signature"
    COMMITTEE = "committee", "comité"


class ObjectiveQuerySet(StandingQuerySet, WordedQuerySet):
    def of(self, convention):
        return self.filter(theme__axis__convention=convention)

    def in_force(self, on: datetime.date):
        """Keep objectives effective on that day and agreed to: a proposed one binds nobody yet."""
        return super().in_force(on).agreed()

    def as_read_on(self, day: datetime.date | None):
        """Keep the objectives in force on ``day``, agreed or proposed, except those beneath an
        orientation that is neither."""
        beneath_shown = Q(parent__isnull=True) | Q(parent__standing__in=READABLE)
        return super().as_read_on(day).readable().filter(beneath_shown)

    def level(self, level: int):
        """Keep orientations (1) or sub-objectives (2)."""
        return self.filter(level=level)

    def selectable(self, day: datetime.date | None, chosen: Iterable[int] = ()):
        """Keep what a form offers: the objectives read on ``day`` and the ``chosen`` ones, which
        may be a text by now; annotate ``is_read``, as for other parts."""
        chosen = list(chosen)
        return super().selectable(day, chosen).filter(Q(is_objective=True) | Q(pk__in=chosen))

    def in_reading_order(self):
        return self.order_by("theme__axis__number", "theme__rank", "level", "rank", "pk")


class ObjectiveWords(models.Model):
    rank = models.PositiveSmallIntegerField("rang")
    code = models.CharField("code", max_length=40, blank=True)
    title = models.TextField("titre")
    is_priority = models.BooleanField("prioritaire", default=False)
    due_on = models.DateField("échéance", null=True, blank=True)
    measure = models.TextField("mesure", blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.title


class Objective(Searchable, StandingRow, ObjectiveWords, Worded):
    """An objective: an orientation (level 1), or a sub-objective of one (level 2).

    The committee may add some, with a day to reach them by and how one will know (``measure``).

    ``theme`` is kept on both levels, so that whatever measures or serves an objective finds its
    theme in one step; a sub-objective takes its parent's.

    A passage of the signed text in the place of an objective may be a text only, such as a heading:
    it is read, and neither appreciated nor counted. ``came_as_objective``: as the text came in;
    ``is_objective``: as the parties have agreed since, by today (``committee.reclassifications``).
    """

    SEARCH_FIELDS = ("title", "code", "measure")
    PLACE = ("theme", "parent", "rank", "code")
    WORDS = (*PLACE, "title", "is_priority", "due_on", "measure")

    theme = models.ForeignKey(
        Theme, models.CASCADE, related_name="objectives", verbose_name="thématique"
    )
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        related_name="sub_objectives",
        null=True,
        blank=True,
        verbose_name="orientation",
    )
    level = models.GeneratedField(
        expression=Case(When(parent__isnull=True, then=Value(1)), default=Value(2)),
        output_field=models.PositiveSmallIntegerField("niveau"),
        db_persist=True,
    )
    origin = models.CharField(
        "origine", max_length=20, choices=Origin.choices, default=Origin.SIGNATURE
    )
    came_as_objective = models.BooleanField("objectif à l’entrée du texte", default=True)
    is_objective = models.BooleanField("objectif", default=True)

    objects = ObjectiveQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text", "level"])

    class Meta:
        verbose_name = "objectif"
        ordering = ["theme__axis__number", "theme__rank", "rank", "pk"]
        constraints = [
            *StandingRow.Meta.constraints,
            models.CheckConstraint(
                name="objective_has_title",
                condition=~Q(title=""),
                violation_error_message="Un objectif a un titre.",
            ),
            models.CheckConstraint(
                name="objective_origin_known",
                condition=Q(origin__in=Origin.values),
                violation_error_message="L’origine d’un objectif est la signature ou le comité.",
            ),
            models.UniqueConstraint(
                fields=["theme", "code"],
                condition=~Q(code="") & Q(until__isnull=True),
                name="objective_code_unique",
                violation_error_message="Cette thématique a déjà un objectif de ce code.",
            ),
        ]

    def save(self, **kwargs):
        """Save the objective; a sub-objective takes the theme of its parent."""
        if self.parent_id:
            self.theme_id = self.parent.theme_id
        super().save(**kwargs)

    def get_absolute_url(self):
        """Return the address of the objective on the page of the axes; of a proposed one, so that
        it is not folded away."""
        page = reverse("conventions:axes", args=[self.theme.axis.convention.slug])
        asked = f"?objectif={self.pk}" if self.is_proposed else ""
        return f"{page}{asked}#{self.anchor}"

    @property
    def amended_words(self):
        """The names of the words that an amendment may change: of the committee's own objectives
        only the place, since the committee agrees to the rest."""
        return self.WORDS if self.is_signed else self.PLACE

    @property
    def is_signed(self) -> bool:
        """Whether it comes from the signed text, and not from the committee."""
        return self.origin == Origin.SIGNATURE

    @property
    def anchor(self) -> str:
        return f"objectif-{self.pk}"


class ObjectiveWording(ObjectiveWords, Wording):
    """A wording of an objective; of the committee's own ones only the place is read."""

    part = models.ForeignKey(
        Objective, models.CASCADE, related_name="wordings", verbose_name="objectif"
    )
    theme = models.ForeignKey(Theme, models.RESTRICT, related_name="+", verbose_name="thématique")
    parent = models.ForeignKey(
        Objective,
        models.RESTRICT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="orientation",
    )

    class Meta(Wording.Meta):
        verbose_name = "rédaction d’un objectif"
        verbose_name_plural = "rédactions d’objectifs"


class ObjectiveSuccession(Succession):
    old = models.ForeignKey(
        Objective, models.CASCADE, related_name="successions", verbose_name="ancien objectif"
    )
    new = models.ForeignKey(
        Objective, models.CASCADE, related_name="+", verbose_name="nouvel objectif"
    )

    class Meta(Succession.Meta):
        verbose_name = "succession d’objectifs"
        verbose_name_plural = "successions d’objectifs"
