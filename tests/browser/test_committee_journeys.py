"""What the members of the committee do, played in the browser: answering on a telephone, from the
mail or from the list; with the keyboard alone; bringing a point from one version to the next.
"""

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
from ctg_portal import demo
from tests.agreements.factories import WHY
from tests.browser.conftest import NARROW
from tests.browser.gestures import Acts, assert_fits, send
from tests.browser.heights import JOB, SCREEN

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


def propose(number: int, after: int = 0) -> list[Version]:
    """That many new objectives of the committee, as the coordinator proposes them; their numbers
    begin after that one."""
    convention = Convention.objects.get(slug="grand-chatellerault")
    signed = Objective.objects.of(convention).level(1).filter(origin=Origin.SIGNATURE)
    by = person("coordination")
    versions = []
    orientations = signed.in_reading_order()[after : after + number]
    for n, orientation in enumerate(orientations, start=after + 1):
        content = {"title": f"Ouvrir le lieu numéro {n}", "due_on": convention.end,
                   "measure": "Lieu ouvert", "is_priority": False}  # fmt: skip
        draft = objectives.add_objective(orientation, content, by=by)
        versions.append(drafts.propose(draft, by=by, after_term=WHY))
    return versions


def confirm(visitor) -> None:
    """Read again what one has noted, and give it."""
    visitor.go(f"{REAL}comite/mes-reponses/")
    visitor.page.get_by_role("button", name="Confirmer ma réponse").click()
    visitor.title_is("enregistrée")


def answer_all(account: str) -> None:
    """Have what awaits that member be answered, so that what follows is all there is."""
    for version in Version.objects.proposed():
        given = Agreement.objects.by_parties().filter(version=version, user=person(account))
        if not given.exists():
            answers.answer(Reply(version), by=person(account))


@pytest.mark.long
def test_members_answer_on_a_telephone(visit):
    """A maire answers from the mail, a director agrees to all but one point, and the maire answers
    again."""
    answer_all("copil-agglo")
    answer_all("copil-caf")
    versions = propose(12)
    dossier = dossiers.send_dossier(
        versions[0].convention, versions, title="Comité de printemps", by=person("coordination")
    )
    member = visit(size=NARROW)
    answer_from_the_mail(member, dossier, versions)
    answer_all_but_one(member.log_in("copil-caf"), dossier)
    propose(9, after=12)
    answer_one_by_one(member.log_in("copil-agglo"))


def answer_from_the_mail(member, dossier, versions):
    """In eight acts, the log-in by mailed code and the recap included."""
    a_while_ago = timezone.now() - datetime.timedelta(minutes=30)
    Version.objects.filter(pk__in=[v.pk for v in versions]).update(proposed_at=a_while_ago)
    Dossier.objects.filter(pk=dossier.pk).update(sent_at=a_while_ago)
    call_command("send_due_mail", stdout=StringIO())
    message = last_mail("copil-agglo", "Ouvrir le lieu numéro")
    assert message.count("Ouvrir le lieu numéro") == 12

    page, acts = member.page, Acts(member.page)
    acts.open(re.search(r"et répondre\W+(https?://\S+/lien/\S+/)", message)[1])
    member.title_is("Comité de printemps")
    acts.click(page.get_by_role("button", name="Répondre avec un code").first)
    expect(page.get_by_role("main")).to_contain_text("copil-agglo@demo.example")
    acts.fill(
        page.get_by_label(re.compile("code", re.IGNORECASE)).first,
        CODE.search(last_mail("copil-agglo"))[1],
    )
    acts.click(page.get_by_role("button", name=re.compile("Se connecter|Continuer|Valider")))
    member.title_is("Douze points attendent")
    acts.click(page.get_by_role("button", name="Être d’accord sur tout, sauf…"))
    member.title_is("Vous êtes sur le point de répondre à douze points")
    acts.click(page.get_by_role("button", name="Confirmer mes douze réponses"))
    member.title_is("réponses sont enregistrées")
    assert acts.count < 9
    expect(page.get_by_role("main")).to_contain_text("D’ici là, vous pouvez tout annuler")
    given = Agreement.objects.filter(dossier_answer__dossier=dossier, answer=Answer.AGREED)
    assert given.count() == 12
    assert {entry.capacity for entry in given} == {"Vice-président chargé de la cohésion sociale"}
    member.go(f"{REAL}comite/dossiers/{dossier.pk}/")
    member.title_is("Vous avez répondu aux douze points")


