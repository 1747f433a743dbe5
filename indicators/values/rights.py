"""Who may give, correct, verify and return a value, and read its evidence."""

from ctg_portal.rules import Refusal
from indicators.collection.rights import Contributor, not_open
from indicators.definitions.definition import Definition
from indicators.disclosure import is_protected
from indicators.models import CampaignIndicator, Value


def may_enter(asker: Contributor | None, entry: CampaignIndicator) -> Refusal | None:
    """Enter, change or submit the value of an indicator for a year that is open."""
    return not_open(entry.campaign) or _own(asker, entry)


def may_correct(asker: Contributor | None, entry: CampaignIndicator) -> Refusal | None:
    """Change a figure after the collection was closed, with a reason, and logged."""
    if not entry.campaign.is_closed:
        return Refusal("Une correction porte sur un recueil clos ; celui-ci prend des saisies.")
    return _brought(asker, entry) if entry.campaign.is_from_file else _own(asker, entry)


def may_bring_value(asker: Contributor | None, entry: CampaignIndicator) -> Refusal | None:
    """Give a figure of a past year that is taken from a file: who enters it, and the coordinator
    unless a secrecy rule protects it. The entry may be one that is not kept yet."""
    if not entry.campaign.takes_figures_of_files:
        return Refusal(f"Le recueil {entry.campaign.year} n’est pas repris d’un fichier.")
    return _brought(asker, entry)


def _brought(asker: Contributor | None, entry: CampaignIndicator) -> Refusal | None:
    if asker is None or asker.enters(entry):
        return None
    if not asker.coordinates:
        return _own(asker, entry)
    if is_protected(Definition.of(entry.version), entry.rule):
        return Refusal(
            f"Le secret statistique protège cette donnée : seul qui saisit pour "
            f"{entry.enterer.the} la reprend, en déposant ce fichier de la même façon."
        )
    return None


def _own(asker: Contributor | None, entry: CampaignIndicator) -> Refusal | None:
    if asker is None or asker.enters(entry):
        return None
    if asker.enters_for(entry.enterer_id):
        return Refusal(
            f"Le secret statistique protège cette donnée : qui la saisissait pour "
            f"{entry.enterer.the} n’y a plus d’accès, c’est à cet organisme de désigner quelqu’un."
        )
    return Refusal(f"Cette valeur est saisie par {entry.enterer.the}.")


def may_verify(asker: Contributor | None, value: Value) -> Refusal | None:
    """Confirm a submitted value: a second person of the organisation that provides it."""
    entry = value.campaign_indicator
    if not value.is_submitted:
        return Refusal("Seule une valeur transmise se vérifie.")
    if asker is None:
        return None
    if entry.provider_id not in asker.organisations:
        return Refusal(f"Cette valeur est vérifiée par {entry.provider.the}, qui la fournit.")
    if value.entered_by_id == asker.user.pk:
        return Refusal("Une autre personne que celle qui a saisi la valeur la vérifie.")
    return None


def may_return(asker: Contributor | None, value: Value) -> Refusal | None:
    """Send a submitted or verified value back, with a reason: its provider, or the coordinator."""
    entry = value.campaign_indicator
    if not value.is_shown:
        return Refusal("Seule une valeur transmise se retourne.")
    if refusal := not_open(entry.campaign):
        return refusal
    if asker is None or asker.coordinates or entry.provider_id in asker.organisations:
        return None
    return Refusal("Une valeur est retournée par son fournisseur ou par la coordination.")


def may_attach(asker: Contributor | None, value: Value) -> Refusal | None:
    """Add a document that the value rests on, also once the collection is closed."""
    return _own(asker, value.campaign_indicator)


def may_read_evidence(asker: Contributor, entry: CampaignIndicator) -> Refusal | None:
    """Open what a value rests on: who enters it, who provides it, and the coordinator unless the
    figure is protected, which its pieces tell."""
    if asker.reads_raw(entry):
        return None
    if is_protected(Definition.of(entry.version), entry.rule):
        return Refusal("Ces pièces touchent au secret statistique : le fournisseur seul les lit.")
    if asker.coordinates:
        return None
    return Refusal("Ces pièces sont lues par le fournisseur de la donnée et par la coordination.")
