"""What noted answers ask of who noted them."""

from collections import defaultdict

from django.urls import reverse
from django.utils import timezone

from agreements.seats.voices import benches_of
from committee.answers.noted import with_points
from committee.models import NotedAnswer
from committee.points.tasks import discussed_with
from ctg_portal.house import Blocks, Task
from ctg_portal.templatetags.french import in_words


def noted_tasks(user, conventions, today):
    """What one has noted and not confirmed, by organisation; one query where there is nothing."""
    rows = NotedAnswer.objects.discussed().filter(user=user, version__convention__in=conventions)
    notes = list(rows.select_related("organisation", "version"))
    if not notes:
        return {}
    held = {note.version.convention_id for note in notes}
    benches = benches_of([one for one in conventions if one.pk in held], today)
    _required, discussed = discussed_with(conventions, user, today)
    points = {point.version.pk: point for held_there in discussed.values() for point in held_there}
    tasks = defaultdict(list)
    for convention_id, bench in benches.items():
        here = [note for note in notes if note.version.convention_id == convention_id]
        standing = defaultdict(list)
        for noted in with_points(here, points, bench):
            if noted.refusal is None:
                standing[noted.note.organisation].append(noted.note)
        for organisation, said in standing.items():
            tasks[convention_id].append(_task(bench.convention, organisation, said))
    return tasks


def _task(convention, organisation, said: list[NotedAnswer]) -> Task:
    count = len(said)
    what = "votre réponse notée" if count == 1 else f"vos {in_words(count, 'réponse,réponses')}"
    return Task(
        f"Vous n’avez pas encore confirmé {what} au nom {organisation.of_the}.",
        f"{reverse('committee:recap', args=[convention.slug])}?pour={organisation.pk}",
        "Relire et confirmer",
        count,
        since=timezone.localdate(min(note.noted_at for note in said)),
        blocks=Blocks.EVERYBODY,
        headline=f"Vous n’avez pas encore confirmé {what}",
    )
