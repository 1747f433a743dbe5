"""Define the forms of the grid: a row of few cells, and a block that is pasted."""

from django import forms

from indicators.figures.values import Absence
from indicators.values.entry_row import EntryRow
from indicators.values.forms import (
    EntryRowForm,
    match_absence,
    normalize_number_text,
    plain_text,
    row_digest,
)

OF_COMMUNES = (
    "Une ligne par commune, dans l’ordre de la grille ; ou le nom de la commune ou son code "
    "Insee à côté de la valeur, dans n’importe quel ordre."
)
SIGNS = {Absence.NOT_AVAILABLE: "n.d.", Absence.NOT_APPLICABLE: "s.o."}


class GridRowForm(EntryRowForm):
    """The form of a row of the grid: its numbers, and one cell ``beside``, the reason of an absence
    or the comment on a number. An absence is spelled in the cell of the number. What has no cell
    here stays as it is stored."""

    asks_reason = asks_comment = "beside"

    beside = forms.CharField(label="Commentaire, ou motif s’il n’y a pas de nombre", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("absence", "reason", "comment", "provisional"):
            del self.fields[name]
        for name in self.names:
            self.fields[name].provisionally = ""
        initial = self.initial
        if absence := initial.get("absence"):
            initial[self.names[0]] = SIGNS[absence]
        initial["beside"] = initial.get("reason") or initial.get("comment") or ""
        initial["was"] = self.digest(initial.get)

    def digest(self, read) -> str:
        """Return the digest of what the cells hold, read by ``read(name)``: the same for « 1234 »
        and « 1 234 », and for two spellings of an absence."""
        texts = [plain_text(read("beside"))]
        for name in self.names:
            typed = plain_text(read(name))
            texts.append(
                match_absence(typed) or normalize_number_text(typed, self.fields[name].asked.unit)
            )
        return row_digest(texts)

    def clean(self):
        """Set ``reason``, ``comment`` and ``provisional`` from the one cell and what is stored: the
        comment of a stored absence, not shown here, is kept."""
        cleaned, value = self.cleaned_data, self.value
        text = cleaned.get("beside", "")
        kept_comment = value.comment if value and value.absence else ""
        is_absent = any(isinstance(cleaned.get(name), str) for name in self.names)
        # The reason of an absence is none of a number that takes its place.
        is_past = bool(value and value.absence and text == value.reason)
        cleaned["reason"] = text if is_absent else ""
        # What is kept was not shown: it is not written over.
        comments = [kept_comment] if is_absent or is_past else [kept_comment, text]
        cleaned["comment"] = "\n".join(dict.fromkeys(filter(None, comments)))
        cleaned["provisional"] = bool(value and value.provisional)
        return super().clean()


class BlockForm(forms.Form):
    """A block of cells, the line on which it begins, and the answers about it."""

    # Nothing is stripped: a first cell that is empty is a cell.
    block = forms.CharField(
        label="Cellules copiées de votre tableur",
        strip=False,
        required=False,
        widget=forms.Textarea({"rows": 10, "class": "form-control pasted-block", "wrap": "off"}),
        help_text="Une ligne par indicateur, dans l’ordre de la grille ; ou le code ou le libellé "
        "à côté de la valeur, dans n’importe quel ordre.",
    )
    since = forms.ChoiceField(label="La première ligne est celle de", required=False)
    heading = forms.ChoiceField(choices=[("", ""), ("yes", ""), ("no", "")], required=False)
    column = forms.IntegerField(min_value=1, max_value=99, required=False)

    def __init__(self, *args, rows: list[EntryRow], **kwargs):
        """Offer the rows as the one on which the block begins."""
        super().__init__(*args, **kwargs)
        choices = [(row.key, row.label) for row in rows]
        if any(row.commune for row in rows):
            self.fields["block"].help_text = OF_COMMUNES
        self.fields["since"].choices = [("", "la première ligne de la grille"), *choices]
        self.fields["since"].widget.attrs["class"] = "form-select"
