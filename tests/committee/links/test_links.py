"""The personal link of a message shows one page to whoever holds it, and takes no answer; who
answers says who they are. What is stolen, old or altered opens nothing more."""

import datetime
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts import throttling
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Agreement, Version
from agreements.versions import events as drafts
from committee.comments import events as talk
from committee.dossiers.events import recall_dossier, send_dossier
from committee.links.events import cut_links
from committee.links.models import LinksCut
from committee.links.tokens import DOSSIER, LIFETIME, POINT, POINTS, Link, address_of, parse_token
from conventions.models import Membership
from ctg_portal.hosting.logs import without_secrets
from tests import factories as f
from tests.accounts.conftest import code_in_mail
from tests.agreements.factories import SeatFactory, committee_of, yesterday
from tests.committee.mail.mailing import links_in, on_one_line
from tests.committee.pages import page_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    return committee.proposed("Ouvrir deux espaces")


def path_of(user, what, pk, organisation=0) -> str:
    return urlsplit(address_of(user, what, pk, organisation)).path


@pytest.fixture
def path(committee, version):
    """The link of the Caf's member to the point."""
    return path_of(committee.caf_member, POINT, version.pk, committee.caf.pk)


def url(committee, name, *args):
    return reverse(f"committee:{name}", args=[committee.convention.slug, *args])


def closed(client, path) -> str:
    response = client.get(path)
    assert response.status_code == 410
    assert "Ouvrir deux espaces" not in response.content.decode()
    return on_one_line(page_of(response, 410))


# What it shows -------------------------------------------------------------------------------


def test_a_point_is_read_without_logging_in(committee, version, client, path):
    page = client.get(path)
    text = on_one_line(page_of(page))
    assert "Ouvrir deux espaces" in text
    assert "Nombre d’espaces ouverts" in text
    assert f"adressée à {committee.caf_member}" in text
    assert "D’accord" not in text
    assert not get_user(client).is_authenticated


def test_a_dossier_is_read_without_logging_in(committee, version, client):
    dossier = send_dossier(
        committee.convention, [version, committee.proposed("Former")], title="Mars",
        by=committee.coordinator,
    )  # fmt: skip
    path = path_of(committee.caf_member, DOSSIER, dossier.pk, committee.caf.pk)
    text = page_of(client.get(path))
    assert "Mars" in text
    assert "Ouvrir deux espaces" in text
    assert "Former" in text


def test_points_that_await_the_person_are_read_without_logging_in(committee, version, client):
    committee.agree(version, committee.caf_member)
    committee.proposed("Former")
    path = path_of(committee.caf_member, POINTS, committee.convention.pk, committee.caf.pk)
    text = page_of(client.get(path))
    assert "Former" in text
    assert "Ouvrir deux espaces" not in text


def test_many_points_are_read_folded_with_one_filled_button(committee, version, client):
    path = path_of(committee.caf_member, POINTS, committee.convention.pk, committee.caf.pk)
    committee.proposed("Former")
    html = client.get(path).content.decode()
    assert "Lire ce point en entier" not in html
    committee.proposed("Aider")
    html = client.get(path).content.decode()
    assert html.count("Lire ce point en entier") == 3
    assert html.count("Nombre d’espaces ouverts") >= 3
    assert html.count("btn-primary") == 1


def test_an_adviser_reads_what_awaits_their_avis(committee, version, client):
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    path = path_of(adviser, POINTS, committee.convention.pk, committee.caf.pk)
    assert "Ouvrir deux espaces" in page_of(client.get(path))
    answers.advise(version, opinion="favourable", by=adviser)
    assert "n’est plus en discussion" in closed(client, path)


def test_a_link_compares_a_version_with_the_one_that_the_party_agreed_to(
    committee, version, client
):
    committee.agree(version, committee.caf_member)
    edited = committee.edited(version, title="Ouvrir trois espaces")
    path = path_of(committee.caf_member, POINT, edited.pk, committee.caf.pk)
    assert "Vous aviez accepté la version 1" in on_one_line(page_of(client.get(path)))


