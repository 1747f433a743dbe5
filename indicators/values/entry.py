"""Read the page « Saisir mes données »: what the organisations of a person owe for a year."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from django.http import QueryDict

from conventions.models import Axis, Organisation, Theme
from conventions.parties.reading import organisations_by_key
from ctg_portal.templatetags.french import enumerate_words, plural
from indicators.collection.progress import Tally
from indicators.collection.rights import Contributor, enterers_of
from indicators.collection.things import Things
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.values import SHOWN, Value
from indicators.values.entry_row import SAVED, EntryRow
from indicators.values.events import Saving, save_together
from indicators.values.links.visitor import Enterer
from indicators.values.table_row import TableRow, table_rows, values_of, whole_of
from indicators.values.tables import communes_of
from indicators.values.taking_over import EarlierTexts, hide_taken_over, texts_to_take_over
from indicators.values.totals import Earlier, all_before

SEMICOLON = "\u00a0; "


@dataclass(frozen=True)
class EntryGroup:
    """Some rows of a theme; ``opens_axis``: it is the first theme of its axis here."""

    axis: Axis
    theme: Theme
    rows: list[EntryRow]
    opens_axis: bool


@dataclass(frozen=True)
class OwnLine:
    """What a table that others enter asks of the person's own communes. ``is_given``: the figures
    of all of them are submitted; ``is_typed``: all are there, given or not."""

    entry: CampaignIndicator
    is_given: bool
    is_typed: bool

    @property
    def words(self) -> str:
        return "transmis" if self.is_given else "saisi" if self.is_typed else ""


@dataclass
class EntryPage:
    """The page of a person who enters for ``organisations``: that of the key ``pour`` or, if it is
    empty, all of one's own. ``posted``: the form that was sent, if any; ``touched``: the rows of
    it that were changed, once ``save`` was called."""

    campaign: Campaign
    contributor: Contributor
    today: datetime.date
    pour: str = ""
    posted: QueryDict | None = None
    touched: list[EntryRow] = field(default_factory=list)

    row_class = EntryRow

    @cached_property
    def asked(self) -> list[Organisation]:
        return list(enterers_of(self.campaign))

    @cached_property
    def choices(self) -> list[Organisation]:
        """The organisations of the campaign for which the person may enter."""
        return [row for row in self.asked if self.contributor.enters_for(row)]

    @property
    def asked_by_link(self) -> list[Organisation]:
        """The organisations that a secrecy rule keeps the coordinator from entering for, while the
        campaign is open; none for who does not coordinate."""
        if not (self.contributor.coordinates and self.campaign.is_open):
            return []
        return [row for row in self.asked if row not in self.choices]

    @cached_property
    def organisations(self) -> list[Organisation]:
        """The organisations for which figures are typed here; empty if ``pour`` is not the person's
        to choose."""
        return self._on_this_page(self.choices)

    def _on_this_page(self, organisations: Iterable[Organisation]) -> list[Organisation]:
        """Return those of some organisations for which figures are typed here."""
        if self.pour:
            return [row for row in organisations if str(row.pk) == self.pour]
        return [row for row in organisations if row.pk in self.contributor.organisations]

    @property
    def others(self) -> list[Organisation]:
        """The organisations for which the person may enter, but not on this page."""
        return [row for row in self.choices if row not in self.organisations]

    @property
    def whom(self) -> str:
        return enumerate_words(organisation.the for organisation in self.organisations)

    @cached_property
    def due_on(self) -> datetime.date:
        """The first of the deadlines, own or common, of these organisations."""
        own = self.campaign.own_deadlines.latest_by_organisation()
        days = {
            own[row.pk].due_on if row.pk in own else self.campaign.due_on
            for row in self.organisations
        }
        return min(days, default=self.campaign.due_on)

    @property
    def query(self) -> str:
        return f"?pour={self.pour}" if self.pour else ""

    @cached_property
    def entries(self) -> list[CampaignIndicator]:
        """The indicators asked of these organisations that the person may type."""
        organisations = organisations_by_key(self.campaign.convention).values()
        mine = [row for row in organisations if self.contributor.enters_for(row)]
        asked = self.campaign.campaign_indicators.entered_by(self._on_this_page(mine))
        return [e for e in asked.list_in_campaign(self.campaign) if self.contributor.enters(e)]

    @cached_property
    def typed(self) -> dict[int, list[Value]]:
        """All stored values, drafts too, by the key of the entry."""
        return values_of(self.entries)

    @cached_property
    def before(self) -> dict[int, Earlier]:
        """The last figures given before, as this person may read them, by the key of the entry: of
        each commune, and of the territory under None."""
        return all_before(self.entries, reader=self.contributor)

    @cached_property
    def rows(self) -> list[EntryRow]:
        """The rows of indicators asked of the whole territory, in reading order, with what was sent
        in them; without what others have begun."""
        entries = [entry for entry in self.entries if not entry.is_by_commune]
        hide_taken_over(self.contributor, entries)
        typed = [(entry, whole_of(self.typed[entry.pk])) for entry in entries]
        rows = [
            self.row_class(entry, value, self.before[entry.pk].get(None), self.today)
            for entry, value in typed
            if not self._is_begun(entry, value)
        ]
        self._fill_in(rows)
        return rows

    def _fill_in(self, rows: list[EntryRow]) -> None:
        """Set what was sent as the data of each row that the form had."""
        for row in rows:
            if self.posted is not None and f"v{row.key}-was" in self.posted:
                row.data = self.posted

    @property
    def typed_in_vain(self) -> list[str]:
        """Changes of the form that was sent, as one text, a line a row, to be copied; empty if
        nothing was changed."""
        rows = [row for row in self.rows if row.data is not None and row.form.is_touched]
        lines = [f"{row.label}\u00a0: {SEMICOLON.join(row.form.texts)}" for row in rows]
        return ["\n".join(lines)] if lines else []

    @cached_property
    def tables(self) -> list[TableRow]:
        """The tables asked by commune: each is one thing owed, typed on a page of its own."""
        return table_rows(self.entries, self.typed, self.before, hides=self._is_begun)

    def read_of(self, table: TableRow) -> dict[int, Value]:
        """Return the figures of communes that the person reads as typed, by commune."""
        return {value.commune_id: value for value in table.read if value.commune_id}

    @cached_property
    def own_lines(self) -> list[OwnLine]:
        """A line for each table that others enter and that asks something of the person's own
        communes; none on the page of a chosen organisation."""
        if self.pour or not self.contributor.communes:
            return []
        asked = self.campaign.campaign_indicators.by_commune().list_in_campaign(self.campaign)
        communes = communes_of(self.campaign)
        enters = self.contributor.enters_for_commune
        own = {
            entry: {commune.pk for commune in communes if enters(entry, commune)}
            for entry in asked
            if entry not in self.entries
        }
        values = Value.objects.by_commune().filter(campaign_indicator__in=own)
        rows = values.values_list("campaign_indicator", "commune", "state")
        state_by_place = {(entry, commune): state for entry, commune, state in rows}
        lines = []
        for entry, pks in own.items():
            if states := [state_by_place.get((entry.pk, pk)) for pk in pks]:
                is_given = all(state in SHOWN for state in states)
                lines.append(OwnLine(entry, is_given, is_typed=all(states)))
        return lines

    @property
    def owed(self) -> list[EntryRow | TableRow]:
        """All rows and tables of the page, given or not."""
        return [*self.rows, *self.tables]

    def _is_begun(self, entry: CampaignIndicator, value: Value | None) -> bool:
        """Return whether others have begun a value that is not given, which the person may not
        read; False without a value."""
        is_shown = value is None or value.is_shown
        return not is_shown and self.contributor.is_kept_from(entry, value)

    @property
    def is_staffed(self) -> bool:
        """Whether ``pour`` is an organisation whose own people enter."""
        return bool(self.pour) and any(
            row.pk in self.contributor.with_account for row in self.organisations
        )

    @cached_property
    def earlier(self) -> EarlierTexts | None:
        """The texts of the year before that may be taken over; None if there are none, or the page
        takes none: the campaign is not open, or the organisation's people enter."""
        if not self.campaign.is_open or not self.rows or self.is_staffed:
            return None
        given = [row.entry.pk for row in self.rows if row.value is not None]
        return texts_to_take_over(self.campaign, [row.entry for row in self.rows], given) or None

    # What is owed stays open, what came back first; what was given is folded -------------------

    @property
    def returned(self) -> list[EntryRow]:
        return [row for row in self.rows if row.is_returned and row.takes_figures]

    @property
    def groups(self) -> list[EntryGroup]:
        """The rows still to be typed or sent, by theme."""
        return _by_theme(row for row in self.rows if row.takes_figures and not row.is_returned)

    @property
    def given(self) -> list[EntryRow]:
        return [row for row in self.rows if not row.takes_figures]

    @property
    def given_groups(self) -> list[EntryGroup]:
        return _by_theme(self.given)

    @property
    def owed_tables(self) -> list[TableRow]:
        return [row for row in self.tables if not row.is_given]

    @property
    def takes_figures(self) -> bool:
        """Whether a row takes figures, or a table is not given."""
        return any(row.takes_figures for row in self.rows) or bool(self.owed_tables)

    @property
    def tables_caption(self) -> str:
        """The caption of the tables that are not given."""
        is_closed = self.campaign.is_closed
        return "Tableaux incomplets" if is_closed else "Tableaux à renseigner ou à transmettre"

    @property
    def given_tables(self) -> list[TableRow]:
        return [row for row in self.tables if row.is_given]

    @property
    def given_words(self) -> str:
        """The words « 5 valeurs et 2 tableaux, dont 3 vérifiés »."""
        given = [*self.given, *self.given_tables]
        things = things_of(given)
        verified = things_of([row for row in given if row.is_verified])
        if not verified.total:
            return things.counted
        if verified == things:
            every = ("tous " if things.tables else "toutes ") if things.total > 1 else ""
            return f"{things.counted}, {every}{things.agreeing('vérifié')}"
        return f"{things.counted}, dont {verified.total} {verified.agreeing('vérifié')}"

    @property
    def is_given_open(self) -> bool:
        """Whether what was given is unfolded: all is given, or the campaign is not open."""
        return not self.campaign.is_open or all(row.is_given for row in self.owed)

    def row(self, pk: str) -> EntryRow | None:
        return next((row for row in self.rows if row.key == pk), None)

    def save(self, by: Enterer, only: str = "") -> None:
        """Save each row that was changed in the form, and note it in ``touched``; with ``only``,
        nothing but the row of that key. What is wrong stays in the form of its row."""
        for row in self.rows:
            if only and row.key != only:
                continue
            if row.data is not None and row.form.is_touched:
                self.touched.append(row)
            elif row.data is not None:
                row.data = None
                del row.form
        save_rows(self.touched, by)

    @property
    def wrong(self) -> list[EntryRow]:
        """The rows sent that were refused, or that somebody else had written meanwhile."""
        return [row for row in self.touched if row.wrong]

    @property
    def saved(self) -> list[EntryRow]:
        return [row for row in self.touched if row.outcome == SAVED]

    @property
    def unsaved_words(self) -> str:
        """The words « 2 valeurs ne sont pas enregistrées ; 3 le sont » on what was sent."""
        forms = "valeur n’est pas enregistrée,valeurs ne sont pas enregistrées"
        words = plural(len(self.wrong), forms)
        return f"{words} ; {plural(len(self.saved), 'l’est,le sont')}" if self.saved else words

    @property
    def ready(self) -> list[EntryRow | TableRow]:
        """The rows and tables that would be submitted."""
        return [row for row in self.owed if not row.is_given and row.not_ready is None]

    @property
    def things_ready(self) -> Things:
        return things_of(self.ready)

    @property
    def ready_words(self) -> str:
        """The words « 2 valeurs sont prêtes »."""
        return self.things_ready.sentence("prêt")

    @property
    def blocked(self) -> list[EntryRow | TableRow]:
        """The rows and tables that are not given and cannot be submitted yet."""
        return [row for row in self.owed if not row.is_given and row.not_ready]

    @property
    def result_message(self) -> str:
        """The message on what was sent, of which nothing is wrong."""
        if self.saved:
            count = plural(len(self.saved), "valeur est enregistrée,valeurs sont enregistrées")
            return f"{count}."
        return "L’autre valeur est gardée." if self.touched else "Rien n’avait changé."

    # What it says first --------------------------------------------------------------------------

    @property
    def missing(self) -> int:
        """The number of rows and tables in which something is still to be typed."""
        return sum(row.is_missing for row in self.owed)

    @property
    def total(self) -> int:
        return len(self.owed)

    @property
    def filled(self) -> int:
        return self.total - self.missing

    @property
    def pending(self) -> int:
        """The number of rows and tables with a draft."""
        return sum(row.is_pending for row in self.owed)

    @property
    def left(self) -> list[EntryRow | TableRow]:
        """The rows and tables that are not given, those given for some communes only too."""
        return [row for row in self.owed if not row.is_given]

    @property
    def _left_words(self) -> str:
        """The words « 3 chiffres manquent, dont 1 tableau transmis en partie »."""
        in_part = sum(row.entry.communes_given > 0 for row in self.left)
        return Tally(total=len(self.left), in_part=in_part).owed_words

    @property
    def title(self) -> str:
        """The answer of the page: what is left to be done, of all that is asked here."""
        year, total = self.campaign.year, self.total
        if not total and self.own_lines and self.campaign.is_open:
            return self._own_title
        if not total:
            return f"Vous n’avez pas de données à saisir pour {year}"
        if self.campaign.is_closed and self.left:
            return f"Le recueil {year} est clos : {self._left_words}"
        return self._owed_title

    @property
    def _own_title(self) -> str:
        """The title for who is asked only for the figures of their own communes."""
        year, left = self.campaign.year, sum(not line.is_typed for line in self.own_lines)
        if left:
            figures = plural(left, "chiffre,chiffres")
            return f"Vous pouvez donner {figures} de votre commune pour {year}"
        if all(line.is_given for line in self.own_lines):
            return f"Les chiffres de votre commune sont transmis pour {year}"
        typed = f"Les chiffres de votre commune sont saisis pour {year}"
        return f"{typed}{SEMICOLON}ils partent avec le reste des tableaux"

    @property
    def _owed_title(self) -> str:
        """The title while something is asked: how much came back, is to be typed, or submitted."""
        year, total = self.campaign.year, self.total
        returned = sum(row.is_returned for row in self.owed)
        words = plural(self.missing - returned, "indicateur,indicateurs")
        owed = f"il reste {words} à renseigner sur {total}" if self.missing > returned else ""
        if returned:
            back = plural(returned, "valeur est à corriger,valeurs sont à corriger")
            return f"{back} ; {owed}" if owed else back
        if owed:
            return f"I{owed[1:]}"
        if self.pending:
            words = things_of([row for row in self.owed if row.is_pending])
            return f"Tout est renseigné : il reste {words.counted} à transmettre"
        if self.pour:
            whose = enumerate_words(row.genitive for row in self.organisations)
            return f"Les données {whose} pour {year} sont transmises"
        return f"Vos données de {year} sont transmises"


def save_rows(rows: Iterable[EntryRow], by: Enterer) -> None:
    """Save what is typed in each of these rows, together; ``outcome`` of each says what was
    refused."""
    rows = list(rows)

    def write(saving: Saving) -> None:
        for row in rows:
            row.save(saving.save)

    if rows:
        save_together({row.entry for row in rows}, write, by=by)


def things_of(rows: Iterable[EntryRow | TableRow]) -> Things:
    """Return how many of these are values, and how many tables."""
    return Things.of(row.is_table for row in rows)


def _by_theme(rows: Iterable[EntryRow]) -> list[EntryGroup]:
    """Return rows in reading order as groups of the same theme."""
    groups, before = [], None
    for theme, theme_rows in groupby(rows, key=lambda row: row.entry.indicator.theme):
        groups.append(EntryGroup(theme.axis, theme, list(theme_rows), theme.axis != before))
        before = theme.axis
    return groups
