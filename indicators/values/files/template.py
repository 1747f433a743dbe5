"""Write the workbook that a provider fills in and sends back, to be imported."""

import datetime
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from django.utils import timezone
from xlsxwriter import Workbook

from conventions.models import Organisation
from documents.tables.table import clean
from documents.tables.workbook import sheet_names, workbook
from indicators.definitions.definition import Definition
from indicators.disclosure import disclose
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.values import Absence, Value
from indicators.values.tables import communes_of

VALUE = "Valeur"
TOP = 3  # the row of the headings, counted from zero
ABSENT = {Absence.NOT_AVAILABLE: "n.d.", Absence.NOT_APPLICABLE: "s.o."}
STATES = ["provisoire", "définitif"]
BY_COMMUNE = "Par commune"
TERMS = {"numerator": "numérateur", "denominator": "dénominateur"}
NOTICE = [
    "Remplissez les seules cases blanches, feuille par feuille, puis renvoyez ce classeur depuis "
    "la page « Saisir mes données » du portail, ou à la coordination.",
    "Une case laissée vide ne change rien et n’efface rien. Une case vide n’est jamais un zéro : "
    "écrivez 0 si le nombre est nul.",
    "Si la donnée n’est pas disponible, écrivez « n.d. » à la place du nombre ; si elle est sans "
    "objet, « s.o. ». Dites pourquoi dans la colonne « Motif ».",
    "Pour retirer une valeur que vous aviez enregistrée et pas encore transmise, écrivez "
    "« effacer ».",
    "Un nombre s’écrit en chiffres, sans unité : 1 234,5. Un pourcentage s’écrit 12,5 ou 12,5 %.",
    "Quand l’indicateur est un rapport, donnez le numérateur et le dénominateur : le portail fait "
    "la division.",
    "« État » : choisissez « provisoire » si le chiffre sera revu.",
    "La feuille « Par commune », s’il y en a une, a une ligne par commune et une colonne par "
    "indicateur : une commune laissée vide n’est pas un zéro, le total est alors partiel. Le motif "
    "de ses « n.d. » et « s.o. » s’écrit au bout de sa ligne.",
    "Avant d’enregistrer, le portail vous montre ce que le fichier change, et chaque erreur à sa "
    "case.",
]


@dataclass(frozen=True)
class Box:
    """A column of the workbook: its heading, its width, and whether its cells may be filled in."""

    label: str
    width: int
    is_open: bool = False


FIXED = [Box("Code", 9), Box("Indicateur", 38), Box("Unité", 12), Box("Définition", 40),
         Box("Dernière valeur", 18), Box("Cible", 12)]  # fmt: skip
REASON = Box("Motif", 26, True)
DETAILS = [REASON, Box("Commentaire", 36, True), Box("État", 12, True),
           Box("Source", 24, True)]  # fmt: skip


@dataclass(frozen=True)
class TemplateLine:
    """The line of an indicator: the last disclosed figure, its value so far if the reader may see
    it, and for one by commune the values of the communes, by primary key."""

    entry: CampaignIndicator
    before: str
    value: Value | None
    commune_values: Mapping[int, Value] = field(default_factory=dict)

    @property
    def definition(self) -> Definition:
        return Definition.of(self.entry.version)


def last_disclosed(entries: Iterable[CampaignIndicator]) -> dict[int, str]:
    """Return the last disclosed figure before the campaign's year, by primary key of the entry:
    « 412 (2022) »."""
    wanted = {entry.indicator_id: entry for entry in entries}
    year = max((entry.campaign.year for entry in wanted.values()), default=0)
    values = (
        Value.objects.whole()
        .shown()
        .filter(
            campaign_indicator__indicator__in=wanted, campaign_indicator__campaign__year__lt=year
        )
    )
    related = ("campaign", "version", "provider", "disclosure")
    values = values.select_related(*(f"campaign_indicator__{name}" for name in related))
    figures = {}
    for value in values.order_by("campaign_indicator__campaign__year"):
        earlier = value.campaign_indicator
        figure = disclose(value, Definition.of(earlier.version), earlier.rule)
        entry = wanted[earlier.indicator_id]
        figures[entry.pk] = f"{figure.words} ({earlier.campaign.year})"
    return figures


