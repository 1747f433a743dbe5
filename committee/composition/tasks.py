"""The seats that await somebody's confirmation, told on the dashboard."""

from django.urls import reverse

from accounts.models import User
from agreements.models import Seat
from agreements.seats.rights import may_confirm_seat
from agreements.seats.voices import benches_of
from ctg_portal.house import Blocks, Task
from ctg_portal.templatetags.french import in_words


def confirmation_tasks(user: User, conventions, today):
    """For who says who sits for an organisation: the seats that await their confirmation."""
    tasks = {}
    for bench in benches_of(conventions, today).values():
        awaiting = [seat for seat in bench.unconfirmed() if may_confirm_seat(user, seat) is None]
        if awaiting:
            tasks[bench.convention.pk] = [_task(bench.convention, awaiting)]
    return tasks


def _task(convention, awaiting: list[Seat]) -> Task:
    count = len(awaiting)
    if count > 1:
        told, short = f"{in_words(count, 'siège,sièges')} à confirmer.", ""
        url = reverse("committee:composition", args=[convention.slug])
    else:
        [seat] = awaiting
        called, short = f"{seat.name} ({seat.address})", f"1 siège à confirmer : {seat.name}"
        told = f"1 siège à confirmer : {called}, {seat.capacity}, pour {seat.organisation.the}."
        url = reverse("committee:confirm_seat", args=[convention.slug, seat.pk])
    return Task(told, url, "Vérifier", count, blocks=Blocks.SOMEBODY, headline=short)
