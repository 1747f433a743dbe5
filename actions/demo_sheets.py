"""Read the action sheets of the demonstration from their file. All of them are invented."""

from decimal import Decimal
from functools import cached_property
from pathlib import Path

import yaml

from actions.plan.events import canonical_content
from actions.plan.models import ActionState, Nature, Priority
from committee.demo import account
from conventions.models import Commune, Convention, Objective, Organisation, Origin, Theme

FILE = Path(__file__).parent / "data" / "plan_grand_chatellerault_fictif.yaml"
STATES = {
    "en_cours": ActionState.IN_PROGRESS, "terminee": ActionState.DONE,
    "en_pause": ActionState.PAUSED, "bloquee": ActionState.BLOCKED,
    "abandonnee": ActionState.ABANDONED,
}  # fmt: skip
PRIORITIES = {"haute": Priority.HIGH, "moyenne": Priority.NORMAL, "basse": Priority.LOW}
NATURES = {"fonctionnement": Nature.OPERATING, "investissement": Nature.INVESTMENT}


def read_sheets() -> list[dict]:
    """Return the entry of each action in the file, under its own French keys."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))["actions"]


def amount(text: str | None) -> Decimal | None:
    """Return the amount of a text of the file; None for none."""
    return None if text is None else Decimal(text)


class Sheets:
    """Turns the entries of the file into contents of sheets of one convention."""

    def __init__(self, convention: Convention):
        self.convention = convention

    @cached_property
    def organisations(self) -> dict[str, Organisation]:
        return {row.acronym: row for row in self.convention.organisations.all()}

    @cached_property
    def themes(self) -> dict[str, Theme]:
        """The themes of all axes of the convention, by their number (« 1.2 »)."""
        rows = Theme.objects.filter(axis__convention=self.convention).select_related("axis")
        return {theme.number: theme for theme in rows}

    @cached_property
    def communes(self) -> dict[str, Commune]:
        return {row.insee_code: row for row in self.convention.communes.all()}

    @cached_property
    def objectives(self) -> dict[tuple[str, int, int | None], Objective]:
        """The signed objectives, by theme, rank of the orientation and rank beneath it, if any."""
        signed = Objective.objects.of(self.convention).filter(origin=Origin.SIGNATURE)
        return {
            (row.theme.number, row.parent.rank, row.rank)
            if row.parent
            else (row.theme.number, row.rank, None): row
            for row in signed.select_related("theme", "parent")
        }

    def content(self, entry: dict) -> dict:
        """Return the canonical content of the sheet for an entry."""
        texts = {
            name: entry.get(key, "").strip()
            for name, key in [
                ("title", "titre"), ("diagnosis", "diagnostic"), ("description", "description"),
                ("audience", "public"), ("expected_results", "resultats"),
                ("elected_referent", "elu"), ("other_partners", "autres_partenaires"),
            ]
        }  # fmt: skip
        return canonical_content(
            texts
            | {
                "theme": self.themes[entry["thematique"]],
                "other_themes": [self.themes[key] for key in entry.get("autres_thematiques", [])],
                "objectives": [self.objectives[tuple(key)] for key in entry["objectifs"]],
                "leads": [
                    {
                        "organisation": self.organisations[lead["organisme"]],
                        "name": lead["nom"],
                        "capacity": lead["qualite"],
                        "user": account(lead["compte"]) if "compte" in lead else None,
                    }
                    for lead in entry["pilotes"]
                ],
                "partners": [self.organisations[key] for key in entry["partenaires"]],
                "communes": [self.communes[key] for key in entry.get("communes", [])],
                "is_whole_territory": "communes" not in entry,
                "starts_on": entry["debut"],
                "ends_on": entry.get("fin"),
                "is_continuous": entry["continu"],
                "priority": PRIORITIES[entry["priorite"]],
                "is_innovative": entry["innovation"],
                "means": [
                    {
                        "organisation": self.organisations[means["organisme"]],
                        "fte": Decimal(means["etp"]),
                        "note": means.get("precision", ""),
                    }
                    for means in entry.get("moyens", [])
                ],
                "fundings": [
                    self.line(line) | {"planned": amount(line["prevu"])}
                    for line in entry.get("financements", [])
                ],
                "plans": entry["plans"],
            }
        )

    def line(self, entry: dict) -> dict:
        """Return a line of funding without its amounts; a funder that is no acronym of an
        organisation is a free name."""
        funder = self.organisations.get(entry["financeur"])
        return {
            "funder": funder,
            "funder_name": "" if funder else entry["financeur"],
            "year": entry["annee"],
            "nature": NATURES[entry["nature"]],
            "scheme": entry.get("dispositif", ""),
        }
