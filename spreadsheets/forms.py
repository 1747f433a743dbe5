"""The form field through which a table comes in."""

from django import forms
from django.core.exceptions import ValidationError

from documents.scanner import scan
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
