"""Pages and files as whoever looks for figures takes them apart: tables by their header cells,
sentences under their headings, drawings.

Nothing here knows the portal: HTML, PDF, Word, workbooks, CSV, JSON and packages of these are read
as what they are.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

import openpyxl
import pikepdf
from lxml import etree, html

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "summary": 7, "dt": 8}
BLOCKS = {"p", "li", "dd", "dt", "figcaption", "summary", "label", "option", "pre", *HEADINGS}
# What may hold words between blocks.
LOOSE = {"div", "span", "strong", "b"}
TOLD = ("aria-label", "title", "alt", "value", "content", "placeholder", "data-label")


@dataclass
class Table:
    """``rows``: of cells, each with whether it is a header. ``above``: what stands over it, the
    nearest last."""

    above: list[str]
    rows: list[list[tuple[str, bool]]] = field(default_factory=list)


@dataclass
class Sentence:
    above: list[str]
    text: str


@dataclass
class Drawing:
    """``words`` by outline, as it tells them; and the box that each lies in; the middle
    and radius of circles, and whether they are empty."""

    above: list[str]
    label: str
    areas: list[tuple[str, str, tuple[float, float, float, float]]]
    circles: list[tuple[float, float, float, bool]]


Piece = Table | Sentence | Drawing


def clean(text: str) -> str:
    """With plain spaces, without what only shapes it."""
    text = re.sub(r"[\u00a0\u202f\u2009]", " ", text or "").replace("\u00ad", "")
    return re.sub(r"\s+", " ", text).strip()


def files_in(content: bytes, kind: str = "") -> dict[str, tuple[bytes, str]]:
    """What an answer is, with its kind; the files of a package that holds others, by their names.
    A workbook and a Word document are packages of their own parts."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if "[Content_Types].xml" not in package.namelist():
                return {
                    name: (package.read(name), name.rpartition(".")[2])
                    for name in package.namelist()
                }
    return {"": (content, kind)}


def pieces_of(content: bytes, kind: str = "") -> Iterator[Piece]:
    """``kind``: the ending of a file's name, where content does not tell."""
    if content.startswith(b"%PDF"):
        if b"/Type" in content:  # what was not drawn tells nothing
            yield from _of_pdf(content)
    elif content.startswith(b"PK"):
        yield from _of_package(content)
    elif "json" in kind:
        yield from _of_json(json.loads(content))
    elif "csv" in kind:
        yield from _of_csv(content)
    elif content.strip():
        yield from _of_html(content)


class Above:
    """The headings over what is read."""

    def __init__(self):
        self.found: list[tuple[int, str]] = []

    def add(self, level: int, text: str) -> None:
        self.found = [one for one in self.found if one[0] < level] + [(level, text)]

    def __call__(self, *more: str) -> list[str]:
        return [text for _, text in self.found] + [one for one in more if one]


# Pages --------------------------------------------------------------------------------------------


def _of_html(content: bytes) -> Iterator[Piece]:
    tree = html.fromstring(content.decode(errors="ignore"))
    above = Above()
    for node in tree.iter(etree.Element):
        for name in TOLD:
            if text := clean(node.get(name, "")):
                yield Sentence(above(_named(node)), text)
        if node.tag in HEADINGS:
            above.add(HEADINGS[node.tag], _text(node))
        if node.tag == "table":
            yield _table(node, above)
        elif node.tag == "svg":
            yield _drawing(node, above)
        elif node.tag in BLOCKS and not _is_within(node, BLOCKS | {"table", "svg"}):
            yield Sentence(_whose(node) + above(), _text(node))
        elif node.tag in LOOSE and not _is_within(node, BLOCKS | {"table", "svg"}):
            yield Sentence(_whose(node) + above(), clean(node.text))


def _whose(node) -> list[str]:
    """On a page of the whole convention, the commune whose part it is in: « Hanc, ma commune »."""
    heads = (head for part in node.iterancestors("section") for head in part.findall("h2"))
    return [text for head in heads if (text := _text(head)).endswith(", ma commune")][:1]


def _named(node) -> str:
    """What names a field or a button."""
    return clean(node.get("aria-label", "")) or clean(node.get("name", ""))


def _is_within(node, tags) -> bool:
    return any(one.tag in tags for one in node.iterancestors())


def _text(node) -> str:
    return clean(" ".join(node.itertext()))


