"""A workbook that comes back through a link is shown as a block that is pasted: one preview, one
way of keeping what it says."""

from dataclasses import dataclass

from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.templatetags.french import number as in_french
from ctg_portal.templatetags.french import plural
from indicators.definitions.definition import Definition
from indicators.models import CampaignIndicator
from indicators.values.figure import Figure
from indicators.values.files.importing import preview_values
from indicators.values.grid.block import LONGEST
from indicators.values.grid.forms import SIGNS
from indicators.values.links.visitor import Visitor
from spreadsheets.matching.questions import Asking
from spreadsheets.reading.open import is_large, open_book

HEADING = "Code\tIndicateur\tValeur\tCommentaire\tÉtat\tSource"
TOO_LARGE = Refusal(
    "Ce fichier est trop grand pour être lu ici : gardez les seules lignes et colonnes utiles, ou "
    "remplissez le classeur joint au message."
)
NOT_BY_LINK = (
    "les tableaux par commune ne se donnent pas par un lien de saisie. Demandez un accès à la "
    "coordination."
)
NOTHING_READ = "Aucune donnée à saisir n’est lue dans ce fichier."


@dataclass(frozen=True)
class Brought:
    """What a workbook says: as the ``text`` of a block; ``told``: what of it was not read."""

    text: str
    told: list[str]


def brought(visitor: Visitor, name: str, content: bytes) -> Brought:
    """What a workbook holds for who brings it. Raises Refused for one without any table, and for
    what only the worker would read: nobody waits for it here."""
    enforce(TOO_LARGE if is_large(content) else None)
    preview = preview_values(visitor.link.campaign, open_book(name, content), Asking(), visitor)
    if preview.refusal:
        raise Refused(preview.refusal)
    whole = [line for line in preview.lines if line.about.commune is None]
    lines = [_line(line.about.entry, line.content) for line in whole]
    told = [f"{mistake.place} : {mistake.text}" for mistake in preview.mistakes]
    if count := len(preview.lines) - len(whole):
        given = plural(count, "chiffre de commune,chiffres de communes")
        told.append(f"{given} de ce classeur : {NOT_BY_LINK}")
    text = "\n".join([HEADING, *lines]) if lines else ""
    enforce(TOO_LARGE if len(text) > LONGEST else None)
    return Brought(text, told or ([] if lines else [NOTHING_READ]))


def _line(entry: CampaignIndicator, figure: Figure) -> str:
    content = entry.version.content
    if figure.absence:
        said = SIGNS[figure.absence]
    elif Definition.of(entry.version).is_ratio:
        said = f"{in_french(figure.numerator)} / {in_french(figure.denominator)}"
    else:
        said = in_french(figure.number)
    cells = (
        content["code"], content["title"], said, figure.reason or figure.comment,
        "provisoire" if figure.provisional else "", figure.source,
    )  # fmt: skip
    return "\t".join(map(_quoted, cells))


def _quoted(cell: str) -> str:
    """As a spreadsheet writes it to the clipboard."""
    if any(sign in cell for sign in '\t\r\n"'):
        doubled = cell.replace('"', '""')
        return f'"{doubled}"'
    return cell
