"""Figures by file: an agent delivers in two rounds, then six tables of communes by one file, and
corrects a figure of a closed year; a colleague is asked to verify."""

import re
from collections import defaultdict

import pytest
from playwright.sync_api import expect

from ctg_portal.templatetags.french import number
from documents.drawing.composition import compose
from documents.drawing.press import next_row
from indicators.models import Campaign, CampaignIndicator, Grain, Value
from indicators.values.tables import communes_of, update_table_state
from tests.browser.accessibility import faults
from tests.browser.gestures import button, send
from tests.spreadsheets.files import xlsx

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REAL = "/conventions/grand-chatellerault/"
EVALUATIONS = f"{REAL}evaluations/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What people write where a number goes; each is one mistake.
WRONG = ["env. 30", "12 k€", "2e semestre 2024", "< 5", "entre 10 et 12", "nc", "-", "?", "1.234",
         "#REF!", "deux", "12/10/2024", "s", "voir annexe"]  # fmt: skip
TABLES = ["COM-01", "COM-02", "COM-03", "COM-04", "COM-07", "SP-03"]


def choose(page, content: bytes, name: str = "suivi.xlsx") -> None:
    page.get_by_label("Fichier").set_input_files(
        {"name": name, "mimeType": XLSX, "buffer": content}
    )
    send(page, button(page, "Voir ce que le fichier change"))


def entries_of(year: int, acronym: str) -> list[CampaignIndicator]:
    campaign = Campaign.objects.get(convention__slug="grand-chatellerault", year=year)
    entries = campaign.campaign_indicators.filter(enterer__acronym=acronym)
    return list(entries.select_related("indicator", "version").in_reading_order())


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
        update_table_state(entry, communes)
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
def test_an_agent_delivers_by_file_and_corrects(visit, tables):
    agent = visit("agent-caf")
    deliver_in_two_rounds(agent)
    deliver_six_tables(agent, tables)
    entry = correct_a_closed_year(agent)
    colleague = agent.log_in("agent-caf-2")
    colleague.go(EVALUATIONS + "2024/saisie/verification/")
    to_verify = colleague.page.get_by_role("checkbox", name=tables[1].indicator.title)
    expect(to_verify).to_have_count(1)
    # What is secret of the table is decided anew, and the others read the sum.
    reader = colleague.log_in("lecture")
    reader.go(REAL + f"indicateurs/{entry.indicator_id}/?annee=2023")
    total = sum(value.number for value in entry.values.by_commune())
    expect(reader.page.get_by_role("main")).to_contain_text(number(total))


def deliver_in_two_rounds(agent):
    """With fourteen mistakes in the first."""
    entries = entries_of(2024, "CAF 86")
    page = agent.page
    plain = [
        entry for entry in entries
        if entry.version.content["calculation"] == "direct" and entry.grain == Grain.TERRITORY
    ]  # fmt: skip
    # On as many lines: of indicators while there are enough, then of others.
    titles = [entry.indicator.title for entry in plain]
    wrong = [[title, text] for title, text in zip(titles[1:], WRONG, strict=False)]
    wrong += [[f"Indicateur inconnu {n}", n] for n in range(len(WRONG) - len(wrong))]
    right = [titles[0], 123]
    agent.go(EVALUATIONS + "2024/saisie/fichier/")
    choose(page, xlsx(["Indicateur", "Valeur 2024"], right, *wrong))
    expect(page.get_by_role("heading", level=1)).to_contain_text("14 à corriger")
    expect(page.get_by_role("table").locator("tbody tr")).to_have_count(14)
    assert faults(page) == []
    # They come back marked in their cells.
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("cases jaunes signalées")).click()
    assert download.value.suggested_filename == "suivi-erreurs.xlsx"
    send(page, button(page, "Enregistrer 1 valeur"))
    agent.title_is("Import enregistré")

    # The second round: what was wrong is put right, what was kept is unchanged.
    agent.go(EVALUATIONS + "2024/saisie/fichier/")
    again = [[title, 40 + n] for n, title in enumerate(titles[1:15])]
    choose(page, xlsx(["Indicateur", "Valeur 2024"], right, *again))
    expect(page.get_by_role("heading", level=1)).to_contain_text("lignes lues")
    # What is far from the year before is confirmed beside its figure.
    for doubt in page.get_by_role("checkbox", name="C’est juste").all():
        doubt.check()
    send(page, button(page, "^Enregistrer"))
    agent.title_is("Import enregistré")
    values = Value.objects.whole().filter(campaign_indicator__in=[entry.pk for entry in plain])
    numbers = {value.campaign_indicator.indicator.title: value.number for value in values}
    assert numbers[titles[0]] == 123
    assert [numbers[title] for title, _ in again] == [number for _, number in again]


def deliver_six_tables(agent, tables):
    communes = communes_of(tables[0].campaign)
    titles = [entry.indicator.title for entry in tables]
    before, asked = last_year_of(tables), [entry.indicator_id for entry in tables]
    rows = [[one.name, *(before[indicator, one.pk] for indicator in asked)] for one in communes]
    right, rows[3][2] = rows[3][2], f"env. {rows[3][2]}"
    page, main = agent.page, agent.page.get_by_role("main")
    agent.go(EVALUATIONS + "2024/saisie/fichier/")
    choose(page, xlsx(["Commune", *titles], *rows), "communes-2024.xlsx")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 à corriger")
    expect(page.get_by_role("table").locator("tbody tr")).to_have_count(1)
    assert faults(page) == []
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


def correct_a_closed_year(agent) -> CampaignIndicator:
    """For a reason."""
    entry = CampaignIndicator.objects.get(
        campaign__convention__slug="grand-chatellerault", campaign__year=2023,
        indicator__code="COM-01",
    )  # fmt: skip
    page, main = agent.page, agent.page.get_by_role("main")
    agent.go(EVALUATIONS + f"2023/saisie/{entry.pk}/communes/")
    main.get_by_role("link", name="Corriger : Antran").click()
    agent.title_is("Foyers allocataires, Caf et MSA, Antran, 2023")
    page.get_by_label("Valeur (foyers)").fill("312")
    page.get_by_label("Motif de la correction").fill("Un quartier avait été oublié.")
    send(page, button(main, "Enregistrer la correction"))
    expect(main).to_contain_text("Un quartier avait été oublié.")
    assert faults(page) == []
    value = entry.values.get(commune__name="Antran")
    assert (value.number, value.transitions.last().verb) == (312, "corrected")
    return entry
