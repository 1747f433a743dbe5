"""Many conventions, many points: what has nothing new costs nothing; any turn of events is told."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import MailRhythm
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.answers.lights import point_of
from agreements.models import Answer, Version
from agreements.seats import events as seats
from agreements.versions import events as drafts
from committee.dossiers import events as dossiers
from conventions.access.events import end_membership
from conventions.models import Membership
from ctg_portal.rules import Refused
from notifications.models import Notice
from notifications.sending import letters_due, send_due_mail
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.committee.mail.mailing import NOON, TERM, after, at, mail_sent_at
from tests.committee.scene import a_document
from tests.databases import examples

LATER = after(minutes=30)


def settled(n=1):
    """Conventions in which something was said of everything, and everybody knows."""
    made = []
    with at(NOON):
        for _ in range(n):
            committee = committee_of(**TERM)
            SeatFactory(organisation=committee.caf, substitute=True)
            DelegationFactory(seat=committee.caf_seat, kinds=["article"])
            committee.in_force("En vigueur")
            waiting, changed, recorded, denied = (
                committee.proposed(title) for title in ["Attend", "Changé", "Saisi", "Démenti"]
            )
            dossiers.send_dossier(
                committee.convention, [waiting, changed], title="A", by=committee.coordinator
            )
            answers.answer(
                Reply(changed, Answer.CHANGE_REQUESTED, reason="?"), by=committee.caf_member
            )
            for version in (recorded, denied):
                entry = answers.record(
                    version, committee.caf_seat, received_on=datetime.date(2024, 4, 1),
                    evidence=a_document(committee.coordinator), by=committee.coordinator,
                )  # fmt: skip
            answers.refuse_all([entry], by=committee.caf_member)
            made.append(committee)
    mail_sent_at(LATER)
    return made


def queries(moment) -> int:
    with at(moment), CaptureQueriesContext(connection) as captured:
        assert send_due_mail() == 0
    return len(captured)


@pytest.mark.django_db
def test_conventions_that_have_nothing_new_ask_no_more_queries():
    settled(1)
    alone = queries(after(minutes=31))
    settled(3)
    assert queries(after(minutes=31)) == alone
    assert alone == 1


@pytest.mark.django_db
@pytest.mark.parametrize("rhythm", MailRhythm.values)
def test_the_clock_reads_no_convention_without_pending_notices(rhythm):
    [committee] = settled(1)
    for user in (committee.caf_member, committee.epci_member, committee.coordinator):
        user.mail_rhythm = rhythm
        user.save()
    assert letters_due(after(minutes=31)) == []
    with at(after(minutes=31)):
        committee.proposed("Nouveau")
    mail_sent_at(after(minutes=32))
    # Who waits for Monday is not looked at each minute either, all week long.
    waits = 0 if rhythm == MailRhythm.WEEKLY else 1
    assert len(letters_due(after(hours=1))) == waits
    assert len(letters_due(after(days=6))) == 1


@pytest.mark.django_db
def test_a_message_of_many_points_asks_no_more_queries_than_one_of_few():
    def count(points):
        with at(NOON):
            committee = committee_of(**TERM)
            versions = [committee.proposed(f"Ouvrir {n}") for n in range(points)]
            dossiers.send_dossier(
                committee.convention, versions, title="A", by=committee.coordinator
            )
        with at(LATER), CaptureQueriesContext(connection) as captured:
            assert send_due_mail() == 2
        return len(captured)

    count(1)  # content types are read once
    assert count(2) == count(20)


# Any turn of events ----------------------------------------------------------------------------

ACTS = ["propose", "agree", "change", "agenda", "deliberate", "retract", "record", "confirm",
        "refuse", "edit", "withdraw", "dossier", "absence", "delegation", "end seat", "name",
        "leave", "rhythm"]  # fmt: skip
STORY = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.sampled_from([0, 3, 25, 2000, 9000])),
    min_size=1, max_size=8,
)  # fmt: skip


class Story:
    """Things that happen in one committee, in any order; what is refused does not happen."""

    def __init__(self):
        self.committee = committee_of(**TERM)
        SeatFactory(organisation=self.committee.epci, substitute=True)

    def play(self, act: str, n: int) -> None:
        c = self.committee
        seat = [c.caf_seat, c.epci_seat][n % 2]
        versions = list(Version.objects.numbered().order_by("pk"))
        acts = self.acts_of_a_seat(seat, len(versions))
        if versions:
            acts |= self.acts_on(versions[n % len(versions)], seat, len(versions))
        if act in acts:
            acts[act]()

    def acts_of_a_seat(self, seat, n: int) -> dict:
        """What may happen whether anything is discussed or not."""
        c, member, day = self.committee, seat.user, timezone.localdate()
        return {
            "propose": lambda: c.proposed(f"Ouvrir {n}"),
            "absence": lambda: seats.declare_absence(
                seat, starts_on=day, ends_on=None, by=c.coordinator
            ),
            "delegation": lambda: DelegationFactory(seat=seat, starts_on=day),
            "end seat": lambda: seats.end_seat(seat, by=c.coordinator),
            "name": lambda: SeatFactory(organisation=seat.organisation, starts_on=day),
            "leave": lambda: [
                end_membership(access, by=member) for access in member.memberships.active()
            ],
        }  # fmt: skip

    def acts_on(self, version, seat, n: int) -> dict:
        """What the member of a seat, or the coordinator, may do about a version."""
        c, member, day = self.committee, seat.user, timezone.localdate()
        entry, point = version.agreements.order_by("-rank").first(), point_of(version)
        last_rank, entered = (
            self.rank(entries, seat) for entries in (point.last_answers, point.last_entered)
        )

        def reply(*args, **kwargs):
            return lambda: answers.answer(
                Reply(version, *args, last_rank=last_rank, **kwargs), by=member
            )

        return {
            "agree": reply(),
            "change": reply(Answer.CHANGE_REQUESTED, reason="Non"),
            "agenda": reply(Answer.AGENDA),
            "deliberate": reply(Answer.DELIBERATION, body="Bureau", body_date=day),
            "retract": lambda: answers.retract(version, reason="Non", by=member),
            "record": lambda: answers.record(
                version, seat, received_on=day, evidence=a_document(c.coordinator),
                last_rank=entered, by=c.coordinator,
            ),
            "confirm": lambda: entry and answers.confirm(entry, by=member),
            "refuse": lambda: entry and answers.refuse_all([entry], by=member),
            "edit": lambda: c.edited(version, title=f"Autre {n}"),
            "withdraw": lambda: drafts.withdraw_version(version, reason="?", by=c.coordinator),
            "dossier": lambda: dossiers.send_dossier(
                c.convention, [version], title="A", by=c.coordinator
            ),
            "rhythm": lambda: type(member).objects.filter(pk=member.pk).update(
                mail_rhythm=MailRhythm.WEEKLY
            ),
        }  # fmt: skip

    def rank(self, entries, seat) -> int:
        entry = entries.get(seat.organisation_id)
        return entry.rank if entry else 0


class AnyTurnOfEvents(TestCase):
    @settings(max_examples=examples(12), deadline=None, suppress_health_check=list(HealthCheck))
    @given(story=STORY)
    def test_nobody_is_overlooked_or_notified_twice(self, story):
        moment = NOON
        with at(moment):
            played = Story()
        for act, n, minutes in story:
            moment += datetime.timedelta(minutes=minutes + 1)
            with at(moment):
                try:
                    played.play(act, n)
                except Refused:
                    continue
            self.hear(moment)
        for days in (1, 7, 14):
            self.hear(moment + datetime.timedelta(days=days))

    def hear(self, moment):
        """``told`` also looks at all that stands: no event has overlooked anybody."""
        accesses = Membership.objects.values_list("user__email", flat=True)
        insiders, ever = set(accesses.active()), set(accesses)
        before = Notice.objects.known().count()
        messages = mail_sent_at(moment)
        # One letter of what awaits an answer; and one of who sits, which reaches whose mandate was
        # ended although their access ended since.
        letters = {(message.to[0], "au comité de pilotage" in message.body) for message in messages}
        assert len(letters) == len(messages)
        assert all(address in (insiders if awaited else ever) for address, awaited in letters)
        assert Notice.objects.known().count() >= before + len(messages)
