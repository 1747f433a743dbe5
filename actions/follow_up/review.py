"""« Suivi de l’année »: the states of the actions of a year and their notes, a row each."""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import django_filters
from django.core.paginator import Page, Paginator
from django.forms import BoundField
from django.utils.safestring import SafeString

from accounts.models import User
from actions.follow_up.as_of import InYear, followed_in
from actions.follow_up.awaited import awaited_years
from actions.follow_up.parts import STATE, FollowUpPart, NotePart
from actions.follow_up.review_forms import NoteRow, RowForm, StateRow
from actions.follow_up.telling import Told, filled, tell
from actions.follow_up.words import reasons_why_late
from actions.models import Action, Lead
from actions.ways.filters import STATES, RowFilter, labelled
from conventions.access.rights import coordinates
from conventions.models import Axis, Convention, Organisation
from ctg_portal.filters import AskedFilterSet, MarkFilter
from ctg_portal.templatetags.french import plural
from ctg_portal.typed import MARK

# A plan of forty is one page; one of four hundred would weigh more than a megabyte.
PAGE_SIZE = 100
# Rows that stand open at first: a telephone shows two on a screen.
OPEN = 12
FAILED, CONFLICT, SAVED = "failed", "conflict", "saved"
POSTED = re.compile(r"e(\d{1,18})-revision")


class ReviewFilter(AskedFilterSet):
    """Which of the actions of which year; what is to be told is found in the rows."""

    annee = django_filters.ChoiceFilter(label="Année", method="as_it_is", empty_label=None)
    axe = RowFilter(field_name="theme__axis", queryset=Axis.objects.none(), empty_label="Tout")
    etat = django_filters.ChoiceFilter(
        label="État", method="by_state", choices=labelled(STATES), empty_label="Tous"
    )
    pilote = RowFilter(
        label="Pilote", field_name="leads__organisation", distinct=True,
        queryset=Organisation.objects.none(), empty_label="Tous",
    )  # fmt: skip
    a_ecrire = MarkFilter(label="Bilan à écrire", method="as_it_is")

    class Meta:
        model = Action
        fields: list[str] = []

    def __init__(self, data, *, convention, years, **kwargs):
        super().__init__(data, **kwargs)
        known = self.filters
        known["annee"].extra["choices"] = [(str(year), str(year)) for year in years]
        known["axe"].label = convention.words.axis.title
        known["axe"].queryset = Axis.objects.filter(convention=convention)
        leads = Lead.objects.of(convention).values("organisation")
        known["pilote"].queryset = Organisation.objects.filter(pk__in=leads)

    def as_it_is(self, queryset, name, value):
        return queryset

    def by_state(self, queryset, name, value):
        return queryset.filter(state=STATES[value])


@dataclass
class ToldPart:
    """A part of an action in its row; ``outcome`` of what was just sent: saved, failed, conflict
    (somebody wrote the same meanwhile: ``told`` has both), empty."""

    kind: type[RowForm]
    action: Action
    part: FollowUpPart
    prefix: str
    data: Mapping | None = None
    outcome: str = ""
    told: Told | None = None
    has_taken_other: bool = False

    @cached_property
    def form(self) -> RowForm:
        return filled(self.kind, self.action, self.part, self.data, prefix=self.prefix)

    @property
    def is_wrong(self) -> bool:
        return self.outcome in (FAILED, CONFLICT)

    @property
    def errors(self) -> list[tuple[str, list[str]]]:
        """What is wrong with what was just typed: the id by which a field points to it, and why."""
        if self.outcome != FAILED:
            return []
        form = self.form
        return [
            (f"{form[name].auto_id if name in form.fields else form.prefix}_error", list(told))
            for name, told in form.errors.items()
        ]

    @property
    def keep_value(self) -> str:
        """What says that one's own writing is kept over that of somebody else."""
        return f"garder:{self.form.now}"

    def save(self, by: User) -> None:
        """Write what was typed, if something was, and if it can be."""
        form = self.form
        if form.takes_other:
            self.has_taken_other = True
        elif not form.is_valid():
            self.outcome = FAILED
        elif form.is_touched:
            self.told = told = tell(form, by=by)
            self.outcome = SAVED if told.is_taken else CONFLICT if told.meanwhile else FAILED


