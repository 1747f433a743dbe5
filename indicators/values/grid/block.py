"""Read a block of cells from a clipboard: lines of tab-separated cells, some of them quoted."""

from ctg_portal.templatetags.french import number

MOST_LINES, MOST_COLUMNS, MOST_CELLS, LONGEST = 2000, 40, 20_000, 200_000
LINE_ENDS = ("\r\n", "\r", "\n", "\u2028", "\x85")


class NotABlock(ValueError):  # noqa: N818  (reads as what is wrong)
    """What was pasted is no block of cells; its message is a French sentence."""


def read_block(text: str) -> list[list[str]]:
    """Return the stripped cells of a block, line by line; an empty line is a line.

    A spreadsheet quotes a cell that holds a tab, the end of a line or a quotation mark, and ends
    its last line: neither begins another cell. Raise NotABlock for a text without cells, or with
    too many.
    """
    if len(text) > LONGEST:
        raise NotABlock("Ce bloc est trop long : collez-le en plusieurs fois.")
    lines, line, at = [], [], 0
    while at < len(text):
        cell, at = _cell(text, at)
        line.append(cell)
        if at < len(text) and text[at] == "\t":
            at += 1
            if at == len(text):
                line.append("")
            continue
        lines.append(line)
        line = []
        at += len(_line_end(text, at))
    if line:
        lines.append(line)
    if not any(cell for line in lines for cell in line):
        raise NotABlock("Collez ici les cellules copiées de votre tableur.")
    filled = sum(bool(cell) for line in lines for cell in line)
    if len(lines) > MOST_LINES or max(map(len, lines)) > MOST_COLUMNS or filled > MOST_CELLS:
        raise NotABlock(
            f"Ce bloc a plus de {number(MOST_LINES)} lignes, de {MOST_COLUMNS} colonnes ou de "
            f"{number(MOST_CELLS)} cellules remplies : ne copiez que les cellules utiles."
        )
    return lines


def _cell(text: str, at: int) -> tuple[str, int]:
    """Return the content of the cell that begins at a position, and the position of what ends
    it."""
    if text[at] == '"':
        content, end = _quoted(text, at)
        if end is not None:
            return content, end
    end = at
    while end < len(text) and text[end] != "\t" and not _line_end(text, end):
        end += 1
    return text[at:end].strip(), end


def _quoted(text: str, at: int) -> tuple[str, int | None]:
    """Return the content of a quoted cell, and where it ends; None for the end if the quotation
    mark is part of the text."""
    letters, end = [], at + 1
    while end < len(text):
        if text[end] != '"':
            letters.append(text[end])
            end += 1
        elif text[end : end + 2] == '""':
            letters.append('"')
            end += 2
        else:
            end += 1
            is_end = end == len(text) or text[end] == "\t" or _line_end(text, end)
            return "".join(letters).strip(), end if is_end else None
    return "", None


def _line_end(text: str, at: int) -> str:
    """Return the line end that stands at a position; empty for none."""
    return next((end for end in LINE_ENDS if text.startswith(end, at)), "")
