"""Figures by commune in files of offices: long, wide either way, of communes merged since."""

import datetime
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from indicators.models import Value
from indicators.values.events import save_value
from indicators.values.figure import Figure
from indicators.values.files.importing import ImportOfValues
from indicators.values.giving import submit_values
from spreadsheets.matching.questions import Asking
from spreadsheets.reading.open import open_book
from tests.indicators.factories import campaign_of, communes, indicator_in_force
from tests.indicators.values.entering import entry_url
from tests.indicators.values.files.office import Office, plain, told, wrong
from tests.stories import told_once

pytestmark = pytest.mark.django_db

YEAR = 2023


@told_once
def places(committee):
    found = communes(committee, "Archigny", "Châtellerault", "Senillé-Saint-Sauveur")
    for commune, code in zip(found, ("86009", "86066", "86245"), strict=True):
        commune.insee_code = code
        commune.save()
    return found


@told_once
def office(committee, places):
    by_commune = {"grain": "commune", "aggregation": "sum"}
    made = [
        indicator_in_force(committee, code="1.1", title="Places agréées", **by_commune),
        indicator_in_force(committee, code="1.2", title="Enfants accueillis", **by_commune),
        indicator_in_force(
            committee, code="2.3", title="Taux de couverture", unit="%", decimals=1,
            calculation="ratio", numerator="places", denominator="enfants", factor=100,
            grain="commune", aggregation="ratio", baseline_value=None, targets=[],
        ),
        indicator_in_force(committee, code="3.1", title="Jeunes accompagnés"),
    ]  # fmt: skip
    return Office(committee, campaign_of(committee, YEAR, made))


def read(office, text, **answers):
    return office.read("figures.csv", text.encode(), None, **answers)


def after(preview):
    return {
        (line.about.entry.indicator.code, str(line.about.commune or "")): plain(line.after)
        for line in preview.to_keep
    }


LONG = """Code Insee;Commune;Indicateur;Valeur
86009;Archigny;Places agréées;12
86066;CHATELLERAULT;Places agréées;0
86245;Senille St Sauveur;Places agréées;7
"""
WIDE = """Commune;Places agréées;Enfants accueillis
Archigny;12;30
Châtellerault;0;
86245;7;9
Total;19;39
"""
TURNED = """Indicateur;Archigny;Châtellerault;Senillé-Saint-Sauveur
Places agréées;12;0;7
Enfants accueillis;30;;9
"""
PLACES = {("1.1", "Archigny"): "12", ("1.1", "Châtellerault"): "0",
          ("1.1", "Senillé-Saint-Sauveur"): "7"}  # fmt: skip
CHILDREN = {("1.2", "Archigny"): "30", ("1.2", "Senillé-Saint-Sauveur"): "9"}


def test_a_long_file_gives_each_commune_its_figure(office):
    preview = read(office, LONG)
    assert wrong(preview) == {}
    assert after(preview) == PLACES


@pytest.mark.parametrize("text", [WIDE, TURNED])
def test_a_wide_file_says_the_same_either_way(office, text):
    preview = read(office, text)
    assert wrong(preview) == {}
    assert after(preview) == PLACES | CHILDREN


def test_each_figure_of_a_wide_file_is_told_in_its_cell(office):
    preview = read(office, WIDE.replace("12;30", "douze;30"))
    assert [place.split("!")[1] for place in wrong(preview)] == ["B2"]


def test_the_terms_of_a_ratio_have_two_columns(office):
    text = """Commune;Taux de couverture (numérateur);Taux de couverture (dénominateur)
Archigny;5;20
Châtellerault;0;9
"""
    preview = read(office, text)
    assert wrong(preview) == {}
    assert after(preview) == {("2.3", "Archigny"): "25,0 %", ("2.3", "Châtellerault"): "0,0 %"}


YEARS_BENEATH = """Commune;Places agréées;;;Enfants accueillis;;
;2021;2022;2023;2021;2022;2023
Archigny;10;11;12;28;29;30
Châtellerault;5;3;0;;;
Senillé-Saint-Sauveur;6;6;7;8;9;9
Ensemble;21;20;19;36;38;39
"""
YEARS_IN_TITLES = """Commune;Places agréées 2022;Places agréées 2023;Enfants accueillis (2023)
Archigny;11;12;30
Châtellerault;3;0;
Senillé-Saint-Sauveur;6;7;9
"""


