"""The filter of the action plan: all that is asked for is in the address."""

import datetime

import django_filters
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_form
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.http import QueryDict

from accounts.models import User
from actions.filters import STATES, RowFilter, capitalised_choices
from actions.follow_up.words import late_word
from actions.plan.models import Action, ActionState, Lead, Priority
from agreements.models import Version
from conventions.form_choices import Several
from conventions.models import Axis, Commune, Convention, Objective, Organisation, Standing, Theme
from ctg_portal.forms.filters import AskedFilterSet, MarkFilter, words_filter
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.search.rows import fold
from documents.tables import Column

AGREED, DISCUSSED, WITHDRAWN, DRAFTED = "en-vigueur", "en-discussion", "retiree", "brouillon"
AGREEMENTS = [(AGREED, "En vigueur"), (DISCUSSED, "En discussion"), (WITHDRAWN, "Retirée")]
STANDINGS = {
    AGREED: Standing.IN_FORCE, WITHDRAWN: Standing.WITHDRAWN, DRAFTED: Standing.DRAFT
}  # fmt: skip
PRIORITIES = {"haute": Priority.HIGH, "moyenne": Priority.NORMAL, "basse": Priority.LOW}


# The orders of the list beside that of the numbers, as addresses call them.
STATE_ORDER, PRIORITY_ORDER = list(ActionState.values), list(Priority.values)

SORTS = {
    "titre": Column("Titre", sort=lambda action: fold(action.title)),
    "etat": Column("État", sort=lambda action: STATE_ORDER.index(action.state)),
    "echeance": Column("Échéance", sort=lambda action: action.ends_on or datetime.date.max),
    "avancement": Column(
        "Avancement", sort=lambda action: -1 if action.progress is None else action.progress
    ),
    "priorite": Column("Priorité", sort=lambda action: PRIORITY_ORDER.index(action.priority)),
}


class _ChosenField(Several, django_filters.fields.ModelMultipleChoiceField):
    """Actions that are ticked."""


class _ChosenFilter(django_filters.ModelMultipleChoiceFilter):
    field_class = _ChosenField


