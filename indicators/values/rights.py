"""Decide who may give, correct, verify and return a value, and read its evidence.

Each ``may_…`` returns why ``asker`` may not, or None; None as ``asker`` is the system.
"""

from conventions.models import Commune
from ctg_portal.house import house
from ctg_portal.rules import Refusal
from indicators.collection.rights import Contributor, refuse_unless_open
from indicators.definitions.definition import Definition
from indicators.disclosure import is_masked_or_rounded, is_protected, is_under_stated_rule
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.values import Value

PUBLISHED = Refusal(
    "Cette donnée est reprise d’une statistique publique : elle se confirme, ou se conteste sur sa "
    "page, avec un motif."
)
NOT_PUBLISHED = Refusal("Seule une donnée reprise d’une statistique publique se conteste.")


def may_enter(
    asker: Contributor | None, entry: CampaignIndicator, commune: Commune | None = None
) -> Refusal | None:
    """Return why nobody's value of an indicator may be entered or submitted by ``asker``, or None.

    The campaign must be open. The people of the organisation that enters it may, the coordination
    unless a secrecy rule protects that organisation's figures, the people of ``commune`` for its
    own figure without such a rule, and the system (None).
    """
    if refusal := refuse_unless_open(entry.campaign):
        return refusal
    if commune is not None and asker is not None and asker.enters_for_commune(entry, commune):
        return None
    return _refuse_unless_enters(asker, entry)


def may_write(
    asker: Contributor | None,
    entry: CampaignIndicator,
    value: Value | None,
    commune: Commune | None = None,
) -> Refusal | None:
    """Return why ``value`` may not be written over, or a first one (None) not entered; or None.

    What its own people have typed is not overwritten by who enters on their behalf: it is returned
    with a reason. A commune's people do not overwrite what was given of it, nobody a published
    figure.
    """
    if refusal := may_enter(asker, entry, commune) or _refuse_published(value, asker):
        return refusal
    is_own = commune is not None and asker is not None and asker.enters_for_commune(entry, commune)
    if asker is None or value is None or (is_own and not value.is_shown):
        return None
    enters = asker.enters(entry)
    if enters and not asker.is_kept_from(entry, value):
        return None
    if value.is_shown and not (enters and asker.coordinates):
        return Refusal("Cette donnée est transmise : la coordination peut vous la retourner.")
    if not value.is_draft:
        return Refusal(
            f"{value.entered_by_name or 'Quelqu’un'} a saisi cette donnée pour {entry.enterer.the} "
            "et l’a transmise : retournez-la avec un motif, pour qu’elle y soit reprise."
        )
    return Refusal(
        f"{value.entered_by_name or 'Quelqu’un'} a commencé cette saisie pour {entry.enterer.the} "
        "et ne l’a pas encore transmise : elle n’est pas reprise à sa place."
    )


def _refuse_published(value: Value | None, asker: Contributor | None) -> Refusal | None:
    """Return why a value from a public statistic may not be overwritten, or None for others: it is
    contested while it is given, and once returned is written by who would contest it."""
    if value is None or not value.is_public:
        return None
    if value.is_shown:
        return PUBLISHED
    return _refuse_contesting(asker, value.campaign_indicator)


def may_contest(asker: Contributor | None, value: Value) -> Refusal | None:
    """Return why a published figure may not be contested, or None: of whom it is expected may while
    the campaign is open, nobody in their stead, nor a commune's own people, as the other figure
    counts at once, under its provider's name."""
    if not (value.is_public and value.is_shown):
        return NOT_PUBLISHED
    entry = value.campaign_indicator
    return may_enter(asker, entry) or _refuse_contesting(asker, entry)


def _refuse_contesting(asker: Contributor | None, entry: CampaignIndicator) -> Refusal | None:
    """Return why a person of whom the figure is not expected may not contest it; None for others
    and for the system."""
    if asker is None or asker.is_asked(entry):
        return None
    return Refusal(f"Cette valeur est contestée par {entry.enterer.the}, où quelqu’un saisit.")


