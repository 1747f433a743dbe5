"""Plans as coordinators have them, each with its habits: what is understood, asked, refused."""

import datetime
from decimal import Decimal

import pytest

from actions.files.coming_in import places
from actions.files.coming_in.words import parse_state
from actions.models import ActionState
from conventions.models import Objective
from spreadsheets.columns.likeness import likeness
from tests import factories as f
from tests.actions.files.coming_in.office import answers_to, content_of, to_choose
from tests.indicators.values.files.office import plain, remarks_of, wrong
from tests.spreadsheets.files import csv_text, ods, xlsx

pytestmark = pytest.mark.django_db


def read(office, *rows, then=None, sheets=None, user="coordinator", **answers):
    return office.read("plan.xlsx", xlsx(*rows, then=then, sheets=sheets), user, **answers)


def leads(content: dict) -> list[tuple[str, str, str]]:
    return [
        (lead["organisation"]["name"], lead["name"], lead["capacity"]) for lead in content["leads"]
    ]


def money(content: dict) -> list[tuple]:
    return [
        ((line["funder"] or {}).get("name") or line["funder_name"], line["year"], line["planned"])
        for line in content["fundings"]
    ]


def test_title_rows_sections_and_words_of_offices(office):
    def then(book, sheet):
        sheet.merge_range("A1:G1", "CTG d’Exemple – Plan d’actions 2020-2027")
        sheet.merge_range("A5:G5", "AXE 1 – Accès aux droits")
        sheet.merge_range("A7:G7", "AXE 2 – Services aux familles")
        sheet.merge_range("A8:G8", "Petite enfance")

    preview = read(
        office,
        [],
        ["Version du 12 mars"],
        [],
        ["N°", "Action", "Pilote", "Partenaires", "Calendrier", "État", "Public"],
        [],
        [1, "Ouvrir un France Services", "Caf / CCAS", "MSA, Exemple, mairies", "2e semestre 2021",
         "à lancer", "Tous"],
        [],
        [],
        [2, "Créer un relais", "Pilote : M. Dupont (CCAS)", "Caf + communes", "2021-2023", "fait",
         "Familles"],
        [3, "Ouvrir une crèche", "Caf + MSA", "-", "oct. 2022", "abandonné", None],
        ["TOTAL", "3 actions"],
        then=then,
    )  # fmt: skip
    assert wrong(preview) == {
        "Feuille!F10": "Une action abandonnée a un motif : que se passe-t-il ?"
    }
    found = content_of(preview)
    assert list(found) == ["Ouvrir un France Services", "Créer un relais", "Ouvrir une crèche"]
    services, relay, nursery = found.values()
    assert services["theme"]["name"] == "Accueil des usagers"
    assert relay["theme"]["name"] == nursery["theme"]["name"] == "Petite enfance"
    assert leads(services) == [("CAF 99", "", ""), ("CCAS", "", "")]
    assert leads(relay) == [("CCAS", "M. Dupont", "")]
    assert leads(nursery) == [("CAF 99", "", ""), ("MSA", "", "")]
    assert [one["name"] for one in services["partners"]] == ["Exemple", "MSA"]
    assert services["other_partners"] == "mairies"
    assert relay["other_partners"] == "communes"
    assert (services["starts_on"], services["ends_on"]) == ("2021-07-01", "2021-12-31")
    assert (relay["starts_on"], relay["ends_on"]) == ("2021-01-01", "2023-12-31")
    assert (nursery["starts_on"], nursery["ends_on"]) == ("2022-10-01", "2022-10-31")
    said = remarks_of(preview)
    assert "ligne de total, non lue" in said
    states = [line.content.parts[0].content["state"] for line in preview.new if line.content.parts]
    assert states == ["done"]  # « à lancer » is what a new one is; « abandonné » wants its reason


