"""The letter to those who write the texts of an evaluation."""

from functools import cached_property

from conventions.notices import ConventionLetter
from evaluation.comments.notices import TextCommented
from evaluation.writing.notices import Reading, ThemeGiven


class WritingLetter(ConventionLetter):
    kinds = (ThemeGiven, TextCommented)

    @cached_property
    def reading(self) -> Reading | None:
        """The convention of the letter and the moment of writing it; None where it is gone."""
        convention = self.convention()
        return Reading(convention, self.now) if convention else None
