"""What the parties agree to about an indicator (art. 4 and 7): all of its definition."""

from dataclasses import dataclass, field

from django.urls import reverse

from agreements.commitments.decided import OfCommittee
from agreements.commitments.fields import Children, Choice, Field, Flag, Link, Links, Number, Text
from agreements.models import Version
from conventions.models import Objective, Organisation, Theme
from ctg_portal.rules import Refusal
from indicators.definitions.faults import faults, secret_baseline
from indicators.models import Indicator

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

    def tells(self, value) -> bool:
        return value is not None and value != self.usual


@dataclass(frozen=True)
class Targets(Children):
    """Targets by year, the final one last: « 2024 : 448 »."""

    fields: tuple[Field, ...] = field(
        default=(Year("year", "Année", or_final=True), Number("value", "Cible"))
    )
    identity: tuple[tuple[str, ...], ...] = (("year",),)

    def plain(self, value):
        rows = super().plain(value)
        return sorted(rows, key=lambda target: (target["year"] is None, target["year"] or 0))

    def show_child(self, child: dict) -> str:
        year, value = (part.show(child.get(part.name)) for part in self.fields)
        return f"{year}\u00a0: {value}"


class IndicatorCommitment(OfCommittee):
    """An indicator of the committee: its whole definition is agreed to, targets included."""

    kind, name, schema, model = "indicator", "indicateur", 1, Indicator
    fields = (
        Text("code"),
        Text("title"),
        # In words that hold wherever themes and objectives are called otherwise.
        Link("theme", "Relève de", model=Theme),
        Links("other_themes", "Relève aussi de", model=Theme),
        Links("objectives", "Mesure", model=Objective),
        Text("definition", is_prose=True),
        Text("scope"),
        Choice("kind"),
        Choice("direction"),
        Choice("calculation"),
        Text("numerator"),
        Text("denominator"),
        Setting("factor", usual=1),
        Text("unit"),
        Setting("decimals"),
        Choice("periodicity"),
        Choice("available_month"),
        Flag("is_confidential"),
        Number("baseline_value"),
        Year("baseline_year"),
        Text("baseline_source"),
        Targets("targets"),
        Number("minimum"),
        Number("maximum"),
        Number("variation_alert", "Variation à expliquer", unit="%"),
        Link("provider", model=Organisation),
        Link("enterer", model=Organisation),
        Text("limits", is_prose=True),
    )

    def subjects(self):
        return Indicator.objects.with_relations()

    def heading(self, row):
        return f"Indicateur {row.code}".strip()

    def missing(self, convention, content, row=None):
        """What both parties need to know before they can agree (art. 7), free of contradiction."""
        for _, reason in faults(content):
            return Refusal(reason)
        if is_code_taken(convention, content["code"], row):
            return CODE_TAKEN
        return self.gone(convention, content) or self._too_small(content)

    def _too_small(self, content) -> Refusal | None:
        provider = Organisation.objects.get(pk=content["provider"]["id"])
        return next((Refusal(reason) for _, reason in secret_baseline(content, provider)), None)

    def edit_url(self, row):
        return reverse("indicators:edit_indicator", args=[row.convention.slug, row.pk])

    def page_of(self, row):
        return "Voir l’indicateur et ses chiffres", row.get_absolute_url()

    def end_url(self, row):
        return reverse("indicators:end_indicator", args=[row.convention.slug, row.pk])


def is_code_taken(convention, code: str, row: Indicator | None = None) -> bool:
    """Whether another indicator that is in force or discussed has the code, or is about to."""
    if not code:
        return False
    others = Indicator.objects.of(convention).exclude(pk=row and row.pk)
    # What is proposed first: what comes into force meanwhile is then found on its row.
    proposed = Version.objects.of_subjects(others).proposed().only("kind", "schema", "text")
    if any(version.content["code"] == code for version in proposed):
        return True
    return others.readable().filter(code=code).exists()
