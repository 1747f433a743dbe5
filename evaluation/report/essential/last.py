"""The last page of « L’essentiel »: what the period was beside its themes, and what is missing.

Each part is there; how much of it is told depends on the room that those before it have left.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ctg_portal.templatetags.french import plural
from evaluation.report.content import MoneyRow, MoneyTable, ReportContent, ReportText
from evaluation.report.essential.heights import LINE, LINES, PADDING, ROW, TABLE, extract, lines
from evaluation.year.action_lines import GapsOf

HEADED = 14  # millimetres that a heading takes, with what stands around it
SHARE = 0.3  # of the room, what stakes or posts take of it at most
BASIS = 18  # characters on a line of what a share of money is of


@dataclass(frozen=True)
class Lines:
    """Each a name and what is said of it; ``left``: how many there is no room for, in words."""

    told: list[tuple[str, str]]
    left: str = ""


@dataclass(frozen=True)
class LastPage:
    """``money``: the first table of what was funded, its total alone where it is long. ``gaps``:
    what is missing, by who provides it; how many, and which where there is room for that.
    ``closing``: the beginning of the conclusion, whole paragraphs, ``is_cut`` where there is more.
    """

    stakes: Lines
    posts: Lines
    money: MoneyTable | None
    gaps: list[tuple[str, list[GapsOf], bool]]
    closing: ReportText | None = None
    is_cut: bool = False


def last_page(content: ReportContent, room: float) -> LastPage:
    """``room``: in millimetres. Nothing is told of a section that was left out."""

    def of_section(key: str, found: Sequence) -> list:
        return list(found) if key in content.sections else []

    stakes = [(one.title, one.appreciation) for one in of_section("stakes", content.stakes)]
    posts = of_section("posts", [*content.posts, *content.posts_over_years])
    free = room - _counted_height(content)
    most = free * SHARE
    told_stakes, free = _fitting(stakes, "enjeu,enjeux", free, most)
    told_posts = [(one.title, one.summary) for one in posts]
    told_posts, free = _fitting(told_posts, "poste,postes", free, most)
    money, free = _money(of_section("means", content.means.tables), free)
    gaps, free = _gaps(content, free)
    closing = of_section("closing", content.closing)
    text = extract(closing[-1].text, free - HEADED - LINE) if closing else ""
    return LastPage(
        told_stakes,
        told_posts,
        money,
        gaps,
        replace(closing[-1], text=text) if text else None,
        is_cut=bool(text) and text != closing[-1].text.strip(),
    )


def _fitting(
    found: list[tuple[str, str]], forms: str, free: float, most: float
) -> tuple[Lines, float]:
    """Those that ``most`` has room for, and what is left of what was free."""
    if not found:
        return Lines([]), free
    told, height = [], HEADED + LINE
    for name, said in found:
        higher = height + LINE * lines(f"{name} : {said}", LINES) + 1
        if higher > min(most, free):
            break
        told.append((name, said))
        height = higher
    left = len(found) - len(told)
    return Lines(told, plural(left, forms) if left else ""), free - height


def _money(tables: Sequence[MoneyTable], free: float) -> tuple[MoneyTable | None, float]:
    if not tables:
        return None, free
    table = tables[0]
    free -= HEADED + 2 * LINE + TABLE
    rows = [*table.rows, *([table.total] if table.total else [])]
    height = sum(map(_row_height, rows))
    if height <= free / 2:
        return table, free - height
    short = rows[-1:] if table.total else []
    return replace(table, rows=short, total=None), free - sum(map(_row_height, short))


def _row_height(row: MoneyRow) -> float:
    share = 1 + (lines(row.basis, BASIS) if row.basis else 0)
    return PADDING + ROW * max(lines(row.title, 30), 1 + bool(row.spent.note), share)


def _groups(content: ReportContent) -> list[tuple[str, list[GapsOf]]]:
    told = [
        ("Chiffres manquants", content.missing),
        ("Chiffres partiels, provisoires ou non vérifiés", content.provisional),
        ("Bilans d’actions manquants", content.unwritten),
    ]
    return [(title, groups) for title, groups in told if groups]


def _counted_height(content: ReportContent) -> float:
    """Of the gaps, a paragraph for each kind: how many, by who provides them."""
    return sum(
        LINE * lines(" ; ".join([title, *(f"{one.organisation} : 00" for one in groups)]), LINES)
        + 3
        for title, groups in _groups(content)
    )


def _whole_height(content: ReportContent) -> float:
    """A heading for each kind, and which, by who provides them."""

    def told(one: GapsOf) -> str:
        return f"{one.organisation} : {' ; '.join(gap.title for gap in one.gaps)}"

    return sum(
        HEADED + sum(LINE * lines(told(one), LINES) for one in groups)
        for _, groups in _groups(content)
    )


def _gaps(content: ReportContent, free: float) -> tuple[list, float]:
    """Those counted have their room already: ``free`` is what more there is."""
    more = _whole_height(content) - _counted_height(content)
    is_whole = more <= free / 2
    told = [(title, groups, is_whole) for title, groups in _groups(content)]
    return told, free - more if is_whole else free
