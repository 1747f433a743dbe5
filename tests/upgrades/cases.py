"""The cases of a kept database: each is a row that an upgrade must decide upon.

The list stands beside the dump (``kept/NAME.md``), one case a line, with the natural key by which
its row is found with the models of any later release: an address, a title, a code.
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


def case_of(about: str, row, state: dict) -> Case:
    """The case that a row is: found by its natural key, and by nothing else."""
    from django.apps import apps  # noqa: PLC0415

    kind = next(kind for kind in FINDERS if apps.get_model(FINDERS[kind][0]) is type(row))
    model, of_convention, paths = finder(kind)
    read = [path for path in [of_convention, *paths] if path]
    values = model._default_manager.filter(pk=row.pk).values_list(*read)[0]
    convention = values[0] if of_convention else ""
    key = BETWEEN.join(map(written, values[1:] if of_convention else values))
    told = ", ".join(f"{name} = {written(value)}" for name, value in state.items())
    return Case(about, convention, kind, key, told)


def written(value) -> str:
    """A value as the list writes it."""
    if isinstance(value, list):
        return ", ".join(map(str, value)) or NOTHING
    return NOTHING if value is None else str(value)


# The list ----------------------------------------------------------------------------------------

HEAD = ["Case", "Convention", "Kind", "Key", "As kept"]


def file_of_cases(name: str, folder: Path = KEPT) -> Path:
    return folder / f"{name}.md"


def write_cases(name: str, chapters: dict[str, list[Case]], folder: Path = KEPT) -> None:
    lines = [
        f"# {name}: the cases of this database",
        "",
        "Written by `tests/upgrades/hard_lives`, read by `tests/upgrades/cases.py`. A key is what "
        "the paths of `FINDERS` say of the row there, in their order; – stands for nothing.",
    ]
    for chapter, cases in chapters.items():
        lines += ["", f"## {chapter}", "", _line(HEAD), _line(["---"] * len(HEAD))]
        lines += [_line([c.about, c.convention, c.kind, c.key, c.state]) for c in cases]
    file_of_cases(name, folder).write_text("\n".join([*lines, ""]), encoding="utf-8")


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


if __name__ == "__main__":
    import os

    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    json.dump(lost_among(read_cases(sys.argv[1])), sys.stdout)
