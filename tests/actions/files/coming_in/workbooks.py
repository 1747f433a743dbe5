"""Three plans as offices keep them in their own workbooks."""

import io

from openpyxl import Workbook
from openpyxl.styles import Font

VERBS = ["Ouvrir", "Créer", "Former", "Soutenir", "Coordonner", "Développer", "Animer", "Étudier",
         "Accompagner", "Aménager"]  # fmt: skip
STATES = ["En cours", "Réalisé", "Non démarré", "A venir", "en cours (50%)", "Reporté en 2026",
          "Abandonnée", "fait", "Lancée", "En cours ?"]  # fmt: skip
BUDGETS = [12000, "52 k€ / an", "à définir", None, "15 000 € TTC", "8 K€", "CC 100 %",
           "env. 3 000 €", "30 000 € sur 3 ans", "valorisation interne"]  # fmt: skip
PERIODS = ["2024-2026", "2025", "sept. 2025", "en continu", "1er semestre 2025", "Durée de la CTG",
           "à définir", "rentrée 2025", None, "2024/2025"]  # fmt: skip
LEADS = ["CCAS", "Caf / MSA", "Service enfance CC", "Mme Morin (CCAS)", "La Ruche", "Caf",
         "Service enfance CC", "MSA", "Ormeaux", "Commune de Thuré"]  # fmt: skip


def _bytes(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def forty_over_three_sheets() -> bytes:
    """A sheet for each axis, called « Axe 1 » or by its title; an old one that is hidden."""
    book = Workbook()
    book.remove(book.active)
    sheets = {
        "Axe 1": ("un accueil à", [None]),
        "AXE 2 - Services familles": ("un relais à", ["Petite enfance", "Parentalité"]),
        "3. Vie sociale": ("des ateliers à", [None]),
    }
    towns = ["Thuré", "Antran", "Saint-Rémy"]
    number = 0
    for name, (thing, themes) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(["Plan d’actions CTG 2020-2027"])
        sheet["A1"].font = Font(bold=True, size=16)
        sheet.append([])
        sheet.append(["N° fiche", "Intitulé de l’action", "Objectifs opérationnels", "Porteur(s)",
                      "Partenaires associés", "Calendrier prévisionnel", "Coût (€ TTC)",
                      "Plan de financement", "Indicateurs d’évaluation", "Etat d’avancement",
                      "Observations"])  # fmt: skip
        for theme in themes:
            if theme:
                sheet.append([theme])
            for verb, state, budget, period, lead in zip(
                VERBS, STATES, BUDGETS, PERIODS, LEADS, strict=True
            ):
                number += 1
                title = f"{verb} {thing} {towns[number // 10 % 3]}"
                sheet.append([number, title, "Mieux accueillir",
                              lead, "Caf, MSA, associations", period, budget,
                              "Caf 60 %, CC 40 %", "Nombre de familles accueillies", state,
                              "à revoir au prochain copil" if number == 3 else None])  # fmt: skip
        sheet.append([None, "TOTAL", None, None, None, None, 123456])
    old = book.create_sheet("Ancien plan 2016-2019")
    old.append(["N°", "Action", "Pilote"])
    old.append([1, "Une action d’avant", "Caf"])
    old.sheet_state = "hidden"
    return _bytes(book)


def table_with_axes_in_its_lines() -> bytes:
    """A two-line head, axes and themes in merged cells, one column of funding for each funder."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Tableau de bord"
    sheet.append(["Axe stratégique", "Thématique", "Action", "Pilote", "Échéance",
                  "Financement prévu", None, None, "Avancement"])  # fmt: skip
    sheet.append([None, None, None, None, None, "Caf", "MSA", "Commune", None])
    sheet.merge_cells("F1:H1")
    rows = [
        ["Axe 1 : Accès aux droits", "Accueil des usagers", "Ouvrir un guichet", "CCAS", "2025",
         12000, 3000, "?", "En cours"],
        [None, None, "Former les agents", "Caf", "fin 2025", "8 k€", None, None, "Terminé"],
        ["Axe 2 : Services aux familles", "Petite enfance", "Créer une micro-crèche",
         "Commune de Thuré", "2026", None, 1000, 50000, "50 %"],
        [None, "Jeunesse", "Aménager un local jeunes", "Ormeaux", "courant 2026 ?", 5000, None,
         None, "Pas commencé"],
    ]  # fmt: skip
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A3:A4")
    sheet.merge_cells("B3:B4")
    sheet.merge_cells("A5:A6")
    return _bytes(book)


def plain_list() -> bytes:
    """Titles and states alone, without any axis; headings that nobody else has."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Suivi"
    sheet.append(["Projet", "Qui fait quoi", "Où en est-on ?", "Enveloppe", "Pour quand"])
    for verb, state, budget, period, lead in zip(
        VERBS, STATES, BUDGETS, PERIODS, LEADS, strict=True
    ):
        sheet.append([f"{verb} un lieu", lead, state, budget, period])
    return _bytes(book)