def test_an_axis_in_a_merged_cell_and_budget_by_year_under_one_heading(office):
    def then(book, sheet):
        sheet.merge_range("A3:A4", "Services aux familles")
        sheet.merge_range("E1:G1", "Budget")

    preview = read(
        office,
        ["Axe", "Thématique", "Intitulé de l’action", "Porteur", "Budget"],
        [None, None, None, None, 2021, 2022, 2023],
        ["Services aux familles", "Petite enfance", "Créer un relais", "CCAS", "12 k€", 15000],
        [None, "Parentalité", "Soutenir les parents isolés", "Caf", None, "1 500,50 €", "à fixer"],
        then=then,
        **{"financeur:montants": "pilote"},
    )  # fmt: skip
    assert wrong(preview) == {}
    relay, parents = content_of(preview).values()
    assert money(relay) == [("CCAS", 2021, "12000"), ("CCAS", 2022, "15000")]
    assert money(parents) == [("CAF 99", 2022, "1500.5")]
    assert parents["theme"]["name"] == "Parentalité"
    assert "« à fixer » : aucun montant" in remarks_of(preview)


def test_who_pays_and_when_are_asked_once_for_the_file(office):
    rows = [
        ["Thématique", "Action", "Début", "Fin", "Coût"],
        ["Petite enfance", "Créer un relais", 2021, 2022, "12 000 € / an"],
        ["Parentalité", "Soutenir les parents isolés", "sept. 2021", "en continu", "3 k€"],
    ]
    preview = read(office, *rows)
    assert list(wrong(preview)) == ["Feuille!E2", "Feuille!E3"]
    answers = answers_to(preview, "commence", "oui, chaque", "MSA")
    preview = read(office, *rows, **answers)
    preview = read(office, *rows, **(answers | answers_to(preview, "MSA")))
    assert wrong(preview) == {}
    relay, parents = content_of(preview).values()
    assert money(relay) == [("MSA", 2021, "12000"), ("MSA", 2022, "12000")]
    assert money(parents) == [("MSA", 2021, "3000")]
    assert (parents["is_continuous"], parents["ends_on"]) == (True, None)


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("10 000 € sur 3 ans", {2021: "3333.33", 2022: "3333.33", 2023: "3333.34"}),
        ("9 k€ TTC (2022-2024)", {2022: "3000", 2023: "3000", 2024: "3000"}),
        ("8 000 € sur la période", {2021: "4000", 2022: "4000"}),
    ],
)
def test_an_amount_over_several_years_is_spread_as_was_answered(office, text, shares):
    rows = [
        ["Thématique", "Action", "Début", "Fin", "Coût", "Financeur"],
        ["Petite enfance", "Créer un relais", 2021, 2022, text, "MSA"],
    ]
    [question] = read(office, *rows).open_questions
    assert "comment répartir" in question.text
    [relay] = content_of(read(office, *rows, **{question.key: "parts"})).values()
    assert {year: Decimal(amount) for _, year, amount in money(relay)} == {
        year: Decimal(amount) for year, amount in shares.items()
    }
    [relay] = content_of(read(office, *rows, **{question.key: "debut"})).values()
    assert len(money(relay)) == 1


def test_what_is_not_clear_is_refused_with_what_would_be_read(office):
    preview = read(
        office,
        ["Thème", "Action", "Début", "Fin", "Budget 2022", "Priorité", "Territoire", "Innovation"],
        ["Petite enfance", "Une", "rentrée 2021", None, None, None, None, None],
        ["Petite enfance", "Deux", None, "2021 ?", None, None, None, None],
        ["Petite enfance", "Trois", None, None, "env. 12 000 €", None, None, None],
        ["Petite enfance", "Quatre", None, None, None, "A+", None, None],
        ["Petite enfance", "Cinq", None, None, None, None, "Nord", None],
        ["Petite enfance", "Six", None, None, None, None, None, "peut-être"],
        ["Petite enfance", "Sept", (45291, "dd/mm/yyyy"), "31/12/2022", None, None, None, None],
        [None, None, "2021", None, None, None, None, None],
    )  # fmt: skip
    said = wrong(preview)
    assert "comme « 01/09/2021 »" in said["Feuille!C2"]
    assert "« 2021 ? »" in said["Feuille!D3"]
    assert "écrivez le nombre seul" in said["Feuille!E4"]
    assert "« haute », « moyenne » ou « basse »" in said["Feuille!F5"]
    assert "« tout le territoire »" in said["Feuille!G6"]
    assert "« oui » ou « non »" in said["Feuille!H7"]
    assert said["Feuille!D8"] == "La fin de l’action précède son début."
    assert "titre" in said.get("Feuille!C9", "") or "Feuille!C9" in remarks_of(preview)
    texts = {text.place: text.text for line in preview.to_keep for text in line.content.texts}
    assert texts.items() >= {"Feuille!C2": "rentrée 2021", "Feuille!F5": "A+"}.items()
    assert len(preview.to_keep) == 7


