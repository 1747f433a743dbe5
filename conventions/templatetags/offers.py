"""What may be done about an invitation: forms, to which a tag hands the page's token by itself."""

from django import template

from conventions.models import Convention, MembershipOffer

register = template.Library()


@register.inclusion_tag("conventions/access/parts/offer_actions.html")
def offer_actions(offer: MembershipOffer, convention: Convention, *, mine: bool = False) -> dict:
    """Any offer of the invitation will do; ``mine``: back to one's own accesses."""
    return {"offer": offer, "convention": convention, "mine": mine}
