"""Figures of several years at once, from the workbook that an office has kept for years.

A past year of the term that has no collection gets one, closed, of what the file says. An open one
takes entries, a closed one corrections, with one reason for the file. A year before the term tells
where an indicator starts from.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conventions.imports import ImportIntoConvention
from conventions.models import Convention, Organisation
from ctg_portal.forms.revisions import decode_revision
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.templatetags.french import enumerate_words, plural
from indicators.collection.events import add_past_year, freeze_indicator, versions_in_force
from indicators.collection.rights import Contributor, contributor_of, may_add_past_year
from indicators.definitions.definition import Definition
from indicators.definitions.models import Indicator
from indicators.disclosure import is_protected
from indicators.figures.campaigns import Campaign, CampaignIndicator, CampaignState
from indicators.figures.values import Value
from indicators.values.events import add_past_value, correct_value, remove_past_value, save_value
from indicators.values.figure import Figure
from indicators.values.files import headings as named
from indicators.values.files.baselines import (
    BASELINE,
    Baseline,
    Baselines,
    keep_baseline,
    undo_baseline,
)
from indicators.values.files.figures import Given, Slot, Wrong, figure_of
from indicators.values.files.importing import (
    NO_TABLE,
    NOT_CONTRIBUTING,
    before_of,
    line_of,
    told_before,
    values_by_slot,
)
from indicators.values.files.lines import Lines
from indicators.values.files.lookup import Lookup
from indicators.values.files.wide import unfold
from indicators.values.notices import YearsBrought
from indicators.values.plausibility import figures_before
from indicators.values.rights import may_add_past_value, may_correct, may_enter, may_write
from indicators.values.writing import value_of
from notifications.news import notify
from spreadsheets.importing.adapter import GONE, ImportWords, Undoing
from spreadsheets.importing.preview import Line, Mistake, Outcome, Preview
from spreadsheets.matching.headings import years_in
from spreadsheets.matching.questions import Asking
from spreadsheets.matching.tables import Table, Told, find_tables
from spreadsheets.reading.cells import Book, Kind

REASON = "motif:annees-closes"
REASON_ASKED = (
    "Des données d’années closes changent : pourquoi ? Ce motif est gardé avec chacune d’elles."
)
NEVER_ERASED = (
    "Cette année est close : une donnée ne s’y efface plus. Corrigez-la, ou écrivez « n.d. », avec "
    "le motif."
)
# How many years before the term a sheet may be of, where it does not say of which; how many years
# a file may give.
EARLIER, MOST_YEARS = 3, 40
DID_NOT_COUNT = Refusal(
    "Avant ce fichier, une valeur était saisie sans avoir été transmise : annuler la ferait "
    "compter. Corrigez-la sur sa page."
)
TOO_MANY = Refusal(f"Ce fichier donne plus de {MOST_YEARS} années : gardez celles qui servent.")


class ImportOfYears(ImportIntoConvention):
    """The figures of several years; ``scope``: « slug »."""

    name = "indicators.years"
    words = ImportWords(
        things="valeur,valeurs",
        heading="Indicateur",
        onward="Voir les années",
        undoing="une année reprise de ce fichier est retirée, tant que rien n’y est écrit ni "
        "corrigé, ni montré que le secret doive retenir ; une correction est remise comme avant, "
        "et le motif le dit.",
    )

    def refusal(self, scope, user: User | None):
        convention = convention_in(scope)
        if user is None:
            return None
        if not Convention.objects.visible_to(user).filter(pk=convention.pk).exists():
            raise Refused(GONE)
        return may_bring_years(contributor_of(user, convention))

    def office(self, scope, user: User | None):
        contributor = contributor_of(user, convention_in(scope))
        return ",".join(map(str, sorted(contributor.organisations | contributor.coordinated)))

    def origin(self, scope):
        return reverse("indicators:import_years", args=[scope])

    def onward(self, row, user: User):
        return reverse("indicators:campaigns", args=[row.scope])

    def title(self, scope):
        return "Reprendre des années passées"

    def preview(self, scope, book, asking, user: User | None):
        if refusal := self.refusal(scope, user):
            return Preview(refusal=refusal)
        return preview_years(convention_in(scope), book, asking, user)

    def keep(self, scope, line, *, by: User | None):
        if isinstance(line.content, Baseline):
            return keep_baseline(line, by=by)
        return _keep(convention_in(scope), line, by=by)

    def keeper(self, scope, lines, *, by: User | None):
        notify(*_brought(convention_in(scope), lines, by))
        return super().keeper(scope, lines, by=by)

    def readable(self, scope, keys, user: User | None):
        convention = convention_in(scope)
        of = {key: key.split(":") for key in keys if not key.startswith(BASELINE)}
        entries = CampaignIndicator.objects.of(convention).with_relations()
        entries = list(entries.filter(indicator__in={int(pk) for _, pk, *_ in of.values()}))
        others = {key_of(Slot(entry)) for entry in entries} - _read_by(user, convention, entries)
        return {key for key in keys if key not in of or ":".join(of[key][:2]) not in others}

    def reach(self, scope, user: User | None):
        convention = convention_in(scope)
        entries = CampaignIndicator.objects.of(convention).with_relations()
        return _read_by(user, convention, entries) if user else set()

    def undo(self, scope, key, before, writing, *, by: User | None):
        year, pk, *commune_keys = key.split(":")
        convention = convention_in(scope)
        if year == BASELINE:
            indicator = Indicator.objects.of(convention).filter(pk=pk).first()
            enforce(None if indicator else GONE)
            undo_baseline(indicator, before, writing, by=by)
            return
        entries = CampaignIndicator.objects.for_year(convention, int(year)).with_relations()
        entry = entries.filter(indicator=pk).exclude(campaign__state=CampaignState.CANCELLED)
        entry = entry.first()
        commune = convention.communes.filter(pk=commune_keys[0]).first() if commune_keys else None
        value = entry and value_of(entry, commune)
        enforce(None if value else GONE)
        enforce(None if before.get("counted", True) else DID_NOT_COUNT)
        _put_back(entry, value, before, writing, by=by)


def _read_by(
    user: User | None, convention: Convention, entries: Iterable[CampaignIndicator]
) -> set[str]:
    """Those of these whose figures somebody reads as typed, or may bring, by key."""
    contributor = contributor_of(user, convention)
    return {
        key_of(Slot(entry))
        for entry in entries
        if contributor.reads_raw(entry) or may_add_past_value(contributor, entry) is None
    }


def convention_in(scope: str) -> Convention:
    """The convention that a scope names. Raises Refused without one."""
    convention = Convention.objects.filter(slug=scope).first()
    if convention is None:
        raise Refused(Refusal(f"Aucune convention ne s’appelle {scope}."))
    return convention


def may_bring_years(contributor: Contributor) -> Refusal | None:
    """Why somebody brings no file of several years."""
    return None if contributor.may_contribute else NOT_CONTRIBUTING


# What a file would change -------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """A figure of a year, and why it changes one of a closed year."""

    figure: Figure
    reason: str = ""


def preview_years(convention: Convention, book: Book, asking: Asking, user: User | None) -> Preview:
    """What a book would change of the figures of all years, for who may enter or bring them."""
    reading = Years(convention, user)
    known = Lookup(reading.entries_of(reading.expected[0]), asking)
    unfolded = unfold(book, known, convention)
    tables = find_tables(unfolded, vocabulary_of(reading), asking)
    result = Preview(told=tables.told, refusal=None if tables.found else NO_TABLE)
    years = sorted(years_of(tables.found) | set(reading.expected))
    if len(years) > MOST_YEARS:
        return Preview(refusal=TOO_MANY)
    lookup = Lookup(reading.entries_of(years[0]), asking, whole="en vigueur de la convention")
    earlier: dict[int, list[Given]] = {}
    for year in years:
        entries = reading.entries_of(year)
        lines = Lines(convention, year, entries, lookup, asking, result, beside=reading.expected)
        for given in lines.read(tables.found):
            if given.says_nothing:
                result.empty += 1
            elif reading.is_earlier(year) and given.commune is None:
                earlier.setdefault(given.entry.indicator_id, []).append(given)
            elif refusal := reading.refusal(given.slot):
                if not _says_the_same(given, reading, asking, result):
                    told = refusal.reason, label_of(given), key_of(given.slot)
                    result.mistakes.append(Mistake(given.place, *told))
            else:
                _compare(given, reading, asking, result)
    _compare_earlier(earlier, reading, asking, result)
    result.waiting = len(places := reading.unexplained)
    if places:
        told = plural(
            len(places), "donnée d’une année close change,données d’années closes changent"
        )
        result.told.append(Told(places[0], f"{told} : dites plus haut pourquoi."))
    result.mistakes = list(dict.fromkeys(result.mistakes))
    result.told = list(dict.fromkeys(result.told))
    result.told += [Told("", text) for text in reading.told(result)]
    result.questions = asking.questions
    result.sort([sheet.name for sheet in book.sheets])
    return result


def vocabulary_of(reading: "Years"):
    return named.vocabulary(reading.expected, f"{reading.today.year}")


def years_of(tables: Iterable[Table]) -> set[int]:
    """All years that tables name: in a heading, a title, the name of a sheet, a line."""
    found: set[int] = set()
    for table in tables:
        found.update(place.year for place in table.places if place.year)
        found.update([table.year] if table.year else [])
        for row in table.rows:
            cell = row.cell(named.YEAR)
            if cell is not None:
                told = [cell.day.year] if cell.kind == Kind.DATE else years_in(cell.text)
                found.update(told[:1])
    return found


def key_of(slot: Slot) -> str:
    entry, commune = slot
    key = f"{entry.campaign.year}:{entry.indicator_id}"
    return f"{key}:{commune.pk}" if commune else key


def label_of(given: Given) -> str:
    return f"{given.label} ({given.entry.campaign.year})"


class Years:
    """The years of a convention, as somebody may give figures of them."""

    def __init__(self, convention: Convention, user: User | None):
        self.convention, self.user = convention, user
        self.today = timezone.localdate()
        self.asker = None if user is None else contributor_of(user, convention)
        self.term = convention.years(self.today)
        self.campaigns = {one.year: one for one in Campaign.objects.of(convention)}
        rows = Indicator.objects.of(convention).agreed()
        self.versions = versions_in_force(rows)
        self.indicators = [
            row for row in rows.with_relations().in_reading_order() if row.pk in self.versions
        ]
        organisations = Organisation.objects.filter(convention=convention)
        self.organisations = {one.pk: one for one in organisations}
        self.unexplained: list[str] = []  # where closed years change, without the reason
        self.kept: dict[int, dict[int, CampaignIndicator]] = {}
        kept = CampaignIndicator.objects.of(convention).with_relations()
        for entry in kept.filter(campaign__in=self.campaigns.values()):
            entry.campaign = self.campaigns[entry.campaign.year]
            self.kept.setdefault(entry.campaign.year, {})[entry.indicator_id] = entry
        kept = [entry for of_year in self.kept.values() for entry in of_year.values()]
        self.values = values_by_slot(kept)
        self.before = {
            pk: figure
            for year, campaign in self.campaigns.items()
            if campaign.is_open
            for pk, figure in figures_before(
                self.kept.get(year, {}).values(), reader=self.asker
            ).items()
        }

    @property
    def expected(self) -> list[int]:
        """The years that a file is usually about."""
        over = min(self.term[-1], self.today.year - 1)
        first = min(self.term[0], self.today.year)
        return sorted({*range(first - EARLIER, over + 1), *self.campaigns})

    def entries_of(self, year: int) -> list[CampaignIndicator]:
        """What may be given of a year: what was asked, and what is in force, as it would be."""
        kept = self.kept.get(year, {})
        return [
            *kept.values(),
            *(self._unkept(year, row) for row in self.indicators if row.pk not in kept),
        ]

    def _unkept(self, year: int, indicator: Indicator) -> CampaignIndicator:
        campaign = self.campaigns.get(year) or Campaign(
            convention=self.convention, year=year, due_on=self.today, is_from_file=True
        )  # fmt: skip
        entry = freeze_indicator(campaign, indicator, self.versions[indicator.pk], {})
        entry.provider = self.organisations[entry.provider_id]
        entry.enterer = self.organisations[entry.enterer_id]
        return entry

    def is_earlier(self, year: int) -> bool:
        """Whether a year is before the term, and nothing was ever collected of it."""
        return year < self.term[0] and year not in self.campaigns

    def value(self, slot: Slot) -> Value | None:
        return self.values.get(slot.key)

    def refusal(self, slot: Slot) -> Refusal | None:
        """Why the person gives no figure of an indicator for a year."""
        entry, commune = slot
        campaign = entry.campaign
        if campaign.pk is None:
            refusal = may_add_past_year(self.user, self.convention, campaign.year, self.today)
            return refusal or may_add_past_value(self.asker, entry)
        if entry.pk is None and not campaign.takes_figures_of_files:
            if campaign.is_prepared:
                return may_enter(self.asker, entry, commune)
            return Refusal(f"Le recueil {campaign.year} n’a pas demandé cet indicateur.")
        if campaign.takes_figures_of_files and self.value(slot) is None:
            return may_add_past_value(self.asker, entry)
        if campaign.is_closed:
            return may_correct(self.asker, entry, self.value(slot))
        return may_write(self.asker, entry, self.value(slot), commune)

    def told(self, result: Preview) -> Iterable[str]:
        """What becomes of the years, and of what came before."""
        kept = [line for line in result.to_keep if not isinstance(line.content, Baseline)]
        campaigns = [line.about.entry.campaign for line in kept]
        new = sorted({campaign.year for campaign in campaigns if not campaign.pk})
        if new:
            told = "est reprise" if len(new) == 1 else "sont reprises"
            yield (
                f"{enumerate_words(map(str, new))} {told} dans un recueil clos, « repris d’un "
                "fichier » ; personne n’est sollicité."
            )
        if count := len(result.to_keep) - len(kept):
            told = plural(count, "situation initiale change,situations initiales changent")
            yield f"{told} : des brouillons d’indicateur les gardent, à proposer aux parties."


def _compare(given: Given, reading: Years, asking: Asking, result: Preview) -> None:
    entry, value = given.entry, reading.value(given.slot)
    before = None if given.commune else reading.before.get(entry.pk)
    key = key_of(given.slot)
    line = line_of(given, value, before, asking, result, key)
    if line is None:
        return
    is_new = entry.campaign.takes_figures_of_files and value is None
    reason, outcome = "", line.outcome
    if entry.campaign.is_closed and not is_new:
        if value is not None and not value.is_shown:
            outcome = Outcome.CHANGED  # saved once, never given
        if outcome != Outcome.UNCHANGED:
            reason = asking.say(REASON, REASON_ASKED, given.place).strip()
            if line.content.is_empty:
                result.mistakes.append(Mistake(given.place, NEVER_ERASED, label_of(given), key))
                return
            if not reason:
                reading.unexplained.append(given.place)
                return
    result.lines.append(
        replace(
            line,
            key=key,
            label=label_of(given),
            outcome=outcome,
            content=Kept(line.content, reason),
        )
    )


def _says_the_same(given: Given, reading: Years, asking: Asking, result: Preview) -> bool:
    """Whether a line that is not the person's to give says what everybody reads already: it then
    changes nothing. Of what is protected, no file finds out whether it is so."""
    entry, value = given.entry, reading.value(given.slot)
    if value is None or not value.is_shown:
        return False
    if is_protected(Definition.of(entry.version), entry.rule):
        return False
    line = line_of(given, value, None, asking, Preview())
    is_same = line is not None and line.outcome == Outcome.UNCHANGED
    if is_same:
        result.lines.append(replace(line, key=key_of(given.slot), label=label_of(given)))
    return is_same


def _compare_earlier(
    earlier: dict[int, list[Given]], reading: Years, asking: Asking, result: Preview
) -> None:
    """Of the years before the term, the last one that has a number is where it starts from."""
    baselines = Baselines(reading.indicators, reading.user) if earlier else None
    left: set[int] = set()
    for lines in earlier.values():
        found: Line | Mistake | None = None
        for given in sorted(lines, key=lambda one: -one.entry.campaign.year):
            year = given.entry.campaign.year
            if found is not None:
                left.add(year)
                continue
            try:
                figure = figure_of(given, None, asking)
            except Wrong as wrong:
                about = label_of(given)
                result.mistakes += [Mistake(place, text, about) for place, text in wrong.told]
                continue
            if figure is not None and figure.number is not None:
                found = baselines.line(given.entry.indicator, year, figure, given.place)
        if isinstance(found, Mistake):
            result.mistakes.append(found)
        elif found is not None:
            result.lines.append(found)
    if left:
        years = enumerate_words(map(str, sorted(left)))
        text = f"{years} : avant la convention ; la situation initiale garde la dernière année."
        result.told.append(Told("", text))


# What is kept, and put back -----------------------------------------------------------------------


def _brought(convention: Convention, lines: Iterable[Line], by: User | None) -> list[YearsBrought]:
    """What is told of the past years among these lines: once to each who provides some."""
    years: dict[Organisation, set[int]] = {}
    for line in lines:
        if isinstance(line.content, Baseline):
            continue
        entry = line.about.entry
        if entry.campaign.takes_figures_of_files:
            years.setdefault(entry.provider, set()).add(entry.campaign.year)
    who = by.pk if by else 0
    return [YearsBrought(convention, provider, own, who) for provider, own in years.items()]


def _keep(convention: Convention, line: Line, *, by: User | None) -> Undoing:
    """Give, save or correct a figure, by what its year is now. Raises Refused."""
    (entry, commune), figure = line.about, line.content.figure
    campaign = entry.campaign
    if campaign.pk is None:
        campaign = Campaign.objects.of(convention).for_year(campaign.year).first()
        campaign = campaign or add_past_year(convention, entry.campaign.year, by=by)
    there = value_of(entry, commune) if line.compared_with else None
    revision = decode_revision(line.compared_with)
    before = before_of(line, there)
    if campaign.takes_figures_of_files and not line.compared_with:
        value = add_past_value(campaign, entry.indicator, figure, commune=commune, by=by)
    elif campaign.is_closed:
        before["counted"] = there is None or there.is_shown
        reason = line.content.reason
        value = correct_value(
            entry, figure, reason=reason, commune=commune, by=by, revision=revision
        )
    else:
        value = save_value(entry, figure, commune=commune, revision=revision, by=by)
    return Undoing(before, str(value.revision))


def _put_back(
    entry: CampaignIndicator, value: Value, before: dict, writing: str, *, by: User | None
) -> None:
    """What was there before, by the events of the year as it is now. Raises Refused."""
    (figure, typed), commune = told_before(before), value.commune
    if not entry.campaign.is_closed:
        save_value(
            entry, figure, commune=commune, revision=decode_revision(writing), by=by, typed=typed
        )
    elif figure.is_empty:
        remove_past_value(value, by=by, revision=decode_revision(writing))
    else:
        correct_value(
            entry, figure, reason="Import de fichier annulé.", commune=commune, by=by,
            revision=decode_revision(writing), typed=typed,
        )  # fmt: skip
