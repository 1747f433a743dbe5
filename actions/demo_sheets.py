"""The action sheets of the demonstration, read from their file. All of them are invented."""

from decimal import Decimal
from functools import cached_property
from pathlib import Path

import yaml

from actions.models import ActionState, Nature, Priority
from actions.plan.events import canonical_content
from committee.demo import account
from conventions.models import Convention, Objective, Origin, Theme

FILE = Path(__file__).parent / "data" / "plan_grand_chatellerault_fictif.yaml"
STATES = {
    "en_cours": ActionState.IN_PROGRESS, "terminee": ActionState.DONE,
    "en_pause": ActionState.PAUSED, "bloquee": ActionState.BLOCKED,
    "abandonnee": ActionState.ABANDONED,
}  # fmt: skip
PRIORITIES = {"haute": Priority.HIGH, "moyenne": Priority.NORMAL, "basse": Priority.LOW}
NATURES = {"fonctionnement": Nature.OPERATING, "investissement": Nature.INVESTMENT}


def sheets() -> list[dict]:
    """What the file tells of each action, under its own French words."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))["actions"]


def amount(told: str | None) -> Decimal | None:
    return None if told is None else Decimal(told)


class Sheets:
    """Turns what the file tells into what the parties agree to, in one convention."""

    def __init__(self, convention: Convention):
        self.convention = convention

    @cached_property
    def organisations(self) -> dict:
        return {one.acronym: one for one in self.convention.organisations.all()}

    @cached_property
    def themes(self) -> dict[str, Theme]:
        rows = Theme.objects.filter(axis__convention=self.convention).select_related("axis")
        return {theme.number: theme for theme in rows}

    @cached_property
    def communes(self) -> dict:
        return {one.insee_code: one for one in self.convention.communes.all()}

    @cached_property
    def objectives(self) -> dict[tuple, Objective]:
        """What was signed, by theme, rank of the orientation and rank beneath it, if any."""
        signed = Objective.objects.of(self.convention).filter(origin=Origin.SIGNATURE)
        return {
            (row.theme.number, row.parent.rank, row.rank)
            if row.parent
            else (row.theme.number, row.rank, None): row
            for row in signed.select_related("theme", "parent")
        }

    def content(self, told: dict) -> dict:
        """The canonical content of an action."""
        texts = {
            name: told.get(key, "").strip()
            for name, key in [
                ("title", "titre"), ("diagnosis", "diagnostic"), ("description", "description"),
                ("audience", "public"), ("expected_results", "resultats"),
                ("elected_referent", "elu"), ("other_partners", "autres_partenaires"),
            ]
        }  # fmt: skip
        return canonical_content(
            texts
            | {
                "theme": self.themes[told["thematique"]],
                "other_themes": [self.themes[one] for one in told.get("autres_thematiques", [])],
                "objectives": [self.objectives[tuple(one)] for one in told["objectifs"]],
                "leads": [
                    {
                        "organisation": self.organisations[one["organisme"]],
                        "name": one["nom"],
                        "capacity": one["qualite"],
                        "user": account(one["compte"]) if "compte" in one else None,
                    }
                    for one in told["pilotes"]
                ],
                "partners": [self.organisations[one] for one in told["partenaires"]],
                "communes": [self.communes[one] for one in told.get("communes", [])],
                "is_whole_territory": "communes" not in told,
                "starts_on": told["debut"],
                "ends_on": told.get("fin"),
                "is_continuous": told["continu"],
                "priority": PRIORITIES[told["priorite"]],
                "is_innovative": told["innovation"],
                "means": [
                    {
                        "organisation": self.organisations[one["organisme"]],
                        "fte": Decimal(one["etp"]),
                        "note": one.get("precision", ""),
                    }
                    for one in told.get("moyens", [])
                ],
                "fundings": [
                    self.line(one) | {"planned": amount(one["prevu"])}
                    for one in told.get("financements", [])
                ],
                "plans": told["plans"],
            }
        )

    def line(self, told: dict) -> dict:
        """A line of funding, without its amounts."""
        funder = self.organisations.get(told["financeur"])
        return {
            "funder": funder,
            "funder_name": "" if funder else told["financeur"],
            "year": told["annee"],
            "nature": NATURES[told["nature"]],
            "scheme": told.get("dispositif", ""),
        }
