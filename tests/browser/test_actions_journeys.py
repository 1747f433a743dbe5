"""The action plan, played in the browser: written, agreed to, followed, read, taken away."""

import io
import re

import pikepdf
import pytest
from playwright.sync_api import expect

from actions.models import Action, ActionState
from agreements.models import Version
from conventions.models import Convention, Organisation
from documents.drawing.composition import compose
from documents.drawing.press import next_row
from tests.actions.files.coming_in.forty import forty_actions
from tests.browser.accessibility import faults
from tests.browser.conftest import NARROW
from tests.browser.gestures import button, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REAL = "/conventions/grand-chatellerault/"
PLAN = REAL + "plan-d-actions/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLE = "Ouvrir une ludothèque itinérante"


def choose(select, words):
    """Choose the option that has these words."""
    select.select_option(
        value=select.locator("option", has_text=words).first.get_attribute("value")
    )


@pytest.mark.long
def test_an_action_from_its_first_words_to_its_follow_up(visit):
    coordination, other = visit("coordination"), visit(size=NARROW)
    write(coordination)
    version = propose(coordination)
    for account in ("copil-caf", "copil-agglo"):
        member = other.log_in(account)
        member.go(f"{REAL}comite/points/{version.pk}/")
        expect(member.page.get_by_role("main")).to_contain_text("Nadia Lefèvre")
        send(member.page, button(member.page, "D’accord").first)
        confirm(member)
    action = Action.objects.get(pk=version.object_id)
    assert action.is_agreed
    agent = other.log_in("agent-caf")
    follow_on_a_telephone(agent, action)
    meet_on_one_part(agent, coordination, action)
    meet_on_one_row(coordination, other.log_in("coordination"))
    take_away(other.log_in("lecture"), action)


def confirm(member):
    """Read again what one has noted, and give it."""
    member.go(f"{REAL}comite/mes-reponses/")
    button(member.page, "Confirmer ma réponse").click()
    expect(member.page.get_by_role("heading", level=1)).to_contain_text("enregistrée")


def write(coordination):
    """From the plan, section by section; a mistake is told beside its field, nothing is lost."""
    page = coordination.page
    coordination.go(PLAN)
    page.get_by_role("link", name="Ajouter une action").click()
    page.get_by_label("Titre").fill("Ludothèque " * 28)
    page.get_by_label("Thématique d’abord concernée").select_option(label="Enfance")
    page.locator("#div_id_objectives summary").first.click()
    page.locator("#div_id_objectives").get_by_role("checkbox").first.check()
    button(page, "Enregistrer le brouillon").click()
    expect(page.get_by_role("alert")).to_contain_text("200 au plus")
    expect(page.get_by_label("Titre")).to_have_value(re.compile("^Ludothèque Ludothèque"))
    page.get_by_label("Titre").fill(TITLE)
    button(page, "Enregistrer le brouillon").click()
    expect(page.get_by_role("main")).to_contain_text("Avant de proposer")

    page.get_by_role("link", name="Écrire : Pourquoi et quoi").click()
    page.get_by_label("Description").fill("Un véhicule, quatre communes chaque semaine.")
    button(page, "passer à « Qui »").click()
    lead = page.get_by_role("group", name="Pilotes, ligne 1")
    choose(lead.get_by_label("Organisme"), "CAF 86")
    choose(lead.get_by_label("Personne connue"), "Nadia Lefèvre")
    button(page, "passer à « Quand et où »").click()
    page.get_by_label("Début").fill("2024-09-01")
    page.get_by_label("Fin", exact=True).fill("2024-01-31")
    button(page, "passer à").click()
    expect(page.get_by_role("alert")).to_contain_text("précède son début")
    expect(page.get_by_label("Fin", exact=True)).to_have_value("2024-01-31")
    page.get_by_label("Fin", exact=True).fill("2027-08-31")
    button(page, "passer à").click()
    line = page.get_by_role("group", name="Financement prévu, ligne 1")
    choose(line.get_by_label("Financeur", exact=True), "CAF 86")
    line.get_by_label("Année").fill("2024")
    line.get_by_label("Prévu").fill("12\u202f000,50")
    button(page, "^Enregistrer$").click()


