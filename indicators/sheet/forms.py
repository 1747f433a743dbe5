"""The form of an indicator: its whole definition, in the order in which one thinks of it."""

import re
from collections.abc import Iterable, Iterator

from crispy_forms.layout import HTML, Div, Fieldset, LayoutObject
from django import forms
from django.db.models import Q

from actions.models import Action
from committee.forms import Tokens
from conventions.form_choices import (
    ObjectivesField,
    OrganisationField,
    Several,
    ThemeField,
    ThemeMixin,
    ThemesField,
)
from conventions.models import READABLE, Objective, Organisation, Theme
from ctg_portal.forms.fields import FrenchDecimalField, WholeNumberField, prose
from ctg_portal.forms.sections import SectionsHelper, set_words, side_by_side
from ctg_portal.text.typography import polish
from indicators.definitions.adding_up import (
    refuse_parts,
    refuse_revealing_baseline,
    summable_indicators,
)
from indicators.definitions.commitments import (
    BASELINE,
    CODE_TAKEN,
    HOW,
    LIKELIHOOD,
    LIMITS,
    MEASURED,
    SOURCE,
    TARGETS,
    IndicatorCommitment,
    is_code_taken,
)
from indicators.definitions.definition import asked_in, decimal
from indicators.definitions.events import canonical_content
from indicators.definitions.faults import FIRST_YEAR, incoherent, lacking, secret_baseline
from indicators.definitions.models import (
    MONTHS,
    Aggregation,
    Calculation,
    Direction,
    Grain,
    Indicator,
    Kind,
    Periodicity,
    Population,
)

FINAL = "target_final"
SHORT = frozenset({"code", "unit", "numerator", "denominator"})
TARGET_OF_YEAR = re.compile(r"target_(\d{4})")


class ActionsField(ThemeMixin, Several):
    """Several actions, each under the axis of its theme."""

    widget = forms.CheckboxSelectMultiple

    def heading_of(self, action: Action) -> str:
        return super().heading_of(action.theme)


