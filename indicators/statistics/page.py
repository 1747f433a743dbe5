"""Read what pages show of public statistics: the sources, their releases, what they have filled."""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch

from accounts.models import User
from conventions.models import Convention
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import feminine, plural
from indicators.collection.rights import Contributor
from indicators.definitions.definition import Definition
from indicators.definitions.models import Indicator
from indicators.disclosure import is_protected
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.releases import PlaceKind, Release, ReleaseTransition
from indicators.figures.values import Value, ValueTransition, ValueVerb
from indicators.library.entries import entry_of
from indicators.statistics import rights
from indicators.statistics.difference import Difference
from indicators.statistics.filling import Territory, mention
from indicators.statistics.revealing import RevealCheck, indicator_counts, is_part_of, years_filled
from indicators.statistics.source import Measure, Source, sources
from indicators.values.rights import may_contest, may_verify


@dataclass(frozen=True)
class Filled:
    """A library indicator that a source fills; ``own``: the convention's, taken from it."""

    title: str
    code: str
    own: list[Indicator]


@dataclass(frozen=True)
class SourceRow:
    """A source, its releases that a convention may see, latest first, and what it fills."""

    source: Source
    releases: list[Release]
    filled: list[Filled]

    @property
    def populations(self) -> list[str]:
        """The populations by which communes are compared that it counts, in words."""
        return [m.title.lower() for m in self.source.measures if m.population]

    @property
    def counting(self) -> list[Release]:
        return [release for release in self.releases if release.is_counting]

    @property
    def is_used(self) -> bool:
        return bool(self.counting)


class SourcesPage:
    """All sources, those in use first."""

    def __init__(self, convention: Convention, user: User):
        self.convention, self.user = convention, user

    @cached_property
    def rows(self) -> list[SourceRow]:
        """All sources: those with a release in use first, then by title."""
        releases: dict[str, list[Release]] = {}
        for release in Release.objects.seen_by(self.convention).latest_first():
            releases.setdefault(release.source, []).append(release)
        own: dict[str, list[Indicator]] = {}
        for indicator in Indicator.objects.of(self.convention).listed().with_relations():
            own.setdefault(indicator.library_code, []).append(indicator)
        rows = [
            SourceRow(
                source,
                releases.get(source.key, []),
                [
                    Filled(entry_of(code).title, code, own.get(code, []))
                    for code in (measure.library for measure in source.measures if measure.library)
                ],
            )
            for source in sources().values()
        ]
        return sorted(rows, key=lambda row: (not row.is_used, row.source.title))

    @property
    def title(self) -> str:
        """« Deux statistiques publiques sont en usage », or that none is loaded."""
        used = sum(row.is_used for row in self.rows)
        if not used:
            return "Aucune statistique publique n’est encore chargée"
        many = "statistiques publiques sont" if used > 1 else "statistique publique est"
        return f"{feminine(used)} {many} en usage"

    @property
    def may_load(self) -> Refusal | None:
        return rights.may_load(self.user, self.convention)


class ReleasePage:
    """One release as a convention reads it: what it is, and what it changes of the one in use."""

    def __init__(self, release: Release, convention: Convention, user: User):
        self.release, self.convention, self.user = release, convention, user
        self.source = sources()[release.source]

    @property
    def title(self) -> str:
        """The source, the year, the number of the release and its state."""
        release = self.release
        subject = f"{self.source.title} {release.year}, édition {release.number}"
        return f"{subject} : {release.get_state_display()}"

    @cached_property
    def difference(self) -> Difference:
        """The difference from the release in use; changes that would reveal a secret figure of the
        convention, and the totals of other intercommunalités, are only counted."""
        difference = Difference.of(self.release)
        changes = difference.changes
        # Figures of the territory, of part of it, or of any intercommunalité.
        whole = [c for c in changes if is_part_of(self.territory, c.place_kind, c.place)]
        checks = self._reveal_checks({change.measure for change in whole}) if whole else {}
        return difference.without(
            change
            for change in whole
            if (change.place_kind == PlaceKind.EPCI and change.place != self.territory.epci)
            or checks[change.measure].reveals(change.place_kind, self.release.year)
        )

    @cached_property
    def territory(self) -> Territory:
        return Territory.of(self.convention, self.release.year)

    def _reveal_checks(self, measures: set[Measure]) -> dict[Measure, RevealCheck]:
        """Return, by measure, the check whether publishing it would reveal a secret figure."""
        counted, used = indicator_counts(self.convention), {self.release.pk: self.release}
        return {
            measure: RevealCheck.of(
                counted, [measure], years_filled(self.territory, used, {self.source.key: measure})
            )
            for measure in measures
        }

    @cached_property
    def history(self) -> list[ReleaseTransition]:
        return list(self.release.transitions.all())

    @property
    def may_decide(self) -> Refusal | None:
        return rights.may_decide(self.user, self.release)


