"""The coordinator tells what a year, or the whole term, was for a post of cooperation."""

from django.utils import timezone

from accounts.models import User
from agreements.commitments.canonical import plain
from conventions.models import CooperationPost
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.revisions import Rewritten, check_revision
from ctg_portal.rules import Refusal, Refused, enforce
from evaluation.cooperation.framework import known
from evaluation.cooperation.models import PostYear, PostYearFunding, PostYearShare
from evaluation.cooperation.told import TEXTS, Told
from evaluation.publication.events import follow_text, hold
from evaluation.writing.rights import may_write_narrative

REWRITTEN = Rewritten("Ce suivi a été modifié entre-temps : lisez les deux, puis choisissez.")
UNKNOWN = Refusal("Cette activité n’est pas dans le référentiel du poste.")
OF_YEARS = Refusal("Activités, ETP, coût et financements sont ceux des années.")


@event(Subject.EVALUATION)
def tell_post(
    post: CooperationPost, year: int | None, told: Told, *, revision: int, by: User | None
) -> PostYear | None:
    """Say what a year, or the term, was for a post; None while nothing is said of it.

    ``revision``: the revision that the writer had before her, 0 when there was none. Raises Refused
    when ``by`` may not, or something else was told meanwhile; the same again changes nothing.
    """
    convention = post.convention
    enforce(may_write_narrative(by, convention))
    if not known().issuperset(told.activities):
        raise Refused(UNKNOWN)
    if year is None and told != told.texts_alone:
        raise Refused(OF_YEARS)
    hold(convention)  # the first words of a year are no row yet
    kept = PostYear.objects.filter(post=post, year=year).with_lines().first()
    if told == Told.of(kept):
        return kept
    check_revision(kept, revision, REWRITTEN)
    kept = kept or PostYear(post=post, year=year)
    for name in TEXTS:
        setattr(kept, name, plain(getattr(told, name)).strip())
    kept.activities, kept.cost = told.activities, told.cost
    kept.updated_at = timezone.now()
    kept.updated_by_name = str(by or "")
    kept.save()
    _write_lines(kept, told)
    follow_text(convention, year, by=by)
    return kept


def _write_lines(kept: PostYear, told: Told) -> None:
    """As they are told now, one after the other."""
    for name in ("shares", "fundings"):
        getattr(kept, "_prefetched_objects_cache", {}).pop(name, None)
        getattr(kept, name).all().delete()
    PostYearShare.objects.bulk_create(
        PostYearShare(told=kept, rank=rank, domain=domain, fte=fte)
        for rank, (domain, fte) in enumerate(told.shares, start=1)
    )
    PostYearFunding.objects.bulk_create(
        PostYearFunding(told=kept, rank=rank, funder=funder, amount=amount)
        for rank, (funder, amount) in enumerate(told.fundings, start=1)
    )
