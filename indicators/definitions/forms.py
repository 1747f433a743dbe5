"""The form of an indicator: its whole definition, in the order in which one thinks of it."""

import re

from django import forms

from agreements.commitments.commitment import commitment_of
from committee.forms import Tokens
from conventions.form_choices import ObjectivesField, OrganisationField, ThemeField, ThemesField
from conventions.models import Objective, Organisation, Theme
from ctg_portal.form_fields import FrenchDecimalField, WholeTextField, prose
from ctg_portal.form_sections import FormSection, SectionField, set_words
from indicators.definitions.commitments import CODE_TAKEN, is_code_taken
from indicators.definitions.definition import decimal
from indicators.definitions.events import canonical_content
from indicators.definitions.faults import FIRST_YEAR, incoherent, lacking, secret_baseline
from indicators.models import MONTHS, Calculation, Direction, Indicator, Kind, Periodicity

FINAL = "target_final"
SHORT = frozenset({"code", "unit", "numerator", "denominator"})
TARGET_OF_YEAR = re.compile(r"target_(\d{4})")


def _line(label: str, name: str, *, required: bool = False, **kwargs) -> forms.CharField:
    """A text on one line, as long as its column takes."""
    longest = Indicator._meta.get_field(name).max_length
    return WholeTextField(label=label, required=required, max_length=longest, **kwargs)


def _choice(label: str, choices, **kwargs) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **kwargs)


