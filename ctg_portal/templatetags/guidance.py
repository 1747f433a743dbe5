"""« Aide » at the head of every page, and « Les mots de cette page » at its foot."""

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
    """Where the help of the page that is being shown is; ``memberships``: the reader's, if any."""
    roles = [membership.role for membership in memberships or ()]
    return help_address(getattr(context, "request", None), roles)


class WordsExplained(template.Node):
    """What it surrounds, and the words of the trade that it uses."""

    def __init__(self, nodelist):
        self.nodelist = nodelist

    def render(self, context):
        html = self.nodelist.render(context)
        used = glossary().used_in(TAG.sub(" ", html))
        if not used:
            return html
        page = {"words": used, "glossary_url": address_of(GLOSSARY)}
        return mark_safe(html + render_to_string("help/words_of_page.html", page))


@register.tag
def words_explained(parser, token):
    """``{% words_explained %}…{% endwords_explained %}``"""
    nodelist = parser.parse(("endwords_explained",))
    parser.delete_first_token()
    return WordsExplained(nodelist)
