"""An organisation without account gives its figures by a link: what it opens, what it never shows,
who may send it where."""

import datetime
import re
from decimal import Decimal

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import throttling
from conventions.directory.events import withdraw_organisation
from conventions.models import Organisation
from ctg_portal.hosting.logs import without_secrets
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import long_date
from indicators.collection.events import close_campaign
from indicators.collection.page import usual_deadline, years_to_collect
from indicators.collection.rights import contributor_of
from indicators.collection.tasks import campaign_tasks
from indicators.models import Campaign, EntryLink, LinkTransition, Value
from indicators.values import events, giving, rights, writing
from indicators.values.figure import Figure
from indicators.values.links.events import NAME_GONE, cut_link, erase_ended_links, send_link
from indicators.values.links.rights import may_use
from indicators.values.links.visitor import Visitor
from indicators.values.links.workbook import read_workbook
from notifications.sending import send_due_mail
from spreadsheets.reading.open import LARGE_CELLS
from tests.committee.mail.mailing import after, at, on_one_line
from tests.committee.pages import page_of
from tests.factories import MembershipFactory, OrganisationFactory
from tests.indicators.factories import campaign_of, indicator_in_force, value_of
from tests.indicators.values.entering import entry_url, fields_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db

ADDRESS = "contact@asso.example"
SECRET = 3471
WHO = {"name": "Marie Durand", "role": "directrice"}
HIDDEN = "donné, n’est plus montré"


@told_once
def asso(committee):
    return OrganisationFactory(
        convention=committee.convention, name="Association Les Lilas", opts_out_of_secrecy=True
    )


@told_once
def campaign(committee, asso):
    titles = ["Gardé", "Ouvert", "D’ailleurs"]
    indicators = [
        indicator_in_force(committee, title=title, is_confidential=title == "Gardé",
                           provider=committee.caf if title == "D’ailleurs" else asso)
        for title in titles
    ]  # fmt: skip
    before = campaign_of(committee, 2023, indicators, state="closed")
    for indicator in indicators:
        value_of(before, indicator, SECRET + 1 if indicator.title == "Gardé" else 100)
    return campaign_of(committee, 2024, indicators)


@pytest.fixture
def entries(campaign):
    rows = campaign.campaign_indicators.with_relations()
    return {row.indicator.title: row for row in rows}


def secretive(asso, **others):
    rule = {"masking_threshold": 5000, "opts_out_of_secrecy": False}
    Organisation.objects.filter(pk=asso.pk).update(email=ADDRESS, **rule, **others)
    asso.refresh_from_db()


class Holder:
    """Whoever holds a link."""

    def __init__(self, client, link):
        [message] = [one for one in mail.outbox if one.to == [link.address]][-1:]
        self.url = re.search(r"https?://[^/\s]+(/lien-de-saisie/\S+)", message.body)[1]
        self.client, self.link = client, link
        self.page = f"/saisie-par-lien/{link.pk}/"

    def open(self, **who):
        response = self.client.post(self.url, WHO | who)
        assert response.url == self.page
        return self

    def read(self, address="", status=200) -> str:
        self.response = self.client.get(self.page + address)
        return " ".join(page_of(self.response, status).split())

    def save(self, entry, **typed):
        self.response = self.client.get(self.page)
        fields = fields_of(self.response, 0)
        fields |= {f"v{entry.pk}-{name}": text for name, text in typed.items()}
        self.response = self.client.post(self.page, fields, follow=True)
        return " ".join(page_of(self.response).split())

    def save_row(self, entry, **typed):
        self.response = self.client.get(self.page)
        fields = fields_of(self.response, 0)
        fields |= {f"v{entry.pk}-{name}": text for name, text in typed.items()}
        url = f"{self.page}?ligne={entry.pk}"
        return self.client.post(url, fields, headers={"HX-Request": "true"}).content.decode()

    def give(self):
        self.response = self.client.get(self.page + "transmettre/")
        sent = fields_of(self.response, 0)
        html = self.response.content.decode()
        sent["valeur"] = re.findall(r'name="valeur"\s+value="([^"]+)"', html)
        self.client.post(self.page + "transmettre/", sent)
        return self


def sent(committee, campaign, asso, address=ADDRESS) -> EntryLink:
    return send_link(campaign, asso, address=address, by=committee.coordinator)


@pytest.fixture
def holder(client, committee, campaign, asso, mailoutbox):
    return Holder(client, sent(committee, campaign, asso))


@pytest.fixture
def secret_holder(client, committee, campaign, asso, mailoutbox):
    secretive(asso)
    return Holder(client, sent(committee, campaign, asso))


def test_figures_sent_by_a_link_that_was_cut_meanwhile_are_given_back(holder, committee, entries):
    holder.open().read()
    fields = fields_of(holder.response, 0) | {f"v{entries['Ouvert'].pk}-figure": "98 765"}
    cut_link(holder.link, by=committee.coordinator)
    page = page_of(holder.client.post(holder.page, fields), 410)
    assert "copiez-le avant de quitter cette page" in page
    assert "98 765" in page


# To whom it is sent ------------------------------------------------------------------------------


