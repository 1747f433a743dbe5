"""From the link of a message to the very page, for who logs in by an e-mailed code."""

import datetime
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import html5lib
import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from committee.dossiers import events as dossiers
from tests.accounts.conftest import code_in_mail
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.mail.mailing import at, html_of, links_in, mail_sent_at
from tests.factories import PASSWORD
from tests.stories import told_once

pytestmark = pytest.mark.django_db
XHTML = "{http://www.w3.org/1999/xhtml}"


@told_once
def committee():
    return committee_of()


def link_to_two_points(committee) -> tuple[str, str]:
    """The address in the message to the Caf's member, as a path; the page where one answers."""
    versions = [committee.proposed("Un"), committee.proposed("Deux")]
    dossier = dossiers.send_dossier(
        committee.convention, versions, title="A", by=committee.coordinator
    )
    soon = timezone.now() + datetime.timedelta(minutes=6)
    [message] = mail_sent_at(soon, committee.caf_member.email)
    [button] = re.findall(r'class="button" href="([^"]+)"', html_of(message))
    assert button == links_in(message)[0]
    page = reverse("committee:dossier", args=[committee.convention.slug, dossier.pk])
    return button.removeprefix("https://ctg.example"), page


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


def asked_for_a_code(client, path):
    """The page where the code of a mail is typed, once the button of the link was pressed."""
    return client.post(path, {"geste": "code"}, follow=True)


def test_the_code_leads_to_the_very_page(client, committee):
    path, page = link_to_two_points(committee)
    with at(timezone.now() + datetime.timedelta(minutes=7)):
        shown = client.get(path)
        assert "Deux" in shown.content.decode()
        confirm = asked_for_a_code(client, path)
        assert parse_qs(urlsplit(confirm.redirect_chain[-1][0]).query) == {"next": [page]}
        assert mail.outbox[-1].to == [committee.caf_member.email]
        arrived = submit(client, confirm, code=code_in_mail())
    assert arrived.redirect_chain[-1][0] == page
    assert arrived.status_code == 200


def test_a_wrong_code_in_between_does_not_lose_the_page(client, committee):
    path, page = link_to_two_points(committee)
    with at(timezone.now() + datetime.timedelta(minutes=7)):
        confirm = asked_for_a_code(client, path)
        code = code_in_mail()
        again = submit(client, confirm, code="BBBB-BBBB")
        assert "Ce n’est pas le bon code" in again.content.decode()
        assert submit(client, again, code=code).redirect_chain[-1][0] == page


def test_another_code_asked_for_does_not_lose_the_page(client, committee):
    path, page = link_to_two_points(committee)
    with at(timezone.now() + datetime.timedelta(minutes=7)):
        confirm = asked_for_a_code(client, path)
        sent = len(mail.outbox)
        again = submit(client, confirm, action="resend")
        assert len(mail.outbox) == sent + 1
        assert submit(client, again, code=code_in_mail()).redirect_chain[-1][0] == page


def test_the_password_leads_to_the_very_page_of_the_party_asked_for(client, committee):
    SeatFactory(organisation=committee.epci, user=committee.caf_member)
    committee.agree(committee.proposed("Un"), committee.epci_member)
    committee.agree(committee.proposed("Deux"), committee.epci_member)
    [message] = mail_sent_at(
        timezone.now() + datetime.timedelta(minutes=6), committee.caf_member.email
    )
    path = links_in(message)[0].removeprefix("https://ctg.example")
    with at(timezone.now() + datetime.timedelta(minutes=7)):
        html = client.get(path).content.decode()
        log_in, _below = re.findall(r'href="([^"]+)">Avec mon mot de passe', html)
        page = client.get(unescape(log_in))
        arrived = submit(client, page, login=committee.caf_member.email, password=PASSWORD)
    assert arrived.redirect_chain[-1][0].endswith(f"/comite/?pour={committee.caf.pk}")
    assert arrived.status_code == 200


def test_a_logged_in_person_comes_to_the_very_page_at_once(client, committee):
    path, page = link_to_two_points(committee)
    client.force_login(committee.caf_member)
    with at(timezone.now() + datetime.timedelta(minutes=7)):
        arrived = client.get(path, follow=True)
    assert arrived.redirect_chain == [(page, 302)]
    assert arrived.status_code == 200
