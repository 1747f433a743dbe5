"""The demonstration of publication: three years published, one of them corrected, one that awaits
a party's agreement. All is fictional."""

import datetime

from django.conf import settings
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Agreement, Version
from committee.demo import account
from conventions.models import Convention
from conventions.notices import scope_of
from documents.drawing.composition import compose
from documents.drawing.events import keep, take
from documents.pdf import draw_pdf
from evaluation.models import Edition, Part, Printing
from evaluation.publication import events
from evaluation.publication.document import mark_of
from evaluation.publication.notices import EvaluationLetter
from evaluation.writing.events import write_year_text
from indicators.models import Campaign
from notifications.models import Notice

PUBLISHED, AGREED_BY_ONE, CORRECTED = (2020, 2021, 2022), 2023, 2021
CONCLUSION = (
    "L’année a été marquée par la crise sanitaire : plusieurs services ont fermé, puis rouvert. "
    "Les actions reportées sont reprises l’année suivante."
)
CORRECTION = "La conclusion, absente de la première version, est ajoutée."
ONE_PAGE = "<title>{0}</title><html lang='fr'><h1>{0}</h1><p>{1}. Démonstration."


def play(convention: Convention) -> None:
    """Publish what is past, and submit what comes next."""
    if Edition.objects.of(convention).exists():
        return
    for year in PUBLISHED:
        _publish(convention, year)
        if year == CORRECTED:
            coordinator = account("coordination")
            write_year_text(convention, year, Part.CONCLUSION, CONCLUSION, seen=0, by=coordinator)
            _publish(convention, year, reason=CORRECTION)
    edition = _agreed(convention, AGREED_BY_ONE, ["copil-caf"])
    day = datetime.datetime(AGREED_BY_ONE + 1, 11, 12, 10)
    _press(edition.printings.get(), day)
    _put_in_the_past(edition, day)
    # What was told in those years was read then.
    told = [kind.kind for kind in EvaluationLetter.kinds]
    Notice.objects.of(scope_of(convention).key).filter(kind__in=told).delete()


def _agreed(convention: Convention, year: int, members: list[str], reason: str = "") -> Edition:
    """An edition that the Caf has validated, and these members agree to."""
    coordinator, campaign = account("coordination"), Campaign.objects.of(convention).of_year(year)
    edition = events.submit(campaign.get(), reason=reason, by=coordinator)
    caf = convention.organisations.get(acronym="CAF 86")
    events.validate(edition, caf, by=account("copil-caf"))
    version = events.propose(edition, by=coordinator)
    for member in members:
        answers.answer(Reply(version), by=account(member))
    return Edition.objects.with_all().get(pk=edition.pk)


def _publish(convention: Convention, year: int, reason: str = "") -> None:
    edition = _agreed(convention, year, ["copil-caf", "copil-agglo"], reason)
    # The project of what is published serves nobody any more.
    edition.printings.filter(is_final=False).delete()
    printing = events.request_publication(edition, by=account("coordination"))
    day = datetime.datetime(year + 1, 12 if reason else 11, 15, 10)
    _press(printing, day)
    _put_in_the_past(edition, day)
    # What goes with it says the same day.
    for beside in Printing.objects.filter(edition=edition).unfinished():
        _press(beside, day)


def _press(printing: Printing, day: datetime.datetime) -> None:
    """Draw the document as it was that day; where documents of a demonstration are looked at by
    nobody, one page of it does."""
    printing.requested_at = timezone.make_aware(day)
    printing.save(update_fields=["requested_at"])
    if settings.DEMO_DRAWS_EVALUATIONS:
        compose(printing)
    else:
        title = str(printing.edition)
        page = draw_pdf(ONE_PAGE.format(title, mark_of(printing).sentence), title=title)
        keep(printing, take(printing), page.content, page.pages)


def _put_in_the_past(edition: Edition, day: datetime.datetime) -> None:
    """Have it be submitted and published that day, and answered in the two weeks before."""
    published = timezone.make_aware(day)
    submitted, answered = (published - datetime.timedelta(days=n) for n in (21, 7))
    edition.refresh_from_db()
    Edition.objects.filter(pk=edition.pk).update(
        submitted_at=submitted, published_at=edition.published_at and published
    )
    edition.transitions.exclude(verb="published").update(created_at=submitted)
    edition.transitions.filter(verb="published").update(created_at=published)
    edition.validations.update(created_at=answered)
    edition.printings.update(requested_at=submitted, finished_at=published)
    version = Version.objects.filter(pk=edition.version_id)
    version.update(created_at=submitted, proposed_at=submitted)
    version.exclude(in_force_at=None).update(in_force_at=answered)
    Version.objects.filter(published_at__gte=edition.published_at or published).update(
        published_at=published
    )
    edition.version.transitions.update(created_at=answered)
    Agreement.objects.filter(version=edition.version).update(created_at=answered)
