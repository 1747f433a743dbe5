"""A figure as it may be shown, and which way it went, within a sentence."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ctg_portal.templatetags.french import typo
from indicators.disclosure import MASKED, WORDS, DisclosedFigure
from indicators.disclosure.words import MEANING, TOTALS_EXPLAINED
from indicators.series.attainment import Movement

register = template.Library()

SIGNS = {
    Movement.PROGRESS: "▲",
    Movement.SETBACK: "▽",
    Movement.STABLE: "=",
    Movement.BROKEN: "≠",
    Movement.MISSING: "○",
    Movement.PARTIAL: "◐",
}
PARTIAL = ' <span class="figure-word">{}</span>'
PARTIAL_SHORT = (
    '<br><span class="figure-word">partiel<span class="visually-hidden"> ({})</span></span>'
)
NO_FIGURE = mark_safe('<span class="small-note">sans donnée</span>')


@register.simple_tag
def moved(movement: Movement | None, words: str) -> SafeString:
    """Return which way a figure moved, by sign and word; « sans donnée » without a movement."""
    if not movement:
        return NO_FIGURE
    return format_html(
        '<span class="movement moved-{}"><span aria-hidden="true">{}</span> {}</span>',
        movement,
        SIGNS.get(movement, "·"),
        typo(words),
    )


@register.simple_tag
def secret() -> SafeString:
    """Return the word « secret », linked to its explanation."""
    return format_html('<a href="{}">{}</a>', reverse("help:secret"), WORDS[MASKED])


@register.simple_tag
def secret_meaning() -> str:
    return MEANING


@register.simple_tag
def totals_explained() -> str:
    """Return the sentence about totals over secret figures."""
    return TOTALS_EXPLAINED


@register.simple_tag
def figure(figure: DisclosedFigure) -> SafeString:
    """Return a figure that stands alone, or why there is none; « secret » is a link."""
    if figure.is_number:
        sign = mark_safe(
            '<span class="sign" aria-hidden="true">≈</span>'
            '<span class="visually-hidden">environ</span> '
        )
        html = format_html(
            '<span class="figure">{}{}</span>', _if(figure.is_rounded, sign), figure.text
        )
        html += _if(figure.is_rounded, mark_safe(' <span class="figure-word">arrondi</span>'))
        html += _if(figure.partial, format_html(PARTIAL, figure.partial_words))
    elif figure.is_masked and not figure.is_pending:
        html = format_html('<span class="figure none">{}</span>', secret())
    elif figure.is_missing or figure.is_pending:
        html = format_html('<span class="figure none">{}</span>', figure.words)
    else:
        html = format_html(
            '<span class="figure none"><span class="sign" aria-hidden="true">{}</span> {}</span>',
            figure.short,
            figure.words,
        )
    provisional = mark_safe(
        ' <span class="figure-word"><span class="sign" aria-hidden="true">(p)</span>'
        " provisoire</span>"
    )
    return html + _if(figure.is_provisional, provisional)


@register.simple_tag
def short_figure(figure: DisclosedFigure) -> SafeString:
    """Return a figure for a narrow cell, by sign; the legend stands by the table."""
    if figure.is_number:
        sign = mark_safe(
            '<span aria-hidden="true">≈</span><span class="visually-hidden">environ</span> '
        )
        html = format_html(
            '<span class="figure">{}{}</span>', _if(figure.is_rounded, sign), figure.text
        )
        html += _if(figure.partial, format_html(PARTIAL_SHORT, figure.partial))
    else:
        html = format_html(
            '<span class="figure none"><span class="sign" aria-hidden="true">{}</span>'
            '<span class="visually-hidden">{}</span></span>',
            figure.short,
            figure.words,
        )
    provisional = mark_safe(
        ' <span class="sign" aria-hidden="true">(p)</span>'
        '<span class="visually-hidden">provisoire</span>'
    )
    return html + _if(figure.is_provisional, provisional)


@register.simple_tag
def plain_figure(figure: DisclosedFigure) -> SafeString | str:
    """Return a figure for a table of hundreds: plain text, unless it is rounded, provisional or
    partial."""
    if figure.is_rounded or figure.is_provisional or (figure.is_number and figure.partial):
        return short_figure(figure)
    return figure.words


def _if(condition: object, html: SafeString) -> SafeString:
    return html if condition else SafeString()
