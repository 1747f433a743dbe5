"""Draw the state of an action within a sentence."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from actions.plan.models import ActionState

register = template.Library()

# The light whose colour a state takes, and its own sign.
LOOKS = {
    ActionState.DONE: ("ok", "✓"),
    ActionState.IN_PROGRESS: ("deliberation", "▸"),
    ActionState.PAUSED: ("again", "‖"),
    ActionState.BLOCKED: ("change", "■"),
    ActionState.ABANDONED: ("change", "✕"),
}


@register.simple_tag
def action_state(state: str, word: str, late: str = "") -> SafeString:
    """Return the state as HTML: sign, colour, ``word``, and the word for its lateness if any
    (``actions.follow_up.words.LateWord``)."""
    colour, sign = LOOKS.get(state, ("awaited", "○"))
    return format_html(
        '<span class="light {}"><span aria-hidden="true">{}</span> {}</span>{}',
        colour,
        sign,
        word,
        late_sign(late),
    )


@register.simple_tag
def late_sign(late: str) -> SafeString:
    """Return the word for lateness, with its sign, after a space; empty for an empty word."""
    if not late:
        return mark_safe("")
    return format_html(' <span class="late"><span aria-hidden="true">!</span> {}</span>', late)
