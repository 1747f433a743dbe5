"""A plan of forty actions as a coordinator has it in her own workbook, with mistakes in it."""

from tests.spreadsheets.files import xlsx

VERBS = ["Ouvrir", "Créer", "Former", "Soutenir", "Coordonner", "Développer", "Animer", "Étudier",
         "Accompagner", "Aménager"]  # fmt: skip
THINGS = {
    "Petite enfance": "un relais pour les assistantes maternelles de",
    "Enfance": "un accueil de loisirs le mercredi à",
    "Jeunesse": "un point d’information pour les jeunes de",
    "Parentalité": "un groupe de parents à",
}
TOWNS = ["Naintré", "Thuré", "Antran", "Lésigny", "Cernay", "Orches", "Oyré", "Usseau", "Doussay",
         "Mairé"]  # fmt: skip
LEADS = ["Caf", "MSA / Caf", "Mme Morin (Grand Châtellerault)", "CD 86", "Caf + MSA Poitou",
         "Pilote : M. Petit (MSA)", "Agglo", "La Ruche", "Département", "Caf"]  # fmt: skip
PERIODS = ["2021-2023", "2e semestre 2021", "oct. 2022", "sept. 2021 – juin 2023", "en continu",
           "depuis 2020", "2022", "T3 2022", "1/9/2021 au 31/12/2022", "rentrée 2021"]  # fmt: skip
STATES = ["fait", "en cours", "à lancer", "50 %", "en cours ?", "terminé", "abandonné", "en cours",
          "reporté", None]  # fmt: skip


def forty_actions() -> bytes:
    """Title rows, sections as rows, the budget by year under one heading, a line of totals."""
    head = ["N°", "Action", "Pilote(s)", "Calendrier", "Public", "Communes", "Budget", None, None,
            "Avancement", "Obs."]  # fmt: skip
    rows = [
        ["CTG – Plan d’actions"], ["Mis à jour le 12 mars"], [], head,
        [None] * 6 + [2021, 2022, 2023],
        ["AXE 4 – Assurer le maintien et le développement des services aux familles"],
    ]  # fmt: skip
    number = 0
    for theme, thing in THINGS.items():
        rows.append([theme])
        for verb, town, lead, period, state in zip(
            VERBS, TOWNS, LEADS, PERIODS, STATES, strict=True
        ):
            number += 1
            budget = ["12 k€", 8000, None] if number % 2 else [None, "1 500 €", "à chiffrer"]
            rows.append([number, f"{verb} {thing} {town}", lead, period, "Familles", town, *budget,
                         state, "à revoir" if number == 3 else None])  # fmt: skip
    rows.append([None, "TOTAL", None, None, None, None, 240000, 190000])

    def then(book, sheet):
        sheet.merge_range("A1:K1", "CTG – Plan d’actions")
        sheet.merge_range("G4:I4", "Budget")

    return xlsx(*rows, name="Plan 2020-2024", then=then)
