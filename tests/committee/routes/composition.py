"""Who gets what on the pages of the committee's composition."""

from tests.routes import hosting, of_convention


def seat(scene):
    return {"pk": scene.committee.seat.pk}


def organisation(scene):
    return {"pk": scene.organisation.pk}


# Anybody who acts for the organisation, or coordinates; who holds the seat leaves it instead.
ACTING = {"contributor": 200, "coordinator": 200}
SEATED = {"member": 200, "coordinator": 200}


def absence(scene):
    return {"pk": scene.committee.absence.pk}


def delegation(scene):
    return {"pk": scene.committee.delegation.pk}


def for_coordination(kwargs=None):
    return of_convention(kwargs, status=403, coordinator=200)


ROUTES = {
    "committee:composition": of_convention(),
    "committee:seats_file": of_convention(lambda scene: {"extension": "csv"}),
    "committee:composition_history": of_convention(),
    "committee:name_seat": for_coordination(),
    "committee:name_seat_for": for_coordination(organisation),
    # The coordination prepares, référents confirm.
    "committee:elections": for_coordination(organisation),
    "committee:review_elections": for_coordination(organisation),
    "committee:abandon_elections": for_coordination(organisation),
    "committee:elections_act": of_convention(organisation, status=403, coordinator=404),
    "committee:host_elections": hosting(
        lambda scene: {"slug": scene.convention.slug, **organisation(scene)}, "get"
    ),
    "committee:edit_seat": for_coordination(seat),
    "committee:suspend_elected_seats": of_convention(organisation, status=302),
    "committee:who_commits": of_convention(organisation),
    # A colleague who acts suspends, the holder does not; a référent confirms.
    "committee:suspend_seat": of_convention(seat, status=403, **ACTING),
    "committee:object_to_seat": of_convention(seat, status=302),
    "committee:confirm_seat": of_convention(seat, status=403),
    "committee:seat_act": of_convention(seat),
    "committee:end_seat": of_convention(seat, status=403, member=200),
    # Somebody who sits for the same organisation declares an absence.
    "committee:declare_absence": of_convention(seat, status=403, **SEATED),
    "committee:end_absence": of_convention(absence, status=403, **SEATED),
    # The member in person.
    "committee:delegate": of_convention(seat, status=403, member=200),
    "committee:end_delegation": of_convention(delegation, status=403, member=200),
    "committee:delegation_act": of_convention(delegation),
}