def test_a_link_goes_with_its_workbook_to_an_address_that_is_typed(holder, committee, asso):
    [message] = mail.outbox
    [(name, content, _)] = message.attachments
    assert name == "donnees-2024.xlsx"
    assert content[:2] == b"PK"
    assert "deux données" not in message.body
    assert "2 données de 2024" in message.body.replace("\xa0", " ")
    link = EntryLink.objects.get()
    days = (link.expires_at - link.created_at).days
    assert days == 21
    act = LinkTransition.objects.get()
    assert (act.verb, act.by) == ("sent", committee.coordinator)


def test_a_link_under_a_secrecy_rule_goes_to_the_official_address_alone(
    committee, campaign, asso, mailoutbox
):
    secretive(asso)
    with pytest.raises(Refused, match=r"adresse officielle, contact@asso\.example"):
        sent(committee, campaign, asso, "moi@ailleurs.example")
    Organisation.objects.filter(pk=asso.pk).update(email="")
    with pytest.raises(Refused, match="n’indique pas"):
        sent(committee, campaign, asso)
    assert not EntryLink.objects.exists()
    assert mail.outbox == []


def test_the_rule_of_a_provider_for_which_it_enters_counts_as_its_own(committee, asso, mailoutbox):
    Organisation.objects.filter(pk=committee.caf.pk).update(masking_threshold=5)
    indicator = indicator_in_force(committee, title="Pour la Caf", enterer=asso)
    campaign = campaign_of(committee, 2022, [indicator])
    with pytest.raises(Refused, match="n’indique pas"):
        sent(committee, campaign, asso)


def test_a_rule_that_comes_later_closes_what_was_sent_elsewhere(holder, asso):
    holder.open()
    rule = {"masking_threshold": 5, "opts_out_of_secrecy": False}
    Organisation.objects.filter(pk=asso.pk).update(email="autre@asso.example", **rule)
    assert "adresse officielle" in holder.read(status=410)


def test_a_link_does_not_end_before_its_figures_are_due(
    client, committee, campaign, asso, mailoutbox
):
    client.force_login(committee.coordinator)
    url = f"/conventions/{committee.convention.slug}/evaluations/2024/liens/{asso.pk}/envoyer/"
    due_on = timezone.localdate() + datetime.timedelta(days=90)
    campaign.campaign_indicators.filter(enterer=asso).update(due_on=due_on)
    page = " ".join(page_of(client.get(url)).split())
    assert f"Le lien sera valable jusqu’au {long_date(due_on)}.".replace("\u00a0", " ") in page
    assert "n’ouvrira plus rien" not in page
    first = sent(committee, campaign, asso)
    assert timezone.localdate(first.expires_at) == due_on
    assert "n’ouvrira plus rien" in page_of(client.get(url))
    campaign.campaign_indicators.filter(enterer=asso).update(due_on=timezone.localdate())
    again = sent(committee, campaign, asso)
    assert again.expires_at - again.created_at == datetime.timedelta(days=21)


@pytest.fixture
def sending(client, committee, campaign, asso, mailoutbox):
    """The page on which its link is sent, as the coordinator has it before her."""
    client.force_login(committee.coordinator)
    url = f"/conventions/{committee.convention.slug}/evaluations/2024/liens/{asso.pk}/envoyer/"
    fields = fields_of(client.get(url)) | {"address": ADDRESS}
    return lambda **values: client.post(url, fields | values, follow=True)


def test_a_second_click_sends_no_second_link(sending, campaign, mailoutbox):
    for _ in range(2):
        assert f"Le lien est envoyé à {ADDRESS}" in page_of(sending())
    assert campaign.entry_links.get().state == "sent"
    assert len(mailoutbox) == 1


def test_a_link_that_was_just_sent_is_not_cut_unseen(
    sending, committee, campaign, asso, mailoutbox
):
    colleague = MembershipFactory(organisation=committee.caf, coordinator=True).user
    first = send_link(campaign, asso, address="autre@asso.example", by=colleague)
    response = sending()
    page = page_of(response)
    assert f"{colleague} vient d’envoyer un lien à autre@asso.example" in page
    assert "n’ouvrira plus rien" in page
    assert campaign.entry_links.get() == first
    assert fields_of(response)["address"] == ADDRESS
    sending(**fields_of(response))
    assert campaign.entry_links.open_for(asso).get().address == ADDRESS


def test_rows_saved_alone_count_among_what_is_given(holder, entries):
    entry = entries["Ouvert"]
    holder.open().save_row(entry, figure="110")
    fields = fields_of(holder.client.get(holder.page), form=0) | {"transmettre": "oui"}
    page = page_of(holder.client.post(holder.page, fields, follow=True))
    assert "Rien n’avait changé" not in page
    assert "valeur est prête à transmettre" in " ".join(page.split())


@pytest.mark.parametrize("who", ["agent", "stranger"])
def test_nobody_but_the_coordinator_sends_a_link(committee, campaign, asso, agent, who):
    by = agent if who == "agent" else MembershipFactory(organisation=asso).user
    with pytest.raises(Refused):
        send_link(campaign, asso, address=ADDRESS, by=by)


