"""The convention itself, the figures that it quotes, its articles and annexes."""

from typing import Any

from conventions.legal.text import TextPart
from conventions.loading.matching import every_wording
from conventions.loading.rows import Rows
from conventions.models import Amendment, KeyFigure

# What an amendment may have changed since, and is no part of the text: never set back by a file.
TERM = ("signed_on", "start", "end")


def apply_convention(rows: Rows, content: dict[str, Any]) -> None:
    """The convention and its amendment 0, the text as signed."""
    convention = rows.convention
    values = {
        "title": content["titre"],
        "territory": content["territoire"],
        "signed_on": content.get("signee_le"),
        "signed_at": content.get("signee_a", ""),
        "start": content.get("debut"),
        "end": content["fin"],
        "notice_months": content["preavis_mois"],
        "contest_days": content["delai_contestation_jours"],
        "labels": content.get("libelles", {}),
        "predecessor_slug": content.get("succede_a", ""),
        "communes_announced": content.get("communes_annoncees"),
        "population_source": content.get("source_habitants", ""),
        "preamble": content.get("preambule", ""),
        "points_to_check": content["points_a_verifier"],
    }
    if not convention._state.adding and convention.amendments.filter(number__gt=0).exists():
        term = {name: values.pop(name) for name in TERM}
        if any(getattr(convention, name) != value for name, value in term.items()):
            rows.report.warnings.append(
                "la convention a un avenant ; ses dates de signature, de début et de fin sont "
                "laissées telles quelles."
            )
    rows.write(convention, **values)
    rows.amendment = convention.amendments.filter(number=0).first() or Amendment(
        convention=convention, number=0
    )
    rows.write(
        rows.amendment,
        signed_on=convention.signed_on,
        effective_on=convention.start if convention.is_signed else None,
    )


def apply_key_figures(rows: Rows, content: list[dict[str, Any]]) -> None:
    """The figures quoted: nothing refers to one of them, their place is enough."""
    known = {figure.rank: figure for figure in rows.convention.key_figures.all()}
    for rank, figure in enumerate(content, start=1):
        rows.write(
            known.pop(rank, None) or KeyFigure(convention=rows.convention, rank=rank),
            label=figure["libelle"],
            value=figure["valeur"],
            unit=figure.get("unite", ""),
            source=figure.get("source", ""),
        )
    for figure in known.values():
        rows.delete_or_keep(figure)


def apply_text_parts(rows: Rows, model: type[TextPart], content: list[dict[str, Any]]) -> None:
    """Articles, or annexes, by their number."""
    known: dict[int, TextPart] = {}
    # The part as signed stands before what amendments made of it.
    parts = every_wording(model.objects.filter(convention=rows.convention))
    for part in sorted(parts, key=lambda part: (part.since.number, part.pk)):
        known.setdefault(part.number, part)
    for wanted in content:
        number = wanted["numero"]
        part = known.pop(number, None) or model(
            convention=rows.convention, number=number, since=rows.amendment
        )
        rows.write_or_leave(part, title=wanted["titre"], text=wanted.get("texte", ""))
    rows.delete_or_keep_signed(known.values())
