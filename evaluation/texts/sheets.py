"""Forms one below the other on a page, each about one thing and with its own revision. All that can
be saved is; who comes second is shown both versions, and chooses."""

from dataclasses import dataclass

from django import forms
from django.utils import timezone

from agreements.commitments import canonical
from ctg_portal.forms.revisions import Meanwhile, RevisedForm
from ctg_portal.templatetags.french import long_date
from ctg_portal.text.differences import Change, Changes, words_changed
from ctg_portal.text.numbers import key_in
from evaluation.texts.models import Written

# What a second author chooses between; her own stands over the revision that she was shown.
THEIRS, MINE = "autre", "mienne:"


class SheetForm(RevisedForm):
    """One of several forms. ``choice`` is the version that who comes second chooses."""

    choice = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)

    @property
    def takes_theirs(self) -> bool:
        return self.cleaned_data["choice"] == THEIRS

    @property
    def over(self) -> int:
        """The revision that is overwritten: of the version chosen against, or as first seen."""
        chosen = key_in(self.cleaned_data["choice"].removeprefix(MINE))
        return chosen or self.cleaned_data["revision"]


@dataclass(frozen=True)
class Conflict:
    """The version that somebody else has saved meanwhile, and the differences of what was just
    typed."""

    meanwhile: Meanwhile
    changes: Changes
    theirs: str
    mine: str


def conflict_with(saved: Written, what: str, changes: list[Change]) -> Conflict:
    """Return the conflict with a row that was saved meanwhile. ``what`` names it: « une autre
    appréciation »."""
    who = saved.updated_by_name or "Quelqu’un"
    heading = f"{who} a enregistré {what} le {format_moment(saved.updated_at)}"
    return Conflict(Meanwhile(heading), Changes(changes), THEIRS, f"{MINE}{saved.revision}")


class SheetsPage:
    """Mixin of a page of ``sheets``, each with a ``form`` and ``is_wrong``. ``saved``: how many
    were."""

    saved: int = 0

    def save(self) -> bool:
        """Save every valid sheet; return whether none is left that is not valid."""
        for sheet in self.sheets:
            if sheet.form.is_bound and sheet.form.is_valid():
                self.save_sheet(sheet)
        return not self.wrong

    def save_sheet(self, sheet) -> None:
        raise NotImplementedError

    @property
    def wrong(self) -> list:
        return [sheet for sheet in self.sheets if sheet.is_wrong]


def text_changes(before: str, after: str) -> Changes:
    """Return the differences word by word, whatever the ends of lines of each text."""
    pieces = words_changed(canonical.plain(before), canonical.plain(after))
    return Changes([Change("Texte", pieces)])


def format_moment(at) -> str:
    """Return « 3 mars 2024 à 14h32 »."""
    local = timezone.localtime(at)
    return f"{long_date(local)} à {local:%-Hh%M}"
