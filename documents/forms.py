"""Form fields for uploads."""

from django import forms

from documents.uploads import DOCUMENTS, PICTURES, check_upload


class DocumentField(forms.FileField):
    """A field for a file that ``stored_files.store`` accepts; its cleaned value is the upload.

    Its errors are those of ``documents.uploads.check_upload``, and the usual ``required``.
    """

    accepted = DOCUMENTS

    def __init__(self, **kwargs):
        label = self.accepted.label
        kwargs.setdefault("help_text", f"{label[:1].upper()}{label[1:]}")
        kinds = ",".join(self.accepted.kinds)
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": kinds}))
        # ``check_upload`` refuses an empty file.
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data, initial=None):
        """Return the upload, checked, if one was sent; else ``initial``, or None."""
        upload = super().clean(data, initial)
        if data:
            check_upload(upload, self.accepted)
        return upload


class PictureField(DocumentField):
    """A field for a picture to be shown in pages and documents, made small."""

    accepted = PICTURES