def test_comments_documents_and_other_pages_stay_closed(committee, version, client, path):
    talk.comment(version, text="Entre nous", by=committee.caf_member)
    page = client.get(path)
    html = page.content.decode()
    assert "Entre nous" not in html
    assert "/conventions/" not in re.sub(r"next=[^\"]*", "", html)
    for name, args in [("point", [version.pk]), ("points", []), ("register", [])]:
        response = client.get(url(committee, name, *args))
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))


def test_the_page_of_a_link_stays_out_of_indexes_caches_and_referrers(client, path):
    response = client.get(path)
    assert response["Referrer-Policy"] == "strict-origin"
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]


def test_the_log_does_not_show_the_token_of_a_link(path):
    token = path.split("/")[2]
    assert token not in without_secrets(f"GET {path} 200")
    assert "/lien/…" in without_secrets(f"GET {path} 200")


def test_opening_a_link_changes_nothing(committee, version, client, path):
    before = Agreement.objects.count(), Version.objects.values_list("state", flat=True)[0]
    for method in (client.get, client.head):
        assert method(path).status_code == 200
    assert (Agreement.objects.count(), Version.objects.values_list("state", flat=True)[0]) == before
    assert mail.outbox == []
    assert "_auth_user_id" not in client.session


def test_the_page_of_a_link_asks_a_few_queries_for_many_points(
    committee, client, django_assert_max_num_queries
):
    versions = [committee.proposed(f"Point {n}") for n in range(12)]
    dossier = send_dossier(committee.convention, versions, title="A", by=committee.coordinator)
    path = path_of(committee.caf_member, DOSSIER, dossier.pk, committee.caf.pk)
    client.get(path)
    with django_assert_max_num_queries(40):
        client.get(path)


# Answering -----------------------------------------------------------------------------------


def test_no_form_of_the_page_answers(committee, version, client, path):
    for sent in ({"reponse": "accord"}, {"geste": "accord"}, {"geste": "confirmer"}, {}):
        assert client.post(path, sent).status_code == 302
    client.post(url(committee, "answer", version.pk), {"reponse": "accord", "last_rank": 0})
    assert not Agreement.objects.exists()


def test_a_code_mailed_then_leads_to_the_very_page(committee, version, client, path):
    response = client.post(path, {"geste": "code"})
    target = url(committee, "point", version.pk)
    assert parse_qs(urlsplit(response.url).query) == {"next": [target]}
    assert mail.outbox[-1].to == [committee.caf_member.email]
    assert not get_user(client).is_authenticated
    back = client.post(response.url, {"code": code_in_mail(), "next": target})
    assert back.url == target
    assert get_user(client) == committee.caf_member
    assert client.get(target).status_code == 200


def test_a_second_click_mails_the_same_code(version, client, path):
    response = client.post(path, {"geste": "code"})
    first = code_in_mail()
    client.post(path, {"geste": "code"})
    assert code_in_mail() == first
    assert client.post(response.url, {"code": first}).status_code == 302


def test_a_wrong_code_opens_nothing(committee, version, client, path):
    response = client.post(path, {"geste": "code"})
    client.post(response.url, {"code": "BBBB-BBBB"})
    assert not get_user(client).is_authenticated


def test_codes_are_sent_three_times_at_most_in_a_row(client, path):
    statuses = [client.post(path, {"geste": "code"}).status_code for _ in range(5)]
    assert statuses == [302, 302, 302, 429, 429]
    assert len(mail.outbox) == 3


def test_the_password_leads_to_the_very_page(committee, version, client, path):
    html = client.get(path).content.decode()
    [link] = re.findall(r'href="([^"]+)">Avec mon mot de passe', html)
    assert parse_qs(urlsplit(link).query) == {"next": [url(committee, "point", version.pk)]}


