"""Départements, and the one of a commune, by codes Insee.

``conventions/data/departements.csv``: their names (Code officiel géographique, Insee, as published
by Etalab; Licence Ouverte).
"""

import csv
from functools import cache
from pathlib import Path

PATH = Path(__file__).parent.parent / "data" / "departements.csv"


def department_of(insee_code: str) -> str:
    """Return the département of a code Insee: « 86 », « 2A », « 974 »."""
    return insee_code[:3] if insee_code.startswith(("97", "98")) else insee_code[:2]


@cache
def departments() -> dict[str, str]:
    """Map the code of each département to its name."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["nom"] for row in csv.DictReader(file)}
