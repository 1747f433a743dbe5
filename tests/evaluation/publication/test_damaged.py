"""A published file is handed out whole or not at all, and its pages say when it was verified."""

import datetime
import re
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from documents.damaged_files import check_files
from evaluation.editions.models import Printing
from evaluation.opening.events import propose_opening
from notifications.models import Notice
from notifications.sending import send_due_mail
from tests.accounts.reading import read, title
from tests.committee.mail.mailing import at
from tests.evaluation.publication.scene import YEAR, written_year
from tests.factories import MembershipFactory, UserFactory
from tests.stories import told_once


@told_once
def committee(db):
    committee = written_year()
    committee.reader = MembershipFactory(organisation=committee.epci, reader=True).user
    return committee


@pytest.fixture
def printing(published_edition) -> Printing:
    return published_edition.printings.get(is_final=True, rendition="whole")


@pytest.fixture
def path(printing) -> Path:
    return Path(printing.file.path)


@pytest.fixture
def public_page(committee, published_edition) -> str:
    committee.agree(propose_opening(committee.convention, is_open=True, by=committee.coordinator))
    return reverse("evaluation:public_year", args=[committee.convention.slug, YEAR])


def publication_of(committee) -> str:
    return reverse("evaluation:publication", args=[committee.convention.slug, YEAR])


def sent() -> list:
    """Return what is sent of the news of the last hour."""
    mail.outbox.clear()
    with at(timezone.now() + datetime.timedelta(hours=1)):
        send_due_mail()
    return mail.outbox


def append_a_byte(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


@pytest.mark.parametrize("damage", [append_a_byte, Path.unlink])
def test_a_damaged_document_is_refused_on_a_page_that_says_so(
    client, committee, printing, path, public_page, damage
):
    damage(path)
    slug = committee.convention.slug
    client.force_login(committee.reader)
    for address in (
        reverse("evaluation:edition_file", args=[slug, YEAR, printing.pk]),
        reverse("evaluation:public_file", args=[slug, YEAR, 1, "pdf"]),
    ):
        response = client.get(address)
        assert "il n’est pas remis" in read(response, status=503)
        assert title(response) == "Ce fichier n’est pas remis"
        assert "no-store" in response["Cache-Control"]
        client.logout()


def test_pages_show_when_a_published_file_was_verified(client, committee, path, public_page):
    client.force_login(committee.reader)
    addresses = [publication_of(committee), public_page]

    def days() -> list[list[str]]:
        pages = [client.get(address).content.decode() for address in addresses]
        return [re.findall("vérifié le [^<),]*", page.replace("\xa0", " ")) for page in pages]

    assert days() == [[], []]
    check_files()
    first, second = days()
    assert len(first) == len(second) == 1
    append_a_byte(path)
    check_files()
    assert days() == [[], []]


def test_the_check_is_shown_without_a_query(
    client, committee, public_page, django_assert_num_queries
):
    client.force_login(committee.reader)
    for page in (publication_of(committee), public_page):
        client.get(page)
        with CaptureQueriesContext(connection) as before:
            client.get(page)
        check_files()
        with django_assert_num_queries(len(before)):
            assert "vérifié le" in client.get(page).content.decode()
        Printing.objects.update(verified_at=None)


def test_coordination_and_host_are_notified_once_of_a_damaged_document(committee, path):
    host = UserFactory(is_superuser=True, is_staff=True, email="hebergeur@ctg.example")
    append_a_byte(path)
    check_files()
    check_files()
    [message] = [one for one in mail.outbox if one.to == [host.email]]
    assert message.subject.replace("\xa0", " ") == "1 fichier du portail est abîmé"
    assert str(path).endswith(re.search(r"publications/\S+", message.body)[0])
    assert "altéré" in message.body
    notice = Notice.objects.get(kind="file_damaged")
    messages = [one for one in sent() if one.to == [committee.coordinator.email]]
    [message] = [one for one in messages if "altéré" in one.subject]
    assert "évaluation 2023, version 1" in message.body
    assert publication_of(committee) in message.body
    assert not Notice.objects.filter(pk=notice.pk, user=None).exists()


def test_a_document_that_is_whole_again_is_no_news(committee, path):
    content = path.read_bytes()
    append_a_byte(path)
    check_files()
    path.write_bytes(content)
    check_files()
    assert not [message for message in sent() if "altéré" in message.subject]