def propose(coordination) -> Version:
    page = coordination.page
    expect(page.get_by_role("main")).not_to_contain_text("Avant de proposer")
    button(page, "Proposer au comité").click()
    # The convention has ended: a new commitment says why it is made all the same.
    page.get_by_label("Pourquoi le proposer maintenant").fill("La suite se prépare.")
    button(page, "Proposer au comité").click()
    expect(page.get_by_role("main")).to_contain_text("attend l’accord")
    return Version.objects.proposed().get(title=TITLE)


def follow_on_a_telephone(agent, action):
    """The lead tells where it is; a reason is asked for what is paused."""
    page = agent.page
    agent.go(PLAN + "mes-actions/")
    page.get_by_role("main").get_by_role("link", name=TITLE).first.click()
    page.get_by_role("link", name="Dire où elle en est").click()
    page.get_by_label("En pause").check()
    button(page, "^Enregistrer$").click()
    expect(page.get_by_role("alert")).to_contain_text("motif")
    page.get_by_label("Motif").fill("Le véhicule est en réparation.")
    page.get_by_label("Avancement estimé").fill("20")
    button(page, "^Enregistrer$").click()
    expect(page.get_by_role("main")).to_contain_text("Le véhicule est en réparation.")
    action.refresh_from_db()
    assert (action.state, action.progress) == (ActionState.PAUSED, 20)


def meet_on_one_part(agent, coordination, action):
    """Two people tell the same year: the second is shown both, and loses nothing."""
    address = f"{PLAN}{action.pk}/suivi/bilan-2024/"
    agent.go(address)
    coordination.go(address)
    for person, text in [(agent, "Deux tournées."), (coordination, "Trois tournées.")]:
        person.page.get_by_label("Ce qui a été fait").fill(text)
        send(person.page, button(person.page, "^Enregistrer$"))
    page = coordination.page
    expect(page.get_by_role("main")).to_contain_text("Nadia Lefèvre a enregistré autre chose")
    expect(page.get_by_label("Ce qui a été fait")).to_have_value("Trois tournées.")
    send(page, button(page, "Garder ce que j’ai écrit"))
    assert action.notes.get(year=2024).text == "Trois tournées."
    coordination.go(f"{PLAN}{action.pk}/historique/")
    expect(page.get_by_role("main")).to_contain_text("Bilan 2024")


def take_away(reader, action):
    """Whoever reads finds it by the filters, and takes the sheet away."""
    page = reader.page
    reader.go(f"{PLAN}?mots=ludotheque+itinerante&etat=en-pause")
    expect(page.get_by_role("status").last).to_contain_text("1 action répond")
    page.get_by_role("main").get_by_role("link", name=TITLE).click()
    button(page, "^PDF$").click()
    reader.title_is("est en préparation")
    with page.expect_download() as download:  # it begins by itself
        compose(next_row())
    expect(page.get_by_role("link", name="Télécharger")).to_be_visible()
    reader.title_is("est prêt")
    content = download.value.path().read_bytes()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert TITLE in str(pdf.docinfo["/Title"])
    page.get_by_role("link", name="La page d’où il a été demandé").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Document Word").click()
    assert download.value.suggested_filename.endswith(".docx")


def meet_on_one_row(first, second):
    """A year is told row by row by two people: a row saves by itself and says so; who comes second
    chooses; the rest of the page stays."""
    for person in (first, second):
        person.go(f"{PLAN}suivi/")
    mine, theirs = (person.page.locator(".review-row").first for person in (first, second))
    mine.get_by_label(re.compile("^État")).select_option("blocked")
    expect(mine.locator(".row-state")).to_contain_text("Une action bloquée a un motif")
    mine.get_by_role("link", name="Dire le motif").click()
    mine.get_by_label(re.compile("^Motif")).fill("Le poste est vacant.")
    mine.get_by_label(re.compile("^Bilan")).focus()
    expect(mine.locator(".row-state")).to_contain_text("✓ Enregistré")
    mine.get_by_label(re.compile("^Bilan")).fill("Deux matinées par semaine.")
    with first.page.expect_response(lambda answer: answer.request.method == "POST"):
        mine.get_by_label(re.compile("^État")).focus()
    expect(mine.locator(".row-state")).to_have_text(re.compile(r"^\s*✓ Enregistré\s*$"))

    theirs.get_by_label(re.compile("^Bilan")).fill("Trois matinées.")
    theirs.get_by_label(re.compile("^État")).focus()
    expect(theirs.locator(".row-state")).to_contain_text("a enregistré autre chose")
    theirs.get_by_label("Enregistrer ce que j’ai écrit").check()
    expect(theirs.locator(".row-state")).to_contain_text("✓ Enregistré")
    first.go(f"{PLAN}suivi/")
    expect(mine.get_by_label(re.compile("^Bilan"))).to_have_value("Trois matinées.")
    assert mine.get_by_label(re.compile("^État")).input_value() == "blocked"


