"""The nouns of a territory for an axis, a theme, an objective, a sector, in French sentences.

A convention's ``labels`` hold, per notion, a word ("Enjeu") or its forms
(``{"un": "Volet", "des": "Volets", "genre": "m"}``).
"""

from dataclasses import dataclass

VOWELS = "aeiouyhàâäéèêëîïôöùûüœæ"
FEMININE_ENDINGS = ("ion", "té", "ique", "ence", "ance", "ure", "ée", "ette", "ise", "aine", "ière",
                    "ie", "ive", "che")  # fmt: skip
IRREGULAR_PLURALS = {"travail": "travaux", "bal": "bals", "festival": "festivals"}
FEMININE = {
    "action", "attente", "cible", "clé", "démarche", "feuille", "finalité", "grande", "ligne",
    "marche", "mesure", "piste", "porte", "promesse", "réponse", "voie", "étape",
}  # fmt: skip
MASCULINE_DESPITE_ENDING = {"domaine", "lycée", "comité", "côté", "traité"}


def plural_of(word: str) -> str:
    """Return the regular French plural of a word: "Enjeu" → "Enjeux", "CAF" → "CAF"."""
    if word.lower() in IRREGULAR_PLURALS:
        plural = IRREGULAR_PLURALS[word.lower()]
        return plural.capitalize() if word[0].isupper() else plural
    if word.isupper() or word.endswith(("s", "x", "z")):
        return word
    if word.endswith("al"):
        return word[:-2] + "aux"
    if word.endswith(("au", "eu")):
        return word + "x"
    return word + "s"


def gender_of(word: str) -> str:
    """Return the likely gender of a French noun by its first word, ``"m"`` or ``"f"``."""
    head = word.lower().split()[0]
    if head in MASCULINE_DESPITE_ENDING:
        return "m"
    return "f" if head in FEMININE or head.endswith(FEMININE_ENDINGS) else "m"


@dataclass(frozen=True)
class Word:
    """A noun with its forms. All the forms are lower case but ``title`` and ``titles``."""

    singular: str
    plural: str
    gender: str

    @classmethod
    def from_label(cls, label) -> "Word":
        """Return the word for a label of the convention file: a noun, or a mapping ``{"un", "des",
        "genre"}`` of which ``un`` is required; missing forms are derived."""
        forms = {"un": label} if isinstance(label, str) else dict(label)
        singular = forms["un"]
        return cls(
            singular=lower_initial(singular),
            plural=lower_initial(forms.get("des") or _plural_of_name(singular)),
            gender=forms.get("genre") or gender_of(singular),
        )

    @property
    def title(self) -> str:
        return self.singular[:1].upper() + self.singular[1:]

    @property
    def titles(self) -> str:
        return self.plural[:1].upper() + self.plural[1:]

    @property
    def is_feminine(self) -> bool:
        return self.gender == "f"

    @property
    def the(self) -> str:
        """« l’axe », « le volet », « la thématique »."""
        return self._elided("l’") or f"{'la' if self.is_feminine else 'le'} {self.singular}"

    @property
    def an(self) -> str:
        """« un axe », « une thématique »."""
        return f"{'une' if self.is_feminine else 'un'} {self.singular}"

    @property
    def genitive(self) -> str:
        """« de l’axe », « du volet », « de la thématique »."""
        return self._elided("de l’") or f"{'de la' if self.is_feminine else 'du'} {self.singular}"

    @property
    def this(self) -> str:
        """The word after « ce »: « cet axe », « ce volet », « cette thématique »."""
        if self.is_feminine:
            return f"cette {self.singular}"
        return f"cet {self.singular}" if self._begins_with_vowel else f"ce {self.singular}"

    @property
    def no(self) -> str:
        """« aucun axe », « aucune thématique »."""
        return f"{'aucune' if self.is_feminine else 'aucun'} {self.singular}"

    @property
    def forms(self) -> str:
        """« axe,axes », as the filter ``plural`` wants."""
        return f"{self.singular},{self.plural}"

    @property
    def sub_forms(self) -> str:
        """« sous-objectif,sous-objectifs »."""
        return f"sous-{self.singular},sous-{self.plural}"

    @property
    def _begins_with_vowel(self) -> bool:
        return self.singular[:1].lower() in VOWELS

    def _elided(self, article: str) -> str:
        return article + self.singular if self._begins_with_vowel else ""


def _plural_of_name(name: str) -> str:
    """Return the plural of a name of several words: "Champ d’intervention" → "Champs
    d’intervention"; an adjective agrees."""
    head, _, rest = name.partition(" ")
    # "Champ d’intervention" → "Champs d’intervention"; an adjective agrees.
    if rest and not rest.startswith(("de ", "d’", "d'", "du ", "des ", "à ", "en ", "pour ")):
        rest = " ".join(plural_of(part) for part in rest.split())
    return " ".join(filter(None, [plural_of(head), rest]))


def lower_initial(text: str) -> str:
    """Return a text with a small first letter, unless it begins with an acronym."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


@dataclass(frozen=True)
class Words:
    """The notions that a territory may name its own way."""

    axis: Word
    theme: Word
    objective: Word
    sector: Word

    @classmethod
    def from_labels(cls, labels: dict) -> "Words":
        """Return the words of a convention from its labels (``axe``, ``thematique``, ``objectif``,
        ``secteur``); a missing one has the usual noun."""
        return cls(
            axis=Word.from_label(labels.get("axe") or "axe"),
            theme=Word.from_label(labels.get("thematique") or "thématique"),
            objective=Word.from_label(labels.get("objectif") or "objectif"),
            sector=Word.from_label(labels.get("secteur") or "secteur"),
        )