class IndicatorForm(Tokens):
    """The definition of an indicator. A draft may lack all but title, unit, theme, provider."""

    title = _line("Libellé", "title", required=True, help_text="Ce que l’on compte, en peu de "
                  "mots : « Places agréées en accueil collectif ».")  # fmt: skip
    code = _line("Code (facultatif)", "code", help_text="Par exemple PE-02 ; unique dans la "
                 "convention.")  # fmt: skip
    theme = ThemeField(queryset=Theme.objects.none(), empty_label="Choisir…")
    other_themes = ThemesField(queryset=Theme.objects.none(), required=False)
    objectives = ObjectivesField(queryset=Objective.objects.none(), required=False)
    kind = _choice("Nature", [
        (Kind.CONTEXT, "Contexte : il décrit la situation, sans dépendre de la convention"),
        (Kind.OUTPUT, "Réalisation : ce qui a été fait"),
        (Kind.OUTCOME, "Résultat : ce que cela a changé pour les familles"),
    ])  # fmt: skip
    direction = _choice("Sens attendu", [
        (Direction.UP, "À la hausse : plus le chiffre monte, mieux c’est"),
        (Direction.DOWN, "À la baisse : plus il descend, mieux c’est"),
        (Direction.NEUTRAL, "Sans sens attendu"),
    ])  # fmt: skip
    definition = prose("Définition", required=False, rows=4, help_text="Ce qui est compté, à "
                       "quelle date, ce qui ne l’est pas. La changer plus tard rompt la série : "
                       "les chiffres d’avant et d’après ne se comparent plus.")  # fmt: skip
    scope = _line("Champ (facultatif)", "scope", help_text="Le public et le territoire, s’ils ne "
                  "sont pas toute la convention : « enfants de 0 à 3 ans ».")  # fmt: skip
    unit = _line("Unité", "unit", required=True, help_text="Par exemple : places, enfants, %.")
    decimals = forms.IntegerField(label="Décimales", min_value=0, max_value=6)
    calculation = _choice("Calcul", [
        (Calculation.DIRECT, "Une valeur directe : un nombre que l’on relève"),
        (Calculation.RATIO, "Un rapport de deux nombres : un taux, une part, une moyenne"),
    ])  # fmt: skip
    numerator = _line("Numérateur", "numerator", help_text="Pour un rapport : ce que l’on divise.")
    denominator = _line("Dénominateur", "denominator", help_text="Pour un rapport : par quoi.")
    factor = forms.IntegerField(label="Multiplié par", required=False, min_value=1,
                                help_text="100 pour un %, 1 pour une moyenne.")  # fmt: skip
    is_confidential = forms.BooleanField(
        label="Il compte des personnes ou des foyers : le secret statistique de l’organisme "
        "s’applique", required=False)  # fmt: skip
    provider = OrganisationField(label="Fournisseur", queryset=Organisation.objects.none(),
                                 empty_label="Choisir…", help_text="L’organisme qui a le chiffre ; "
                                 "il est cité à côté.")  # fmt: skip
    enterer = OrganisationField(label="Saisi par (facultatif)", required=False,
                                queryset=Organisation.objects.none(), empty_label="Le fournisseur",
                                help_text="Si un autre organisme saisit le chiffre.")  # fmt: skip
    periodicity = forms.ChoiceField(label="Périodicité", choices=Periodicity.choices)
    available_month = forms.TypedChoiceField(
        label="Disponible en (facultatif)", required=False, coerce=int, empty_value=None,
        choices=[("", "Non précisé"), *MONTHS],
        help_text="Le mois de l’année suivante où le chiffre existe.")  # fmt: skip
    baseline_value = FrenchDecimalField(label="Situation initiale", required=False)
    baseline_year = forms.IntegerField(label="De l’année", required=False,
                                       min_value=FIRST_YEAR, max_value=2200)  # fmt: skip
    baseline_source = _line("Source de la situation initiale (facultatif)", "baseline_source")
    minimum = FrenchDecimalField(label="Valeur plausible la plus basse", required=False)
    maximum = FrenchDecimalField(label="Valeur plausible la plus haute", required=False)
    variation_alert = forms.IntegerField(
        label="Variation à expliquer, en %", required=False, min_value=1, max_value=1000,
        help_text="D’une année à l’autre, au-delà, un commentaire est demandé.")  # fmt: skip
    limits = prose("Limites (facultatif)", required=False, rows=3, help_text="Ce que le chiffre ne "
                   "dit pas, et comment le lire avec prudence.")  # fmt: skip
    note = prose("Motif (facultatif)", required=False, rows=3, help_text="Les membres du comité le "
                 "liront avec ce qui change.")  # fmt: skip

    def __init__(self, *args, convention, day, row: Indicator | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.convention, self.row = convention, row
        self._choose_within(day)
        self.target_years = sorted({*_years_of(convention), *self._years_told()})
        for year in self.target_years:
            self.fields[f"target_{year}"] = FrenchDecimalField(
                label=f"Cible {year}", required=False
            )
        self.fields[FINAL] = FrenchDecimalField(label="Cible à terme", required=False)
        self._fill_targets()
        for field in self.fields.values():
            set_words(field)

    def _choose_within(self, day) -> None:
        """Nothing of another convention can be chosen."""
        convention, words = self.convention, self.convention.words
        first, others = self.initial.get("theme"), self.initial.get("other_themes") or []
        kept = [theme.pk for theme in [first, *others] if theme]
        themes = Theme.objects.filter(axis__convention=convention).to_choose(day, kept)
        themes = themes.select_related("axis").order_by("axis__number", "rank", "pk")
        measured = [objective.pk for objective in self.initial.get("objectives") or []]
        objectives = Objective.objects.of(convention).readable().to_choose(day, measured)
        organisations = Organisation.objects.filter(convention=convention)
        self.fields["theme"].queryset = self.fields["other_themes"].queryset = themes
        self.fields["objectives"].queryset = objectives.select_related(
            "theme__axis"
        ).in_reading_order()
        self.fields["provider"].queryset = self.fields["enterer"].queryset = organisations
        self.fields["theme"].label = words.theme.title
        self.fields["other_themes"].label = f"Autres {words.theme.many} (facultatif)"
        self.fields["objectives"].label = f"{words.objective.titles} mesurés (facultatif)"
        if words.objective.is_feminine:
            self.fields["objectives"].label = f"{words.objective.titles} mesurées (facultatif)"

    def _years_told(self) -> set[int]:
        """Years outside the convention that the draft, or what was sent, has a target for."""
        drafted = {int(t["year"]) for t in self.initial.get("targets") or [] if t["year"]}
        sent = {int(found[1]) for name in self.data if (found := TARGET_OF_YEAR.fullmatch(name))}
        return drafted | {year for year in sent if FIRST_YEAR <= year <= 2200}

    def _fill_targets(self) -> None:
        for target in self.initial.pop("targets", None) or []:
            name = f"target_{target['year']}" if target["year"] else FINAL
            self.initial[name] = decimal(target["value"])

    @property
    def target_names(self) -> list[str]:
        return [*(f"target_{year}" for year in self.target_years), FINAL]

    @property
    def sections(self) -> list[FormSection]:
        return [
            FormSection(
                legend,
                help_text,
                [SectionField(self[name], name in SHORT) for name in names or self.target_names],
            )
            for legend, help_text, names in SECTIONS
        ]

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_code(self):
        code = self.cleaned_data["code"]
        if is_code_taken(self.convention, code, self.row):
            raise forms.ValidationError(CODE_TAKEN.reason)
        return code

    def clean_baseline_year(self):
        year, end = self.cleaned_data["baseline_year"], self.convention.end
        if year and end and year > end.year:
            raise forms.ValidationError(f"La convention finit en {end.year}.")
        return year

    def clean_factor(self):
        return self.cleaned_data["factor"] or 1

    def clean(self):
        cleaned = super().clean()
        is_direct = cleaned.get("calculation") == Calculation.DIRECT
        if is_direct and (cleaned.get("numerator") or cleaned.get("denominator")):
            self.add_error("calculation", "Un numérateur ou un dénominateur est décrit : "
                           "choisissez « Un rapport », ou effacez-les.")  # fmt: skip
        if is_direct:
            cleaned["factor"] = 1  # it is the ratio's; its field may not even be seen
        content = self.content
        self._tell(incoherent(content))
        if self.is_proposing:
            self._tell(lacking(content))
            self._tell(secret_baseline(content, cleaned.get("provider")))
        return cleaned

    def _tell(self, faults) -> None:
        """Beside their fields, unless something else is wrong there already."""
        for name, reason in list(faults):
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, reason)

    @property
    def content(self) -> dict:
        """What the version would say, as canonical content."""
        return canonical_content(self.values)

    @property
    def values(self) -> dict:
        """By field of the commitment; those that make no sense are left out."""
        names = {field.name for field in commitment_of(Indicator()).fields} - {"targets"}
        told = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        given = {name: self.cleaned_data.get(name) for name in self.target_names}
        targets = [
            {"year": None if name == FINAL else int(name[-4:]), "value": value}
            for name, value in given.items()
            if value is not None
        ]
        return told | {"targets": targets}


def _years_of(convention) -> range:
    """The years of which a target may be asked: those that the convention runs in."""
    if not convention.start or not convention.end:
        return range(0)
    return range(convention.start.year, convention.end.year + 1)


# Legend, help, fields; the targets where none are named.
SECTIONS = [
    ("Ce qui est mesuré", "", ["title", "code", "theme", "other_themes", "objectives", "kind",
                               "direction"]),
    ("Comment", "Deux personnes qui lisent cette partie doivent trouver le même chiffre.",
     ["definition", "scope", "unit", "decimals", "calculation", "numerator", "denominator",
      "factor", "is_confidential"]),
    ("D’où vient le chiffre", "", ["provider", "enterer", "periodicity", "available_month"]),
    ("Situation initiale", "Le chiffre d’avant la convention, auquel on comparera les suivants.",
     ["baseline_value", "baseline_year", "baseline_source"]),
    ("Cibles", "Une par an si vous le souhaitez, ou une seule, à atteindre avant la fin.", None),
    ("Vraisemblance", "Un chiffre hors de ces bornes demandera une explication à qui le saisit.",
     ["minimum", "maximum", "variation_alert"]),
    ("Limites et motif", "", ["limits", "note"]),
]  # fmt: skip
