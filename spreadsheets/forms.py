"""The form field through which a table comes in."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape

from ctg_portal.text.typography import polish
from documents.scanner import scan
from spreadsheets.columns.questions import Question
from spreadsheets.reading.open import MAX_SIZE, is_large, open_book
from spreadsheets.reading.refusals import SENTENCES, Unreadable

ACCEPTED = ".xlsx,.ods,.csv,.tsv,.txt,.xls,.html"
HELP = "Classeur .xlsx ou .ods, ou fichier .csv ; 10 Mo au plus."


class TableField(forms.FileField):
    """A file of tables that can be read, and that the scanner finds clean; its cleaned value is
    the upload. A large one is read by the worker, and refused on its page."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", HELP)
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": ACCEPTED}))
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if not data:
            return upload
        if upload.size > MAX_SIZE:
            raise ValidationError(SENTENCES["too_large"], code="too_large")
        upload.seek(0)
        content = upload.read()
        try:
            if not is_large(content):
                open_book(upload.name or "", content)
        except Unreadable as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal
        scan(upload)
        upload.seek(0)
        return upload


class BringForm(forms.Form):
    """A file, for its preview."""

    table = TableField(label="Fichier")


class AnswersForm(forms.Form):
    """The questions of a preview: a choice each, or a few words, those that are open first."""

    def __init__(self, *args, questions, **kwargs):
        super().__init__(*args, **kwargs)
        self.keys, self.answered = {}, set()
        for place, question in enumerate(questions):
            name = f"question-{place}"
            self.keys[name] = question.key
            if question.answer:
                self.answered.add(name)
            self.fields[name] = _field_of(question)

    @property
    def answers(self) -> dict[str, str]:
        """What was answered, by the key of the question; empty for an answer that is taken back."""
        return {
            self.keys[name]: value
            for name, value in self.cleaned_data.items()
            if value or name in self.answered
        }


def _field_of(question: Question) -> forms.Field:
    told = {
        "label": polish(question.text),
        "help_text": escape(question.place),  # crispy shows it as it is
        "initial": question.answer,
        "required": False,
    }
    if not question.choices:
        return forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), **told)
    choices = [(one.value, polish(one.label)) for one in question.choices]
    choices.insert(0, ("", "— choisissez —"))  # what is not answered is left aside
    return forms.ChoiceField(choices=choices, **told)