def may_take_over(asker: Contributor | None, entry: CampaignIndicator) -> Refusal | None:
    """Return why texts of the year before may not be taken over, or None: of whom the figure is
    expected may while the campaign is open, nobody in their stead."""
    if refusal := may_enter(asker, entry):
        return refusal
    if asker is None or asker.is_asked(entry):
        return None
    return Refusal(f"Cette valeur est saisie par {entry.enterer.the}.")


def may_correct(
    asker: Contributor | None, entry: CampaignIndicator, value: Value | None = None
) -> Refusal | None:
    """Return why a figure of a closed campaign, or a missing one (None), may not be corrected, or
    None: of whom it is expected may. In a year that came from a file, who may import figures may
    too, except what its own people have given or verified."""
    if not entry.campaign.is_closed:
        return Refusal("Une correction porte sur un recueil clos ; celui-ci prend des saisies.")
    is_theirs = value is not None and (
        value.is_verified or (value.entered_by_id is not None and not value.is_on_behalf)
    )
    if entry.campaign.is_from_file and not is_theirs:
        return _refuse_past_value(asker, entry)
    return _refuse_unless_asked(asker, entry)


def refuse_if_used(value: Value) -> Refusal | None:
    """Return why a value must stay: the first use that any room of the house makes of it; None
    without one."""
    why = next(filter(None, (reason_of(value) for reason_of in house().reasons_to_keep)), None)
    return Refusal(f"Cette donnée ne se retire plus, elle se corrige : {why}.") if why else None


def may_add_past_value(asker: Contributor | None, entry: CampaignIndicator) -> Refusal | None:
    """Return why a figure may not be taken from a file into a year that came from one, or None: who
    enters it may, and the coordinator unless a stated secrecy rule protects it. The entry may be
    unsaved."""
    if not entry.campaign.takes_figures_of_files:
        return Refusal(f"Le recueil {entry.campaign.year} n’est pas repris d’un fichier.")
    return _refuse_past_value(asker, entry)


def _refuse_past_value(asker: Contributor | None, entry: CampaignIndicator) -> Refusal | None:
    """Return why a figure may not be taken from a file, whatever the year, or None: who enters it
    may, and the coordinator unless a stated secrecy rule protects it."""
    if asker is None or asker.enters(entry):
        return None
    if not asker.coordinates:
        return _refuse_unless_enters(asker, entry)
    if is_under_stated_rule(Definition.of(entry.version), entry.rule):
        return Refusal(
            f"Le secret statistique protège cette donnée : seul qui saisit pour "
            f"{entry.enterer.the} la reprend, en déposant ce fichier de la même façon."
        )
    return None


def _refuse_unless_enters(asker: Contributor | None, entry: CampaignIndicator) -> Refusal | None:
    """Return why somebody may not type a figure, whatever the campaign's state; or None."""
    if asker is None or asker.enters(entry):
        return None
    if asker.coordinates and (entry.states_secrecy or entry.enterer.states_secrecy):
        onward = (
            "Envoyez-lui son lien de saisie."
            if entry.campaign.is_open
            else "Une année close est corrigée par qui y saisit."
        )
        return Refusal(
            "Le secret statistique protège des données de cet organisme : la coordination ne les "
            f"saisit pas pour {entry.enterer.the}. {onward}"
        )
    return Refusal(f"Cette valeur est saisie par {entry.enterer.the}.")


def _refuse_unless_asked(asker: Contributor | None, entry: CampaignIndicator) -> Refusal | None:
    """Return why somebody may not write what counts at once, or None: where somebody enters, nobody
    does it in their stead."""
    if asker is None or asker.is_asked(entry) or _refuse_unless_enters(asker, entry):
        return _refuse_unless_enters(asker, entry)
    return Refusal(f"Cette valeur est corrigée par {entry.enterer.the}, où quelqu’un saisit.")


def may_verify(asker: Contributor | None, value: Value) -> Refusal | None:
    """Return why a value may not be verified, or None: it must be submitted; a second person of the
    organisation that provides it may, or its only one, and the system (None)."""
    entry = value.campaign_indicator
    if not value.is_submitted:
        return Refusal("Seule une valeur transmise se vérifie.")
    if asker is None:
        return None
    if not asker.provides(entry):
        return Refusal(f"Cette valeur est vérifiée par {entry.provider.the}, qui la fournit.")
    return _refuse_own_work(asker, value)


