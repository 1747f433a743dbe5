"""Which figures of a year hang together, by what their definitions declare: a share with its
numerator and its denominator, a total with its parts, figures of one name.

Nothing is found in numbers. What was agreed of a definition after the year was opened changes
nothing for it: the wording that was frozen for the year counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ctg_portal.search import fold
from indicators.collection.models import CampaignIndicator
from indicators.definitions.definition import Definition
from indicators.disclosure.families import Links, Total, may_declare


def tables_of(entry: CampaignIndicator) -> list[str]:
    """Return the names of the counts that its figures are made of: one, or those of the numerator
    and the denominator of a ratio. Two of one name count the same."""
    definition = Definition.of(entry.version)
    terms = ("numerator", "denominator") if definition.is_ratio else ("title",)
    named = [fold(definition.content[term]) for term in terms]
    return [name or f"{entry.indicator_id} {rank}" for rank, name in enumerate(named)]


@dataclass(frozen=True)
class Relatives:
    """Indicators of a year and of one grain that hang together; one alone has no relatives."""

    entries: Sequence[CampaignIndicator]

    @property
    def is_by_commune(self) -> bool:
        return self.entries[0].is_by_commune

    @cached_property
    def totals(self) -> list[Total]:
        """What is declared to be counted in what."""
        names = {entry.indicator_id: tables_of(entry)[0] for entry in self.entries}
        found = []
        for entry in self.entries:
            definition, tables = Definition.of(entry.version), tables_of(entry)
            if definition.is_ratio and tables[0] != tables[1]:
                found.append(Total(tables[1], frozenset(tables[:1])))
            declared = [int(link["id"]) for link in definition.parts]
            parts = {names[pk] for pk in declared if pk in names} - {tables[0]}
            if parts:
                found.append(Total(tables[0], frozenset(parts)))
        return found

    @cached_property
    def links(self) -> Links:
        """Those that secrecy can heed: a table is counted in one other at most."""
        links = Links()
        for total in self.totals:
            if may_declare(total, links) is None:
                links = links.declare(total)
        return links

    @property
    def is_tangled(self) -> bool:
        """Whether a table is counted in two others: then nothing of them is shown."""
        kept = {(part, total.base) for total in self.links.totals for part in total.parts}
        declared = {(part, total.base) for total in self.totals for part in total.parts}
        return not declared <= kept


def relatives_among(entries: Iterable[CampaignIndicator]) -> list[Relatives]:
    """Return the indicators of a year by what hangs together."""
    entries = list(entries)
    groups: list[tuple[set, list[CampaignIndicator]]] = []
    for entry in entries:
        parts = {int(link["id"]) for link in Definition.of(entry.version).parts}
        marks: set[tuple] = {(entry.grain, name) for name in tables_of(entry)}
        marks |= {(entry.grain, pk) for pk in parts | {entry.indicator_id}}
        members = [entry]
        for group in [group for group in groups if group[0] & marks]:
            groups.remove(group)
            marks |= group[0]
            members = [*group[1], *members]
        groups.append((marks, members))
    return [Relatives(members) for _, members in groups]
