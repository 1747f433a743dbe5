"""In which département a commune is, told by its code Insee.

``conventions/data/departements.csv``: their names (Code officiel géographique, Insee, as published
by Etalab; Licence Ouverte).
"""

import csv
from functools import cache
from pathlib import Path

PATH = Path(__file__).parent.parent / "data" / "departements.csv"


def department_of(insee_code: str) -> str:
    """« 86 », « 2A », « 974 »."""
    return insee_code[:3] if insee_code.startswith(("97", "98")) else insee_code[:2]


@cache
def departments() -> dict[str, str]:
    """The name of each département by its code."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["nom"] for row in csv.DictReader(file)}
