"""Axes, themes and objectives written shortly, and read back."""

from conventions.models import Objective
from tests.conventions.loading.samples import MINIMAL

HEAD = MINIMAL[: MINIMAL.index("axes:")]


def structure(*axes: str) -> str:
    """Return a file whose axes are written shortly: ``"1 Accueillir: 1.1 Enfance: A; CODE=B > B1,
    B2"``.

    Objectives are separated by ";", a code stands before "=", sub-objectives stand after ">".
    Without a theme (``"1 Accueillir: : A; B"``) they stand directly under the axis.
    """
    lines = [HEAD + "axes:"]
    for axis in axes:
        name, *themes = axis.split(": ")
        number, title = name.split(" ", 1)
        lines += [f"  - numero: {number}", f"    titre: {title}"]
        if themes[0] == "":
            lines += ["    objectifs:", *objectives(themes[1], "      ")]
            continue
        lines.append("    thematiques:")
        for theme, content in zip(themes[::2], themes[1::2], strict=True):
            number, title = theme.split(" ", 1)
            lines += [f'      - numero: "{number}"', f"        titre: {title}"]
            if content:
                lines += ["        objectifs:", *objectives(content, "          ")]
    return "\n".join(lines) + "\n"


def objectives(content: str, indent: str) -> list[str]:
    lines = []
    for part in content.split("; "):
        name, _, below = part.partition(" > ")
        lines += entry(name, indent)
        if below:
            lines.append(f"{indent}  sous_objectifs:")
            for sub in below.split(", "):
                lines += entry(sub, f"{indent}    ")
    return lines


def entry(name: str, indent: str) -> list[str]:
    code, _, title = name.rpartition("=")
    return [f"{indent}- titre: {title}", *([f"{indent}  code: {code}"] if code else [])]


def pk(title: str) -> int:
    return Objective.objects.get(title=title).pk


def tree() -> list[str]:
    """Return the structure as read: axis, theme, objective, sub-objective, in order."""
    rows = Objective.objects.in_reading_order().select_related("theme__axis", "parent")
    orientations = [row for row in rows if row.parent is None]
    parts = {row.pk: [p.title for p in rows if p.parent_id == row.pk] for row in orientations}
    return [
        f"{row.theme.axis.number}/{row.theme.number}/{row.title}"
        + (f" > {', '.join(parts[row.pk])}" if parts[row.pk] else "")
        for row in orientations
    ]
