"""Figures by file: an agent delivers in two rounds, the coordinator takes last years' workbook."""

import re

import pytest
from playwright.sync_api import expect

from indicators.models import Campaign, CampaignIndicator, Value
from tests.browser.gestures import button, send
from tests.spreadsheets.files import xlsx

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVALUATIONS = "/conventions/grand-chatellerault/evaluations/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What people write where a number goes; each is one mistake.
WRONG = ["env. 30", "12 k€", "2e semestre 2024", "< 5", "entre 10 et 12", "nc", "-", "?", "1.234",
         "#REF!", "deux", "12/10/2024", "s", "voir annexe"]  # fmt: skip


def choose(page, content: bytes, name: str = "suivi.xlsx") -> None:
    page.get_by_label("Fichier").set_input_files(
        {"name": name, "mimeType": XLSX, "buffer": content}
    )
    send(page, button(page, "Voir ce que le fichier change"))


def entries_of(year: int, acronym: str) -> list[CampaignIndicator]:
    campaign = Campaign.objects.get(convention__slug="grand-chatellerault", year=year)
    entries = campaign.campaign_indicators.filter(enterer__acronym=acronym)
    return list(entries.select_related("indicator", "version").in_reading_order())


@pytest.mark.long
def test_an_agent_delivers_in_two_rounds_with_fourteen_mistakes(visit, portal):
    agent, entries = visit("agent-caf"), entries_of(2024, "CAF 86")
    page = agent.page
    plain = [entry for entry in entries if entry.version.content["calculation"] == "direct"]
    # Fourteen mistakes, on as many lines: of indicators while there are enough, then of others.
    titles = [entry.indicator.title for entry in plain]
    wrong = [[title, text] for title, text in zip(titles[1:], WRONG, strict=False)]
    wrong += [[f"Indicateur inconnu {n}", n] for n in range(len(WRONG) - len(wrong))]
    right = [titles[0], 123]
    agent.go(EVALUATIONS + "2024/saisie/fichier/")
    choose(page, xlsx(["Indicateur", "Valeur 2024"], right, *wrong))
    expect(page.get_by_role("heading", level=1)).to_contain_text("14 lignes sont refusées")
    told = page.get_by_role("region", name="Ce qui est refusé").get_by_role("listitem")
    expect(told).to_have_count(14)
    # They come back marked in their cells.
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("erreurs signalées")).click()
    assert download.value.suggested_filename == "suivi-erreurs.xlsx"
    send(page, button(page, "Enregistrer 1 valeur"))
    agent.title_is("Import enregistré")

    # The second round: what was wrong is put right, what was kept is unchanged.
    agent.go(EVALUATIONS + "2024/saisie/fichier/")
    again = [[title, 40 + n] for n, title in enumerate(titles[1:15])]
    choose(page, xlsx(["Indicateur", "Valeur 2024"], right, *again))
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("refusée")
    send(page, button(page, f"Enregistrer {len(again)} valeur"))
    agent.title_is("Import enregistré")
    kept = Value.objects.whole().filter(campaign_indicator__in=[entry.pk for entry in plain])
    numbers = {value.campaign_indicator.indicator.title: value.number for value in kept}
    assert numbers[titles[0]] == 123
    assert [numbers[title] for title, _ in again] == [number for _, number in again]


@pytest.mark.long
def test_the_coordinator_takes_last_years_workbook_and_undoes_it(visit, portal):
    """Of 2019, which the term touches, nothing was collected: it comes from a file, and goes."""
    titles = [
        entry.indicator.title
        for entry in entries_of(2021, "CAF 86")
        if entry.version.content["calculation"] == "direct"
        and not entry.version.content["is_confidential"]
    ]
    coordinator = visit("coordination")
    page = coordinator.page
    coordinator.go(EVALUATIONS)
    page.get_by_role("link", name="Reprendre des années passées d’un fichier").click()
    choose(page, xlsx(["Indicateur", "2018", "2019"], *([title, 90, 105] for title in titles[:3])))
    expect(page.get_by_role("main")).to_contain_text("« repris d’un fichier »")
    send(page, button(page, "Enregistrer"))
    coordinator.title_is("Import enregistré")
    import_page = page.url
    coordinator.go(EVALUATIONS + "2019/recueil/")
    expect(page.get_by_role("main")).to_contain_text("repris d’un fichier")
    page.goto(import_page)
    send(page, button(page, "Annuler cet import"))
    coordinator.title_is("Cet import est annulé")
    standing = Campaign.objects.filter(convention__slug="grand-chatellerault", year=2019)
    assert not standing.exists()
