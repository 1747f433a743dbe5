"""Rights on the signature of a convention: who records it, and who confirms it for a party."""

from collections.abc import Iterable

from accounts.models import User
from agreements.seats.rights import may_manage_committee
from agreements.seats.voices import Bench
from committee.signing.models import Signing, SigningConfirmation
from conventions.access.rights import is_referent
from conventions.hosting.rights import may_host
from conventions.models import Convention, Organisation
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import long_date

STALE = Refusal(
    "Ce qui est enregistré a changé depuis que cette page est ouverte : relisez-le, puis "
    "confirmez-le."
)
TEXT_CHANGED = Refusal(
    "Le texte de la convention a changé sur le portail depuis que la signature est enregistrée : "
    "la coordination vérifie que c’est bien le texte signé, et enregistre de nouveau la signature."
)
GONE = Refusal("Aucune signature n’attend de confirmation.")


def may_record(user: User, convention: Convention) -> Refusal | None:
    """Return why ``user`` may not record the signature of a convention, nor withdraw what is
    recorded, or None: its coordination may, until the convention is signed."""
    if refusal := may_manage_committee(user, convention):
        return refusal
    if convention.is_signed:
        return Refusal(
            f"La convention est déjà signée, le {long_date(convention.signed_on)} : son texte ne "
            "change plus que par un avenant."
        )
    return None


def may_confirm(
    user: User, organisation: Organisation, signing: Signing,
    confirmations: Iterable[SigningConfirmation], bench: Bench,
) -> Refusal | None:  # fmt: skip
    """Return why ``user`` may not confirm a recorded signature for a party, or None: a member of
    the committee who commits it, and its référents, may. ``confirmations``: those of the current
    edition. Nobody confirms for two parties."""
    if not signing.is_open:
        return GONE
    if refusal := refuse_stranger(user, organisation, bench):
        return refusal
    for confirmation in confirmations:
        if confirmation.organisation_id == organisation.pk:
            return Refusal(
                f"{confirmation.by_name} a déjà confirmé la signature pour {organisation.the}."
            )
        if confirmation.by_id == user.pk:
            return Refusal(
                "Vous avez déjà confirmé la signature pour une autre partie : une même personne "
                "ne parle pas pour deux parties."
            )
    return None


def refuse_stranger(user: User, organisation: Organisation, bench: Bench) -> Refusal | None:
    """Return a refusal for who does not commit a party as to its signature, by a seat or as a
    référent; or None. A delegation is for points, and not for this."""
    seats = bench.speakers(organisation.pk)
    if any(seat.user_id == user.pk for seat in seats) or is_referent(user, organisation):
        return None
    return Refusal(
        f"La signature est confirmée pour {organisation.the} par un membre du comité qui l’engage, "
        f"ou par un référent des accès {organisation.genitive}."
    )


def may_confirm_on_scan(operator: User, signing: Signing) -> Refusal | None:
    """Return why ``operator`` may not confirm a signature for the host, or None."""
    return may_host(operator) or (None if signing.is_open else GONE)
