"""The coordinator records what a year, or the whole term, was for a post of cooperation."""

from django.utils import timezone

from accounts.models import User
from agreements.commitments.canonical import plain
from conventions.models import CooperationPost
from ctg_portal.forms.revisions import Rewritten, check_revision
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from evaluation.cooperation.framework import activity_keys
from evaluation.cooperation.models import PostYear, PostYearFunding, PostYearShare
from evaluation.cooperation.post_record import TEXTS, PostRecord
from evaluation.editions.following import follow_text, hold
from evaluation.texts.rights import may_write_narrative

REWRITTEN = Rewritten("Ce suivi a été modifié entre-temps : lisez les deux, puis choisissez.")
UNKNOWN = Refusal("Cette activité n’est pas dans le référentiel du poste.")
OF_YEARS = Refusal("Activités, ETP, coût et financements sont ceux des années.")


@event(Subject.EVALUATION)
def write_post(
    post: CooperationPost, year: int | None, record: PostRecord, *, revision: int, by: User | None
) -> PostYear | None:
    """Save the record of a post in a year, or in the term (``year`` None), and return its row; the
    same record again changes nothing, an empty one without a row returns None.

    ``revision``: that of the row as the writer saw it, 0 without one. Raises Refused where ``by``
    may not write, an activity is unknown, the term has more than texts, or somebody else has
    written meanwhile.
    """
    convention = post.convention
    enforce(may_write_narrative(by, convention))
    if not activity_keys().issuperset(record.activities):
        raise Refused(UNKNOWN)
    if year is None and record != record.texts_alone:
        raise Refused(OF_YEARS)
    hold(convention)  # the first words of a year are no row yet
    row = PostYear.objects.filter(post=post, year=year).with_lines().first()
    if record == PostRecord.of(row):
        return row
    check_revision(row, revision, REWRITTEN)
    row = row or PostYear(post=post, year=year)
    for name in TEXTS:
        setattr(row, name, plain(getattr(record, name)).strip())
    row.activities, row.cost = record.activities, record.cost
    row.updated_at = timezone.now()
    row.updated_by_name = str(by or "")
    row.save()
    _write_lines(row, record)
    follow_text(convention, year, by=by)
    return row


def _write_lines(row: PostYear, record: PostRecord) -> None:
    """Replace the shares and fundings of a row by those of the record, in their order."""
    for name in ("shares", "fundings"):
        getattr(row, "_prefetched_objects_cache", {}).pop(name, None)
        getattr(row, name).all().delete()
    PostYearShare.objects.bulk_create(
        PostYearShare(told=row, rank=rank, domain=domain, fte=fte)
        for rank, (domain, fte) in enumerate(record.shares, start=1)
    )
    PostYearFunding.objects.bulk_create(
        PostYearFunding(told=row, rank=rank, funder=funder, amount=amount)
        for rank, (funder, amount) in enumerate(record.fundings, start=1)
    )