def template_of(
    campaign: Campaign, organisations: list[Organisation], lines: list[TemplateLine]
) -> bytes:
    """Return the workbook: instructions, a sheet for each theme, and one with a line for each
    commune. Cells that are not to be filled in are protected."""
    content = io.BytesIO()
    with workbook(content, is_in_rows=False) as book:
        who = ", ".join(one.acronym for one in organisations)
        title = f"Données de {campaign.year} – {who}"
        # No clock is read: the same figures give the same file.
        made = timezone.make_naive(campaign.opened_at or campaign.created_at, datetime.UTC)
        book.set_properties({"title": clean(title)[:255], "created": made})
        formats = _formats(book)
        _write_notice(book, title, campaign, formats)
        tables = [line for line in lines if line.entry.is_by_commune]
        whole = [line for line in lines if not line.entry.is_by_commune]
        groups = [(theme, list(group)) for theme, group in groupby(whole, key=_theme)]
        titles = [theme.title or str(theme) for theme, _ in groups]
        _, *names, by_commune = sheet_names(["Mode d’emploi", *titles, BY_COMMUNE])
        for name, (_, group) in zip(names, groups, strict=True):
            _write_theme(book.add_worksheet(name), title, campaign, group, formats)
        if tables:
            _write_communes(book.add_worksheet(by_commune), title, campaign, tables, formats)
    return content.getvalue()


def _theme(line: TemplateLine):
    return line.entry.indicator.theme


def _formats(book: Workbook) -> Mapping[str, object]:
    top = {"valign": "top", "text_wrap": True}
    closed = top | {"bg_color": "#F4F6F8"}
    box = top | {"border": 1, "border_color": "#8A94A0", "locked": False}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format(top | {"bold": True, "bottom": 2}),
        "text": book.add_format(closed),
        "figure": book.add_format(closed | {"align": "right"}),
        "open": book.add_format(box),
        "open_number": book.add_format(box | {"align": "right", "num_format": "#,##0.######"}),
        "open_percent": book.add_format(box | {"align": "right", "num_format": "0.0#####%"}),
        "notice": book.add_format(top),
    }


def _write_notice(book: Workbook, title: str, campaign: Campaign, formats) -> None:
    sheet = book.add_worksheet("Mode d’emploi")
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, clean(title), formats["title"])
    for row, text in enumerate([*NOTICE, clean(campaign.message)], start=2):
        sheet.write_string(row, 0, text, formats["notice"])
    sheet.protect()


def _write_theme(sheet, title: str, campaign: Campaign, lines: list[TemplateLine], formats) -> None:
    is_ratio = any(line.definition.is_ratio for line in lines)
    numbers = [Box(f"{VALUE} {campaign.year}", 14, True)]
    if is_ratio:
        numbers += [Box("Numérateur", 13, True), Box("Dénominateur", 13, True)]
    boxes = [*FIXED, *numbers, *DETAILS]
    sheet.write_string(0, 0, clean(title), formats["title"])
    for column, box in enumerate(boxes):
        sheet.set_column(column, column, box.width)
        sheet.write_string(TOP, column, box.label, formats["head"])
    for row, line in enumerate(lines, start=TOP + 1):
        cells = _cells_of(line, campaign)
        for column, box in enumerate(boxes):
            name = VALUE if box.label.startswith(VALUE) else box.label
            is_percent = name == VALUE and line.definition.is_percentage
            _write_cell(sheet, row, column, cells.get(name), box, formats, is_percent=is_percent)
    last = TOP + len(lines)
    state = [box.label for box in boxes].index("État")
    sheet.data_validation(
        TOP + 1, state, last, state,
        {"validate": "list", "source": STATES, "error_message": "Choisissez dans la liste."},
    )  # fmt: skip
    first = len(FIXED)
    sheet.data_validation(
        TOP + 1, first, last, first + len(numbers) - 1,
        {"validate": "any", "input_title": "Un nombre",
         "input_message": "En chiffres. « n.d. » : non disponible ; « s.o. » : sans objet."},
    )  # fmt: skip
    sheet.freeze_panes(TOP + 1, 2)
    sheet.repeat_rows(TOP)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True})