@pytest.mark.parametrize("text", [YEARS_BENEATH, YEARS_IN_TITLES])
def test_of_several_years_of_an_indicator_that_of_the_collection_is_read(office, text):
    preview = read(office, text)
    assert wrong(preview) == {}
    assert after(preview) == PLACES | CHILDREN
    assert "2022" in told(preview)


def test_a_sheet_of_one_indicator_has_communes_against_years(office):
    text = """Places agréées

Commune;2022;2023
Archigny;11;12
Châtellerault;3;0
Senillé-Saint-Sauveur;6;7
"""
    preview = read(office, text)
    assert wrong(preview) == {}
    assert after(preview) == PLACES
    assert "2022" in told(preview)


def test_of_a_whole_department_the_communes_of_the_territory_are_read(office):
    others = "".join(f"86{at:03};Ailleurs {at};{at}\n" for at in range(100, 120))
    text = f"""CODGEO;LIBGEO;Places agréées
{others}86009;Archigny;12
86066;Châtellerault;0
"""
    preview = read(office, text)
    assert wrong(preview) == {}
    assert after(preview) == {
        key: figure for key, figure in PLACES.items() if key[1] != "Senillé-Saint-Sauveur"
    }
    assert "20 lignes d’autres communes que celles du territoire, non lues" in told(preview)
    assert "ne nomme pas Senillé-Saint-Sauveur" in told(preview)


def test_terms_beneath_the_title_of_their_ratio_are_read_beside_other_indicators(office):
    text = """Figures par commune
;Accueil;Taux de couverture;;
Commune;Places agréées;Numérateur;Dénominateur;Population
Archigny;12;5;20;1100
Châtellerault;0;0;9;31000
Sous-total;12;5;29;32100
"""
    preview = read(office, text)
    assert wrong(preview) == {}
    assert after(preview) == {
        ("1.1", "Archigny"): "12", ("1.1", "Châtellerault"): "0",
        ("2.3", "Archigny"): "25,0 %", ("2.3", "Châtellerault"): "0,0 %",
    }  # fmt: skip
    assert "la colonne « Population » n’est pas lue" in told(preview)
    assert "« Sous-total » n’est pas une commune" in told(preview)


def test_a_star_is_the_secret_of_a_table_that_was_published(office):
    [text] = wrong(read(office, WIDE.replace("12;30", "*;30"))).values()
    assert "nombre exact" in text


def test_former_communes_are_carried_to_that_of_today_and_added_up(office):
    text = """Commune;Places agréées
Archigny;12
Senillé;3
Senillé-Saint-Sauveur;4
Targé;1
"""
    preview = read(office, text)
    assert wrong(preview) == {}
    assert after(preview) == {
        ("1.1", "Archigny"): "12",
        ("1.1", "Senillé-Saint-Sauveur"): "7, « Somme de Senillé et Senillé-Saint-Sauveur. »",
        ("1.1", "Châtellerault"): "1",
    }
    said = told(preview)
    assert "Senillé et Senillé-Saint-Sauveur : chiffres portés à Senillé-Saint-Sauveur" in said
    assert "Targé : chiffre porté à Châtellerault, commune d’aujourd’hui." in said


@pytest.mark.parametrize(("title", "unit"), [("Revenu médian", "€"), ("Âge moyen", "ans"),
                                             ("Cas", "pour 1 000 habitants")])  # fmt: skip
def test_what_makes_no_sum_is_not_added_up_for_former_communes(committee, places, title, unit):
    """« 40 ; 45 » of two communes that are one today was kept as an age of 85."""
    indicator = indicator_in_force(
        committee, code="9.1", title=title, unit=unit, grain="commune", aggregation="none",
        baseline_value=None, targets=[],
    )  # fmt: skip
    office = Office(committee, campaign_of(committee, YEAR, [indicator]))
    text = f"Commune;{title}\nSenillé;40\nSenillé-Saint-Sauveur;45\nArchigny;41\n"
    preview = read(office, text)
    assert after(preview) == {("9.1", "Archigny"): "41"}
    assert "ne s’additionnent pas" in next(iter(wrong(preview).values()))


def test_a_commune_of_elsewhere_is_a_mistake_of_its_line(office):
    preview = read(office, LONG + "86194;Poitiers;Places agréées;3\n")
    [text] = wrong(preview).values()
    assert "n’est pas une commune du territoire en 2023" in text


