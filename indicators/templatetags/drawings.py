"""Drawings of series within documents."""

import base64
from functools import cache

from django import template
from django.template.loader import get_template

register = template.Library()


@cache
def _drawing():
    return get_template("indicators/series/trend.html")


@register.filter
def drawn(chart) -> str:
    """The address of a chart as an image: the same drawing as on pages, carried in the document.

    As an image it is drawn without computing the style of each of its lines, a seventh of the time
    of a whole report. Its alternative text is ``chart.title``.
    """
    svg = _drawing().render({"chart": chart})
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
