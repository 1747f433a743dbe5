"""The page of a session as the coordination projects it and members hold it."""

import pytest
from django.utils.html import escape

from agreements.answers.lights import point_of
from agreements.models import Agreement
from committee.meetings.session.events import take_decision, write_item
from committee.meetings.session.reading import format_numbers
from committee.models import Decision, Meeting
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.meetings.scene import (
    convened,
    in_days,
    row_of,
    session_about,
)
from tests.committee.pages import after, count_queries, page_of, value_of
from tests.committee.pages import committee_url as url
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def versions(committee):
    return [committee.proposed(f"Ouvrir le lieu {n}") for n in range(3)]


@told_once
def meeting(committee, versions):
    return session_about(committee, versions)


@pytest.fixture
def session(meeting):
    return f"reunions/{meeting.pk}/seance/"


@pytest.fixture
def places(meeting):
    """The item about three points."""
    return meeting.items.get(title="Les lieux")


@pytest.fixture
def get(client, committee):
    def get(address, user=None, status=200):
        client.force_login(user or committee.coordinator)
        return page_of(client.get(url(committee, address)), status).replace("\u00a0", " ")

    return get


@pytest.fixture
def opened(client, committee):
    """The response of a page for the coordination."""

    def opened(address):
        client.force_login(committee.coordinator)
        return client.get(url(committee, address))

    return opened


@pytest.fixture
def post(client, committee):
    def post(address, user=None, headers=None, **data):
        client.force_login(user or committee.coordinator)
        return client.post(url(committee, address), data, headers=headers)

    return post


def light(version, organisation) -> str:
    return {light.organisation: light for light in point_of(version).lights}[organisation].state


def typed(item, **changes) -> dict:
    return {
        "point": item.pk, "revision": item.revision, "wording": item.wording, "notes": item.notes,
    } | changes  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "text"),
    [([1, 2, 3, 5, 6], "1 à 3, 5 et 6"), ([7], "7"), ([2, 1], "1 et 2"), ([1, 2, 3], "1 à 3")],
)
def test_numbers_are_enumerated_as_people_say_them(numbers, text):
    assert format_numbers(numbers) == text


class TestWriting:
    def test_a_session_begins_with_the_first_item_that_is_open(self, get, post, session, meeting):
        assert "Point 1 de l’ordre du jour sur 2" in get(session)
        post(session, acte="traiter", **typed(meeting.items.first()))
        assert "Point 2 de l’ordre du jour sur 2" in get(session)

    def test_a_session_shows_what_changes_where_parties_stand_and_who_is_there(
        self, get, session, places
    ):
        text = get(f"{session}?point={places.pk}")
        assert "Nouvel objectif." in text
        assert "2 présents" in text
        assert "Ouvrir le lieu 2" in text

    def test_a_decision_is_written_then_taken(self, client, post, session, places):
        response = post(session, acte="acter", **typed(places, wording="Le comité ouvre."))
        decision = Decision.objects.get()
        assert f"C’est la décision {decision.mark}." in after(client, response)
        assert decision.item == places

    def test_what_is_typed_is_saved_by_each_button(self, post, session, places):
        post(session, acte="reporter", **typed(places, notes="Trop tard."))
        places.refresh_from_db()
        assert (places.notes, places.outcome) == ("Trop tard.", "deferred")

    def test_a_text_that_is_being_typed_is_saved_and_the_form_carries_its_revision(
        self, post, session, places
    ):
        response = post(session, headers={"HX-Request": "true"}, **typed(places, wording="Oui"))
        places.refresh_from_db()
        text = response.content.decode()
        assert places.wording == "Oui"
        assert "Enregistré à" in text
        assert f'name="revision" value="{places.revision}"' in text

    def test_who_types_second_is_told_at_once_and_sees_both_texts_on_saving(
        self, committee, post, session, meeting, places
    ):
        mine = typed(places, wording="Le mien")
        write_item(meeting, places, notes="", wording="L’autre", by=committee.coordinator)
        response = post(session, headers={"HX-Request": "true"}, **mine)
        assert 'class="conflict"' in response.content.decode()
        response = post(session, **mine)
        assert "Ce que vous venez d’écrire en diffère ainsi" in page_of(response)
        revision = value_of(response, "revision")
        post(session, **mine | {"revision": revision})
        places.refresh_from_db()
        assert places.wording == "Le mien"

    def test_a_text_too_long_is_refused_with_a_message_and_kept(self, post, session, places):
        text = page_of(post(session, **typed(places, wording="a" * 5001)))
        assert "5000 au plus" in text.replace("\u00a0", " ")
        assert "a" * 5001 in text

    def test_a_member_reads_the_session_and_writes_nothing(
        self, committee, get, post, session, meeting, places
    ):
        write_item(meeting, places, notes="", wording="Projet lu", by=committee.coordinator)
        text = get(f"{session}?point={places.pk}", committee.caf_member)
        assert "Projet lu" in text
        assert "Acter la décision" not in text
        assert post(session, committee.caf_member, **typed(places)).status_code == 403

    def test_presences_are_ticked_beside_the_agenda_and_lead_back_to_it(
        self, committee, post, session, meeting
    ):
        row = row_of(meeting, committee.caf_member)
        response = post(
            f"reunions/{meeting.pk}/presences/", avant=str(row.pk), present="", seance="oui"
        )
        assert response.url.endswith("/seance/")
        row.refresh_from_db()
        assert row.is_present is False

    def test_there_is_no_session_before_the_day(self, committee, get):
        meeting = convened(committee)
        assert "La séance s’ouvre le jour de la réunion" in get(f"reunions/{meeting.pk}/seance/")

    def test_a_text_is_amended_in_session_and_shown_there(
        self, committee, get, opened, post, session, meeting, versions, places
    ):
        html = opened(f"{session}?point={places.pk}").content.decode()
        address = f"objectifs/{versions[0].object_id}/modifier/?seance={meeting.pk}"
        address += f"&point={places.pk}"
        assert escape(address) in html
        form = opened(address)
        response = post(
            address, title="Ouvrir le lieu, autrement", note="", action="proposer",
            base=value_of(form, "base"), revision=value_of(form, "revision"),
            measure="Nombre", due_on=committee.convention.end.isoformat(),
        )  # fmt: skip
        assert response.url.endswith(f"{session}?point={places.pk}")
        text = get(f"{session}?point={places.pk}")
        assert "Ouvrir le lieu, autrement" in text
        assert "version 2" in text


