"""Read and save one row of the list of figures: an indicator, its value, the one before, what was
typed."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from typing import Any, Final, Literal

from conventions.models import Commune
from ctg_portal.forms.revisions import Rewritten, parse_revision, revision_of
from ctg_portal.forms.typed import MARK
from ctg_portal.rules import Refusal, Refused
from ctg_portal.templatetags.french import number as in_french
from ctg_portal.text.numbers import key_in
from indicators.collection.deadlines import days_late
from indicators.definitions.definition import Definition
from indicators.disclosure import is_protected
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.values import Value, ValueTransition, ValueVerb
from indicators.values.figure import Figure
from indicators.values.forms import EntryRowForm
from indicators.values.giving import refuse_unready
from indicators.values.plausibility import EarlierFigure, unexplained
from indicators.values.tables import definition_for_commune
from indicators.values.writing import value_of

RowOutcome = Literal["", "failed", "conflict", "saved"]
FAILED: Final = "failed"
CONFLICT: Final = "conflict"
SAVED: Final = "saved"


@dataclass
class EntryRow:
    """An indicator that is asked for, with its stored value and the last figure given before.

    ``outcome`` of what was just sent: saved, failed, conflict (somebody else wrote it meanwhile),
    or empty. ``data``: what was sent; None if nothing was. ``has_taken_other``: the person chose
    what somebody else wrote. ``also``: fields of ``Figure`` that were given and have no field in
    the form, by name. ``commune``: whose figure it is; None for the territory's.
    """

    entry: CampaignIndicator
    value: Value | None = None
    before: EarlierFigure | None = None
    today: datetime.date | None = None
    outcome: RowOutcome = ""
    data: Mapping[str, Any] | None = None
    has_taken_other: bool = False
    also: dict[str, Any] = field(default_factory=dict)
    commune: Commune | None = None

    form_class = EntryRowForm
    is_table = False
    # Whether what is kept is not shown to who types here.
    is_hidden = False

    def see(self, value: Value | None) -> Value | None:
        """Return a value as who types here may know it: whole; but not through a link."""
        return value

    @cached_property
    def definition(self) -> Definition:
        """The definition as frozen for the campaign; a commune's is without bounds and alerts."""
        definition = Definition.of(self.entry.version)
        return definition_for_commune(definition) if self.commune else definition

    @property
    def key(self) -> str:
        """The key of the row: « 12 », or « 12-34 » for a commune."""
        return f"{self.entry.pk}-{self.commune.pk}" if self.commune else str(self.entry.pk)

    @property
    def label(self) -> str:
        return self.commune.name if self.commune else self.definition.title

    @property
    def anchor(self) -> str:
        return f"ligne-{self.key}"

    @cached_property
    def form(self) -> EntryRowForm:
        """The form of the row, its fields prefixed « v » and its key; unbound if nothing was
        sent."""
        return self.form_class(
            self.data, prefix=f"v{self.key}", definition=self.definition, value=self.value,
            revision=self.revision, is_protected=is_protected(self.definition, self.entry.rule),
            taken_over=self.entry.taken_over,
        )  # fmt: skip

    @property
    def revision(self) -> int:
        return revision_of(self.value)

    @property
    def params(self) -> str:
        """The names of what is sent when the row is saved alone, separated by commas."""
        names = [self.form.add_prefix(name) for name in (*self.form.fields, "decision")]
        return ",".join(["csrfmiddlewaretoken", MARK, *names])

    @property
    def empty_words(self) -> str:
        """The words shown where nothing is typed."""
        return "Non transmise" if self.entry.campaign.is_closed else "À saisir"

    @property
    def late(self) -> int:
        """The number of days since the figure is due; 0 once it is given or the campaign is not
        open."""
        is_awaited = self.entry.campaign.is_open and not self.is_given
        return days_late(self.entry.due_on, self.today) if is_awaited else 0

    @property
    def is_given(self) -> bool:
        """Whether it is submitted or verified."""
        return self.value is not None and self.value.is_shown

    @property
    def is_verified(self) -> bool:
        return self.is_given and self.value.is_verified

    @property
    def is_missing(self) -> bool:
        """Whether nothing is typed, or the value was returned."""
        return self.value is None or self.value.is_returned

    @property
    def is_pending(self) -> bool:
        return self.value is not None and self.value.is_draft

    @property
    def takes_figures(self) -> bool:
        """Whether one types here: it is not given (that is changed on its own page), or what was
        just sent is wrong."""
        return not self.is_given or self.wrong

    @property
    def text(self) -> str:
        """The stored value with its unit sign, « non disponible » for an absence, « rien » for
        none."""
        return raw_text(self.value, self.definition) if self.value else "rien"

    @property
    def wrong(self) -> bool:
        return self.outcome in (FAILED, CONFLICT)

    @property
    def variation(self) -> str:
        """The change from the figure before, « +3 % »; empty if it cannot be computed."""
        if self.value is None or self.before is None:
            return ""
        return self.before.describe_change(self.value.number, self.definition)

    @property
    def doubts(self) -> list[str]:
        """The doubts about a draft that still ask for a comment; none once it is given."""
        return [] if self.is_given else unexplained(self.value, self.definition, self.before)

    @property
    def not_ready(self) -> Refusal | None:
        """A refusal while the value cannot be submitted, also if there is none; or None."""
        return refuse_unready(self.value, self.definition, self.before)

    @property
    def is_returned(self) -> bool:
        return self.value is not None and self.value.is_returned

    @property
    def returned(self) -> ValueTransition | None:
        """The last return of the value, with its reason; None if it is not returned."""
        if not self.is_returned:
            return None
        acts = self.value.transitions.all()
        return max((a for a in acts if a.verb == ValueVerb.RETURNED), key=attrgetter("pk"))

    @property
    def is_unfolded(self) -> bool:
        """Whether what is folded beside the number is shown: something of it is asked for."""
        form = self.form
        wrong = form.is_bound and any(name in form.errors for name in ("reason", "comment"))
        return bool(wrong or self.doubts)

    @property
    def details(self) -> list[str]:
        """The words for what is filled in beside the number, « commentaire »."""
        value = self.value
        if value is None:
            return ["commentaire repris"] if self.entry.taken_over else []
        parts = [("commentaire", value.comment), ("provisoire", value.provisional),
                ("motif", value.reason)]  # fmt: skip
        return [word for word, is_said in parts if is_said]

    @property
    def unsaved_words(self) -> str:
        """The sentence shown where what was typed is refused, with the stored value."""
        if self.value is None:
            return "Non enregistré."
        return f"Non enregistré : la valeur gardée est {self.text}."

    @property
    def errors(self) -> list[str]:
        """The errors in what was just typed; none for a conflict."""
        if self.outcome != FAILED:
            return []
        return [error for errors in self.form.errors.values() for error in errors]

    @property
    def figure(self) -> Figure:
        """The figure typed in the valid form, and ``also``; what the form does not ask stays as
        stored."""
        figure = self.form.given(Figure.of(self.value) if self.value else Figure())
        return figure if figure.is_empty else replace(figure, **self.also)

    def save(self, save_value: Callable[..., Value | None]) -> None:
        """Save what was typed in the row by ``save_value`` (``Saving.save``) and set ``outcome``.
        What is invalid or refused stays in the form with its error; who takes what somebody else
        wrote drops their own."""
        form = self.form
        if form.takes_other:
            self.data, self.has_taken_other = None, True
            del self.form
            return
        if not form.is_valid():
            self.outcome = FAILED
            return
        try:
            saved = save_value(
                self.entry, self.figure, commune=self.commune, revision=form.over,
                same_comment=form.cleaned_data["same_comment"],
            )  # fmt: skip
        except Refused as refused:
            self.outcome = FAILED
            if isinstance(refused.refusal, Rewritten):
                self.outcome, self.value = CONFLICT, self.see(value_of(self.entry, self.commune))
            form.add_error(None, refused.refusal.reason)
        else:
            self.value, self.data, self.outcome = self.see(saved), None, SAVED
            del self.form


def raw_text(value: Value | ValueTransition, definition: Definition) -> str:
    """Return a figure as text for who may read it raw: with all its decimals, unless they come of a
    division; the label of an absence; a public zero as its publisher's rounding means it."""
    if value.number is None:
        return value.get_absence_display()
    is_exact = definition.is_ratio or value.number == definition.rounded(value.number)
    sign = "\u202f%" if definition.is_percentage else ""
    text = definition.show(value.number) if is_exact else in_french(value.number) + sign
    return value.release.show(value.number, text) if value.number == 0 and value.release else text


def revisions_sent(texts: Iterable[str]) -> dict[int, int]:
    """Return, by the key of the entry, the revisions in texts « 12:2 » that a form sent for the
    values it showed; what is no key is left out."""
    pairs = (text.partition(":") for text in texts)
    return {
        key: parse_revision(revision_text) for pk, _, revision_text in pairs if (key := key_in(pk))
    }