def test_a_logged_in_person_comes_to_the_very_page_at_once(committee, version, client, path):
    client.force_login(committee.caf_member)
    response = client.get(path)
    assert (response.status_code, response.url) == (302, url(committee, "point", version.pk))


def test_who_speaks_for_several_comes_to_the_one_that_is_asked(committee, version, client):
    user = committee.caf_member
    f.MembershipFactory(organisation=committee.epci, user=user, reader=True)
    SeatFactory(organisation=committee.epci, user=user)
    client.force_login(user)
    path = path_of(user, POINT, version.pk, committee.epci.pk)
    assert client.get(path).url.endswith(f"?pour={committee.epci.pk}")


def test_somebody_else_s_log_in_gives_no_answer(committee, version, client, path):
    client.force_login(committee.epci_member)
    text = page_of(client.get(path))
    assert "celle d’un autre compte" in text
    assert "code reçu par courriel" not in text
    client.post(path, {"geste": "code"})
    assert mail.outbox == []
    assert get_user(client) == committee.epci_member


# Abuse ---------------------------------------------------------------------------------------


def forged(path, old, new) -> str:
    assert old in path
    return path.replace(old, new, 1)


def test_an_altered_link_does_not_exist(committee, version, client, path):
    other = committee.proposed("Former")
    token = path.split("/")[2]
    payload, signature = token.rsplit(":", 1)
    user, what, organisation, issued = payload.split(".")
    epci = committee.epci_member.pk
    for text in (
        f"{epci}.{what}.{organisation}.{issued}",
        f"{user}.p{other.pk}.{organisation}.{issued}",
        f"{user}.l{committee.convention.pk}.{organisation}.{issued}",
        f"{user}.{what}.{committee.epci.pk}.{issued}",
        f"{user}.{what}.0.{issued}",
        f"{user}.{what}.{organisation}.{int(issued) + 86400}",
    ):
        response = client.get(reverse("committee:link", args=[f"{text}:{signature}"]))
        page_of(response, 404)


@pytest.mark.parametrize("token", [
    "x", ":", "1.p1.1.1:", "1.p1.1.1:abc", "0.p1.1.1:abc", "1.z1.1.1:abc", "é:é", "1.p1.1.1",
    "9" * 30 + ".p1.1.1:abc", "1.p1.1." + "9" * 40 + ":abc", "%00:x", "1.p١.1.1:abc",
])  # fmt: skip
def test_an_invalid_token_is_not_found(client, token):
    assert client.get(reverse("committee:link", args=[token])).status_code == 404
    assert client.post(reverse("committee:link", args=[token])).status_code == 404


def test_a_token_signed_for_somebody_else_is_refused(committee, version, path):
    """The token names one person and is signed with the key of another."""
    token = path.split("/")[2]
    assert parse_token(token).user == committee.caf_member
    swapped = token.replace(f"{committee.caf_member.pk}.", f"{committee.epci_member.pk}.", 1)
    assert parse_token(swapped) is None


def test_a_link_lasts_fourteen_days(committee, version, client):
    now = timezone.now().replace(microsecond=0)
    args = committee.caf_member, POINT, version.pk, committee.caf.pk
    fresh = Link(*args, now - LIFETIME + datetime.timedelta(minutes=1))
    old = Link(*args, now - LIFETIME)
    early = Link(*args, now + datetime.timedelta(hours=1))
    assert client.get(reverse("committee:link", args=[fresh.token])).status_code == 200
    for link in (old, early):
        text = closed(client, reverse("committee:link", args=[link.token]))
        assert "quatorze jours" in text


@pytest.mark.parametrize("how", ["in_force", "withdrawn", "replaced"])
def test_a_link_to_a_settled_point_is_closed(committee, version, client, path, how):
    if how == "in_force":
        committee.agree(version)
    elif how == "withdrawn":
        drafts.withdraw_version(version, reason="Non", by=committee.coordinator)
    else:
        committee.edited(version, title="Autrement")
    assert "n’est plus en discussion" in closed(client, path)


