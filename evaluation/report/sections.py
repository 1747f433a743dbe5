"""Declare the sections of the document, in their usual order, and what each contains.

A section is one line of ``SECTIONS``. Its templates are called by its key: one below
``evaluation/report/pdf``, one below ``evaluation/reading`` for screens, both take ``report``; the
Word file has its writer (``word.py``). Which of them a document has, and in which order, is a part
of its content (``ReportContent.sections``); the cover and the contents come before them all.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evaluation.report.content import ReportContent, ReportText


@dataclass(frozen=True)
class Chapter:
    """A line of the contents, with the lines beneath it; ``anchor``: where it leads."""

    anchor: str
    title: str
    colour: int = 0
    below: tuple["Chapter", ...] = ()


def always(report: "ReportContent") -> bool:
    return True


@dataclass(frozen=True)
class Section:
    """A section. ``key`` is stored; ``title`` and ``note`` present it to who composes the document.

    ``needs``: the part of the content that it shows; where that is empty, the section is left out.
    ``chapters``: its lines in the contents, by default its title, which leads to ``anchor``.
    ``why_required``: why it cannot be left out; empty where it can. ``is_of_term``: only the
    evaluation of the term has it.
    """

    key: str
    title: str
    note: str
    needs: Callable[["ReportContent"], object] = always
    anchor: str = ""
    chapters: Callable[["ReportContent"], list[Chapter]] | None = None
    why_required: str = ""
    is_of_term: bool = False

    @property
    def paper(self) -> str:
        return f"evaluation/report/pdf/{self.key}.html"

    @property
    def screen(self) -> str:
        return f"evaluation/reading/{self.key}.html"

    def chapters_in(self, report: "ReportContent") -> list[Chapter]:
        """Return its lines in the contents of this document."""
        return self.chapters(report) if self.chapters else [Chapter(self.anchor, self.title)]


def _texts(texts: list["ReportText"]) -> list[Chapter]:
    return [Chapter(text.anchor, text.title) for text in texts]


def _axes(report: "ReportContent") -> list[Chapter]:
    themes = [
        Chapter(theme.anchor, f"{theme.number} {theme.title}".strip() or axis.title, axis.colour)
        for axis in report.followed_axes
        for theme in axis.themes
        if not theme.is_bare
    ]
    return [*themes, *[Chapter("sans-suivi", report.bare_title)] * bool(report.bare_axes)]


SECTIONS = (
    Section(
        "opening", "Les textes d’ouverture", "Le mot des coprésidents et l’introduction.",
        needs=lambda report: report.opening, chapters=lambda report: _texts(report.opening),
    ),
    Section(
        "brief", "La convention en bref", "Sa durée, son territoire, ses parties, ses contenus.",
        anchor="en-bref", why_required="un document de la convention nomme ses parties",
    ),
    Section(
        "summary", "Le résumé en une page",
        "Les chiffres clés, les progrès année par année, les réussites et les difficultés.",
        chapters=lambda report: [Chapter("l-annee", report.summary_title)],
    ),
    Section(
        "axes", "Les bilans, un à un",
        "Textes, appréciations, indicateurs avec leurs sources, actions.",
        needs=lambda report: report.axes, chapters=_axes,
        why_required="l’évaluation porte sur les indicateurs validés par les parties",
    ),
    Section(
        "communes", "Commune par commune",
        "Les indicateurs suivis par commune : une carte et un tableau pour chacun.",
        needs=lambda report: report.communes, anchor="communes",
    ),
    Section(
        "means", "Les moyens", "Les financements, par financeur et par année.",
        needs=lambda report: report.means.tables, anchor="moyens",
    ),
    Section(
        "governance", "Gouvernance",
        "Qui siège, les réunions, la présence de chacun, les décisions et leurs suites.",
        needs=lambda report: report.governance, anchor="gouvernance",
    ),
    Section(
        "stakes", "Enjeux partagés", "Ce que sont devenus les enjeux que les parties partagent.",
        needs=lambda report: report.stakes, anchor="enjeux-partages",
    ),
    Section(
        "posts", "Postes de coopération", "Ce qui en est pourvu, fait, dépensé et financé.",
        needs=lambda report: report.posts or report.posts_over_years, anchor="postes",
    ),
    Section(
        "criteria", "Les critères d’évaluation", "Où la convention se place, critère par critère.",
        needs=lambda report: report.criteria, anchor="criteres", is_of_term=True,
    ),
    Section(
        "closing", "La conclusion", "La conclusion et les perspectives.",
        needs=lambda report: report.closing, chapters=lambda report: _texts(report.closing),
    ),
    Section(
        "gaps", "Ce qui manque", "Chiffres manquants, partiels ou provisoires, et pourquoi.",
        chapters=lambda report: [Chapter("manquants", report.gaps_title)],
        why_required="ce qui manque se dit à côté de ce qui est là",
    ),
    Section(
        "definitions", "Méthode et sources", "Comment les chiffres sont lus, et d’où ils viennent.",
        anchor="definitions", why_required="un chiffre ne va pas sans sa source",
    ),
    Section(
        "glossary", "Les mots de ce document", "Les mots du métier que le document emploie.",
        needs=lambda report: report.glossary, anchor="mots",
    ),
)  # fmt: skip
BY_KEY = {section.key: section for section in SECTIONS}


def usual_order() -> list[str]:
    return [section.key for section in SECTIONS]


def whole_order(chosen: Iterable[str]) -> list[Section]:
    """Return all sections in the order that was chosen; one that is newer than the choice stands
    after the section that it usually follows."""
    order = [key for key in dict.fromkeys(chosen) if key in BY_KEY]
    before = None
    for key in usual_order():
        if key not in order:
            order.insert(order.index(before) + 1 if before else 0, key)
        before = key
    return [BY_KEY[key] for key in order]


def arranged(chosen: Iterable[str], left_out: Collection[str]) -> list[str]:
    """Return the keys of the document's sections in the chosen order: all but those left out that
    are not required."""
    order = whole_order(chosen)
    return [part.key for part in order if part.why_required or part.key not in left_out]
