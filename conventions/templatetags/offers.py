"""Forms of an invitation: an inclusion tag hands them the page's CSRF token."""

from django import template

from conventions.access.models import MembershipOffer
from conventions.legal.convention import Convention

register = template.Library()


@register.inclusion_tag("conventions/access/parts/offer_actions.html")
def offer_actions(offer: MembershipOffer, convention: Convention) -> dict:
    """Return the context of the forms about an invitation; any offer of it will do."""
    return {"offer": offer, "convention": convention}