def test_a_dossier_called_back_or_complete_is_closed(committee, version, client):
    dossier = send_dossier(committee.convention, [version], title="M", by=committee.coordinator)
    path = path_of(committee.caf_member, DOSSIER, dossier.pk, committee.caf.pk)
    recall_dossier(dossier, by=committee.coordinator)
    assert "n’est plus en discussion" in closed(client, path)
    again = send_dossier(committee.convention, [version], title="M", by=committee.coordinator)
    path = path_of(committee.caf_member, DOSSIER, again.pk, committee.caf.pk)
    committee.agree(version)
    assert "n’est plus en discussion" in closed(client, path)


def test_a_link_is_closed_once_the_seat_ends(committee, version, client, path):
    committee.caf_seat.ends_on = yesterday()
    committee.caf_seat.save()
    assert "n’a plus accès" in closed(client, path)


def test_a_link_is_closed_once_the_access_ends(committee, version, client, path):
    Membership.objects.filter(user=committee.caf_member).update(ended_at=timezone.now())
    assert "n’a plus accès" in closed(client, path)


def test_a_link_is_closed_once_the_account_is_closed(committee, version, client, path):
    committee.caf_member.is_active = False
    committee.caf_member.save()
    assert "n’a plus accès" in closed(client, path)


def test_a_link_is_404_once_the_mail_address_has_changed(committee, version, client, path):
    committee.caf_member.email = "nouvelle@exemple.fr"
    committee.caf_member.save()
    assert client.get(path).status_code == 404


def test_a_link_shows_no_other_convention(committee, version, client):
    stranger = committee_of().caf_member
    path = path_of(stranger, POINT, version.pk)
    assert "n’a plus accès" in closed(client, path)
    assert "n’a plus accès" in closed(client, path_of(stranger, POINT, 999_999))
    assert "n’a plus accès" in closed(client, path_of(stranger, DOSSIER, 999_999))
    assert "n’a plus accès" in closed(client, path_of(stranger, POINTS, 999_999))


def test_a_draft_is_not_shown(committee, client):
    draft = committee.draft("Brouillon")
    path = path_of(committee.coordinator, POINT, draft.pk)
    assert "n’a plus accès" in closed(client, path)


def test_a_closed_link_takes_no_post_either(committee, version, client, path):
    drafts.withdraw_version(version, reason="Non", by=committee.coordinator)
    assert client.post(path, {"geste": "code"}).status_code == 410
    assert mail.outbox == []


def test_a_link_is_opened_a_limited_number_of_times_a_minute(client, path, monkeypatch):
    monkeypatch.setattr(throttling, "OPENED_A_MINUTE", 4)
    # More than two minutes allow, should one end meanwhile.
    statuses = {client.get(path).status_code for _ in range(9)}
    assert statuses == {200, 429}


def test_the_forms_of_a_link_require_the_page_s_token(path):
    from django.test import Client  # noqa: PLC0415

    assert Client(enforce_csrf_checks=True).post(path, {"geste": "code"}).status_code == 403


# Cutting -------------------------------------------------------------------------------------


def test_cut_links_are_closed_and_later_ones_open(committee, version, client, path):
    client.force_login(committee.caf_member)
    cut = reverse("committee:cut_links")
    page_of(client.get(cut))
    assert not LinksCut.objects.exists()
    client.post(cut)
    client.logout()
    assert "rendu inutilisable" in closed(client, path)
    LinksCut.objects.update(cut_at=timezone.now() - datetime.timedelta(seconds=2))
    later = path_of(committee.caf_member, POINT, version.pk, committee.caf.pk)
    assert client.get(later).status_code == 200


def test_links_cut_by_their_person_leave_those_of_others(committee, version, client, path):
    cut_links(by=committee.epci_member)
    assert client.get(path).status_code == 200
    assert client.post(reverse("committee:cut_links")).status_code == 302