def _table(node, above: Above) -> Table:
    caption = node.find("caption")
    table = Table(above(_text(caption) if caption is not None else ""))
    for row in node.iter("tr"):
        cells = []
        for cell in row.iterchildren("th", "td"):
            read = (_text(cell), cell.tag == "th")
            cells += [read] * int(cell.get("colspan", 1))
        table.rows.append(cells)
    return table


def _drawing(node, above: Above) -> Drawing:
    areas, circles = [], []
    for shape in node.iter(etree.Element):
        if shape.tag == "path" and shape.get("d") and shape.find("title") is not None:
            group = next((one for one in shape.iterancestors("g") if one.get("aria-label")), None)
            told = clean(group.get("aria-label")) if group is not None else ""
            areas.append((_text(shape.find("title")), told, _box(shape.get("d"))))
        elif shape.tag == "circle" and not _is_within_class(shape, "sizes"):
            middle = [float(shape.get(name)) for name in ("cx", "cy", "r")]
            circles.append((*middle, _is_within_class(shape, "zeros")))
    return Drawing(above(), clean(node.get("aria-label", "")), areas, circles)


def _is_within_class(node, name: str) -> bool:
    return any(name in (one.get("class") or "") for one in node.iterancestors())


def _box(path: str):
    """Between which corners an outline lies, of absolute and relative moves."""
    xs, ys, at = [], [], (0.0, 0.0)
    for letter, told in re.findall(r"([MmLlHhVvZz])([^A-Za-z]*)", path):
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", told)]
        steps = {
            "h": [(n, 0) for n in numbers],
            "v": [(0, n) for n in numbers],
        }.get(letter.lower(), list(zip(numbers[::2], numbers[1::2], strict=False)))
        for dx, dy in steps:
            if letter.islower():
                at = (at[0] + dx, at[1] + dy)
            else:
                at = (dx if letter != "V" else at[0], dy if letter != "H" else at[1])
            xs.append(at[0])
            ys.append(at[1])
    return (min(xs), min(ys), max(xs), max(ys)) if xs else (0, 0, 0, 0)


# Files --------------------------------------------------------------------------------------------


def _of_csv(content: bytes) -> Iterator[Piece]:
    text = content.decode("utf-8-sig")
    separator = ";" if text.partition("\n")[0].count(";") else ","
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    yield _plain_table([], [[clean(cell) for cell in row] for row in rows])


def _plain_table(above: list[str], rows: list[list[str]]) -> Table:
    """Its first row with more than one cell filled in names the columns."""
    at = next((i for i, row in enumerate(rows) if sum(map(bool, row)) > 1), 0)
    before = [cell for row in rows[:at] for cell in row if cell]
    return Table(above + before, [[(c, i == 0) for c in row] for i, row in enumerate(rows[at:])])


def _of_package(content: bytes) -> Iterator[Piece]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        if "word/document.xml" in names:
            yield from _of_word(package.read("word/document.xml"))
        elif "xl/workbook.xml" in names:
            yield from _of_workbook(content)


def _of_workbook(content: bytes) -> Iterator[Piece]:
    for sheet in openpyxl.load_workbook(io.BytesIO(content), data_only=True):
        rows = [
            ["" if cell is None else clean(str(cell)) for cell in row]
            for row in sheet.iter_rows(values_only=True)
        ]
        yield _plain_table([sheet.title], rows)
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment:
                    yield Sentence([sheet.title], clean(cell.comment.text))


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _of_word(document: bytes) -> Iterator[Piece]:
    above = Above()

    def text_of(node) -> str:
        return clean("".join(one.text or "" for one in node.iter(f"{W}t")))

    for node in etree.fromstring(document).find(f"{W}body"):
        style = node.find(f"{W}pPr/{W}pStyle")
        name = style.get(f"{W}val") if style is not None else ""
        if node.tag == f"{W}tbl":
            rows = [
                [(text_of(cell), i == 0 or at == 0) for at, cell in enumerate(row.iter(f"{W}tc"))]
                for i, row in enumerate(node.iter(f"{W}tr"))
            ]
            yield Table(above(), rows)
        elif found := re.match(r"(?:Heading|Titre)(\d)", name):
            above.add(int(found[1]), text_of(node))
        elif text := text_of(node):
            yield Sentence(above(), text)


