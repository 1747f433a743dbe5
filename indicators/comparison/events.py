"""Propose to the parties to have their figures compared, or no longer."""

from accounts.models import User
from agreements.models import Version
from agreements.versions.events import propose, save_draft
from agreements.versions.rows import lock_row
from conventions.models import Convention, Standing
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import enforce
from indicators.comparison.commitments import ComparisonCommitment
from indicators.comparison.models import Comparison


@event(Subject.FIGURES)
def propose_comparison(
    convention: Convention, *, is_compared: bool, note: str = "", by: User
) -> Version:
    """Propose to the parties to be compared, or no longer, and return the version. Create the
    convention's row as a draft if there is none; nothing is compared before all have agreed.

    Raise Refused if ``by`` does not coordinate, or the answer stands so already.
    """
    enforce(ComparisonCommitment().may_draft(by, convention))
    row, _ = Comparison.objects.get_or_create(
        convention=convention, defaults={"standing": Standing.DRAFT}
    )
    draft = save_draft(lock_row(row), {"is_compared": is_compared}, note=note, by=by)
    return propose(draft, by=by)