def test_states_in_words_and_percentages_of_what_is_agreed(office):
    title = office.action.title

    def after(state, *more):
        preview = read(office, ["Action", "Avancement", "Motif"], [title, state, *more])
        assert wrong(preview) == {}
        [line] = preview.to_keep
        return plain(line.after).split("\n")[0]

    assert after("en cours") == "État : en cours"
    assert after("Fait") == "État : terminée"
    assert after(0.5) == "État : en cours"
    assert after((0.5, "0 %")) == "État : en cours"
    assert after("En cours (40 %)") == "État : en cours"
    assert after("Reporté", "Local indisponible") == "État : en pause"
    preview = read(office, ["Action", "Statut"], [title, "abandonné"])
    assert "a un motif" in wrong(preview)["Feuille!B2"]
    preview = read(office, ["Action", "Statut"], [title, "en cours ?"])
    assert "écrivez « à venir »" in wrong(preview)["Feuille!B2"]
    chosen = {"typed@Feuille!B2": "en cours"}
    preview = read(office, ["Action", "Statut"], [title, "en cours ?"], **chosen)
    assert plain(preview.to_keep[0].after).startswith("État : en cours")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Réalisé à 80 %", (ActionState.IN_PROGRESS, 80)),
        ("Action réalisée à 100 %", (ActionState.DONE, 100)),
        ("En cours - 50 %", (ActionState.IN_PROGRESS, 50)),
        ("50,0 %", (None, 50)),
    ],
)
def test_what_is_done_in_part_is_in_progress(text, said):
    """« Réalisé à 80 % » was kept as done, and so at 100 %."""
    assert parse_state(text) == said


@pytest.mark.parametrize(
    "text",
    ["> 50 %", "< 5 %", "~80 %", "± 20 %", "-5 %", "25 % / 50 %", "terminé 80 %", "réalisé à 0 %"],
)
def test_what_is_no_one_share_is_asked_about(text):
    with pytest.raises(ValueError, match="%"):
        parse_state(text)


def test_one_of_a_column_of_shares_is_asked_about(office):
    rows = [["Action", "Avancement"], [office.action.title, 1]]
    preview = read(office, *rows)
    assert "100 % ou 1 %" in plain(wrong(preview)["Feuille!B2"])
    [question] = preview.open_questions
    preview = read(office, *rows, **{question.key: "part"})
    assert "100" in preview.to_keep[0].after


def test_a_people_of_leads(office):
    rows = [
        ["Thématique", "Action", "Pilotes"],
        ["Petite enfance", "Une", "M. Dupont, directeur (CCAS)\nMme Roy (Caf)"],
        ["Petite enfance", "Deux", "CCAS – Mme Petit"],
        ["Petite enfance", "Trois", "Mme Durand"],
        ["Petite enfance", "Quatre", "Maison de la famille et de la parentalité"],
        ["Petite enfance", "Cinq", "Centre social des Ormeaux, Caf et MSA"],
        ["Petite enfance", "Six", office.coordinator.get_full_name() or str(office.coordinator)],
    ]
    preview = read(office, *rows)
    assert list(wrong(preview)) == ["Feuille!C4", "Feuille!C5"]
    assert "par exemple CAF 99" in wrong(preview)["Feuille!C5"]
    preview = read(office, *rows, **answers_to(preview, "Ormeaux"))
    found = content_of(preview)
    assert leads(found["Une"]) == [("CCAS", "M. Dupont", "directeur"), ("CAF 99", "Mme Roy", "")]
    assert leads(found["Deux"]) == [("CCAS", "Mme Petit", "")]
    assert leads(found["Trois"]) == [("Ormeaux", "Mme Durand", "")]
    assert leads(found["Quatre"]) == [("Ormeaux", "", "")]
    assert leads(found["Cinq"]) == [("Ormeaux", "", ""), ("CAF 99", "", ""), ("MSA", "", "")]
    assert leads(found["Six"]) == [("Exemple", str(office.coordinator), "")]
    assert found["Six"]["leads"][0]["user"]["id"] == office.coordinator.pk


