"""Define the forms in which figures are given: a row of the list, and the page of one value."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms

from ctg_portal.forms.fields import DayField, prose
from ctg_portal.forms.revisions import RevisedForm, parse_revision
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import number as in_french
from ctg_portal.text.numbers import (
    ABOUT,
    ANY_NUMBER,
    BELOW,
    LONGEST,
    Asked,
    NotANumber,
    parse_number,
    plain_words,
    quoted,
)
from documents.forms import DocumentField
from indicators.definitions.definition import Definition
from indicators.figures.values import Absence, Value
from indicators.values.figure import Figure

SPELLINGS = {
    Absence.NOT_AVAILABLE: {"n d", "nd", "non disponible", "indisponible", "na", "n a"},
    Absence.NOT_APPLICABLE: {"s o", "so", "sans objet"},
}
# Two people would read these differently.
UNCLEAR = {"n c", "nc", "n r", "nr", "nsp", "non communique", "non concerne", "non connu",
           "non renseigne", "inconnu"}  # fmt: skip
# What tables of public statistics have in the place of what is protected.
SECRET = {"s", "ss", "secret", "secret stat", "secret statistique", "conf", "confidentiel"}
STARS = re.compile(r"[*•]{1,3}")
# « 412* », « 412¹ », « 1 234 (p) », « 25,1 % (1) »: a number, and a mark that leads to a note.
MARKED = re.compile(
    r"[-+−]?\d[\d\s.,’']*%?\s*(?:[*†‡]+|[⁰¹²³⁴-⁹]+|[(\[]\s*(?P<aside>[^()\[\]]{1,20})[)\]])"
)
MARKS_OF_ESTIMATES = {"e", "est", "estime", "estimation"}
MARKS_OF_PROVISIONAL = {"p", "prov", "provisoire"}
# What is written where there is nothing, or nothing is known.
NOTHING = re.compile(r"^(-+|/|néant|aucune?|rien|zéro)$")
ABSENCES = [("", "un nombre"), *Absence.choices]
KEEP, TAKE = "garder", "prendre"


def match_absence(text: str) -> str:
    """Return the ``Absence`` that a person spelled instead of a number, « n.d. », « sans objet »;
    empty for other texts."""
    folded = fold(text)
    return next((str(absence) for absence, known in SPELLINGS.items() if folded in known), "")


class FigureField(forms.CharField):
    """A field where a number is typed, or an absence in its place. ``asked``: as what the number is
    read. ``is_protected``: whether secrecy holds for it. ``provisionally``: how to mark a figure as
    provisional in this form, in words; empty if it cannot be.
    """

    asked: Asked = ANY_NUMBER
    is_protected = False
    provisionally = "cochez « Chiffre provisoire »"

    def __init__(self, **kwargs):
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        kwargs.setdefault("widget", forms.TextInput(attrs))
        super().__init__(required=False, **kwargs)

    def clean(self, value) -> Decimal | str | None:
        """Return a number, the ``Absence`` that was spelled, or None for nothing. Raise
        ValidationError for other texts, with what to type instead where it is known."""
        text = super().clean(value)
        if not text:
            return None
        if absence := match_absence(text):
            return absence
        if len(text) <= LONGEST and (answer := self.answer_to(text)):
            raise forms.ValidationError(f"{quoted(text)} : {answer}", code="number")
        try:
            return parse_number(text, self.asked)
        except NotANumber as wrong:
            raise forms.ValidationError(str(wrong), code="number") from wrong

    def answer_to(self, text: str) -> str:
        """Return what to type instead of a text that is about a figure: an estimate, a number with
        a note, a secret, « nothing »; empty for other texts."""
        words = plain_words(text)
        if answer := _answer_to_nothing(text, words):
            return answer
        if ABOUT.search(words):
            return self._answer_to_estimate()
        if mark := MARKED.fullmatch(text.strip()):
            return self._answer_to_mark(fold(mark["aside"] or ""))
        is_secret = BELOW.search(words) or fold(text) in SECRET or STARS.fullmatch(text.strip())
        if not is_secret:
            return ""
        if self.is_protected:
            return (
                "écrivez le nombre exact. Le secret statistique le protège : seuls le fournisseur "
                "et qui le saisit le lisent."
            )
        return (
            "écrivez le nombre exact s’il peut être publié. Sinon, écrivez « n.d. », avec pour "
            "motif le secret statistique."
        )

    def _answer_to_estimate(self) -> str:
        """Return what to type instead of an estimate: the number alone, marked as provisional as
        far as the form allows it, and a comment."""
        provisionally = f", {self.provisionally}," if self.provisionally else ""
        return f"écrivez le nombre seul{provisionally} et dites en commentaire qu’il est estimé."

    def _answer_to_mark(self, aside: str) -> str:
        """Return what to type instead of a number with a mark or, in brackets, an ``aside``; empty
        if that is a word and no reference to a note."""
        if aside in MARKS_OF_ESTIMATES:
            return self._answer_to_estimate()
        if aside in MARKS_OF_PROVISIONAL:
            provisionally = self.provisionally or "dites en commentaire qu’il est provisoire"
            return f"écrivez le nombre seul, et {provisionally}."
        if aside and not aside.isdecimal() and len(aside) > 1:
            return ""
        return "écrivez le nombre sans son appel de note ; ce que dit la note va en commentaire."


def _answer_to_nothing(text: str, words: str) -> str:
    """Return what to type instead of words for « nothing » or « not known »; empty for other
    texts."""
    if fold(text) in UNCLEAR:
        return (
            "si la donnée n’est pas disponible, écrivez « n.d. » ; si elle est sans objet, "
            "« s.o. ». Dites ensuite pourquoi, dans le motif."
        )
    if NOTHING.match(words):
        return (
            "écrivez 0 si le nombre est nul. S’il n’est pas connu, écrivez « n.d. », et dites "
            "pourquoi dans le motif."
        )
    return ""


class ValueForm(RevisedForm):
    """Base of forms for a figure of an indicator, by its definition: of the number fields, those of
    a ratio or ``figure``. ``taken_over``: the comment of an earlier year, shown where there is no
    value. ``asks_reason``: the field for why there is no number; ``asks_comment``: the field that
    explains a number, and ``explained_in`` its name in words.
    """

    asks_reason, asks_comment, explained_in = "reason", "comment", "en commentaire"

    figure = FigureField()
    numerator = FigureField()
    denominator = FigureField()
    absence = forms.ChoiceField(label="Ce que vous donnez", choices=ABSENCES, required=False)
    reason = prose("Motif, s’il n’y a pas de nombre", required=False, rows=2)
    comment = prose("Commentaire, que chacun lira avec la donnée", required=False, rows=2)
    provisional = forms.BooleanField(label="Chiffre provisoire", required=False)

    def __init__(
        self,
        *args,
        definition: Definition,
        value: Value | None,
        revision: int,
        is_protected: bool = False,
        taken_over: str = "",
        **kwargs,
    ):
        """Fill in what is stored, leave out the number fields that the definition has not, and name
        the others by its unit and terms."""
        self.definition, self.value, self.is_protected = definition, value, is_protected
        shown = self.shown(value) if value else {"comment": taken_over}
        kwargs["initial"] = shown | {"revision": revision} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for name in ["figure"] if definition.is_ratio else ["numerator", "denominator"]:
            del self.fields[name]
        labels = {"figure": f"Valeur ({definition.unit})"}
        if definition.is_ratio:
            labels = {name: f"{label} : {getattr(definition, name)}" for name, label in TERMS}
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].asked = definition.asked(name)
            self.fields[name].is_protected = is_protected
        if is_protected:
            self.fields["comment"].label = "Commentaire, réservé à qui fournit ou saisit la donnée"

    @staticmethod
    def shown(value: Value | None) -> dict[str, Any]:
        """Return what the fields show of a value, its numbers spelled in French; nothing for
        None."""
        if value is None:
            return {}
        numbers = {"figure": value.number, "numerator": value.numerator,
                   "denominator": value.denominator}  # fmt: skip
        texts = ("absence", "reason", "comment", "provisional")
        return {name: in_french(number) for name, number in numbers.items()} | {
            name: getattr(value, name) for name in texts
        }

    @property
    def names(self) -> list[str]:
        """The names of the fields in which numbers are typed."""
        return ["numerator", "denominator"] if self.definition.is_ratio else ["figure"]

    @property
    def numbers(self):
        """The bound fields in which numbers are typed."""
        return [self[name] for name in self.names]

    @property
    def explaining(self):
        """The bound field in which a number is explained."""
        return self[self.asks_comment]

    @property
    def typed(self) -> str:
        """The numbers as they were typed, « 12 / 50 » for a ratio; else the label of the chosen
        absence, or « rien »."""
        typed = [self[name].value() for name in self.names]
        chosen = self["absence"].value() if "absence" in self.fields else ""
        return " / ".join(text for text in typed if text) or dict(Absence.choices).get(
            chosen, "rien"
        )

    @property
    def decision_name(self) -> str:
        return self.add_prefix("decision")

    @property
    def decision(self) -> str:
        """The person's choice once somebody else has written another value; empty for none.

        ``prendre``: take the other; ``garder:<revision>``: keep what is typed over that writing,
        the one that was shown.
        """
        return self.data.get(self.decision_name, "")

    @property
    def takes_other(self) -> bool:
        return self.decision == TAKE

    @property
    def is_undecided(self) -> bool:
        """Whether the choice was offered, and not made."""
        return self.decision_name in self.data and not self.decision

    @property
    def over(self) -> int:
        """The revision that is written over: the one that the person decided against, else the one
        that the form showed."""
        chosen = self.decision.removeprefix(f"{KEEP}:")
        return parse_revision(chosen) if chosen != self.decision else self.cleaned_data["revision"]

    def clean(self):
        """Set ``absence`` as spelled or chosen. Add errors for two different absences, an absence
        without a reason, and a new reason beside a number, which would be lost."""
        cleaned = super().clean()
        typed = [cleaned.get(name) for name in self.names]
        absences = {value for value in typed if isinstance(value, str)}
        absences |= {cleaned.get("absence")} - {"", None}
        if len(absences) > 1:
            self.add_error(self.names[0], "Choisissez : non disponible, ou sans objet.")
        elif absences and not cleaned.get("reason") and self.asks_reason not in self.errors:
            label = Absence(next(iter(absences))).label
            self.add_error(self.asks_reason, f"Dites pourquoi la donnée est {label}.")
        elif not absences and typed != [None] * len(typed) and self._is_reason_new(cleaned):
            self.add_error(
                self.asks_reason,
                "Vous donnez un nombre : ce motif ne serait pas gardé. "
                f"Écrivez-le {self.explained_in}, ou effacez-le.",
            )
        cleaned["absence"] = next(iter(absences), "")
        return cleaned

    def _is_reason_new(self, cleaned: dict[str, Any]) -> bool:
        """Return whether the reason typed is another than the stored one, which may stay in its
        field beside a number."""
        earlier = self.value.reason if self.value else ""
        return plain_text(cleaned.get("reason")) not in ("", plain_text(earlier))

    def given(self, base: Figure) -> Figure:
        """Return the figure that the valid form gives; what it does not ask stays as in
        ``base``."""
        cleaned = self.cleaned_data
        numbers = dict.fromkeys(("number", "numerator", "denominator"))
        for name in self.names:
            value = cleaned[name]
            field = "number" if name == "figure" else name
            numbers[field] = value if isinstance(value, Decimal) else None
        absence = cleaned["absence"]
        return replace(
            base,
            **numbers,
            absence=absence,
            reason=cleaned["reason"] if absence or self._is_reason_new(cleaned) else "",
            comment=cleaned["comment"],
            provisional=cleaned["provisional"] and not absence,
        )


def row_digest(texts: Iterable[str]) -> str:
    """Return a digest by which two writings of a row are told apart."""
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:16]


def plain_text(value: object) -> str:
    """Return the value of a field as text by which writings are compared: « on » for True, empty
    for None and False, line ends alike."""
    text = "on" if value is True else "" if value in (None, False) else str(value)
    return text.replace("\r\n", "\n").strip()


def normalize_number_text(text: str, unit: str | None = None) -> str:
    """Return a number in plain digits, « 1234.5 »; any other text unchanged."""
    try:
        return f"{parse_number(text, Asked(unit)).normalize():f}"
    except NotANumber:
        return text


# What a row has beside its numbers: one of the list, or of the grid.
BESIDE = ("absence", "reason", "comment", "beside")
TERMS = [("numerator", "Numérateur"), ("denominator", "Dénominateur")]


class EntryRowForm(ValueForm):
    """The form of a row of the list. ``was``: the digest of what it was filled with: a row that the
    person left as it was is not saved, whatever others have made of it meanwhile."""

    was = forms.CharField(required=False, widget=forms.HiddenInput)
    same_comment = forms.BooleanField(
        label="Ce commentaire vaut aussi pour ce chiffre", required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["was"] = self.digest(self.initial.get)
        for name, field in self.fields.items():
            field.widget.attrs["class"] = CLASSES.get(name, "form-control")
            field.widget.attrs.pop("rows", None)
        for name in ("reason", "comment"):
            self.fields[name].widget.attrs["rows"] = 2

    def digest(self, read: Callable[[str], Any]) -> str:
        """Return the digest of what the fields hold, read by ``read(name)``: the same for « 1234 »
        and « 1 234 », for « n.d. » typed and chosen."""
        names = [*self.names, "absence", "reason", "comment", "provisional"]
        texts = {name: plain_text(read(name)) for name in names}
        for name in self.names:
            typed, unit = texts[name], self.fields[name].asked.unit
            texts["absence"] = texts["absence"] or match_absence(typed)
            texts[name] = "" if match_absence(typed) else normalize_number_text(typed, unit)
        return row_digest(texts.values())

    @property
    def is_touched(self) -> bool:
        """Whether the person changed something in it, or decides between two writings."""
        if self.decision or self["same_comment"].value():
            return True
        posted = self.digest(lambda name: self.data.get(self.add_prefix(name)))
        return posted != self.data.get(self.add_prefix("was"), posted)

    @property
    def texts(self) -> list[str]:
        """The texts that were sent in its fields, without the empty ones; of a chosen absence its
        label."""
        names = [*self.names, *(name for name in BESIDE if name in self.fields)]
        sent = {name: self.data.get(self.add_prefix(name), "").strip() for name in names}
        if chosen := sent.get("absence"):
            sent["absence"] = dict(self.fields["absence"].choices).get(chosen, "")
        return [text for text in sent.values() if text]


CLASSES = {
    "absence": "form-select",
    "provisional": "form-check-input",
    "same_comment": "form-check-input",
    "revision": "",
    "was": "",
}


class DetailForm(ValueForm):
    """The form of a value on its own page, with its period, the year by default, and source."""

    DETAILS = ("observed_from", "observed_until", "source")
    field_order = ["figure", "numerator", "denominator", "provisional", "absence", "reason",
                   "comment", *DETAILS, "revision"]  # fmt: skip
    observed_from = DayField(label="Observée du", required=False)
    observed_until = DayField(label="Au", required=False)
    source = forms.CharField(label="Source", required=False, max_length=300)

    def __init__(self, *args, entry, **kwargs):
        super().__init__(*args, **kwargs)
        shown = "Les autres personnes lisent" if self.is_protected else "Sans précision"
        self.fields["source"].help_text = f"{shown}\u00a0: {entry.provider.source}."
        start, end = entry.campaign.observed
        self.initial.setdefault("observed_from", start)
        self.initial.setdefault("observed_until", end)

    @staticmethod
    def shown(value):
        """Return what the fields show of a value, period and source among them; nothing for
        None."""
        own = {name: getattr(value, name) for name in DetailForm.DETAILS} if value else {}
        return ValueForm.shown(value) | own

    def given(self, base):
        """Return the figure that the valid form gives, with its period and source."""
        own = {name: self.cleaned_data[name] for name in self.DETAILS}
        return replace(super().given(base), **own)


class CorrectionForm(DetailForm):
    """The form of a correction once the year is closed, with its reason."""

    why = prose(
        "Motif de la correction", rows=3, help_text="Il reste dans l’histoire de la donnée."
    )


class ContestForm(ValueForm):
    """The form that gives another figure than the published one, and why; it shows nothing of what
    is stored."""

    explained_in = "ci-dessous"
    field_order = ["figure", "absence", "reason", "why", "revision"]
    why = prose(
        "Pourquoi ce chiffre plutôt que celui qui est publié",
        rows=3,
        help_text="Les deux restent. Ce motif est lu à côté d’eux, sauf secret statistique.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["provisional"], self.fields["comment"]

    @staticmethod
    def shown(value):
        return {}

    def clean(self):
        """Add ``comment`` (empty) and ``provisional`` (False): the form does not ask them, and
        every figure has them."""
        cleaned = super().clean()
        return cleaned | {"comment": "", "provisional": False}


class ReturnForm(RevisedForm):
    """The form that returns a value to who entered it, with a reason."""

    reason = prose("Motif du retour", rows=3, help_text="La personne qui a saisi le lira.")


class WithoutWaitingForm(forms.Form):
    """The form with the reason why protected figures are disclosed before they are complete."""

    reason = prose("Motif", rows=3, help_text="Chacun le lira, sur la page de l’indicateur.")


class EvidenceForm(forms.Form):
    """The form that uploads a document that a value rests on."""

    document = DocumentField(label="Pièce à joindre")
