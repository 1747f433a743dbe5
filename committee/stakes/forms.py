"""The form of a shared stake."""

from django import forms

from agreements.commitments.commitment import commitment_of
from committee.forms import Tokens
from committee.stakes.models import Stake
from conventions.form_choices import ThemesField
from conventions.models import Theme
from ctg_portal.forms.fields import WholeTextField, prose


class StakeForm(Tokens):
    """The form of a shared stake; a draft may lack all but its title. Plain fields are declared by
    the commitment."""

    title = WholeTextField(max_length=300, widget=forms.Textarea({"rows": 2}))
    themes = ThemesField(queryset=Theme.objects.none(), required=False)
    note = prose(
        "Motif",
        required=False,
        rows=3,
        help_text="Facultatif\u00a0: les membres du comité le liront avec ce qui change.",
    )

    def __init__(self, *args, convention, day, **kwargs):
        super().__init__(*args, **kwargs)
        fields = commitment_of(Stake()).fields
        for field in fields:
            if field.name not in self.fields:
                self.fields[field.name] = field.formfield(Stake)
            self.fields[field.name].label = field.label
        self.order_fields(["base", "revision", *(one.name for one in fields), "note"])
        chosen = [theme.pk for theme in self.initial.get("themes") or []]
        themes = Theme.objects.filter(axis__convention=convention).selectable(day, chosen)
        asked = self.fields["themes"]
        asked.queryset = themes.select_related("axis").order_by("axis__number", "rank", "pk")
        words = convention.words
        # An axis without themes stands there itself.
        place = words.theme if themes.exclude(title="").exists() else words.axis
        asked.label = f"Ce qu’il concerne : les {place.plural}"
        asked.help_text = "Facultatif : sans choix, il concerne toute la convention."

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean(self):
        """Require the text of a stake that is proposed; a draft may lack it."""
        cleaned = super().clean()
        if self.is_proposing and not cleaned.get("text", "").strip() and "text" in cleaned:
            self.add_error("text", "Dites ce qui est en jeu avant de proposer.")
        return cleaned

    @property
    def content(self) -> dict:
        """The content of the version, in canonical values."""
        commitment = commitment_of(Stake())
        values = {one.name: self.cleaned_data[one.name] for one in commitment.fields}
        return commitment.plain(values)
