"""Store values: a number, or a stated absence with its reason. No row means missing (rule 5)."""

from collections.abc import Iterator
from operator import attrgetter
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from conventions.models import Coverage
from ctg_portal.forms.revisions import Revised
from ctg_portal.transitions import NEW, Step, Transition, Verb
from indicators.definitions.models import FIGURE


class ValueState(models.TextChoices):
    """How far a value is on its way. Only ``submitted`` and ``verified`` are shown to others."""

    DRAFT = "draft", "enregistrée"
    SUBMITTED = "submitted", "transmise"
    VERIFIED = "verified", "vérifiée"
    RETURNED = "returned", "retournée"


SHOWN = [ValueState.SUBMITTED, ValueState.VERIFIED]
OWED = [ValueState.DRAFT, ValueState.RETURNED]


class ValueVerb(Verb):
    """What is done to a value, and by whom."""

    SAVED = ("saved", Step([NEW, *ValueState], ValueState.DRAFT, "qui saisit"), "enregistrée")
    SUBMITTED = (
        "submitted", Step([ValueState.DRAFT], ValueState.SUBMITTED, "qui saisit"), "transmise",
    )  # fmt: skip
    VERIFIED = (
        "verified",
        Step(
            [ValueState.SUBMITTED],
            ValueState.VERIFIED,
            "fournisseur, une seconde personne ou la seule",
        ),
        "vérifiée",
    )
    RETURNED = (
        "returned",
        Step(SHOWN, ValueState.RETURNED, "fournisseur, ou coordination", has_reason=True),
        "retournée",
    )
    CORRECTED = (
        "corrected",
        Step([NEW, *ValueState], ValueState.SUBMITTED, "qui saisit", has_reason=True),
        "corrigée après la clôture",
    )
    BROUGHT = (
        "brought",
        Step([NEW], ValueState.SUBMITTED, "coordination ou qui saisit, d’une année passée"),
        "reprise d’un fichier",
    )
    TAKEN_UP = (
        "taken_up",
        Step([NEW, ValueState.SUBMITTED], ValueState.SUBMITTED, "portail, à l’ouverture"),
        "reprise d’une statistique publique",
    )
    CONTESTED = (
        "contested",
        Step(SHOWN, ValueState.SUBMITTED, "qui saisit", has_reason=True),
        "contestée, une autre est donnée",
    )
    ATTACHED = ("attached", Step(ValueState, None, "qui saisit"), "pièce jointe")

    @classmethod
    def writing(cls) -> list[str]:
        """Return the verbs that write a figure or a text beside it."""
        return [cls.SAVED, cls.CORRECTED, cls.BROUGHT, cls.TAKEN_UP, cls.CONTESTED]


class Absence(models.TextChoices):
    """Why there is no number. Never counted as zero."""

    NOT_AVAILABLE = "not_available", "non disponible"
    NOT_APPLICABLE = "not_applicable", "sans objet"


class ValueQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(campaign_indicator__campaign__convention=convention)

    def whole(self):
        """Return the values of the whole territory."""
        return self.filter(commune__isnull=True)

    def by_commune(self):
        """Return the values of single communes."""
        return self.filter(commune__isnull=False)

    def asked_of(self, campaign):
        """Return the values of the territory and of the communes of the year's perimeter: values of
        a commune that has left are kept, but belong to no table."""
        covered = Coverage.objects.in_year(campaign.convention, campaign.year)
        return self.filter(Q(commune=None) | Q(commune__in=covered.values("commune")))

    def latest_by_place(self):
        """Return, of the values of each indicator and place (territory or commune), that of the
        latest year, whatever its state."""
        by_year = Window(
            RowNumber(),
            partition_by=[F("campaign_indicator__indicator"), F("commune")],
            order_by="-campaign_indicator__campaign__year",
        )
        return self.annotate(place=by_year).filter(place=1)

    def shown(self):
        """Return the submitted and verified values. Twin: ``Value.is_shown``."""
        return self.filter(state__in=SHOWN)

    def submitted(self):
        return self.filter(state=ValueState.SUBMITTED)

    def for_year(self, year: int):
        return self.filter(campaign_indicator__campaign__year=year)

    def taken_up(self):
        """Return the values that were ever taken from a public statistic, contested since or
        not."""
        return self.filter(transitions__verb=ValueVerb.TAKEN_UP).distinct()

    def with_relations(self):
        """Join what a value is shown with: commune, release, and its indicator in the year."""
        entry = ("campaign", "version", "provider", "enterer", "indicator")
        related = [f"campaign_indicator__{name}" for name in entry]
        return self.select_related("commune", "release", *related)

    def from_release(self, release):
        """Return the values taken from a release of a public statistic."""
        return self.filter(release=release)


