"""The form field through which a document comes in."""

from django import forms

from documents.uploads import DOCUMENTS, PICTURES, check_upload


class DocumentField(forms.FileField):
    """A file that ``documents.models.store`` accepts; its cleaned value is the upload.

    Its errors are those of ``documents.uploads.check_upload``, beside the usual ``required``.
    """

    accepted = DOCUMENTS

    def __init__(self, **kwargs):
        told = self.accepted.told
        kwargs.setdefault("help_text", f"{told[:1].upper()}{told[1:]}")
        kinds = ",".join(self.accepted.kinds)
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": kinds}))
        # An empty file has its own refusal, the same as from everywhere else.
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if data:
            check_upload(upload, self.accepted)
        return upload


class PictureField(DocumentField):
    """A picture to be shown in pages and documents, made small."""

    accepted = PICTURES
