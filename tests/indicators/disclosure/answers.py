"""Take pages and files apart as whoever looks for figures does: tables by their header cells,
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
TEXT_ATTRIBUTES = ("aria-label", "title", "alt", "value", "content", "placeholder", "data-label")


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
    """Return a text with plain spaces, without soft hyphens."""
    text = re.sub(r"[\u00a0\u202f\u2009]", " ", text or "").replace("\u00ad", "")
    return re.sub(r"\s+", " ", text).strip()


def files_in(content: bytes, kind: str = "") -> dict[str, tuple[bytes, str]]:
    """Return an answer with its kind; or the files of a package that holds others, by name. A
    workbook or a Word document is one file."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if "[Content_Types].xml" not in package.namelist():
                return {
                    name: (package.read(name), name.rpartition(".")[2])
                    for name in package.namelist()
                }
    return {"": (content, kind)}


def pieces_of(content: bytes, kind: str = "") -> Iterator[Piece]:
    """Yield the pieces of a file. ``kind``: the ending of its name, if the content does not show
    it."""
    if content.startswith(b"%PDF"):
        if b"/Type" in content:  # what was not drawn tells nothing
            yield from _pieces_of_pdf(content)
    elif content.startswith(b"PK"):
        yield from _pieces_of_package(content)
    elif "json" in kind:
        yield from _pieces_of_json(json.loads(content))
    elif "csv" in kind:
        yield from _pieces_of_csv(content)
    elif content.strip():
        yield from _pieces_of_html(content)


class Above:
    """The headings over what is read."""

    def __init__(self):
        self.headings: list[tuple[int, str]] = []

    def add(self, level: int, text: str) -> None:
        self.headings = [heading for heading in self.headings if heading[0] < level] + [
            (level, text)
        ]

    def __call__(self, *more: str) -> list[str]:
        return [text for _, text in self.headings] + [text for text in more if text]


# Pages --------------------------------------------------------------------------------------------


def _pieces_of_html(content: bytes) -> Iterator[Piece]:
    tree = html.fromstring(content.decode(errors="ignore"))
    above = Above()
    for node in tree.iter(etree.Element):
        for name in TEXT_ATTRIBUTES:
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
    """Return the commune whose part of a page of the whole convention a node is in: « Hanc, ma
    commune »."""
    heads = (head for part in node.iterancestors("section") for head in part.findall("h2"))
    return [text for head in heads if (text := _text(head)).endswith(", ma commune")][:1]


def _named(node) -> str:
    """Return the name of a field or a button."""
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
            group = next(
                (
                    group_node
                    for group_node in shape.iterancestors("g")
                    if group_node.get("aria-label")
                ),
                None,
            )
            group_label = clean(group.get("aria-label")) if group is not None else ""
            areas.append((_text(shape.find("title")), group_label, _box(shape.get("d"))))
        elif shape.tag == "circle" and not _is_within_class(shape, "sizes"):
            middle = [float(shape.get(name)) for name in ("cx", "cy", "r")]
            circles.append((*middle, _is_within_class(shape, "zeros")))
    return Drawing(above(), clean(node.get("aria-label", "")), areas, circles)


def _is_within_class(node, name: str) -> bool:
    return any(name in (one.get("class") or "") for one in node.iterancestors())


def _box(path: str):
    """Return the corners of an outline that is drawn by absolute and relative moves."""
    xs, ys, at = [], [], (0.0, 0.0)
    for letter, arguments in re.findall(r"([MmLlHhVvZz])([^A-Za-z]*)", path):
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", arguments)]
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


def _pieces_of_csv(content: bytes) -> Iterator[Piece]:
    text = content.decode("utf-8-sig")
    separator = ";" if text.partition("\n")[0].count(";") else ","
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    yield _plain_table([], [[clean(cell) for cell in row] for row in rows])


