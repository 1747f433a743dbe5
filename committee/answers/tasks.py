"""The task of who has noted answers and not confirmed them."""

from collections import defaultdict
from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from agreements.answers.lights import Point
from agreements.seats.voices import Bench
from committee.answers.counts import format_answer_count
from committee.answers.models import NotedAnswer
from committee.answers.noted import notes_with_points
from ctg_portal.house import Blocks, Task


def noted_tasks(
    user: User, benches: Mapping[int, Bench], discussed: Mapping[int, list[Point]]
) -> dict[int, list[Task]]:
    """Return a task for each organisation in whose name the user has noted answers, by convention;
    in one query."""
    rows = NotedAnswer.objects.discussed().filter(user=user, version__convention__in=discussed)
    notes = list(rows.select_related("organisation", "version").defer("version__text"))
    points = {
        point.version.pk: point for points_of_one in discussed.values() for point in points_of_one
    }
    tasks = defaultdict(list)
    for convention_id, bench in benches.items():
        here = [note for note in notes if note.version.convention_id == convention_id]
        for note in here:
            note.user = user
        standing = defaultdict(list)
        for noted in notes_with_points(here, points, bench):
            if noted.refusal is None:
                standing[noted.note.organisation].append(noted.note)
        for organisation, its_notes in standing.items():
            tasks[convention_id].append(_task(bench.convention, organisation, its_notes))
    return tasks


def _task(convention, organisation, notes: list[NotedAnswer]) -> Task:
    count = len(notes)
    what = "votre réponse notée" if count == 1 else f"vos {format_answer_count(count)}"
    return Task(
        f"Vous n’avez pas encore confirmé {what} au nom {organisation.genitive}.",
        f"{reverse('committee:recap', args=[convention.slug])}?pour={organisation.pk}",
        "Relire et confirmer",
        count,
        since=timezone.localdate(min(note.noted_at for note in notes)),
        blocks=Blocks.EVERYBODY,
        headline=f"Vous n’avez pas encore confirmé {what}",
    )
