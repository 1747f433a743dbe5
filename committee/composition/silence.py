"""Why a seat counts for nothing today, in a word: said wherever it is told beside its page."""

from agreements.models import Seat
from agreements.seats.voices import Bench


def silence_of(bench: Bench, seat: Seat) -> str:
    """« à confirmer », « suspendu »; empty of a seat that counts, and of one that is over. In full,
    on the page of the composition: ``committee.composition.reading.Place.sign``."""
    if seat.is_over(bench.day) or not bench.is_silent(seat):
        return ""
    if seat.is_suspended:
        return "suspendu"
    if seat.awaits_confirmation:
        return "à confirmer"
    if bench.has_lost(seat):
        return "n’a plus d’accès"
    if seat.speaks and bench.coordinates_elsewhere(seat.organisation_id, seat.user_id):
        return "coordonne la convention pour un autre organisme"
    return "attend un accès confirmé"
