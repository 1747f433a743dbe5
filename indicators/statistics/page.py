"""Read what pages show of public statistics: the sources, their releases, what they have filled."""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch

from accounts.models import User
from conventions.models import Convention
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
from indicators.statistics.difference import Change, Difference
from indicators.statistics.filling import Territory, mention
from indicators.statistics.revealing import RevealCheck, indicator_counts, is_part_of, years_filled
from indicators.statistics.source import Measure, Source, sources
from indicators.values.rights import may_contest, may_verify


@dataclass(frozen=True)
class Filled:
    """An indicator of the library that a source fills; ``own``: those of the convention that were
    taken from it."""

    title: str
    code: str
    own: list[Indicator]


@dataclass(frozen=True)
class SourceRow:
    """A source, its releases that a convention may see, what of the library it gives."""

    source: Source
    releases: list[Release]
    filled: list[Filled]

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
                    Filled(
                        entry_of(measure.library).title,
                        measure.library,
                        own.get(measure.library, []),
                    )
                    for measure in source.measures
                ],
            )
            for source in sources().values()
        ]
        return sorted(rows, key=lambda row: (not row.is_used, row.source.title))

    @property
    def title(self) -> str:
        """The number of public statistics in use in words, or that none is loaded."""
        used = sum(row.is_used for row in self.rows)
        if not used:
            return "Aucune statistique publique n’est encore chargée"
        many = "statistiques publiques sont" if used > 1 else "statistique publique est"
        return f"{feminine(used)} {many} en usage"

    @property
    def may_load(self):
        return rights.may_load(self.user, self.convention)


class ReleasePage:
    """One release, as a convention reads it: what it is, and what it would change."""

    def __init__(self, release: Release, convention: Convention, user: User):
        self.release, self.convention, self.user = release, convention, user
        self.source = sources()[release.source]

    @property
    def title(self) -> str:
        release = self.release
        subject = f"{self.source.title} {release.year}, édition {release.number}"
        return f"{subject} : {release.get_state_display()}"

    @cached_property
    def difference(self) -> Difference:
        """The difference, without what would reveal secret figures of the convention, and without
        the totals of other intercommunalités."""
        difference = Difference.of(self.release)
        whole = [change for change in difference.changes if self._is_of_whole(change)]
        checks = self._reveal_checks({change.measure for change in whole}) if whole else {}
        return difference.without(
            change
            for change in whole
            if self._is_of_others(change)
            or checks[change.measure].reveals(change.place_kind, self.release.year)
        )

    @cached_property
    def territory(self) -> Territory:
        return Territory.of(self.convention, self.release.year)

    def _is_of_whole(self, change: Change) -> bool:
        return is_part_of(self.territory, change.place_kind, change.place)

    def _is_of_others(self, change: Change) -> bool:
        return change.place_kind == PlaceKind.EPCI and change.place != self.territory.epci

    def _reveal_checks(self, measures: set[Measure]) -> dict[Measure, RevealCheck]:
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
    def may_decide(self):
        return rights.may_decide(self.user, self.release)


@dataclass(frozen=True)
class TakenUp:
    """A figure that is taken from a public statistic, or was until somebody contested it.

    ``published``: as it stands in the release; ``given``: the other that counts in its place, and
    ``reason``: why, for who may read them.
    """

    value: Value
    place: str
    published: str
    given: str = ""
    reason: str = ""
    may_contest: bool = False


@dataclass
class TakenRow:
    """An indicator with the figures taken for it. ``release``: the one whose figures await its
    provider."""

    entry: CampaignIndicator
    definition: Definition
    mention: str
    figures: list[TakenUp] = field(default_factory=list)
    release: Release | None = None
    awaiting: int = 0


class TakenPage:
    """The figures that public statistics have given to a year's campaign, for who enters or
    provides them, and for who coordinates."""

    def __init__(self, campaign: Campaign, contributor: Contributor):
        self.campaign, self.contributor = campaign, contributor

    @cached_property
    def rows(self) -> list[TakenRow]:
        acts = ValueTransition.objects.filter(
            verb__in=[ValueVerb.TAKEN_UP, ValueVerb.CONTESTED]
        ).select_related("release")
        values = (
            Value.objects.filter(
                campaign_indicator__campaign=self.campaign,
                transitions__verb=ValueVerb.TAKEN_UP,
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
        entry.campaign = self.campaign
        definition = Definition.of(entry.version)
        is_open = not is_protected(definition, entry.rule)
        is_raw = self.contributor.reads_raw(entry)
        reads = is_open or is_raw
        row = TakenRow(entry, definition, mention(_release_of(values[0])))
        for value in values:
            value.campaign_indicator = entry
            # What is being typed is read by who types it, or provides it.
            row.figures.append(self._figure(value, definition, reads if value.is_shown else is_raw))
            if value.is_public and may_verify(self.contributor, value) is None:
                row.awaiting += 1
                row.release = value.release
        return row

    def _figure(self, value: Value, definition: Definition, reads: bool) -> TakenUp:
        taken = [act for act in value.taking_acts if act.verb == ValueVerb.TAKEN_UP][-1]
        published = "" if taken.number is None else definition.show(taken.number)
        place = str(value.commune) if value.commune else "Tout le territoire"
        if value.is_public:
            may = may_contest(self.contributor, value) is None
            return TakenUp(value, place, published, may_contest=may)
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
        if not self.rows:
            return f"Recueil {self.campaign.year} : rien n’est repris d’une statistique publique"
        if self.awaiting:
            words = "chiffre publié attend votre mot,chiffres publiés attendent votre mot"
            return plural(self.awaiting, words)
        words = "indicateur est rempli,indicateurs sont remplis"
        return f"{plural(len(self.rows), words)} par la statistique publique"


def _release_of(value: Value) -> Release:
    """Return the release from which a value was last taken up."""
    return [act for act in value.taking_acts if act.verb == ValueVerb.TAKEN_UP][-1].release