class Value(Revised):
    """The figure of one indicator for one year: ``number``, or ``absence`` with its ``reason``.

    For a ratio, ``number`` is numerator / denominator × factor, to six decimals. ``provisional``:
    the provider will give a final one. ``is_on_behalf``: typed by the coordinator for an
    organisation that is not hers. ``entered_through``: the link by which it came, from somebody
    without an account. ``release``: of which public statistic it is the figure, as published.
    """

    is_begun_anew = True  # a draft that was erased

    campaign_indicator = models.ForeignKey(
        "indicators.CampaignIndicator", models.PROTECT, related_name="values",
        verbose_name="indicateur",
    )  # fmt: skip
    commune = models.ForeignKey(
        "conventions.Commune", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="commune",
    )  # fmt: skip
    state = models.CharField(
        "état", max_length=20, choices=ValueState.choices, default=ValueState.DRAFT
    )
    number = models.DecimalField("valeur", **FIGURE)
    numerator = models.DecimalField("numérateur", **FIGURE)
    denominator = models.DecimalField("dénominateur", **FIGURE)
    absence = models.CharField("absence", max_length=20, choices=Absence.choices, blank=True)
    reason = models.TextField("motif de l’absence", blank=True)
    comment = models.TextField("commentaire", blank=True)
    provisional = models.BooleanField("provisoire", default=False)
    observed_from = models.DateField("observée du")
    observed_until = models.DateField("au")
    source = models.CharField("source", max_length=300, blank=True)
    is_on_behalf = models.BooleanField("saisie pour le compte du fournisseur", default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="saisie par",
    )  # fmt: skip
    entered_by_name = models.CharField("nom de qui a saisi", max_length=300, blank=True)
    entered_through = models.ForeignKey(
        "indicators.EntryLink", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="saisie par le lien",
    )  # fmt: skip
    entered_at = models.DateTimeField("saisie le", default=timezone.now)
    release = models.ForeignKey(
        "indicators.Release", models.PROTECT, related_name="values", null=True, blank=True,
        verbose_name="reprise de la statistique publique",
    )  # fmt: skip
    submitted_at = models.DateTimeField("transmise le", null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="vérifiée par",
    )  # fmt: skip
    verified_by_name = models.CharField("nom de qui a vérifié", max_length=300, blank=True)
    verified_at = models.DateTimeField("vérifiée le", null=True, blank=True)

    objects = ValueQuerySet.as_manager()

    class Meta:
        verbose_name = "valeur"
        ordering = ["campaign_indicator_id", "commune_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_indicator"],
                condition=Q(commune__isnull=True),
                name="value_whole_unique",
                violation_error_message="Cet indicateur a déjà une valeur pour cette année.",
            ),
            models.UniqueConstraint(
                fields=["campaign_indicator", "commune"],
                condition=Q(commune__isnull=False),
                name="value_commune_unique",
                violation_error_message="Cet indicateur a déjà une valeur pour cette commune.",
            ),
            models.CheckConstraint(
                name="value_number_or_absence",
                condition=Q(number__isnull=False, absence="", reason="")
                | Q(number__isnull=True, numerator__isnull=True, denominator__isnull=True,
                    absence__in=Absence.values, provisional=False) & ~Q(reason=""),
                violation_error_message="Une valeur est un nombre, ou une absence avec son motif.",
            ),
            models.CheckConstraint(
                name="value_both_terms",
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(numerator__isnull=False, denominator__isnull=False) & ~Q(denominator=0),
                violation_error_message="Un rapport a un numérateur et un dénominateur non nul.",
            ),
            models.CheckConstraint(
                name="value_period_in_order",
                condition=Q(observed_from__lte=F("observed_until")),
                violation_error_message="La période observée finit avant de commencer.",
            ),
            models.CheckConstraint(
                name="value_state_known",
                condition=Q(state__in=ValueState.values),
                violation_error_message="Cet état est inconnu.",
            ),
            models.CheckConstraint(
                name="value_submitted_has_moment",
                condition=~Q(state__in=SHOWN) | Q(submitted_at__isnull=False),
                violation_error_message="Une valeur transmise l’est depuis un moment.",
            ),
            models.CheckConstraint(
                name="value_verified_has_moment",
                condition=~Q(state="verified") | Q(verified_at__isnull=False),
                violation_error_message="Une valeur vérifiée l’est depuis un moment.",
            ),
            models.CheckConstraint(
                name="value_through_link_without_account",
                condition=Q(entered_through__isnull=True)
                | Q(entered_by__isnull=True) & ~Q(entered_by_name=""),
                violation_error_message="Ce qui vient d’un lien dit qui l’a saisi, sans compte.",
            ),
            models.CheckConstraint(
                name="value_public_is_nobodys",
                condition=Q(release__isnull=True)
                | Q(entered_by__isnull=True, entered_through__isnull=True) & ~Q(state="draft"),
                violation_error_message="Une statistique publique n’est saisie par personne.",
            ),
        ]  # fmt: skip

    def __str__(self):
        # Read in the administration and in logs: ``disclose`` alone shows the figure.
        return f"{self.campaign_indicator} : {self.get_state_display()}"

    @property
    def is_shown(self) -> bool:
        """Whether others are given it. Twin: ``shown``."""
        return self.state in SHOWN

    @property
    def is_draft(self) -> bool:
        return self.state == ValueState.DRAFT

    @property
    def is_verified(self) -> bool:
        return self.state == ValueState.VERIFIED

    @property
    def is_verified_by_own_hand(self) -> bool:
        """Whether the account that typed it has verified it too, as one alone in the organisation
        that provides it may."""
        is_known = self.is_verified and self.entered_by_id is not None
        return is_known and self.verified_by_id == self.entered_by_id

    @property
    def is_submitted(self) -> bool:
        return self.state == ValueState.SUBMITTED

    @property
    def is_returned(self) -> bool:
        return self.state == ValueState.RETURNED

    @property
    def is_public(self) -> bool:
        """Whether it is a figure of a public statistic, not a provider's."""
        return self.release_id is not None

    @property
    def rounding_base(self) -> int:
        """To a multiple of which its publisher rounded it; 0: to none, or it is no public one."""
        return self.release.rounding_base if self.release else 0

    @property
    def is_absent(self) -> bool:
        return bool(self.absence)

    @property
    def last_written(self) -> "ValueTransition":
        """The latest transition that wrote the figure or a text beside it; each value has one."""
        acts = [act for act in self.transitions.all() if act.verb in ValueVerb.writing()]
        return max(acts, key=attrgetter("pk"))


