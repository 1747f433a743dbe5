"""The communes of a project: found in the list of France, whatever their form of writing."""

import datetime

import pytest
from django.urls import reverse

from conventions.setting_up.territory import points_of, read_lines, set_communes
from conventions.territory.departments import departments
from conventions.territory.outlines import has_outline
from conventions.territory.reference import (
    communes,
    epcis,
    members_of,
    resolve,
    search,
    source_of_populations,
)
from tests import factories as f
from tests.accounts.reading import text_of
from tests.conventions.setting_up.conftest import LUMBRES, send

THURE, MAMOUDZOU, SAINT_PIERRE, SEIN = "86272", "97611", "97502", "29083"


TODAY = datetime.date(2026, 12, 3)


def codes(project) -> list[str]:
    return [commune["insee"] for commune in project.communes]


@pytest.fixture
def address(project):
    return reverse("conventions:project_territory", args=[project.pk])


def saved(project):
    project.refresh_from_db()
    return project


def test_the_list_is_that_of_2026():
    assert (len(communes()), len(epcis())) == (34969, 1255)
    assert {commune.epci for commune in communes().values()} - {""} == set(epcis())
    assert all(epci.communes == len(members_of(epci.siren)) for epci in epcis().values())
    assert "86" in departments()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("86272", [THURE]), ("thure", [THURE]), ("Thuré (86)", [THURE]), ("01039", ["01138"]),
        ("Saint-Paul (97)", ["97415"]), ("2A004", ["2A004"]), ("2a004", ["2A004"]),
        ("Nulle-Part", []), ("", []), ("99999", []),
    ],
)  # fmt: skip
def test_a_commune_is_known_by_code_or_name(text, expected):
    assert [commune.code for commune in resolve(text)] == expected


def test_an_epci_is_found_by_siren_or_words_of_its_name():
    assert [epci.siren for epci in search(LUMBRES).epcis] == [LUMBRES]
    assert LUMBRES in [epci.siren for epci in search("lumbres pays").epcis]
    assert search("zzzz").total == search("  ").total == 0
    assert [code for code, _ in search("974").departments] == ["974"]


def test_pasted_lines_are_read_or_refused_by_their_number():
    text = "- Thuré\n\n86066 Châtellerault\nBéon (01)\nSaint-Paul\nRien\n98999 Ailleurs\n"
    pasted = read_lines(text)
    assert [commune["insee"] for commune in pasted.communes] == [THURE, "86066", "01138", "98999"]
    assert "Béon (01) » fait aujourd’hui partie de" in pasted.notes[0]
    assert "98999 n’est pas dans la liste" in pasted.notes[1]
    assert [mistake.split(" :")[0] for mistake in pasted.mistakes] == ["ligne 5", "ligne 6"]
    assert "plusieurs communes" in pasted.mistakes[0]


def test_the_epci_fills_communes_populations_and_source(as_newcomer, project, address):
    page = send(as_newcomer, address, chercher="oui", query="lumbres")
    assert "CC du Pays de Lumbres" in as_newcomer.get(page.url).text
    send(as_newcomer, address, ajouter=f"epci:{LUMBRES}")
    project = saved(project)
    assert len(project.communes) == 36
    assert project.territory == "CC du Pays de Lumbres"
    assert "2023" in project.heading["source_habitants"]


def test_what_is_unticked_goes_and_what_is_outside_says_so(as_newcomer, project, address):
    send(as_newcomer, address, ajouter=f"epci:{LUMBRES}")
    ticked = [code for code in codes(saved(project)) if code != "62534"]
    send(as_newcomer, address, communes=ticked, lines="Thuré")
    project = saved(project)
    assert len(project.communes) == 36
    assert [row["insee"] for row in project.communes if row.get("membre_epci") is False] == [THURE]
    assert "1 communes" not in text_of(as_newcomer.get(address).text)
    assert "Lumbres n’est pas cochée" in " ".join(points_of(project, TODAY))


def test_a_mistaken_line_loses_nothing_that_was_typed(as_newcomer, project, address):
    page = send(as_newcomer, address, lines="Thuré\nNulle-Part", territory="Le Pays")
    assert "ligne 2" in page.text
    assert "Nulle-Part</textarea>" in page.text
    assert 'value="Le Pays"' in page.text
    assert saved(project).communes == []


def test_overseas_communes_and_those_without_outline_are_taken(project):
    rows = [{"insee": code, "nom": communes()[code].name, "population": 1}
            for code in (MAMOUDZOU, SAINT_PIERRE)]  # fmt: skip
    set_communes(project, [], rows)
    assert has_outline(MAMOUDZOU)
    assert not has_outline(SAINT_PIERRE)
    assert any("Saint-Pierre" in point for point in points_of(project, TODAY))
    assert source_of_populations([MAMOUDZOU]) == "Insee, recensement de la population 2017"
    assert "Mayotte" in source_of_populations([MAMOUDZOU, THURE])


def test_an_epci_that_is_gone_and_a_code_that_is_unknown_are_said(project):
    project.notes["epcis"] = ["999999999"]
    set_communes(project, [], [{"insee": "99001", "nom": "Exempleville"}])
    points = " ".join(points_of(project, TODAY))
    assert "999999999" in points
    assert "Exempleville (99001)" in points


def test_without_epci_all_communes_are_members(project):
    set_communes(project, [], [{"insee": SEIN, "nom": "Île-de-Sein"}])
    assert "membre_epci" not in project.communes[0]


def test_a_whole_departement_is_added(as_newcomer, project, address):
    send(as_newcomer, address, ajouter="departement:90")
    assert len(saved(project).communes) > 90
    assert saved(project).territory == "Territoire de Belfort"
    assert as_newcomer.get(address).status_code == 200


@pytest.mark.parametrize("what", ["epci:1", "departement:00", "commune:x", "rien", "\0"])
def test_what_the_list_does_not_have_is_not_added(as_newcomer, project, address, what):
    send(as_newcomer, address, ajouter=what)
    assert saved(project).communes == []


def test_communes_of_another_convention_are_said(project, convention):
    f.CommuneFactory(convention=convention, insee_code=THURE, name="Thuré")
    set_communes(project, [], [{"insee": THURE, "nom": "Thuré"}])
    day = convention.end
    assert any("autre convention" in point for point in points_of(project, day))
    assert not any(
        "autre convention" in point for point in points_of(project, day + datetime.timedelta(1))
    )