@dataclass(frozen=True)
class TakenUp:
    """A figure taken from a public statistic, or that was until its provider contested it.
    ``published``: as the release has it, empty if secret; ``given``: what counts in its place, and
    ``reason``: why; both empty if not contested, or not for this reader."""

    value: Value
    place: str
    published: str
    given: str = ""
    reason: str = ""
    can_contest: bool = False


@dataclass
class TakenRow:
    """An indicator with the figures taken for it. ``release``: of those that this reader may
    confirm, None if there are none; ``awaiting``: how many."""

    entry: CampaignIndicator
    definition: Definition
    mention: str
    figures: list[TakenUp] = field(default_factory=list)
    release: Release | None = None
    awaiting: int = 0


class TakenPage:
    """The figures that public statistics gave to a campaign. A coordinator sees every indicator,
    anybody else those that they enter or provide."""

    def __init__(self, campaign: Campaign, contributor: Contributor):
        self.campaign, self.contributor = campaign, contributor

    @cached_property
    def rows(self) -> list[TakenRow]:
        """The indicators, in reading order, with a figure ever taken up, even if contested."""
        acts = ValueTransition.objects.filter(
            verb__in=[ValueVerb.TAKEN_UP, ValueVerb.CONTESTED]
        ).select_related("release")
        values = (
            Value.objects.filter(
                campaign_indicator__campaign=self.campaign, transitions__verb=ValueVerb.TAKEN_UP
            )
            .distinct()
            .select_related("commune", "release")
            .prefetch_related(Prefetch("transitions", acts.order_by("pk"), to_attr="taking_acts"))
        )
        by_entry = {}
        for value in values.order_by("commune__search_text", "pk"):
            by_entry.setdefault(value.campaign_indicator_id, []).append(value)
        entries = self.campaign.campaign_indicators.with_relations().in_reading_order()
        return [
            self._row(entry, by_entry[entry.pk])
            for entry in entries.filter(pk__in=by_entry)
            if self.contributor.coordinates or self.contributor.reads_raw(entry)
        ]

    def _row(self, entry: CampaignIndicator, values: list[Value]) -> TakenRow:
        """Return the row of an indicator, its figures in the order of ``values``."""
        entry.campaign = self.campaign
        definition = Definition.of(entry.version)
        reads_raw = self.contributor.reads_raw(entry)
        reads_given = reads_raw or not is_protected(definition, entry.rule)
        row = TakenRow(entry, definition, mention(_last_taken_up(values[0]).release))
        for value in values:
            value.campaign_indicator = entry
            # What is being typed is read by who types it, or provides it.
            reads = reads_given if value.is_shown else reads_raw
            row.figures.append(self._figure(value, definition, reads=reads))
            if value.is_public and may_verify(self.contributor, value) is None:
                row.awaiting += 1
                row.release = value.release
        return row

    def _figure(self, value: Value, definition: Definition, *, reads: bool) -> TakenUp:
        """Return a figure; ``reads``: whether the reader sees what was given instead."""
        taken = _last_taken_up(value)
        published = ""
        if taken.number is not None and taken.release is not None:
            published = taken.release.show(taken.number, definition.show(taken.number))
        place = str(value.commune) if value.commune else "Tout le territoire"
        if value.is_public:
            can_contest = may_contest(self.contributor, value) is None
            return TakenUp(value, place, published, can_contest=can_contest)
        contested = [act for act in value.taking_acts if act.verb == ValueVerb.CONTESTED]
        given = definition.show(value.number) if value.number is not None else "sans nombre"
        return TakenUp(
            value, place, published,
            given=given if reads else "",
            reason=contested[-1].reason if reads and contested else "",
        )  # fmt: skip

    @property
    def awaiting(self) -> int:
        return sum(row.awaiting for row in self.rows)

    @property
    def title(self) -> str:
        """The number of figures that this reader may confirm, else of indicators filled."""
        if not self.rows:
            return f"Recueil {self.campaign.year} : rien n’est repris d’une statistique publique"
        if self.awaiting:
            words = "chiffre publié attend votre mot,chiffres publiés attendent votre mot"
            return plural(self.awaiting, words)
        words = "indicateur est rempli,indicateurs sont remplis"
        return f"{plural(len(self.rows), words)} par la statistique publique"


def _last_taken_up(value: Value) -> ValueTransition:
    """Return the last act that took a value from a release; ``taking_acts`` are prefetched."""
    return [act for act in value.taking_acts if act.verb == ValueVerb.TAKEN_UP][-1]
