"""Whatever a sheet holds, its preview is told: no cell of it makes the portal fail."""

import random
from contextlib import suppress

import pytest
from xlsxwriter.exceptions import OverlappingRange

from tests.databases import examples
from tests.spreadsheets.files import xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.long]

HEADINGS = ["Code", "Indicateur", "Valeur", "2022", "2023", 2023, "N-1", "Commune", "Organisme",
            "Unité", "Numérateur", "Dénominateur", "Motif", "Commentaire", "État",
            "Source", "Année", "Cible 2023", "Humeur", "", None, "2022-2023",
            (45291, "dd/mm/yyyy")]  # fmt: skip
CELLS = ["1.1", "1.2", "1.10", 1.1, "2.1", "2.3", "Places agréées en EAJE", "Places", "Total",
         "total", 12, 0, -3, 1e300, 1e-300, 0.5, "12 / 50", "1 / 0", "/", "sur", "n.d.", "s.o.",
         "effacer",
         "Caf", "Naintré", "Territoire", "places", "k€", "%", "provisoire", "peut-être", "2021",
         "l’an dernier", "", None, None, None, "é" * 400, "x" * 6000, "=1+1", "<b>", "\u202e12",
         "９９", "²", "٣", "1e5", "∞", "NaN", (45291, "dd/mm/yyyy"), (0.5, "0%"),
         (-1, "dd/mm/yyyy"), True, "a\nb", "1.234", "1,234,567.8", "12;13"]  # fmt: skip
ANSWERS = {"communes:additionner": "oui", "annee:n 1@2023": "2023", "part:colonne": "part",
           "colonne:humeur": "comment", "organisme:caf": "-"}  # fmt: skip


def odd(rng: random.Random) -> bytes:
    def then(book, sheet):
        for _ in range(rng.randrange(3)):
            row, column = rng.randrange(8), rng.randrange(6)
            with suppress(OverlappingRange):
                sheet.merge_range(row, column, row + rng.randrange(3), column + 1, "fusion")
        sheet.write_formula(rng.randrange(3, 9), rng.randrange(6), "=A1")

    width = rng.randrange(2, 8)
    rows = [[rng.choice(CELLS) for _ in range(width)] for _ in range(rng.randrange(3))]
    rows.append([*rng.sample(HEADINGS[:3], 2), *rng.choices(HEADINGS, k=width)])
    rows += [[rng.choice(CELLS) for _ in range(width + 2)] for _ in range(rng.randrange(12))]
    name = rng.choice(["Feuille", "2023", "2022", "L'été", "A!B"])
    return xlsx(*rows, name=name, then=then)


@pytest.mark.parametrize("seed", range(4))
def test_odd_sheets(office, agent, seed):
    rng = random.Random(seed)  # noqa: S311
    for _ in range(examples(60)):
        content = odd(rng)
        for answers in ({}, ANSWERS):
            preview = office.read("a.xlsx", content, agent, **answers)
            assert preview.digest
            assert all(mistake.text for mistake in preview.mistakes)
            assert all("!" in mistake.place for mistake in preview.mistakes)
