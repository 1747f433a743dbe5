"""Small helpers of the shared components."""

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def current(context, url: str) -> str:
    """``aria-current`` for a link to the page that is being shown."""
    return "page" if context["request"].path == url else "false"
