"""Forms in which a sheet is written from another one."""

from django import forms
from django.utils.functional import cached_property

from actions.plan.copying import Attached, Namesakes, organisations_of
from actions.plan.faults import TITLE
from conventions.models import Convention, Objective, Theme
from ctg_portal.form_fields import WholeTextField
from ctg_portal.search import fold
from ctg_portal.typography import polish


class DuplicateForm(forms.Form):
    title = WholeTextField(
        label="Titre de la nouvelle fiche", max_length=TITLE, widget=forms.Textarea({"rows": 2}),
        help_text="Changez-le : deux fiches du même titre ne se distinguent pas.",
    )  # fmt: skip
    is_whole = forms.BooleanField(
        label="Reprendre aussi le calendrier, les moyens humains et le financement prévu",
        required=False,
    )

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())


class Places:
    """What of a convention an action may hang on: a theme (« t12 »), or one of its objectives
    (« o34 »)."""

    def __init__(self, convention: Convention, day):
        self.words = convention.words
        themes = Theme.objects.filter(axis__convention=convention).selectable(day)
        self.themes = list(themes.select_related("axis").order_by("axis__number", "rank", "pk"))
        rows = Objective.objects.of(convention).readable().selectable(day)
        self.objectives = list(rows.select_related("theme__axis").in_reading_order())
        self.known: dict[str, tuple[Theme, Objective | None]] = {
            f"t{theme.pk}": (theme, None) for theme in self.themes
        } | {f"o{row.pk}": (row.theme, row) for row in self.objectives}

    @cached_property
    def choices(self) -> list:
        """Grouped by theme, the theme itself first."""
        objective = self.words.objective.singular
        found = [("", "Ne pas reprendre pour l’instant")]
        for theme in self.themes:
            heading = polish(f"{theme.axis.mark}. {theme.title or theme.axis.title}")
            own = [(f"t{theme.pk}", f"{heading} (sans {objective})")]
            own += [
                (f"o{row.pk}", polish(f"{row.code} {row.title}".strip()))
                for row in self.objectives
                if row.theme_id == theme.pk
            ]
            found.append((heading, own))
        return found

    def likely(self, action) -> str:
        """Where an action of another convention would hang by what it is called there; empty for
        nowhere."""
        served = {fold(row.title) for row in action.objectives.all()}
        for row in self.objectives:
            if fold(row.title) in served:
                return f"o{row.pk}"
        title = fold(action.theme.title or action.theme.axis.title)
        for theme in self.themes:
            if fold(theme.title or theme.axis.title) == title:
                return f"t{theme.pk}"
        return ""


class AttachForm(forms.Form):
    """Where each of these actions is to hang."""

    def __init__(self, *args, actions, places: Places, namesakes: Namesakes, **kwargs):
        super().__init__(*args, **kwargs)
        self.actions, self.places, self.namesakes = actions, places, namesakes
        for action in actions:
            self.fields[f"a{action.pk}"] = forms.ChoiceField(
                label=polish(action.title), choices=places.choices, required=False,
                initial=places.likely(action),
                widget=forms.Select({"class": "form-select"}),
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple]:
        """Each action, its field, and the organisations that are not called so here."""
        return [
            (action, self[f"a{action.pk}"], self.namesakes.split(organisations_of(action))[1])
            for action in self.actions
        ]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError("Dites au moins d’une fiche à quoi la rattacher.")
        return cleaned

    @property
    def chosen(self) -> list[Attached]:
        places = [(action, self.cleaned_data[f"a{action.pk}"]) for action in self.actions]
        return [Attached(action, *self.places.known[place]) for action, place in places if place]
