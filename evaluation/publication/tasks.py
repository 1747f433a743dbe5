"""Read the tasks about evaluations that are being published."""

import datetime
from collections import defaultdict

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from agreements.seats.voices import Bench, benches_of
from conventions.access.rights import coordinated_by
from conventions.models import Convention
from ctg_portal.house import Blocks, Task
from evaluation.editions.models import Edition
from evaluation.editions.standing import Standing, editions_among, standings_of
from evaluation.publication.commitments import EvaluationCommitment
from evaluation.publication.rights import may_advise, may_validate


def publication_tasks(
    user: User, conventions: list[Convention], today: datetime.date
) -> dict[int, list[Task]]:
    """Return, by key of the convention, the tasks about editions in hand: analyses to validate, or
    to give an avis on; for the coordinator, to read a request, to ask the parties, to publish."""
    editions = [edition for edition in editions_among(conventions) if edition.is_in_hand]
    if not editions:
        return {}
    coordinated = coordinated_by(user, conventions)
    benches, tasks = benches_of(conventions, today), defaultdict(list)
    submitted = standings_of(edition for edition in editions if edition.is_submitted)
    standings = {standing.edition: standing for standing in submitted}
    for edition in editions:
        convention, standing = edition.evaluation.convention_id, standings.get(edition)
        if standing:
            tasks[convention] += _answer_tasks(user, benches[convention], standing)
        if convention in coordinated:
            tasks[convention] += _coordinator_tasks(edition, standing)
    return tasks


def _answer_tasks(user: User, bench: Bench, standing: Standing) -> list[Task]:
    """Return the task to validate, for who may for a party whose turn it is; else that to give an
    avis, for who may give one and has not; else none."""
    edition = standing.edition
    kind = EvaluationCommitment.kind
    voices = (bench.voice(user, row, kind) for row in standing.unanswered)
    if any(may_validate(voice, standing) is None for voice in voices):
        headline = f"Les analyses de {edition.period.evaluation} attendent votre validation"
        return [_answer_task(edition, headline, "Lire et répondre", Blocks.EVERYBODY)]
    # Who speaks for a party that validates does that, and gives no avis beside it.
    speaks = any(bench.voice(user, row, kind) for row in standing.asked)
    if not standing.asked or speaks or user.pk in standing.advised:
        return []
    if may_advise(bench.advice(user), edition) is None:
        headline = f"Les analyses de {edition.period.evaluation} attendent votre avis"
        return [_answer_task(edition, headline, "Donner un avis", Blocks.SOMEBODY)]
    return []


def _answer_task(edition: Edition, headline: str, button: str, blocks: Blocks) -> Task:
    """Return the task whose button leads to the page of answers."""
    return Task(
        f"{headline}.",
        _url(edition, "validate"),
        button,
        since=timezone.localdate(edition.submitted_at),
        blocks=blocks,
        headline=headline,
    )


def _coordinator_tasks(edition: Edition, standing: Standing | None) -> list[Task]:
    """Return the coordinator's next act on an edition: a requested change to read, the agreement to
    ask for, the document to publish; none while others are awaited."""
    text, button = "", ""
    if standing and standing.changes_asked:
        text, button = "une modification est demandée.", "Lire la demande"
    elif standing and standing.is_validated:
        text, button = "l’accord des parties est à demander.", "Demander leur accord"
    elif edition.is_agreed:
        text, button = "toutes les parties sont d’accord, il reste à la publier.", "Publier"
    if not text:
        return []
    return [
        Task(
            f"{edition.period.name} : {text}",
            _url(edition, "publication"),
            button,
            since=timezone.localdate(edition.submitted_at),
            blocks=Blocks.EVERYBODY,
            headline=f"{edition.period.name} : {text.rstrip('.')}",
        )
    ]


def _url(edition: Edition, name: str) -> str:
    return reverse(f"evaluation:{name}", args=[edition.evaluation.convention.slug, edition.year])
