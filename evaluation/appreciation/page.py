"""The page on which the objectives of a theme are appreciated, one below the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

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
from evaluation.verdicts.events import appreciate, keep_wish
from evaluation.verdicts.models import Appreciated, Appreciation
from evaluation.verdicts.words import YearCell, cells_of, verdict_word
from evaluation.year.actions import action_line
from evaluation.year.objectives import ObjectiveReading
from evaluation.year.reading import FigureReading, ThemeReading

OTHER = "une autre appréciation"


@dataclass
class Sheet:
    """An objective, what was done and measured for it in the year, or the term, and its form.

    ``wishes``: what is proposed for an amendment about it; ``edit_url``: where the committee's own
    is written anew; ``beneath``: the signed sub-objectives for which it may speak, folded.
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
    def actions(self) -> list[tuple]:
        return [
            (action_line(reading), reading.action.get_absolute_url())
            for reading in self.reading.all_actions
        ]

    @property
    def figures(self) -> list[FigureReading]:
        year, is_term = self.theme.year, self.theme.period.is_term
        return [FigureReading(one, one.by_year[year], is_term) for one in self.reading.all_series]

    @property
    def verdicts(self) -> list[YearCell]:
        """The verdict of each year, for who appreciates the whole term."""
        return cells_of(self.reading.verdicts, self.theme.word)

    @property
    def is_wrong(self) -> bool:
        return bool(self.conflict or self.form.errors)

    @property
    def is_unfolded(self) -> bool:
        """Whether an objective beneath has an appreciation, or a mistake to correct."""
        return any(one.is_wrong or one.reading.appreciation for one in self.beneath)

    @property
    def counts_sentence(self) -> str:
        """« 2 actions, 1 indicateur »."""
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
    """The sheets of a theme; ``data``: what was sent. ``saved``: how many were saved; ``wishes``:
    the proposals for an amendment that were added."""

    theme: ThemeReading
    user: object
    data: Mapping | None = None
    saved: int = 0
    wishes: list[AmendmentProposal] = field(default_factory=list)

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The sheets of all objectives in force, in reading order. Three queries."""
        asked = [reading for reading in self.theme.objectives if reading.is_in_force]
        rows = Objective.objects.filter(pk__in=[reading.objective.pk for reading in asked])
        wishes: dict[int, list[AmendmentProposal]] = {}
        for wish in (
            AmendmentProposal.objects.about_any(rows).not_withdrawn().order_by("created_at", "pk")
        ):
            wishes.setdefault(wish.object_id, []).append(wish)
        sheets = []
        for reading in asked:
            reading.objective.theme = self.theme.theme
            may_edit = not reading.is_signed and reading.objective.is_agreed
            sheets.append(
                Sheet(
                    reading,
                    self._form(reading, self.data),
                    self.theme,
                    wishes.get(reading.objective.pk, []),
                    commitment_of(reading.objective).edit_url(reading.objective)
                    if may_edit
                    else "",
                )
            )
        return sheets

    @cached_property
    def _amendable(self) -> set[int]:
        """The signed objectives that are in force today. One query."""
        signed = commitment_of(Objective()).signed_rows(self.theme.theme.axis.convention)
        return set(signed.values_list("pk", flat=True))

    def _form(self, reading: ObjectiveReading, data=None) -> AppreciationForm:
        is_sent = data is not None and f"{reading.objective.pk}-revision" in data
        return AppreciationForm(
            data if is_sent else None,
            reading=reading,
            word=self.theme.word,
            may_amend=reading.objective.pk in self._amendable,
        )

    @property
    def has_beneath(self) -> bool:
        return any(sheet.reading.beneath for sheet in self.sheets)

    @cached_property
    def shown(self) -> list[Sheet]:
        """The sheets that stand by themselves, in reading order."""
        by_pk = {sheet.reading.objective.pk: sheet for sheet in self.sheets}
        for sheet in self.sheets:
            sheet.beneath = [by_pk[one.objective.pk] for one in sheet.reading.beneath]
        return [sheet for sheet in self.sheets if not sheet.reading.above]

    def save_sheet(self, sheet: Sheet) -> None:
        """Save a sheet if it was changed, with its wish; a refusal is shown in it."""
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
                        wish = keep_wish(reading.objective, wording, reason=reason, by=self.user)
            except Refused as refused:
                self._refuse(sheet, refused)
                return
        self.saved += bool(reading.appreciation) and reading.appreciation.revision != before
        if wish:
            self.wishes.append(wish)
            sheet.wishes += [wish] * (wish not in sheet.wishes)
        sheet.form = self._form(reading)

    def _refuse(self, sheet: Sheet, refused: Refused) -> None:
        """Show a refusal in the form, with all that was typed; where somebody else wrote, show both
        texts."""
        form, reading = sheet.form, sheet.reading
        form.add_error(None, refused.refusal.reason)
        if not isinstance(refused.refusal, Rewritten):
            return
        current = Appreciation.objects.get(objective=reading.objective, year=self.theme.period.year)
        word, (verdict, text) = self.theme.word, values_of(current)
        typed = form.cleaned_data
        words = verdict_word(verdict, word), verdict_word(typed["verdict"], word)
        sheet.conflict = conflict_with(
            current,
            OTHER,
            [
                Change("Appréciation", words_changed(*words)),
                Change("Justification", words_changed(text, typed["text"])),
            ],
        )


def values_of(appreciation: Appreciated | None) -> tuple[str, str]:
    """Return verdict and text of an appreciation; empty without one."""
    return (appreciation.verdict, appreciation.text) if appreciation else ("", "")