def test_a_place_that_is_not_told_is_asked(office):
    rows = [
        ["Action", "Axe"],
        ["Une", "Services aux familles"],
        ["Deux", None],
        ["Trois", "Vie associative"],
        ["Quatre", 3],
    ]
    preview = read(office, *rows)
    assert list(wrong(preview)) == ["Feuille!A2", "Feuille!A3", "Feuille!A4"]
    first = answers_to(preview, "action par action", "3. Animation")
    preview = read(office, *rows, **first)
    preview = read(office, *rows, **(first | answers_to(preview, "Jeunesse")))
    assert wrong(preview) == {}
    themes = {title: content["theme"]["name"] for title, content in content_of(preview).items()}
    assert themes == {
        "Une": "Jeunesse",
        "Deux": "Jeunesse",
        "Trois": "Animation de la vie sociale",
        "Quatre": "Animation de la vie sociale",
    }


def test_objectives_of_the_convention_or_texts_of_the_office(office):
    rows = [
        ["Objectifs", "Action"],
        ["Développer l’accueil du jeune enfant", "Une"],
        ["2.2.a", "Deux"],
        ["Soutenir les parents", "Trois"],
        ["Faire connaître les métiers de la petite enfance", "Quatre"],
    ]
    preview = read(office, *rows)
    answers = answers_to(preview, "Résultats attendus", "Petite enfance")
    preview = read(office, *rows, **answers)
    preview = read(office, *rows, **(answers | answers_to(preview, "Petite enfance")))
    found = content_of(preview)
    assert [one["name"] for one in found["Une"]["objectives"]] == [
        "Développer l’accueil du jeune enfant"
    ]
    assert found["Une"]["theme"]["name"] == "Petite enfance"
    assert found["Deux"]["theme"]["name"] == found["Trois"]["theme"]["name"] == "Parentalité"
    assert found["Quatre"]["expected_results"] == "Faire connaître les métiers de la petite enfance"


def test_objectives_that_nobody_knows_are_not_compared_without_end(office, monkeypatch):
    """Each of two thousand wordings was compared with all objectives: twelve seconds of a page."""
    compared = []

    def counted(*compared_texts):
        compared.append(compared_texts)
        return likeness(*compared_texts)

    monkeypatch.setattr(places, "likeness", counted)
    rows = [[f"Nouvelle {n}", f"Développer l’accueil des jeunes enfants {n}"] for n in range(600)]
    read(office, ["Action", "Objectifs"], *rows)
    assert len(compared) <= places.LIKENED * Objective.objects.count()


def test_a_cell_that_enumerates_without_end_is_refused(office):
    texts = {"Objectifs": "rien de connu ;", "Moyens humains": "Caf : 0,5 ETP ;", "Plans": "un ;",
             "Communes": "Ici,"}  # fmt: skip
    rows = [["Action", *texts], ["Une", *(text * 400 for text in texts.values())]]
    mistakes = wrong(read(office, *rows)).values()
    assert any("plus de 300 lignes" in text for text in mistakes)


def test_a_calendar_of_crosses(office):
    preview = read(
        office,
        ["Thématique", "Action", 2021, 2022, 2023],
        ["Petite enfance", "Une", "X", "x", None],
        ["Petite enfance", "Deux", "X", None, "X"],
    )
    assert wrong(preview) == {
        "Feuille!C3": "Les années cochées ne se suivent pas : donnez le début et la fin de "
        "l’action."
    }
    one, two = content_of(preview).values()
    assert (one["starts_on"], one["ends_on"]) == ("2021-01-01", "2022-12-31")
    assert (two["starts_on"], two["ends_on"]) == (None, None)
    assert one["fundings"] == two["fundings"] == []


