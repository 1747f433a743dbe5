"""Nothing typed is lost: what a form carried is kept for its person, and for nobody else."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import formats, timezone

from ctg_portal.forms import typed
from ctg_portal.house import house
from indicators.models import Campaign
from tests import factories as f
from tests.accounts.reading import read, title, tree_of
from tests.indicators.values.entering import fields_of
from tests.personas import build_scene
from tests.role_table import ROUTES
from tests.stories import told_once

FIELD = re.compile(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"')
KEPT = "/saisies-gardees/"
MESSAGE = "Les chiffres de la rentrée, s’il vous plaît."


def fields_in(html: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that is sent there."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', html, re.DOTALL)[0]
    return dict(FIELD.findall(form))


@pytest.fixture
def coordinator(db):
    return f.MembershipFactory(coordinator=True)


@pytest.fixture
def page(coordinator):
    """Where the collection of a year is prepared."""
    return reverse("indicators:prepare_campaign", args=[coordinator.convention.slug])


@pytest.fixture
def browser():
    """One that is held to the tokens of forms, as in production."""
    return Client(enforce_csrf_checks=True)


def log_in(browser, user, follow=True):
    html = browser.get("/connexion/?next=" + KEPT).content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', html)[1]
    sent = {"login": user.email, "password": f.PASSWORD, "csrfmiddlewaretoken": token}
    return browser.post("/connexion/?next=" + KEPT, sent, follow=follow)


@pytest.fixture
def filled(browser, coordinator, page):
    """The form of a collection, being filled."""
    log_in(browser, coordinator.user)
    html = browser.get(page).content.decode()
    form = re.search(r'<form[^>]*>(?:(?!</form>).)*name="year".*?</form>', html, re.DOTALL)[0]
    year = coordinator.convention.years(timezone.localdate())[0]
    sent = dict(FIELD.findall(form)) | {
        "year": str(year),
        "due_on": f"{year + 1}-06-30",
        "message": MESSAGE,
    }
    assert typed.MARK in sent
    return sent


def is_prepared() -> bool:
    return Campaign.objects.filter(message=MESSAGE).exists()


def resend(browser, page):
    html = browser.get(KEPT).content.decode()
    return browser.post(page, fields_in(html, page), follow=True)


def test_after_the_session_its_person_sends_again_what_was_typed(
    browser, coordinator, page, filled
):
    Session.objects.all().delete()
    response = browser.post(page, filled, follow=True)
    assert "Ce que vous avez saisi est gardé pour vous" in read(response)
    assert not is_prepared()
    assert title(log_in(browser, coordinator.user)).startswith("Vous aviez saisi ceci")
    resend(browser, page)
    assert is_prepared()
    assert typed.kept_for(coordinator.user) == []


def test_somebody_else_at_that_desk_is_shown_nothing(browser, coordinator, page, filled):
    Session.objects.all().delete()
    browser.post(page, filled)
    text = read(log_in(browser, f.UserFactory()))
    assert "Rien de ce que vous avez saisi" in text
    assert MESSAGE not in browser.get(KEPT).content.decode()
    assert len(typed.kept_for(coordinator.user)) == 1


def test_a_form_of_before_the_last_log_in_is_offered_again(browser, coordinator, page, filled):
    """The token of the open page is that of the former log-in."""
    Session.objects.all().delete()
    log_in(browser, coordinator.user)
    response = browser.post(page, filled, follow=True)
    assert title(response).startswith("Vous aviez saisi ceci")
    resend(browser, page)
    assert is_prepared()


@pytest.mark.parametrize("has_token", [True, False])
def test_a_form_of_somebody_else_is_not_saved_in_ones_name(
    browser, coordinator, page, filled, has_token
):
    colleague = f.MembershipFactory(
        coordinator=True, organisation__convention=coordinator.organisation.convention
    )
    Session.objects.all().delete()
    log_in(browser, colleague.user)
    if has_token:
        filled["csrfmiddlewaretoken"] = browser.cookies["csrftoken"].value
    response = browser.post(page, filled)
    assert "rien n’est enregistré en votre nom" in read(response, status=409)
    assert not is_prepared()
    log_in(Client(), coordinator.user)
    assert len(typed.kept_for(coordinator.user)) == 1
    assert typed.kept_for(colleague.user) == []


def test_who_logs_in_elsewhere_is_led_to_what_was_kept(browser, coordinator, page, filled):
    Session.objects.all().delete()
    browser.post(page, filled)
    sent = {"login": coordinator.user.email, "password": f.PASSWORD}
    assert Client().post("/connexion/", sent).url == KEPT


def test_files_are_to_be_joined_again_and_prose_can_be_copied(browser, coordinator, page, filled):
    Session.objects.all().delete()
    prose = "Trois lignes\r\nque l’on a mis\r\nune heure à écrire."
    file = SimpleUploadedFile("délibération.pdf", b"%PDF")
    browser.post(page, filled | {"text": prose, "file": file})
    text = read(log_in(browser, coordinator.user))
    assert "joignez de nouveau délibération.pdf" in text
    assert "une heure à écrire." in text


def test_a_kept_form_that_is_not_wanted_is_erased(browser, coordinator, page, filled):
    Session.objects.all().delete()
    browser.post(page, filled)
    html = log_in(browser, coordinator.user).content.decode()
    browser.post(KEPT, fields_in(html, KEPT))
    assert typed.kept_for(coordinator.user) == []


def test_passwords_and_lone_buttons_are_not_kept(browser, coordinator, filled):
    Session.objects.all().delete()
    mark = {name: filled[name] for name in ("csrfmiddlewaretoken", typed.MARK)}
    secret = {"oldpassword": "a", "password1": "b", "password2": "b"}
    browser.post("/compte/mot-de-passe/", mark | secret)
    browser.post("/conventions/", mark)
    assert typed.kept_for(coordinator.user) == []


@pytest.mark.parametrize("origin", ["https://ailleurs.example", "null"])
def test_a_form_of_another_site_is_kept_for_nobody(browser, coordinator, page, filled, origin):
    """Who has seen the mark once in the source of a page plants no form."""
    Session.objects.all().delete()
    browser.post(page, filled, headers={"Origin": origin})
    assert typed.kept_for(coordinator.user) == []


def test_a_mark_of_former_days_keeps_nothing(browser, coordinator, page, filled, monkeypatch):
    Session.objects.all().delete()
    monkeypatch.setattr(typed, "MARK_LIFETIME", timedelta(seconds=-1))
    browser.post(page, filled)
    assert typed.kept_for(coordinator.user) == []


def test_a_binding_form_is_given_back_and_not_sent_from_elsewhere(db, scene, browser):
    """An answer in a party's name is given on its page, which says what it is about."""
    member = scene.people["member"]
    page = reverse("committee:answer", kwargs=ROUTES["committee:answer"].kwargs(scene))
    mark = {typed.MARK: typed.mark_of(member)}
    browser.post(page, mark | {"answer": "agreed"})
    assert typed.kept_for(member) == []
    browser.post(page, mark | {"answer": "change_requested", "text": TEXT})
    [typed_form] = typed.kept_for(member)
    log_in(browser, member)
    shown = browser.get(KEPT).content.decode()
    assert TEXT in shown
    assert f'href="{typed_form.page}"' in shown
    assert f'action="{page}"' not in shown


