"""From the link of a message to the very page, for who logs in by an e-mailed code."""

import re
from urllib.parse import parse_qs, urlsplit

import html5lib
import pytest
from django.core import mail

from committee.dossiers import events as dossiers
from tests.accounts.conftest import code_in_mail
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.mail.mailing import NOON, TERM, after, at, html_of, links_in, told
from tests.factories import PASSWORD
from tests.stories import told_once

pytestmark = pytest.mark.django_db
XHTML = "{http://www.w3.org/1999/xhtml}"


@told_once
def committee():
    return committee_of(**TERM)


def link_to_two_points(committee) -> str:
    """The address in the message to the Caf's member, as a path."""
    with at(NOON):
        versions = [committee.proposed("Un"), committee.proposed("Deux")]
        dossiers.send_dossier(committee.convention, versions, title="A", by=committee.coordinator)
    [message] = told(after(minutes=6), committee.caf_member.email)
    # Before what is to be read, and after.
    button, again = re.findall(r'class="button" href="([^"]+)"', html_of(message))
    assert button == again == links_in(message)[0]
    return button.removeprefix("https://ctg.example")


def submit(client, response, **typed):
    """Fill in the form of a page that has these fields, with all that the page put into it."""
    tree = html5lib.parse(response.content.decode())
    for form in tree.iter(f"{XHTML}form"):
        fields = {
            field.get("name"): field.get("value") or ""
            for field in form.iter(f"{XHTML}input")
            if field.get("name")
        }
        if set(typed) <= set(fields):
            here = response.request["PATH_INFO"]
            return client.post(form.get("action") or here, fields | typed, follow=True)
    raise AssertionError(f"no form asks for {sorted(typed)}")


def code_form(client, page, email):
    """The form for a code is beside the one for a password: it asks for the address alone."""
    tree = html5lib.parse(page.content.decode())
    [action] = [
        form.get("action")
        for form in tree.iter(f"{XHTML}form")
        if "code" in (form.get("action") or "")
    ]
    return client.post(action, {"email": email}, follow=True)


def test_the_code_leads_to_the_very_page(client, committee):
    path = link_to_two_points(committee)
    email = committee.caf_member.email
    log_in = client.get(path, follow=True)
    assert parse_qs(urlsplit(log_in.redirect_chain[-1][0]).query) == {"next": [path]}
    confirm = code_form(client, log_in, email)
    assert mail.outbox[-1].to == [email]
    arrived = submit(client, confirm, code=code_in_mail())
    assert arrived.redirect_chain[-1][0] == path
    assert arrived.status_code == 200


def test_a_wrong_code_in_between_does_not_lose_the_page(client, committee):
    path = link_to_two_points(committee)
    confirm = code_form(client, client.get(path, follow=True), committee.caf_member.email)
    code = code_in_mail()
    again = submit(client, confirm, code="BBBB-BBBB")
    assert "Ce n’est pas le bon code" in again.content.decode()
    assert submit(client, again, code=code).redirect_chain[-1][0] == path


def test_another_code_asked_for_does_not_lose_the_page(client, committee):
    path = link_to_two_points(committee)
    confirm = code_form(client, client.get(path, follow=True), committee.caf_member.email)
    sent = len(mail.outbox)
    again = submit(client, confirm, action="resend")
    assert len(mail.outbox) == sent + 1
    assert submit(client, again, code=code_in_mail()).redirect_chain[-1][0] == path


def test_the_password_leads_there_too_with_the_party_asked_for(client, committee):
    SeatFactory(organisation=committee.epci, user=committee.caf_member)
    with at(NOON):
        committee.agree(committee.proposed("Un"), committee.epci_member)
        committee.agree(committee.proposed("Deux"), committee.epci_member)
    [message] = told(after(minutes=6), committee.caf_member.email)
    path = links_in(message)[0].removeprefix("https://ctg.example")
    assert path.endswith(f"/comite/?pour={committee.caf.pk}")
    log_in = client.get(path, follow=True)
    arrived = submit(client, log_in, login=committee.caf_member.email, password=PASSWORD)
    assert arrived.redirect_chain[-1][0] == path
    assert arrived.status_code == 200


def test_who_is_logged_in_comes_there_at_once(client, committee):
    path = link_to_two_points(committee)
    client.force_login(committee.caf_member)
    assert client.get(path).status_code == 200
