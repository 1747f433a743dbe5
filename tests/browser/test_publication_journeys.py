"""An evaluation on its way to publication, in the browser: the coordinator, the Caf, both parties,
a reader who was handed a file."""

import hashlib

import pytest
from playwright.sync_api import expect

from documents.drawing.composition import compose
from evaluation.models import Printing
from tests.browser.conftest import NARROW
from tests.browser.gestures import button, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REAL = "/conventions/grand-chatellerault/"
YEAR = f"{REAL}evaluations/2023/"
PUBLICATION = f"{YEAR}publication/"
CHECK = f"{REAL}evaluations/verifier/"


def test_published_corrected_and_checked(visit, tmp_path):
    coordination, reader = visit("coordination"), visit("lecture", NARROW)
    caf, agglomeration = visit("copil-caf", NARROW), visit("copil-agglo", NARROW)

    rewrite(coordination, "Une phrase de plus.")
    coordination.go(PUBLICATION)
    coordination.title_is("en cours de rédaction")
    submit(coordination)
    first = agreed_and_published(coordination, caf, agglomeration, reader, tmp_path / "1.pdf")
    assert check(reader, first) == "Ce document est le bon"

    rewrite(coordination, "Une phrase corrigée.")
    submit(coordination, reason="Une phrase de la conclusion.")
    second = agreed_and_published(coordination, caf, agglomeration, reader, tmp_path / "2.pdf")
    expect(reader.page.get_by_role("main")).to_contain_text("Une phrase de la conclusion.")
    assert check(reader, second) == "Ce document est le bon"
    assert "une version plus récente existe" in check(reader, first)
    first.write_bytes(first.read_bytes() + b" ")
    assert "n’est pas une évaluation publiée" in check(reader, first)


def rewrite(coordination, text: str):
    """The page says before what a change brings about, where something is submitted."""
    page = coordination.page
    coordination.go(f"{YEAR}textes/conclusion/")
    page.get_by_label("Conclusion et perspectives").fill(text)
    send(page, button(page, "^Enregistrer$"))


def submit(coordination, reason: str = ""):
    page = coordination.page
    coordination.go(PUBLICATION)
    page.get_by_role("link", name="Soumettre").click()
    if reason:
        page.get_by_label("Ce qui est corrigé").fill(reason)
    send(page, button(page, "Figer et soumettre"))
    coordination.title_is("doit valider les analyses")


def agreed_and_published(coordination, caf, agglomeration, reader, file):
    """The Caf validates from its task, both parties agree from their list, the coordinator
    publishes; returns the file as a reader has downloaded it."""
    caf.go(REAL)
    caf.page.get_by_role("link", name="Lire et répondre").click()
    caf.title_is("sont-elles justes")
    caf.page.get_by_label("Je valide les analyses").check()
    send(caf.page, button(caf.page, "Envoyer ma réponse"))

    page = coordination.page
    coordination.go(PUBLICATION)
    send(page, button(page, "Demander l’accord des parties"))
    for member in (caf, agglomeration):
        member.go(PUBLICATION)
        member.page.get_by_role("link", name="Voir le point soumis aux parties").click()
        send(member.page, button(member.page, "D’accord").first)
        member.go(f"{REAL}comite/mes-reponses/")
        send(member.page, button(member.page, "Confirmer ma réponse"))

    coordination.go(PUBLICATION)
    coordination.title_is("peut être publiée")
    page.get_by_role("link", name="Publier l’évaluation").click()
    expect(page.get_by_role("main")).to_contain_text("ne change plus")
    send(page, button(page, "^Publier$"))
    coordination.title_is("en préparation")
    assert compose(Printing.objects.unfinished().get(is_final=True))
    # The page asks again by itself.
    expect(page.get_by_role("heading", level=1)).to_contain_text("publiée")

    reader.go(PUBLICATION)
    with reader.page.expect_download() as download:
        reader.page.get_by_role("link", name="Évaluation 2023").first.click()
    download.value.save_as(file)
    shown = hashlib.sha256(file.read_bytes()).hexdigest()
    expect(reader.page.get_by_role("main")).to_contain_text(shown)
    return file


def check(reader, file) -> str:
    """What the portal says of a file that was received."""
    reader.go(CHECK)
    reader.page.get_by_label("Le document à vérifier").set_input_files(file)
    send(reader.page, button(reader.page, "Vérifier"))
    return reader.page.get_by_role("heading", level=1).inner_text().strip()
