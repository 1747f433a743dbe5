"""Draw what the pages of a report show: small multiples, ways to targets, maps, gauges."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ctg_portal.text.colours import AXIS_COLOURS
from evaluation.report.content import ReportContent
from evaluation.report.pages import drawings
from evaluation.report.pages.stories import Story
from evaluation.report.pages.year import YearPages

register = template.Library()


@register.simple_tag
def multiple(story: Story, columns, is_tight: bool = False) -> SafeString:
    """Draw an indicator for so many drawings in a row, or « spark »."""
    sizes = drawings.TIGHT if is_tight else drawings.SIZES
    return drawings.draw_story(story, sizes[columns])


@register.simple_tag
def ways(year: YearPages, stories: list[Story]) -> SafeString:
    """Draw how far indicators are on the way to their targets."""
    return drawings.draw_ways(
        stories, progress=year.progress, now=year.content.figures_year, since=year.since
    )


@register.simple_tag
def short_ways(year: YearPages, stories: list[Story], height: float) -> SafeString:
    """Draw the same in rows of a height in points."""
    return drawings.draw_ways(
        stories, progress=year.progress, now=year.content.figures_year, since=year.since,
        row_height=height,
    )  # fmt: skip


@register.simple_tag
def year_bars(report: ReportContent) -> SafeString:
    """Draw how many indicators progressed in each year."""
    return drawings.draw_years(report.summary.years, report.summary.total.years)


@register.simple_tag
def small_map(ground, figures) -> SafeString:
    """Draw a map of the plate."""
    return drawings.draw_small_map(ground, figures)


@register.simple_tag
def cover_ground(ground) -> SafeString:
    """Draw the outlines of the territory behind the cover; empty where they are not known."""
    return drawings.draw_ground(ground)


@register.simple_tag
def bands(axes) -> SafeString:
    """Draw the colours of the axes side by side, over the whole width."""
    width = 100 / max(len(axes), 1)
    colours = (AXIS_COLOURS[axis.colour - 1] for axis in axes)
    strips = format_html_join(
        "", '<i style="width: {}%; background: {}"></i>', ((f"{width:.4f}", c) for c in colours)
    )
    return format_html('<div class="bands">{}</div>', strips)


@register.filter
def gauge(percent: int | None) -> SafeString | str:
    """Return a bar of a share in steps of five per cent; empty for None."""
    if percent is None:
        return ""
    return format_html('<span class="gauge"><i class="p{}"></i></span>', min(percent, 100))


@register.filter
def row_class(figures: list) -> str:
    """Return the class of a row of so many figures."""
    return {1: "of-one", 2: "of-two", 3: "of-three"}.get(len(figures), "of-four")


@register.filter
def big(figure: str) -> SafeString:
    """Return « 11 sur 16 » with its first word large: « 11 <small>sur 16</small> »."""
    number, _, rest = figure.partition(" sur ")
    if rest:
        return format_html("{} <small>sur {}</small>", number, rest)
    if figure.endswith("€"):
        return format_html("{} <small>€</small>", figure.removesuffix("€").strip())
    return format_html("{}", figure)
