"""What is typed in the grid: a row of few cells, and a block that is pasted."""

from django import forms

from indicators.figures.values import Absence
from indicators.values.forms import (
    EntryRowForm,
    absence_typed,
    digest_of,
    plain_text,
    spelled_plainly,
)

OF_COMMUNES = (
    "Une ligne par commune, dans l’ordre de la grille ; ou le nom de la commune ou son code "
    "Insee à côté de la valeur, dans n’importe quel ordre."
)
SIGNS = {Absence.NOT_AVAILABLE: "n.d.", Absence.NOT_APPLICABLE: "s.o."}


class GridRowForm(EntryRowForm):
    """A row of the grid: its numbers, and one cell beside, which says why there is no number, or
    explains the number. What has no cell here stays as it is kept."""

    asks_reason = asks_comment = "beside"

    beside = forms.CharField(label="Commentaire, ou motif s’il n’y a pas de nombre", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("absence", "reason", "comment", "provisional"):
            del self.fields[name]
        for name in self.names:
            self.fields[name].provisionally = ""
        held = self.initial
        if absence := held.get("absence"):
            held[self.names[0]] = SIGNS[absence]
        held["beside"] = held.get("reason") or held.get("comment") or ""
        held["was"] = self.digest(held.get)

    def digest(self, read) -> str:
        told = [plain_text(read("beside"))]
        for name in self.names:
            typed = plain_text(read(name))
            told.append(
                absence_typed(typed) or spelled_plainly(typed, self.fields[name].asked.unit)
            )
        return digest_of(told)

    def clean(self):
        cleaned, value = self.cleaned_data, self.value
        beside = cleaned.get("beside", "")
        kept = value.comment if value and value.absence else ""
        is_absent = any(isinstance(cleaned.get(name), str) for name in self.names)
        # The reason of an absence is none of a number that takes its place.
        is_past = bool(value and value.absence and beside == value.reason)
        cleaned["reason"] = beside if is_absent else ""
        # What is kept was not shown: it is not written over.
        told = [kept] if is_absent or is_past else [kept, beside]
        cleaned["comment"] = "\n".join(dict.fromkeys(filter(None, told)))
        cleaned["provisional"] = bool(value and value.provisional)
        return super().clean()


class BlockForm(forms.Form):
    """A block of cells, from which line on it stands, and what was answered about it."""

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

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(row.key, row.label) for row in rows]
        if any(row.commune for row in rows):
            self.fields["block"].help_text = OF_COMMUNES
        self.fields["since"].choices = [("", "la première ligne de la grille"), *choices]
        self.fields["since"].widget.attrs["class"] = "form-select"