@pytest.mark.parametrize("name", ["committee:retract", "committee:refuse"])
@pytest.mark.parametrize("text", ["Pas moi.", "Je n’ai rien signé"])
def test_a_short_text_of_a_binding_form_is_given_back(db, scene, browser, name, text):
    member = scene.people["member"]
    page = reverse(name, kwargs=ROUTES[name].kwargs(scene))
    mark = {typed.MARK: typed.mark_of(member)}
    browser.post(page, mark | {"seen": "12:3 14:1", "day": "2024-04-10"})
    assert typed.kept_for(member) == []
    browser.post(page, mark | {"reason": text, "seen": "12:3 14:1"})
    [typed_form] = typed.kept_for(member)
    assert typed_form.prose == [text]


def test_a_form_that_does_not_bind_may_be_sent_from_elsewhere(db, scene, browser):
    """The form has the address, of one line, to which a link is sent."""
    user, name = scene.people["coordinator"], "indicators:send_link"
    page = reverse(name, kwargs=ROUTES[name].kwargs(scene))
    sent = {typed.MARK: typed.mark_of(user), "address": "contact@les-lilas.example"}
    browser.post(page, sent)
    [typed_form] = typed.kept_for(user)
    assert ("address", "contact@les-lilas.example") in typed_form.fields
    log_in(browser, user)
    assert f'action="{page}"' in browser.get(KEPT).content.decode()


