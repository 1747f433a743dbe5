"""The forms in which a sheet is written from another one."""

from django import forms
from django.utils.functional import cached_property

from actions.plan.copying import Namesakes, PlacedAction, leads_and_partners
from actions.plan.faults import TITLE
from actions.plan.models import Action
from conventions.models import Convention, Objective, Theme
from ctg_portal.forms.fields import WholeTextField
from ctg_portal.search.rows import fold
from ctg_portal.text.typography import polish


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
    """The themes (« t12 ») and objectives (« o34 ») under which an action may be placed."""

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
        """The choices of a select box, grouped by theme, the theme itself first."""
        objective = self.words.objective.singular
        choices = [("", "Ne pas reprendre pour l’instant")]
        for theme in self.themes:
            heading = polish(f"{theme.axis.mark}. {theme.title or theme.axis.title}")
            own = [(f"t{theme.pk}", f"{heading} (sans {objective})")]
            own += [
                (f"o{row.pk}", polish(f"{row.code} {row.title}".strip()))
                for row in self.objectives
                if row.theme_id == theme.pk
            ]
            choices.append((heading, own))
        return choices

    def guess(self, action: Action) -> str:
        """Return the choice whose objective, else theme, has the title that the action has in its
        own convention; empty where none has."""
        served = {fold(row.title) for row in action.objectives.all()}
        for row in self.objectives:
            if fold(row.title) in served:
                return f"o{row.pk}"
        title = fold(action.theme.title or action.theme.axis.title)
        for theme in self.themes:
            if fold(theme.title or theme.axis.title) == title:
                return f"t{theme.pk}"
        return ""


class PlacementForm(forms.Form):
    """Ask for each of these actions of another convention where its copy is placed."""

    def __init__(self, *args, actions, places: Places, namesakes: Namesakes, **kwargs):
        super().__init__(*args, **kwargs)
        self.actions, self.places, self.namesakes = actions, places, namesakes
        for action in actions:
            self.fields[f"a{action.pk}"] = forms.ChoiceField(
                label=polish(action.title), choices=places.choices, required=False,
                initial=places.guess(action),
                widget=forms.Select({"class": "form-select"}),
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[Action, forms.BoundField, list[str]]]:
        """Each action, its field, and the names of its organisations unknown here."""
        return [
            (action, self[f"a{action.pk}"], self.namesakes.split(leads_and_partners(action))[1])
            for action in self.actions
        ]

    def clean(self):
        """Ask for at least one place."""
        cleaned = super().clean()
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError("Dites au moins d’une fiche à quoi la rattacher.")
        return cleaned

    @property
    def chosen(self) -> list[PlacedAction]:
        """The actions for which a place was chosen."""
        places = [(action, self.cleaned_data[f"a{action.pk}"]) for action in self.actions]
        return [
            PlacedAction(action, *self.places.known[place]) for action, place in places if place
        ]
