"""Words of appreciations: « atteint », « 10 objectifs : 3 atteints et 7 à adapter. »"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conventions.legal.words import Word
from ctg_portal.templatetags.french import enumerate_words, number, plural
from evaluation.verdicts.models import Verdict

# One, and many; the dot is the mark of the feminine, for who calls an objective a « finalité ».
FORMS = {
    Verdict.REACHED: ("atteint·", "atteint·s"),
    Verdict.ON_THE_WAY: ("en voie d’être atteint·", "en voie d’être atteint·s"),
    Verdict.NOT_REACHED: ("non atteint·", "non atteint·s"),
    Verdict.TO_ADAPT: ("à adapter", "à adapter"),
    Verdict.WITHOUT_OBJECT: ("sans objet", "sans objet"),
    "": ("pas encore apprécié·", "pas encore apprécié·s"),
}


def verdict_word(verdict: str, word: Word, count: int = 1) -> str:
    """Return « en voie d’être atteint » in the gender of ``word``, the noun for an objective."""
    return FORMS[verdict][count >= 2].replace("·", "e" if word.is_feminine else "")


@dataclass(frozen=True)
class YearCell:
    """The verdict of a year and its word; both empty where there is none."""

    year: int
    verdict: str = ""
    word: str = ""


def cells_of(
    verdicts: Mapping[int, str], word: Word, years: Iterable[int] | None = None
) -> list[YearCell]:
    """Return a cell for each of ``years``, by default for those with a verdict, in order."""
    return [
        YearCell(year, verdict, verdict_word(verdict, word))
        if (verdict := verdicts.get(year, ""))
        else YearCell(year)
        for year in (sorted(verdicts) if years is None else years)
    ]


@dataclass(frozen=True)
class AppreciationCounts:
    """The number of objectives by verdict; "" counts those that still await one."""

    word: Word
    by_verdict: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_verdict.values())

    @property
    def awaited(self) -> int:
        return self[""]

    @property
    def given(self) -> int:
        return self.total - self.awaited

    def __getitem__(self, verdict: str) -> int:
        return self.by_verdict.get(verdict, 0)

    def but(self, *left_out: str) -> list[str]:
        """Return « 3 atteints », « 7 à adapter » for each verdict given, but those ``left_out``."""
        return [
            f"{number(count)}\u00a0{verdict_word(verdict, self.word, count)}"
            for verdict in FORMS
            if verdict not in left_out and (count := self[verdict])
        ]

    @property
    def sentence(self) -> str:
        """« 10 objectifs : 3 atteints et 7 à adapter. »; empty while there is no verdict."""
        if not self.given:
            return ""
        return f"{plural(self.total, self.word.forms)} : {enumerate_words(self.but())}."


def count_verdicts(verdicts: Iterable[str], word: Word) -> AppreciationCounts:
    return AppreciationCounts(word, dict(Counter(verdicts)))


def awaited_sentence(counts: AppreciationCounts) -> str:
    """Return « 12 objectifs restent à apprécier »."""
    verb = "restent" if counts.awaited >= 2 else "reste"
    return f"{plural(counts.awaited, counts.word.forms)} {verb} à apprécier"