def test_the_coordinator_sends_no_link_to_her_own_organisation(committee, campaign):
    with pytest.raises(Refused, match="Votre organisme"):
        sent(committee, campaign, committee.epci)


def test_the_coordinator_sees_what_came_of_a_link_and_cuts_it(client, committee, holder, entries):
    holder.open().open().save(entries["Ouvert"], figure="110")
    holder.give()
    client.force_login(committee.coordinator)
    url = entry_url(holder.link.campaign).replace("saisie/", "liens/")
    text = " ".join(page_of(client.get(url)).split())
    assert text.count("ouvert par Marie Durand") == 1
    assert "1 donnée transmise par Marie Durand, directrice" in text
    assert ADDRESS in text
    client.post(f"{url}{holder.link.pk}/couper/")
    client.logout()
    assert "rendu ce lien inutilisable" in page_of(client.get(holder.url), 410)
    assert Value.objects.get(campaign_indicator=entries["Ouvert"]).number == 110


# What it opens -----------------------------------------------------------------------------------


def test_looking_at_a_link_keeps_nothing_and_is_found_by_nobody(client, holder):
    response = client.get(holder.url)
    assert "Dites d’abord qui vous êtes" in page_of(response)
    assert response["Referrer-Policy"] == "strict-origin"
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Cache-Control"] == "no-store"
    assert not LinkTransition.objects.exclude(verb="sent").exists()
    assert "entry_link" not in client.session


def test_the_token_of_a_link_is_in_no_later_page_or_log(holder):
    token = holder.url.split("/")[2]
    holder.open()
    for address in ("", "coller/", "transmettre/", "classeur/"):
        holder.read(address)
        assert token not in holder.response.content.decode()
        assert holder.response["Referrer-Policy"] == "strict-origin"
    assert token not in without_secrets(f"GET {holder.url} 200")


def test_a_link_opens_the_figures_of_its_organisation_and_nothing_else(holder, committee):
    text = holder.open().read()
    assert "Ouvert" in text
    assert "Gardé" in text
    assert "D’ailleurs" not in text
    assert "Rechercher" not in text
    assert f"/conventions/{committee.convention.slug}" not in holder.response.content.decode()
    for address in ("", "indicateurs/", "evaluations/2024/saisie/", "recherche/?q=a"):
        response = holder.client.get(f"/conventions/{committee.convention.slug}/{address}")
        assert response.status_code == 302


def test_the_pages_of_a_link_are_not_there_before_it_is_opened(
    client, holder, committee, campaign, asso
):
    for address in ("", "coller/", "transmettre/", "classeur/"):
        holder.read(address, 404)
    holder.open()
    other = OrganisationFactory(convention=committee.convention)
    theirs = indicator_in_force(committee, title="Autre", provider=other)
    later = campaign_of(committee, 2025, [theirs])
    second = sent(committee, later, other)
    assert client.get(f"/saisie-par-lien/{second.pk}/").status_code == 404
    client.force_login(committee.coordinator)
    holder.read("", 404)


@pytest.mark.parametrize("token", ["1", "1:abc", "x:y", "9999:abc", "0:a", "1" * 30 + ":a"])
def test_a_link_that_was_not_signed_opens_nothing(client, holder, token):
    assert client.get(f"/lien-de-saisie/{token}/").status_code == 404


def test_a_link_of_one_address_is_none_of_another(client, holder):
    EntryLink.objects.update(address="autre@asso.example")
    assert client.get(holder.url).status_code == 404


@pytest.mark.parametrize("why", ["expired", "cut", "closed", "again"])
def test_a_link_that_has_ended_opens_no_page(holder, committee, campaign, asso, why):
    holder.open()
    if why == "expired":
        past = timezone.now() - datetime.timedelta(days=30)
        EntryLink.objects.update(created_at=past, expires_at=past + datetime.timedelta(days=1))
    elif why == "cut":
        cut_link(holder.link, by=committee.coordinator)
    elif why == "again":
        sent(committee, campaign, asso)
    else:
        close_campaign(campaign, by=committee.coordinator)
    for address in ("", "coller/", "transmettre/"):
        holder.read(address, 410)
        assert holder.client.post(holder.page + address).status_code == 410


def test_a_comment_sent_by_a_link_that_was_cut_is_given_back(holder, committee, entries):
    holder.open()
    cut_link(holder.link, by=committee.coordinator)
    comment = "La crèche a fermé trois semaines en août."
    sent = {f"v{entries['Ouvert'].pk}-comment": comment}
    response = holder.client.post(holder.page, sent)
    assert "copiez-le" in page_of(response, 410)
    assert comment in response.content.decode()


def test_what_is_sent_once_the_visit_has_ended_is_sent_again_when_the_link_is_opened(
    holder, entries
):
    """Who has no link is shown nothing but the figures and texts that they send."""
    entry = entries["Ouvert"]
    holder.open()
    sent = fields_of(holder.client.get(holder.page), 0) | {f"v{entry.pk}-figure": "110"}
    holder.client.logout()
    over = holder.client.post(holder.page, sent)
    text = page_of(over, 409)
    assert "rouvrez dans un autre onglet le lien" in text
    assert entry.indicator.title not in text
    again = fields_of(over, 0)
    assert again[f"v{entry.pk}-figure"] == "110"
    assert holder.client.post(holder.page, sent, headers={"HX-Request": "true"}).status_code == 404
    holder.open()
    holder.client.post(holder.page, again)
    assert Value.objects.get(campaign_indicator=entry).number == 110


