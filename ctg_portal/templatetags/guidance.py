"""« Aide » at the head of every page, and « Les sigles de cette page » at its foot."""

import re

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from ctg_portal.help.glossary import glossary
from ctg_portal.help.guide import GLOSSARY, address_of
from ctg_portal.help.places import help_address

register = template.Library()

TAG = re.compile(r"<[^>]*>")


@register.simple_tag(takes_context=True)
def help_url(context, memberships=None) -> str:
    """Return the address of the help of the shown page, by the reader's ``memberships``."""
    roles = [membership.role for membership in memberships or ()]
    return help_address(getattr(context, "request", None), roles)


class WordsExplained(template.Node):
    """Renders what it surrounds, then the abbreviations used there that it does not spell out."""

    def __init__(self, nodelist):
        self.nodelist = nodelist

    def render(self, context):
        """Return what the tag surrounds, and below it the abbreviations of the glossary used there
        whose letters no sentence of it spells out."""
        html = self.nodelist.render(context)
        text = TAG.sub(" ", html)
        used = [word for word in glossary().used_in(text) if word.in_full]
        spelled = text.lower() if used else ""
        used = [word for word in used if word.in_full.lower() not in spelled]
        if not used:
            return html
        page = {"words": used, "glossary_url": address_of(GLOSSARY)}
        return mark_safe(html + render_to_string("help/words_of_page.html", page))


@register.tag
def words_explained(parser, token):
    """Parse ``{% words_explained %}…{% endwords_explained %}``, which explains the abbreviations
    used within."""
    nodelist = parser.parse(("endwords_explained",))
    parser.delete_first_token()
    return WordsExplained(nodelist)
