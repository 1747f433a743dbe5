"""The coordinator asks the parties to open what is published to everybody, or to close it."""

from accounts.models import User
from agreements.models import Version
from agreements.versions.events import propose, save_draft
from agreements.versions.rows import lock_row
from conventions.models import Convention, Standing
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import enforce
from evaluation.opening.commitments import PublicPageCommitment
from evaluation.opening.models import PublicPage


@event(Subject.EVALUATION)
def propose_opening(convention: Convention, *, is_open: bool, note: str = "", by: User) -> Version:
    """Ask the parties to agree that what is published is open to everybody, or closed again; return
    the version. Nothing opens, or closes, before all have agreed. Raises Refused when ``by`` may
    not, or it stands so already."""
    enforce(PublicPageCommitment().may_draft(by, convention))
    row, _ = PublicPage.objects.get_or_create(
        convention=convention, defaults={"standing": Standing.DRAFT}
    )
    draft = save_draft(lock_row(row), {"is_open": is_open}, note=note, by=by)
    return propose(draft, by=by)
