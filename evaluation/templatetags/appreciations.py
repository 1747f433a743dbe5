"""The verdict on an objective or a stake, within a sentence."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from evaluation.stakes.models import Trend
from evaluation.verdicts.models import Verdict

register = template.Library()

# The light whose colour a verdict takes, and its own sign.
LOOKS = {
    Verdict.REACHED: ("ok", "✓"),
    Verdict.ON_THE_WAY: ("deliberation", "▸"),
    Verdict.NOT_REACHED: ("change", "✕"),
    Verdict.TO_ADAPT: ("again", "✎"),
    Verdict.WITHOUT_OBJECT: ("", "–"),
    # A stake that has become stronger is no failure, nor the other way round: no colour judges.
    Trend.STRONGER: ("deliberation", "+"),
    Trend.STABLE: ("deliberation", "="),
    Trend.EASED: ("deliberation", "−"),
    Trend.UNSAID: ("", "–"),
}


@register.simple_tag
def appreciation(verdict: str, word: str) -> SafeString:
    """Return a verdict by sign, colour and word."""
    colour, sign = LOOKS.get(verdict, ("awaited", "○"))
    return format_html(
        '<span class="light {}"><span aria-hidden="true">{}</span> {}</span>', colour, sign, word
    )
