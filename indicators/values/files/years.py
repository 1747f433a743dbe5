"""Import figures of several years at once, from the workbook that an office has kept for years.

A past year of the term without a collection gets a closed one, with the figures of the file. An
open collection takes entries; a closed one takes corrections, with one reason for the whole file.
A year before the term gives baselines.
"""

from collections.abc import Iterable, Sequence
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
from indicators.values.files.baselines import (
    BASELINE,
    Baseline,
    Baselines,
    keep_baseline,
    undo_baseline,
)
from indicators.values.files.figures import Slot
from indicators.values.files.importing import (
    NOT_CONTRIBUTING,
    before_of,
    decode_before,
    values_by_slot,
)
from indicators.values.files.knowledge import KnowledgeOfValues
from indicators.values.files.lines import line_of_read, read_preview
from indicators.values.files.reads import Read, Target, label_of_read
from indicators.values.notices import YearsBrought
from indicators.values.plausibility import EarlierFigure, figures_before
from indicators.values.rights import may_add_past_value, may_correct, may_enter, may_write
from indicators.values.writing import value_of
from notifications.news import notify
from spreadsheets.columns.headings import YEARS
from spreadsheets.columns.kept import columns_of
from spreadsheets.columns.questions import Asking
from spreadsheets.columns.tables import Told
from spreadsheets.importing.adapter import GONE, ImportWords, Onward, Undoing
from spreadsheets.importing.preview import Line, Mistake, Outcome, Preview
from spreadsheets.reading.cells import Book

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
NO_STARTING_FIGURE = Refusal("Avant la convention, seul un nombre sert de situation initiale.")
TOO_MANY = Refusal(f"Ce fichier donne plus de {MOST_YEARS} années : gardez celles qui servent.")


