"""Figures by commune in files of offices: long, crossed either way, of communes merged since."""

import pytest

from indicators.values.files.importing import ImportOfValues
from spreadsheets.columns.questions import Asking
from spreadsheets.reading.open import open_book
from tests.indicators.factories import campaign_of, communes, indicator_in_force
from tests.indicators.values.files.office import Office, plain
from tests.indicators.values.files.test_office_files import doubts
from tests.spreadsheets.files import xlsx
from tests.stories import told_once

pytestmark = pytest.mark.django_db
YEAR = 2023


@told_once
def places(committee):
    rows = communes(committee, "Archigny", "Châtellerault", "Senillé-Saint-Sauveur", "Thuré")
    for commune, code in zip(rows, ("86009", "86066", "86245", "86272"), strict=True):
        commune.insee_code = code
        commune.save()
    return rows


@told_once
def office(committee, places):
    by_commune = {"grain": "commune", "aggregation": "sum"}
    made = [
        indicator_in_force(committee, code="1.1", title="Places agréées", **by_commune),
        indicator_in_force(committee, code="1.2", title="Enfants accueillis", **by_commune),
        indicator_in_force(committee, code="3.1", title="Jeunes accompagnés"),
    ]
    return Office(committee, campaign_of(committee, YEAR, made))


def read(office, text, **answers):
    return office.read("figures.csv", text.encode(), None, **answers)


def after(preview):
    return {
        (line.about.entry.indicator.code, str(line.about.commune or "")): plain(line.after)
        for line in preview.to_keep
    }


EXPECTED = {("1.1", "Archigny"): "12", ("1.1", "Châtellerault"): "0", ("1.1", "Thuré"): "7"}
LAYOUTS = {
    "long": """Code Insee;Commune;Indicateur;Valeur
86009;Archigny;Places agréées;12
86066;CHATELLERAULT;Places agréées;0
86272;Thure;Places agréées;7
""",
    "long without headings": """86009;Archigny;1.1;12
86066;CHATELLERAULT;1.1;0
86272;Thure;1.1;7
""",
    "communes down": """Commune;Places agréées;Enfants accueillis
Archigny;12;
Châtellerault;0;
86272;7;
""",
    "communes across": """Indicateur;Archigny;Châtellerault;Thuré
Places agréées;12;0;7
""",
    "a column Com": """Com;Indicateur;Nb
Archigny;Places agréées;12
Châtellerault;Places agréées;0
Thuré;Places agréées;7
""",
    "years across, of one indicator": """Places agréées
Commune;déc. 2022;déc. 2023
Archigny;10;12
Châtellerault;0;0
Thuré;7;7
""",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_figures_of_communes_come_in_from_each_layout(office, layout):
    assert after(read(office, LAYOUTS[layout])) == EXPECTED


MERGED = "Commune;Places agréées\nSenillé;6\nSaint-Sauveur;9\nArchigny;12"


def test_parts_of_a_commune_of_today_are_added_up_once_that_is_confirmed(office):
    preview = read(office, MERGED)
    assert after(preview) == {("1.1", "Archigny"): "12"}
    (box,) = [box for row in preview.sheetful.rows for box in row.yellow if box.facet]
    assert (box.text, box.suggestion) == ("Saint-Sauveur", "Senillé-Saint-Sauveur")
    today = office.committee.convention.communes.get(insee_code="86245")
    chosen = {box.name: str(today.pk)}
    (text,) = doubts(read(office, MERGED, **chosen))
    assert text == "Senillé et Saint-Sauveur font Senillé-Saint-Sauveur aujourd’hui : somme, 15"
    confirmed = read(office, MERGED, **chosen, **{"sure-merged@figures!B2": "1"})
    said = after(confirmed)["1.1", "Senillé-Saint-Sauveur"]
    assert said == "15, « Somme de Senillé et Saint-Sauveur. »"


def test_one_former_commune_is_not_the_whole_of_today_in_silence(office):
    preview = read(office, "Commune;Places agréées\nSenillé;6")
    assert after(preview) == {}
    assert "n’est plus qu’une partie de Senillé-Saint-Sauveur" in doubts(preview)[0]


def test_a_heading_between_communes_is_one_that_is_asked(office):
    text = "Indicateur;Archigny;ST SAUV;Thuré\nPlaces agréées;12;3;7"
    preview = read(office, text)
    assert after(preview) == {("1.1", "Archigny"): "12", ("1.1", "Thuré"): "7"}
    chosen = {
        "commune:st sauv": str(office.committee.convention.communes.get(insee_code="86245").pk)
    }
    assert after(read(office, text, **chosen))["1.1", "Senillé-Saint-Sauveur"] == "3"


def test_a_commune_where_the_territory_was_expected_is_doubted(office):
    preview = read(office, "Indicateur;Com;Valeur\nJeunes accompagnés;Thuré;51")
    assert after(preview) == {}
    assert doubts(preview) == ["le territoire entier est attendu, et la ligne est de Thuré"]


def test_communes_of_a_figure_of_the_territory_are_added_up_once_confirmed(office):
    text = "Indicateur;Commune;Valeur\nJeunes accompagnés;Thuré;51\nJeunes accompagnés;Archigny;9"
    preview = read(office, text)
    assert doubts(preview) == ["le territoire entier est attendu : somme de 2 communes, 60"]
    name = preview.sheetful.rows[0].doubts[0].name
    assert after(read(office, text, **{name: "1"}))["3.1", ""] == "60, « Somme de 2 communes. »"


def test_a_commune_in_a_column_that_is_not_read_is_doubted(office):
    content = xlsx(["Indicateur", "Com", "Valeur"], ["Jeunes accompagnés", "Thuré", 51])

    roles = {"1": "label", "2": "-", "3": "value"}
    sheet = {"is_read": True, "head": [1], "roles": roles, "constants": {}}
    asking = Asking({}, {"sheets": {"Feuille": sheet}, "is_settled": True})
    preview = ImportOfValues().preview(office.scope, open_book("a.xlsx", content), asking, None)
    assert doubts(preview) == ["la ligne nomme Thuré, dans une colonne qui n’est pas lue"]


def test_a_commune_outside_is_said_to_be_so(office):
    preview = read(office, "Commune;Places agréées\nPoitiers;6")
    (row,) = preview.sheetful.rows
    assert row.yellow[0].hint == "cette commune n’est pas du territoire"


def test_more_than_the_whole_is_doubted(office):
    text = "Commune;Places agréées\nArchigny;12\nThuré;700\nTotal;60"
    preview = read(office, text)
    assert after(preview) == {("1.1", "Archigny"): "12"}
    assert doubts(preview) == ["plus que le territoire entier, 60"]


def test_ten_times_all_others_is_doubted(office):
    text = (
        "Commune;Places agréées\nArchigny;12\nThuré;7\nSenillé-Saint-Sauveur;5\nChâtellerault;1200"
    )
    assert "dix fois le plus grand des autres" in doubts(read(office, text))[0]
