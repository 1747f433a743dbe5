"""The demonstration of publication: three years published, one of them corrected, one that awaits a
party's agreement. All is fictional.

Documents are drawn by the worker: past years are agreed and wait for their documents, and the
demonstration goes on (``go_on``) once they are drawn.
"""

import datetime

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Agreement, Version
from committee.demo import account
from conventions.models import Convention
from conventions.notices import scope_of
from ctg_portal.marks.events import changing
from evaluation.editions.models import Edition, EditionVerb, Printing, Rendition
from evaluation.publication import events
from evaluation.publication.notices import EvaluationLetter, EvaluationPublished
from evaluation.texts.models import Part, YearText
from evaluation.writing.events import write_year_text
from indicators.models import Campaign
from notifications.models import Notice

PUBLISHED, AGREED_BY_ONE, CORRECTED = (2020, 2021, 2022), 2023, 2021
CONCLUSION = (
    "L’année a été marquée par la crise sanitaire : plusieurs services ont fermé, puis rouvert. "
    "Les actions reportées sont reprises l’année suivante."
)
CORRECTION = "La conclusion, absente de la première version, est ajoutée."
BOTH = ("copil-caf", "copil-agglo")
LOOKS_AGAIN, A_YEAR = datetime.timedelta(seconds=10), datetime.timedelta(days=365)


def play(convention: Convention) -> None:
    """Submit past years and request their documents, then publish those that are drawn by now; what
    is done already is left. While documents are awaited, the worker plays again in ten seconds."""
    editions = Edition.objects.of(convention)
    for year in PUBLISHED:
        if not editions.for_year(year).exists():
            _publish_past_year(convention, year)
    if not editions.for_year(AGREED_BY_ONE).exists():
        edition = _submit_and_agree(convention, AGREED_BY_ONE, BOTH[:1])
        day = datetime.datetime(AGREED_BY_ONE + 1, 11, 12, 10)
        _put_in_the_past(edition, edition.printings.get(), day)
    _correct_one_year(convention)
    for edition in editions.published().for_any_of(PUBLISHED):
        _put_publication_in_the_past(edition)
    if go_on.get_backend().supports_defer and is_waiting(convention):
        transaction.on_commit(
            lambda: go_on.using(run_after=timezone.now() + LOOKS_AGAIN).enqueue(convention.pk)
        )


def is_waiting(convention: Convention) -> bool:
    """Return whether the final document of a past year is still to be drawn."""
    wanted = Printing.objects.of(convention).filter(edition__evaluation__year__in=PUBLISHED)
    return wanted.filter(is_final=True, rendition=Rendition.WHOLE).unfinished().exists()


@task()
def go_on(convention_pk: int) -> None:
    """Play again: the worker's task, queued until all documents of past years are drawn."""
    with changing():
        play(Convention.objects.get(pk=convention_pk))


def _correct_one_year(convention: Convention) -> None:
    """Correct ``CORRECTED`` once its first version is published; do nothing before, or where
    somebody has begun to."""
    editions = Edition.objects.of(convention).for_year(CORRECTED)
    texts = YearText.objects.of(convention).for_year(CORRECTED).filter(part=Part.CONCLUSION)
    if not editions.published().exists() or editions.count() > 1 or texts.exists():
        return
    by = account("coordination")
    write_year_text(convention, CORRECTED, Part.CONCLUSION, CONCLUSION, revision=0, by=by)
    _publish_past_year(convention, CORRECTED, reason=CORRECTION)


def _submit_and_agree(
    convention: Convention, year: int, members: tuple[str, ...], reason=""
) -> Edition:
    """Submit a year, have the Caf validate it and ``members`` agree to it; return the edition."""
    coordinator, campaign = account("coordination"), Campaign.objects.of(convention).for_year(year)
    edition = events.submit(campaign.get(), reason=reason, by=coordinator)
    caf = convention.organisations.get(acronym="CAF 86")
    events.validate(edition, caf, by=account("copil-caf"))
    version = events.propose(edition, by=coordinator)
    for member in members:
        answers.answer(Reply(version), by=account(member))
    return Edition.objects.with_all().get(pk=edition.pk)


def _publish_past_year(convention: Convention, year: int, reason: str = "") -> None:
    """Make the parties agree to a past year, and request its final document."""
    edition = _submit_and_agree(convention, year, BOTH, reason)
    # Nobody needs the project of what is published.
    edition.printings.filter(is_final=False).delete()
    printing = events.request_publication(edition, by=account("coordination"))
    _put_in_the_past(edition, printing, datetime.datetime(year + 1, 12 if reason else 11, 15, 10))


def _put_in_the_past(edition: Edition, printing: Printing, day: datetime.datetime) -> None:
    """Date an edition: submitted three weeks before ``day``, answered in the two weeks between, its
    document requested on that day, and its notices removed as read."""
    drawn = timezone.make_aware(day)
    submitted, answered = (drawn - datetime.timedelta(days=n) for n in (21, 7))
    Printing.objects.filter(pk=printing.pk).update(requested_at=drawn)
    Edition.objects.filter(pk=edition.pk).update(submitted_at=submitted)
    edition.transitions.update(created_at=submitted)
    edition.validations.update(created_at=answered)
    version = Version.objects.filter(pk=edition.version_id)
    version.update(created_at=submitted, proposed_at=submitted)
    version.exclude(in_force_at=None).update(in_force_at=answered)
    edition.version.transitions.update(created_at=answered)
    Agreement.objects.filter(version=edition.version).update(created_at=answered)
    kinds = [kind.kind for kind in EvaluationLetter.kinds]
    notices = Notice.objects.of(scope_of(edition.evaluation.convention).key)
    notices.filter(kind__in=kinds).delete()


def _put_publication_in_the_past(edition: Edition) -> None:
    """Date the act of publishing as its document says, and remove its notice; leave a version that
    somebody publishes today."""
    done = edition.transitions.filter(verb=EditionVerb.PUBLISHED)
    if done.filter(created_at__gt=edition.published_at + A_YEAR).exists():
        done.update(created_at=edition.published_at)
        Notice.objects.filter(kind=EvaluationPublished.kind, about=str(edition.pk)).delete()