class PartsField(Several):
    """Indicators that may add up to this one; each label tells unit and grain."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj) -> str:
        return f"{obj} ({obj.unit}, {obj.get_grain_display()})"


FIELDS = {field.name: field for field in IndicatorCommitment.fields}


def _radio_field(name: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **FIELDS[name].words)


class IndicatorForm(Tokens):
    """The definition of an indicator; a draft may lack all but title, unit, theme, provider.
    ``day``: on which the text is read; ``row``: the indicator, None for a new one.

    Declared here are the fields that need more than the commitment says. A target is asked for each
    year of the convention, and for others that the draft or the data has.
    """

    theme = ThemeField(queryset=Theme.objects.none(), empty_label="Choisir…")
    other_themes = ThemesField(queryset=Theme.objects.none(), required=False)
    objectives = ObjectivesField(queryset=Objective.objects.none(), required=False)
    actions = ActionsField(queryset=Action.objects.none(), required=False,
                           **FIELDS["actions"].words)  # fmt: skip
    parts = PartsField(queryset=Indicator.objects.none(), required=False,
                       **FIELDS["parts"].words)  # fmt: skip
    kind = _radio_field("kind", [
        (Kind.CONTEXT, "Contexte : il décrit la situation, sans dépendre de la convention"),
        (Kind.OUTPUT, "Réalisation : ce qui a été fait"),
        (Kind.OUTCOME, "Résultat : ce que cela a changé pour les familles"),
    ])  # fmt: skip
    direction = _radio_field("direction", [
        (Direction.UP, "À la hausse : plus le chiffre monte, mieux c’est"),
        (Direction.DOWN, "À la baisse : plus il descend, mieux c’est"),
        (Direction.NEUTRAL, "Sans sens attendu"),
    ])  # fmt: skip
    decimals = WholeNumberField(min_value=0, max_value=6, **FIELDS["decimals"].words)
    calculation = _radio_field("calculation", [
        (Calculation.DIRECT, "Une valeur directe : un nombre que l’on relève"),
        (Calculation.RATIO, "Un rapport de deux nombres : un taux, une part, une moyenne"),
    ])  # fmt: skip
    grain = _radio_field("grain", [
        (Grain.TERRITORY, "Tout le territoire : un seul chiffre"),
        (Grain.COMMUNE, "Par commune : un chiffre pour chacune"),
    ])  # fmt: skip
    aggregation = _radio_field("aggregation", [
        (Aggregation.SUM, "La somme des communes"),
        (Aggregation.RATIO, "Pour un rapport : la somme des numérateurs sur celle des "
         "dénominateurs"),
        (Aggregation.NONE, "Rien : le fournisseur le donne, ou il n’y en a pas"),
    ])  # fmt: skip
    reference_population = forms.ChoiceField(
        required=False, choices=Population.choices, initial=Population.INHABITANTS,
        **FIELDS["reference_population"].words,
    )  # fmt: skip
    factor = WholeNumberField(required=False, min_value=1, **FIELDS["factor"].words)
    provider = OrganisationField(queryset=Organisation.objects.none(), empty_label="Choisir…",
                                 **FIELDS["provider"].words)  # fmt: skip
    enterer = OrganisationField(
        queryset=Organisation.objects.none(), required=False, empty_label="Le fournisseur",
        **FIELDS["enterer"].words,
    )  # fmt: skip
    periodicity = forms.ChoiceField(choices=Periodicity.choices, **FIELDS["periodicity"].words)
    available_month = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, choices=[("", "Non précisé"), *MONTHS],
        **FIELDS["available_month"].words,
    )  # fmt: skip
    baseline_year = WholeNumberField(
        required=False, min_value=FIRST_YEAR, max_value=2200, **FIELDS["baseline_year"].words
    )
    variation_alert = WholeNumberField(
        unit="%", required=False, min_value=1, max_value=1000, **FIELDS["variation_alert"].words
    )
    note = prose("Motif (facultatif)", required=False, rows=3, help_text="Les membres du comité le "
                 "liront avec ce qui change.")  # fmt: skip

    def __init__(self, *args, convention, day, row: Indicator | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.convention, self.row = convention, row
        for declared in FIELDS.values():
            if declared.name not in self.fields and (field := declared.formfield(Indicator)):
                self.fields[declared.name] = field
        self.fields["title"].required = self.fields["unit"].required = True
        self._choose_within(day)
        drafted = {int(t["year"]) for t in self.initial.get("targets") or [] if t["year"]}
        sent = {int(match[1]) for name in self.data if (match := TARGET_OF_YEAR.fullmatch(name))}
        years = {*drafted, *(year for year in sent if FIRST_YEAR <= year <= 2200)}
        if convention.start and convention.end:
            years.update(range(convention.start.year, convention.end.year + 1))
        self.target_years = sorted(years)
        for year in self.target_years:
            self.fields[f"target_{year}"] = FrenchDecimalField(
                label=f"Cible {year}", required=False
            )
        self.fields[FINAL] = FrenchDecimalField(label="Cible à terme", required=False)
        for target in self.initial.pop("targets", None) or []:
            name = f"target_{target['year']}" if target["year"] else FINAL
            self.initial[name] = decimal(target["value"])
        # Baseline, bounds and targets are asked for as the figures are, in the unit of the form.
        unit, decimals, calculation = (
            str(self[name].value() or "") for name in ("unit", "decimals", "calculation")
        )
        asked = asked_in(
            unit, 0 if decimals == "0" else None, calculation,
            allows_negative=bool(self["allows_negative"].value()),
        )  # fmt: skip
        for name in ("baseline_value", "minimum", "maximum", *self.target_names):
            self.fields[name].asked = asked
        for field in self.fields.values():
            set_words(field)
        self.helper = SectionsHelper("base", "revision", *self._sections())

    def _choose_within(self, day) -> None:
        """Offer only what the convention has, as its text reads on ``day``, with what is chosen
        already; drop the fields « actions » and « parts » where there is nothing to choose."""
        convention, words = self.convention, self.convention.words
        first, others = self.initial.get("theme"), self.initial.get("other_themes") or []
        chosen = [theme.pk for theme in [first, *others] if theme]
        themes = Theme.objects.filter(axis__convention=convention).selectable(day, chosen)
        themes = themes.select_related("axis").order_by("axis__number", "rank", "pk")
        measured = [objective.pk for objective in self.initial.get("objectives") or []]
        objectives = Objective.objects.of(convention).readable().selectable(day, measured)
        organisations = Organisation.objects.filter(convention=convention)
        self.fields["theme"].queryset = self.fields["other_themes"].queryset = themes
        self.fields["objectives"].queryset = objectives.select_related(
            "theme__axis"
        ).in_reading_order()
        actions = Action.objects.of(convention)
        linked = [action.pk for action in self.initial.get("actions") or []]
        actions = actions.filter(Q(standing__in=READABLE) | Q(pk__in=linked))
        self.fields["actions"].queryset = actions.select_related(
            "theme__axis__convention"
        ).in_reading_order()
        if not actions:
            del self.fields["actions"]
        named = [part.pk for part in self.initial.get("parts") or []]
        parts = Indicator.objects.of(convention).exclude(pk=self.row and self.row.pk)
        parts = summable_indicators(parts.filter(Q(standing__in=READABLE) | Q(pk__in=named)))
        self.fields["parts"].queryset = parts.in_reading_order()
        if not parts:
            del self.fields["parts"]
        self.fields["provider"].queryset = self.fields["enterer"].queryset = organisations
        # An axis without themes stands there itself.
        place = words.theme if themes.exclude(title="").exists() else words.axis
        self.fields["theme"].label = place.title
        self.fields["other_themes"].label = f"Autres {place.plural} (facultatif)"
        self.fields["objectives"].label = f"{words.objective.titles} mesurés (facultatif)"
        if words.objective.is_feminine:
            self.fields["objectives"].label = f"{words.objective.titles} mesurées (facultatif)"

    @property
    def target_names(self) -> list[str]:
        return [*(f"target_{year}" for year in self.target_years), FINAL]

    def _sections(self) -> Iterator[LayoutObject]:
        """Yield the fields by section of the page, in the order of ``SECTIONS``; for a new
        indicator, first its ``QUESTIONS``, then the others folded."""
        first = () if self.row else QUESTIONS
        if first:
            yield side_by_side(self, first, short=SHORT)
        for key, legend, help_text, ahead in SECTIONS:
            note = [HTML(f'<p class="small-note">{polish(help_text)}</p>')] if help_text else []
            names = [n for n, field in FIELDS.items() if field.section == key and n in self.fields]
            names = [*ahead, *(n for n in names if n not in ahead), *["note"] * (key == LIMITS)]
            names = self.target_names if key == TARGETS else names
            fields = side_by_side(self, [n for n in names if n not in first], short=SHORT)
            if first:
                yield HTML(FOLD_OPENS.format(legend=legend))
                yield Div(*note, fields)
                yield HTML("</details>")
            else:
                yield Fieldset(legend, *note, fields)

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_code(self):
        """Return the code; refuse one that another indicator of the convention has."""
        code = self.cleaned_data["code"]
        if is_code_taken(self.convention, code, self.row):
            raise forms.ValidationError(CODE_TAKEN.reason)
        return code

    def clean_baseline_year(self):
        """Refuse a year after the end of the convention; return the year, or None."""
        year, end = self.cleaned_data["baseline_year"], self.convention.end
        if year and end and year > end.year:
            raise forms.ValidationError(f"La convention finit en {end.year}.")
        return year

    def clean_factor(self):
        return self.cleaned_data["factor"] or 1

    def clean_reference_population(self) -> str:
        return self.cleaned_data["reference_population"] or Population.INHABITANTS

    def clean(self):
        """Refuse what contradicts itself; if the version is proposed at once, also what is lacking
        or would reveal a secret. A direct figure gets factor 1, one of the whole territory no
        aggregation."""
        cleaned = super().clean()
        is_direct = cleaned.get("calculation") == Calculation.DIRECT
        if is_direct and (cleaned.get("numerator") or cleaned.get("denominator")):
            self.add_error("calculation", "Un numérateur ou un dénominateur est décrit : "
                           "choisissez « Un rapport », ou effacez-les.")  # fmt: skip
        if is_direct:
            cleaned["factor"] = 1  # it is the ratio's; its field may not even be seen
        if cleaned.get("grain") == Grain.TERRITORY:
            cleaned["aggregation"] = Aggregation.NONE  # likewise
        content = self.content
        self._add_errors(incoherent(content))
        if self.is_proposing:
            self._add_errors(lacking(content))
            self._add_errors(secret_baseline(content, cleaned.get("provider")))
            if refusal := refuse_parts(content, self.row):
                self._add_errors([("parts", refusal.reason)])
            if refusal := refuse_revealing_baseline(content, self.row):
                self._add_errors([("baseline_value", refusal.reason)])
        return cleaned

    def _add_errors(self, faults: Iterable[tuple[str, str]]) -> None:
        """Add each reason to its field, or to the form without one, unless an error is there."""
        for name, reason in list(faults):
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, reason)

    @property
    def content(self) -> dict:
        """The canonical content of the version that the form makes; only what is valid."""
        return canonical_content(self.values)

    @property
    def values(self) -> dict:
        """The cleaned values by field of the commitment, without what is invalid."""
        names = FIELDS.keys() - {"targets"}
        values = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        given = {name: self.cleaned_data.get(name) for name in self.target_names}
        targets = [
            {"year": None if name == FINAL else int(name[-4:]), "value": value}
            for name, value in given.items()
            if value is not None
        ]
        return values | {"targets": targets}


# What is asked of a new indicator at once.
QUESTIONS = ("title", "theme", "definition", "unit", "provider", FINAL)
# A form that is shown again shows all of it.
FOLD_OPENS = (
    '<details class="fold"{{% if form.is_bound %}} open{{% endif %}}>'
    "<summary><span>{legend}</span></summary>"
)

# Section, legend, help; the fields that one thinks of before the others, which follow in the order
# of the commitment.
SECTIONS = [
    (MEASURED, "Ce qui est mesuré", "", ("title",)),
    (HOW, "Comment", "Deux personnes qui lisent cette partie doivent trouver le même chiffre.",
     ("definition", "scope", "unit", "decimals", "allows_negative")),
    (SOURCE, "D’où vient le chiffre", "", ("provider", "enterer")),
    (BASELINE, "Situation initiale",
     "Le chiffre d’avant la convention, auquel on comparera les suivants ; une donnée de contexte "
     "n’en demande pas.", ()),
    (TARGETS, "Cibles",
     "Une par an si vous le souhaitez, ou une seule, à atteindre avant la fin.", ()),
    (LIKELIHOOD, "Vraisemblance",
     "Un chiffre hors de ces bornes demandera une explication à qui le saisit.", ()),
    (LIMITS, "Limites et motif", "", ()),
]  # fmt: skip