def test_what_is_sent_after_somebody_has_logged_in_there_is_not_lost(holder, committee, entries):
    entry = entries["Ouvert"]
    holder.open()
    sent = fields_of(holder.client.get(holder.page), 0) | {f"v{entry.pk}-figure": "110"}
    holder.client.force_login(committee.coordinator)
    over = holder.client.post(holder.page, sent)
    assert "déconnectez-vous du portail" in page_of(over, 409)
    assert f'name="v{entry.pk}-figure" value="110"' in over.content.decode()
    assert not Value.objects.filter(campaign_indicator=entry).exists()


def test_who_is_logged_in_uses_their_own_access(client, holder, committee):
    client.force_login(committee.coordinator)
    assert "fait pour qui n’y a pas de compte" in page_of(client.get(holder.url))
    client.post(holder.url, WHO)
    assert not LinkTransition.objects.exclude(verb="sent").exists()


# What is given -----------------------------------------------------------------------------------


def test_what_is_given_says_who_gave_it(client, holder, committee, asso, entries):
    assert "1 valeur est enregistrée" in holder.open().save(entries["Ouvert"], figure="110")
    holder.give()
    value = Value.objects.get(campaign_indicator=entries["Ouvert"])
    assert (value.state, value.number, value.entered_by) == ("submitted", 110, None)
    assert (value.entered_by_name, value.entered_through) == (
        "Marie Durand, directrice",
        holder.link,
    )
    act = value.transitions.last()
    assert (act.by, act.by_name) == (None, "Marie Durand, directrice")
    assert act.capacity == f"par un lien de saisie, pour {asso.the}"
    there = MembershipFactory(organisation=asso).user
    client.force_login(there)
    page = " ".join(page_of(client.get(entry_url(entries["Ouvert"].campaign,
                                                 f"{entries['Ouvert'].pk}/"))).split())  # fmt: skip
    assert "Saisie par Marie Durand, directrice" in page
    assert f"par un lien de saisie envoyé à {ADDRESS}" in page
    assert rights.may_verify(contributor_of(there, committee.convention), value) is None


def test_who_sent_or_received_the_link_does_not_verify(holder, committee, asso, entries):
    holder.open().save(entries["Ouvert"], figure="110")
    holder.give()
    value = Value.objects.get(campaign_indicator=entries["Ouvert"])
    there = MembershipFactory(organisation=asso, user__email=ADDRESS.upper()).user
    MembershipFactory(organisation=asso, user=committee.coordinator)
    for user in (there, committee.coordinator):
        refusal = rights.may_verify(contributor_of(user, committee.convention), value)
        assert "envoyé ou reçu le lien" in refusal.reason


def test_a_link_types_no_figure_of_another_organisation(holder, entries):
    holder.open()
    other = entries["D’ailleurs"]
    fields = {f"v{other.pk}-figure": "7", f"v{other.pk}-was": "x", f"v{other.pk}-revision": "0"}
    holder.client.post(holder.page, fields)
    url = f"{holder.page}?ligne={other.pk}"
    assert holder.client.post(url, fields, headers={"HX-Request": "true"}).status_code == 404
    assert not Value.objects.filter(campaign_indicator=other).exists()


def test_what_was_given_is_changed_once_it_came_back(holder, committee, entries):
    entry = entries["Ouvert"]
    holder.open().save(entry, figure="110")
    holder.give()
    value = Value.objects.get(campaign_indicator=entry)
    with pytest.raises(Refused, match="peut vous la retourner"):
        events.save_value(entry, Figure(number=Decimal(1)), by=visitor_of(holder))
    giving.return_value(value, reason="Lequel ?", by=committee.coordinator)
    assert "Lequel ?" in holder.read()
    holder.save(entry, figure="111")
    assert Value.objects.get(pk=value.pk).number == 111


def visitor_of(holder):
    return Visitor(EntryLink.objects.with_relations().get(pk=holder.link.pk), **WHO)


def test_a_block_is_pasted_by_a_link(holder, entries):
    holder.open()
    page = holder.page + "coller/"
    block = "D’ailleurs\t5\nOuvert\t110"
    response = holder.client.post(page, {"block": block})
    fields = fields_of(response, 0) | {"block": block, "keep": "yes"}
    response = holder.client.post(page, fields)
    assert "Cette valeur est saisie par" in page_of(response)
    assert Value.objects.get(campaign_indicator=entries["Ouvert"]).number == 110
    assert not Value.objects.filter(campaign_indicator=entries["D’ailleurs"]).exists()