@dataclass
class ReviewRow:
    """An action of the year: where it is, its note, what may be typed of both."""

    action: Action
    year: int
    today: datetime.date
    asks_for_note: bool
    data: Mapping | None = None

    @cached_property
    def state(self) -> ToldPart:
        return ToldPart(StateRow, self.action, STATE, f"e{self.action.pk}", self.data)

    @cached_property
    def note(self) -> ToldPart:
        part = NotePart(self.year)
        return ToldPart(NoteRow, self.action, part, f"b{self.action.pk}", self.data)

    @property
    def parts(self) -> list[ToldPart]:
        return [self.state, self.note]

    @property
    def has_note(self) -> bool:
        return any(note.year == self.year for note in self.action.notes.all())

    @property
    def is_awaited(self) -> bool:
        """Whether the note of the year is still to be written."""
        return self.asks_for_note and not self.has_note

    @property
    def reasons(self) -> list[str]:
        """How it is late, in sentences."""
        if not self.action.is_late(self.today):
            return []
        return list(reasons_why_late(self.action, self.today))

    @property
    def said(self) -> list[str]:
        """What is folded beside the note, in words."""
        words = {"brakes": "freins", "levers": "leviers", "prospects": "perspectives"}
        form = self.note.form
        return [word for name, word in words.items() if form[name].value()]

    @property
    def is_unfolded(self) -> bool:
        return any(name in self.note.form.errors for name in ("brakes", "levers", "prospects"))

    @property
    def is_wrong(self) -> bool:
        return any(part.is_wrong for part in self.parts)

    @property
    def is_saved(self) -> bool:
        return any(part.outcome == SAVED for part in self.parts)

    @property
    def has_taken_other(self) -> bool:
        return any(part.has_taken_other for part in self.parts)

    @property
    def params(self) -> str:
        """The fields of the row, which are all that is sent when it is saved alone."""
        names = [
            part.form.add_prefix(name)
            for part in self.parts
            for name in (*part.form.fields, "decision")
        ]
        return ",".join(["csrfmiddlewaretoken", MARK, *names])

    def save(self, by: User) -> None:
        for part in self.parts:
            part.save(by)

    def moved(self, before: "ReviewRow") -> list[SafeString]:
        """The fields that no longer are what was sent of them, to take the place of those of the
        page: tokens, a day that follows from a state. Those of a part that was refused stay as
        they were typed."""
        return [
            field.as_widget(attrs={"data-hx-swap-oob": "true"})
            for now, sent in zip(self.parts, before.parts, strict=True)
            if not sent.is_wrong
            for field in now.form
            if _text(field) != _text(sent.form[field.name])
        ]


def _text(field: BoundField) -> str:
    """What a field would send."""
    held = field.field.prepare_value(field.value())
    shown = field.field.widget.format_value(held)
    text = shown[0] if isinstance(shown, list) else shown
    return (text or "").replace("\r\n", "\n").strip()


@dataclass(frozen=True)
class ReviewGroup:
    """The rows of an axis on a page."""

    axis: Axis
    rows: list[ReviewRow]
    is_open: bool

    @property
    def told(self) -> str:
        """« 12 actions, 3 bilans à écrire »."""
        told = plural(len(self.rows), "action,actions")
        awaited = sum(row.is_awaited for row in self.rows)
        return f"{told}, {plural(awaited, 'bilan,bilans')} à écrire" if awaited else told


