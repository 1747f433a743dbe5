"""Build communes of a real département, with figures as they may be shown, without a database."""

import re
from decimal import Decimal
from functools import cache

from django.template.loader import render_to_string

from conventions.models import Commune, Coverage
from conventions.territory.outlines import _read
from indicators.by_commune.drawing import Ground, ground_of
from indicators.by_commune.drawn import Drawing
from indicators.definitions.definition import Definition
from indicators.disclosure import MASKED, NOTHING, NUMBER, DisclosedFigure

SECRET = DisclosedFigure(MASKED)
RATE = {"title": "Inscrits", "unit": "%", "decimals": 0, "calculation": "ratio"}
COUNT = {"title": "Places", "unit": "places", "decimals": 0, "calculation": "direct"}


def definition(**content) -> Definition:
    return Definition(RATE | content)


def shown(number, definition: Definition) -> DisclosedFigure:
    """Return a disclosed figure; None: not given; « secret »: masked."""
    if number is None:
        return NOTHING
    if number == "secret":
        return SECRET
    return DisclosedFigure(
        NUMBER, number=Decimal(str(number)), text=definition.show(Decimal(str(number)))
    )


@cache
def codes(count: int) -> tuple[str, ...]:
    """Return Insee codes of communes that have an outline."""
    codes_found: list[str] = []
    for department in ("86", "79"):
        codes_found += sorted(_read(department)["communes"])
    return tuple(codes_found[:count])


@cache
def ground(count: int) -> Ground:
    return ground_of(
        Coverage(commune=Commune(insee_code=code, name=f"Villiers-{at}", population=1000 + at))
        for at, code in enumerate(codes(count))
    )


def figures_of(numbers, definition: Definition) -> list[tuple[str, DisclosedFigure]]:
    by_code = zip(codes(len(numbers)), numbers, strict=True)
    return [(code, shown(number, definition)) for code, number in by_code]


def drawn(ground: Ground, figures, base="../../territoire/", **fields) -> str:
    drawing = Drawing(ground, figures, base=base, **fields)
    return render_to_string("indicators/by_commune/map.html", {"drawing": drawing})


def without_names(svg: str) -> str:
    """Return the drawing without what identifies communes: outlines and names."""
    return re.sub(r'Villiers-\d+|territoire/\w+/| d="[^"]*"', "", svg)
