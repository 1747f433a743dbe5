"""The page on which the shared stakes are appreciated for a year, or the term, one below the
other."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from accounts.models import User
from committee.models import Stake
from ctg_portal.forms.revisions import revision_of
from ctg_portal.rules import Refused
from evaluation.appreciation.forms import VerdictForm
from evaluation.appreciation.page import add_refusal, values_of
from evaluation.stakes.events import appreciate_stake
from evaluation.stakes.models import StakeAppreciation, Trend
from evaluation.stakes.reading import NOT_YET, StakeReading
from evaluation.texts.sheets import Conflict, SheetsPage

CHOICES = [*Trend.choices, ("", NOT_YET)]


@dataclass
class StakeSheet:
    """A stake and its form."""

    reading: StakeReading
    form: VerdictForm
    conflict: Conflict | None = None

    @property
    def anchor(self) -> str:
        return self.reading.line.anchor

    @property
    def title(self) -> str:
        return self.reading.title

    @property
    def is_wrong(self) -> bool:
        return bool(self.conflict or self.form.errors)


@dataclass
class StakesPage(SheetsPage):
    """A form for each stake; ``data`` is what was sent, None before."""

    stakes: list[StakeReading]
    year: int | None
    user: User
    data: Mapping[str, str] | None = None
    saved: int = 0

    @cached_property
    def sheets(self) -> list[StakeSheet]:
        """The sheets of all stakes, in their order; the form of one that was not sent is
        unbound."""
        return [
            StakeSheet(stake, self._form(stake, self.sent_for(stake.key))) for stake in self.stakes
        ]

    @cached_property
    def _rows(self) -> dict[int, Stake]:
        """The stakes by primary key. One query."""
        keys = [stake.key for stake in self.stakes]
        return Stake.objects.select_related("convention").in_bulk(keys)

    def _form(self, stake: StakeReading, data: Mapping[str, str] | None = None) -> VerdictForm:
        """Return the form of a stake, filled with its stored appreciation; unbound without
        ``data``."""
        return VerdictForm(
            data,
            prefix=str(stake.key),
            model=StakeAppreciation,
            row=stake.appreciation,
            choices=CHOICES,
        )

    def save_sheet(self, sheet: StakeSheet) -> None:
        """Save the appreciation of a stake if it was changed and the writer keeps her own version.
        A refusal is added to the sheet; else it has a new form."""
        form, stake = sheet.form, sheet.reading
        typed = (form.cleaned_data["verdict"], form.cleaned_data["text"])
        if not form.takes_theirs and typed != values_of(stake.appreciation):
            before = revision_of(stake.appreciation)
            try:
                stake.appreciation = appreciate_stake(
                    self._rows[stake.key],
                    self.year,
                    *typed,
                    revision=form.revision_overwritten,
                    by=self.user,
                )
            except Refused as refused:
                written = StakeAppreciation.objects.filter(stake=stake.key, year=self.year)
                add_refusal(sheet, refused, written, dict(CHOICES).__getitem__)
                return
            self.saved += stake.appreciation.revision != before
        sheet.form = self._form(stake)
