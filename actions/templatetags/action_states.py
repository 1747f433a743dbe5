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
LATE = mark_safe(' <span class="late"><span aria-hidden="true">!</span> en retard</span>')


@register.simple_tag
def action_state(state: str, word: str, late: bool = False) -> SafeString:
    """Return the state as HTML: sign, colour, ``word``, and « en retard » if ``late``."""
    colour, sign = LOOKS.get(state, ("awaited", "○"))
    return format_html(
        '<span class="light {}"><span aria-hidden="true">{}</span> {}</span>{}',
        colour,
        sign,
        word,
        LATE if late else "",
    )
