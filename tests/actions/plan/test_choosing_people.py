"""Leads and partners are chosen among organisations and people without account."""

import pytest

from agreements.models import Version
from conventions.directory import events
from tests.actions.factories import draft_action
from tests.actions.pages import field_errors, reading, sending  # noqa: F401  (fixtures)
from tests.agreements.factories import committee_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once(name="centre")
def a_centre(committee):
    values = {"name": "Centre social des Minimes", "acronym": "Minimes", "kind": "association",
              "town": "Thuré", "contact_email": ""}  # fmt: skip
    row = events.add_organisation(committee.convention, values, by=committee.coordinator)
    person = {"name": "Awa Diop", "capacity": "Directrice", "email": "awa@minimes.example"}
    row.extra = events.add_contact(row, person, by=committee.coordinator)
    return row


def test_somebody_without_account_leads_by_name(committee, centre, send):
    draft = draft_action(committee, leads=[])
    page = f"{draft.object_id}/modifier/acteurs/"
    send(page, **{"leads-0-user": f"c{centre.extra.pk}", "partners": [centre.pk]})
    content = Version.objects.get(pk=draft.pk).content
    [lead] = content["leads"]
    assert (lead["organisation"]["id"], lead["user"]) == (centre.pk, None)
    assert (lead["name"], lead["capacity"]) == ("Awa Diop", "Directrice")
    assert [link["id"] for link in content["partners"]] == [centre.pk]
    assert "awa@minimes.example" not in Version.objects.get(pk=draft.pk).text


def test_a_contact_leads_for_their_own_organisation_alone(committee, centre, send):
    draft = draft_action(committee, leads=[])
    page = f"{draft.object_id}/modifier/acteurs/"
    send(page, **{"leads-0-user": f"c{centre.extra.pk}", "leads-0-organisation": committee.caf.pk})
    assert "est dans la liste de Minimes" in field_errors(send.response, "leads-0-organisation")


def test_nobody_of_another_convention_is_chosen(committee, centre, send):
    other = committee_of()
    person = {"name": "Ailleurs", "capacity": "", "email": ""}
    contact = events.add_contact(other.caf, person, by=other.coordinator)
    draft = draft_action(committee, leads=[])
    page = f"{draft.object_id}/modifier/acteurs/"
    text = send(page, **{"leads-0-user": f"c{contact.pk}"})
    assert "Ce choix n’est plus possible" in text
    assert "Ailleurs" not in text