def test_a_commune_that_left_is_none_of_the_year(office, committee):
    communes(committee, "Partie", left_on=datetime.date(YEAR, 6, 30))
    preview = read(office, "Commune;Indicateur;Valeur\nPartie;Places agréées;3\n")
    assert "n’est pas une commune du territoire en 2023" in next(iter(wrong(preview).values()))


def test_two_lines_of_a_commune_that_differ_are_both_wrong(office):
    preview = read(office, LONG + "86009;Archigny;Places agréées;13\n")
    assert len(wrong(preview)) == 2


def test_the_figure_of_the_territory_comes_beside(office):
    preview = read(office, LONG.replace("86245;Senille St Sauveur", ";Territoire"))
    assert after(preview)["1.1", ""] == "7"


def test_figures_are_kept_and_put_back(office, agent):
    book = open_book("figures.csv", WIDE.encode())
    adapter = ImportOfValues()
    preview = adapter.preview(office.scope, book, Asking(), agent)
    keep = adapter.keeper(office.scope, preview.to_keep, by=agent)
    done = [(line.key, *keep(line)) for line in preview.to_keep]
    told = Value.objects.by_commune().values_list("commune__name", "number")
    assert sorted(told) == sorted(
        [("Archigny", 12), ("Archigny", 30), ("Châtellerault", 0),
         ("Senillé-Saint-Sauveur", 7), ("Senillé-Saint-Sauveur", 9)]
    )  # fmt: skip
    entry = office.entry("1.1")
    assert (entry.table_state, entry.communes_asked) == ("draft", 3)
    again = adapter.preview(office.scope, book, Asking(), agent)
    assert again.to_keep == []
    undo = adapter.undoer(office.scope, [key for key, *_ in done], by=agent)
    for key, before, token in done:
        undo(key, before, token)
    assert not Value.objects.exists()
    assert office.entry("1.1").table_state == ""


def test_the_workbook_has_communes_against_indicators_and_comes_back(office, agent, client):
    commune = office.campaign.convention.communes.get(name="Archigny")
    for code, figure in (
        ("1.1", Figure(number=Decimal(12))),
        ("2.3", Figure(numerator=Decimal(5), denominator=Decimal(20))),
    ):
        save_value(office.entry(code), figure, commune=commune, by=agent)
    client.force_login(agent)
    content = client.get(entry_url(office.campaign, "modele/")).content
    book = load_workbook(io.BytesIO(content))
    sheet = book["Par commune"]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert head == [
        "Code Insee", "Commune", "1.1 – Places agréées", "1.2 – Enfants accueillis",
        "2.3 – Taux de couverture (numérateur)", "2.3 – Taux de couverture (dénominateur)",
        "Motif",
    ]  # fmt: skip
    assert rows[0] == ["86009", "Archigny", 12, None, 5, 20, None]
    assert sheet.protection.sheet
    assert [sheet.cell(5, n).protection.locked for n in range(1, 8)] == [True, True, *[False] * 5]
    assert office.read("modele.xlsx", content, agent).to_keep == []
    sheet["D5"], sheet["C6"], sheet["E7"], sheet["F7"] = 30, "n.d.", 1, 4
    sheet["C5"] = 14
    changed = io.BytesIO()
    book.save(changed)
    preview = office.read("modele.xlsx", changed.getvalue(), agent)
    assert [plain(text) for text in wrong(preview).values()] == [
        "Dites pourquoi la donnée est non disponible. Écrivez-le dans une colonne « Motif », sur "
        "la même ligne."
    ]
    assert after(preview) == {
        ("1.1", "Archigny"): "14",
        ("1.2", "Archigny"): "30",
        ("2.3", "Senillé-Saint-Sauveur"): "25,0 %",
    }


def test_an_indicator_of_the_territory_is_still_added_up_where_that_is_wanted(office):
    text = LONG.replace("Places agréées", "Jeunes accompagnés")
    preview = read(office, text, **{"communes:additionner": "oui"})
    [(key, said)] = after(preview).items()
    assert (key, said.split(",")[0]) == (("3.1", ""), "19")
    assert Decimal(19) == preview.to_keep[0].content.number


