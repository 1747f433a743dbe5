"""Figures by commune: an agent delivers six tables by one file and is told what stands, a colleague
is asked to verify them; a mayor reads a map, what is secret of it, and her commune's page; the
coordinator publishes the year with its maps."""

import re
from collections import defaultdict

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from ctg_portal.templatetags.french import number
from documents.drawing.composition import compose
from documents.drawing.press import next_row
from indicators.models import CampaignIndicator, Indicator, Value
from indicators.values.tables import communes_of, keep_state
from tests.browser.conftest import NARROW, WIDE
from tests.browser.gestures import button, send
from tests.browser.publishing import Way, check
from tests.browser.test_files_journeys import EVALUATIONS, choose
from tests.browser.test_publication_journeys import rewrite
from tests.documents.reading import drawings, faults, text_of
from tests.spreadsheets.files import xlsx

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REAL = "/conventions/grand-chatellerault/"
TABLES = ["COM-01", "COM-02", "COM-03", "COM-04", "COM-07", "SP-03"]


@pytest.fixture
def tables(portal) -> list[CampaignIndicator]:
    """Six tables of the Caf of the open year, of which nothing is given."""
    asked = CampaignIndicator.objects.filter(
        campaign__convention__slug="grand-chatellerault",
        campaign__year=2024,
        indicator__code__in=TABLES,
    )
    Value.objects.filter(campaign_indicator__in=asked).delete()
    entries = list(asked.select_related("campaign", "indicator").order_by("indicator__code"))
    communes = {commune.pk for commune in communes_of(entries[0].campaign)}
    for entry in entries:
        keep_state(entry, communes)
    return entries


def last_year_of(tables: list[CampaignIndicator]) -> defaultdict:
    """By indicator and commune, the number of the year before, which nobody asks about."""
    given = Value.objects.by_commune().filter(
        campaign_indicator__campaign__year=2023,
        campaign_indicator__indicator__in=[entry.indicator_id for entry in tables],
        number__isnull=False,
    )
    rows = given.values_list("campaign_indicator__indicator", "commune", "number")
    return defaultdict(int, {(indicator, commune): int(n) for indicator, commune, n in rows})