def _of_json(told, above=()) -> Iterator[Piece]:
    """Each record as a row of a table; what stands beside lists and records is over them."""
    if isinstance(told, list):
        for one in told:
            yield from _of_json(one, above)
    elif isinstance(told, dict):
        plain = {key: one for key, one in told.items() if not isinstance(one, dict | list)}
        cells = [clean("" if one is None else str(one)) for one in plain.values()]
        if plain:
            head = [(clean(key), True) for key in plain]
            yield Table([*above], [head, [(cell, False) for cell in cells]])
        for key, one in told.items():
            if isinstance(one, dict | list):
                yield from _of_json(one, [*above, *filter(None, cells), clean(key)])


# Documents ----------------------------------------------------------------------------------------


def _of_pdf(content: bytes) -> Iterator[Piece]:
    """By the structure that a screen reader follows."""
    with pikepdf.open(io.BytesIO(content)) as document:
        texts = {}
        for sheet in document.pages:
            texts[sheet.objgen] = _marked(sheet)
        yield from _PdfReader(texts).read(document.Root.StructTreeRoot)


class _PdfReader:
    def __init__(self, texts):
        self.texts, self.above = texts, Above()

    def read(self, node) -> Iterator[Piece]:
        kind = str(node.get("/S", ""))[1:].lower()
        if kind == "table":
            yield self._table(node)
            return
        if kind == "figure" and "/Alt" in node:
            yield Sentence(self.above(), clean(str(node.Alt)))
        if kind in HEADINGS:
            self.above.add(HEADINGS[kind], self._text(node))
        elif kind in {"p", "li", "caption", "lbody", "blockquote", "note"}:
            if text := self._text(node):
                yield Sentence(self.above(), text)
            return
        for kid in self._kids(node):
            if isinstance(kid, pikepdf.Dictionary):
                yield from self.read(kid)

    def _kids(self, node):
        kids = node.get("/K", [])
        return list(kids) if isinstance(kids, pikepdf.Array) else [kids]

    def _text(self, node) -> str:
        return clean(" ".join(self._runs(node, node.get("/Pg"))))

    def _runs(self, node, page):
        page = node.get("/Pg", page)
        for kid in self._kids(node):
            if isinstance(kid, pikepdf.Dictionary):
                if "/MCID" in kid:
                    yield self._run(kid.get("/Pg", page), int(kid.MCID))
                elif "/S" in kid:
                    yield from self._runs(kid, page)
            elif page is not None:
                yield self._run(page, int(kid))

    def _run(self, page, number: int) -> str:
        return self.texts.get(page.objgen, {}).get(number, "")

    def _table(self, node) -> Table:
        table = Table(self.above())
        todo = [node]
        while todo:
            one = todo.pop(0)
            kind = str(one.get("/S", ""))[1:]
            if kind == "Caption":
                table.above.append(self._text(one))
            elif kind == "TR":
                cells = [kid for kid in self._kids(one) if isinstance(kid, pikepdf.Dictionary)]
                table.rows.append([(self._text(cell), str(cell.S) == "/TH") for cell in cells])
            else:
                todo += [kid for kid in self._kids(one) if isinstance(kid, pikepdf.Dictionary)]
        return table


def _marked(sheet) -> dict[int, str]:
    """The words of a page by the number of the mark that they stand under."""
    fonts = {name: _letters(font) for name, font in sheet.Resources.get("/Font", {}).items()}
    found, marks, letters = {}, [], {}
    for operands, operator in pikepdf.parse_content_stream(sheet):
        name = str(operator)
        if name in ("BDC", "BMC"):
            told = operands[1] if len(operands) > 1 else {}
            has_number = isinstance(told, pikepdf.Dictionary) and "/MCID" in told
            marks.append(int(told.MCID) if has_number else None)
        elif name == "EMC":
            marks.pop()
        elif name == "Tf":
            letters = fonts[str(operands[0])]
        elif name in ("Tj", "TJ"):
            mark = next((one for one in reversed(marks) if one is not None), None)
            drawn = operands[0] if name == "TJ" else operands
            codes = b"".join(bytes(run) for run in drawn if isinstance(run, pikepdf.String))
            glyphs = (codes[at : at + 2].hex() for at in range(0, len(codes), 2))
            text = "".join(letters.get(glyph, "") for glyph in glyphs)
            found[mark] = f"{found[mark]} {text}" if mark in found else text
    return found


def _letters(font) -> dict[str, str]:
    """What each glyph of a font stands for, by its code of four hexadecimal digits."""
    told = bytes(font.ToUnicode.read_bytes()).decode()
    return {
        code.lower(): bytes.fromhex(text).decode("utf-16-be")
        for code, text in re.findall(r"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>", told)
    }
