"""Forms one below the other on a page, each about one thing and with its own revision. All that can
be saved is; who comes second is shown both versions, and chooses."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from agreements.commitments import canonical
from ctg_portal.forms.revisions import Meanwhile, RevisedForm
from ctg_portal.templatetags.french import long_date
from ctg_portal.text.differences import Change, Changes, words_changed
from ctg_portal.text.numbers import key_in
from evaluation.texts.models import Written

# The values that a second author chooses between; « mienne: » is followed by the revision shown.
THEIRS, MINE = "autre", "mienne:"


class SheetForm(RevisedForm):
    """One form of several. ``choice``: ``THEIRS`` or ``MINE`` in a conflict, else empty."""

    choice = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)

    @property
    def takes_theirs(self) -> bool:
        """Whether the other person's version was chosen, so that nothing is to be saved."""
        return self.cleaned_data["choice"] == THEIRS

    @property
    def revision_overwritten(self) -> int:
        """The revision that saving replaces: the one shown in a conflict, or first seen."""
        chosen = key_in(self.cleaned_data["choice"].removeprefix(MINE))
        return chosen or self.cleaned_data["revision"]


@dataclass(frozen=True)
class Conflict:
    """A version that somebody else has saved meanwhile, and the differences from it to what was
    just typed. ``theirs``, ``mine``: the values of ``choice`` for either."""

    meanwhile: Meanwhile
    changes: Changes
    theirs: str
    mine: str


def conflict_with(saved: Written, what: str, changes: list[Change]) -> Conflict:
    """Return the conflict with the row saved meanwhile, called ``what``: « un autre suivi »."""
    who = saved.updated_by_name or "Quelqu’un"
    heading = f"{who} a enregistré {what} le {format_moment(saved.updated_at)}"
    return Conflict(Meanwhile(heading), Changes(changes), THEIRS, f"{MINE}{saved.revision}")


class SheetsPage:
    """Mixin of a page of ``sheets`` (``form``, ``is_wrong``); ``saved``: how many were."""

    saved: int = 0
    data: Mapping[str, str] | None

    def sent_for(self, key: int) -> Mapping[str, str] | None:
        """Return what was sent, if the sheet of ``key`` is in it, else None."""
        return self.data if self.data is not None and f"{key}-revision" in self.data else None

    def save(self) -> bool:
        """Save each valid sheet that was sent; return whether none has an error or conflict."""
        for sheet in self.sheets:
            if sheet.form.is_bound and sheet.form.is_valid():
                self.save_sheet(sheet)
        return not self.wrong

    def save_sheet(self, sheet: Any) -> None:
        """Save a valid sheet if it was changed and count it, or add the refusal to it."""
        raise NotImplementedError

    @property
    def wrong(self) -> list[Any]:
        return [sheet for sheet in self.sheets if sheet.is_wrong]


def text_changes(before: str, after: str) -> Changes:
    """Return the differences of two texts word by word; those of ends of lines do not count."""
    pieces = words_changed(canonical.plain(before), canonical.plain(after))
    return Changes([Change("Texte", pieces)])


def format_moment(at: datetime.datetime) -> str:
    """Return « 3 mars 2024 à 14h32 », in local time."""
    local = timezone.localtime(at)
    return f"{long_date(local)} à {local:%-Hh%M}"
