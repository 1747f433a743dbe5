"""Forms one below the other on a page, each about one thing and with a revision of its own: all
that can be kept is kept; who comes second is shown both, and chooses."""

from dataclasses import dataclass

from django import forms

from ctg_portal.differences import Change, Changes
from ctg_portal.numbers import key_in
from ctg_portal.revisions import Meanwhile, RevisedForm
from evaluation.writing.desk import moment
from evaluation.writing.models import Written

# What a second author chooses between; her own stands over the revision that she was shown.
THEIRS, MINE = "autre", "mienne:"


class SheetForm(RevisedForm):
    """One of several; ``choice``: what who comes second keeps."""

    choice = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)

    @property
    def takes_theirs(self) -> bool:
        return self.cleaned_data["choice"] == THEIRS

    @property
    def over(self) -> int:
        """The revision that is written over: the one chosen against, else the one first seen."""
        chosen = key_in(self.cleaned_data["choice"].removeprefix(MINE))
        return chosen or self.cleaned_data["revision"]


@dataclass(frozen=True)
class Conflict:
    """What somebody else has said meanwhile, and how what has just been typed differs from it."""

    meanwhile: Meanwhile
    changes: Changes
    theirs: str
    mine: str


def conflict_with(kept: Written, what: str, changes: list[Change]) -> Conflict:
    """``what``: « une autre appréciation »."""
    who = kept.updated_by_name or "Quelqu’un"
    told = f"{who} a enregistré {what} le {moment(kept.updated_at)}"
    return Conflict(Meanwhile(told), Changes(changes), THEIRS, f"{MINE}{kept.revision}")


class SheetsPage:
    """Its ``sheets`` have a ``form`` and tell whether they are ``is_wrong``. ``saved``: how many
    were."""

    saved: int = 0

    def save(self) -> bool:
        """Keep all that can be; whether nothing is left that cannot."""
        for sheet in self.sheets:
            if sheet.form.is_bound and sheet.form.is_valid():
                self.save_sheet(sheet)
        return not self.wrong

    def save_sheet(self, sheet) -> None:
        raise NotImplementedError

    @property
    def wrong(self) -> list:
        return [sheet for sheet in self.sheets if sheet.is_wrong]