def test_routes_that_bind_are_routes():
    assert set(" ".join(house().binding).split()) <= set(ROUTES)


def test_a_second_person_verifies_on_the_page_alone(db, scene, browser):
    victim = scene.people["contributor"]
    name = "indicators:verify_values"
    page = reverse(name, kwargs=ROUTES[name].kwargs(scene))
    browser.post(page, {typed.MARK: typed.mark_of(victim), "valeur": ["1 1-2"]})
    assert typed.kept_for(victim) == []


@pytest.mark.parametrize("name", ["access", "end_membership"])
def test_nobody_is_let_in_by_a_form_that_somebody_else_has_planted(db, scene, browser, name):
    """A kept form would be sent in one click, without being read again."""
    victim = scene.people["coordinator"]
    page = reverse(f"conventions:{name}", kwargs=ROUTES[f"conventions:{name}"].kwargs(scene))
    planted = {"email": "alias@ailleurs.example", "roles": "coordinator"}
    browser.post(page, {typed.MARK: typed.mark_of(victim)} | planted)
    assert typed.kept_for(victim) == []


def test_a_refused_form_is_kept_until_it_is_taken(browser, coordinator, page, filled):
    """The event refuses the form that is sent again, and nothing is forgotten."""
    Session.objects.all().delete()
    browser.post(page, filled)
    log_in(browser, coordinator.user)
    coordinator.delete()
    assert resend(browser, page).status_code == 404
    assert len(typed.kept_for(coordinator.user)) == 1


def test_a_page_asks_whether_it_may_send(browser, coordinator, page, filled):
    def standing(mark):
        return browser.get(KEPT + "etat/", headers={typed.MARK_HEADER: mark}).json()

    assert standing(filled[typed.MARK])["standing"] == "same"
    assert standing(filled[typed.MARK])["csrf"]
    assert standing("0:inventé")["standing"] == "other"
    other = standing(typed.mark_of(f.UserFactory()))
    assert other == {"standing": "other", "csrf": ""}
    Session.objects.all().delete()
    assert standing(filled[typed.MARK])["standing"] == "ended"


def test_a_row_saved_by_itself_is_told_so_and_kept_by_its_page(browser, coordinator, page, filled):
    Session.objects.all().delete()
    htmx = {"HX-Request": "true"}
    assert browser.post(page, filled, headers=htmx).status_code == 401
    log_in(browser, f.UserFactory())
    assert browser.post(page, filled, headers=htmx).status_code == 409
    assert typed.kept_for(coordinator.user) == []


def test_the_end_of_the_session_is_told_before_it_comes(browser, coordinator, page, filled):
    assert "session se termine" not in read(browser.get("/compte/"))
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=90))
    hour = formats.time_format(timezone.localtime(Session.objects.get().expire_date), r"G\hi")
    assert f"Votre session se termine à {hour}" in read(browser.get("/compte/"))


TEXT = "Un texte qui a demandé une heure de travail."
LONG_FORMS = [
    ("coordinator", "evaluation:narrative", {}),
    ("coordinator", "evaluation:year_text", {}),
    ("coordinator", "evaluation:criterion", {}),
    ("coordinator", "actions:follow", {"part": f"bilan-{timezone.localdate().year}"}),
    ("coordinator", "actions:edit_section", {"section": "contenu"}),
    ("member", "committee:comment", {}),
    ("contributor", "indicators:entry", {}),
]


@told_once
def scene(db):
    return build_scene()


def long_form(response) -> dict[str, str]:
    """The form of a page in which one writes, with a text in each of its fields, but in those that
    say why there is no number: there are numbers."""
    root = tree_of(response.content.decode())
    forms = root.findall(".//form")
    [index] = [n for n, form in enumerate(forms) if list(form.iter("textarea"))][:1]
    names = {one.get("name") for one in forms[index].iter("textarea")}
    written = {name for name in names if not name.endswith("-reason")}
    return fields_of(response, index) | dict.fromkeys(written, TEXT)