def test_nobody_else_reads_what_is_being_typed_in_a_workbook_or_a_preview(office, agent, client):
    """The coordinator enters on behalf: what the organisation's own people have begun is theirs."""
    convention = office.campaign.convention
    commune, coordinator = convention.communes.get(name="Archigny"), office.committee.coordinator
    save_value(office.entry("1.1"), Figure(number=Decimal(777)), commune=commune, by=agent)
    client.force_login(coordinator)
    caf = office.committee.caf.pk
    content = client.get(entry_url(office.campaign, f"modele/?pour={caf}")).content
    sheet = load_workbook(io.BytesIO(content))["Par commune"]
    assert 777 not in {cell.value for row in sheet for cell in row}
    scope = f"{convention.slug}/{YEAR}"
    book = open_book("a.csv", "Commune;Places agréées\nArchigny;12\n".encode())
    preview = ImportOfValues().preview(scope, book, Asking(), coordinator)
    assert "777" not in str(preview)


# Columns and names that nobody knows ----------------------------------------------------------


def test_a_column_of_figures_that_names_no_indicator_is_asked_about(office):
    text = """Commune;Enfants accueillis;Accueil collectif;
;2023;2022;2023
Archigny;30;11;12
Châtellerault;40;21;22
"""
    preview = read(office, text)
    [question] = preview.questions
    assert (question.place, question.is_required) == ("figures!C1", False)
    assert "La colonne « Accueil collectif » n’est pas reconnue" in question.text
    assert {code for code, _ in after(preview)} == {"1.2"}
    assert "figures!D : la colonne « Accueil collectif 2023 » n’est pas lue." in told(preview)
    key = str(office.entry("1.1").indicator_id)
    preview = read(office, text, **{question.key: key})
    assert wrong(preview) == {}
    assert after(preview) == {
        ("1.1", "Archigny"): "12", ("1.1", "Châtellerault"): "22",
        ("1.2", "Archigny"): "30", ("1.2", "Châtellerault"): "40",
    }  # fmt: skip
    said = told(preview)
    assert (
        "année 2022 : 2 valeurs ne sont pas lues, ce fichier étant déposé dans le recueil" in said
    )


def test_a_year_that_is_provisional_makes_its_figures_so(office):
    text = """Commune;Places agréées;
;2022;2023 (prov.)
Archigny;11;12
Châtellerault;21;22
"""
    [first, second] = read(office, text).to_keep
    assert (first.content.provisional, second.content.provisional) == (True, True)


def test_a_misspelled_commune_is_asked_about_by_its_name(office):
    [text] = wrong(read(office, "Commune;Places agréées\nArchignie;12\nTargé;3\n")).values()
    assert text.endswith("Vouliez-vous dire « Archigny » ?")


def test_why_a_commune_has_no_figure_stands_at_the_end_of_its_line(office, agent, client):
    commune = office.campaign.convention.communes.get(name="Archigny")
    absent = Figure(absence="not_available", reason="Fichier perdu.")
    save_value(office.entry("1.1"), absent, commune=commune, by=agent)
    client.force_login(agent)
    content = client.get(entry_url(office.campaign, "modele/")).content
    book = load_workbook(io.BytesIO(content))
    sheet = book["Par commune"]
    assert (sheet["C5"].value, sheet["G5"].value) == ("n.d.", "Fichier perdu.")
    assert office.read("modele.xlsx", content, agent).to_keep == []
    sheet["C6"], sheet["D6"], sheet["G6"] = "s.o.", 4, "Pas d’accueil."
    changed = io.BytesIO()
    book.save(changed)
    preview = office.read("modele.xlsx", changed.getvalue(), agent)
    assert not preview.mistakes
    assert after(preview) == {
        ("1.1", "Châtellerault"): "sans objet, motif : Pas d’accueil.",
        ("1.2", "Châtellerault"): "4",
    }


def test_a_commune_that_is_none_is_told_once_of_all_its_figures(office):
    preview = read(office, "Commune;Places agréées;Enfants accueillis\nArchignie;12;3\nTargé;3;4\n")
    assert len(preview.mistakes) == 1
    assert preview.mistakes[0].about == ""


def test_the_beginning_of_a_name_and_what_is_near_no_name(office):
    text = "Commune;Places agréées\nSenillé Saint;12\nAccueil de loisirs;3\nArchigny;4\n86066;1\n"
    first, second = wrong(read(office, text)).values()
    assert first.endswith("Vouliez-vous dire « Senillé-Saint-Sauveur » ?")
    assert second.endswith("vérifiez son code Insee ou son nom.")


