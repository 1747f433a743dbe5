"""Drawings of series within documents."""

import base64
from functools import cache

from django import template
from django.template.loader import get_template

from indicators.by_commune.drawn import Drawing

register = template.Library()

MAP = "indicators/by_commune/map.html"


@cache
def _template(name: str):
    return get_template(name)


@register.filter
def drawn(chart) -> str:
    """The address of a chart as an image: the same drawing as on pages, carried in the document.

    As an image it is drawn without computing the style of each of its lines, a seventh of the time
    of a whole report. Its alternative text is ``chart.title``.
    """
    return _carried(_template("indicators/series/trend.html").render({"chart": chart}))


@register.simple_tag
def drawn_map(ground, figures) -> str:
    """The same of a map of figures by commune, on its outlines; its text is ``figures.title``."""
    drawing = Drawing(ground, figures, is_paper=True)
    return _carried(_template(MAP).render({"drawing": drawing}))


@register.inclusion_tag(MAP)
def figure_map(ground, figures, key: str, shared: str) -> dict:
    """A map among others of a page that holds their outlines once, under the key ``shared``."""
    return {"drawing": Drawing(ground, figures, key=key, shared=shared)}


def _carried(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