def test_dates_as_serial_numbers_are_asked_once(office):
    rows = [["Thématique", "Action", "Début"], ["Petite enfance", "Une", 44470]]
    preview = read(office, *rows)
    assert "écrivez une date, comme « 01/10/2021 »" in wrong(preview)["Feuille!C2"]
    preview = read(office, *rows, **answers_to(preview, "oui"))
    assert content_of(preview)["Une"]["starts_on"] == "2021-10-01"


def test_a_formula_that_was_never_calculated_is_refused(office):
    def then(book, sheet):
        sheet.write_formula("C2", "=SUM(D2:E2)", None, "")
        sheet.write_formula("C3", "=D3", None, 1200)

    preview = read(
        office,
        ["Thématique", "Action", "Budget 2022"],
        ["Petite enfance", "Une"],
        ["Petite enfance", "Deux"],
        then=then,
        **{"financeur:montants": "pilote"},
    )
    said = wrong(preview)
    assert "n’a jamais été calculée" in said["Feuille!C2"]
    assert "Dites qui finance" in said["Feuille!C3"]


def test_other_formats_and_columns_that_are_not_known(office):
    rows = [
        ["Thématique", "Action", "Pilote", "Couleur du dossier"],
        ["Petite enfance", "Créer un relais", "Caf", "bleu"],
    ]
    html = "<table>" + "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows
    )
    for name, content in {
        "plan.ods": ods(*rows),
        "plan.csv": csv_text(*rows).encode("utf-8-sig"),
        "plan2.csv": csv_text(*rows, separator="\t").encode("cp1252"),
        "plan.xls": f"<html><body>{html}</table></body></html>".encode(),
    }.items():
        preview = office.read(name, content)
        assert wrong(preview) == {}, name
        assert leads(content_of(preview)["Créer un relais"]) == [("CAF 99", "", "")], name
        assert "colonne « Couleur du dossier » : elle n’est pas lue" in remarks_of(preview), name


def test_hidden_sheets_are_off_and_hidden_columns_are_read_and_told(office):
    def then(book, sheet):
        if sheet.get_name() == "Suivi":
            sheet.set_column("C:C", None, None, {"hidden": True})
            sheet.set_row(2, None, None, {"hidden": True})
        if sheet.get_name() == "Ancien":
            sheet.hide()

    rows = [["Thématique", "Action", "Pilote"], ["Petite enfance", "Une", "Caf"],
            ["Petite enfance", "Deux", "Caf"]]  # fmt: skip
    old = [*rows[:1], ["Petite enfance", "Ancienne", "Caf"]]
    sheets = {"Notes": [["Rien à voir"]], "Suivi": rows, "Ancien": old}
    preview = read(office, sheets=sheets, then=then)
    assert list(content_of(preview)) == ["Une", "Deux"]
    remarks = remarks_of(preview)
    assert "Notes|cette feuille n’est pas lue" in remarks
    assert "Ancien|cette feuille est masquée : elle n’est pas lue" in remarks
    assert "lignes masquées, lues aussi : 3" in remarks
    assert "colonnes masquées, lues aussi : C" in remarks


