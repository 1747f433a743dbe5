"""Forms of public statistics: a publisher's file, and why one is set aside."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError

from ctg_portal.forms.fields import prose
from documents.scanner import scan
from indicators.statistics.source import sources
from spreadsheets.reading.open import MAX_SIZE

ACCEPTED = ".csv,.txt"


class LoadForm(forms.Form):
    """The form that loads a publisher's file: data set, one of ``years``, file."""

    source = forms.ChoiceField(label="Jeu de données")
    year = forms.TypedChoiceField(
        label="Année observée",
        coerce=int,
        help_text="Celle des chiffres, non celle de leur publication ; d’un recensement, celle que "
        "dit le nom du fichier.",
    )
    file = forms.FileField(
        label="Fichier publié",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text="Le fichier .csv tel que l’éditeur le publie, sans l’enregistrer d’un tableur ; "
        "10 Mo au plus. De l’archive de l’Insee, le fichier « …_data.csv ».",
    )

    def __init__(self, *args, years: Iterable[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [
            (source.key, f"{source.title} ({source.publisher}, {source.dataset})")
            for source in sorted(sources().values(), key=lambda source: source.title)
        ]
        self.fields["year"].choices = [(year, year) for year in years]

    def clean_file(self):
        """Return the file, scanned for viruses and rewound; refuse one above the size limit."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_SIZE:
            raise ValidationError(
                "Ce fichier dépasse 10 Mo : gardez l’année et le département utiles, ou demandez à "
                "qui héberge le portail de le charger pour tous."
            )
        scan(upload)
        upload.seek(0)
        return upload


class AsideForm(forms.Form):
    """The form that sets a release aside, with a reason."""

    reason = prose("Motif", rows=3, help_text="Il reste dans l’histoire de cette édition.")
