"""Markdown as paragraphs, lists, tables of a Word document, with Word's own styles."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from markdown_it.token import Token

from ctg_portal.text.markdown import SCHEME, Picture, Pictures, reference_in, tokens_of
from documents.tables.table import clean
from documents.word.document import BLUE, WordDocument

DEEPEST_LIST = 3
MONOSPACE = "Consolas"
BREAKS = {"softbreak": " ", "hardbreak": "\n"}


def write_markdown(
    word: WordDocument, text: str, *, heading_level: int, pictures: Pictures | None = None
) -> None:
    """Append a text in Markdown to a document; its headings start at ``heading_level``.

    HTML in it is shown as typed. Of the links that stay (``keeps_link``), those within the portal
    are text: a document leads to no page of its own. Images are shown if they are among
    ``pictures``, which have ``data:`` addresses; of others the text is shown.
    """
    tokens = tokens_of(clean(text), heading_level=heading_level)
    _MarkdownWriter(word, pictures or {}).write(tokens)


@dataclass
class _List:
    """A list being written: ``number`` is its numbering, None for bullets."""

    number: int | None
    is_item_begun: bool = False


class _MarkdownWriter:
    def __init__(self, word: WordDocument, pictures: Pictures):
        self.word, self.pictures = word, pictures
        self.lists: list[_List] = []
        self.quotes = 0
        self.style = "Normal"
        self.rows: list[list[Token]] | None = None

    def write(self, tokens: Iterable[Token]) -> None:
        """Append each token by the method of its type (``_heading_open``); leave out those of other
        types."""
        for token in tokens:
            if handle := getattr(self, f"_{token.type}", None):
                handle(token)

    # Blocks ---------------------------------------------------------------------------------------

    def _heading_open(self, token: Token) -> None:
        self.style = f"Heading {token.tag[1]}"

    def _paragraph_open(self, token: Token) -> None:
        self.style = "Quote" if self.quotes else "Normal"

    def _inline(self, token: Token) -> None:
        """Append a paragraph, in the style of its heading, list or quote; within a table, store it
        as a cell of the last row."""
        if self.rows is not None:
            self.rows[-1].append(token)
            return
        style, here = self.style, self.lists[-1] if self.lists else None
        if here and not style.startswith("Heading"):
            kind = "Bullet" if here.number is None else "Number"
            depth = min(len(self.lists), DEEPEST_LIST)
            style = f"List {'Continue' if here.is_item_begun else kind}"
            style += f" {depth}" if depth > 1 else ""
        paragraph = self.word.document.add_paragraph("", style)
        if here and not here.is_item_begun:
            here.is_item_begun = True
            if here.number is not None:  # each list of numbers begins anew
                numbering = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                numbering.get_or_add_numId().val = here.number
        self._runs(paragraph, token.children or [])

    def _bullet_list_open(self, token: Token) -> None:
        self.lists.append(_List(None))

    def _ordered_list_open(self, token: Token) -> None:
        """Begin a list whose numbers start anew, at the number that the text says."""
        depth = min(len(self.lists) + 1, DEEPEST_LIST)
        style = self.word.document.styles["List Number" + (f" {depth}" if depth > 1 else "")]
        numbering = self.word.document.part.numbering_part.element
        known = style.element.pPr.numPr.numId.val
        number = numbering.add_num(numbering.num_having_numId(known).abstractNumId.val)
        number.add_lvlOverride(0).add_startOverride(int(token.attrGet("start") or 1))
        self.lists.append(_List(number.numId))

    def _list_item_open(self, token: Token) -> None:
        self.lists[-1].is_item_begun = False

    def _bullet_list_close(self, token: Token) -> None:
        self.lists.pop()

    _ordered_list_close = _bullet_list_close

    def _blockquote_open(self, token: Token) -> None:
        self.quotes += 1

    def _blockquote_close(self, token: Token) -> None:
        self.quotes -= 1

    def _fence(self, token: Token) -> None:
        """Append a block of code, in a monospaced font."""
        run = self.word.document.add_paragraph().add_run(token.content.rstrip("\n"))
        run.font.name = MONOSPACE

    _code_block = _fence

    def _hr(self, token: Token) -> None:
        self.word.document.add_paragraph("* * *").alignment = WD_ALIGN_PARAGRAPH.CENTER

    # Tables ---------------------------------------------------------------------------------------

    def _table_open(self, token: Token) -> None:
        self.rows = []

    def _tr_open(self, token: Token) -> None:
        self.rows.append([])

    def _table_close(self, token: Token) -> None:
        """Append the table of the rows that were stored, in columns of one width."""
        rows, self.rows = self.rows, None
        table = self.word.table([""] * len(rows[0]), [[""] * len(rows[0]) for _ in rows[1:]],
                                widths=[1 / len(rows[0])] * len(rows[0]))  # fmt: skip
        for row, inlines in zip(table.rows, rows, strict=True):
            for cell, inline in zip(row.cells, inlines, strict=False):
                self._runs(cell.paragraphs[0], inline.children or [])
        for cell in table.rows[0].cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True

    # Within a paragraph ---------------------------------------------------------------------------

    def _runs(self, paragraph: Paragraph, tokens: Iterable[Token]) -> None:
        """Append texts, bold, italic or as links, and pictures to a paragraph; a picture that is
        not known is its words."""
        bold = italic = 0
        parent = paragraph._p
        for token in tokens:
            bold += (token.type == "strong_open") - (token.type == "strong_close")
            italic += (token.type == "em_open") - (token.type == "em_close")
            if token.type == "link_open":
                parent = self._link(paragraph, str(token.attrGet("href") or ""))
            elif token.type == "link_close":
                parent = paragraph._p
            elif token.type == "image" and (picture := self.pictures.get(reference_in(token))):
                self._picture(paragraph, picture)
            elif text := BREAKS.get(token.type, token.content):  # of an image, its words
                run = paragraph.add_run(text)
                run.bold, run.italic = bool(bold) or None, bool(italic) or None
                if token.type == "code_inline":
                    run.font.name = MONOSPACE
                if parent is not paragraph._p:
                    run.font.color.rgb, run.font.underline = BLUE, True
                    parent.append(run._r)

    def _picture(self, paragraph: Paragraph, picture: Picture) -> None:
        """Append a picture to a paragraph, with its caption below if it has one."""
        content = base64.b64decode(picture.address.partition(",")[2])
        self.word.picture(paragraph, content, picture.alternative)
        if picture.caption:
            paragraph.add_run(f"\n{self.word.text(picture.caption)}\n").italic = True

    def _link(self, paragraph: Paragraph, href: str):
        """Return the element to which the runs of a link are appended: the paragraph itself where
        it is within the portal."""
        if not SCHEME.match(href):
            return paragraph._p
        link = OxmlElement("w:hyperlink")
        relation = paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link.set(qn("r:id"), relation)
        paragraph._p.append(link)
        return link
