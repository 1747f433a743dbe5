"""Format how many values and tables there are, in sentences that agree with them: « Une valeur et
deux tableaux par commune sont à saisir », « 3 valeurs sont transmises »."""

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
        """Return the counts of things, of each of which ``are_tables`` has whether it is a
        table."""
        are_tables = list(are_tables)
        return cls(are_tables.count(False), are_tables.count(True))

    @property
    def total(self) -> int:
        return self.values + self.tables

    @property
    def counted(self) -> str:
        """The words « 1 valeur et 3 tableaux »; « 0 valeur » for none."""
        words = [plural(self.values, "valeur,valeurs")] if self.values or not self.tables else []
        words += [plural(self.tables, "tableau,tableaux")] if self.tables else []
        return " et ".join(words)

    @property
    def in_words(self) -> str:
        """The words at the head of a sentence, « Une valeur et trois tableaux par commune »; empty
        for none."""
        parts = []
        if self.values:
            parts = [f"{feminine(self.values)} {'valeurs' if self.values > 1 else 'valeur'}"]
        if self.tables:
            parts.append(f"{in_words(self.tables, 'tableau,tableaux')} par commune")
        words = " et ".join(parts)
        return words[:1].upper() + words[1:]

    @property
    def are(self) -> str:
        return "sont" if self.total > 1 else "est"

    @property
    def await_(self) -> str:
        return "attendent" if self.total > 1 else "attend"

    @property
    def them(self) -> str:
        """The pronoun that stands for them before a verb: « les », « le » or « la »."""
        if self.total > 1:
            return "les"
        return "le" if self.tables else "la"

    def agreeing(self, participle: str) -> str:
        """Return a masculine singular participle as it agrees with them: of « transmis »,
        « transmises » if they are values only."""
        agreed = participle + ("" if self.tables else "e")
        return agreed if self.total < 2 or agreed.endswith("s") else f"{agreed}s"

    def sentence(self, participle: str) -> str:
        """Return « 2 valeurs sont transmises »."""
        return f"{self.counted} {self.are} {self.agreeing(participle)}"
