"""Decide who submits, validates and publishes an evaluation, and who reads it before that."""

from django.utils import timezone

from accounts.models import User
from agreements.answers.rights import NO_LONGER, NOT_AN_ADVISER
from agreements.seats.voices import Voice
from conventions.access.rights import COORDINATION_ONLY, coordinates
from conventions.models import Convention
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import plural
from evaluation.editions.models import Edition, Printing
from evaluation.editions.rights import may_read_drafts
from evaluation.editions.standing import Standing
from evaluation.period import Period
from evaluation.report.content import ReportContent
from indicators.models import Campaign


class TooEarly(Refusal):
    """A refusal to the coordinator, who has only to wait for figures."""


NOT_CLOSED = TooEarly(
    "Le recueil des données de cette année n’est pas clos : ses chiffres peuvent encore changer."
)
NONE_CLOSED = TooEarly(
    "Aucun recueil de la convention n’est clos : ses chiffres peuvent encore changer."
)
NOT_ENDED = TooEarly(
    "La convention n’est pas arrivée à son terme, et sa dernière année n’est pas recueillie : son "
    "évaluation finale se soumet ensuite."
)
NOT_IN_HAND = Refusal("Cette version n’est plus soumise : elle a été publiée ou rendue.")
NOT_SUBMITTED = Refusal("Les analyses ne se valident que tant que la version y est soumise.")
NOT_ITS_MEMBER = Refusal(
    "Les analyses sont validées par un membre titulaire de l’organisme qui fournit les données, "
    "ou par la personne à qui il a donné délégation."
)
NOT_ASKED = Refusal("La convention ne demande pas que cet organisme valide les analyses.")
FOR_TWO = Refusal(
    "Vous avez déjà répondu sur ces analyses au nom d’une autre partie : une même personne ne "
    "parle pas pour deux parties."
)
NOT_VALIDATED_YET = Refusal("Il n’y a pas de validation à retirer.")
NOT_VALIDATED = Refusal("Les analyses attendent encore d’être validées.")
NOT_AGREED = Refusal("Toutes les parties n’ont pas encore donné leur accord à ce contenu.")
CHANGED = Refusal(
    "Des textes, des chiffres ou des noms ont changé depuis que ce contenu est soumis : il n’est "
    "plus celui que dit le portail. Soumettez-le de nouveau."
)
IN_A_MOMENT = (
    "L’évaluation ne se fige pas avant ; rien de ce qui est écrit n’est perdu. Réessayez dans "
    "quelques minutes."
)


def may_submit(
    asker: User | None, convention: Convention, campaign: Campaign, period: Period | None = None
) -> Refusal | None:
    """Return why ``asker`` may not submit the content of the campaign's year, or of another
    ``period``, or None: coordinators may, once the collection that has its figures (``campaign``)
    is closed, no earlier one is open again, and, for the term, it is over. ``asker=None`` is the
    system."""
    if asker is not None and not coordinates(asker, convention):
        return COORDINATION_ONLY
    is_term = period is not None and period.is_term
    if not campaign.is_closed:
        return NONE_CLOSED if is_term else NOT_CLOSED
    is_over = convention.has_ended(timezone.localdate()) or campaign.year >= convention.end.year
    return NOT_ENDED if is_term and not is_over else _reopened_before(campaign)


def _reopened_before(campaign: Campaign) -> TooEarly | None:
    """Return the refusal where a collection of an earlier year is open again, as its figures may
    change or be missing meanwhile; None otherwise."""
    before = Campaign.objects.of(campaign.convention_id).before(campaign.year)
    year = before.reopened().values_list("year", flat=True).first()
    if year is None:
        return None
    return TooEarly(
        f"Le recueil {year} est rouvert, et cette évaluation en dit aussi les chiffres : ils "
        "peuvent encore changer, ou manquer le temps d’une saisie. Elle se soumet une fois qu’il "
        "est clos."
    )


def refuse_pending(content: ReportContent) -> Refusal | None:
    """Return the refusal to freeze a content with a figure whose secrecy is not decided yet, or
    None."""
    if not content.pending:
        return None
    first, *others = content.pending
    pending = f"Le chiffre {first.year} de « {first.indicator} »"
    if others:
        pending += f" et {plural(len(others), 'autre,autres')} sont en attente"
    else:
        pending += " est en attente"
    return Refusal(f"{pending} : {first.reason}. {IN_A_MOMENT}")


def may_return(asker: User, edition: Edition) -> Refusal | None:
    """Return why ``asker`` may not return an edition to its writers, or None: coordinators may,
    while it is in hand, so not once it is published."""
    if not edition.is_in_hand:
        return NOT_IN_HAND
    return _may_coordinate(asker, edition)


def may_validate(voice: Voice | None, standing: Standing) -> Refusal | None:
    """Return why ``voice`` may not answer for its party on the analyses of its data (art. 5), or
    None: it commits a party that is asked, and the same person has not answered for another."""
    if not standing.edition.is_submitted:
        return NOT_SUBMITTED
    if voice is None or not voice.commits:
        return NOT_ITS_MEMBER
    if voice.organisation not in standing.asked:
        return NOT_ASKED
    return FOR_TWO if standing.has_spoken_elsewhere(voice) else None


def may_take_back(voice: Voice | None, standing: Standing) -> Refusal | None:
    """Return why ``voice`` may not retract the validation of its party, or None, where its last
    word is one."""
    if refusal := may_validate(voice, standing):
        return refusal
    return None if standing.has_validated(voice.organisation) else NOT_VALIDATED_YET


def may_advise(
    voice: Voice | None, edition: Edition, organisation: int | None = None
) -> Refusal | None:
    """Return why ``voice`` may not give an avis on the analyses, or None; with the key of an
    ``organisation``, in its name only."""
    if not edition.is_submitted:
        return NOT_SUBMITTED
    if voice is None:
        return NOT_AN_ADVISER
    return NO_LONGER if organisation and voice.organisation.pk != organisation else None


def may_propose(asker: User, standing: Standing) -> Refusal | None:
    """Return why ``asker`` may not ask the parties for their agreement, or None: coordinators may,
    once all parties that are asked have validated the analyses."""
    if not standing.edition.is_submitted:
        return NOT_IN_HAND
    if refusal := _may_coordinate(asker, standing.edition):
        return refusal
    return None if standing.is_validated else NOT_VALIDATED


def may_publish(asker: User | None, edition: Edition) -> Refusal | None:
    """Return why ``asker`` may not have the final document drawn and published, or None:
    coordinators may, once the parties were asked and all have agreed. ``asker=None`` is the
    system."""
    if not edition.is_proposed:
        return NOT_IN_HAND
    if refusal := _may_coordinate(asker, edition):
        return refusal
    return None if edition.is_agreed else NOT_AGREED


def may_read(asker: User, printing: Printing) -> Refusal | None:
    """Return why ``asker`` may not read a drawn file of an edition, or None: everybody may what is
    published, who reads drafts the rest. That they see the convention is the caller's to check."""
    if not printing.is_ready:
        return Refusal("Ce document n’est pas encore prêt.")
    if printing.is_final and printing.edition.is_published:
        return None
    return may_read_drafts(asker, printing.edition.evaluation.convention)


def _may_coordinate(asker: User | None, edition: Edition) -> Refusal | None:
    """Return why ``asker`` does not coordinate the convention of an edition, or None; None is the
    system."""
    if asker is None or coordinates(asker, edition.evaluation.convention):
        return None
    return COORDINATION_ONLY