class ShownValue(NamedTuple):
    """A value that others are given, with what may be shown of it. A light tuple, as thousands are
    read."""

    campaign_indicator_id: int
    commune_id: int | None
    state: str
    number: Any  # decimals, or None
    numerator: Any
    denominator: Any
    absence: str
    reason: str
    comment: str
    provisional: bool
    source: str
    release_id: int | None
    release__rounding_base: int | None

    @property
    def is_shown(self) -> bool:
        return True

    @property
    def is_verified(self) -> bool:
        return self.state == ValueState.VERIFIED

    @property
    def is_public(self) -> bool:
        """Twin: ``Value.is_public``."""
        return self.release_id is not None

    @property
    def rounding_base(self) -> int:
        """Twin: ``Value.rounding_base``."""
        return self.release__rounding_base or 0

    @classmethod
    def read(cls, values: ValueQuerySet) -> "Iterator[ShownValue]":
        """Yield the shown values of a queryset, in no order."""
        return map(cls._make, values.shown().order_by().values_list(*cls._fields))


class ValueTransition(Transition):
    """What was done to a value, and what it was then. ``reason`` is what was said with it: why it
    was returned or corrected, the comment that it was saved with, the name of a document."""

    verbs = ValueVerb
    KEPT = ("number", "numerator", "denominator", "absence", "provisional", "is_on_behalf",
            "release_id")  # fmt: skip

    value = models.ForeignKey(
        Value, models.CASCADE, related_name="transitions", verbose_name="valeur"
    )
    verb = ValueVerb.field()
    number = models.DecimalField("valeur", **FIGURE)
    numerator = models.DecimalField("numérateur", **FIGURE)
    denominator = models.DecimalField("dénominateur", **FIGURE)
    absence = models.CharField("absence", max_length=20, choices=Absence.choices, blank=True)
    provisional = models.BooleanField("provisoire", default=False)
    is_on_behalf = models.BooleanField("pour le compte du fournisseur", default=False)
    release = models.ForeignKey(
        "indicators.Release", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="statistique publique",
    )  # fmt: skip

    class Meta(Transition.Meta):
        verbose_name = "acte sur une valeur"
        verbose_name_plural = "actes sur les valeurs"
        constraints = ValueVerb.constraints("value_transition")


class Evidence(models.Model):
    """A document that a value rests on: an extraction, a letter, an activity report."""

    value = models.ForeignKey(Value, models.CASCADE, related_name="evidence", verbose_name="valeur")
    document = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, related_name="+", verbose_name="document"
    )

    class Meta:
        verbose_name = "pièce d’une valeur"
        verbose_name_plural = "pièces des valeurs"
        ordering = ["pk"]

    def __str__(self):
        return str(self.document)