def test_the_workbook_of_a_link_comes_back_by_it(holder, entries):
    holder.open()
    content = 'Indicateur;2024;Commentaire\nOuvert;110;\nGardé;3000;Une "fusion"\nD’ailleurs;5;\n'
    upload = SimpleUploadedFile("donnees.csv", content.encode())
    response = holder.client.post(holder.page + "classeur/", {"table": upload})
    text = page_of(response)
    assert "Cette valeur est saisie par" in text
    fields = fields_of(response, 0) | {"keep": "yes"}
    holder.client.post(holder.page + "classeur/", fields)
    saved = {v.campaign_indicator_id: v for v in Value.objects.filter(entered_through=holder.link)}
    assert saved[entries["Ouvert"].pk].number == 110
    assert saved[entries["Gardé"].pk].comment == 'Une "fusion"'


def by_workbook(holder, content: str) -> str:
    upload = SimpleUploadedFile("donnees.csv", content.encode())
    response = holder.client.post(holder.page + "classeur/", {"table": upload})
    return " ".join(page_of(response).split()).replace("\xa0", " ")


def test_visitors_of_one_link_bring_one_file_at_a_time(holder, committee, campaign, monkeypatch):
    """Whoever holds a link may begin as many sessions as they like."""
    holder.open()
    guest = Holder(Client(), holder.link).open()
    other = Holder(Client(), sent(committee, campaign, committee.caf, "autre@caf.example"))
    other.open()
    statuses = []

    def status_of(visitor) -> int:
        upload = SimpleUploadedFile("donnees.csv", b"Indicateur;2024\nOuvert;110\n")
        return visitor.client.post(visitor.page + "classeur/", {"table": upload}).status_code

    def read_meanwhile(visitor, name, content):
        if visitor.link == holder.link:
            statuses.extend([status_of(guest), status_of(other)])
        return read_workbook(visitor, name, content)

    monkeypatch.setattr("indicators.values.links.views.read_workbook", read_meanwhile)
    assert status_of(holder) == 200
    assert statuses == [429, 200]
    assert status_of(guest) == 200


def test_a_file_long_to_read_is_not_read_by_a_link(holder, entries):
    """Nobody waits for the worker here, and no page reads two hundred thousand cells."""
    holder.open()
    lines = "".join(f"Inconnu {n};{n};\n" for n in range(LARGE_CELLS))
    page = by_workbook(holder, f"Indicateur;2024;Commentaire\nOuvert;110;\n{lines}")
    assert "Ce fichier est trop grand pour être lu ici" in page
    assert not Value.objects.filter(entered_through=holder.link).exists()