def _refuse_own_work(asker: Contributor, value: Value) -> Refusal | None:
    """Return why somebody is not the second person, or None: they typed the value and are not alone
    there, sent or received the link by which it came, or loaded the statistic."""
    is_alone = asker.is_alone_in(value.campaign_indicator.provider)
    if value.entered_by_id == asker.user.pk and not is_alone:
        return Refusal("Une autre personne que celle qui a saisi la valeur la vérifie.")
    if link := value.entered_through:
        is_receiver = link.address.lower() == asker.user.email.lower()
        if is_receiver or any(act.by_id == asker.user.pk for act in link.transitions.all()):
            return Refusal("Qui a envoyé ou reçu le lien de saisie ne vérifie pas ce qui en vient.")
    if value.is_public and value.release_id in asker.releases:
        return Refusal(
            "Une autre personne que celle qui a chargé cette statistique confirme ce qui en vient."
        )
    return None


def may_return(asker: Contributor | None, value: Value) -> Refusal | None:
    """Return why a value may not be returned, or None: it must be submitted or verified and the
    campaign open; its provider and the coordinator may."""
    entry = value.campaign_indicator
    if not value.is_shown:
        return Refusal("Seule une valeur transmise se retourne.")
    if refusal := refuse_unless_open(entry.campaign):
        return refusal
    if asker is None or asker.coordinates or entry.provider_id in asker.organisations:
        return None
    return Refusal("Une valeur est retournée par son fournisseur ou par la coordination.")


def may_attach(asker: Contributor | None, value: Value) -> Refusal | None:
    """Return why a document may not be attached to a value, or None: of whom the figure is expected
    may, or may enter it if it was entered on behalf; also once the campaign is closed."""
    entry = value.campaign_indicator
    return (
        _refuse_unless_enters(asker, entry)
        if value.is_on_behalf
        else _refuse_unless_asked(asker, entry)
    )


def may_read_evidence(asker: Contributor, entry: CampaignIndicator) -> Refusal | None:
    """Return why the documents of a value may not be opened, or None: of whom it is expected, and
    its provider's people may, and the coordinator unless it is protected: documents reveal it."""
    if asker.reads_raw(entry):
        return None
    if is_protected(Definition.of(entry.version), entry.rule):
        return Refusal("Ces pièces touchent au secret statistique : le fournisseur seul les lit.")
    if asker.coordinates:
        return None
    return Refusal("Ces pièces sont lues par le fournisseur de la donnée et par la coordination.")


def may_preview_disclosure(
    contributor: Contributor, entry: CampaignIndicator
) -> Refusal | None:  # fmt: skip
    """Return why an indicator's figures may not be previewed before they are disclosed, or None:
    its provider's people may, if secrecy applies to them and they are not disclosed yet."""
    if not contributor.provides(entry):
        return Refusal("Seul l’organisme qui fournit ces chiffres voit ce qui en sera diffusé.")
    return _refuse_disclosing(entry)


def may_disclose_without_waiting(
    asker: Contributor | None, entry: CampaignIndicator
) -> Refusal | None:  # fmt: skip
    """Return why an indicator's figures may not be disclosed before they are complete, or None: the
    coordinator and the system (None) may, if secrecy applies and they are not disclosed yet."""
    if asker is not None and not asker.coordinates:
        return Refusal("La coordination diffuse sans attendre ; le fournisseur, sur sa page.")
    return _refuse_disclosing(entry)


def _refuse_disclosing(entry: CampaignIndicator) -> Refusal | None:
    """Return why nobody discloses an indicator's figures: no secrecy applies, or it was done."""
    if not is_masked_or_rounded(Definition.of(entry.version), entry.rule):
        return Refusal("Le secret statistique ne s’applique pas à ces chiffres.")
    return Refusal("Ces chiffres sont déjà diffusés.") if entry.disclosed else None
