"""What may be done about an invitation: forms, to which a tag hands the page's token by itself."""

from django import template

from conventions.models import Convention, MembershipOffer

register = template.Library()


@register.inclusion_tag("conventions/access/parts/offer_actions.html")
def offer_actions(offer: MembershipOffer, convention: Convention) -> dict:
    """Return what the forms about an invitation take; any offer of it will do."""
    return {"offer": offer, "convention": convention}
