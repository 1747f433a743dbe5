"""Figures that a publisher has made public, release by release, as they stood in its file."""

from decimal import Decimal

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from ctg_portal.transitions import NEW, Step, Transition, Verb
from indicators.definitions.models import FIGURE


class PlaceKind(models.TextChoices):
    """Of what sort of place a figure is."""

    COMMUNE = "commune", "la commune"
    EPCI = "epci", "l’intercommunalité"
    DEPARTMENT = "department", "le département"
    FRANCE = "france", "la France"

    @property
    def of(self) -> str:
        return OF[self]


OF = {
    PlaceKind.COMMUNE: "d’une commune",
    PlaceKind.EPCI: "d’une intercommunalité (son SIREN)",
    PlaceKind.DEPARTMENT: "d’un département",
    PlaceKind.FRANCE: "de la France",
}


class ReleaseState(models.TextChoices):
    WAITING = "waiting", "à comparer"
    COUNTING = "counting", "en usage"
    REPLACED = "replaced", "remplacée"
    SET_ASIDE = "set_aside", "écartée"


class ReleaseVerb(Verb):
    """What becomes of a release."""

    LOADED = (
        "loaded",
        Step([NEW], ReleaseState.WAITING, "coordination pour sa convention, hébergeur pour toutes"),
        "chargée",
    )
    ADOPTED = (
        "adopted",
        Step([ReleaseState.WAITING], ReleaseState.COUNTING, "qui la charge"),
        "mise en usage",
    )
    REPLACED = (
        "replaced",
        Step([ReleaseState.COUNTING], ReleaseState.REPLACED, "portail, par l’édition suivante"),
        "remplacée",
    )
    SET_ASIDE = (
        "set_aside",
        Step([ReleaseState.WAITING], ReleaseState.SET_ASIDE, "qui la charge", has_reason=True),
        "écartée",
    )


def describe_rounded_zero(rounding_base: int, *, is_sum: bool = False) -> str:
    """Return what a zero means that was rounded to a multiple of ``rounding_base``: « moins de 5 »;
    ``is_sum``: of figures of communes that were rounded one by one."""
    words = f"moins de {rounding_base}"
    return f"{words} par commune" if is_sum else words


class ReleaseQuerySet(models.QuerySet):
    def of(self, source: str, year: int, convention):
        """Return the editions of one data set and year, loaded for one convention or (None) for
        all."""
        return self.filter(source=source, year=year, convention=convention)

    def counting(self):
        return self.filter(state=ReleaseState.COUNTING)

    def waiting(self):
        return self.filter(state=ReleaseState.WAITING)

    def seen_by(self, convention):
        """Return the releases, in any state, loaded for a convention or for the whole portal."""
        # An « or » of both trips SQLite's planner over the partial indexes of the constraints.
        whose = Coalesce("convention", 0, output_field=models.BigIntegerField())
        return self.annotate(whose=whose).filter(whose__in=[0, convention.pk])

    def counting_for(self, convention):
        """Return the one release in use of each data set and year: the convention's own, else that
        of the whole portal."""
        own = Release.objects.counting().filter(
            source=OuterRef("source"), year=OuterRef("year"), convention=convention
        )
        return self.seen_by(convention).counting().exclude(Q(Exists(own), convention=None))

    def from_sources(self, keys):
        return self.filter(source__in=keys)

    def for_year(self, year: int):
        return self.filter(year=year)

    def latest_first(self):
        return self.order_by("source", "-year", "-number")