def test_milestones_notes_and_money_beside(office):
    title = office.action.title
    preview = read(
        office,
        sheets={
            "Plan": [
                ["Action", "Bilan 2023", "Freins 2023"],
                [title, "Deux ateliers.", "Le froid"],
            ],
            "Jalons": [
                ["Action", "Jalon", "Échéance", "Atteint le"],
                [title, "Ouverture", "mars 2021", "12/03/2021"],
                ["Inconnue", "Ouverture", "mars 2021", None],
            ],
            "Financements": [
                ["Action", "Financeur", "Année", "Prévu", "Dépensé"],
                [title, "Caf", 2020, 13000, 11000],
                [title, "Région", 2021, 500, None],
            ],
        },
    )
    assert wrong(preview) == {
        "Jalons!A3": "L’action de cette ligne n’est ni dans le plan, ni dans ce fichier."
    }
    [line] = preview.to_keep
    assert money(line.content.content) == [("CAF 99", 2020, "13000"), ("Région", 2021, "500")]
    office.keep(preview)
    action = office.actions()[title]
    assert [(one.title, one.done_on) for one in action.milestones.all()] == [
        ("Ouverture", datetime.date(2021, 3, 12))
    ]
    assert [(one.year, one.text, one.brakes) for one in action.notes.all()] == [
        (2023, "Deux ateliers.", "Le froid")
    ]
    assert [(one.year, one.planned, one.spent) for one in action.fundings.all()] == [
        (2020, 12000, 11000)
    ]


def test_two_lines_of_an_action_say_the_same_or_are_refused(office):
    preview = read(
        office,
        ["Thématique", "Action", "Pilote", "Public"],
        ["Petite enfance", "Une", "Caf", "Familles"],
        ["Petite enfance", "Une", "CCAS", "Familles"],
        ["Petite enfance", "Deux", "Caf", "Familles"],
        ["Petite enfance", "Deux", "Caf", "Jeunes"],
    )
    assert list(wrong(preview)) == ["Feuille!D5"]
    assert leads(content_of(preview)["Une"]) == [("CAF 99", "", ""), ("CCAS", "", "")]


def test_a_title_that_is_nearly_one_of_the_plan_is_asked(office):
    rows = [["Thématique", "Action"], ["Petite enfance", "Ouvrir un lieu d'accueil enfants parent"]]
    preview = read(office, *rows)
    assert preview.unchanged[0].label == str(office.action)
    rows[1][1] = "Ouvrir deux lieux d’accueil enfants-parents"
    preview = read(office, *rows)
    [question] = preview.open_questions
    assert question.choices[1].label == "non, c’est une action nouvelle"
    assert read(office, *rows, **{question.key: "nouvelle"}).new
    changed = read(office, *rows, **{question.key: str(office.action.pk)}).changed
    assert changed[0].after == "Titre : Ouvrir deux lieux d’accueil enfants-parents"


def test_numbers_before_titles_and_titles_of_objectives(office):
    preview = read(
        office,
        ["INTITULÉ DE LA FICHE ACTION", "PORTEUR(S)", "ÉCHÉANCIER", "ÉTAT D’AVANCEMENT"],
        ["Axe 1 : Accès aux droits"],
        ["Objectif 1 : mieux accueillir"],
        ["Action 1.1 : Ouvrir un guichet", "Caf (service social)", "annuel", "Réalisé à 100%"],
        ["Fiche n°2 – Former les agents", "CCAS", "2021 - 2022", "Action en cours"],
        [f"Action {office.action.number} : {office.action.title.upper()}"],
    )
    assert wrong(preview) == {}
    found = content_of(preview)
    assert list(found) == ["Ouvrir un guichet", "Former les agents"]
    assert leads(found["Ouvrir un guichet"]) == [("CAF 99", "", "service social")]
    assert found["Ouvrir un guichet"]["is_continuous"]
    assert {one["theme"]["name"] for one in found.values()} == {"Accueil des usagers"}
    assert [line.label for line in preview.unchanged] == [str(office.action)]


@pytest.mark.parametrize("heading", ["Coût prévisionnel", "Financeurs"])
def test_several_funders_in_a_cell_with_their_amounts(office, heading):
    preview = read(
        office,
        ["Thème", "Action", "Début", heading],
        ["Petite enfance", "Une", "2022", "Caf 12 000 €, Région : 8 k€"],
        ["Petite enfance", "Deux", "2022", "Caf (1 500,50 €) ; Mairie 300"],
        **{"annee:montants": "2022"},
    )
    assert wrong(preview) == {}
    contents, caf = content_of(preview), str(office.committee.caf)
    assert money(contents["Une"]) == [(caf, 2022, "12000"), ("Région", 2022, "8000")]
    assert money(contents["Deux"]) == [(caf, 2022, "1500.5"), ("Mairie", 2022, "300")]


