"""The task of who may confirm seats."""

from django.urls import reverse

from accounts.models import User
from agreements.models import Seat
from agreements.seats.rights import may_confirm_seat
from agreements.seats.voices import benches_of
from conventions.models import Convention
from ctg_portal.house import Blocks, Task
from ctg_portal.templatetags.french import in_words


def confirmation_tasks(user: User, conventions, today):
    """Return, by convention, one task in a list for the seats that the user may confirm; without
    conventions that have none."""
    tasks = {}
    for bench in benches_of(conventions, today).values():
        awaiting = [seat for seat in bench.unconfirmed() if may_confirm_seat(user, seat) is None]
        if awaiting:
            tasks[bench.convention.pk] = [_confirmation_task(bench.convention, awaiting)]
    return tasks


def _confirmation_task(convention: Convention, awaiting: list[Seat]) -> Task:
    """Return the task for these seats: for several, how many, with the composition; the only one by
    its name, with the page that confirms it. ``awaiting`` is not empty."""
    count = len(awaiting)
    if count > 1:
        text, headline = f"{in_words(count, 'siège,sièges')} à confirmer.", ""
        url = reverse("committee:composition", args=[convention.slug])
    else:
        [seat] = awaiting
        holder, headline = f"{seat.name} ({seat.address})", f"1 siège à confirmer : {seat.name}"
        text = f"1 siège à confirmer : {holder}, {seat.capacity}, pour {seat.organisation.the}."
        url = reverse("committee:confirm_seat", args=[convention.slug, seat.pk])
    return Task(text, url, "Vérifier", count, blocks=Blocks.SOMEBODY, headline=headline)
