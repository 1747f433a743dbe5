"""The form field through which a document comes in."""

from django import forms

from documents.kinds import KINDS
from documents.uploads import HELP, check_upload


class DocumentField(forms.FileField):
    """A file that ``documents.models.store`` accepts; its cleaned value is the upload.

    Its errors are those of ``documents.uploads.check_upload``, beside the usual ``required``.
    """

    widget = forms.FileInput(attrs={"accept": ",".join(KINDS)})

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", HELP)
        # An empty file has its own refusal, the same as from everywhere else.
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if data:
            check_upload(upload)
        return upload