def _write_communes(
    sheet, title: str, campaign: Campaign, lines: list[TemplateLine], formats
) -> None:
    """Write the sheet of communes: a line each, a column for each indicator or term of a ratio, and
    last the reason of figures that are missing."""
    columns = [(line, name) for line in lines for name in _terms(line)]
    sheet.write_string(0, 0, clean(f"{title}, par commune"), formats["title"])
    for column, (label, width) in enumerate((("Code Insee", 12), ("Commune", 30))):
        sheet.set_column(column, column, width)
        sheet.write_string(TOP, column, label, formats["head"])
    for column, (line, name) in enumerate(columns, start=2):
        sheet.set_column(column, column, 18)
        sheet.write_string(TOP, column, clean(_heading(line, name)), formats["head"])
        comment = f"{line.definition.unit}. {line.definition.definition}"
        sheet.write_comment(TOP, column, clean(comment)[:2000])
    last = 2 + len(columns)
    sheet.set_column(last, last, 36)
    sheet.write_string(TOP, last, REASON.label, formats["head"])
    communes = communes_of(campaign)
    for row, commune in enumerate(communes, start=TOP + 1):
        sheet.write_string(row, 0, commune.insee_code, formats["text"])
        sheet.write_string(row, 1, clean(commune.name), formats["text"])
        for column, (line, name) in enumerate(columns, start=2):
            value, box = line.commune_values.get(commune.pk), Box(VALUE, 18, True)
            is_first = name != "denominator"
            content = value and (getattr(value, name) if value.number is not None else None)
            if value is not None and value.absence and is_first:
                content = ABSENT[value.absence]
            is_percent = name == "number" and line.definition.is_percentage
            _write_cell(sheet, row, column, content, box, formats, is_percent=is_percent)
        reason = _reason_of(commune.pk, lines)
        _write_cell(sheet, row, last, reason, REASON, formats, is_percent=False)
    sheet.freeze_panes(TOP + 1, 2)
    sheet.repeat_rows(TOP)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True})


def _reason_of(commune: int, lines: list[TemplateLine]) -> str:
    """Return the reason of a commune's missing figures, if it is the same for all; else an empty
    text."""
    values = (line.commune_values.get(commune) for line in lines)
    reasons = {value.reason for value in values if value is not None and value.absence}
    return reasons.pop() if len(reasons) == 1 else ""


def _terms(line: TemplateLine) -> list[str]:
    return ["numerator", "denominator"] if line.definition.is_ratio else ["number"]


def _heading(line: TemplateLine, name: str) -> str:
    """Return the heading of a column, by which its indicator is recognised when the file comes
    back: code, title, and which term it is."""
    indicator = " – ".join(filter(None, (line.definition.code, line.definition.title)))
    return indicator if name == "number" else f"{indicator} ({TERMS[name]})"


def _cells_of(line: TemplateLine, campaign: Campaign) -> dict[str, object]:
    """Return the content of each column of a line, by its heading."""
    definition, value = line.definition, line.value
    aim = definition.aim_for(campaign.year)
    wording = [definition.definition, f"Champ : {definition.scope}" if definition.scope else ""]
    if definition.is_ratio:
        wording.append(f"{definition.numerator} / {definition.denominator}")
    cells = {
        "Code": definition.code,
        "Indicateur": definition.title,
        "Unité": definition.unit,
        "Définition": "\n".join(filter(None, wording)),
        "Dernière valeur": line.before,
        "Cible": definition.show(aim.value) if aim else "",
    }
    if value is None:
        return cells
    cells |= {"Motif": value.reason, "Commentaire": value.comment, "Source": value.source}
    cells["État"] = STATES[0] if value.provisional else ""
    if value.absence:
        cells["Numérateur" if definition.is_ratio else VALUE] = ABSENT[value.absence]
    elif definition.is_ratio:
        cells |= {"Numérateur": value.numerator, "Dénominateur": value.denominator}
    else:
        cells[VALUE] = value.number
    return cells


def _write_cell(
    sheet, row: int, column: int, content, box: Box, formats, *, is_percent: bool
) -> None:
    """Write a value by its type; text stays text, whatever it begins with."""
    number = formats["open_percent" if is_percent else "open_number"]
    if isinstance(content, Decimal):
        sheet.write_number(row, column, content / 100 if is_percent else content, number)
    elif content:
        text = formats["open" if box.is_open else "text"]
        sheet.write_string(row, column, clean(content)[:32_000], text)
    else:
        is_figure = box.label.startswith((VALUE, "Numérateur", "Dénominateur"))
        style = number if is_figure else formats["open" if box.is_open else "text"]
        sheet.write_blank(row, column, None, style)
