"""The page on which the objectives of a theme are appreciated, one below the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from agreements.commitments.commitment import commitment_of
from committee.models import AmendmentProposal
from conventions.models import Objective
from ctg_portal.differences import Change, words_changed
from ctg_portal.marks.events import changing
from ctg_portal.revisions import Rewritten, revision_of
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import plural
from evaluation.appreciation.events import appreciate, keep_wish
from evaluation.appreciation.forms import AppreciationForm
from evaluation.appreciation.models import Appreciated, Appreciation
from evaluation.appreciation.words import YearCell, cells_of, verdict_word
from evaluation.writing.sheets import Conflict, SheetsPage, conflict_with
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
            (action_line(one), one.action.get_absolute_url()) for one in self.reading.all_actions
        ]

    @property
    def figures(self) -> list[FigureReading]:
        year, is_term = self.theme.year, self.theme.period.is_term
        return [FigureReading(one, one.by_year[year], is_term) for one in self.reading.all_series]

    @property
    def verdicts(self) -> list[YearCell]:
        """What each year made of it, for who says what the term did."""
        return cells_of(self.reading.verdicts, self.theme.word)

    @property
    def is_wrong(self) -> bool:
        return bool(self.conflict or self.form.errors)

    @property
    def is_unfolded(self) -> bool:
        """Whether something is said, or to be corrected, of what is beneath it."""
        return any(one.is_wrong or one.reading.appreciation for one in self.beneath)

    @property
    def beside(self) -> str:
        """« 2 actions, 1 indicateur »."""
        found = [(len(self.reading.all_actions), "action,actions"),
                 (len(self.reading.all_series), "indicateur,indicateurs")]  # fmt: skip
        return ", ".join(plural(count, forms) for count, forms in found if count)

    @property
    def beneath_told(self) -> str:
        """« Apprécier aussi le détail : 3 sous-objectifs »."""
        word = self.reading.objective.theme.axis.convention.words.objective
        return f"Apprécier aussi le détail : {plural(len(self.beneath), word.sub_forms)}"


@dataclass
class ThemePage(SheetsPage):
    """The sheets of a theme; ``data``: what was sent. ``saved``: how many were, and ``wishes`` how
    many proposals are among the wishes for an amendment since."""

    theme: ThemeReading
    user: object
    data: Mapping | None = None
    saved: int = 0
    wishes: list[AmendmentProposal] = field(default_factory=list)

    @cached_property
    def sheets(self) -> list[Sheet]:
        """Three queries."""
        asked = [one for one in self.theme.objectives if one.is_in_force]
        rows = Objective.objects.filter(pk__in=[one.objective.pk for one in asked])
        wishes: dict[int, list[AmendmentProposal]] = {}
        for wish in (
            AmendmentProposal.objects.about_any(rows).not_withdrawn().order_by("created_at", "pk")
        ):
            wishes.setdefault(wish.object_id, []).append(wish)
        found = []
        for one in asked:
            one.objective.theme = self.theme.theme
            may_edit = not one.is_signed and one.objective.is_agreed
            found.append(
                Sheet(
                    one,
                    self._form(one, self.data),
                    self.theme,
                    wishes.get(one.objective.pk, []),
                    commitment_of(one.objective).edit_url(one.objective) if may_edit else "",
                )
            )
        return found

    @cached_property
    def _amendable(self) -> set[int]:
        """The signed objectives that are in force today. One query."""
        signed = commitment_of(Objective()).signed_rows(self.theme.theme.axis.convention)
        return set(signed.values_list("pk", flat=True))

    def _form(self, one: ObjectiveReading, data=None) -> AppreciationForm:
        is_sent = data is not None and f"{one.objective.pk}-revision" in data
        return AppreciationForm(
            data if is_sent else None,
            reading=one,
            word=self.theme.word,
            may_amend=one.objective.pk in self._amendable,
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
        form, one, wish = sheet.form, sheet.reading, None
        before = revision_of(one.appreciation)
        told = (form.cleaned_data["verdict"], form.cleaned_data["text"])
        wording = form.cleaned_data.get("wording", "")
        if not form.takes_theirs and (told != said(one.appreciation) or wording):
            try:
                with changing():
                    one.appreciation = appreciate(
                        one.objective,
                        self.theme.period.year,
                        *told,
                        revision=form.over,
                        by=self.user,
                    )
                    if wording:
                        reason = form.cleaned_data["text"]
                        wish = keep_wish(one.objective, wording, reason=reason, by=self.user)
            except Refused as refused:
                self._refuse(sheet, refused)
                return
        self.saved += bool(one.appreciation) and one.appreciation.revision != before
        if wish:
            self.wishes.append(wish)
            sheet.wishes += [wish] * (wish not in sheet.wishes)
        sheet.form = self._form(one)

    def _refuse(self, sheet: Sheet, refused: Refused) -> None:
        """Nothing typed is lost: where somebody else wrote, both are shown."""
        form, one = sheet.form, sheet.reading
        form.add_error(None, refused.refusal.reason)
        if not isinstance(refused.refusal, Rewritten):
            return
        kept = Appreciation.objects.get(objective=one.objective, year=self.theme.period.year)
        word, (verdict, text) = self.theme.word, said(kept)
        typed = form.cleaned_data
        words = verdict_word(verdict, word), verdict_word(typed["verdict"], word)
        sheet.conflict = conflict_with(
            kept,
            OTHER,
            [
                Change("Appréciation", words_changed(*words)),
                Change("Justification", words_changed(text, typed["text"])),
            ],
        )


def said(appreciation: Appreciated | None) -> tuple[str, str]:
    return (appreciation.verdict, appreciation.text) if appreciation else ("", "")