@pytest.mark.long
def test_a_plan_comes_in_is_undone_and_one_of_many_organisations_is_found(visit):
    coordination = visit("coordination")
    bring_forty_actions(coordination)
    coordination.resize(NARROW)
    find_one_of_two_hundred_organisations(coordination)


def bring_forty_actions(coordination):
    page, before = coordination.page, Action.objects.count()
    coordination.go(PLAN)
    page.get_by_role("link", name="Importer un classeur").click()
    file = {"name": "plan.xlsx", "mimeType": XLSX, "buffer": forty_actions()}
    page.get_by_label("Fichier").set_input_files(file)
    button(page, "Voir ce que le fichier change").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("1 colonne sur 11 reste à reconnaître")
    assert faults(page) == []
    send(page, button(page, "Relire les lignes"))
    expect(heading).to_contain_text("40 lignes lues")
    page.get_by_label("qui apporte ces montants").select_option("pilote")
    choose(page.get_by_label("« La Ruche »"), "MSA Poitou")
    send(page, button(page, "Revoir"))
    main = page.get_by_role("main")
    send(page, page.get_by_role("link", name=re.compile("Nouvelles")))
    expect(main).to_contain_text("Pilotes : M. Petit (MSA Poitou)")
    assert faults(page) == []
    button(page, "Enregistrer 40 fiches action").click()
    expect(heading).to_contain_text("en cours d’enregistrement")
    assert compose(next_row())
    expect(heading).to_contain_text("40")
    assert Action.objects.count() == before + 40
    page.get_by_role("link", name="Proposer ces 40 actions").click()
    expect(main).to_contain_text("Ouvrir un relais pour les assistantes maternelles de Naintré")
    page.go_back()
    button(page, "Annuler cet import").click()
    expect(heading).to_contain_text("en cours d’annulation")
    assert compose(next_row())
    expect(heading).to_contain_text("Cet import est annulé")
    assert Action.objects.count() == before


def find_one_of_two_hundred_organisations(coordination):
    """With the keyboard, on a telephone: a few letters narrow the list, Enter takes the one that is
    left."""
    convention = Convention.objects.get(slug="grand-chatellerault")
    Organisation.objects.bulk_create(
        Organisation(
            convention=convention, name=f"Association n° {n} de Thuré",
            acronym=f"A{n}", kind="association", is_added=True,
        )
        for n in range(200)
    )  # fmt: skip
    action = Action.objects.of(convention).agreed().first()
    coordination.go(f"{PLAN}{action.pk}/modifier/acteurs/")
    page = coordination.page
    row = page.get_by_role("group", name="Pilotes, ligne 1")
    search, select = row.get_by_role("searchbox").first, row.get_by_label("Organisme", exact=True)
    search.focus()
    page.keyboard.type("thure 137")
    expect(row.get_by_role("status").first).to_have_text("1\u00a0choix")
    assert faults(page) == []
    page.keyboard.press("Enter")
    expect(select).to_be_focused()
    chosen = select.locator("option:checked")
    expect(chosen).to_contain_text("A137")
    search.fill("zzz")
    expect(row.get_by_role("status").first).to_have_text("aucun\u00a0choix")
    expect(chosen).to_contain_text("A137")  # what is chosen stays
    send(page, button(page, "Enregistrer").first)
    expect(page.get_by_role("main")).to_contain_text("(A137)")
