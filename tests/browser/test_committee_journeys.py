"""What the members of the committee do, played in the browser."""

import datetime
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect
from post_office.models import Email

from accounts.models import User
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Agreement, Answer, Version
from agreements.versions import events as drafts
from committee.dossiers import events as dossiers
from committee.models import Dossier
from committee.objectives import events as objectives
from conventions.models import Convention, Objective, Origin, Standing
from tests.agreements.factories import WHY
from tests.browser.conftest import NARROW
from tests.browser.gestures import send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REAL = "/conventions/grand-chatellerault/"
# What the focus is on, by its label where it is a field.
NAMED = """() => {
  const focused = document.activeElement;
  return (focused.labels?.[0] ?? focused).textContent;
}"""
CODE = re.compile(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})?)\s*$", re.MULTILINE)


def person(account: str) -> User:
    return User.objects.get(email=f"{account}@demo.example")


def last_mail(account: str, holding: str = "") -> str:
    mails = Email.objects.filter(to=f"{account}@demo.example", message__contains=holding)
    return mails.latest("pk").message


def propose(number: int) -> list[Version]:
    """That many new objectives of the committee, as the coordinator proposes them."""
    convention = Convention.objects.get(slug="grand-chatellerault")
    signed = Objective.objects.of(convention).level(1).filter(origin=Origin.SIGNATURE)
    by = person("coordination")
    found = []
    for n, orientation in enumerate(signed.in_reading_order()[:number], start=1):
        content = {"title": f"Ouvrir le lieu numéro {n}", "due_on": convention.end,
                   "measure": "Lieu ouvert", "is_priority": False}  # fmt: skip
        draft = objectives.add_objective(orientation, content, by=by)
        found.append(drafts.propose(draft, by=by, after_term=WHY))
    return found


def confirm(visitor) -> None:
    """Read again what one has noted, and give it."""
    visitor.go(f"{REAL}comite/mes-reponses/")
    visitor.page.get_by_role("button", name="Confirmer ma réponse").click()
    visitor.title_is("enregistrée")


def answer_all(account: str) -> None:
    """Have what awaits the agglomération be answered, so that what follows is all there is."""
    for version in Version.objects.proposed():
        if not Agreement.objects.filter(version=version, user=person(account)).exists():
            answers.answer(Reply(version), by=person(account))