def test_amounts_that_are_not_plain_and_funders_without_one_are_not_dropped_in_silence(office):
    preview = read(
        office,
        ["Thème", "Action", "Coût 2022", "Financeurs"],
        ["Petite enfance", "Une", "Caf 12 000 €, le reste à définir", None],
        ["Petite enfance", "Deux", None, "Caf et CCAS"],
        ["Petite enfance", "Trois", "Formateur 800 €, Salle 200 €", None],
        ["Petite enfance", "Quatre", "Caf 800 €, Investissement 200 €", None],
    )
    assert list(wrong(preview)) == ["Feuille!C2", "Feuille!C4", "Feuille!C5"]
    assert any("Caf et CCAS" in one.text and one.place == "Feuille!D3" for one in preview.told)


def test_an_amount_has_one_funder(office):
    preview = read(
        office,
        ["Thème", "Action", "Coût 2022", "Financeurs"],
        ["Petite enfance", "Une", "15 000", "Caf : 10 000 / CCAS : 5 000"],
        ["Petite enfance", "Deux", "15 000", "Caf et CCAS"],
        ["Petite enfance", "Trois", "15 000", "Région"],
    )
    said = wrong(preview)
    assert list(said) == ["Feuille!D2", "Feuille!D3"]
    assert "feuille « Financements » (Titre, Financeur, Année, Prévu)" in said["Feuille!D2"]
    assert money(content_of(preview)["Trois"]) == [("Région", 2022, "15000")]


@pytest.mark.parametrize(
    ("text", "starts_on", "ends_on"),
    [
        ("T3 2021", "2021-07-01", "2021-09-30"),
        ("sept. – déc. 2021", "2021-09-01", "2021-12-31"),
        ("du 01/09/2021 au 31/12/2022", "2021-09-01", "2022-12-31"),
        ("2021/22", "2021-01-01", "2022-12-31"),
        ("à partir de septembre 2021", "2021-09-01", None),
        ("jusqu’en 2023", None, "2023-12-31"),
        ("fin 2023", None, "2023-12-31"),
        ("année scolaire 2021-2022", "2021-09-01", "2022-08-31"),
        ("toute la durée de la CTG", "2020-01-01", "2027-12-31"),
        ("début 2021 à fin 2023", "2021-01-01", "2023-12-31"),
        ("2021 → 2023", "2021-01-01", "2023-12-31"),
        ("sept-22 -> déc.-23", "2022-09-01", "2023-12-31"),
        ("2T 2022 - fin 2024", "2022-04-01", "2024-12-31"),
        ("1/9/22 au 31/8/24", "2022-09-01", "2024-08-31"),
    ],
)
def test_periods_in_words(office, text, starts_on, ends_on):
    preview = read(office, ["Thème", "Action", "Calendrier"], ["Petite enfance", "Une", text])
    [content] = content_of(preview).values()
    assert (content["starts_on"], content["ends_on"]) == (starts_on, ends_on)


def test_an_echeance_may_hold_the_whole_period(office):
    preview = read(
        office,
        ["Thème", "Action", "Échéance"],
        ["Petite enfance", "Une", "2021 → 2023"],
        ["Petite enfance", "Deux", "31/8/24"],
        ["Petite enfance", "Trois", "sept-22"],
        ["Petite enfance", "Quatre", "le 12-22"],
    )
    found = {
        title: (content["starts_on"], content["ends_on"])
        for title, content in content_of(preview).items()
    }
    assert found == {
        "Une": ("2021-01-01", "2023-12-31"),
        "Deux": (None, "2024-08-31"),
        "Trois": (None, "2022-09-30"),
        "Quatre": (None, None),
    }
    assert list(wrong(preview)) == ["Feuille!C5"]


