"""Read which counts of a year are linked, by what was declared of them: a share with its numerator
and denominator, a total with its parts, counts of one name, and what a provider's référent has
declared besides (``CountLink``).

Nothing is inferred from numbers. The wording that was frozen for the year counts; what was agreed
after the year was opened changes nothing for it. A count is known by all names that were ever
agreed of it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from agreements.models import Version
from ctg_portal.search.rows import fold
from indicators.definitions.definition import Definition
from indicators.definitions.models import Indicator
from indicators.disclosure.families import Links, Total, may_declare
from indicators.disclosure.models import CountLink, LinkKind
from indicators.figures.campaigns import Campaign, CampaignIndicator


@dataclass(frozen=True)
class DeclaredCounts:
    """The counts that the indicators of a year are made of. ``former_titles``: those that an
    indicator had in any wording, folded, by its primary key; ``links``: from these indicators."""

    entries: Sequence[CampaignIndicator]
    former_titles: Mapping[int, Collection[str]] = field(default_factory=dict)
    links: Sequence[CountLink] = ()

    def tables_of(self, entry: CampaignIndicator) -> list[str]:
        """Return the names of the counts behind the figures of an indicator: one, or numerator and
        denominator of a ratio. Counts of one name are the same count."""
        return [self._main_names.get(name, name) for name in self._names[entry.pk]]

    @cached_property
    def _names(self) -> dict[int, list[str]]:
        """The folded names of what each indicator counts, by the entry's primary key: numerator and
        denominator, or its title; one that is empty is replaced by key and rank."""
        names = {}
        for entry in self.entries:
            definition = Definition.of(entry.version)
            terms = ("numerator", "denominator") if definition.is_ratio else ("title",)
            named = enumerate(fold(definition.content[term]) for term in terms)
            names[entry.pk] = [name or f"{entry.indicator_id} {rank}" for rank, name in named]
        return names

    @cached_property
    def _main_names(self) -> dict[str, str]:
        """The name that stands for all names of a count, by each of them."""
        same: dict[str, set[str]] = {}
        for pair in self._pairs_of_names():
            merged = set().union(*(same.get(name, {name}) for name in pair))
            same |= dict.fromkeys(merged, merged)
        return {name: min(names) for name, names in same.items()}

    def _pairs_of_names(self) -> Iterable[tuple[str, str]]:
        """Yield pairs of names of one count: today's title with each former one that no indicator
        of the year has today, then the counts that a référent declared the same."""
        titles = {fold(Definition.of(entry.version).content["title"]) for entry in self.entries}
        for entry in self.entries:
            if not Definition.of(entry.version).is_ratio:
                former = set(self.former_titles.get(entry.indicator_id, ())) - titles
                yield from ((self._names[entry.pk][0], title) for title in former)
        for link, entry, other in self._links_of(LinkKind.SAME):
            yield self._names[entry.pk][link.term], self._names[other.pk][link.other_term]

    def totals_of(self, entry: CampaignIndicator) -> list[Total]:
        """Return the totals that its definition and its provider's référent declare for an
        indicator: its denominator over its numerator, itself over its parts, others over it."""
        definition, tables = Definition.of(entry.version), self.tables_of(entry)
        entries = self._by_indicator
        declared = []
        if definition.is_ratio:
            declared.append((tables[1], {tables[0]}))
        parts = [
            entries[pk] for pk in (int(link["id"]) for link in definition.parts) if pk in entries
        ]
        declared.append((tables[0], {self.tables_of(part)[0] for part in parts}))
        declared += [
            (self.tables_of(other)[link.other_term], {tables[link.term]})
            for link, part_entry, other in self._links_of(LinkKind.PART)
            if part_entry is entry
        ]
        return [
            Total(base, frozenset(parts - {base})) for base, parts in declared if parts - {base}
        ]

    @cached_property
    def _by_indicator(self) -> dict[int, CampaignIndicator]:
        return {entry.indicator_id: entry for entry in self.entries}

    def _links_of(
        self, kind: str
    ) -> Iterable[tuple[CountLink, CampaignIndicator, CampaignIndicator]]:  # fmt: skip
        """Yield the links of a kind that hold for the year, with the two indicators joined: those
        whose indicators are both asked, and were not both disclosed before the link."""
        entries = self._by_indicator
        for link in self.links:
            if link.kind == kind and link.indicator_id in entries and link.other_id in entries:
                joined = entries[link.indicator_id], entries[link.other_id]
                rows = [entry.disclosed for entry in joined]
                is_late = all(row and row.was_read_before(link.declared_at) for row in rows)
                names, other_names = (self._names[entry.pk] for entry in joined)
                has_terms = link.term < len(names) and link.other_term < len(other_names)
                if has_terms and not is_late:
                    yield link, *joined

    def relatives(self) -> "list[Relatives]":
        """Return the groups of linked indicators (connected components), each of one grain; an
        indicator without links is a group of its own."""
        groups: list[tuple[set, list[CampaignIndicator]]] = []
        for entry in self.entries:
            totals = self.totals_of(entry)
            names = {*self.tables_of(entry), *(total.base for total in totals)}
            names = names.union(*(total.parts for total in totals))
            marks = {(entry.grain, name) for name in names}
            members = [entry]
            for group in [group for group in groups if group[0] & marks]:
                groups.remove(group)
                marks |= group[0]
                members = [*group[1], *members]
            groups.append((marks, members))
        return [Relatives(self, members) for _, members in groups]


@dataclass(frozen=True)
class Relatives:
    """Indicators of a year and of one grain that hang together; one alone has no relatives."""

    declared: DeclaredCounts
    entries: Sequence[CampaignIndicator]

    @property
    def is_by_commune(self) -> bool:
        return self.entries[0].is_by_commune

    @cached_property
    def tables(self) -> set[str]:
        """The names of all counts that their figures are made of."""
        return {name for entry in self.entries for name in self.declared.tables_of(entry)}

    @cached_property
    def totals(self) -> list[Total]:
        """The totals that are declared among the indicators."""
        return [total for entry in self.entries for total in self.declared.totals_of(entry)]

    @cached_property
    def links(self) -> Links:
        """The declared links that secrecy can respect: the first of each table, which is counted in
        one other at most."""
        links = Links()
        for total in self.totals:
            if may_declare(total, links) is None:
                links = links.declare(total)
        return links

    @property
    def is_tangled(self) -> bool:
        """Whether a table is counted in two others. Then nothing of these indicators is shown."""
        respected = {(part, total.base) for total in self.links.totals for part in total.parts}
        declared = {(part, total.base) for total in self.totals for part in total.parts}
        return not declared <= respected


def read_declared(
    campaign: Campaign, entries: Sequence[CampaignIndicator] | None = None
) -> DeclaredCounts:  # fmt: skip
    """Return what is declared of the indicators of a year.

    Three queries, or two if ``entries`` were read already, in the order of their keys.
    """
    if entries is None:
        entries = list(campaign.campaign_indicators.with_rules().order_by("pk"))
    indicators = Indicator.objects.filter(campaign_indicators__campaign=campaign)
    others = Version.objects.about_rows(indicators).ever_in_force()
    former_titles: dict[int, set[str]] = {}
    for version in others.exclude(pk__in=[entry.version_id for entry in entries]):
        title = fold(Definition.of(version).content["title"])
        former_titles.setdefault(version.object_id, set()).add(title)
    links = CountLink.objects.filter(indicator__in=indicators)
    return DeclaredCounts(entries, former_titles, list(links))
