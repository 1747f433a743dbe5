"""Mark a document as a project or as a numbered version, with its day."""

import datetime
from dataclasses import dataclass

from ctg_portal.templatetags.french import long_date

PROJECT = "Projet"


@dataclass(frozen=True)
class Mark:
    """The status of a document: « Projet », « composé le », a day; « Version 2 », « publiée le », a
    day."""

    kind: str
    made: str
    day: datetime.date

    @classmethod
    def project(cls, day: datetime.date) -> "Mark":
        return cls(PROJECT, "composé le", day)

    @classmethod
    def published(cls, number: int, day: datetime.date) -> "Mark":
        return cls(f"Version {number}", "publiée le", day)

    @property
    def is_project(self) -> bool:
        return self.kind == PROJECT

    @property
    def sentence(self) -> str:
        """« Projet composé le 12 avril 2024 »."""
        return f"{self.kind} {self.made} {long_date(self.day)}"