def _plain_table(above: list[str], rows: list[list[str]]) -> Table:
    """Return rows as a table; the first row with more than one filled cell names the columns."""
    at = next((i for i, row in enumerate(rows) if sum(map(bool, row)) > 1), 0)
    before = [cell for row in rows[:at] for cell in row if cell]
    return Table(above + before, [[(c, i == 0) for c in row] for i, row in enumerate(rows[at:])])


def _pieces_of_package(content: bytes) -> Iterator[Piece]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        if "word/document.xml" in names:
            yield from _pieces_of_word(package.read("word/document.xml"))
        elif "xl/workbook.xml" in names:
            yield from _pieces_of_workbook(content)


def _pieces_of_workbook(content: bytes) -> Iterator[Piece]:
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


def _pieces_of_word(document: bytes) -> Iterator[Piece]:
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
        elif heading := re.match(r"(?:Heading|Titre)(\d)", name):
            above.add(int(heading[1]), text_of(node))
        elif text := text_of(node):
            yield Sentence(above(), text)


def _pieces_of_json(content, above=()) -> Iterator[Piece]:
    """Yield each record as a row of a table; what stands beside lists and records is above them."""
    if isinstance(content, list):
        for item in content:
            yield from _pieces_of_json(item, above)
    elif isinstance(content, dict):
        plain = {key: item for key, item in content.items() if not isinstance(item, dict | list)}
        cells = [clean("" if item is None else str(item)) for item in plain.values()]
        if plain:
            head = [(clean(key), True) for key in plain]
            yield Table([*above], [head, [(cell, False) for cell in cells]])
        for key, item in content.items():
            if isinstance(item, dict | list):
                yield from _pieces_of_json(item, [*above, *filter(None, cells), clean(key)])


# Documents ----------------------------------------------------------------------------------------


def _pieces_of_pdf(content: bytes) -> Iterator[Piece]:
    """Yield the pieces of a PDF by the structure that a screen reader follows."""
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
            part = todo.pop(0)
            kind = str(part.get("/S", ""))[1:]
            if kind == "Caption":
                table.above.append(self._text(part))
            elif kind == "TR":
                cells = [kid for kid in self._kids(part) if isinstance(kid, pikepdf.Dictionary)]
                table.rows.append([(self._text(cell), str(cell.S) == "/TH") for cell in cells])
            else:
                todo += [kid for kid in self._kids(part) if isinstance(kid, pikepdf.Dictionary)]
        return table


def _marked(sheet) -> dict[int, str]:
    """Return the words of a page by the number of their mark."""
    fonts = {name: _letters(font) for name, font in sheet.Resources.get("/Font", {}).items()}
    words, marks, letters = {}, [], {}
    for operands, operator in pikepdf.parse_content_stream(sheet):
        name = str(operator)
        if name in ("BDC", "BMC"):
            properties = operands[1] if len(operands) > 1 else {}
            has_number = isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties
            marks.append(int(properties.MCID) if has_number else None)
        elif name == "EMC":
            marks.pop()
        elif name == "Tf":
            letters = fonts[str(operands[0])]
        elif name in ("Tj", "TJ"):
            mark = next(
                (mark_number for mark_number in reversed(marks) if mark_number is not None), None
            )
            drawn = operands[0] if name == "TJ" else operands
            codes = b"".join(bytes(run) for run in drawn if isinstance(run, pikepdf.String))
            glyphs = (codes[at : at + 2].hex() for at in range(0, len(codes), 2))
            text = "".join(letters.get(glyph, "") for glyph in glyphs)
            words[mark] = f"{words[mark]} {text}" if mark in words else text
    return words


def _letters(font) -> dict[str, str]:
    """Return what each glyph of a font stands for, by its code of four hexadecimal digits."""
    cmap = bytes(font.ToUnicode.read_bytes()).decode()
    return {
        code.lower(): bytes.fromhex(text).decode("utf-16-be")
        for code, text in re.findall(r"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>", cmap)
    }
