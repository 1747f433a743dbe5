"""« Suivi de l’année »: the states of the actions of a year and their notes, one row for each
action."""

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
from actions.filters import STATES, RowFilter, capitalised_choices
from actions.follow_up.as_of import actions_followed_in
from actions.follow_up.awaited import awaited_years
from actions.follow_up.parts import STATE, FollowUpPart, NotePart
from actions.follow_up.review_forms import NoteRow, RowForm, StateRow
from actions.follow_up.saving import SaveResult, bind_form, save_form
from actions.follow_up.words import describe_lateness
from actions.plan.models import Action, Lead
from conventions.access.rights import coordinates
from conventions.models import Axis, Convention, Organisation
from ctg_portal.forms.filters import AskedFilterSet, MarkFilter
from ctg_portal.forms.typed import MARK
from ctg_portal.templatetags.french import plural

# A plan of forty is one page; one of four hundred would weigh more than a megabyte.
PAGE_SIZE = 100
# Rows that stand open at first: a telephone shows two on a screen.
OPEN = 12
FAILED, CONFLICT, SAVED = "failed", "conflict", "saved"
POSTED = re.compile(r"e(\d{1,18})-revision")


class ReviewFilter(AskedFilterSet):
    """The filter of the actions of a year; the rows apply ``annee`` and ``a_ecrire``."""

    annee = django_filters.ChoiceFilter(label="Année", method="unfiltered", empty_label=None)
    axe = RowFilter(field_name="theme__axis", queryset=Axis.objects.none(), empty_label="Tout")
    etat = django_filters.ChoiceFilter(
        label="État", method="by_state", choices=capitalised_choices(STATES), empty_label="Tous"
    )
    pilote = RowFilter(
        label="Pilote", field_name="leads__organisation", distinct=True,
        queryset=Organisation.objects.none(), empty_label="Tous",
    )  # fmt: skip
    a_ecrire = MarkFilter(label="Bilan à écrire", method="unfiltered")

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

    def unfiltered(self, queryset, name, value):
        return queryset

    def by_state(self, queryset, name, value):
        return queryset.filter(state=STATES[value])


@dataclass
class ReviewPart:
    """A part of an action in its row.

    ``outcome`` of what was just sent: saved, failed, conflict (somebody changed the same field
    meanwhile: ``result`` has both texts), empty.
    """

    kind: type[RowForm]
    action: Action
    part: FollowUpPart
    prefix: str
    data: Mapping | None = None
    outcome: str = ""
    result: SaveResult | None = None
    has_taken_other: bool = False

    @cached_property
    def form(self) -> RowForm:
        return bind_form(self.kind, self.action, self.part, self.data, prefix=self.prefix)

    @property
    def is_wrong(self) -> bool:
        return self.outcome in (FAILED, CONFLICT)

    @property
    def errors(self) -> list[tuple[str, list[str]]]:
        """The errors of what was just typed: the id that a field refers to, and the reasons."""
        if self.outcome != FAILED:
            return []
        form = self.form
        return [
            (f"{form[name].auto_id if name in form.fields else form.prefix}_error", list(reasons))
            for name, reasons in form.errors.items()
        ]

    @property
    def keep_value(self) -> str:
        """The value that decides for the person's own text over somebody else's."""
        return f"garder:{self.form.now}"

    def save(self, by: User) -> None:
        """Save what was typed, where something was touched, and set the outcome; where the other
        text was chosen, save nothing."""
        form = self.form
        if form.takes_other:
            self.has_taken_other = True
        elif not form.is_valid():
            self.outcome = FAILED
        elif form.is_touched:
            self.result = result = save_form(form, by=by)
            self.outcome = SAVED if result.is_saved else CONFLICT if result.meanwhile else FAILED


@dataclass
class ReviewRow:
    """An action of the year: its state, its note, and what was typed of both."""

    action: Action
    year: int
    today: datetime.date
    asks_for_note: bool
    data: Mapping | None = None

    @cached_property
    def state(self) -> ReviewPart:
        return ReviewPart(StateRow, self.action, STATE, f"e{self.action.pk}", self.data)

    @cached_property
    def note(self) -> ReviewPart:
        """The part that holds the note of the year."""
        part = NotePart(self.year)
        return ReviewPart(NoteRow, self.action, part, f"b{self.action.pk}", self.data)

    @property
    def parts(self) -> list[ReviewPart]:
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
        """The reasons why the action is late, in sentences."""
        if not self.action.is_late(self.today):
            return []
        return list(describe_lateness(self.action, self.today))

    @property
    def folded(self) -> list[str]:
        """The names of the folded fields of the note that have a text."""
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
        """The names of the fields of the row, which are all that is sent when it is saved alone."""
        names = [
            part.form.add_prefix(name)
            for part in self.parts
            for name in (*part.form.fields, "decision")
        ]
        return ",".join(["csrfmiddlewaretoken", MARK, *names])

    def save(self, by: User) -> None:
        for part in self.parts:
            part.save(by)

    def changed_widgets(self, before: "ReviewRow") -> list[SafeString]:
        """Return the fields whose value is no longer what ``before`` sent, as HTML that replaces
        those of the page: tokens, a day that follows from a state. Fields of a part that was
        refused stay as typed."""
        return [
            field.as_widget(attrs={"data-hx-swap-oob": "true"})
            for now, sent in zip(self.parts, before.parts, strict=True)
            if not sent.is_wrong
            for field in now.form
            if _text(field) != _text(sent.form[field.name])
        ]