@pytest.mark.long
def test_an_agent_delivers_six_tables_by_one_file(visit, tables):
    communes = communes_of(tables[0].campaign)
    titles = [entry.indicator.title for entry in tables]
    before, asked = last_year_of(tables), [entry.indicator_id for entry in tables]
    rows = [[one.name, *(before[indicator, one.pk] for indicator in asked)] for one in communes]
    right, rows[3][2] = rows[3][2], f"env. {rows[3][2]}"
    agent = visit("agent-caf", WIDE)
    page, main = agent.page, agent.page.get_by_role("main")
    agent.go(EVALUATIONS + "2024/saisie/fichier/")
    choose(page, xlsx(["Commune", *titles], *rows), "communes-2024.xlsx")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 ligne est refusée")
    refused = page.get_by_role("region", name="Ce qui est refusé").get_by_role("listitem")
    expect(refused).to_have_count(1)
    assert Axe().run(page).violations_count == 0
    send(page, button(page, "^Enregistrer"))
    # So many figures are kept by the worker.
    agent.title_is("en cours d’enregistrement")
    assert compose(next_row())
    page.reload()
    agent.title_is("Import enregistré")
    figures = Value.objects.by_commune().filter(campaign_indicator__in=tables)
    assert figures.count() == len(communes) * 6 - 1

    # What is left is typed in the table; then all goes at once.
    agent.go(EVALUATIONS + f"2024/saisie/{tables[1].pk}/communes/")
    agent.title_is(f"{len(communes) - 1} communes sur {len(communes)} renseignées")
    row = page.get_by_role("row", name=communes[3].name)
    row.get_by_label(re.compile("Valeur|2024")).first.fill(str(right))
    send(page, button(main, "Enregistrer et transmettre"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("tableaux sont prêts")
    send(page, button(main, "^Transmettre"))
    expect(main).to_contain_text(re.compile("tableaux sont transmis"))
    states = CampaignIndicator.objects.filter(pk__in=[one.pk for one in tables])
    assert set(states.values_list("table_state", flat=True)) == {"submitted"}
    colleague = visit("agent-caf-2", NARROW)
    colleague.go(EVALUATIONS + "2024/saisie/verification/")
    told = colleague.page.get_by_role("checkbox", name=titles[1])
    expect(told).to_have_count(1)


def test_a_mayor_reads_a_map_and_her_commune(visit, portal):
    code = {"convention__slug": "grand-chatellerault", "code": "COM-04"}
    indicator = Indicator.objects.get(**code)
    mayor = visit("copil-agglo", NARROW)
    page, main = mayor.page, mayor.page.get_by_role("main")
    # The year that is closed: what is secret is hatched, and said.
    mayor.go(REAL + f"indicateurs/{indicator.pk}/")
    expect(main).to_contain_text("sous secret statistique")
    expect(main.get_by_text("secret statistique (2)")).to_be_visible()
    # The open one, of which communes are missing, waits.
    mayor.go(REAL + f"indicateurs/{indicator.pk}/?annee=2024")
    expect(main).to_contain_text("43 communes sur 49 sont données")
    mayor.go(EVALUATIONS + f"2023/?carte={indicator.pk}")
    page.get_by_label("Et ma commune").fill("pleumartin")
    button(main, "Chercher").click()
    main.get_by_role("link", name="Pleumartin").first.click()
    mayor.title_is("Pleumartin dans la convention")
    expect(main).to_contain_text(re.compile("au-dessus de la médiane des communes"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert Axe().run(page).violations_count == 0


def test_an_agent_corrects_a_figure_of_a_closed_year(visit, portal):
    entry = CampaignIndicator.objects.get(
        campaign__convention__slug="grand-chatellerault", campaign__year=2023,
        indicator__code="COM-01",
    )  # fmt: skip
    agent = visit("agent-caf", NARROW)
    page, main = agent.page, agent.page.get_by_role("main")
    agent.go(EVALUATIONS + f"2023/saisie/{entry.pk}/communes/")
    main.get_by_role("link", name="Corriger : Antran").click()
    agent.title_is("Foyers allocataires, Caf et MSA, Antran, 2023")
    page.get_by_label("Valeur (foyers)").fill("312")
    page.get_by_label("Motif de la correction").fill("Un quartier avait été oublié.")
    send(page, button(main, "Enregistrer la correction"))
    expect(main).to_contain_text("Un quartier avait été oublié.")
    assert Axe().run(page).violations_count == 0
    value = entry.values.get(commune__name="Antran")
    assert (value.number, value.transitions.last().verb) == (312, "corrected")
    # What is secret of it is decided anew, and the others read the sum.
    reader = visit("lecture", NARROW)
    reader.go(REAL + f"indicateurs/{entry.indicator_id}/?annee=2023")
    total = sum(value.number for value in entry.values.by_commune())
    expect(reader.page.get_by_role("main")).to_contain_text(number(total))


@pytest.mark.long
def test_the_coordinator_publishes_the_year_with_its_maps(visit, tmp_path):
    coordination, reader = visit("coordination"), visit("lecture", NARROW)
    caf, agglomeration = visit("copil-caf", NARROW), visit("copil-agglo", NARROW)
    for visitor in (coordination, reader, caf, agglomeration):
        # What is submitted is read whole each time, with a map for each table.
        visitor.page.set_default_timeout(90_000)
    year = Way("2023", "Évaluation 2023", coordination, caf, agglomeration, reader)
    rewrite(coordination, f"{EVALUATIONS}2023/textes/conclusion/", "Une phrase de plus.")
    coordination.go(f"{EVALUATIONS}2023/rapport/composer/")
    expect(coordination.page.get_by_label("Commune par commune")).to_be_checked()
    year.submit()
    published = year.agree_and_publish(tmp_path / "2023.pdf").read_bytes()
    assert check(reader, tmp_path / "2023.pdf") == "Ce document est le bon"
    assert faults(published) == []
    told = " ".join(text_of(published).split())
    assert "Foyers bénéficiaires de l’AAH, 2023" in told
    assert "2 communes sont sous secret statistique" in told
    said = [" ".join(one.split()) for one in drawings(published)]
    maps = [one for one in said if "carte des 49 communes" in one]
    shown = Indicator.objects.filter(
        code__startswith="COM-", campaign_indicators__campaign__year=2023
    )
    assert len(maps) >= shown.distinct().count()
    assert any("secret statistique : 2" in one for one in maps)