def answer_all_but_one(director, dossier):
    """In twelve clicks, nothing binding before the last of them."""
    page, acts = director.page, Acts(director.page)
    before = Agreement.objects.count()
    acts.open(f"{director.portal}{REAL}comite/dossiers/{dossier.pk}/")
    director.title_is("Douze points attendent la réponse")
    acts.click(page.get_by_role("button", name="Être d’accord sur tout, sauf…"))
    director.title_is("Vous êtes sur le point de répondre à douze points")
    acts.click(page.get_by_role("link", name="Changer").first)
    acts.click(page.get_by_role("link", name="Autre…"))
    acts.click(page.get_by_role("link", name="À inscrire à l’ordre du jour"))
    acts.click(page.get_by_role("button", name="Noter cette réponse"))
    assert Agreement.objects.count() == before
    acts.click(page.get_by_role("button", name="Confirmer mes douze réponses"))
    director.title_is("réponses sont enregistrées")
    given = Agreement.objects.filter(
        dossier_answer__dossier=dossier, user=person("copil-caf")
    ).values_list("answer", flat=True)
    assert sorted(given) == sorted([Answer.AGREED] * 11 + [Answer.AGENDA])
    assert acts.count <= 12


def answer_one_by_one(member):
    """In at most 25 acts, the recap included, nothing binding before it; the list of nine is short
    enough to be gone through. A request without its reason is refused; all is undone."""
    page, acts = member.page, Acts(member.page)
    acts.open(f"{member.portal}{REAL}comite/")
    member.title_is("Neuf points attendent la réponse")
    assert_fits(page)
    assert page.evaluate("document.documentElement.scrollHeight") / SCREEN <= JOB
    before = Agreement.objects.count()
    acts.click(page.get_by_role("link", name="Commencer par le premier"))
    for n in range(1, 8):
        expect(page.get_by_role("main")).to_contain_text(f"Point {n} sur 9")
        acts.click(page.get_by_role("button", name="D’accord"))
    acts.click(page.get_by_role("link", name="Demander une modification"))
    acts.click(page.get_by_role("button", name="Noter cette réponse"))
    expect(page.get_by_role("alert")).to_contain_text("À corriger")
    acts.fill(page.locator("textarea:visible"), "Trop loin des écoles.")
    acts.click(page.get_by_role("button", name="Noter cette réponse"))
    acts.click(page.get_by_role("button", name="D’accord"))
    member.title_is("Vous êtes sur le point de répondre à neuf points")
    assert Agreement.objects.count() == before
    acts.click(page.get_by_role("button", name="Confirmer mes neuf réponses"))
    member.title_is("réponses sont enregistrées")
    assert Agreement.objects.count() == before + 9
    assert acts.count <= 25
    page.get_by_role("button", name=re.compile("Annuler mes")).first.click()
    expect(page.get_by_role("status").first).to_contain_text("sont annulées")


@pytest.mark.long
def test_a_member_logs_in_reads_and_answers_with_the_keyboard_alone(visit):
    answer_all("copil-agglo")
    propose(9)
    member = visit()
    read_with_keys(member)
    answer_with_keys(member)


def read_with_keys(member):
    """Log in, skip to the content, open the text, follow the table of contents, search."""
    page = member.page
    member.go("/connexion/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Aller au contenu")
    page.get_by_label("Adresse électronique").first.focus()
    page.keyboard.type("copil-agglo@demo.example")
    page.keyboard.press("Tab")
    page.keyboard.type(demo.password())
    page.keyboard.press("Enter")
    member.title_is("attendent votre réponse")
    tab_to(page, "Toute la convention")
    page.keyboard.press("Enter")
    tab_to(page, "Texte de la convention")
    page.keyboard.press("Enter")
    member.title_is("Le texte de la convention")
    tab_to(page, "Article 5 : Échanges de données")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#article-5$"))
    page.get_by_role("searchbox", name="Rechercher dans la convention").focus()
    page.keyboard.type("EVALUATION")
    page.keyboard.press("Enter")
    member.title_is("pour « EVALUATION »")


def tab_to(page, text: str, presses: int = 60):
    """Press Tab until the element of that text has the focus."""
    for _ in range(presses):
        page.keyboard.press("Tab")
        if page.locator(":focus").inner_text().replace("\xa0", " ").strip() == text:
            return
    pytest.fail(f"« {text} » is not reached with the keyboard")


def answer_with_keys(member):
    """One after the other, one of them with a change asked for: within sixty presses of Tab."""
    page, tabs = member.page, 0

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

    member.go(f"{REAL}comite/")
    press("Commencer par le premier", past="Aller au contenu")
    for n in range(1, 9):
        expect(page.get_by_role("main")).to_contain_text(f"Point {n} sur 9")
        press("D’accord", past="Aller à la réponse")
    press("Demander une modification", past="Aller à la réponse")
    reach("Ce qui est à modifier, et pourquoi", past="Aller au contenu")
    page.keyboard.type("Trop loin des écoles.")
    press("Noter cette réponse")
    member.title_is("Vous êtes sur le point de répondre à neuf points")
    press("Confirmer mes neuf réponses", past="Aller à la confirmation")
    member.title_is("réponses sont enregistrées")
    assert tabs <= 60