def _text(field: BoundField) -> str:
    """Return the text that a field would send."""
    prepared = field.field.prepare_value(field.value())
    shown = field.field.widget.format_value(prepared)
    text = shown[0] if isinstance(shown, list) else shown
    return (text or "").replace("\r\n", "\n").strip()


@dataclass(frozen=True)
class ReviewGroup:
    """The rows of an axis on a page."""

    axis: Axis
    rows: list[ReviewRow]
    is_open: bool

    @property
    def summary(self) -> str:
        """« 12 actions, 3 bilans à écrire »."""
        count = plural(len(self.rows), "action,actions")
        awaited = sum(row.is_awaited for row in self.rows)
        return f"{count}, {plural(awaited, 'bilan,bilans')} à écrire" if awaited else count


class Review:
    """The actions that ``user`` follows in the year that ``asked`` (the query of the address)
    names: all of them for the coordinator, those that they lead for others. As many queries for 400
    actions as for four."""

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
        """The years to choose: begun ones of the term, and awaited ones; the latest first."""
        years = [year for year in self.convention.years(self.today) if year <= self.today.year]
        return sorted({*years, *self.awaited_years}, reverse=True) or [self.today.year]

    @cached_property
    def awaited_years(self) -> list[int]:
        return awaited_years(self.convention, self.today)

    @cached_property
    def year(self) -> int:
        """The year that was asked for; else the last whose notes are awaited."""
        asked = (self.filter.asked or {}).get("annee")
        return int(asked) if asked else max(self.awaited_years, default=self.years[0])

    def offer_all(self) -> None:
        """Set the choices of the filter from what was read already, without a query."""
        form = self.filter.form
        form.initial["annee"] = str(self.year)
        self.filter.offer("axe", self.filter.filters["axe"].queryset)
        self.filter.offer("pilote", self.filter.filters["pilote"].queryset)

    def read(self, rows, data: Mapping | None = None) -> list[ReviewRow]:
        """Return a row, bound to ``data``, for each action of a queryset that belongs to the
        year."""
        rows = rows.with_relations().prefetch_related("notes").in_reading_order()
        actions = list(rows)
        for action in actions:
            action.convention = action.theme.axis.convention = self.convention
        return [
            ReviewRow(in_year.action, self.year, self.today, in_year.asks_for_note, data)
            for in_year in actions_followed_in(actions, self.year, self.today)
        ]

    @cached_property
    def everything(self) -> list[ReviewRow]:
        """The rows of all actions that the user follows in the year."""
        return self.read(self.rows_of_user)

    @cached_property
    def rows(self) -> list[ReviewRow]:
        """The rows that the filter asks for, and those just refused, as they were sent; none for a
        senseless query."""
        asked = self.filter.asked
        if asked is None:
            return []
        rows = self.everything
        if asked.keys() - {"annee", "a_ecrire"}:
            chosen = set(self.filter.qs.values_list("pk", flat=True)) | self.refused.keys()
            rows = [row for row in rows if row.action.pk in chosen]
        if asked.get("a_ecrire"):
            rows = [row for row in rows if row.is_awaited or row.action.pk in self.refused]
        return [self.refused.get(row.action.pk, row) for row in rows]

    @property
    def is_searched(self) -> bool:
        """Whether more is asked for than a year, or the query makes no sense."""
        asked = self.filter.asked
        return asked is None or bool(asked.keys() - {"annee"})

    @cached_property
    def page(self) -> Page:
        return Paginator(self.rows, PAGE_SIZE).get_page(self.asked.get("page"))

    @property
    def query(self) -> str:
        """The query of the filter, ready for one more parameter."""
        return f"{self.filter.query}&" if self.filter.query else ""

    @property
    def groups(self) -> list[ReviewGroup]:
        """The axes of the page; the first are open, and those asked for or refused."""
        groups, count = [], 0
        for axis, rows in groupby(self.page, lambda row: row.action.theme.axis):
            own = list(rows)
            count += len(own)
            is_open = not groups or count <= OPEN or self.is_searched
            groups.append(ReviewGroup(axis, own, is_open or any(row.is_wrong for row in own)))
        return groups

    def rows_sent(self, data: Mapping, only: str = "") -> list[ReviewRow]:
        """Return the rows that a form sends, or the ``only`` one of them by primary key; without
        actions that the user does not follow in the year."""
        keys = {int(match[1]) for name in data if (match := POSTED.fullmatch(name))}
        if only:
            keys = {pk for pk in keys if str(pk) == only}
        return self.read(self.rows_of_user.filter(pk__in=keys), data)

    def keep_refused(self, rows: Iterable[ReviewRow]) -> None:
        """Show again the rows that were just refused, as they were typed."""
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
        remaining = f"bilan de {self.year} reste à écrire,bilans de {self.year} restent à écrire"
        return f"{plural(awaited, remaining)}, sur {plural(total, 'action,actions')}"


def describe_outcome(rows: list[ReviewRow]) -> str:
    """Return a sentence on how many rows were saved and refused; that nothing changed, where none
    was."""
    wrong, saved = sum(row.is_wrong for row in rows), sum(row.is_saved for row in rows)
    if wrong:
        summary = plural(wrong, "action n’est pas enregistrée,actions ne sont pas enregistrées")
        others = sum(row.is_saved and not row.is_wrong for row in rows)
        return f"{summary} ; {plural(others, 'l’est,le sont')}" if others else summary
    if saved:
        return f"{plural(saved, 'action est enregistrée,actions sont enregistrées')}."
    return "Rien n’avait changé."
