"""A cell as somebody would type it, or what is wrong with it: no false zero comes in."""

import re

from spreadsheets.columns.questions import LEFT, Asking, Choice
from spreadsheets.reading.cells import Cell, Kind

ERASE = {"effacer", "a effacer", "supprimer"}
UNCALCULATED = (
    "cette formule n’a jamais été calculée : ouvrez le fichier dans votre tableur, enregistrez-le, "
    "puis renvoyez-le."
)
HIDDEN = re.compile(r"#{3,}")
TOO_NARROW = (
    "le tableur n’a pas montré ce que contient cette cellule, trop étroite. Élargissez sa colonne, "
    "enregistrez le fichier, puis renvoyez-le."
)


class Wrong(Exception):  # noqa: N818  (reads as what happened)
    """What is wrong with a line: places, each with a sentence."""

    def __init__(self, *told: tuple[str, str]):
        super().__init__()
        self.told = told


def typed_in(cell: Cell | None, label: str, asking: Asking) -> str | None:
    """A cell as somebody would type it; None for an empty one. Raises Wrong for one without a
    sound value: never calculated, in error, a zero that may be none."""
    if cell is None or not cell.text.strip():
        return None
    said = f"« {cell.text.strip()[:40]} »"
    if cell.kind == Kind.UNCALCULATED:
        raise Wrong((cell.address, f"{said} : {UNCALCULATED}"))
    if HIDDEN.fullmatch(cell.text.strip()):
        raise Wrong((cell.address, f"{said} : {TOO_NARROW}"))
    if cell.kind == Kind.ERROR:
        text = f"La cellule montre l’erreur {said} : corrigez sa formule, ou laissez-la vide."
        raise Wrong((cell.address, text))
    if cell.kind != Kind.DOUBTFUL:
        return cell.text.strip()
    answer = asking.ask(
        f"zero:{cell.address}",
        f"{label} : la formule {said} vaut 0, mais le programme qui a écrit ce fichier ne calcule "
        "pas. Est-ce bien zéro ?",
        cell.address,
        [Choice("0", "oui, zéro"), Choice(LEFT, "non, laisser cette cellule de côté")],
    )
    if not answer:
        text = f"{said} : ce 0 n’a peut-être jamais été calculé. Dites si c’est bien zéro."
        raise Wrong((cell.address, text))
    return "0" if answer == "0" else None