class TestVoices:
    @pytest.fixture
    def form(self, committee, meeting, opened, session):
        """The form of the list of the Caf as it is shown, its member speaking."""
        shown = opened(f"{session}accord/{committee.caf.pk}/")
        speaker = row_of(meeting, committee.caf_member)
        return {"attendee": speaker.pk, "last_ranks": value_of(shown, "last_ranks")}

    def test_a_party_agrees_to_all_points_but_one_in_one_list(
        self, committee, client, post, session, versions, places, form
    ):
        keys = [versions[0].pk, versions[2].pk]
        response = post(
            f"{session}accord/{committee.caf.pk}/?point={places.pk}", points=keys, **form
        )
        text = after(client, response).replace("\u00a0", " ")
        assert "est d’accord sur les points 1 et 3" in text
        assert "recueilli, à confirmer" in text
        assert [light(version, committee.caf) for version in versions] == ["awaited"] * 3

    def test_a_present_member_confirms_for_their_party_from_their_own_account(
        self, committee, client, get, post, session, versions, form
    ):
        post(f"{session}accord/{committee.caf.pk}/", points=[v.pk for v in versions], **form)
        confirm = f"{session}confirmer/{committee.caf.pk}/"
        assert "Je confirme pour la Caf" in get(session, committee.caf_member)
        text = get(confirm, committee.caf_member)
        assert "Ouvrir le lieu 1" in text
        entries = [entry.pk for entry in Agreement.objects.pending()]
        response = post(confirm, committee.caf_member, reponse=entries)
        assert "C’est confirmé pour la Caf" in after(client, response)
        assert [light(version, committee.caf) for version in versions] == ["ok"] * 3

    def test_nobody_of_another_party_confirms(self, committee, get, post, session, versions, form):
        post(f"{session}accord/{committee.caf.pk}/", points=[versions[0].pk], **form)
        confirm = f"{session}confirmer/{committee.caf.pk}/"
        assert "Seule une personne qui engage" in get(confirm, committee.epci_member)
        entries = [entry.pk for entry in Agreement.objects.pending()]
        assert post(confirm, committee.epci_member, reponse=entries).status_code == 403
        assert post(confirm, committee.coordinator, reponse=entries).status_code == 403

    def test_a_list_that_is_not_the_party_s_answer_is_denied(
        self, committee, get, post, session, versions, form
    ):
        post(f"{session}accord/{committee.caf.pk}/", points=[versions[0].pk], **form)
        confirm = f"{session}confirmer/{committee.caf.pk}/"
        entries = [entry.pk for entry in Agreement.objects.pending()]
        post(confirm, committee.caf_member, reponse=entries, dementir="oui")
        assert "Rien n’est à confirmer" in get(confirm, committee.caf_member)

    def test_a_point_amended_since_the_list_was_shown_is_named_and_nothing_is_recorded(
        self, committee, post, session, versions, form
    ):
        committee.edited(versions[1], title="Ouvrir autrement")
        keys = [version.pk for version in versions]
        text = page_of(post(f"{session}accord/{committee.caf.pk}/", points=keys, **form))
        assert "n’est plus celle qui est proposée" in text
        assert "Ouvrir autrement" in text
        assert not Agreement.objects.pending().exists()

    def test_a_list_without_a_point_is_refused(self, committee, post, session, form):
        text = page_of(post(f"{session}accord/{committee.caf.pk}/", **form))
        assert "Choisissez au moins un point." in text

    def test_nobody_who_is_absent_or_advises_is_offered_as_speaker(
        self, committee, get, session, meeting
    ):
        advisory = SeatFactory(organisation=committee.caf, advisory=True, name="Denis Consultatif")
        meeting.attendees.create(
            seat=advisory, organisation=committee.caf, name=advisory.name, is_present=True
        )
        assert "Denis Consultatif" not in get(f"{session}accord/{committee.caf.pk}/")
        meeting.attendees.filter(user=committee.caf_member).update(is_present=False)
        text = get(f"{session}accord/{committee.caf.pk}/")
        assert "cochez d’abord sa présence" in text


def test_a_session_asks_as_many_queries_for_200_meetings_as_for_5(
    committee, client, session, meeting, places
):
    client.force_login(committee.coordinator)
    address = f"{url(committee, session)}?point={places.pk}"
    few = count_queries(client.get, address)
    Meeting.objects.bulk_create(
        Meeting(convention=committee.convention, body=meeting.body, day=in_days(100 + n))
        for n in range(195)
    )
    assert count_queries(client.get, address) == few <= 25


def test_a_decision_taken_in_session_is_read_there(committee, get, session, meeting, places):
    take_decision(meeting, places, notes="", wording="On ouvre.", by=committee.coordinator)
    assert "On ouvre." in get(f"{session}?point={places.pk}", committee.caf_member)
