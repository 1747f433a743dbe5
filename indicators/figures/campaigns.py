"""The yearly collection (recueil annuel): what is asked of whom, for which year, by when."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from conventions.models import Convention, Organisation
from conventions.parties.secrecy import SecrecyRule, is_stricter
from ctg_portal.forms.revisions import Revised
from ctg_portal.templatetags.french import plural
from ctg_portal.transitions import NEW, Step, Transition, Verb
from indicators.definitions.models import Grain
from indicators.figures.disclosures import Disclosure


class CampaignState(models.TextChoices):
    PREPARED = "prepared", "en préparation"
    OPEN = "open", "ouvert"
    CLOSED = "closed", "clos"
    REOPENED = "reopened", "rouvert"
    CANCELLED = "cancelled", "annulé"


TAKING_VALUES = [CampaignState.OPEN, CampaignState.REOPENED]


class CampaignVerb(Verb):
    """What the coordinator does with a year's collection."""

    PREPARED = ("prepared", Step([NEW], CampaignState.PREPARED, "coordination"), "préparé")
    MOVED = (
        "moved",
        Step([CampaignState.PREPARED, *TAKING_VALUES], None, "coordination"),
        "échéance changée",
    )
    YEAR_CHANGED = (
        "year_changed",
        Step([CampaignState.PREPARED, *TAKING_VALUES], None, "coordination, tant qu’il est vide"),
        "année changée",
    )
    CANCELLED = (
        "cancelled",
        Step(
            [CampaignState.PREPARED, *TAKING_VALUES],
            CampaignState.CANCELLED,
            "coordination, tant qu’il est vide",
        ),
        "annulé",
    )
    OPENED = "opened", Step([CampaignState.PREPARED], CampaignState.OPEN, "coordination"), "ouvert"
    CLOSED = ("closed", Step(TAKING_VALUES, CampaignState.CLOSED, "coordination"), "clos")
    REOPENED = (
        "reopened",
        Step([CampaignState.CLOSED], CampaignState.REOPENED, "coordination", has_reason=True),
        "rouvert",
    )
    BROUGHT = (
        "brought",
        Step([NEW], CampaignState.CLOSED, "coordination, d’une année passée"),
        "repris d’un fichier",
    )
    LET_GO = (
        "let_go",
        Step(
            [CampaignState.CLOSED],
            CampaignState.CANCELLED,
            "qui a repris le fichier, une fois vidé de ses données",
        ),
        "reprise annulée",
    )


class CampaignQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def for_year(self, year: int):
        return self.filter(year=year)

    def open(self):
        """Return the campaigns that take values. Twin: ``Campaign.is_open``."""
        return self.filter(state__in=TAKING_VALUES)

    def reopened(self):
        """Return the campaigns that were closed and take values again."""
        return self.filter(state=CampaignState.REOPENED)

    def opened(self):
        """Return the campaigns that were ever opened: they have definitions and may have
        figures."""
        return self.exclude(state=CampaignState.PREPARED)

    def before(self, year: int):
        """Return the campaigns of earlier years, the latest first."""
        return self.filter(year__lt=year).order_by("-year")

    def up_to(self, year: int):
        return self.filter(year__lte=year)

    def fictional(self):
        return self.filter(is_fictional=True)


class StandingCampaigns(models.Manager.from_queryset(CampaignQuerySet)):
    """All but those cancelled: of a year that was prepared by mistake only the log is left."""

    def get_queryset(self):
        return super().get_queryset().exclude(state=CampaignState.CANCELLED)


