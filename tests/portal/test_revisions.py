"""An older window writes over nothing newer; ``tests/portal/test_two_at_once`` has every form."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from lxml import html

from conventions.directory import events as directory
from ctg_portal.forms.revisions import NO_REVISION, RevisionField, Rewritten
from ctg_portal.rules import Refused
from tests.agreements.factories import committee_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sent", [None, "", "x", "-1", "1.5", "٣", "9" * 19, "a\0"])
def test_an_invalid_revision_is_that_of_no_row(sent):
    assert RevisionField().clean(sent) == NO_REVISION


def test_a_field_that_is_added_needs_no_list():
    """An older window does not overwrite any field of an organisation in silence."""
    committee = committee_of()
    convention, by = committee.convention, committee.coordinator
    values = {"name": "Centre des Minimes", "acronym": "", "kind": "association", "town": "",
              "contact_email": ""}  # fmt: skip
    row = directory.add_organisation(convention, values, by=by)
    read = row.revision
    row.source_mention = "Enquête"  # a field of which no form nor event of the list knows
    row.save()
    with pytest.raises(Refused) as refused:
        directory.correct_organisation(row, values | {"town": "Thuré"}, revision=read, by=by)
    assert isinstance(refused.value.refusal, Rewritten)


def test_a_form_kept_after_the_session_shows_both_texts(client):
    committee = committee_of()
    values = {"name": "Awa Diop", "capacity": "Directrice", "email": ""}
    row = directory.add_contact(committee.caf, values, by=committee.coordinator)
    address = reverse("conventions:correct_contact", args=[committee.convention.slug, row.pk])
    client.force_login(committee.coordinator)
    page = html.fromstring(client.get(address).text)
    [form] = [one for one in page.forms if "capacity" in one.fields]
    sent = dict(form.form_values()) | {"capacity": "Directrice par intérim"}
    directory.correct_contact(
        row, {"capacity": "Directrice générale"}, revision=row.revision, by=committee.coordinator
    )
    Session.objects.all().delete()
    client.post(address, sent)
    client.force_login(committee.coordinator)
    typed_page = html.fromstring(client.get(reverse("typed")).text)
    [again] = [one for one in typed_page.forms if "capacity" in one.fields]
    read = client.post(address, dict(again.form_values())).text
    assert "générale" in read
    assert 'value="Directrice par intérim"' in read
