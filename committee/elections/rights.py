"""Rights on the list of a party's élus. ``asker=None`` is the host of the portal."""

import datetime
from collections.abc import Iterable

from accounts.models import User
from agreements.models import Seat
from committee.composition.reading import UNTOUCHED
from committee.elections.models import Renewal, RenewalLine
from conventions.access import rights as access
from conventions.models import Organisation
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import in_words, long_date

STALE = Refusal(
    "La composition a changé depuis que cette page est ouverte : relisez la liste, puis "
    "confirmez-la."
)


def may_prepare(asker: User | None, organisation: Organisation) -> Refusal | None:
    """Return why the asker may not prepare the list of an organisation, or None: the coordination,
    its référents and the host may; nobody for a Caf or an MSA."""
    if organisation.kind in UNTOUCHED:
        return Refusal(f"Les sièges {organisation.genitive} ne changent pas avec les élections.")
    return access.may_propose(asker, organisation)


def may_confirm(asker: User | None, organisation: Organisation) -> Refusal | None:
    """Return why the asker may not confirm the list of an organisation, or None: its référents may
    (the coordination where it is not guarded), and the host where there is no référent."""
    if refusal := may_prepare(asker, organisation):
        return refusal
    if asker is None:
        alone = Organisation.objects.without_referent().filter(pk=organisation.pk)
        if alone.exists():
            return None
        by_whom = access.label_confirmers(organisation)
        return Refusal(f"Cette liste est confirmée par {by_whom}.")
    if access.counts_at_once(asker, organisation, None):
        return None
    return Refusal(f"Cette liste est confirmée par {access.label_confirmers(organisation)}.")


def refuse_incomplete(
    renewal: Renewal, lines: Iterable[RenewalLine], seats: Iterable[Seat], today: datetime.date
) -> Refusal | None:
    """Return what is missing in a list before it may be confirmed, or None. ``seats``: those of the
    élus whom the installation concerns."""
    if renewal.installed_on is None:
        return Refusal("Le jour de l’installation du conseil manque.")
    if renewal.deliberated_on is None:
        return Refusal("Le jour de la délibération manque.")
    if renewal.deliberated_on > today:
        day = long_date(renewal.deliberated_on)
        return Refusal(f"La liste se confirme une fois la délibération prise, à partir du {day}.")
    decided = {line.seat_id for line in lines if line.outcome}
    missing = sum(seat.pk not in decided for seat in seats)
    if missing:
        return Refusal(f"{in_words(missing, 'siège reste,sièges restent').capitalize()} à dire.")
    if not list(seats):
        return Refusal("Aucun siège d’élu n’est concerné à cette date.")
    return None
