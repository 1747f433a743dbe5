"""The forms on the pages of publication."""

from django import forms

from agreements.answers.rights import NO_LONGER
from conventions.models import Organisation
from ctg_portal.forms.fields import prose
from documents.dangers import MAX_SIZE
from evaluation.editions.models import ValidationWord

REASON_MISSING = "Dites ce qui est corrigé, et pourquoi : les parties et les lecteurs le liront."


class SubmitForm(forms.Form):
    """Why a published evaluation is corrected (``corrects``); without fields for a first one."""

    reason = prose(
        "Ce qui est corrigé, et pourquoi", rows=3, error_messages={"required": REASON_MISSING}
    )

    def __init__(self, *args, corrects: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not corrects:
            del self.fields["reason"]
        else:
            self.fields["reason"].help_text = "Cette phrase figurera auprès de la version corrigée."


class ReturnForm(forms.Form):
    """Why an edition is returned to those who write."""

    reason = prose(
        "Pourquoi", rows=3, error_messages={"required": "Dites pourquoi : qui écrit le lira."}
    )


class InTheNameOf(forms.Form):
    """Base of an answer in the name of one of ``voices``, chosen where there are several. The form
    sends back in whose name it was shown: no word is recorded for another organisation."""

    organisation = forms.ModelChoiceField(
        label="Au nom de",
        queryset=None,
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": NO_LONGER.reason,
            "required": "Dites au nom de qui vous répondez.",
        },
    )

    def __init__(self, *args, voices, **kwargs):
        super().__init__(*args, **kwargs)
        self.voices = voices
        field = self.fields["organisation"]
        field.queryset = Organisation.objects.filter(pk__in=[voice.pk for voice in voices])
        if len(voices) < 2:
            field.widget, field.required = forms.HiddenInput(), False
            field.initial = next((voice.pk for voice in voices), None)

    @property
    def spoken_for(self) -> Organisation | None:
        """The organisation in whose name the answer is: the chosen one, else the only one; None
        without any."""
        return self.cleaned_data.get("organisation") or next(iter(self.voices), None)


class ValidationForm(InTheNameOf):
    """A party's word on the analyses of the edition that the page showed."""

    word = forms.ChoiceField(
        label="Votre réponse",
        choices=[
            (ValidationWord.VALIDATED.value, "Je valide les analyses"),
            (ValidationWord.CHANGE.value, "Je demande une modification"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites si vous les validez, ou demandez une modification."},
    )
    text = prose(
        "Ce qui est à modifier (pour une demande de modification)", required=False, rows=5
    )  # fmt: skip

    def clean(self):
        """Refuse to ask for a change without saying which."""
        asks = self.cleaned_data.get("word") == ValidationWord.CHANGE
        if asks and not self.cleaned_data.get("text", "").strip():
            self.add_error("text", "Dites ce qui est à modifier : la coordination le lira.")
        return self.cleaned_data


class OpinionForm(InTheNameOf):
    """An avis on the analyses."""

    text = prose("Votre avis", rows=5, error_messages={"required": "Écrivez votre avis."})


class CheckForm(forms.Form):
    """A document to be compared with what is published; it is not kept."""

    document = forms.FileField(
        label="Le document à vérifier",
        help_text="Un PDF, ou un fichier remis avec lui. Il est comparé, puis oublié : rien n’en "
        "est gardé.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.xlsx"}),
        allow_empty_file=True,
        error_messages={"required": "Choisissez le document à vérifier."},
    )

    def clean_document(self):
        """Refuse a file above five times the size of an upload."""
        document = self.cleaned_data["document"]
        if document.size > 5 * MAX_SIZE:
            raise forms.ValidationError("Ce fichier dépasse 50 Mo : aucune évaluation ne les pèse.")
        return document
