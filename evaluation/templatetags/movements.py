"""Which way a figure went, within a sentence."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ctg_portal.templatetags.french import typo
from evaluation.figures.attainment import Movement

register = template.Library()

SIGNS = {
    Movement.PROGRESS: "▲",
    Movement.SETBACK: "▽",
    Movement.STABLE: "=",
    Movement.BROKEN: "≠",
    Movement.MISSING: "○",
}
NO_FIGURE = mark_safe('<span class="small-note">sans donnée</span>')


@register.simple_tag
def moved(movement: Movement | None, words: str) -> SafeString:
    """By sign and word; None where there is no figure at all."""
    if not movement:
        return NO_FIGURE
    return format_html(
        '<span class="movement moved-{}"><span aria-hidden="true">{}</span> {}</span>',
        movement,
        SIGNS.get(movement, "·"),
        typo(words),
    )
