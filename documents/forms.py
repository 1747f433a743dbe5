"""Form fields for uploads."""

from django import forms

from documents.logos import MAX_UPLOADED, LogoError, clean_logo
from documents.uploads import DOCUMENTS, PDFS, PICTURES, check_upload


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


class PDFField(DocumentField):
    """A field for a PDF."""

    accepted = PDFS


class LogoField(forms.FileField):
    """A field for a logo; its cleaned value is a PNG of its pixels alone, None where none was
    sent. What is no logo, or has too many pixels, is refused."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", "Une image PNG ou JPEG.")
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": "image/png,image/jpeg"}))
        # ``clean_logo`` refuses an empty file.
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data, initial=None) -> bytes | None:
        """Return the cleaned logo that was sent, or None."""
        super().clean(data, initial)
        if not data:
            return None
        try:
            return clean_logo(data.read(MAX_UPLOADED + 1))
        except LogoError as error:
            message = str(error)
            raise forms.ValidationError(f"{message[:1].upper()}{message[1:]}.") from None
