"""What the parties agree to about an indicator (art. 4 and 7): all of its definition."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse

from actions.models import Action
from agreements.commitments.by_committee import CommitteeCommitment
from agreements.commitments.fields import Children, Choice, Field, Flag, Link, Links, Number, Text
from agreements.models import Version
from conventions.models import Objective, Organisation, Theme
from conventions.parties import bodies
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import enumerate_words
from ctg_portal.text.sentences import first_sentence
from indicators.definitions.adding_up import refuse_parts, refuse_revealing_baseline
from indicators.definitions.faults import faults, secret_baseline
from indicators.definitions.models import Aggregation, Grain, Indicator, Population
from indicators.definitions.steps import (
    with_actions,
    with_grain,
    with_negatives,
    with_parts,
    with_reason,
    with_reference_population,
)

# The parts of its form.
MEASURED, HOW, SOURCE = "measured", "how", "source"
BASELINE, TARGETS, LIKELIHOOD, LIMITS = "baseline", "targets", "likelihood", "limits"

CODE_TAKEN = Refusal("Un autre indicateur de la convention porte déjà ce code.")


@dataclass(frozen=True)
class Year(Field):
    """A year; none reads as the term of the convention, where ``or_final``."""

    or_final: bool = False

    def show(self, value) -> str:
        return ("à terme" if self.or_final else "") if value is None else str(value)


@dataclass(frozen=True)
class Setting(Number):
    """A number that tells nothing while it is ``usual``."""

    usual: int = 0

    def is_informative(self, value) -> bool:
        return value is not None and value != self.usual


@dataclass(frozen=True)
class Option(Choice):
    """A choice that tells nothing while it is ``usual``."""

    usual: str = ""

    def is_informative(self, value) -> bool:
        return super().is_informative(value) and value != self.usual


@dataclass(frozen=True)
class Targets(Children):
    """Targets by year, the final one last: « 2024 : 448 »."""

    fields: tuple[Field, ...] = field(
        default=(Year("year", "Année", or_final=True), Number("value", "Cible"))
    )
    identity: tuple[tuple[str, ...], ...] = (("year",),)

    def plain(self, value):
        """Return the canonical targets in the order of years, the final one last."""
        rows = super().plain(value)
        return sorted(rows, key=lambda target: (target["year"] is None, target["year"] or 0))

    def show_child(self, child: dict) -> str:
        """Format a target: « 2024 : 448 », « à terme : 460 »."""
        year, value = (part.show(child.get(part.name)) for part in self.fields)
        return f"{year}\u00a0: {value}"

    def change(self, before, after, content):
        """Return « La cible 2024 passe de 448 à 460 places. »; if several targets change, only
        their years."""
        was, now = (
            {target_row["year"]: target_row["value"] for target_row in rows or []}
            for rows in (before, after)
        )
        years = [year for year in {**was, **now} if was.get(year) != now.get(year)]
        year_field, value = self.fields
        if len(years) > 1:
            return f"Les cibles {enumerate_words(map(year_field.show, years))} changent."
        [year] = years
        target, unit = f"cible {year_field.show(year)}", content.get("unit") or ""
        if year not in now:
            return f"La {target} est retirée ; elle était de {value.show(was[year])}."
        value_text = f"{value.show(now[year])} {unit}".strip()
        if year not in was:
            return f"Nouvelle {target} : {value_text}."
        return f"La {target} passe de {value.show(was[year])} à {value_text}."


class IndicatorCommitment(CommitteeCommitment):
    """An indicator of the committee: its whole definition is agreed to, targets included.

    ``describe_revealed`` returns the masked figures that a content would reveal (``foretold``).
    ``contributions.py`` hands it over, as secrecy stands above definitions.
    """

    kind, name, schema, model = "indicator", "indicateur", 7, Indicator
    steps = {
        1: with_actions, 2: with_grain, 3: with_parts, 4: with_reason, 5: with_negatives,
        6: with_reference_population,
    }  # fmt: skip
    fields = (
        Text("code", section=MEASURED, asked="Code (facultatif)",
             help="Par exemple PE-02 ; unique dans la convention."),
        Text("title", section=MEASURED,
             help="Ce que l’on compte, en peu de mots : « Places agréées en accueil collectif »."),
        # In words that hold wherever themes and objectives are called otherwise.
        Link("theme", "Rattachement", model=Theme, section=MEASURED),
        Links("other_themes", "Autres rattachements", model=Theme, section=MEASURED),
        Links("objectives", "Ce qu’il mesure", model=Objective, section=MEASURED),
        Links("actions", "Actions mesurées", model=Action, section=MEASURED,
              asked="Actions mesurées (facultatif)",
              help="Celles dont le chiffre dit directement ce qu’elles ont fait, ou changé."),
        Text("definition", is_prose=True, section=HOW,
             help="Ce qui est compté, à quelle date, ce qui ne l’est pas. La changer plus tard "
             "rompt la série : les chiffres d’avant et d’après ne se comparent plus."),
        Text("scope", section=HOW, asked="Champ (facultatif)",
             help="Le public et le territoire, s’ils ne sont pas toute la convention : « enfants "
             "de 0 à 3 ans »."),
        Option("grain", usual=Grain.TERRITORY, section=HOW,
               help="Par commune, les chiffres de toutes les communes sont demandés ensemble, dans "
               "un tableau."),
        Choice("kind", section=MEASURED),
        Choice("direction", section=MEASURED),
        Choice("calculation", section=HOW),
        Text("numerator", section=HOW, help="Pour un rapport : ce que l’on divise."),
        Text("denominator", section=HOW, help="Pour un rapport : par quoi."),
        Setting("factor", usual=1, section=HOW, help="100 pour un %, 1 pour une moyenne."),
        Option("aggregation", usual=Aggregation.NONE, section=HOW,
               help="Pour des chiffres par commune : ce qu’ils donnent pour tout le territoire."),
        Option("reference_population", usual=Population.INHABITANTS, section=HOW,
               help="Pour des chiffres par commune qui s’additionnent : les communes se comparent "
               "par le nombre pour 100 de cette population."),
        Links("parts", "Total de", model=Indicator, section=HOW, asked="Total de (facultatif)",
              help="Les indicateurs qui, additionnés, donnent celui-ci : filles et garçons, "
              "tranches d’âge ; comptés comme lui par commune ou pour tout le territoire, et dans "
              "la même unité. Un seul, s’il compte la même chose. Le secret statistique en tient "
              "compte : aucun chiffre masqué ne se déduit des autres."),
        Text("unit", section=HOW, help="Par exemple : places, enfants, %."),
        Setting("decimals", section=HOW),
        Flag("allows_negative", section=HOW,
             asked="Le chiffre peut être négatif : un solde, une évolution, une température"),
        Choice("periodicity", section=SOURCE),
        Choice("available_month", section=SOURCE, asked="Disponible en (facultatif)",
               help="Le mois de l’année suivante où le chiffre existe."),
        Flag("is_confidential", section=HOW,
             asked="Il compte des personnes ou des foyers : le secret statistique de l’organisme "
             "s’applique"),
        Text("not_confidential_reason", section=HOW, asked="Sinon, pourquoi (facultatif)",
             help="Demandé pour ce qui compte des personnes ou des foyers sans être soumis au "
             "secret : par exemple, « publié tel quel par l’Insee »."),
        Number("baseline_value", section=BASELINE),
        Year("baseline_year", section=BASELINE, asked="De l’année"),
        Text("baseline_source", section=BASELINE,
             asked="Source de la situation initiale (facultatif)"),
        Targets("targets", section=TARGETS),
        Number("minimum", section=LIKELIHOOD),
        Number("maximum", section=LIKELIHOOD),
        Number("variation_alert", "Variation à expliquer", unit="%", section=LIKELIHOOD,
               asked="Variation à expliquer, en %",
               help="D’une année à l’autre, au-delà, un commentaire est demandé."),
        Link("provider", model=Organisation, section=SOURCE,
             help="L’organisme qui a le chiffre ; il est cité à côté."),
        Link("enterer", model=Organisation, section=SOURCE, asked="Saisi par (facultatif)",
             help="Si un autre organisme saisit le chiffre."),
        Text("limits", is_prose=True, section=LIMITS, asked="Limites (facultatif)", rows=3,
             help="Ce que le chiffre ne dit pas, et comment le lire avec prudence."),
    )  # fmt: skip

    def __init__(self, describe_revealed: Callable[[Indicator, dict], str]):
        super().__init__()
        self.describe_revealed = describe_revealed

    def subjects(self):
        return Indicator.objects.with_relations()

    def heading(self, row):
        return f"Indicateur {row.code}".strip()

    def describe_new(self, content):
        """Return « 180 en 2019, cible à terme : 600 personnes »: the baseline and last target."""
        year, value = Targets("targets").fields
        parts = []
        if content["baseline_value"] is not None:
            since = content["baseline_year"] and f" en {content['baseline_year']}"
            parts.append(f"{value.show(content['baseline_value'])}{since or ''}")
        if content["targets"]:
            last = content["targets"][-1]
            day = f"en {last['year']}" if last["year"] else year.show(None)
            parts.append(f"cible {day} : {value.show(last['value'])} {content['unit']}".rstrip())
        return ", ".join(parts)

    def describe_row(self, content):
        """Return what is counted, as the definition begins, and from what to what."""
        figures = self.describe_new(content)
        if content["baseline_value"] is not None:
            figures = f"situation initiale\u00a0: {figures}"
        change = f"{figures[:1].upper()}{figures[1:]}." if figures else ""
        return [*filter(None, [first_sentence(content["definition"]), change])]

    def describe_part(self, organisation, content, before):
        """Return who gives the figure, where that is new."""
        giver = content["enterer"] or content["provider"]
        if giver is None or (before and giver == (before["enterer"] or before["provider"])):
            return ""
        if organisation and giver["id"] == organisation.pk:
            return "Le chiffre est demandé à vos services."
        return f"Le chiffre est donné par {bodies.the(giver['name'])}."

    def refuse_incomplete(self, convention, content, row=None):
        """Return why the content cannot be proposed, or None: it is incomplete or contradictory
        (art. 7), its code is taken, it names rows that are gone, parts that do not add up, or its
        baseline is secret or reveals a secret one."""
        for _, reason in faults(content):
            return Refusal(reason)
        if is_code_taken(convention, content["code"], row):
            return CODE_TAKEN
        return (
            self.refuse_dangling_links(convention, content)
            or refuse_parts(content, row)
            or self._refuse_secret_baseline(content)
            or refuse_revealing_baseline(content, row)
        )

    def refuse_each(self, convention, drafts):
        """Return, for each draft, what is incomplete or contradictory, or that it names rows that
        are gone; None for the others. In a few queries, whatever their number."""
        dangling = self.refuse_each_dangling(convention, [content for content, _row in drafts])
        return [
            next((Refusal(reason) for _, reason in faults(content)), refusal)
            for (content, _row), refusal in zip(drafts, dangling, strict=True)
        ]

    def _refuse_secret_baseline(self, content: dict) -> Refusal | None:
        """Return why the baseline cannot be agreed to: the provider's secrecy rule would mask or
        round it; else None."""
        provider = Organisation.objects.get(pk=content["provider"]["id"])
        return next((Refusal(reason) for _, reason in secret_baseline(content, provider)), None)

    def describe_consequences(self, row, content):
        return self.describe_revealed(row, content)

    def edit_url(self, row):
        return reverse("indicators:edit_indicator", args=[row.convention.slug, row.pk])

    def describe_later_work(self, version):
        """Return that a year's collection asks the indicator by this version; empty if none
        does."""
        rows = Indicator.objects.filter(pk=version.object_id)
        asked = rows.filter(campaign_indicators__version=version)
        return "Un recueil annuel demande cet indicateur depuis" if asked.exists() else ""

    def link_to_page(self, row):
        return "Voir l’indicateur et ses chiffres", row.get_absolute_url()

    def end_url(self, row):
        return reverse("indicators:end_indicator", args=[row.convention.slug, row.pk])


def is_code_taken(convention, code: str, row: Indicator | None = None) -> bool:
    """Return whether an indicator of the convention other than ``row`` has the code: in a proposed
    version, or on a row agreed or proposed. An empty code is never taken."""
    return bool(code) and code in codes_taken(convention, row)


def codes_taken(convention, row: Indicator | None = None) -> set[str]:
    """Return the codes of all indicators of the convention other than ``row``: in a proposed
    version, or on a row agreed or proposed."""
    others = Indicator.objects.of(convention).exclude(pk=row and row.pk)
    # What is proposed first: what comes into force meanwhile is then found on its row.
    proposed = Version.objects.about_rows(others).proposed().only("kind", "schema", "text")
    codes = {version.content["code"] for version in proposed}
    return codes | set(others.readable().values_list("code", flat=True))
