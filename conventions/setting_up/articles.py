"""Preamble, articles and annexes of a project, written as one text.

A line « # Article 1 : title » or « # Annexe 1 : title » opens one; what stands before the first is
the preamble. Nothing else is read in the text, which is Markdown.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from conventions.loading.mistakes import Place
from conventions.setting_up.models import Project
from ctg_portal.templatetags.french import long_date

HEADING = re.compile(
    r"#{1,6}\s*(?P<kind>article|annexe)\s+(?P<number>\d{1,3}(?=\D|$)|premier)(?:er)?\s*[:.–—-]?\s*(?P<title>.*?)\s*#*\s*",
    re.IGNORECASE,
)
# What is still to be completed.
BRACKETS = re.compile(r"\[[^\]\n]{2,200}\](?!\()")
MODEL = Path(__file__).parent / "modele.md"


@dataclass
class Articles:
    """A text as it is understood; ``lines`` gives the line of each article and annex."""

    preamble: str = ""
    articles: list[dict[str, Any]] = field(default_factory=list)
    annexes: list[dict[str, Any]] = field(default_factory=list)
    lines: dict[Place, int] = field(default_factory=dict)


def read_articles(text: str) -> Articles:
    """Return the preamble, articles and annexes of a text."""
    result = Articles()
    rows: list[str] = []
    current: dict[str, Any] | None = None

    def close() -> None:
        body = "\n".join(rows).strip()
        if current is None:
            result.preamble = body
        elif body:
            current["texte"] = body
        rows.clear()

    for at, line in enumerate(text.splitlines(), start=1):
        if match := HEADING.fullmatch(line.strip()):
            close()
            kind = "articles" if match["kind"].lower() == "article" else "annexes"
            parts = result.articles if kind == "articles" else result.annexes
            result.lines[kind, len(parts)] = at
            number = match["number"]
            current = {"numero": int(number) if number.isdigit() else 1, "titre": match["title"]}
            parts.append(current)
        else:
            rows.append(line)
    close()
    return result


def text_of(content: dict[str, Any]) -> str:
    """Return the preamble, articles and annexes of a content as one text."""
    parts = [content.get("convention", {}).get("preambule", "").strip()]
    for key, kind in (("articles", "Article"), ("annexes", "Annexe")):
        for part in content.get(key, []):
            heading = f"# {kind} {part['numero']} : {part.get('titre', '')}"
            parts.append(f"{heading}\n\n{part.get('texte', '').strip()}".strip())
    return "\n\n".join(filter(None, parts)) + "\n" * any(parts)


def count_brackets(text: str) -> int:
    """Return how many passages between brackets are still to be completed."""
    return len(BRACKETS.findall(text))


def model_of(project: Project) -> str:
    """Return the model text with what is known of the project in its place."""
    heading = project.heading
    names = [party.get("nom", "") for party in project.parties]
    chairs = [party.get("nom", "") for party in project.parties if party.get("co_anime")]

    def day(key: str, otherwise: str) -> str:
        return long_date(date.fromisoformat(heading[key])) if heading.get(key) else otherwise

    values = {
        "territoire": project.territory or "[nom du territoire]",
        "parties": "\n".join(f"- {name} ;" for name in names) or "- [parties] ;",
        "communes": str(len(project.communes) or "[nombre]"),
        "animateurs": " et ".join(chairs) or "[parties qui co-animent]",
        "debut": day("debut", "[premier jour]"), "fin": day("fin", "[dernier jour]"),
        "preavis": str(heading.get("preavis_mois", 3)),
    }  # fmt: skip
    text = MODEL.read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda match: values[match[1]], text)
