"""Small helpers of the shared components, and what stands within a sentence."""

from collections.abc import Iterable

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ctg_portal.forms.typed import MARK, mark_of
from ctg_portal.house import ActionLink, house, in_turn
from ctg_portal.templatetags.french import typo

register = template.Library()

# Each has its shape, its colour and its word.
LIGHTS = {"ok": "✓", "change": "✎", "awaited": "○", "deliberation": "◷", "again": "↻"}


class FormOwnerNode(CsrfTokenNode):
    """Django's token, and beside it for whom the form is drawn (``ctg_portal.forms.typed``)."""

    def render(self, context):
        """Return the token and a field that names the form's person; for nobody, the token."""
        token = super().render(context)
        mark = mark_of(getattr(getattr(context, "request", None), "user", None))
        if not (token and mark):
            return token
        return token + format_html('<input type="hidden" name="{}" value="{}">', MARK, mark)


@register.tag
def csrf_token(parser, token):
    """Parse Django's own tag in every form as one that also names the form's person."""
    return FormOwnerNode()


@register.simple_tag(takes_context=True)
def current(context, url: str) -> str:
    """Return the ``aria-current`` of a link: « page » if it leads to the page that is shown."""
    return "page" if context["request"].path == url else "false"


@register.simple_tag
def open_to_all() -> list[ActionLink]:
    """Return links to what is read without an account."""
    return in_turn(house().open_to_all)


@register.inclusion_tag("components/sole_form.html")
def sole_form(form, button: str, *, action="", hidden="", back="", danger=False) -> dict:
    """Show the only form of a page: ``hidden`` are ready-made fields, ``back`` an address."""
    return {
        "form": form,
        "button": button,
        "action": action,
        "hidden": hidden,
        "back": back,
        "danger": danger,
    }


@register.filter
def marked(pieces: list[tuple[str, bool]]) -> SafeString:
    """Return a text in pieces as HTML, in which the matches are marked."""
    marks = (format_html("<mark>{}</mark>", p) if is_match else typo(p) for p, is_match in pieces)
    return format_html_join("", "{}", ((piece,) for piece in marks))


@register.simple_tag
def about(title: str) -> SafeString:
    """Return text for screen readers that says what a link or button is about."""
    return format_html('<span class="visually-hidden">\u00a0: {}</span>', typo(title))


@register.simple_tag
def links_about(title: str, actions: Iterable) -> SafeString:
    """Return links side by side; screen readers also hear what they are about."""
    links = ((action.url, typo(action.label), about(title)) for action in actions)
    return format_html_join("", '<a href="{}">{}{}</a>', links)


@register.simple_tag
def light(state: str, word: str, who: str = "") -> SafeString:
    """Return the sign and word of a state, after the name ``who`` it is about."""
    return format_html(
        '<span class="light {}"><span aria-hidden="true">{}</span> {}{}</span>',
        state,
        LIGHTS.get(state, "○"),
        format_html("<b>{}</b> ", typo(who)) if who else "",
        typo(word),
    )