@pytest.mark.long
def test_a_point_is_advised_upon_agreed_to_asked_to_change_and_in_force(visit):
    """The people act one after the other at the same desk."""
    visitor = visit("adviser-caf")
    advise(visitor)
    agree_by_delegation(visitor.log_in("delegation-caf"))
    ask_for_a_change(visitor.log_in("copil-caf"))
    write_another_version(visitor.log_in("coordination"))
    bring_into_force(visitor)


OPENED = "Ouvrir deux espaces France Services de plus avant la fin de 2024"
OLD = "Proposer un accueil de loisirs le mercredi à moins de vingt minutes de chaque commune"
NEW = "Proposer un accueil de loisirs le mercredi à moins de quinze minutes de chaque commune"


def advise(visitor):
    """An adviser gives an avis and never an agreement."""
    page = visitor.page
    page = visitor.page
    visitor.go(REAL + "comite/")
    page.get_by_role("link", name="Ouvrir deux espaces France Services").first.click()
    expect(page.get_by_role("button", name="D’accord")).to_have_count(0)
    page.get_by_role("link", name="Donner un avis").click()
    page.get_by_label("Avis réservé").check()
    page.get_by_label("Vos observations").fill("Le second espace doit desservir le sud.")
    page.get_by_role("button", name=re.compile("avis")).click()
    expect(page.get_by_role("main")).to_contain_text("Avis réservé enregistré : « Ouvrir deux")
    page.get_by_role("link", name="Tous les points").click()
    page.get_by_role("link", name="Ouvrir deux espaces France Services").first.click()
    expect(page.get_by_role("main")).to_contain_text("Le second espace doit desservir le sud")
    entry = Agreement.objects.opinions().latest("pk")
    assert (entry.answer, entry.person_name) == (Answer.RESERVED, "Paul Roux")


def agree_by_delegation(visitor):
    """In the name of the director who delegated; the register tells both."""
    page = visitor.page
    visitor.go(REAL)
    page.get_by_role("link", name="Répondre").first.click()
    visitor.title_is("Treize points attendent la réponse de la Caf de la Vienne")
    page.get_by_role("link", name=f"Répondre : {OPENED}").click()
    send(page, page.get_by_role("button", name="D’accord"))
    visitor.go(f"{REAL}comite/")
    page.get_by_role("link", name=re.compile("Relire et confirmer")).first.click()
    page.get_by_role("button", name="Confirmer ma réponse").click()
    expect(page.get_by_role("main")).to_contain_text("entre en vigueur")
    visitor.go(f"{REAL}comite/")
    visitor.title_is("Douze points attendent")
    page.get_by_role("link", name="Registre").click()
    expect(page.get_by_role("main")).to_contain_text(
        "Directeur adjoint, par délégation d’Hélène Marchand (Directrice)"
    )
    visitor.go(REAL + "axes/")
    line = page.locator("li", has_text=OPENED).last
    expect(line).to_contain_text("défini par le comité")


def ask_for_a_change(visitor):
    page = visitor.page
    visitor.go(REAL + "comite/")
    page.get_by_role("link", name=f"Répondre : {OLD}").click()
    page.get_by_role("link", name="Demander une modification").click()
    page.get_by_label("Ce qui est à modifier, et pourquoi").fill("Vingt minutes, c’est trop.")
    send(page, page.get_by_role("button", name="Noter cette réponse"))
    confirm(visitor)


def write_another_version(visitor):
    page = visitor.page
    visitor.go(REAL + "comite/")
    page.get_by_role("link", name=OLD).first.click()
    expect(page.get_by_role("main")).to_contain_text("Vingt minutes, c’est trop")
    page.get_by_role("link", name="Écrire une autre version").click()
    page.get_by_label("Intitulé").fill(NEW)
    page.get_by_role("button", name=re.compile("Proposer")).first.click()
    page.get_by_label("Pourquoi le proposer maintenant").fill(WHY)
    send(page, page.get_by_role("button", name="Proposer au comité"))
    expect(page.get_by_role("main")).to_contain_text("quinze")


def bring_into_force(visitor):
    """Both parties agree; the axes page shows it, the old version is still read."""
    page = visitor.page
    for account in ("copil-caf", "copil-agglo"):
        visitor.log_in(account).go(REAL + "comite/")
        page.get_by_role("link", name=f"Répondre : {NEW}").click()
        page.get_by_role("button", name="D’accord").click()
        confirm(visitor)
    expect(page.get_by_role("main")).to_contain_text("en vigueur")
    visitor.go(REAL + "axes/")
    expect(page.locator("li", has_text=NEW).last).to_contain_text("défini par le comité")
    version = Version.objects.in_force().get(title=NEW)
    assert version.subject.standing == Standing.IN_FORCE
    visitor.go(f"{REAL}comite/points/{version.pk}/")
    page.locator("summary", has_text="versions de ce point").click()
    page.get_by_role("link", name="Version 1").click()
    visitor.title_is(OLD)
    expect(page.get_by_role("main")).to_contain_text("Vingt minutes, c’est trop")
