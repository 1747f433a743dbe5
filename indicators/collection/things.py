"""Values and tables in one sentence, which agrees with them: « Une valeur et deux tableaux par
commune sont à saisir », « 3 valeurs sont transmises », « 1 tableau est transmis »."""

from collections.abc import Iterable
from dataclasses import dataclass

from ctg_portal.templatetags.french import feminine, in_words, plural


@dataclass(frozen=True)
class Things:
    """How many of what is owed are values, how many are tables."""

    values: int
    tables: int

    @classmethod
    def of(cls, are_tables: Iterable[bool]) -> "Things":
        """Of each thing, whether it is a table."""
        are_tables = list(are_tables)
        return cls(are_tables.count(False), are_tables.count(True))

    @property
    def total(self) -> int:
        return self.values + self.tables

    @property
    def counted(self) -> str:
        """« 1 valeur et 3 tableaux »; of none, « 0 valeur »."""
        told = [plural(self.values, "valeur,valeurs")] if self.values or not self.tables else []
        told += [plural(self.tables, "tableau,tableaux")] if self.tables else []
        return " et ".join(told)

    @property
    def in_words(self) -> str:
        """The same at the head of a sentence: « Une valeur et trois tableaux par commune »."""
        told = []
        if self.values:
            told = [f"{feminine(self.values)} {'valeurs' if self.values > 1 else 'valeur'}"]
        if self.tables:
            told.append(f"{in_words(self.tables, 'tableau,tableaux')} par commune")
        told = " et ".join(told)
        return told[:1].upper() + told[1:]

    @property
    def are(self) -> str:
        return "sont" if self.total > 1 else "est"

    @property
    def await_(self) -> str:
        return "attendent" if self.total > 1 else "attend"

    @property
    def them(self) -> str:
        """What stands for them before a verb."""
        if self.total > 1:
            return "les"
        return "le" if self.tables else "la"

    def agreeing(self, participle: str) -> str:
        """« transmises », « transmis »: of « transmis », several are no other."""
        agreed = participle + ("" if self.tables else "e")
        return agreed if self.total < 2 or agreed.endswith("s") else f"{agreed}s"

    def told(self, participle: str) -> str:
        """« 2 valeurs sont transmises »."""
        return f"{self.counted} {self.are} {self.agreeing(participle)}"
