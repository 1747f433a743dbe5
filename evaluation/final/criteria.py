"""By which criteria a convention is evaluated at its end, and on which scale.

Both are a setting of the convention (``libelles`` of its file); by default the six of the
evaluation of public policies, and four steps.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.text import slugify

from conventions.legal.words import Word
from conventions.models import Convention
from evaluation.models import CriterionText

LONGEST_CODE = 60


@dataclass(frozen=True)
class Criterion:
    """``code`` finds it again, from its name; ``question``: what it asks, perhaps empty."""

    code: str
    title: str
    question: str = ""


def _criterion(title: str, question: str = "") -> Criterion:
    return Criterion(slugify(title)[:LONGEST_CODE], title, question)


def _six(objective: Word) -> list[Criterion]:
    """Those of the evaluation of public policies, ``objective`` being the territory's word."""
    they, reached = ("elles", "atteintes") if objective.is_feminine else ("ils", "atteints")
    return [
        _criterion(
            "Pertinence",
            f"Les {objective.plural} répondaient-{they} aux besoins des familles et du territoire "
            "?",
        ),
        _criterion(
            "Cohérence",
            "Les actions se complétaient-elles, et s’accordaient-elles avec les autres politiques "
            "du territoire ?",
        ),
        _criterion("Efficacité", f"Les {objective.plural} ont-{they} été {reached} ?"),
        _criterion("Efficience", "Les résultats sont-ils à la mesure des moyens engagés ?"),
        _criterion(
            "Impact", "Qu’est-ce que la convention a changé, attendu ou non, pour les familles ?"
        ),
        _criterion("Durabilité", "Ce qui a été obtenu tiendra-t-il après la convention ?"),
    ]


SCALE = ("Insuffisant", "À renforcer", "Satisfaisant", "Très satisfaisant")


def criteria_of(convention: Convention) -> list[Criterion]:
    """In their order. A name that is one of the six has its question, unless it is given one."""
    told, six = convention.labels.get("criteres"), _six(convention.words.objective)
    if not told:
        return six
    questions = {one.code: one.question for one in six}
    found = []
    for one in told:
        named = {"nom": one} if isinstance(one, str) else one
        criterion = _criterion(named["nom"])
        question = named.get("question") or questions.get(criterion.code, "")
        found.append(Criterion(criterion.code, criterion.title, question))
    return found


def criterion_of(convention: Convention, code: str) -> Criterion | None:
    return next((one for one in criteria_of(convention) if one.code == code), None)


def scale_of(convention: Convention) -> list[str]:
    """Its steps in words, the lowest first."""
    return list(convention.labels.get("echelle") or SCALE)


@dataclass(frozen=True)
class CriterionReading:
    """A criterion with what is said by it. ``step``: the place of its mark on the scale, from 1; 0
    without a mark, or where the scale has it no more."""

    criterion: Criterion
    mark: str = ""
    step: int = 0
    text: str = ""

    @property
    def is_awaited(self) -> bool:
        return not (self.mark and self.text)


def read_criteria(
    convention: Convention, told: Mapping[str, CriterionText]
) -> list[CriterionReading]:
    """All of them; ``told``: what is said, by code."""
    scale, found = scale_of(convention), []
    for one in criteria_of(convention):
        row = told.get(one.code)
        mark, text = (row.mark, row.text.strip()) if row else ("", "")
        found.append(CriterionReading(one, mark, step_of(mark, scale), text))
    return found


def step_of(mark: str, scale: list[str]) -> int:
    """The place of a mark on the scale, from 1; 0 without a mark, or where the scale has it no
    more."""
    return scale.index(mark) + 1 if mark in scale else 0
