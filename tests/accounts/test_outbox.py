"""The outbox: queued with its event, delivered by the task, retried, never lost."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import transaction
from django.utils import timezone
from post_office.models import STATUS, Email

from ctg_portal.clock.jobs import send_mail as clock_sends_mail
from ctg_portal.mail import deliver_queued_mail
from tests import factories as f
from tests.accounts.conftest import MEMORY, use_transport

# Delivery closes the connection when it is done: not within a test's transaction.
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("outbox"),
    pytest.mark.postgresql,
]


class DeadServer:
    """A mail server that answers nothing."""

    def __init__(self, *args, **kwargs):
        pass

    def open(self):
        raise ConnectionRefusedError

    def send_messages(self, messages):
        raise ConnectionRefusedError

    def close(self):
        pass


def write(subject="Bonjour", body="Un message."):
    return send_mail(subject, body, None, ["camille@caf.example"])


def test_message_is_queued_then_delivered_by_the_task():
    with transaction.atomic():
        write()
        assert Email.objects.get().status == STATUS.queued
        assert mail.outbox == []
    assert [message.subject for message in mail.outbox] == ["Bonjour"]
    assert Email.objects.get().status == STATUS.sent


def test_nothing_is_queued_when_its_event_fails():
    def event():
        with transaction.atomic():
            write()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        event()
    assert not Email.objects.exists()
    assert mail.outbox == []


@pytest.mark.usefixtures("no_worker")
def test_clock_sends_what_the_worker_did_not():
    write()
    assert mail.outbox == []
    clock_sends_mail()
    assert len(mail.outbox) == 1
    clock_sends_mail()
    assert len(mail.outbox) == 1


def test_dead_server_loses_nothing_and_is_tried_again(settings):
    use_transport(settings, f"{__name__}.DeadServer")
    write()
    message = Email.objects.get()
    assert message.status == STATUS.requeued
    assert message.number_of_retries == 1
    assert message.scheduled_time > timezone.now()

    use_transport(settings, MEMORY)
    clock_sends_mail()
    assert mail.outbox == []
    Email.objects.update(scheduled_time=timezone.now() - timedelta(seconds=1))
    clock_sends_mail()
    assert Email.objects.get().status == STATUS.sent
    assert len(mail.outbox) == 1


def test_server_dead_for_too_long_leaves_the_message_in_the_outbox(settings):
    use_transport(settings, f"{__name__}.DeadServer")
    write()
    Email.objects.update(
        number_of_retries=settings.POST_OFFICE["MAX_RETRIES"],
        scheduled_time=timezone.now() - timedelta(seconds=1),
    )
    deliver_queued_mail.call()
    assert Email.objects.get().status == STATUS.failed


def test_both_versions_of_a_message_are_delivered():
    message = EmailMultiAlternatives("Bonjour", "Le texte.", None, ["camille@caf.example"])
    message.attach_alternative("<p>Le texte.</p>", "text/html")
    message.send()
    sent = mail.outbox[0]
    assert sent.body == "Le texte."
    assert sent.alternatives[0].content == "<p>Le texte.</p>"


@pytest.mark.parametrize("tricky", ["{{ settings }}", "{% debug %}", "{% oups", "}} {# note"])
def test_braces_in_a_message_are_only_text(tricky):
    message = EmailMultiAlternatives(tricky, f"Texte {tricky}", None, ["camille@caf.example"])
    message.attach_alternative(f"<p>{tricky}</p>", "text/html")
    message.send()
    sent = mail.outbox[0]
    assert sent.subject == tricky
    assert sent.body == f"Texte {tricky}"
    assert sent.alternatives[0].content == f"<p>{tricky}</p>"
    assert message.subject == tricky


def test_log_in_code_goes_through_the_outbox(client):
    user = f.UserFactory()
    client.post("/connexion/code/", {"email": user.email})
    assert Email.objects.get().to == [user.email]
    assert mail.outbox[0].subject == "Votre code de connexion au portail CTG"


def test_name_with_braces_does_not_break_its_message(client):
    user = f.UserFactory(first_name="{% include 'x' %}")
    client.force_login(user)
    client.post("/compte/confirmer-identite/", {"password": f.PASSWORD})
    client.post("/compte/adresse/", {"email": "autre@caf.example", "action_add": ""})
    assert "{% include 'x' %}" in mail.outbox[0].body
