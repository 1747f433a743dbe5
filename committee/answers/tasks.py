"""What noted answers ask of who noted them."""

from collections import defaultdict

from django.urls import reverse

from agreements.answers.lights import discussed_in, required_in
from agreements.seats.voices import benches_of
from committee.answers.noted import with_points
from committee.models import NotedAnswer
from ctg_portal.house import Task
from ctg_portal.templatetags.french import in_words


def noted_tasks(user, conventions, today):
    """What one has noted and not confirmed, by organisation; one query where there is nothing."""
    rows = NotedAnswer.objects.discussed().filter(user=user, version__convention__in=conventions)
    notes = list(rows.select_related("organisation", "version"))
    if not notes:
        return {}
    held = {note.version.convention_id for note in notes}
    benches = benches_of([one for one in conventions if one.pk in held], today)
    points = {
        point.version.pk: point
        for discussed in discussed_in(required_in(held)).values()
        for point in discussed
    }
    tasks = defaultdict(list)
    for convention_id, bench in benches.items():
        here = [note for note in notes if note.version.convention_id == convention_id]
        standing = defaultdict(int)
        for noted in with_points(here, points, bench):
            standing[noted.note.organisation] += noted.refusal is None
        for organisation, count in standing.items():
            if count:
                tasks[convention_id].append(_task(bench.convention, organisation, count))
    return tasks


def _task(convention, organisation, count: int) -> Task:
    what = "votre réponse notée" if count == 1 else f"vos {in_words(count, 'réponse,réponses')}"
    return Task(
        f"Vous n’avez pas encore confirmé {what} au nom {organisation.of_the}.",
        f"{reverse('committee:recap', args=[convention.slug])}?pour={organisation.pk}",
        "Relire et confirmer", count,
    )  # fmt: skip