def test_two_names_of_one_column_stand_in_its_heading(office):
    preview = read(
        office,
        ["Thème", "Action", "Porteur / Co-porteurs", "Coût prév. 2022", "Financeur"],
        ["Petite enfance", "Une", "Caf / CCAS", "15 k€", "Caf"],
    )
    [content] = content_of(preview).values()
    assert len(content["leads"]) == 2
    assert money(content) == [("CAF 99", 2022, "15000")]


@pytest.mark.parametrize(
    "text",
    ["2021 et 2023", "été 2022", "début 2021", "fin 2021 à début 2023", "32/01/2021", "2023-2021"],
)
def test_periods_that_two_people_read_otherwise(office, text):
    preview = read(office, ["Thème", "Action", "Calendrier"], ["Petite enfance", "Une", text])
    assert "2e semestre 2021" in wrong(preview)["Feuille!C2"]


def test_a_calendar_of_crosses_under_its_heading(office):
    preview = read(
        office,
        ["Thème", "Action", "Calendrier"],
        [None, None, 2021, 2022, 2023],
        ["Petite enfance", "Une", None, "X", "X"],
        then=lambda book, sheet: sheet.merge_range("C1:E1", "Calendrier"),
    )
    assert wrong(preview) == {}
    [content] = content_of(preview).values()
    assert (content["starts_on"], content["ends_on"]) == ("2022-01-01", "2023-12-31")


def test_lines_of_a_merged_action_are_its_fundings(office):
    def then(book, sheet):
        sheet.merge_range("A2:A4", "Petite enfance")
        sheet.merge_range("B2:B4", "Une")

    rows = [
        ["Thème", "Action", "Financeur", "Année", "Budget"],
        ["Petite enfance", "Une", "CCAS", 2021, 1000],
        [None, None, "MSA", 2021, 500],
        [None, None, "MSA", 2022, 600],
    ]
    [content] = content_of(read(office, *rows, then=then)).values()
    assert money(content) == [("CCAS", 2021, "1000"), ("MSA", 2021, "500"), ("MSA", 2022, "600")]
    said = wrong(read(office, *rows))
    assert list(said) == ["Feuille!C3", "Feuille!C4"]
    assert "répétez-y le titre de l’action" in said["Feuille!C3"]


def test_an_acronym_of_two_organisations_is_asked(office):
    f.OrganisationFactory(convention=office.convention, acronym="CAF 79", name="Caf voisine")
    rows = [["Thème", "Action", "Pilote", "Partenaires"],
            ["Petite enfance", "Une", "Caf / CCAS", "Caf, MSA"]]  # fmt: skip
    preview = read(office, *rows)
    assert list(wrong(preview)) == ["Feuille!C2", "Feuille!D2"]
    [question] = preview.open_questions
    assert [choice.label[:6] for choice in question.choices[:2]] == ["CAF 99", "CAF 79"]
    [content] = content_of(read(office, *rows, **answers_to(preview, "CAF 79"))).values()
    assert leads(content) == [("CAF 79", "", ""), ("CCAS", "", "")]


def test_the_numbers_of_an_office_are_its_own(office):
    preview = read(
        office,
        ["N°", "Action", "Pilote"],
        ["Axe 2", "Services aux familles"],
        ["2.1.", "Créer un lieu", "CCAS"],
        ["2.2.7", "Réunir des parents", "CCAS"],
    )
    assert list(wrong(preview)) == ["Feuille!B3"]
    assert content_of(preview)["Réunir des parents"]["theme"]["name"] == "Parentalité"


def test_years_below_an_unknown_heading_are_no_money_unasked(office):
    rows = [
        ["Suivi du plan", None, None, None],
        [None, None, None, "Familles touchées", None],
        ["Thème", "Action", "Financeur", 2021, 2022],
        ["Petite enfance", "Une", "CCAS", 12, 15],
    ]
    preview = read(office, *rows)
    assert money(content_of(preview)["Une"]) == []
    assert to_choose(preview) == ["D", "E"]
    preview = read(office, *rows, columns={"D": "planned=2021", "E": "planned=2022"})
    assert money(content_of(preview)["Une"]) == [("CCAS", 2021, "12"), ("CCAS", 2022, "15")]