def test_a_file_that_says_too_much_is_told(holder, entries):
    holder.open()
    words = "mot " * 1_200
    lines = "".join(f"{title};11;{words}\n" for title in ("Ouvert", "Gardé"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("indicators.values.links.workbook.LONGEST", 8_000)
        page = by_workbook(holder, f"Indicateur;2024;Commentaire\n{lines}")
    assert "Ce fichier est trop grand pour être lu ici" in page


# What it never shows -----------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "1-1"])
def test_trying_a_protected_figure_finds_out_nothing(holder, entries, asso, token):
    """What was typed, or returned, cannot be guessed at: a right guess is answered as a wrong one,
    whatever the page showed it over."""
    secretive(asso)
    holder.open()
    entry = entries["Gardé"]
    holder.save(entry, figure=SECRET)
    answers = set()
    for guess in (SECRET - 1, SECRET, SECRET + 1):
        tried = holder.save_row(entry, figure=guess, was="x", revision=token)
        answers.add(re.sub(r"\d", "", re.sub(r"csrfmiddlewaretoken[^>]*", "", tried)))
    assert len(answers) == 1
    assert Value.objects.get(campaign_indicator=entry).number == SECRET


def everything(holder) -> str:
    """All that is read through the link, a figure being spelled in one way."""
    read = [holder.read(address) for address in ("", "coller/", "transmettre/", "classeur/")]
    paste = holder.client.post(holder.page + "coller/", {"block": "Gardé\t5000\nOuvert\t100"})
    read.append(paste.content.decode())
    return re.sub(r"[\s\u202f\u00a0]", "", " ".join(read))


@pytest.mark.parametrize("is_given", [False, True])
def test_what_secrecy_protects_is_never_shown_again(secret_holder, entries, is_given):
    holder, entry = secret_holder.open(), entries["Gardé"]
    html = holder.save_row(entry, figure=str(SECRET), beside="quatre de moins")
    assert "n’est plus montré" in html
    assert str(SECRET) not in re.sub(r"\s", "", html)
    if is_given:
        holder.give()
    value = Value.objects.get(campaign_indicator=entry)
    assert value.number == SECRET
    assert value.is_shown == is_given
    text = everything(holder)
    assert str(SECRET) not in text
    assert "quatredemoins" not in text
    assert "surprend" not in text
    assert str(SECRET + 1) not in text  # nor that of the year before


def test_what_secrecy_protects_is_not_shown_to_who_opens_again(client, secret_holder, entries):
    secret_holder.open().save(entries["Gardé"], figure=str(SECRET))
    client.session.flush()
    client.cookies.clear()
    assert str(SECRET) not in everything(secret_holder.open(name="Quelqu’un d’autre"))


def test_a_link_does_not_show_what_its_people_have_typed(secret_holder, asso, entries):
    there = MembershipFactory(organisation=asso).user
    entry = entries["Gardé"]
    value = events.save_value(entry, Figure(number=Decimal(SECRET), comment="tu"), by=there)
    assert str(SECRET) not in everything(secret_holder.open())
    giving.submit_values([entry], by=there)
    assert str(SECRET) not in everything(secret_holder)
    giving.return_value(value, reason="quatre de moins ?", by=there)
    text = everything(secret_holder)
    assert str(SECRET) not in text
    assert "quatredemoins" not in text


def test_a_conflict_does_not_tell_a_protected_figure(secret_holder, asso, entries):
    holder, entry = secret_holder.open(), entries["Gardé"]
    holder.save(entry, figure="3000")
    page = holder.client.get(holder.page)
    fields = fields_of(page, 0) | {f"v{entry.pk}-figure": "3001"}
    value = Value.objects.get(campaign_indicator=entry)
    there = MembershipFactory(organisation=asso).user
    events.save_value(
        entry, Figure(number=Decimal(SECRET)), by=there, revision=writing.revision_of(value)
    )
    response = holder.client.post(holder.page, fields)
    assert str(SECRET) not in re.sub(r"[\s\u202f\u00a0]", "", response.content.decode())
    assert Value.objects.get(pk=value.pk).number == SECRET


def test_what_is_not_protected_is_seen_as_it_was_typed(secret_holder, entries):
    holder = secret_holder.open()
    holder.save(entries["Ouvert"], figure="107", beside="Relevé")
    assert 'value="107"' in holder.client.get(holder.page).content.decode()


def test_the_coordinator_reads_no_secret_that_came_by_a_link(
    client, secret_holder, committee, entries
):
    secret_holder.open().save(entries["Gardé"], figure=str(SECRET))
    secret_holder.give()
    client.force_login(committee.coordinator)
    page = page_of(client.get(entry_url(entries["Gardé"].campaign, f"{entries['Gardé'].pk}/")))
    assert str(SECRET) not in re.sub(r"\s", "", page)
    assert "secret" in page


def test_what_a_workbook_says_of_source_and_state_is_kept(holder, entries):
    holder.open()
    content = "Indicateur;2024;État;Source\nOuvert;110;provisoire;Registre des adhésions\n"
    upload = SimpleUploadedFile("donnees.csv", content.encode())
    response = holder.client.post(holder.page + "classeur/", {"table": upload})
    assert "110, provisoire, source : Registre des adhésions" in " ".join(page_of(response).split())
    fields = fields_of(response, 0) | {"keep": "yes"}
    response = holder.client.post(holder.page + "coller/", fields)
    value = Value.objects.get(campaign_indicator=entries["Ouvert"])
    assert (value.number, value.provisional, value.source) == (110, True, "Registre des adhésions")


def test_a_state_that_is_not_understood_is_told(holder, entries):
    holder.open()
    block = "Indicateur\tValeur\tÉtat\nOuvert\t110\ten cours"
    response = holder.client.post(holder.page + "coller/", {"block": block})
    text = " ".join(page_of(response).split()).replace("\xa0", " ")
    assert "« en cours » : écrivez « provisoire » ou « définitif »." in text
    fields = fields_of(response, 0) | {"block": block, "keep": "yes"}
    holder.client.post(holder.page + "coller/", fields)
    assert not Value.objects.get(campaign_indicator=entries["Ouvert"]).provisional


# What is kept of who gave it ---------------------------------------------------------------------


def end(link, *, days_ago: int) -> None:
    ended = timezone.now() - datetime.timedelta(days=days_ago)
    sent_at = ended - datetime.timedelta(days=21)
    EntryLink.objects.filter(pk=link.pk).update(created_at=sent_at, expires_at=ended)


def test_a_year_after_its_end_the_address_and_who_opened_it_are_forgotten(
    client, holder, committee, entries
):
    holder.open().save(entries["Ouvert"], figure="110")
    holder.give()
    end(holder.link, days_ago=364)
    erase_ended_links()
    assert EntryLink.objects.get().address == ADDRESS
    end(holder.link, days_ago=366)
    erase_ended_links()
    erase_ended_links()
    assert EntryLink.objects.get().address == ""
    names = set(LinkTransition.objects.values_list("by_name", flat=True))
    assert names == {str(committee.coordinator), NAME_GONE}
    value = Value.objects.get(campaign_indicator=entries["Ouvert"])
    assert value.entered_by_name == value.transitions.last().by_name == "Marie Durand, directrice"
    assert client.get(holder.url).status_code == 404
    client.force_login(committee.coordinator)
    text = " ".join(
        page_of(client.get(entry_url(holder.link.campaign).replace("saisie/", "liens/"))).split()
    )
    assert "ouvert par une personne dont le nom n’est plus gardé" in text
    assert ADDRESS not in text
    page = page_of(client.get(entry_url(holder.link.campaign, f"{entries['Ouvert'].pk}/")))
    assert "par un lien de saisie" in " ".join(page.split())
    assert "envoyé à" not in page


# Who coordinates is told ---------------------------------------------------------------------


def heard(committee, now, *minutes):
    for later in minutes:
        with at(after(now, minutes=later)):
            send_due_mail()
    return [one for one in mail.outbox if one.to == [committee.coordinator.email]]


def test_a_link_gives_nothing_to_another_year(client, holder, committee, campaign):
    """It was sent with the workbook of the year that the collection was of."""
    client.force_login(committee.coordinator)
    today = timezone.localdate()
    year = years_to_collect(committee.convention, today)[-1]
    url = reverse(
        "indicators:change_campaign_year", args=[committee.convention.slug, campaign.year]
    )
    assert "1 lien de saisie envoyé n’ouvrira plus rien" in page_of(client.get(url))
    sent_to = {"year": year, "due_on": usual_deadline(year, today)}
    page = page_of(client.post(url, sent_to, follow=True))
    assert "1 lien de saisie n’ouvre plus rien : envoyez-le de nouveau." in page
    link = EntryLink.objects.with_relations().get(pk=holder.link.pk)
    assert link.campaign.year == year
    assert may_use(link) is not None
    act = link.transitions.last()
    assert (act.verb, act.by) == ("cut", committee.coordinator)
    assert act.reason.startswith(f"2024 devient {year}")


def test_who_coordinates_is_told_once_of_what_was_given(holder, committee, asso, entries):
    with at(now := timezone.now()):
        holder.open()
        for title, typed in (("Ouvert", "110"), ("Gardé", str(SECRET))):
            holder.save(entries[title], figure=typed, beside="Une réorganisation")
            holder.give()
    [message] = heard(committee, now, 1, 40, 1500)
    assert "Deux données sont transmises par un lien de saisie" in on_one_line(message.subject)
    body = on_one_line(message.body)
    assert f"par le lien de saisie {asso.genitive}" in body
    assert entry_url(holder.link.campaign).replace("saisie/", "liens/") in body
    for words in ("110", str(SECRET), "réorganisation", "Marie Durand"):
        assert words not in body


@pytest.mark.parametrize("since", ["returned", "closed"])
def test_nothing_is_told_of_what_is_no_more_so(holder, committee, campaign, entries, since):
    with at(now := timezone.now()):
        holder.open().save(entries["Ouvert"], figure="110")
        holder.give()
        if since == "returned":
            value = Value.objects.get(campaign_indicator=entries["Ouvert"])
            giving.return_value(value, reason="Lequel ?", by=committee.coordinator)
        else:
            close_campaign(campaign, by=committee.coordinator)
    assert not any("lien de saisie" in one.body for one in heard(committee, now, 1, 40))


# Where she used to enter for who has a secrecy rule -----------------------------------------------


def pages_of(client, committee, campaign) -> dict[str, str]:
    client.force_login(committee.coordinator)
    year = entry_url(campaign).removesuffix("saisie/")
    addresses = {"recueil": f"{year}recueil/", "saisie": f"{year}saisie/",
                 "grille": f"{year}saisie/grille/"}  # fmt: skip
    return {name: " ".join(page_of(client.get(url)).split()) for name, url in addresses.items()}


def tasks_of(committee):
    tasks = campaign_tasks(committee.coordinator, [committee.convention], timezone.localdate())
    return [task for task in tasks.get(committee.convention.pk, []) if "lien" in task.title]


def test_the_coordinator_is_led_to_the_link_of_an_organisation(
    client, committee, campaign, asso, mailoutbox
):
    secretive(asso)
    pages = pages_of(client, committee, campaign)
    assert f"Envoyer un lien de saisie pour {asso.the}" in pages["recueil"]
    for name in ("saisie", "grille"):
        assert f"protège les données {asso.genitive}" in pages[name]
        assert "envoyez un lien de saisie" in pages[name]
    for address in ("", "grille/"):
        response = client.get(entry_url(campaign, f"{address}?pour={asso.pk}"))
        assert response.url.endswith(f"/2024/liens/{asso.pk}/envoyer/")
    [task] = tasks_of(committee)
    assert (
        task.title == f"Deux valeurs de 2024 {asso.genitive} sont à demander par un lien de saisie."
    )
    assert task.url.endswith(f"/2024/liens/{asso.pk}/envoyer/")
    sent(committee, campaign, asso)
    assert tasks_of(committee) == []
    pages = pages_of(client, committee, campaign)
    assert f"Renvoyer un lien de saisie pour {asso.the}" in pages["recueil"]


def test_the_coordinator_reads_what_to_do_without_an_official_address(
    client, committee, campaign, asso
):
    secretive(asso)
    Organisation.objects.filter(pk=asso.pk).update(email="")
    page = pages_of(client, committee, campaign)["recueil"]
    assert "Envoyer un lien de saisie" not in page
    send = client.get(tasks_of(committee)[0].url)
    for text in (page, " ".join(page_of(send).split())):
        assert "portez-la dans le fichier de la convention" in text
        assert "invitez quelqu’un à y contribuer" in text


def test_where_somebody_enters_no_link_is_proposed(client, committee, campaign, asso):
    secretive(asso)
    MembershipFactory(organisation=asso)
    assert tasks_of(committee) == []
    assert "Envoyer un lien" not in pages_of(client, committee, campaign)["recueil"]


# Against it ---------------------------------------------------------------------------------------


@pytest.fixture
def rarely_opened(monkeypatch):
    monkeypatch.setattr(throttling, "OPENED_A_MINUTE", 4)


MORE = range(1, 10)  # than two minutes then allow, should one end meanwhile


@pytest.mark.usefixtures("rarely_opened")
def test_a_link_is_not_opened_without_end(client, holder):
    statuses = {client.get(holder.url).status_code for _ in MORE}
    assert statuses == {200, 429}


@pytest.mark.usefixtures("rarely_opened")
def test_who_tries_addresses_is_stopped(client, holder):
    statuses = {client.get(f"/lien-de-saisie/{n}:a/").status_code for n in MORE}
    assert statuses == {404, 429}


@pytest.mark.usefixtures("rarely_opened")
def test_who_has_opened_a_link_types_as_much_as_there_is(holder):
    holder.open()
    assert {holder.client.get(holder.page).status_code for _ in MORE} == {200}


def test_the_forms_of_a_link_want_the_token_of_their_page(holder):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(holder.url, WHO).status_code == 403
    strict.cookies = holder.open().client.cookies
    for address in ("", "coller/", "classeur/", "transmettre/"):
        assert strict.post(holder.page + address).status_code == 403


def test_who_opens_a_link_has_another_session_than_before(client, holder):
    client.get(holder.url)
    session = client.session
    session["seen"] = True
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    holder.open()
    assert client.session.session_key != before
    fixed = Client()
    fixed.cookies["sessionid"] = before
    assert fixed.get(holder.page).status_code == 404


def test_who_logs_in_after_a_link_keeps_their_account_apart(client, holder, agent):
    holder.open()
    client.force_login(agent)
    for address in ("", "coller/", "transmettre/", "classeur/"):
        holder.read(address, 404)
        # Nothing is taken, and nothing shown but what is sent.
        assert client.post(holder.page + address).status_code == 409
    client.logout()
    holder.read("", 404)


def test_two_people_with_one_link_write_nothing_of_each_other_over(holder, entries):
    entry, other = entries["Ouvert"], Client()
    first, second = holder.open(), Holder(other, holder.link).open(name="Paul Petit")
    stale = fields_of(other.get(second.page), 0)
    first.save(entry, figure="110")
    stale[f"v{entry.pk}-figure"] = "120"
    refused = other.post(second.page, stale)
    page = " ".join(page_of(refused).split())
    assert "Marie Durand, directrice a enregistré une autre valeur" in page
    assert fields_of(refused, 0)[f"v{entry.pk}-figure"] == "120"  # as it was typed
    assert Value.objects.get(campaign_indicator=entry).number == 110
    second.save(entry, figure="120")
    value = Value.objects.get(campaign_indicator=entry)
    assert (value.number, value.entered_by_name) == (120, "Paul Petit, directrice")


@pytest.mark.parametrize(("state", "status"), [
    ("cancelled", 410), ("reopened", 200),
])  # fmt: skip
def test_a_link_opens_while_the_year_takes_figures(holder, campaign, state, status):
    holder.open()
    Campaign.objects.filter(pk=campaign.pk).update(state=state)
    holder.read("", status)
    assert holder.client.get(holder.url).status_code == status


def test_a_rule_that_comes_later_hides_what_was_typed_before(holder, asso, entries):
    holder.open().save(entries["Gardé"], figure="4127", beside="Relevé")
    assert "4127" in everything(holder)
    secretive(asso)
    text = everything(holder)
    assert "4127" not in text
    assert "Relevé" not in text


def test_an_organisation_that_is_asked_is_not_withdrawn(holder, committee, asso):
    with pytest.raises(Refused):
        withdraw_organisation(asso, by=committee.coordinator)


def test_what_the_people_of_the_organisation_have_begun_is_neither_shown_nor_replaced(
    holder, asso, entries
):
    agent = MembershipFactory(organisation=asso).user
    open_one = entries["Ouvert"]
    value = events.save_value(open_one, Figure(number=Decimal(SECRET)), by=agent)
    page = holder.open().read()
    assert str(SECRET) not in page.replace("\u202f", "")
    assert f"v{open_one.pk}-figure" not in page
    visitor = Visitor(holder.link, **WHO)
    with pytest.raises(Refused):
        events.save_value(open_one, Figure(number=Decimal(7)), by=visitor)
    value.refresh_from_db()
    assert value.number == SECRET


def test_who_leaves_opens_nothing_more_in_this_browser(client, holder):
    holder.open()
    assert "Quitter" in holder.read()
    left = client.post(f"{holder.page}quitter/", follow=True)
    assert "Vous avez quitté la saisie" in page_of(left)
    assert client.get(holder.page).status_code == 404
    assert client.post(f"{holder.page}quitter/").status_code == 404
    holder.open()  # with the link, again


def test_a_count_below_zero_is_refused_through_a_link_typed_or_in_its_table(holder, entries):
    holder.open()
    page = holder.save(entries["Ouvert"], figure="−12")
    assert "« −12 » est négatif" in page
    assert fields_of(holder.response, 0)[f"v{entries['Ouvert'].pk}-figure"] == "−12"
    assert "« −12 » est négatif" in by_workbook(holder, "Indicateur;2024\nOuvert;−12\n")
    assert not Value.objects.filter(entered_through=holder.link).exists()