def test_what_was_given_and_is_to_be_again_is_told_before_it_is_kept(office, agent):
    commune = office.campaign.convention.communes.get(name="Archigny")
    save_value(office.entry("1.1"), Figure(number=Decimal(12)), commune=commune, by=agent)
    save_value(office.entry("3.1"), Figure(number=Decimal(40)), by=agent)
    submit_values([office.entry("1.1"), office.entry("3.1")], by=agent)
    same = office.read("a.csv", "Commune;Places agréées\nArchigny;12\n".encode(), agent)
    assert same.undoes == []
    changed = office.read("a.csv", "Commune;Places agréées\nArchigny;13\n".encode(), agent)
    assert [plain(told) for told in changed.undoes] == [
        "Une fois ce fichier enregistré, 1 tableau est à transmettre de nouveau : ce qui avait été "
        "transmis change."
    ]


@pytest.fixture
def namesake(committee, places):
    """A commune whose code Insee is the postal code of another one."""
    [found] = communes(committee, "Sérigny")
    found.insee_code = "86210"
    found.save()


def test_a_code_that_is_of_another_commune_than_its_name_is_refused(office, namesake):
    """« 86210 », the postal code of Archigny, gave its figure to the commune of that code Insee."""
    rows = "Code;Commune;Places agréées\n86210;Archigny;12\n86066;Châtellerault;3\n"
    preview = read(office, rows)
    assert after(preview) == {("1.1", "Châtellerault"): "3"}
    assert "« 86210 Archigny » n’est pas une commune" in wrong(preview)["figures!A2"]


def test_a_column_beside_that_names_other_communes_is_none_of_codes(office):
    rows = "Code;Commune;Pôle;Places agréées\n86009;Archigny;Châtellerault;12\n"
    preview = read(office, f"{rows}86066;Châtellerault;Châtellerault;3\n")
    assert after(preview) == {("1.1", "Archigny"): "12", ("1.1", "Châtellerault"): "3"}


def test_postal_codes_name_no_commune(office, namesake):
    preview = read(office, "Code postal;Places agréées\n86210;12\n86066;3\n")
    assert preview.lines == []
    assert preview.refusal
    rows = "CP;Commune;Places agréées\n86210;Archigny;12\n86066;Châtellerault;3\n"
    assert after(read(office, rows)) == {
        ("1.1", "Archigny"): "12",
        ("1.1", "Châtellerault"): "3",
    }


def test_a_code_alone_names_the_commune_of_a_line(office):
    """Its figure was read as that of the whole territory."""
    preview = read(office, "Code Insee;Indicateur;Valeur\n86009;Places agréées;12\n")
    assert after(preview) == {("1.1", "Archigny"): "12"}
    preview = read(office, "Code Insee;Indicateur;Valeur\n86009;Jeunes accompagnés;12\n")
    assert after(preview) == {}
    [question] = preview.open_questions
    rows = "Code Insee;Indicateur;Valeur\n86009;Jeunes accompagnés;12\n86066;Jeunes accompagnés;3\n"
    preview = read(office, rows, **{question.key: "oui"})
    assert after(preview) == {("3.1", ""): "15, « Somme de 2 communes. »"}


def test_a_code_and_a_name_of_two_communes_on_a_line_are_none(office):
    rows = LONG.replace("86009;Archigny", "86066;Archigny")
    assert "« 86066 Archigny » n’est pas une commune" in wrong(read(office, rows))["figures!B2"]


@pytest.mark.parametrize(
    "rows",
    ["Commune;Indicateur;Valeur\nArchigny;Places agréées;3\nThuré;Places agréées;4\n",
     "Commune;Places agréées\nArchigny;3\nThuré;4\n",
     "Indicateur;Archigny;Thuré\nPlaces agréées;3;4\n"],
)  # fmt: skip
def test_a_name_that_two_communes_have_is_told_to_be(office, committee, rows):
    for commune, code in zip(communes(committee, "Thuré (86)", "Thuré (37)"), ("86272", "37272"),
                             strict=True):  # fmt: skip
        commune.insee_code = code
        commune.save()
    preview = read(office, rows)
    [text] = wrong(preview).values()
    assert text == (
        "« Thuré » est le nom de deux communes : écrivez « Thuré (37) » ou « Thuré (86) »."
    )
    assert after(read(office, rows.replace("Thuré", "Thuré (37)"))) == {
        ("1.1", "Archigny"): "3", ("1.1", "Thuré (37)"): "4",
    }  # fmt: skip