class Review:
    """The actions that ``user`` follows in the year that is ``asked`` for: all of them for who
    coordinates, those that they lead for others. As many queries for 400 actions as for four."""

    def __init__(self, convention: Convention, user: User, asked, today: datetime.date):
        self.convention, self.user, self.asked, self.today = convention, user, asked, today
        self.coordinates = coordinates(user, convention)
        rows = Action.objects.of(convention).agreed()
        self.rows_of_user = rows if self.coordinates else rows.led_by(user)
        self.filter = ReviewFilter(
            asked, queryset=self.rows_of_user, convention=convention, years=self.years
        )
        self.refused: dict[int, ReviewRow] = {}

    @cached_property
    def years(self) -> list[int]:
        """Those of the term that have begun, the latest first."""
        years = [one for one in self.convention.years(self.today) if one <= self.today.year]
        return sorted({*years, *self.awaited_years}, reverse=True) or [self.today.year]

    @cached_property
    def awaited_years(self) -> list[int]:
        return awaited_years(self.convention, self.today)

    @cached_property
    def year(self) -> int:
        """The one asked for; else the last whose notes are awaited."""
        asked = (self.filter.asked or {}).get("annee")
        return int(asked) if asked else max(self.awaited_years, default=self.years[0])

    def offer_all(self) -> None:
        """What the page offers to choose from, as it was read."""
        form = self.filter.form
        form.initial["annee"] = str(self.year)
        self.filter.offer("axe", self.filter.filters["axe"].queryset)
        self.filter.offer("pilote", self.filter.filters["pilote"].queryset)

    def read(self, rows, data: Mapping | None = None) -> list[ReviewRow]:
        """Those of these actions that are of the year."""
        rows = rows.with_relations().prefetch_related("notes").in_reading_order()
        actions = list(rows)
        for action in actions:
            action.convention = action.theme.axis.convention = self.convention
        return [self._row(one, data) for one in followed_in(actions, self.year, self.today)]

    def _row(self, one: InYear, data: Mapping | None) -> ReviewRow:
        return ReviewRow(one.action, self.year, self.today, one.asks_for_note, data)

    @cached_property
    def everything(self) -> list[ReviewRow]:
        return self.read(self.rows_of_user)

    @cached_property
    def rows(self) -> list[ReviewRow]:
        """Those that the address asks for, and those that were just refused, as they were sent."""
        asked = self.filter.asked
        if asked is None:
            return []
        found = self.everything
        if asked.keys() - {"annee", "a_ecrire"}:
            kept = set(self.filter.qs.values_list("pk", flat=True)) | self.refused.keys()
            found = [row for row in found if row.action.pk in kept]
        if asked.get("a_ecrire"):
            found = [row for row in found if row.is_awaited or row.action.pk in self.refused]
        return [self.refused.get(row.action.pk, row) for row in found]

    @property
    def is_searched(self) -> bool:
        asked = self.filter.asked
        return asked is None or bool(asked.keys() - {"annee"})

    @cached_property
    def page(self) -> Page:
        return Paginator(self.rows, PAGE_SIZE).get_page(self.asked.get("page"))

    @property
    def query(self) -> str:
        """What the address asks for, before something more."""
        return f"{self.filter.query}&" if self.filter.query else ""

    @property
    def groups(self) -> list[ReviewGroup]:
        """The axes of the page: the first ones open, and those that were asked for or refused."""
        groups, count = [], 0
        for axis, rows in groupby(self.page, lambda row: row.action.theme.axis):
            own = list(rows)
            count += len(own)
            is_open = not groups or count <= OPEN or self.is_searched
            groups.append(ReviewGroup(axis, own, is_open or any(row.is_wrong for row in own)))
        return groups

    def sent(self, data: Mapping, only: str = "") -> list[ReviewRow]:
        """The rows that a form sends; ``only``: that one."""
        found = {int(match[1]) for name in data if (match := POSTED.fullmatch(name))}
        if only:
            found = {pk for pk in found if str(pk) == only}
        return self.read(self.rows_of_user.filter(pk__in=found), data)

    def keep_refused(self, rows: Iterable[ReviewRow]) -> None:
        """Have what was just refused stand in its row, as it was typed."""
        self.refused = {row.action.pk: row for row in rows if row.is_wrong}

    @property
    def wrong(self) -> list[ReviewRow]:
        return list(self.refused.values())

    @property
    def is_fictional(self) -> bool:
        return any(row.action.is_fictional for row in self.rows)

    @property
    def title(self) -> str:
        """« 12 bilans de 2025 restent à écrire, sur 34 actions »."""
        total = len(self.everything)
        if not total:
            return f"Aucune action à suivre pour {self.year}"
        awaited = sum(row.is_awaited for row in self.everything)
        if not awaited:
            return f"Aucun bilan de {self.year} ne reste à écrire"
        told = f"bilan de {self.year} reste à écrire,bilans de {self.year} restent à écrire"
        return f"{plural(awaited, told)}, sur {plural(total, 'action,actions')}"


def told_of(rows: list[ReviewRow]) -> str:
    """What has become of what was sent."""
    wrong, saved = sum(row.is_wrong for row in rows), sum(row.is_saved for row in rows)
    if wrong:
        told = plural(wrong, "action n’est pas enregistrée,actions ne sont pas enregistrées")
        others = sum(row.is_saved and not row.is_wrong for row in rows)
        return f"{told} ; {plural(others, 'l’est,le sont')}" if others else told
    if saved:
        return f"{plural(saved, 'action est enregistrée,actions sont enregistrées')}."
    return "Rien n’avait changé."