class Campaign(Revised):
    """The collection of one year's figures. ``year`` is the year observed, not that of the entry.

    ``due_on``: by when figures are expected; an indicator that exists later has a later day.
    ``is_fictional``: a demonstration; pages with its figures say so. ``is_from_file``: a past year
    whose figures came from a file; it was never open, and nobody was asked for anything.
    """

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="campaigns",
        verbose_name="convention",
    )  # fmt: skip
    year = models.PositiveSmallIntegerField(
        "année", validators=[MinValueValidator(1990), MaxValueValidator(2200)]
    )
    state = models.CharField(
        "état", max_length=20, choices=CampaignState.choices, default=CampaignState.PREPARED
    )
    due_on = models.DateField("à transmettre avant le")
    message = models.TextField("message aux contributeurs", blank=True)
    is_fictional = models.BooleanField("données fictives", default=False)
    is_from_file = models.BooleanField("repris d’un fichier", default=False)
    created_at = models.DateTimeField("préparé le", auto_now_add=True)
    opened_at = models.DateTimeField("ouvert le", null=True, blank=True)
    closed_at = models.DateTimeField("clos le", null=True, blank=True)

    objects = StandingCampaigns()
    with_cancelled = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "recueil annuel"
        verbose_name_plural = "recueils annuels"
        ordering = ["convention_id", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "year"],
                condition=~Q(state="cancelled"),
                name="campaign_year_unique",
                violation_error_message="Cette convention a déjà un recueil pour cette année.",
            ),
            models.CheckConstraint(
                name="campaign_state_known",
                condition=Q(state__in=CampaignState.values),
                violation_error_message="Cet état est inconnu.",
            ),
            models.CheckConstraint(
                name="campaign_opened_once_not_prepared",
                condition=Q(state="prepared", opened_at__isnull=True)
                | ~Q(state="prepared") & Q(opened_at__isnull=False)
                | Q(state="cancelled"),
                violation_error_message="Un recueil ouvert l’est depuis un moment.",
            ),
            models.CheckConstraint(
                name="campaign_closed_has_moment",
                condition=~Q(state="closed") | Q(closed_at__isnull=False),
                violation_error_message="Un recueil clos l’est depuis un moment.",
            ),
            models.CheckConstraint(
                name="campaign_from_file_is_closed",
                condition=Q(is_from_file=False) | ~Q(state__in=["prepared", "open"]),
                violation_error_message="Un recueil repris d’un fichier naît clos.",
            ),
        ]

    def __str__(self):
        return f"Recueil {self.year}"

    def get_absolute_url(self):
        return reverse("evaluation:year", args=[self.convention.slug, self.year])

    @property
    def is_prepared(self) -> bool:
        return self.state == CampaignState.PREPARED

    @property
    def is_open(self) -> bool:
        """Whether it takes values. Twin: ``open``."""
        return self.state in TAKING_VALUES

    @property
    def is_closed(self) -> bool:
        return self.state == CampaignState.CLOSED

    @property
    def is_cancelled(self) -> bool:
        return self.state == CampaignState.CANCELLED

    @property
    def takes_figures_of_files(self) -> bool:
        """Whether its figures come from a file: it came from one and is closed (not opened since to
        ask for the rest), or is not saved yet."""
        return self.is_from_file and (self.is_closed or self.pk is None)

    @property
    def state_label(self) -> str:
        return "repris d’un fichier" if self.takes_figures_of_files else self.get_state_display()

    @property
    def is_empty(self) -> bool:
        """Whether it holds no value of anybody, not even a draft."""
        return not self.campaign_indicators.filter(values__isnull=False).exists()

    @property
    def observed(self) -> tuple[datetime.date, datetime.date]:
        """The first and last day of the year that is observed."""
        return datetime.date(self.year, 1, 1), datetime.date(self.year, 12, 31)


class CampaignTransition(Transition):
    """What happened to a campaign."""

    verbs = CampaignVerb

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="transitions", verbose_name="recueil annuel"
    )
    verb = CampaignVerb.field()

    class Meta(Transition.Meta):
        verbose_name = "étape d’un recueil"
        verbose_name_plural = "étapes des recueils"
        constraints = CampaignVerb.constraints("campaign_transition")

    @property
    def state_label(self) -> str:
        """The state that it had once this was done; for a year from a file, what was done."""
        is_brought = self.verb == CampaignVerb.BROUGHT
        return self.get_verb_display() if is_brought else CampaignState(self.to_state).label


