"""Evaluations: published, corrected since, on their way; and what waits on the last day."""

from unittest import mock

from post_office.models import STATUS, Email

from agreements.models import State
from conventions.models import Role, Theme
from documents.drawing.events import keep, take
from evaluation.models import Edition, EditionState, Part, Printing
from evaluation.publication import events as publication
from evaluation.writing.events import write_narrative, write_year_text
from indicators.models import Campaign
from notifications.models import Notice
from tests.upgrades.hard_lives.accesses import (
    CLAIRE,
    COLETTE,
    HELENE,
    others_are_about_to_hand_over,
)
from tests.upgrades.hard_lives.answers import agree, draft, proposed, record, seat_of
from tests.upgrades.hard_lives.figures import bring, correct, correct_the_past
from tests.upgrades.hard_lives.seats import day
from tests.upgrades.hard_lives.stage import (
    AULNE,
    LAST,
    SERRE,
    Stage,
    convention,
    invite,
    organisation,
    person,
)


def play(stage: Stage) -> None:
    stage.begin("Evaluations", day(9, 7))
    first = published(2023)
    stage.case("Published, the first version; another has followed", first,
               state=EditionState.PUBLISHED)  # fmt: skip
    first = published(2024)
    stage.case("Published, its figures corrected since", first, state=EditionState.PUBLISHED)
    stage.reach(day(10, 5))
    correct_the_past(stage)
    second = published(2023, reason="Des chiffres de la Caf étaient faux.")
    stage.case("Second version, with its reason", second, state=EditionState.PUBLISHED,
               reason="Des chiffres de la Caf étaient faux.")  # fmt: skip
    stage.reach(day(10, 19))
    stage.case("Corrected after the second version of its year was published", correct(
        2023, "ENF", "Serreville", 305, by="tristan.morel@caf-serre.example"))  # fmt: skip
    correct(2024, "MONO", "Montvallier", 3, by="tristan.morel@caf-serre.example")
    stage.reach(day(11, 9))
    in_hand = asked(2024, reason="Un chiffre de Montvallier était faux.")
    agree(in_hand.version, CLAIRE)
    stage.case("Correction on its way, agreed to by one party", in_hand,
               state=EditionState.PROPOSED)  # fmt: skip
    campaign = Campaign.objects.get(convention__slug=AULNE, year=2025)
    submitted = publication.submit(campaign, by=person(COLETTE))
    stage.case("Submitted after the term, asked of nobody yet", submitted,
               state=EditionState.SUBMITTED)  # fmt: skip
    wait_on_the_last_days(stage)


def asked(year: int, *, reason: str = "") -> Edition:
    """The evaluation of a year: written, validated by the Caf, put to the parties."""
    helene, serre = person(HELENE), convention(SERRE)
    if not reason:
        for theme in Theme.objects.filter(axis__convention=serre):
            write_narrative(theme, year, "Deux lieux ont ouvert.", seen=0, by=helene)
        write_year_text(serre, year, Part.CONCLUSION, "L’année tient parole.", seen=0, by=helene)
    campaign = Campaign.objects.get(convention=serre, year=year)
    edition = publication.submit(campaign, reason=reason, by=helene)
    publication.validate(edition, organisation("Caf S"), by=person(CLAIRE))
    publication.propose(edition, by=helene)
    return Edition.objects.with_all().get(pk=edition.pk)


def published(year: int, *, reason: str = "") -> Edition:
    edition = asked(year, reason=reason)
    agree(edition.version)
    edition = Edition.objects.with_all().get(pk=edition.pk)
    draw(publication.request_publication(edition, by=person(HELENE)))
    for beside in Printing.objects.filter(edition=edition).unfinished():
        draw(beside)
    return edition


def draw(printing: Printing) -> None:
    """As if the worker had drawn it: files are not kept with the database."""
    keep(printing, take(printing), f"%PDF {printing.edition}".encode(), 12)


def wait_on_the_last_days(stage: Stage) -> None:
    """What nobody has read, answered or sent when the database is kept."""
    stage.begin("Waiting", day(11, 24))
    others_are_about_to_hand_over(stage)
    stage.case("Recorded, its delay still running", record("Attendre la fin", seat_of(CLAIRE)))
    stage.case("Draft nobody was shown", draft("Écrire un dernier brouillon"), state=State.DRAFT)
    stage.case("File brought, neither kept nor abandoned", bring("places-en-attente.csv", 415))
    stage.reach(LAST, hour=10)
    with mock.patch("ctg_portal.mail.deliver_queued_mail"):  # the worker is down
        invitation = invite("ida.renard@bellefont.example", "Bellefont", Role.READER,
                            by=person(HELENE))  # fmt: skip
        stage.case("Invitation nobody has accepted yet", invitation.offers.get())
        [queued] = Email.objects.filter(status=STATUS.queued)
        stage.case("Message that is queued", queued, status=STATUS.queued)
        proposed("Proposer le dernier jour")
    waiting = Notice.objects.filter(told_at=None, not_before__date=LAST)
    stage.case("Notice that waits for its moment", waiting.latest("pk"), told_at=None)
