"""The criteria by which a convention is evaluated at its end, and their scale.

Both are a setting of the convention (``libelles`` of its file); by default the six of the
evaluation of public policies, and four steps.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.text import slugify

from conventions.legal.words import Word
from conventions.models import Convention
from evaluation.texts.models import CriterionText

LONGEST_CODE = 60


@dataclass(frozen=True)
class Criterion:
    """``code`` finds it again, from its name; ``question``: what it asks, perhaps empty."""

    code: str
    title: str
    question: str = ""


def _criterion(title: str, question: str = "") -> Criterion:
    return Criterion(slugify(title)[:LONGEST_CODE], title, question)


def _default_criteria(objective: Word) -> list[Criterion]:
    """Return the six criteria of evaluation; ``objective``: the territory's noun."""
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
    """Return the criteria of a convention, in their order. A criterion with the name of one of the
    six has its question, unless the convention gives another."""
    labels, defaults = (
        convention.labels.get("criteres"),
        _default_criteria(convention.words.objective),
    )
    if not labels:
        return defaults
    questions = {label.code: label.question for label in defaults}
    criteria = []
    for label in labels:
        named = {"nom": label} if isinstance(label, str) else label
        criterion = _criterion(named["nom"])
        question = named.get("question") or questions.get(criterion.code, "")
        criteria.append(Criterion(criterion.code, criterion.title, question))
    return criteria


def criterion_of(convention: Convention, code: str) -> Criterion | None:
    return next((one for one in criteria_of(convention) if one.code == code), None)


def scale_of(convention: Convention) -> list[str]:
    """Return the steps of the scale in words, the lowest first."""
    return list(convention.labels.get("echelle") or SCALE)


@dataclass(frozen=True)
class CriterionReading:
    """A criterion with its mark and text. ``step``: see ``step_of``."""

    criterion: Criterion
    mark: str = ""
    step: int = 0
    text: str = ""

    @property
    def is_awaited(self) -> bool:
        return not (self.mark and self.text)


def read_criteria(
    convention: Convention, texts: Mapping[str, CriterionText]
) -> list[CriterionReading]:
    """Return all criteria with their marks and ``texts``, which are given by code."""
    scale, readings = scale_of(convention), []
    for criterion in criteria_of(convention):
        row = texts.get(criterion.code)
        mark, text = (row.mark, row.text.strip()) if row else ("", "")
        readings.append(CriterionReading(criterion, mark, step_of(mark, scale), text))
    return readings


def step_of(mark: str, scale: list[str]) -> int:
    """Return the place of a mark on the scale, from 1; 0 if it is not on it."""
    return scale.index(mark) + 1 if mark in scale else 0