class Release(models.Model):
    """One file of a data set, for one year. What it holds never changes: another file is another
    release, which stands beside it until somebody has seen the difference.

    ``source``: the key of its file in ``statistics/sources/``. ``convention``: for which one its
    coordinator brought it; absent, whoever hosts the portal did, for all. ``was_fetched``: from the
    publisher's own address. ``is_fictional``: of a demonstration. ``rounding_base``: to the nearest
    multiple of which its publisher rounded; 0: of none.
    """

    source = models.CharField("source", max_length=40)
    year = models.PositiveSmallIntegerField("année")
    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="+", null=True, blank=True,
        verbose_name="convention",
    )  # fmt: skip
    number = models.PositiveSmallIntegerField("édition", default=1)
    state = models.CharField(
        "état", max_length=20, choices=ReleaseState.choices, default=ReleaseState.WAITING
    )
    file = models.CharField("fichier", max_length=200)
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    was_fetched = models.BooleanField("prise chez l’éditeur", default=False)
    is_fictional = models.BooleanField("données fictives", default=False)
    rounding_base = models.PositiveSmallIntegerField("arrondie au multiple de", default=0)
    count = models.PositiveIntegerField("chiffres", default=0)
    unplaced = models.PositiveIntegerField("lignes d’aucun lieu", default=0)
    loaded_at = models.DateTimeField("chargée le", default=timezone.now)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = "édition d’une statistique"
        verbose_name_plural = "éditions des statistiques"
        ordering = ["source", "-year", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "source", "year", "number"],
                condition=Q(convention__isnull=False),
                name="release_number_unique",
                violation_error_message="Cette édition a déjà ce numéro.",
            ),
            models.UniqueConstraint(
                fields=["source", "year", "number"],
                condition=Q(convention__isnull=True),
                name="release_for_all_number_unique",
                violation_error_message="Cette édition de tout le portail a déjà ce numéro.",
            ),
            models.UniqueConstraint(
                fields=["convention", "source", "year"],
                condition=Q(convention__isnull=False, state="counting"),
                name="release_counting_unique",
                violation_error_message="Une seule édition de l’année est en usage.",
            ),
            models.UniqueConstraint(
                fields=["source", "year"],
                condition=Q(convention__isnull=True, state="counting"),
                name="release_for_all_counting_unique",
                violation_error_message="Une seule édition de l’année est en usage pour tout le "
                "portail.",
            ),
            models.CheckConstraint(
                name="release_state_known",
                condition=Q(state__in=ReleaseState.values),
                violation_error_message="Cet état est inconnu.",
            ),
        ]

    def __str__(self):
        return f"{self.source} {self.year}, édition {self.number}"

    def show(self, number: Decimal, text: str) -> str:
        """Return the ``text`` of one of its numbers, or « moins de 5 » for a zero that its
        publisher rounded."""
        if number == 0 and self.rounding_base:
            return describe_rounded_zero(self.rounding_base)
        return text

    @property
    def is_waiting(self) -> bool:
        return self.state == ReleaseState.WAITING

    @property
    def is_counting(self) -> bool:
        return self.state == ReleaseState.COUNTING


class ReleaseTransition(Transition):
    """What became of a release."""

    verbs = ReleaseVerb

    release = models.ForeignKey(
        Release, models.CASCADE, related_name="transitions", verbose_name="édition"
    )
    verb = ReleaseVerb.field()

    class Meta(Transition.Meta):
        verbose_name = "acte sur une édition"
        verbose_name_plural = "actes sur les éditions"
        constraints = ReleaseVerb.constraints("release_transition")


class PublicFigureQuerySet(models.QuerySet):
    def for_communes(self):
        return self.filter(place_kind=PlaceKind.COMMUNE)

    def around(self, departments):
        """Return the figures of these départements and of France."""
        department = Q(place_kind=PlaceKind.DEPARTMENT, place__in=departments)
        return self.filter(department | Q(place_kind=PlaceKind.FRANCE))


class PublicFigure(models.Model):
    """One figure of a release. ``number`` is absent where its publisher keeps it secret; what its
    file does not hold has no row."""

    release = models.ForeignKey(
        Release, models.CASCADE, related_name="figures", verbose_name="édition"
    )
    place_kind = models.CharField("sorte de lieu", max_length=20, choices=PlaceKind.choices)
    place = models.CharField("code du lieu", max_length=9)
    measure = models.CharField("mesure", max_length=40)
    number = models.DecimalField("valeur", **FIGURE)

    objects = PublicFigureQuerySet.as_manager()

    class Meta:
        verbose_name = "chiffre public"
        verbose_name_plural = "chiffres publics"
        ordering = ["release_id", "place_kind", "place", "measure"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "place_kind", "place", "measure"],
                name="public_figure_unique",
                violation_error_message="Cette édition a déjà ce chiffre.",
            ),
            models.CheckConstraint(
                name="public_figure_place_known",
                condition=Q(place_kind__in=PlaceKind.values) & ~Q(place=""),
                violation_error_message="Un chiffre public est celui d’un lieu.",
            ),
            models.CheckConstraint(
                name="public_figure_not_negative",
                condition=Q(number__isnull=True) | Q(number__gte=0),
                violation_error_message="Un chiffre public n’est pas négatif.",
            ),
        ]

    def __str__(self):
        return f"{self.release} : {self.measure} ({self.place})"