class TableState(models.TextChoices):
    """How far the figures of all communes are together: as far as the one that is least far, or as
    the absence that is stated for all of them. A table that is given for some communes only is
    still owed."""

    NOTHING = "", "à saisir"
    DRAFT = "draft", "enregistré"
    RETURNED = "returned", "retourné"
    PARTIAL = "partial", "transmis en partie"
    SUBMITTED = "submitted", "transmis"
    VERIFIED = "verified", "vérifié"


# What a page that lists indicators of a campaign joins.
LISTED_WITH = ("version", "provider", "enterer", "disclosure", "indicator__theme__axis")


def _sharing(
    campaign: "Campaign", rows: Iterable["CampaignIndicator"]
) -> list["CampaignIndicator"]:
    """Return the rows as a list; all share the campaign, and its convention."""
    listed = list(rows)
    for entry in listed:
        entry.campaign = campaign
        entry.indicator.convention = entry.indicator.theme.axis.convention = campaign.convention
    return listed


class CampaignIndicatorQuerySet(models.QuerySet):
    def from_files(self):
        """Return the indicators of closed years that were imported from a file."""
        return self.filter(campaign__is_from_file=True, campaign__state=CampaignState.CLOSED)

    def of(self, convention):
        return self.filter(campaign__convention=convention)

    def for_year(self, convention, year: int):
        return self.of(convention).filter(campaign__year=year)

    def entered_by(self, organisations):
        """Return the indicators whose figures these organisations type."""
        return self.filter(enterer__in=organisations)

    def provided_by(self, organisations):
        return self.filter(provider__in=organisations)

    def by_commune(self):
        """Return the indicators asked of each commune. Twin:
        ``CampaignIndicator.is_by_commune``."""
        return self.filter(grain=Grain.COMMUNE)

    def for_whole_territory(self):
        """Return the indicators asked of the whole territory only."""
        return self.filter(grain=Grain.TERRITORY)

    def protected(self):
        """Return the indicators whose provider states a secrecy rule, or stated one when the year
        was closed."""
        return self.filter(
            Q(masking_threshold__isnull=False)
            | Q(rounding_base__isnull=False)
            | Q(provider__masking_threshold__isnull=False)
            | Q(provider__rounding_base__isnull=False)
        )

    def freeze_rules(self):
        """Store in each row the secrecy rule that holds while the year takes figures: its
        provider's, or the one frozen before if it is stricter."""
        entries = list(self.select_related("provider"))
        for entry in entries:
            holder = entry.rule_while_open.holder
            entry.is_rule_frozen = True
            entry.masking_threshold = holder.masking_threshold
            entry.rounding_base = holder.rounding_base
            entry.opts_out_of_secrecy = holder.opts_out_of_secrecy
        fields = ["masking_threshold", "rounding_base", "opts_out_of_secrecy"]
        self.bulk_update(entries, ["is_rule_frozen", *fields])

    def in_reading_order(self):
        """Order by axis, theme and rank, as indicators are listed everywhere."""
        theme = "indicator__theme"
        return self.order_by(
            f"{theme}__axis__number", f"{theme}__rank", "indicator__rank", "indicator_id"
        )

    def with_relations(self):
        """Join what a list shows, the frozen wording included."""
        return self.select_related(
            "campaign__convention", "version", "provider", "enterer", "disclosure",
            "indicator__theme__axis__convention", "indicator__convention",
        )  # fmt: skip

    def list_in_campaign(self, campaign: "Campaign") -> list["CampaignIndicator"]:
        """Return the indicators of a campaign as a list, in reading order; all share the campaign
        object that was read already."""
        rows = self.filter(campaign=campaign).select_related(*LISTED_WITH)
        return _sharing(campaign, rows.in_reading_order())

    def list_with_campaign(self, convention: Convention) -> list["CampaignIndicator"]:
        """Return the indicators, all of one campaign of ``convention``, in reading order, with that
        campaign, in one query."""
        listed = list(self.select_related("campaign", *LISTED_WITH).in_reading_order())
        if not listed:
            return []
        campaign = listed[0].campaign
        campaign.convention = convention
        return _sharing(campaign, listed)

    def with_rules(self):
        """Join what decides secrecy: wording, provider, disclosure."""
        return self.select_related("campaign", "version", "provider", "disclosure")

    def without_raw_figures(self):
        """Join the disclosure and defer the fields that only contributors may read, so that the
        rows may be cached for everybody."""
        raw = ["taken_over", "disclosure__given", "disclosure__counted"]
        return self.select_related("disclosure").defer(*raw)

    def list_sharing_relations(
        self,
        read: Iterable["CampaignIndicator"] = (),
        names: Iterable[str] = ("campaign", "version", "provider", "enterer"),
    ) -> list["CampaignIndicator"]:
        """Return the rows as a list with the relations that ``names`` lists, a query each; rows
        that refer to the same object share it, for thousands are read so.

        ``read``: rows read before; their versions, which never change, are not read again.
        """
        rows = list(self)
        known = {
            related.version_id: related.version
            for related in read
            if self.model.version.is_cached(related)
        }
        for name in names:
            model = self.model._meta.get_field(name).related_model
            by_key = known if name == "version" else {}
            if any(getattr(row, f"{name}_id") not in by_key for row in rows):
                wanted = model._base_manager.filter(pk__in=self.order_by().values(name))
                if name == "campaign":
                    wanted = wanted.select_related("convention")
                if name == "version":  # of which what it says is read, and nothing else
                    wanted = wanted.only("kind", "schema", "text")
                by_key = {related.pk: related for related in wanted} | by_key
            for row in rows:
                setattr(row, name, by_key[getattr(row, f"{name}_id")])
        return rows


