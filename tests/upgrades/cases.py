"""The cases of a kept database: each is a row that an upgrade must decide upon.

The list stands beside the dump (``kept/NAME.md``), one case a line, with the natural key by which
its row is found with the models of any later release: an address, a title, a code. Beside it,
``kept/NAME.became.md`` tells what an upgrade has made of who acts and sits: written anew by
``python -m tests.upgrades.cases NAME --write``, with ``DATABASE_URL`` that of an upgraded copy.
"""

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

KEPT = Path(__file__).parent / "kept"
NOTHING = "–"
BETWEEN = " · "

# By kind of row: its model, the path to its convention, and what tells it from its like there.
# Whoever renames a model or a field changes its line.
FINDERS = {
    "convention": ("conventions.Convention", "slug", ["slug"]),
    "organisation": ("conventions.Organisation", "convention__slug", ["acronym"]),
    "amendment": ("conventions.Amendment", "convention__slug", ["number"]),
    "commune": ("conventions.Commune", "convention__slug", ["insee_code"]),
    "access": (
        "conventions.Membership", "organisation__convention__slug",
        ["user__email", "organisation__acronym", "role", "granted_at__date"],
    ),
    "invitation": (
        "conventions.MembershipOffer", "organisation__convention__slug",
        ["invitation__email", "organisation__acronym", "role"],
    ),
    "seat": (
        "agreements.Seat", "organisation__convention__slug",
        ["organisation__acronym", "name", "kind", "starts_on"],
    ),
    "absence": (
        "agreements.Absence", "seat__organisation__convention__slug", ["seat__name", "starts_on"],
    ),
    "delegation": (
        "agreements.Delegation", "seat__organisation__convention__slug",
        ["seat__name", "name", "starts_on"],
    ),
    "version": ("agreements.Version", "convention__slug", ["kind", "title", "number"]),
    "answer": (
        "agreements.Agreement", "version__convention__slug",
        ["version__title", "version__number", "organisation__acronym", "rank"],
    ),
    "dossier": ("committee.Dossier", "convention__slug", ["title"]),
    "collection": ("indicators.Campaign", "convention__slug", ["year"]),
    "indicator of a year": (
        "indicators.CampaignIndicator", "campaign__convention__slug",
        ["campaign__year", "indicator__code"],
    ),
    "figure": (
        "indicators.Value", "campaign_indicator__campaign__convention__slug",
        ["campaign_indicator__campaign__year", "campaign_indicator__indicator__code",
         "commune__name"],
    ),
    "entry link": (
        "indicators.EntryLink", "campaign__convention__slug",
        ["campaign__year", "organisation__acronym", "created_at__date"],
    ),
    "edition": (
        "evaluation.Edition", "evaluation__convention__slug", ["evaluation__year", "number"],
    ),
    "import": ("spreadsheets.Import", None, ["name"]),
    "notice": ("notifications.Notice", None, ["kind", "user__email", "since"]),
    "message": ("post_office.Email", None, ["to", "subject"]),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One line of the list. ``convention``: its identifier, empty where the row is of none;
    ``state``: what the row said when it was kept."""

    about: str
    convention: str
    kind: str
    key: str
    state: str

    def rows(self):
        """The rows of today's models that it is about."""
        model, of_convention, paths = finder(self.kind)
        parts = self.key.split(BETWEEN)
        wanted = {path: value for path, value in zip(paths, parts, strict=True) if value != NOTHING}
        wanted |= {
            f"{path}__isnull": True for path, value in zip(paths, parts, strict=True)
            if value == NOTHING
        }  # fmt: skip
        if of_convention:
            wanted[of_convention] = self.convention
        return model._default_manager.filter(**wanted)


def finder(kind: str) -> tuple:
    """The model of a kind, the path to its convention, and the paths of its key."""
    from django.apps import apps  # noqa: PLC0415  (settings must be known)

    label, of_convention, paths = FINDERS[kind]
    return apps.get_model(label), of_convention, paths


# The list ----------------------------------------------------------------------------------------

HEAD = ["Case", "Convention", "Kind", "Key", "As kept"]


def file_of_cases(name: str, folder: Path = KEPT) -> Path:
    return folder / f"{name}.md"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def read_cases(name: str, folder: Path = KEPT) -> list[Case]:
    """All cases of a kept database."""
    text = file_of_cases(name, folder).read_text(encoding="utf-8")
    rows = [line[2:-2].split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [Case(*row) for row in rows if row != HEAD and not re.fullmatch("-+", row[0])]


def lost_among(cases: list[Case]) -> list[str]:
    """The cases of which no row is there any more."""
    return [case.about for case in cases if not case.rows().exists()]


# What became of them ----------------------------------------------------------------------------

BECAME = ["Case", "As kept", "Became"]


def file_of_became(name: str) -> Path:
    return KEPT / f"{name}.became.md"


def became(cases: list[Case]) -> list[str]:
    """Return a table of what the database makes of each access, seat and delegation."""
    describe = {"access": _access, "seat": _seat, "delegation": _delegation}
    lines = [_line(BECAME), _line(["---"] * len(BECAME))]
    for case in cases:
        if case.kind in describe:
            state = " / ".join(describe[case.kind](row) for row in case.rows())
            lines.append(_line([case.about, case.state, state]))
    return lines


def _access(access) -> str:
    return _appointment(access, "terminé" if access.ended_at else access.get_state_display())


def _seat(seat) -> str:
    return _appointment(seat, "terminé" if seat.ends_on else seat.get_state_display())


def _appointment(row, state: str) -> str:
    if not row.is_confirmed:
        return state
    if row.is_taken_over:
        return f"{state}, repris"
    return f"{state}, par {row.confirmed_by or 'l’hébergeur'}"


def _delegation(delegation) -> str:
    return "terminée" if delegation.ends_on else "en cours"


if __name__ == "__main__":
    import os

    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    asked = read_cases(sys.argv[1])
    lines = became(asked)
    if "--write" in sys.argv:
        file_of_became(sys.argv[1]).write_text("\n".join([*lines, ""]), encoding="utf-8")
    json.dump({"lost": lost_among(asked), "became": lines}, sys.stdout)
