"""Drawings of series within documents."""

import base64
from functools import cache
from typing import NamedTuple

from django import template
from django.template.loader import get_template

from indicators.by_commune.drawn import Drawing

register = template.Library()

# Millimetres: the heading of a chapter; the widths of which the style sheet has a class.
HEADING = 24
NARROWEST, WIDEST, STEP = 70, 165, 5
MAP = "indicators/by_commune/map.html"


class MapPlace(NamedTuple):
    """The width of a map on paper in millimetres, and whether its communes begin a page."""

    width: int
    is_alone: bool


@cache
def _template(name: str):
    return get_template(name)


@register.filter
def drawn(chart) -> str:
    """Return a chart as the address of an image, which is carried in the document.

    As an image it is drawn without computing the style of each of its lines, a seventh of the time
    of a whole report. Its alternative text is ``chart.title``.
    """
    return _carried(_template("indicators/series/trend.html").render({"chart": chart}))


@register.simple_tag
def drawn_map(ground, figures) -> str:
    """Return a map of figures by commune as the address of an image; its text is
    ``figures.title``."""
    drawing = Drawing(ground, figures, is_paper=True)
    return _carried(_template(MAP).render({"drawing": drawing}))


@register.simple_tag
def map_place(ground, communes, *, is_below_heading: bool = False) -> MapPlace:
    """Return where the map of ``communes`` (a ``CommunesSnapshot``) stands on a page: as wide as
    the height that is left lets it be, below the heading of its chapter or not. If it would be too
    small, its communes begin the next page."""
    drawing = Drawing(ground, communes.map, is_paper=True)
    room, shape = communes.room - HEADING * is_below_heading, drawing.width / drawing.height
    is_alone = communes.is_vast or (room - communes.table_height) * shape < NARROWEST
    widest = (room if is_alone else room - communes.table_height) * shape
    return MapPlace(int(min(max(widest, NARROWEST), WIDEST) // STEP * STEP), is_alone)


@register.inclusion_tag(MAP)
def figure_map(ground, figures, key: str, shared: str, own: str = "") -> dict:
    """Draw one of several maps of a page, which holds their outlines once, under the key
    ``shared``; ``own`` is the name of the reader's commune."""
    return {"drawing": Drawing(ground, figures, key=key, shared=shared, own_name=own)}


def _carried(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
