"""Who was present, what was decided, and what became of it."""

import datetime

import pytest
from django.utils import timezone

from committee.meetings import agenda, events
from committee.meetings.decisions.events import correct, decide, drop, reopen, report
from committee.meetings.decisions.models import DecisionState
from committee.meetings.decisions.reading import read_decided
from committee.meetings.reading import offered_items, planned_items
from committee.models import Decision, Meeting
from ctg_portal.forms.revisions import Rewritten
from ctg_portal.rules import Refused
from tests import factories as f
from tests.agreements.factories import agreed_since, committee_of
from tests.committee.meetings.scene import convened, in_days, moved_to, prepared, row_of
from tests.committee.pages import after, count_queries, page_of
from tests.committee.pages import committee_url as url
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def meeting(committee):
    """A meeting of yesterday."""
    return moved_to(convened(committee), -1)


@pytest.fixture
def get(client, committee):
    def get(address, user=None, status=200):
        client.force_login(user or committee.coordinator)
        return page_of(client.get(url(committee, address)), status).replace("\u00a0", " ")

    return get


@pytest.fixture
def post(client, committee):
    def post(address, user=None, **data):
        client.force_login(user or committee.coordinator)
        return client.post(url(committee, address), data)

    return post


def refused(act, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return caught.value.refusal.reason


class TestPresence:
    def test_people_are_ticked_by_name(self, committee, meeting, client, get, post):
        page = f"reunions/{meeting.pk}/presences/"
        caf = row_of(meeting, committee.caf_member)
        assert caf.name in get(page)
        response = post(page, avant="", present=[caf.pk])
        assert "Une personne est là" in after(client, response)
        text = get(f"reunions/{meeting.pk}/")
        assert f"{caf.name} , Directrice présent" in text

    def test_two_people_who_tick_at_once_undo_nothing_of_each_other(self, committee, meeting):
        caf = row_of(meeting, committee.caf_member).pk
        epci = row_of(meeting, committee.epci_member).pk
        events.tick_present(meeting, shown=[], present=[caf], by=committee.coordinator)
        assert events.tick_present(meeting, shown=[], present=[epci], by=committee.coordinator) == 2

    def test_nobody_is_ticked_before_the_day(self, committee):
        meeting = convened(committee)
        reason = refused(
            events.tick_present, meeting, shown=[], present=[], by=committee.coordinator
        )
        assert "le jour de la réunion" in reason

    def test_who_came_without_being_convened_is_added_as_present(self, committee, meeting, post):
        events.hold(meeting, by=committee.coordinator)
        post(f"reunions/{meeting.pk}/invites/nouveau/", name="Awa Diop")
        assert row_of(meeting, "Awa Diop").is_present

    def test_a_key_of_another_meeting_is_not_ticked(self, committee, meeting):
        other = row_of(moved_to(convened(committee, 40), -5), committee.caf_member)
        events.tick_present(meeting, shown=[], present=[other.pk], by=committee.coordinator)
        other.refresh_from_db()
        assert other.is_present is None


class TestDeciding:
    def test_decisions_are_numbered_by_year(self, committee, meeting):
        marks = [decide(meeting, text=text, by=committee.coordinator).mark for text in ("A", "B")]
        year = in_days(-1).year
        assert marks == [f"{year}-01", f"{year}-02"]
        Meeting.objects.filter(pk=meeting.pk).update(day=datetime.date(2023, 5, 4))
        assert decide(meeting, text="C", by=committee.coordinator).mark == "2023-01"

    def test_the_same_form_sent_twice_is_one_decision(self, committee, meeting):
        for _ in range(2):
            decide(meeting, text="A", by=committee.coordinator)
        assert Decision.objects.count() == 1

    def test_a_decision_without_text_is_refused_on_the_form(self, meeting, post):
        response = post(f"reunions/{meeting.pk}/decider/", text="  ", due_on=in_days(9).isoformat())
        assert "À corriger" in page_of(response)
        assert not Decision.objects.exists()

    def test_nothing_is_decided_before_the_meeting(self, committee):
        for meeting in (convened(committee), prepared(committee, None)):
            assert "pas encore eu lieu" in refused(
                decide, meeting, text="A", by=committee.coordinator
            )

    def test_nothing_is_decided_in_a_cancelled_meeting(self, committee, meeting):
        events.cancel_meeting(meeting, reason="Grève.", by=committee.coordinator)
        assert "annulée" in refused(decide, meeting, text="A", by=committee.coordinator)

    def test_a_member_takes_no_decision(self, committee, meeting):
        refused(decide, meeting, text="A", by=committee.caf_member)

    def test_who_corrects_second_is_refused_and_the_text_before_stays(self, committee, meeting):
        decision = decide(meeting, text="Avant", by=committee.coordinator)
        values = {"owner": None, "due_on": None, "by": committee.coordinator}
        correct(decision, text="Après", **values, revision=decision.revision)
        with pytest.raises(Refused) as caught:
            correct(decision, text="Autre", **values, revision=decision.revision)
        assert isinstance(caught.value.refusal, Rewritten)
        assert "Avant" in decision.transitions.get(verb="corrected").reason


class TestFollowingUp:
    def test_late_decisions_open_the_next_agenda(self, committee, meeting):
        late = decide(meeting, text="A", due_on=in_days(-1), by=committee.coordinator)
        decide(meeting, text="B", follows=True, by=committee.coordinator)
        decide(meeting, text="Information", by=committee.coordinator)
        following = prepared(committee)
        [offered] = [row for row in offered_items(following, in_days(0)) if row.key == "decisions"]
        note = offered.note.replace("\u00a0", " ")
        assert note == f"Deux décisions sont à suivre. En retard : {late.mark}."
        agenda.add_standing_items(following, [offered], by=committee.coordinator)
        titles = [row.item.title for row in planned_items(following)]
        assert titles == ["Suites des décisions", "Ouverture"]

    def test_who_acts_for_the_organisation_in_charge_says_what_became_of_it(
        self, committee, meeting
    ):
        decision = decide(meeting, text="A", owner=committee.caf, by=committee.coordinator)
        refused(report, decision, text="Fait.", is_done=True, by=committee.epci_member)
        done = report(decision, text="Fait.", is_done=True, by=committee.caf_member)
        assert done.state == DecisionState.DONE
        last = done.transitions.last()
        assert (last.reason, last.capacity) == ("Fait.", "pour la Caf d’Exemple")
        reopen(done, reason="Pas tout à fait.", by=committee.coordinator)
        decision.refresh_from_db()
        assert decision.is_to_follow

    def test_a_reader_of_the_organisation_says_nothing(self, committee, meeting, get):
        decision = decide(meeting, text="A", owner=committee.caf, by=committee.coordinator)
        reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
        get(f"decisions/{decision.pk}/suite/", reader, 403)

    def test_a_dropped_decision_takes_no_report(self, committee, meeting, get):
        decision = decide(meeting, text="A", follows=True, by=committee.coordinator)
        drop(decision, reason="Sans objet.", by=committee.coordinator)
        assert "n’attend plus de suite" in refused(
            report, decision, text="x", is_done=False, by=committee.coordinator
        )
        assert "n’attend plus de suite" in get(f"decisions/{decision.pk}/suite/")

    def test_a_report_without_words_is_refused_on_the_form(self, committee, meeting, post):
        decision = decide(meeting, text="A", follows=True, by=committee.coordinator)
        assert "Dites ce qui a été fait" in page_of(
            post(f"decisions/{decision.pk}/suite/", text="")
        )


class TestTheListOfDecisions:
    def test_points_and_decisions_are_listed_by_meeting(self, committee, meeting, get):
        events.hold(meeting, by=committee.coordinator)
        decide(meeting, text="Ouvrir un relais", by=committee.coordinator)
        version = committee.in_force("Ouvrir deux espaces")
        moment = timezone.make_aware(datetime.datetime.combine(in_days(-1), datetime.time(15)))
        type(version).objects.filter(pk=version.pk).update(in_force_at=moment)
        committee.in_force("Accepté par écrit")
        text = get("decisions/", committee.caf_member)
        assert text.index("Ouvrir deux espaces") < text.index("Par écrit")
        assert text.index("Par écrit") < text.index("Accepté par écrit")
        assert "Ouvrir un relais" in text
        assert f"Caf d’Exemple : D’accord, {committee.caf_member}" in text

    def test_a_year_is_chosen_by_a_link(self, committee, meeting):
        decide(meeting, text="A", by=committee.coordinator)
        Decision.objects.update(year=2022)
        agreed_since(committee.in_force("B"), datetime.date(2024, 3, 1))
        today = timezone.localdate()
        decided = read_decided(committee.convention, "", today)
        assert decided.years[0] == decided.year
        assert read_decided(committee.convention, "2022", today).decisions
        assert read_decided(committee.convention, "x'", today).year == decided.year

    def test_an_empty_list_says_so(self, get):
        assert "Rien n’est encore décidé" in get("decisions/")

    def test_the_page_asks_as_many_queries_for_200_decisions_as_for_5(self, committee, meeting,
                                                                       client):  # fmt: skip
        events.hold(meeting, by=committee.coordinator)
        for number in range(5):
            decide(meeting, text=str(number), due_on=in_days(-1), by=committee.coordinator)
        client.force_login(committee.caf_member)
        few = count_queries(client.get, url(committee, "decisions/"))
        Decision.objects.bulk_create(
            Decision(
                convention=committee.convention, meeting=meeting, year=in_days(-1).year,
                number=n, text="x", state="to_follow", due_on=in_days(-1),
            )
            for n in range(6, 201)
        )  # fmt: skip
        assert count_queries(client.get, url(committee, "decisions/")) == few <= 15
