"""Decide to whom a link of an organisation may be sent, and whether it still opens."""

from accounts.models import User
from ctg_portal.rules import Refusal
from indicators.collection.links import EntryLink
from indicators.collection.rights import (
    contributor_of,
    may_manage_campaigns,
    refuse_unless_open,
)
from indicators.figures.campaigns import Campaign
from indicators.values.links.visitor import is_kept_secret


def has_secrets(campaign: Campaign, organisation) -> bool:
    """Return whether an organisation, or a provider of what a campaign asks it for, states a
    secrecy rule, or stated one when the year was closed."""
    if organisation.states_secrecy:
        return True
    entries = campaign.campaign_indicators.entered_by([organisation]).with_relations()
    return any(entry.states_secrecy or is_kept_secret(entry) for entry in entries)


def may_send_link(asker: User | None, campaign: Campaign, organisation) -> Refusal | None:
    """Return why an organisation may not be sent an entry link, or None: the coordination may while
    the campaign is open, not to her own organisation, nor under secrecy to one without an official
    address."""
    if refusal := refuse_unless_open(campaign) or may_manage_campaigns(asker, campaign.convention):
        return refusal
    if asker is not None:
        own = contributor_of(asker, campaign.convention).organisations
        if organisation.pk in own:
            return Refusal("Votre organisme saisit avec les accès de ses personnes.")
    if has_secrets(campaign, organisation) and not organisation.email:
        return Refusal(
            f"Le secret statistique protège des données {organisation.genitive} : son lien ne part "
            "qu’à son adresse officielle, que le fichier de la convention n’indique pas."
        )
    return None


def may_address(campaign: Campaign, organisation, address: str) -> Refusal | None:
    """Return why a link may not go to an address, or None. Under a secrecy rule it goes to the
    official one only, or the coordinator could type her own."""
    if not has_secrets(campaign, organisation) or is_official(organisation, address):
        return None
    return Refusal(
        f"Le secret statistique protège des données {organisation.genitive} : son lien ne part "
        f"qu’à son adresse officielle, {organisation.email or 'que personne n’a indiquée'}."
    )


def is_official(organisation, address: str) -> bool:
    """Return whether an address is the organisation's official one; False if it has none."""
    official = (organisation.email or "").strip().lower()
    return bool(official) and address.strip().lower() == official


def may_use(link: EntryLink) -> Refusal | None:
    """Return why figures may not be given through a link, or None; asked again each time."""
    campaign, organisation = link.campaign, link.organisation
    if link.is_cut:
        return Refusal("La coordination a rendu ce lien inutilisable.")
    if link.is_expired:
        return Refusal("Ce lien a expiré : demandez-en un autre à la coordination.")
    return refuse_unless_open(campaign) or may_address(campaign, organisation, link.address)


def may_cut(asker: User, link: EntryLink) -> Refusal | None:
    """Return why a link may not be cut, or None: the coordination may, once."""
    if link.is_cut:
        return Refusal("Ce lien est déjà coupé.")
    return may_manage_campaigns(asker, link.campaign.convention)