@pytest.mark.parametrize(("persona", "name", "place"), LONG_FORMS, ids=str)
def test_wherever_one_writes_the_text_is_found_again(db, scene, browser, persona, name, place):
    user = scene.people[persona]
    page = reverse(name, kwargs=ROUTES[name].kwargs(scene) | place)
    log_in(browser, user)
    sent = long_form(browser.get(page))
    Session.objects.all().delete()
    assert browser.post(page, sent).url.startswith("/connexion/")
    log_in(browser, user)
    [typed_form] = typed.kept_for(user)
    assert typed_form.prose[0] == TEXT
    answer = browser.post(page, fields_of(browser.get(KEPT), 1))
    assert answer.status_code == 302
    assert typed.kept_for(user) == []


FIGURE = "12"
FORMS = [
    ("contributor", "indicators:grid"),
    ("contributor", "indicators:table"),
    ("contributor", "indicators:table_figure"),
    ("contributor", "indicators:table_whole"),
    ("contributor", "indicators:paste_table"),
    ("coordinator", "indicators:comparison"),
]


def filled_in(page: str, response) -> tuple[str, dict[str, str], set[str]]:
    """The form of a page with the most to be typed: where it goes, filled in; what was typed."""
    forms = tree_of(response.content.decode()).findall(".//form")
    typed_in = [
        [field.get("name") for field in form.iter() if _is_typed(field)]
        if form.get("method") == "post" else []
        for form in forms
    ]  # fmt: skip
    at = max(range(len(forms)), key=lambda at: len(typed_in[at]))
    long = {field.get("name") for field in forms[at].iter("textarea")}
    values = {name: TEXT if name in long else FIGURE for name in typed_in[at]}
    return forms[at].get("action") or page, fields_of(response, at) | values, set(typed_in[at])


def _is_typed(field) -> bool:
    is_text = field.tag == "input" and field.get("type") in (None, "text", "number", "email")
    return bool(field.get("name")) and (field.tag == "textarea" or is_text)


@pytest.mark.parametrize(("persona", "name"), FORMS, ids=str)
def test_whatever_is_typed_after_the_session_is_kept(db, scene, browser, persona, name):
    """Rows of figures are kept as well as texts, and a binding form gives its texts back."""
    user = scene.people[persona]
    page = reverse(name, kwargs=ROUTES[name].kwargs(scene))
    log_in(browser, user)
    address, sent, fields = filled_in(page, browser.get(page))
    assert fields
    Session.objects.all().delete()
    assert browser.post(address, sent).url.startswith("/connexion/")
    [typed_form] = typed.kept_for(user)
    assert fields <= {name for name, _text in typed_form.fields}
    assert not typed_form.binds or typed_form.prose == [TEXT]


# Refused as a whole: what was written is given back, whatever has become of the page -------------


def given_back(response, status: int) -> str:
    assert TEXT in response.content.decode()
    return read(response, status=status)


def test_who_no_longer_speaks_is_given_back_what_they_wrote(scene, client):
    member, seat = scene.people["member"], scene.committee.seat
    client.force_login(member)
    page = reverse("committee:answer", kwargs=ROUTES["committee:answer"].kwargs(scene))
    type(seat).objects.filter(pk=seat.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    answered = {"answer": "change_requested", "reason": TEXT, "pour": scene.organisation.pk}
    assert "Rien n’est enregistré" in given_back(client.post(page, answered), 409)
    assert not typed.kept_for(member)


def test_who_may_no_longer_write_is_given_back_what_they_wrote(scene, client):
    client.force_login(scene.people["reader"])
    name = "evaluation:narrative"
    page = reverse(name, kwargs=ROUTES[name].kwargs(scene))
    given_back(client.post(page, {"text": TEXT, "revision": "0"}), 403)


def test_who_is_no_longer_there_is_given_back_what_they_wrote(scene, client):
    client.force_login(scene.people["former"])
    name = "committee:comment"
    page = reverse(name, kwargs=ROUTES[name].kwargs(scene))
    given_back(client.post(page, {"text": TEXT}), 404)


def test_a_secret_is_not_given_back(client, db):
    client.force_login(f.UserFactory())
    secret = client.post("/nulle-part/", {"password1": "une phrase de passe très longue"})
    assert "phrase de passe" not in secret.content.decode()
