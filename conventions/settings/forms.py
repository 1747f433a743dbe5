"""Forms of the settings of a convention, and of its parties."""

from typing import Any

from django import forms

from conventions.journal.models import Setting
from conventions.legal.convention import Convention
from conventions.parties.models import Organisation
from ctg_portal.forms.fields import WholeNumberField
from ctg_portal.forms.revisions import RevisedForm
from documents.forms import LogoField

LONGEST_WORD = 40
# The nouns of a convention: the key of each in the labels, and the usual one.
NOUNS = (
    ("axe", "axe"),
    ("thematique", "thématique"),
    ("objectif", "objectif"),
    ("secteur", "secteur"),
)
GENDERS = [("", "selon le mot"), ("m", "masculin"), ("f", "féminin")]
FORMS = ("un", "des", "genre")


class SettingForm(RevisedForm):
    """Settings of a convention; ``values``: those to write, by setting."""

    title = ""
    setting: Setting

    @classmethod
    def values_of(cls, convention: Convention) -> dict[str, Any]:
        """Return what a convention has in the fields of this form."""
        raise NotImplementedError

    @property
    def values(self) -> dict[Setting, Any]:
        """Return what is to be written."""
        return {self.setting: self.cleaned_data[self.setting]}


class ContactForm(SettingForm):
    setting = Setting.CONTACT
    title = "Qui répond aux questions sur la convention ?"

    contact = forms.CharField(
        label="Contact (facultatif)", max_length=300, required=False,
        help_text="Nom, téléphone, courriel, en une ligne. Au bas des messages du portail, et sur "
        "la page des parties.",
    )  # fmt: skip

    @classmethod
    def values_of(cls, convention):
        return {"contact": convention.contact}


class NoticeForm(SettingForm):
    setting = Setting.NOTICE
    title = "De combien de mois est le préavis de résiliation ?"

    notice_months = WholeNumberField(label="Préavis, en mois", min_value=0, max_value=60)

    @classmethod
    def values_of(cls, convention):
        return {"notice_months": convention.notice_months}


class WordsForm(SettingForm):
    """The nouns of a territory; an empty one is the usual noun."""

    setting = Setting.WORDS
    title = "Quels sont les mots du territoire ?"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for key, noun in NOUNS:
            self.fields[f"{key}_un"] = forms.CharField(
                label=f"Votre mot pour « {noun} »", max_length=LONGEST_WORD, required=False
            )
            self.fields[f"{key}_des"] = forms.CharField(
                label="Au pluriel, s’il est irrégulier", max_length=LONGEST_WORD, required=False
            )
            self.fields[f"{key}_genre"] = forms.ChoiceField(
                label="Genre", choices=GENDERS, required=False
            )

    @classmethod
    def values_of(cls, convention):
        values: dict[str, str] = {}
        for key, _ in NOUNS:
            label = convention.labels.get(key, "")
            given = {"un": label} if isinstance(label, str) else label
            values |= {f"{key}_{form}": given.get(form, "") for form in FORMS}
        return values

    def clean(self):
        """Refuse a plural or a gender without its word."""
        super().clean()
        cleaned = self.cleaned_data
        for key, _ in NOUNS:
            has_more = cleaned.get(f"{key}_des") or cleaned.get(f"{key}_genre")
            if has_more and not cleaned.get(f"{key}_un") and f"{key}_un" not in self.errors:
                self.add_error(f"{key}_un", "Donnez aussi le mot au singulier.")
        return cleaned

    @property
    def values(self):
        """Return the labels: no key for a usual noun, a text where only the word is given."""
        labels: dict[str, Any] = {}
        for key, _ in NOUNS:
            given = {form: self.cleaned_data[f"{key}_{form}"] for form in FORMS}
            given = {form: value for form, value in given.items() if value}
            if given:
                labels[key] = given["un"] if len(given) == 1 else given
        return {Setting.WORDS: labels}


class PartyForm(RevisedForm):
    """The seat, the logo and the source of a party."""

    address = forms.CharField(
        label="Siège", max_length=300, required=False, help_text="L’adresse postale."
    )
    source_mention = forms.CharField(
        label="Source à citer", max_length=300, required=False,
        help_text="Auprès de chaque chiffre que cet organisme fournit. À défaut, « Source » et son "
        "nom.",
    )  # fmt: skip
    logo = LogoField(
        label="Changer de logo", required=False,
        help_text="Une image PNG ou JPEG. Les documents déjà publiés gardent l’ancien.",
    )  # fmt: skip
    without_logo = forms.BooleanField(label="Retirer le logo", required=False)

    def __init__(self, *args, organisation: Organisation, **kwargs):
        super().__init__(*args, **kwargs)
        if not organisation.party.logo:
            del self.fields["without_logo"]

    @classmethod
    def values_of(cls, organisation: Organisation) -> dict[str, Any]:
        """Return what a party has in the fields of this form."""
        return {
            "address": organisation.party.address, "source_mention": organisation.source_mention,
        }  # fmt: skip

    @property
    def values(self) -> dict[Setting, Any]:
        """Return what is to be written; of the logo nothing where it stays."""
        cleaned = self.cleaned_data
        values = {Setting.ADDRESS: cleaned["address"], Setting.MENTION: cleaned["source_mention"]}
        if cleaned["logo"]:
            values[Setting.LOGO] = cleaned["logo"]
        elif cleaned.get("without_logo"):
            values[Setting.LOGO] = b""
        return values