class CampaignIndicator(SecrecyRule, models.Model):
    """An indicator in a year's collection, by the definition that was in force when it opened.

    ``version`` is that wording, which never changes: see
    ``indicators.definitions.definition.Definition``. ``grain``, ``provider``, ``enterer``: what it
    says of these, to be asked of many. ``table_state``, ``communes_given`` of ``communes_asked``:
    where the figures of communes are, kept by what writes them (``indicators.values.tables``).
    Closing the year freezes the secrecy rule of its provider: what was masked stays so.
    ``taken_over``: the comment of an earlier year that was taken over to be said again, as long as
    nothing is typed; a protected figure's is as secret.
    """

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="campaign_indicators", verbose_name="recueil annuel"
    )
    indicator = models.ForeignKey(
        "indicators.Indicator", models.PROTECT, related_name="campaign_indicators",
        verbose_name="indicateur",
    )  # fmt: skip
    version = models.ForeignKey(
        "agreements.Version", models.PROTECT, related_name="+", verbose_name="définition figée"
    )
    provider = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="+", verbose_name="fournisseur"
    )
    enterer = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="+", verbose_name="saisi par"
    )
    grain = models.CharField(
        "détail géographique", max_length=20, choices=Grain.choices, default=Grain.TERRITORY
    )
    table_state = models.CharField(
        "état du tableau", max_length=20, choices=TableState.choices, default=TableState.NOTHING,
        blank=True,
    )  # fmt: skip
    communes_given = models.PositiveSmallIntegerField("communes renseignées", default=0)
    communes_asked = models.PositiveSmallIntegerField("communes demandées", default=0)
    due_on = models.DateField("à transmettre avant le")
    is_rule_frozen = models.BooleanField("règle de secret figée", default=False)
    masking_threshold = models.PositiveSmallIntegerField("seuil figé", null=True, blank=True)
    rounding_base = models.PositiveSmallIntegerField("arrondi figé", null=True, blank=True)
    opts_out_of_secrecy = models.BooleanField("montrés tels quels", default=False)
    taken_over = models.TextField("commentaire repris d’une année précédente", blank=True)

    objects = CampaignIndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "indicateur d’un recueil"
        verbose_name_plural = "indicateurs des recueils"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "indicator"],
                name="campaign_indicator_unique",
                violation_error_message="Cet indicateur est déjà dans ce recueil.",
            ),
            models.CheckConstraint(
                name="campaign_indicator_grain_known",
                condition=Q(grain__in=Grain.values),
                violation_error_message="Ce détail géographique est inconnu.",
            ),
            models.CheckConstraint(
                name="campaign_indicator_table_of_communes",
                condition=Q(table_state__in=TableState.values)
                & (Q(grain=Grain.COMMUNE) | Q(table_state="", communes_given=0)),
                violation_error_message="Seul un indicateur par commune a un tableau.",
            ),
        ]

    def __str__(self):
        return f"{self.indicator} ({self.campaign.year})"

    @property
    def is_by_commune(self) -> bool:
        """Whether it is asked of each commune. Twin: ``by_commune``."""
        return self.grain == Grain.COMMUNE

    @property
    def communes_label(self) -> str:
        """The number of communes given out of those asked, « 41 communes sur 47 »; « pour tout le
        territoire » if one absence stands for all."""
        if self.is_answered_as_whole:
            return "pour tout le territoire"
        given = plural(self.communes_given, "commune,communes")
        return f"{given} sur {self.communes_asked}"

    @property
    def is_answered_as_whole(self) -> bool:
        """Whether an absence that is given for the territory stands for that of each commune."""
        return not self.communes_given and self.table_state in (
            TableState.SUBMITTED,
            TableState.VERIFIED,
        )

    @property
    def rule(self) -> "EffectiveRule":
        """The secrecy rule that holds for its figures: as long as the year takes figures
        ``rule_while_open``, once it is closed the one that was frozen in the row."""
        is_of_then = self.is_rule_frozen and self.campaign.is_closed
        return EffectiveRule(self, self) if is_of_then else self.rule_while_open

    @property
    def rule_while_open(self) -> "EffectiveRule":
        """The provider's rule; for a year that was closed before, the frozen rule if it is
        stricter: reopening a year lifts no secrecy."""
        stays = self.is_rule_frozen and is_stricter(self, self.provider)
        return EffectiveRule(self if stays else self.provider, self)

    @property
    def disclosed(self) -> Disclosure | None:
        """The disclosure that everybody reads; None if nothing is protected or disclosed."""
        disclosure = getattr(self, "disclosure", None)
        return disclosure if disclosure and disclosure.is_done else None

    @property
    def states_secrecy(self) -> bool:
        """Whether the frozen rule was stated, or the provider states one now: texts beside figures
        disclosed before may reveal those protected today. Open or closed does not matter."""
        return super().states_secrecy or self.provider.states_secrecy

    @property
    def is_under_secrecy(self) -> bool:
        """Whether any rule holds, the default threshold of providers without one included."""
        was_frozen = self.is_rule_frozen and super().is_under_secrecy
        return was_frozen or self.provider.is_under_secrecy


@dataclass(frozen=True)
class EffectiveRule:
    """The secrecy rule that holds for an indicator's figures of a year.

    ``holder`` has the thresholds; ``entry`` is the indicator in the year, with its disclosure.
    """

    holder: Organisation | CampaignIndicator
    entry: CampaignIndicator

    @property
    def threshold(self) -> int | None:
        return self.holder.threshold

    @property
    def rounding_base(self) -> int | None:
        return self.holder.rounding_base

    @property
    def states_secrecy(self) -> bool:
        return self.holder.states_secrecy

    @property
    def is_under_secrecy(self) -> bool:
        return self.holder.is_under_secrecy

    @property
    def secrecy(self) -> str:
        return self.holder.secrecy
