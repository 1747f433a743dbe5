"""The seats and delegations that await somebody's word, told on the dashboard."""

from collections import defaultdict

from django.urls import reverse

from agreements.models import Seat
from agreements.seats.rights import confirmers_of
from agreements.seats.voices import benches_of
from ctg_portal.house import Blocks, Task
from ctg_portal.templatetags.french import in_words


def confirmation_tasks(user, conventions, today):
    """For whose word counts for an organisation: who was named, or lent a voice, from outside."""
    awaiting = [
        one for bench in benches_of(conventions, today).values() for one in bench.awaiting()
    ]
    theirs = defaultdict(list)
    for entrusted, confirmers in confirmers_of(awaiting).items():
        if user.pk in confirmers.people:
            theirs[entrusted.organisation.convention].append(entrusted)
    return {convention.pk: [_task(convention, found)] for convention, found in theirs.items()}


def _task(convention, awaiting: list) -> Task:
    count = len(awaiting)
    if count > 1:
        told = f"{in_words(count, 'siège ou délégation,sièges ou délégations')} à confirmer."
        short = ""
        url = reverse("committee:composition", args=[convention.slug])
    else:
        [one] = awaiting
        what, page = ("siège", "seat") if isinstance(one, Seat) else ("délégation", "delegation")
        called, short = f"{one.name} ({one.address})", f"1 {what} à confirmer : {one.name}"
        told = f"1 {what} à confirmer : {called}, {one.capacity}, pour {one.organisation.the}."
        url = reverse(f"committee:confirm_{page}", args=[convention.slug, one.pk])
    return Task(told, url, "Vérifier", count, blocks=Blocks.SOMEBODY, headline=short)
