"""An evaluation on its way to publication, in the browser: the coordinator, the Caf, both parties,
a reader who was handed a file. Of a year, then of the whole term."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import NARROW
from tests.browser.gestures import button, send
from tests.browser.publishing import REAL, Way, check

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

YEAR = f"{REAL}evaluations/2023/"
FINAL = f"{REAL}evaluations/finale/"


def way(visit, place: str, name: str) -> Way:
    coordination, reader = visit("coordination"), visit("lecture", NARROW)
    caf, agglomeration = visit("copil-caf", NARROW), visit("copil-agglo", NARROW)
    return Way(place, name, coordination, caf, agglomeration, reader)


@pytest.mark.long
def test_published_corrected_and_checked(visit, tmp_path):
    year = way(visit, "2023", "Évaluation 2023")
    coordination, reader = year.coordination, year.reader

    rewrite(coordination, f"{YEAR}textes/conclusion/", "Une phrase de plus.")
    coordination.go(year.publication)
    coordination.title_is("en cours de rédaction")
    year.submit()
    first = year.agree_and_publish(tmp_path / "1.pdf")
    assert check(reader, first) == "Ce document est le bon"

    rewrite(coordination, f"{YEAR}textes/conclusion/", "Une phrase corrigée.")
    year.submit(reason="Une phrase de la conclusion.")
    second = year.agree_and_publish(tmp_path / "2.pdf")
    expect(reader.page.get_by_role("main")).to_contain_text("Une phrase de la conclusion.")
    assert check(reader, second) == "Ce document est le bon"
    assert "une version plus récente existe" in check(reader, first)
    first.write_bytes(first.read_bytes() + b" ")
    assert "n’est pas une évaluation publiée" in check(reader, first)


def rewrite(coordination, address: str, text: str):
    """The page says before what a change brings about, where something is submitted."""
    page = coordination.page
    coordination.go(address)
    page.get_by_label("Conclusion et perspectives").fill(text)
    send(page, button(page, "^Enregistrer$"))


@pytest.mark.long
def test_the_final_evaluation_from_its_task_to_its_readers(visit, tmp_path):
    final = way(visit, "finale", "Évaluation finale")
    coordination, page = final.coordination, final.coordination.page

    coordination.go(FINAL)
    coordination.title_is("restent à compléter")
    page.get_by_role("link", name="Apprécier « Cohérence »").click()
    coordination.title_is("Cohérence")
    page.get_by_label("Satisfaisant", exact=True).check()
    page.get_by_label("Ce qui le fait dire").fill("Les actions se **complètent**.")
    expect(page.locator("#apercu strong")).to_have_text("complètent")
    assert Axe().run(page).violations_count == 0
    send(page, button(page, "^Enregistrer$"))
    coordination.title_is("Évaluation finale")
    expect(page.locator("#critere-coherence")).to_be_visible()

    rewrite(coordination, f"{FINAL}textes/conclusion/", "Cinq années utiles.")
    coordination.go(f"{FINAL}textes/prochaine-convention/")
    page.locator(".writing-source summary").first.click()
    page.get_by_role("button", name="Reprendre dans le texte").first.click()
    expect(page.get_by_label("Pour la prochaine convention")).not_to_have_value("")
    send(page, button(page, "^Enregistrer$"))

    final.reader.go(FINAL)
    expect(final.reader.page.get_by_role("main")).not_to_contain_text("Cinq années utiles.")
    final.submit()
    file = final.agree_and_publish(tmp_path / "finale.pdf")
    assert check(final.reader, file) == "Ce document est le bon"
    final.reader.go(f"{FINAL}?theme=tout")
    expect(final.reader.page.get_by_role("main")).to_contain_text("Cinq années utiles.")