# Handing on ----------------------------------------------------------------------------------


def hand_on(client, path, seat):
    return client.post(path, {"geste": "transmettre", "siege": seat.pk}, follow=True)


def test_a_member_s_link_is_handed_on_to_the_substitute(committee, version, client, path):
    seat = SeatFactory(organisation=committee.caf, substitute=True)
    assert f"Transmettre à {seat.name}" in page_of(client.get(path))
    assert f"Transmis à {seat.name}" in page_of(hand_on(client, path, seat))
    [message] = mail.outbox
    assert message.to == [seat.user.email]
    assert f"{committee.caf_member} vous transmet" in on_one_line(message.subject)
    assert "suppléance de la Caf d’Exemple" in on_one_line(message.body)
    own = urlsplit(links_in(message)[0]).path
    assert own != path
    assert parse_token(own.split("/")[2]).user == seat.user
    assert f"adressée à {seat.user}" in on_one_line(page_of(client.get(own)))
    # It gives no voice: the member is there.
    client.force_login(seat.user)
    assert "D’accord" not in page_of(client.get(client.get(own).url))


def test_the_link_of_many_points_is_handed_on_to_the_substitute(committee, version, client):
    seat = SeatFactory(organisation=committee.caf, substitute=True)
    path = path_of(committee.caf_member, POINTS, committee.convention.pk, committee.caf.pk)
    hand_on(client, path, seat)
    own = urlsplit(links_in(mail.outbox[-1])[0]).path
    text = page_of(client.get(own))
    assert "Un point attend la réponse de la Caf d’Exemple" in text
    assert "Ouvrir deux espaces" in text
    committee.agree(version, committee.caf_member)
    assert "n’est plus en discussion" in closed(client, own)


def test_a_link_is_handed_on_to_substitutes_only(committee, version, client, path):
    others = [
        committee.epci_seat,
        SeatFactory(organisation=committee.epci, substitute=True),
        SeatFactory(organisation=committee.caf, adviser=True),
        SeatFactory(organisation=committee.caf, substitute=True, user=None),
        SeatFactory(organisation=committee.caf, substitute=True, ends_on=yesterday()),
    ]
    assert "Transmettre" not in page_of(client.get(path))
    for seat in others:
        assert hand_on(client, path, seat).status_code == 404
    for sent in ("", "x", "999999"):
        assert client.post(path, {"geste": "transmettre", "siege": sent}).status_code == 404
    assert mail.outbox == []


def test_a_substitute_of_another_member_is_not_offered(committee, version, client, path):
    other = SeatFactory(organisation=committee.caf)
    SeatFactory(organisation=committee.caf, substitute=True, substitute_for=other)
    assert "Transmettre" not in page_of(client.get(path))


def test_a_substitute_or_an_adviser_hands_nothing_on(committee, version, client):
    substitute = SeatFactory(organisation=committee.caf, substitute=True)
    adviser = SeatFactory(organisation=committee.caf, adviser=True)
    for seat in (substitute, adviser):
        path = path_of(seat.user, POINT, version.pk, committee.caf.pk)
        assert "Transmettre" not in page_of(client.get(path))


def test_a_link_is_handed_on_a_limited_number_of_times(committee, version, client, path):
    seat = SeatFactory(organisation=committee.caf, substitute=True)
    statuses = [hand_on(client, path, seat).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert len(mail.outbox) == 3
    # An answer is still the person's alone.
    assert not Agreement.objects.exists()


def test_once_the_member_is_absent_the_substitute_answers(committee, version, client):
    seat = SeatFactory(organisation=committee.caf, substitute=True)
    committee.caf_seat.ends_on = yesterday()
    committee.caf_seat.save()
    path = path_of(seat.user, POINT, version.pk, committee.caf.pk)
    client.force_login(seat.user)
    assert "D’accord" in page_of(client.get(client.get(path).url))
    answers.answer(Reply(version), by=seat.user)