class ImportOfYears(ImportIntoConvention):
    """The import of the figures of several years; its scope is the slug of the convention."""

    name = "indicators.years"
    words = ImportWords(
        things="valeur,valeurs",
        layouts="Deux dispositions se lisent : une ligne par chiffre, ou un tableau croisé "
        "(communes ou années en lignes ou en colonnes). Pour toute autre, remplissez le "
        "classeur du portail, ou collez vos chiffres dans la grille.",
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
        return Onward(reverse("indicators:campaigns", args=[row.scope]), self.words.onward)

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
        notify(*_notices_of(convention_in(scope), lines, by))
        return super().keeper(scope, lines, by=by)

    def readable(self, scope, keys, user: User | None):
        convention = convention_in(scope)
        split = {key: key.split(":") for key in keys if not key.startswith(BASELINE)}
        pks = {int(pk) for _, pk, *_ in split.values()}
        entries = CampaignIndicator.objects.of(convention).with_relations()
        entries = list(entries.filter(indicator__in=pks))
        readable = _readable_keys(user, convention, entries)
        hidden = {key_of(Slot(entry)) for entry in entries} - readable
        return {key for key in keys if key not in split or ":".join(split[key][:2]) not in hidden}

    def reach(self, scope, user: User | None):
        convention = convention_in(scope)
        entries = CampaignIndicator.objects.of(convention).with_relations()
        return _readable_keys(user, convention, entries) if user else set()

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


def _readable_keys(
    user: User | None, convention: Convention, entries: Iterable[CampaignIndicator]
) -> set[str]:
    """Return the keys of the entries whose figures somebody reads as typed, or may import."""
    contributor = contributor_of(user, convention)
    return {
        key_of(Slot(entry))
        for entry in entries
        if contributor.reads_raw(entry) or may_add_past_value(contributor, entry) is None
    }


def convention_in(scope: str) -> Convention:
    """Return the convention that a scope names. Raises Refused without one."""
    convention = Convention.objects.filter(slug=scope).first()
    if convention is None:
        raise Refused(Refusal(f"Aucune convention ne s’appelle {scope}."))
    return convention


def may_bring_years(contributor: Contributor) -> Refusal | None:
    """Return why somebody may not import a file of several years, or None."""
    return None if contributor.may_contribute else NOT_CONTRIBUTING


# Reading a file -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """A figure of a year, and the reason why it changes a closed year. Digests of previews contain
    the name of this class, so that it stays."""

    figure: Figure
    reason: str = ""


def preview_years(convention: Convention, book: Book, asking: Asking, user: User | None) -> Preview:
    """Return what a book would change of the figures of all years, for somebody who enters or
    imports them."""
    reading = YearsTarget(convention, user, asking)
    columns = columns_of(book, reading.knowledge, asking.columns, asking.remembered)
    result = read_preview(reading, book, columns, asking)
    if len({line.about.entry.campaign.year for line in result.lines
            if isinstance(line.content, Kept)}) > MOST_YEARS:  # fmt: skip
        return Preview(refusal=TOO_MANY)
    result.waiting = len(reading.unexplained)
    result.told.extend(Told("", text) for text in reading.remarks(result))
    return result


def key_of(slot: Slot) -> str:
    entry, commune = slot
    key = f"{entry.campaign.year}:{entry.indicator_id}"
    return f"{key}:{commune.pk}" if commune else key


def label_of(read: Read) -> str:
    return f"{label_of_read(read)} ({read.slot.entry.campaign.year})"


class YearsTarget(Target):
    """The years of a convention, as somebody may give figures of them."""

    def __init__(self, convention: Convention, user: User | None, asking: Asking):
        self.convention, self.user, self.asking = convention, user, asking
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
        self.entries_by_year: dict[int, dict[int, CampaignIndicator]] = {}
        entries = CampaignIndicator.objects.of(convention).with_relations()
        for entry in entries.filter(campaign__in=self.campaigns.values()):
            entry.campaign = self.campaigns[entry.campaign.year]
            self.entries_by_year.setdefault(entry.campaign.year, {})[entry.indicator_id] = entry
        self.values = values_by_slot(
            entry for entries in self.entries_by_year.values() for entry in entries.values()
        )
        self.earlier = {
            pk: figure
            for year, campaign in self.campaigns.items()
            if campaign.is_open
            for pk, figure in figures_before(
                self.entries_by_year.get(year, {}).values(), reader=self.asker
            ).items()
        }

        self.by_year: dict[int, dict[str, CampaignIndicator]] = {}
        self.last_earlier: dict[str, int] = {}
        known = self.entries_of(self.expected[0])
        self.knowledge = KnowledgeOfValues(convention, known, self.expected, None)
        self.baselines = Baselines(self.indicators, user)

    @property
    def expected(self) -> list[int]:
        """Return the years that a file is usually about."""
        over = min(self.term[-1], self.today.year - 1)
        first = min(self.term[0], self.today.year)
        return sorted({*range(first - EARLIER, over + 1), *self.campaigns})

    def entries_of(self, year: int) -> list[CampaignIndicator]:
        """Return the entries of a year: those of its collection, then those of the other indicators
        in force, as the collection would ask for them."""
        stored = self.entries_by_year.get(year, {})
        return [
            *stored.values(),
            *(self._unsaved_entry(year, row) for row in self.indicators if row.pk not in stored),
        ]

    def _unsaved_entry(self, year: int, indicator: Indicator) -> CampaignIndicator:
        campaign = self.campaigns.get(year) or Campaign(
            convention=self.convention, year=year, due_on=self.today, is_from_file=True
        )  # fmt: skip
        entry = freeze_indicator(campaign, indicator, self.versions[indicator.pk], {})
        entry.provider = self.organisations[entry.provider_id]
        entry.enterer = self.organisations[entry.enterer_id]
        return entry

    def is_earlier(self, year: int) -> bool:
        """Return whether a year is before the term and has no collection."""
        return year < self.term[0] and year not in self.campaigns

    def entry(self, indicator: str, year: int) -> CampaignIndicator | None:
        if year not in self.by_year:
            entries = self.entries_of(year)
            self.by_year[year] = {str(entry.indicator_id): entry for entry in entries}
        return self.by_year[year].get(indicator)

    def takes(self, year: int) -> bool:
        return year in YEARS

    def key(self, slot: Slot) -> str:
        return key_of(slot)

    def value(self, slot: Slot) -> Value | None:
        return self.values.get(slot.key) if slot.entry.pk else None

    def before(self, slot: Slot) -> EarlierFigure | None:
        return None if slot.commune else self.earlier.get(slot.entry.pk)

    def prepare(self, reads: Sequence[Read]) -> None:
        """Note the year of each indicator's baseline: the last before the term that has a
        number."""
        for read in reads:
            if read.is_open and read.entry is not None and read.number is not None:
                year = read.entry.campaign.year
                if self.is_earlier(year) and read.commune is None:
                    key = str(read.entry.indicator_id)
                    self.last_earlier[key] = max(year, self.last_earlier.get(key, 0))

    def line(self, reading: Read, result: Preview) -> Line | Refusal | None:
        slot = reading.slot
        if self.is_earlier(slot.entry.campaign.year) and slot.commune is None:
            return self._baseline_line(reading)
        if refusal := self.refusal(slot):
            return self._line_if_same(reading) or refusal
        return self._line_of_year(reading, result)

    def _baseline_line(self, reading: Read) -> Line | Refusal | None:
        entry, figure = reading.slot.entry, reading.figure
        year = entry.campaign.year
        if figure is None or figure.number is None:
            return NO_STARTING_FIGURE
        if year != self.last_earlier.get(str(entry.indicator_id)):
            reading.leave(f"{year}, avant la convention : la situation initiale garde la dernière")
            return None
        line = self.baselines.line(entry.indicator, year, figure, reading.cell.address)
        return Refusal(line.text) if isinstance(line, Mistake) else line

    def _line_if_same(self, reading: Read) -> Line | None:
        """Return the unchanged line of a figure that the person may not give but everybody reads
        already; None otherwise. Protected figures get none, so that no file can find them out."""
        entry, value = reading.slot.entry, self.value(reading.slot)
        is_hidden = is_protected(Definition.of(entry.version), entry.rule)
        if value is None or not value.is_shown or is_hidden:
            return None
        line = line_of_read(reading, value, None)
        is_same = line.outcome == Outcome.UNCHANGED
        return replace(line, key=key_of(reading.slot), label=label_of(reading)) if is_same else None

    def _line_of_year(self, reading: Read, result: Preview) -> Line | Refusal | None:
        """Return what a figure changes of its year; None while a closed year lacks the reason for
        it."""
        slot, value = reading.slot, self.value(reading.slot)
        line = line_of_read(reading, value, self.before(slot))
        is_new = slot.entry.campaign.takes_figures_of_files and value is None
        reason, outcome = "", line.outcome
        if slot.entry.campaign.is_closed and not is_new:
            if value is not None and not value.is_shown:
                outcome = Outcome.CHANGED  # saved once, never given
            if outcome != Outcome.UNCHANGED:
                if line.content.is_empty:
                    return Refusal(NEVER_ERASED)
                reason = self.asking.say(REASON, REASON_ASKED, reading.cell.address).strip()
                if not reason:
                    self.unexplained.append(reading.cell.address)
                    return None
        content = Kept(line.content, reason)
        label = label_of(reading)
        return replace(line, key=key_of(slot), label=label, outcome=outcome, content=content)

    def refusal(self, slot: Slot) -> Refusal | None:
        """Return why the person may not give a figure of an indicator for a year, or None."""
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

    def remarks(self, result: Preview) -> Iterable[str]:
        """Yield sentences about the collections that the file adds and the baselines that it
        changes."""
        figures = [line for line in result.to_keep if not isinstance(line.content, Baseline)]
        campaigns = [line.about.entry.campaign for line in figures]
        new = sorted({campaign.year for campaign in campaigns if not campaign.pk})
        if new:
            verb = "est reprise" if len(new) == 1 else "sont reprises"
            yield (
                f"{enumerate_words(map(str, new))} {verb} dans un recueil clos, « repris d’un "
                "fichier » ; personne n’est sollicité."
            )
        if count := len(result.to_keep) - len(figures):
            changes = plural(count, "situation initiale change,situations initiales changent")
            yield f"{changes} : des brouillons d’indicateur les gardent, à proposer aux parties."


# Saving and undoing -------------------------------------------------------------------------------


def _notices_of(
    convention: Convention, lines: Iterable[Line], by: User | None
) -> list[YearsBrought]:
    """Return the notices of past years among these lines, one for each provider."""
    years: dict[Organisation, set[int]] = {}
    for line in lines:
        if isinstance(line.content, Baseline):
            continue
        entry = line.about.entry
        if entry.campaign.takes_figures_of_files:
            years.setdefault(entry.provider, set()).add(entry.campaign.year)
    who = by.pk if by else 0
    return [YearsBrought(convention, provider, brought, who) for provider, brought in years.items()]


def _keep(convention: Convention, line: Line, *, by: User | None) -> Undoing:
    """Add, save or correct a figure, as the state of its year asks. Raises Refused."""
    (entry, commune), figure = line.about, line.content.figure
    campaign = entry.campaign
    if campaign.pk is None:
        campaign = Campaign.objects.of(convention).for_year(campaign.year).first()
        campaign = campaign or add_past_year(convention, entry.campaign.year, by=by)
    current = value_of(entry, commune) if line.compared_with else None
    revision = decode_revision(line.compared_with)
    before = before_of(line, current)
    if campaign.takes_figures_of_files and not line.compared_with:
        value = add_past_value(campaign, entry.indicator, figure, commune=commune, by=by)
    elif campaign.is_closed:
        before["counted"] = current is None or current.is_shown
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
    """Restore the figure that was there before, by the events of the year as it is now. Raises
    Refused."""
    (figure, typed), commune = decode_before(before), value.commune
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