class PlanFilter(AskedFilterSet):
    """Actions by words and by all that a sheet says; a chosen few (``fiche``); in an order.

    ``with_drafts``: whether the person who asks may see drafts, and so ask for them.
    """

    mots = words_filter()
    axe = RowFilter(field_name="theme__axis", queryset=Axis.objects.none(), empty_label="Tout")
    thematique = RowFilter(method="by_theme", queryset=Theme.objects.none(), empty_label="Tout")
    etat = django_filters.ChoiceFilter(
        label="État", method="by_state", choices=capitalised_choices(STATES), empty_label="Tous"
    )
    pilote = RowFilter(
        label="Pilote", field_name="leads__organisation", distinct=True,
        queryset=Organisation.objects.none(), empty_label="Tous",
    )  # fmt: skip
    partie = RowFilter(
        label="Organisme engagé", method="by_party", queryset=Organisation.objects.none(),
        empty_label="Tous",
    )  # fmt: skip
    commune = RowFilter(
        label="Commune", method="by_commune", queryset=Commune.objects.none(),
        empty_label="Toutes",
    )  # fmt: skip
    priorite = django_filters.ChoiceFilter(
        label="Priorité", method="by_priority", choices=capitalised_choices(PRIORITIES),
        empty_label="Toutes",
    )  # fmt: skip
    accord = django_filters.ChoiceFilter(label="Accord", method="by_agreement", empty_label="Tous")
    retard = MarkFilter(method="by_lateness")
    innovation = MarkFilter(label="Initiative ou innovation", field_name="is_innovative")
    miennes = MarkFilter(label="Que je pilote", method="by_leader")
    objectif = RowFilter(
        method="by_objective", queryset=Objective.objects.none(), widget=forms.HiddenInput
    )
    fiche = _ChosenFilter(
        method="by_choice", queryset=Action.objects.none(), widget=forms.MultipleHiddenInput
    )
    tri = django_filters.ChoiceFilter(
        label="Trier par",
        method="as_sorted",
        empty_label="Numéro",
        choices=[(name, column.label) for name, column in SORTS.items()],
    )

    class Meta:
        model = Action
        fields: list[str] = []

    def __init__(self, data, *, convention, user: User | None, today, with_drafts: bool, **kwargs):
        super().__init__(data, **kwargs)
        self.user, self.today = user, today
        listed, words, known = Action.objects.of(convention), convention.words, self.filters
        leads = Lead.objects.of(convention).filter(organisation=OuterRef("pk"))
        organisations = Organisation.objects.filter(convention=convention)
        organisations = organisations.annotate(is_lead=Exists(leads))
        themes = Theme.objects.filter(pk__in=listed.values("theme")).select_related("axis")
        known["axe"].label, known["thematique"].label = words.axis.title, words.theme.title
        known["retard"].label = late_word(convention, today).title_of_several
        known["axe"].queryset = Axis.objects.filter(pk__in=themes.values("axis"))
        known["thematique"].queryset = themes
        known["pilote"].queryset = organisations.filter(is_lead=True)
        known["partie"].queryset = organisations
        known["commune"].queryset = convention.communes.all()
        objectives = Objective.objects.of(convention)
        known["objectif"].queryset = objectives.exclude(standing=Standing.DRAFT)
        known["fiche"].queryset = listed
        drafts = [(DRAFTED, "Brouillon")] if with_drafts else []
        known["accord"].extra["choices"] = [*AGREEMENTS, *drafts]

    def offer_all(self) -> None:
        """Set the choices of the form that a page shows, in three queries."""
        known = self.filters
        themes = list(known["thematique"].queryset)
        organisations = list(known["partie"].queryset)
        self.offer("axe", dict.fromkeys(theme.axis for theme in themes))
        if any(theme.title for theme in themes):
            self.offer("thematique", themes)
        else:  # each is all of its axis
            self.form.fields["thematique"].widget = forms.HiddenInput()
        self.offer("partie", organisations)
        self.offer("pilote", [row for row in organisations if row.is_lead])
        self.offer("commune", known["commune"].queryset)

    def by_theme(self, queryset, name, value):
        return queryset.under(value)

    def by_state(self, queryset, name, value):
        return queryset.agreed().filter(state=STATES[value])

    def by_party(self, queryset, name, value):
        return queryset.involving(value)

    def by_commune(self, queryset, name, value):
        return queryset.concerning(value)

    def by_priority(self, queryset, name, value):
        return queryset.filter(priority=PRIORITIES[value])

    def by_lateness(self, queryset, name, value):
        return queryset.late(self.today)

    def by_leader(self, queryset, name, value):
        return queryset.led_by(self.user)

    def by_objective(self, queryset, name, value):
        return queryset.serving(value)

    def by_choice(self, queryset, name, value):
        return queryset.filter(pk__in=[action.pk for action in value]) if value else queryset

    def as_sorted(self, queryset, name, value):
        return queryset  # the rows that were read are put in order: ``Plan.shown``

    def by_agreement(self, queryset, name, value):
        """Keep the actions of a standing; « en discussion »: those with a proposed version."""
        if value == DISCUSSED:
            return queryset.filter(Exists(proposed_versions()))
        return queryset.filter(standing=STANDINGS[value])


@cached(Subject.PLAN, Subject.TEXT)
def draw_form(convention: Convention, query: str, with_drafts: bool, today: datetime.date) -> str:
    """Return the form as HTML for an address that asks for ``query``, whoever asks."""
    asked = PlanFilter(
        QueryDict(query),
        queryset=Action.objects.of(convention),
        convention=convention,
        user=None,
        today=today,
        with_drafts=with_drafts,
    )
    asked.offer_all()
    return as_crispy_form(asked.form)


def proposed_versions():
    """Return, for a subquery, the version that is discussed of the outer action."""
    content_type = ContentType.objects.get_for_model(Action)
    return Version.objects.proposed().filter(content_type=content_type, object_id=OuterRef("pk"))