class Actions:
    """Counts what a person does: each click, each field filled in, each link followed."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def open(self, url):
        self.count += 1
        self.page.goto(url)

    def fill(self, field, text):
        self.count += 1
        field.fill(text)

    def click(self, target):
        self.count += 1
        target.click()


def test_a_maire_answers_a_dossier_of_twelve_points_from_the_mail_on_a_telephone(visit):
    """In eight actions, the log-in by mailed code and the recap included."""
    visitor = visit(size=NARROW)
    answer_all("copil-agglo")
    versions = propose(12)
    dossier = dossiers.send_dossier(
        versions[0].convention, versions, title="Comité de printemps", by=person("coordination")
    )
    a_while_ago = timezone.now() - datetime.timedelta(minutes=30)
    Version.objects.filter(pk__in=[v.pk for v in versions]).update(proposed_at=a_while_ago)
    Dossier.objects.filter(pk=dossier.pk).update(sent_at=a_while_ago)
    call_command("send_due_mail", stdout=StringIO())
    message = last_mail("copil-agglo", "Ouvrir le lieu numéro")
    assert message.count("Ouvrir le lieu numéro") == 12

    page = visitor.page
    actions = Actions(page)
    actions.open(re.search(r"et répondre\W+(https?://\S+/lien/\S+/)", message)[1])
    visitor.title_is("Comité de printemps")
    actions.click(page.get_by_role("button", name="Répondre avec un code").first)
    expect(page.get_by_role("main")).to_contain_text("copil-agglo@demo.example")
    actions.fill(
        page.get_by_label(re.compile("code", re.IGNORECASE)).first,
        CODE.search(last_mail("copil-agglo"))[1],
    )
    actions.click(page.get_by_role("button", name=re.compile("Se connecter|Continuer|Valider")))
    visitor.title_is("Douze points attendent")
    actions.click(page.get_by_role("button", name="Être d’accord sur tout, sauf…"))
    visitor.title_is("Vous êtes sur le point de répondre à douze points")
    actions.click(page.get_by_role("button", name="Confirmer mes douze réponses"))
    visitor.title_is("réponses sont enregistrées")
    assert actions.count < 9
    given = Agreement.objects.filter(dossier_answer__dossier=dossier, answer=Answer.AGREED)
    assert given.count() == 12
    assert {entry.capacity for entry in given} == {"Vice-président chargé de la cohésion sociale"}


def test_all_but_one_are_agreed_to_in_one_act(visit):
    visitor = visit("copil-caf", NARROW)
    page = visitor.page
    dossier = Dossier.objects.get()
    visitor.go(f"{REAL}comite/dossiers/{dossier.pk}/")
    visitor.title_is("Trois points attendent la réponse")
    page.get_by_role("button", name="Être d’accord sur tout, sauf…").click()
    visitor.title_is("Vous êtes sur le point de répondre à trois points")
    assert not Agreement.objects.filter(dossier_answer__dossier=dossier).exists()
    page.get_by_role("link", name="Changer").last.click()
    page.get_by_role("link", name="Demander une modification").click()
    page.get_by_role("button", name="Noter cette réponse").click()
    expect(page.get_by_role("alert")).to_contain_text("À corriger")
    page.locator("textarea:visible").fill("Préciser les bassins de vie concernés.")
    page.get_by_role("button", name="Noter cette réponse").click()
    visitor.title_is("Vous êtes sur le point de répondre à trois points")
    page.get_by_role("button", name="Confirmer mes trois réponses").click()
    expect(page.get_by_role("main")).to_contain_text("jusque-là, vous pouvez tout annuler")
    visitor.go(f"{REAL}comite/dossiers/{dossier.pk}/")
    visitor.title_is("Vous avez répondu aux trois points")
    given = Agreement.objects.filter(dossier_answer__dossier=dossier, user=person("copil-caf"))
    assert sorted(given.values_list("answer", flat=True)) == [
        Answer.AGREED, Answer.AGREED, Answer.CHANGE_REQUESTED,
    ]  # fmt: skip


@pytest.mark.long
def test_a_mayor_answers_nine_points_by_telephone(visit):
    """In at most 25 taps, the recap included, nothing binding before it; the list of nine is short
    enough to be gone through."""
    answer_all("copil-agglo")
    propose(9)
    visitor = visit("copil-agglo", NARROW)
    page, taps = visitor.page, Actions(visitor.page)
    taps.open(f"{visitor.portal}{REAL}comite/")
    visitor.title_is("Neuf points attendent la réponse")
    screens = page.evaluate("document.documentElement.scrollHeight") / 800
    assert screens <= 4
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW[0]
    before = Agreement.objects.count()
    taps.click(page.get_by_role("link", name="Commencer par le premier"))
    for n in range(1, 8):
        expect(page.get_by_role("main")).to_contain_text(f"Point {n} sur 9")
        taps.click(page.get_by_role("button", name="D’accord"))
    taps.click(page.get_by_role("link", name="Demander une modification"))
    taps.fill(page.locator("textarea:visible"), "Trop loin des écoles.")
    taps.click(page.get_by_role("button", name="Noter cette réponse"))
    taps.click(page.get_by_role("button", name="D’accord"))
    visitor.title_is("Vous êtes sur le point de répondre à neuf points")
    assert Agreement.objects.count() == before
    taps.click(page.get_by_role("button", name="Confirmer mes neuf réponses"))
    visitor.title_is("réponses sont enregistrées")
    assert Agreement.objects.count() == before + 9
    assert taps.count <= 25
    page.get_by_role("button", name=re.compile("Annuler mes")).click()
    expect(page.get_by_role("status").first).to_contain_text("sont annulées")


@pytest.mark.long
def test_a_mayor_answers_nine_points_with_the_keyboard_alone(visit):
    """One after the other, one of them with a change asked for: within sixty presses of Tab."""
    answer_all("copil-agglo")
    propose(9)
    visitor = visit("copil-agglo")
    page, tabs = visitor.page, 0

    def reach(name: str, *, past: str = "") -> None:
        """Tab to what is so named; first by the link that leads past the menu or the page."""
        nonlocal tabs
        if past:
            reach(past)
            page.keyboard.press("Enter")
        for _ in range(60):
            page.keyboard.press("Tab")
            tabs += 1
            if name in page.evaluate(NAMED):
                return
        raise AssertionError(f"{name} is out of reach")

    def press(name: str, *, past: str = "") -> None:
        reach(name, past=past)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    visitor.go(f"{REAL}comite/")
    press("Commencer par le premier", past="Aller au contenu")
    for n in range(1, 9):
        expect(page.get_by_role("main")).to_contain_text(f"Point {n} sur 9")
        press("D’accord", past="Aller à la réponse")
    press("Demander une modification", past="Aller à la réponse")
    reach("Ce qui est à modifier, et pourquoi", past="Aller au contenu")
    page.keyboard.type("Trop loin des écoles.")
    press("Noter cette réponse")
    visitor.title_is("Vous êtes sur le point de répondre à neuf points")
    press("Confirmer mes neuf réponses", past="Aller à la confirmation")
    visitor.title_is("réponses sont enregistrées")
    assert tabs <= 60


def test_a_director_of_the_caf_answers_a_dossier_of_twelve_in_twelve_clicks(visit):
    answer_all("copil-caf")
    versions = propose(12)
    dossier = dossiers.send_dossier(
        versions[0].convention, versions, title="Comité de printemps", by=person("coordination")
    )
    visitor = visit("copil-caf")
    page, clicks = visitor.page, Actions(visitor.page)
    clicks.open(f"{visitor.portal}{REAL}comite/dossiers/{dossier.pk}/")
    visitor.title_is("Douze points attendent la réponse")
    clicks.click(page.get_by_role("button", name="Être d’accord sur tout, sauf…"))
    visitor.title_is("Vous êtes sur le point de répondre à douze points")
    clicks.click(page.get_by_role("link", name="Changer").first)
    clicks.click(page.get_by_role("link", name="Autre…"))
    clicks.click(page.get_by_role("link", name="À inscrire à l’ordre du jour"))
    clicks.click(page.get_by_role("button", name="Noter cette réponse"))
    assert not Agreement.objects.filter(version__in=versions).exists()
    clicks.click(page.get_by_role("button", name="Confirmer mes douze réponses"))
    visitor.title_is("réponses sont enregistrées")
    assert Agreement.objects.filter(dossier_answer__dossier=dossier).count() == 12
    assert clicks.count <= 12


def test_a_director_of_the_caf_agrees_by_delegation(visit):
    title = "Ouvrir deux espaces France Services de plus avant la fin de 2024"
    visitor = visit("delegation-caf")
    page = visitor.page
    visitor.go(REAL)
    page.get_by_role("link", name="Répondre").first.click()
    visitor.title_is("Onze points attendent la réponse de la Caf de la Vienne")
    page.get_by_role("link", name=f"Lire et répondre : {title}").click()
    send(page, page.get_by_role("button", name="D’accord"))
    visitor.go(f"{REAL}comite/")
    page.get_by_role("link", name="Relire et confirmer la réponse notée").click()
    page.get_by_role("button", name="Confirmer ma réponse").click()
    expect(page.get_by_role("main")).to_contain_text("entre en vigueur")
    visitor.go(f"{REAL}comite/")
    visitor.title_is("Dix points attendent")
    page.get_by_role("link", name="Registre").click()
    expect(page.get_by_role("main")).to_contain_text(
        "Directeur adjoint, par délégation d’Hélène Marchand (Directrice)"
    )
    visitor.go(REAL + "axes/")
    line = page.locator("li", has_text=title).last
    expect(line).to_contain_text("défini par le comité")


@pytest.mark.long
def test_an_adviser_gives_an_avis_and_never_an_agreement(visit):
    visitor = visit("adviser-caf")
    page = visitor.page
    visitor.go(REAL + "comite/")
    page.get_by_role("link", name="Ouvrir deux espaces France Services").first.click()
    expect(page.get_by_role("button", name="D’accord")).to_have_count(0)
    page.get_by_role("link", name="Donner un avis").click()
    page.get_by_label("Avis réservé").check()
    page.get_by_label("Vos observations").fill("Le second espace doit desservir le sud.")
    page.get_by_role("button", name=re.compile("avis")).click()
    expect(page.get_by_role("main")).to_contain_text("Avis réservé enregistré : « Ouvrir deux")
    page.get_by_role("link", name="Précédent").click()
    expect(page.get_by_role("main")).to_contain_text("Le second espace doit desservir le sud")
    entry = Agreement.objects.opinions().latest("pk")
    assert (entry.answer, entry.person_name) == (Answer.RESERVED, "Paul Roux")


@pytest.mark.long
def test_a_change_is_asked_edited_proposed_again_agreed_and_in_force(visit):
    """Caf asks, the coordinator edits, both agree; the axes page shows it, the old one is read."""
    old = "Proposer un accueil de loisirs le mercredi à moins de vingt minutes de chaque commune"
    new = "Proposer un accueil de loisirs le mercredi à moins de quinze minutes de chaque commune"
    caf, agglo, coordination = visit("copil-caf"), visit("copil-agglo"), visit("coordination")
    page = caf.page
    caf.go(REAL + "comite/")
    page.get_by_role("link", name=f"Lire et répondre : {old}").click()
    page.get_by_role("link", name="Demander une modification").click()
    page.get_by_label("Ce qui est à modifier, et pourquoi").fill("Vingt minutes, c’est trop.")
    send(page, page.get_by_role("button", name="Noter cette réponse"))
    confirm(caf)

    page = coordination.page
    coordination.go(REAL + "comite/")
    page.get_by_role("link", name=old).first.click()
    expect(page.get_by_role("main")).to_contain_text("Vingt minutes, c’est trop")
    page.get_by_role("link", name="Écrire une autre version").click()
    page.get_by_label("Intitulé").fill(new)
    page.get_by_role("button", name=re.compile("Proposer")).first.click()
    page.get_by_label("Pourquoi le proposer maintenant").fill(WHY)
    send(page, page.get_by_role("button", name="Proposer au comité"))
    expect(page.get_by_role("main")).to_contain_text("quinze")

    for visitor in (caf, agglo):
        visitor.go(REAL + "comite/")
        visitor.page.get_by_role("link", name=f"Lire et répondre : {new}").click()
        visitor.page.get_by_role("button", name="D’accord").click()
        confirm(visitor)
    expect(agglo.page.get_by_role("main")).to_contain_text("en vigueur")
    agglo.go(REAL + "axes/")
    expect(agglo.page.locator("li", has_text=new).last).to_contain_text("défini par le comité")
    version = Version.objects.in_force().get(title=new)
    assert version.subject.standing == Standing.IN_FORCE
    agglo.go(f"{REAL}comite/points/{version.pk}/")
    agglo.page.locator("summary", has_text="versions de ce point").click()
    agglo.page.get_by_role("link", name="Version 1").click()
    agglo.title_is(old)
    expect(agglo.page.get_by_role("main")).to_contain_text("Vingt minutes, c’est trop")
