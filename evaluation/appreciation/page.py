"""The page on which the objectives of a theme are appreciated, one below the other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from accounts.models import User
from agreements.commitments.commitment import commitment_of
from committee.models import AmendmentProposal
from conventions.models import Objective
from ctg_portal.forms.revisions import Rewritten, revision_of
from ctg_portal.marks.events import changing
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import plural
from ctg_portal.text.differences import Change, words_changed
from evaluation.appreciation.forms import AppreciationForm
from evaluation.texts.sheets import Conflict, SheetsPage, conflict_with
from evaluation.verdicts.events import appreciate, propose_wording
from evaluation.verdicts.models import Appreciated, Appreciation
from evaluation.verdicts.words import YearCell, cells_of, verdict_word
from evaluation.year.action_lines import ActionLine
from evaluation.year.actions import action_line
from evaluation.year.objectives import ObjectiveReading
from evaluation.year.reading import FigureReading, ThemeReading

if TYPE_CHECKING:
    from evaluation.appreciation.stakes import StakeSheet

OTHER = "une autre appréciation"


@dataclass
class Sheet:
    """An objective, what was done and measured for it in the year, or the term, and its form.

    ``wishes``: the proposals for an amendment about it; ``edit_url``: where one of the committee's
    own is edited, else empty; ``beneath``: the sheets of its signed sub-objectives, folded.
    """

    reading: ObjectiveReading
    form: AppreciationForm
    theme: ThemeReading
    wishes: list[AmendmentProposal]
    edit_url: str = ""
    conflict: Conflict | None = None
    beneath: list["Sheet"] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return self.reading.objective.anchor

    @property
    def title(self) -> str:
        return self.reading.title

    @property
    def actions(self) -> list[tuple[ActionLine, str]]:
        """The actions that serve it, and what is beneath it, each with the address of its sheet."""
        return [
            (action_line(reading), reading.action.get_absolute_url())
            for reading in self.reading.all_actions
        ]

    @property
    def figures(self) -> list[FigureReading]:
        """The figures that measure it, and what is beneath it."""
        year, is_term = self.theme.year, self.theme.period.is_term
        return [
            FigureReading(each, each.by_year[year], is_term) for each in self.reading.all_series
        ]

    @property
    def verdicts(self) -> list[YearCell]:
        return cells_of(self.reading.verdicts, self.theme.word)

    @property
    def is_wrong(self) -> bool:
        return bool(self.conflict or self.form.errors)

    @property
    def is_unfolded(self) -> bool:
        """Whether a sheet beneath has an appreciation, or a mistake."""
        return any(sheet.is_wrong or sheet.reading.appreciation for sheet in self.beneath)

    @property
    def counts_sentence(self) -> str:
        """« 2 actions, 1 indicateur »; empty without any."""
        counts = [(len(self.reading.all_actions), "action,actions"),
                 (len(self.reading.all_series), "indicateur,indicateurs")]  # fmt: skip
        return ", ".join(plural(count, forms) for count, forms in counts if count)

    @property
    def fold_label(self) -> str:
        """« Apprécier aussi le détail : 3 sous-objectifs »."""
        word = self.reading.objective.theme.axis.convention.words.objective
        return f"Apprécier aussi le détail : {plural(len(self.beneath), word.sub_forms)}"


@dataclass
class ThemePage(SheetsPage):
    """The sheets of a theme. ``data``: what was sent, None before; ``saved``: the number of sheets
    that were saved; ``wishes``: the proposals for an amendment that were made with them."""

    theme: ThemeReading
    user: User
    data: Mapping[str, str] | None = None
    saved: int = 0
    wishes: list[AmendmentProposal] = field(default_factory=list)

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The sheets of all objectives in force, in reading order. Three queries."""
        readings = [reading for reading in self.theme.objectives if reading.is_in_force]
        rows = Objective.objects.filter(pk__in=[reading.objective.pk for reading in readings])
        proposals = AmendmentProposal.objects.about_any(rows).not_withdrawn()
        wishes: dict[int, list[AmendmentProposal]] = {}
        for wish in proposals.order_by("created_at", "pk"):
            wishes.setdefault(wish.object_id, []).append(wish)
        sheets = []
        for reading in readings:
            objective, edit_url = reading.objective, ""
            objective.theme = self.theme.theme
            if not reading.is_signed and objective.is_agreed:
                edit_url = commitment_of(objective).edit_url(objective)
            form = self._form(reading, self.sent_for(objective.pk))
            sheets.append(Sheet(reading, form, self.theme, wishes.get(objective.pk, []), edit_url))
        return sheets

    @cached_property
    def _amendable(self) -> set[int]:
        """The primary keys of the convention's signed objectives in force today. One query."""
        signed = commitment_of(Objective()).signed_rows(self.theme.theme.axis.convention)
        return set(signed.values_list("pk", flat=True))

    def _form(
        self, reading: ObjectiveReading, data: Mapping[str, str] | None = None
    ) -> AppreciationForm:
        """Return the form of an objective, unbound without ``data``; it proposes another wording
        only for a signed objective that is in force today."""
        return AppreciationForm(
            data,
            reading=reading,
            word=self.theme.word,
            can_amend=reading.objective.pk in self._amendable,
        )

    @property
    def has_beneath(self) -> bool:
        return any(sheet.reading.beneath for sheet in self.sheets)

    @cached_property
    def shown(self) -> list[Sheet]:
        """The sheets that stand by themselves; puts the others ``beneath`` them."""
        by_pk = {sheet.reading.objective.pk: sheet for sheet in self.sheets}
        for sheet in self.sheets:
            sheet.beneath = [by_pk[one.objective.pk] for one in sheet.reading.beneath]
        return [sheet for sheet in self.sheets if not sheet.reading.above]

    def save_sheet(self, sheet: Sheet) -> None:
        """Save the appreciation of a sheet, and propose its wording for an amendment, both or
        neither, if something was changed and the writer keeps her own version. A refusal is added
        to the sheet; else it has a new form."""
        form, reading, wish = sheet.form, sheet.reading, None
        before = revision_of(reading.appreciation)
        typed = (form.cleaned_data["verdict"], form.cleaned_data["text"])
        wording = form.cleaned_data.get("wording", "")
        if not form.takes_theirs and (typed != values_of(reading.appreciation) or wording):
            try:
                with changing():
                    reading.appreciation = appreciate(
                        reading.objective,
                        self.theme.period.year,
                        *typed,
                        revision=form.revision_overwritten,
                        by=self.user,
                    )
                    if wording:
                        reason = form.cleaned_data["text"]
                        wish = propose_wording(
                            reading.objective, wording, reason=reason, by=self.user
                        )
            except Refused as refused:
                written = Appreciation.objects.filter(
                    objective=reading.objective, year=self.theme.period.year
                )
                add_refusal(sheet, refused, written, self._label)
                return
        self.saved += bool(reading.appreciation) and reading.appreciation.revision != before
        if wish:
            self.wishes.append(wish)
            sheet.wishes += [wish] * (wish not in sheet.wishes)
        sheet.form = self._form(reading)

    def _label(self, verdict: str) -> str:
        return verdict_word(verdict, self.theme.word)


def add_refusal(
    sheet: "Sheet | StakeSheet",
    refused: Refused,
    written: QuerySet[Appreciated],
    label: Callable[[str], str],
) -> None:
    """Add a refusal to the form of a sheet, which keeps what was typed; where somebody else has
    saved meanwhile, the differences from their row in ``written``. ``label``: the word for a
    verdict."""
    form = sheet.form
    form.add_error(None, refused.refusal.reason)
    if isinstance(refused.refusal, Rewritten):
        row, typed = written.get(), form.cleaned_data
        verdicts = words_changed(label(row.verdict), label(typed["verdict"]))
        texts = words_changed(row.text, typed["text"])
        changes = [Change("Appréciation", verdicts), Change("Justification", texts)]
        sheet.conflict = conflict_with(row, OTHER, changes)


def values_of(appreciation: Appreciated | None) -> tuple[str, str]:
    return (appreciation.verdict, appreciation.text) if appreciation else ("", "")
