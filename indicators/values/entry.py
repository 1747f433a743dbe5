"""« Saisir mes données »: what the organisations of a person owe for a year, row by row."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from conventions.models import Axis, Organisation, Theme
from ctg_portal.templatetags.french import enumerate_words, plural
from indicators.collection.rights import Contributor
from indicators.collection.things import Things
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.values import SHOWN, Value
from indicators.values.entry_row import SAVED, EntryRow
from indicators.values.events import Saving, save_together
from indicators.values.links.visitor import Enterer
from indicators.values.table_row import TableRow, table_rows, values_of, whole_of
from indicators.values.tables import communes_of
from indicators.values.taking_over import Earlier, earlier_of, keep_from
from indicators.values.totals import Earlier as EarlierFigures
from indicators.values.totals import all_before

SEMICOLON = "\u00a0; "


@dataclass(frozen=True)
class EntryGroup:
    """The rows of a theme; ``axis`` is told once, at its first theme."""

    axis: Axis
    theme: Theme
    rows: list[EntryRow]
    opens_axis: bool


@dataclass(frozen=True)
class OwnLine:
    """The line of a person's own commune in a table that others enter; ``is_given``: its figure is
    transmitted; ``is_typed``: it is there, and waits for the rest of the table."""

    entry: CampaignIndicator
    is_given: bool
    is_typed: bool

    @property
    def words(self) -> str:
        return "transmis" if self.is_given else "saisi" if self.is_typed else ""


@dataclass
class EntryPage:
    """The page of a person who enters for ``organisations``, chosen by ``pour`` or one's own."""

    campaign: Campaign
    contributor: Contributor
    today: datetime.date
    pour: str = ""
    posted: object = None
    touched: list[EntryRow] = field(default_factory=list)

    row_class = EntryRow

    @cached_property
    def asked(self) -> list[Organisation]:
        """The organisations that enter figures of the campaign."""
        enterers = self.campaign.campaign_indicators.values("enterer")
        return list(Organisation.objects.filter(pk__in=enterers))

    @cached_property
    def choices(self) -> list[Organisation]:
        """Those for which the person may enter."""
        return [row for row in self.asked if self.contributor.enters_for(row)]

    @property
    def asked_by_link(self) -> list[Organisation]:
        """Those for which who coordinates may not, their secrecy rule keeping her from it."""
        if not (self.contributor.coordinates and self.campaign.is_open):
            return []
        return [row for row in self.asked if row not in self.choices]

    @cached_property
    def organisations(self) -> list[Organisation]:
        """For whom figures are typed here; empty when ``pour`` is not the person's to choose."""
        if self.pour:
            return [row for row in self.choices if str(row.pk) == self.pour]
        return [row for row in self.choices if row.pk in self.contributor.organisations]

    @property
    def others(self) -> list[Organisation]:
        """For whom else one may enter."""
        return [row for row in self.choices if row not in self.organisations]

    @property
    def whom(self) -> str:
        return enumerate_words(organisation.the for organisation in self.organisations)

    @cached_property
    def due_on(self) -> datetime.date:
        """By when these organisations are to give what exists: their own day, or that of all."""
        own = self.campaign.own_deadlines.standing()
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
        """What is asked of these organisations, and may be typed by the person."""
        asked = self.campaign.campaign_indicators.entered_by(self.organisations)
        return [e for e in asked.listed_in(self.campaign) if self.contributor.enters(e)]

    @cached_property
    def typed(self) -> dict[int, list[Value]]:
        """By entry, what is typed so far."""
        return values_of(self.entries)

    @cached_property
    def before(self) -> dict[int, EarlierFigures]:
        """By entry, the figures before: of each commune, and of the territory under None."""
        return all_before(self.entries, reader=self.contributor)

    @cached_property
    def rows(self) -> list[EntryRow]:
        entries = [entry for entry in self.entries if not entry.is_by_commune]
        keep_from(self.contributor, entries)
        typed = [(entry, whole_of(self.typed[entry.pk])) for entry in entries]
        rows = [
            self.row_class(entry, value, self.before[entry.pk].get(None), self.today)
            for entry, value in typed
            if not self._is_begun(entry, value)
        ]
        self._fill_in(rows)
        return rows

    def _fill_in(self, rows: list[EntryRow]) -> None:
        """Have each row that was sent hold what was typed in it."""
        for row in rows:
            if self.posted is not None and f"v{row.key}-was" in self.posted:
                row.data = self.posted

    @property
    def typed_in_vain(self) -> list[str]:
        """What was sent though no figure is taken any more: a text with a line a row, to be
        copied."""
        rows = [row for row in self.rows if row.data is not None and row.form.is_touched]
        lines = [f"{row.label}\u00a0: {SEMICOLON.join(row.form.texts)}" for row in rows]
        return ["\n".join(lines)] if lines else []

    @cached_property
    def tables(self) -> list[TableRow]:
        """What is asked by commune: each table is one thing owed, typed on a page of its own."""
        return table_rows(
            self.entries,
            self.typed,
            self.before,
            lambda entry, value: not self._is_begun(entry, value),
        )

    def read_of(self, table: TableRow) -> dict[int, Value]:
        """The figures of communes that the person reads as they were typed, by commune."""
        return {value.commune_id: value for value in table.read if value.commune_id}

    @cached_property
    def own_lines(self) -> list[OwnLine]:
        """What others enter by commune, and of which the person types her own one's line."""
        if self.pour or not self.contributor.communes:
            return []
        asked = self.campaign.campaign_indicators.by_commune().listed_in(self.campaign)
        communes = communes_of(self.campaign)
        own = {
            entry: {one.pk for one in communes if self.contributor.enters_for_commune(entry, one)}
            for entry in asked
            if entry not in self.entries
        }
        kept = Value.objects.by_commune().filter(campaign_indicator__in=own)
        states = {
            (entry, commune): state
            for entry, commune, state in kept.values_list("campaign_indicator", "commune", "state")
        }
        found = []
        for entry, pks in own.items():
            told = [states.get((entry.pk, pk)) for pk in pks]
            if told:
                is_given, is_typed = all(one in SHOWN for one in told), all(told)
                found.append(OwnLine(entry, is_given, is_typed))
        return found

    @property
    def owed(self) -> list[EntryRow | TableRow]:
        """Each thing that is asked for."""
        return [*self.rows, *self.tables]

    def _is_begun(self, entry: CampaignIndicator, value: Value | None) -> bool:
        is_shown = value is None or value.is_shown
        return not is_shown and self.contributor.is_kept_from(entry, value)

    @property
    def is_staffed(self) -> bool:
        """Whether one enters for an organisation whose people enter, and will verify."""
        return bool(self.pour) and any(
            row.pk in self.contributor.with_account for row in self.organisations
        )

    @cached_property
    def earlier(self) -> Earlier | None:
        """What may be taken over from the year before; None where figures are not taken."""
        if not self.campaign.is_open or not self.rows or self.is_staffed:
            return None
        given = [row.entry.pk for row in self.rows if row.value is not None]
        return earlier_of(self.campaign, [row.entry for row in self.rows], given) or None

    # What is owed stays open, what came back first; what was given is folded -------------------

    @property
    def returned(self) -> list[EntryRow]:
        return [row for row in self.rows if row.is_returned and row.takes_figures]

    @property
    def groups(self) -> list[EntryGroup]:
        """What is still to be typed or sent, theme by theme."""
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
        """Whether something is left to type or to give here."""
        return any(row.takes_figures for row in self.rows) or bool(self.owed_tables)

    @property
    def tables_caption(self) -> str:
        """What those that are owed are called, while they are and after."""
        is_closed = self.campaign.is_closed
        return "Tableaux incomplets" if is_closed else "Tableaux à renseigner ou à transmettre"

    @property
    def given_tables(self) -> list[TableRow]:
        return [row for row in self.tables if row.is_given]

    @property
    def told_given(self) -> str:
        """« 5 valeurs et 2 tableaux, dont 3 vérifiés »."""
        given = [*self.given, *self.given_tables]
        told = things_of(given)
        verified = things_of([row for row in given if row.is_verified])
        if not verified.total:
            return told.counted
        if verified == told:
            every = ("tous " if told.tables else "toutes ") if told.total > 1 else ""
            return f"{told.counted}, {every}{told.agreeing('vérifié')}"
        return f"{told.counted}, dont {verified.total} {verified.agreeing('vérifié')}"

    @property
    def is_given_open(self) -> bool:
        """Whether one came to read what was given: nothing is left to type."""
        return not self.campaign.is_open or all(row.is_given for row in self.owed)

    def row(self, pk: str) -> EntryRow | None:
        """The row of this key."""
        return next((row for row in self.rows if row.key == pk), None)

    def save(self, by: Enterer, only: str = "") -> None:
        """Save each row that was touched; ``only``: that one."""
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
        return [row for row in self.touched if row.wrong]

    @property
    def saved(self) -> list[EntryRow]:
        return [row for row in self.touched if row.outcome == SAVED]

    @property
    def told_unsaved(self) -> str:
        """How many of the values that were sent are not saved, and how many are."""
        forms = "valeur n’est pas enregistrée,valeurs ne sont pas enregistrées"
        told = plural(len(self.wrong), forms)
        return f"{told} ; {plural(len(self.saved), 'l’est,le sont')}" if self.saved else told

    @property
    def ready(self) -> list[EntryRow]:
        """What would be submitted."""
        return [row for row in self.owed if not row.is_given and row.not_ready is None]

    @property
    def things_ready(self) -> Things:
        return things_of(self.ready)

    @property
    def ready_told(self) -> str:
        """« 2 valeurs sont prêtes »."""
        return self.things_ready.told("prêt")

    @property
    def held(self) -> list[EntryRow]:
        """What would not, each with its reason."""
        return [row for row in self.owed if not row.is_given and row.not_ready]

    @property
    def told(self) -> str:
        """What has become of what was sent, when nothing of it is wrong."""
        if self.saved:
            count = plural(len(self.saved), "valeur est enregistrée,valeurs sont enregistrées")
            return f"{count}."
        return "L’autre valeur est gardée." if self.touched else "Rien n’avait changé."

    # What it says first --------------------------------------------------------------------------

    @property
    def missing(self) -> int:
        return sum(row.is_missing for row in self.owed)

    @property
    def total(self) -> int:
        return len(self.owed)

    @property
    def filled(self) -> int:
        return self.total - self.missing

    @property
    def pending(self) -> int:
        """Saved, and not submitted."""
        return sum(row.is_pending for row in self.owed)

    @property
    def left(self) -> list[EntryRow | TableRow]:
        """What is not given, or of some communes only."""
        return [row for row in self.owed if not row.is_given]

    @property
    def _left_told(self) -> str:
        in_part = sum(row.entry.communes_given > 0 for row in self.left)
        told = [
            (
                len(self.left) - in_part,
                "indicateur est resté sans donnée,indicateurs sont restés sans donnée",
            ),
            (
                in_part,
                "tableau n’a été transmis qu’en partie,tableaux n’ont été transmis qu’en partie",
            ),
        ]
        return enumerate_words(plural(count, forms) for count, forms in told if count)

    @property
    def title(self) -> str:
        year, total = self.campaign.year, self.total
        if not total and self.own_lines and self.campaign.is_open:
            return self._own_told
        if not total:
            return f"Vous n’avez pas de données à saisir pour {year}"
        if self.campaign.is_closed and self.left:
            return f"Le recueil {year} est clos : {self._left_told}"
        return self._what_is_owed

    @property
    def _own_told(self) -> str:
        year, left = self.campaign.year, sum(not line.is_typed for line in self.own_lines)
        if left:
            told = plural(left, "chiffre,chiffres")
            return f"Vous pouvez donner {told} de votre commune pour {year}"
        if all(line.is_given for line in self.own_lines):
            return f"Les chiffres de votre commune sont transmis pour {year}"
        typed = f"Les chiffres de votre commune sont saisis pour {year}"
        return f"{typed}{SEMICOLON}ils partent avec le reste des tableaux"

    @property
    def _what_is_owed(self) -> str:
        year, total = self.campaign.year, self.total
        returned = sum(row.is_returned for row in self.owed)
        told = plural(self.missing - returned, "indicateur,indicateurs")
        owed = f"il reste {told} à renseigner sur {total}" if self.missing > returned else ""
        if returned:
            back = plural(returned, "valeur est à corriger,valeurs sont à corriger")
            return f"{back} ; {owed}" if owed else back
        if owed:
            return f"I{owed[1:]}"
        if self.pending:
            told = things_of([row for row in self.owed if row.is_pending])
            return f"Tout est renseigné : il reste {told.counted} à transmettre"
        if self.pour:
            whose = enumerate_words(row.genitive for row in self.organisations)
            return f"Les données {whose} pour {year} sont transmises"
        return f"Vos données de {year} sont transmises"


def save_rows(rows: Iterable[EntryRow], by: Enterer) -> None:
    """Save what is typed in each of these rows, as far as it can be."""
    rows = list(rows)

    def write(saving: Saving) -> None:
        for row in rows:
            row.save(saving.save)

    if rows:
        save_together({row.entry for row in rows}, write, by=by)


def things_of(rows: Iterable[EntryRow | TableRow]) -> Things:
    return Things.of(row.is_table for row in rows)


def _by_theme(rows: Iterable[EntryRow]) -> list[EntryGroup]:
    found, before = [], None
    for theme, of_theme in groupby(rows, key=lambda row: row.entry.indicator.theme):
        found.append(EntryGroup(theme.axis, theme, list(of_theme), theme.axis != before))
        before = theme.axis
    return found
