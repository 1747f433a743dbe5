"""A collection speaks: it is opened, a reminder leaves, one organisation is given another day."""

import datetime
import re
from unittest import mock

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from post_office.models import Email

from conventions.models import Convention
from indicators.models import Campaign, CampaignIndicator, Reminder, Value
from notifications.models import Notice
from notifications.sending import send_due_mail
from tests.browser.conftest import NARROW
from tests.browser.gestures import button, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVALUATIONS = "/conventions/grand-chatellerault/evaluations/"
AGENT = "agent-caf@demo.example"


def post(moment: datetime.datetime | None = None) -> None:
    """What is due leaves: what happened a moment ago, or what is due at ``moment``."""
    now = timezone.now()
    for when in (moment or now, (moment or now) + datetime.timedelta(minutes=10)):
        with mock.patch.object(timezone, "now", lambda when=when: when):
            send_due_mail()


def mails_to(address: str) -> list[Email]:
    return list(Email.objects.filter(to=address, subject__regex="donnée|recueil").order_by("pk"))


def link_in(mail: Email) -> str:
    return re.search(r"https?://[^/\s]+(/conventions/\S+/saisie/)\s", mail.message)[1]


@pytest.fixture
def before(portal):
    """The year 2024 is not asked for yet; in 2023 one indicator had a comment."""
    convention = Convention.objects.get(slug="grand-chatellerault")
    campaign = Campaign.objects.get(convention=convention, year=2024)
    values = Value.objects.filter(campaign_indicator__campaign=campaign)
    values.filter(evidence__isnull=True).delete()
    values.all().delete()
    CampaignIndicator.objects.filter(campaign=campaign).delete()
    Campaign.objects.filter(pk=campaign.pk).update(state="cancelled")
    earlier = Value.objects.filter(
        campaign_indicator__campaign__year=2023, campaign_indicator__enterer__acronym="CAF 86",
        campaign_indicator__indicator__grain="territory", number__isnull=False,
    )  # fmt: skip
    earlier.filter(pk=earlier.first().pk).update(comment="Une crèche a ouvert en mars.")
    Notice.objects.all().delete()
    return convention


@pytest.mark.long
def test_opening_reminder_and_another_day(visit, before):
    coordinator = visit("coordination")
    page = coordinator.page
    # Two pages prepare and open.
    coordinator.go(EVALUATIONS + "preparer/")
    page.get_by_label("Année observée").select_option("2024")
    send(page, button(page, "Préparer ce recueil"))
    coordinator.title_is("Ouvrir le recueil 2024")
    expect(page.get_by_role("main")).to_contain_text("Nadia Lefèvre")
    send(page, button(page, "Ouvrir le recueil"))
    coordinator.title_is("Recueil 2024")
    post()
    [opening] = mails_to(AGENT)
    assert "Le recueil 2024 est ouvert" in opening.subject

    # The very page is behind the link, where last year's comment is taken over with a click.
    agent = visit("agent-caf", NARROW)
    agent.go(link_in(opening))
    send(agent.page, button(agent.page, "Reprendre de 2023"))
    expect(agent.page.get_by_role("main")).to_contain_text("Relisez avant de transmettre")
    taken = agent.page.locator("textarea", has_text="Repris de 2023")
    expect(taken.first).to_have_value(re.compile("Une crèche a ouvert en mars"))

    # The coordinator reminds her, in her own words.
    page.reload()
    page.get_by_role("link", name="Relancer la Caf").click()
    coordinator.title_is("Relancer la Caf de la Vienne")
    expect(page.get_by_role("main")).to_contain_text("Nadia Lefèvre")
    page.get_by_label("Votre message").fill("Il ne manque que vos chiffres.")
    send(page, button(page, "Envoyer la relance"))
    expect(page.get_by_role("main")).to_contain_text("1 organisme est relancé")
    post()
    reminded = mails_to(AGENT)[-1]
    assert reminded.subject.startswith("Relance")
    assert "Il ne manque que vos chiffres." in reminded.message
    assert Reminder.objects.get().organisation.acronym == "CAF 86"

    # And gives the Caf another day, which it is told, and around which it is reminded.
    day = Campaign.objects.get(year=2024).due_on + datetime.timedelta(days=21)
    page.get_by_role("link", name=re.compile("Échéance de la Caf")).click()
    page.get_by_label("Ses données sont attendues pour le").fill(day.isoformat())
    page.get_by_label("Motif").fill("Un congé")
    send(page, button(page, "Enregistrer l’échéance"))
    expect(page.get_by_role("main")).to_contain_text("ceux qui saisissent en sont prévenus")
    post()
    moved = Email.objects.filter(to=AGENT).latest("pk")
    assert "Un congé" in moved.message
    count = len(mails_to(AGENT))
    week = datetime.datetime.combine(day - datetime.timedelta(days=7), datetime.time(7, 1))
    post(timezone.make_aware(week))
    assert len(mails_to(AGENT)) == count + 1
    assert "dans 7 jours" in mails_to(AGENT)[-1].message.replace("\u00a0", " ")
