"""The tasks of the committee, on the dashboard and on « Mes conventions »."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from agreements.answers.lights import Point, discussed_in, required_by_convention
from agreements.answers.rights import may_answer, may_confirm
from agreements.models import Agreement
from agreements.seats.voices import Bench, benches_of
from committee.advice import Advising, all_advising
from committee.answers.models import NotedAnswer
from committee.dossiers.models import Dossier, dossiers_answered_by
from committee.points.inbox import RETURNED
from committee.points.noted import notes_with_points
from committee.words import format_answer_count
from conventions.access.rights import coordinated_by, label_confirmers
from conventions.access.viewer import cached_for_page
from conventions.models import Convention, Organisation
from ctg_portal.house import Blocks, Task
from ctg_portal.marks.cache import cached_each
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import de, enumerate_words, in_words, long_date


def committee_tasks(user: User, conventions, today):
    """Return, by convention, what awaits an answer, an avis or a confirmation of the user, and what
    the coordination has to do; in a few queries for all."""
    benches = benches_of(conventions, today)
    coordinated = coordinated_by(user, conventions)
    advising = {pk: given for (pk, _user), given in all_advising([user], benches.values()).items()}
    required, points = discussed_with(conventions, user, today)
    due = answers_due(conventions)
    speaking = points.keys() & {pk for pk, bench in benches.items() if _organisations(bench, user)}
    noted = _noted_tasks(user, benches, {pk: points[pk] for pk in speaking})
    tasks = defaultdict(list)
    for convention_id, bench in benches.items():
        discussed = points.get(convention_id, [])
        own = [
            *noted.get(convention_id, []),
            *_answers(user, bench, discussed, due),
            *_advice(bench, advising.get(convention_id), discussed, due),
            *_recorded(user, bench, discussed),
        ]
        if convention_id in coordinated:
            own += _coordination(bench, discussed, required[convention_id])
        if own:
            tasks[convention_id] = own
    return tasks


@cached_for_page
def discussed_with(conventions, user: User, today):
    """Return which parties must agree and the points discussed, both by primary key of the
    convention, for conventions where the user answers for a party, gives an avis or coordinates."""
    benches = benches_of(conventions, today)
    speaking = {
        pk for pk, bench in benches.items() if _organisations(bench, user) or bench.advice(user)
    }
    concerned = speaking | coordinated_by(user, conventions)
    asked = [convention for convention in conventions if convention.pk in concerned]
    return required_by_convention(asked), discussed_in(asked)


@cached_for_page
def answers_due(conventions) -> dict[int, datetime.date]:
    """Return, by version in an open dossier, the first day by which an answer is expected."""
    due: dict[int, datetime.date] = {}
    for row in dossiers_due(conventions):
        due[row.version] = min(row.answer_by, due.get(row.version, row.answer_by))
    return due


class Due(NamedTuple):
    """A version in an open dossier (``pk``) with the day by which an answer is expected."""

    convention: int
    pk: int
    title: str
    answer_by: datetime.date
    version: int


def dossiers_due(conventions) -> list[Due]:
    """Return the versions in open dossiers that have a day for the answer, the first day first."""
    due = [row for rows in _dossiers_due(conventions).values() for row in rows]
    return sorted(due, key=lambda row: (row.answer_by, row.pk))


@cached_each(Subject.COMMITTEE)
def _dossiers_due(conventions) -> dict[int, list[Due]]:
    """Return the versions with a day, by convention, in one query."""
    due: dict[int, list[Due]] = {convention.pk: [] for convention in conventions}
    rows = Dossier.objects.open().filter(convention__in=due, answer_by__isnull=False)
    for row in rows.values_list("convention", "pk", "title", "answer_by", "versions"):
        due[row[0]].append(Due(*row))
    return due


def _organisations(bench: Bench, user: User) -> list[Organisation]:
    """Return the organisations in whose name the user may answer today."""
    return [voice.organisation for voice in bench.voices_of(user) if voice.commits]


def _noted_tasks(
    user: User, benches: Mapping[int, Bench], discussed: Mapping[int, list[Point]]
) -> dict[int, list[Task]]:
    """Return, by convention, a task for each organisation with notes that the user may give as
    answers today; one query."""
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
            tasks[convention_id].append(_noted_task(bench.convention, organisation, its_notes))
    return tasks


def _noted_task(convention, organisation, notes: list[NotedAnswer]) -> Task:
    """Return the task of confirming one's notes for one organisation, since the oldest of them."""
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


def _answers(user: User, bench: Bench, points: list[Point], due) -> Iterable[Task]:
    """Yield a task for each organisation of the user that points await, with the first day due."""
    organisations = _organisations(bench, user)
    for organisation in organisations:
        awaiting = [
            point.version
            for point in points
            if point.awaits(organisation, bench.day)
            and may_answer(bench.voice(user, organisation, point.version.kind), point) is None
        ]
        if awaiting:
            count, is_alone = len(awaiting), len(organisations) == 1
            waiting = in_words(count, "point attend,points attendent").capitalize()
            whose = "votre réponse" if is_alone else f"la réponse {organisation.genitive}"
            url = _url(bench.convention, "points")
            if not is_alone:
                url += f"?pour={organisation.pk}"
            by = min((due[version.pk] for version in awaiting if version.pk in due), default=None)
            pressing = sum(due.get(version.pk) == by for version in awaiting) if by else 0
            yield Task(
                f"{waiting} la réponse {organisation.genitive}.",
                url,
                "Répondre",
                count,
                since=_day(min(version.dated for version in awaiting)),
                due=by,
                blocks=Blocks.EVERYBODY,
                headline=f"{waiting} {whose}{_until(by, pressing, count, bench.day)}",
            )


def _until(by: datetime.date | None, pressing: int, count: int, today: datetime.date) -> str:
    """Return « , dont trois avant le 12 mai », or « avant le… » for all; empty if past or None."""
    if by is None or by < today:
        return ""
    before = f" avant le {long_date(by)}"
    return before if pressing == count else f", dont {in_words(pressing, ',').strip()}{before}"


def _advice(bench: Bench, advising: Advising | None, points: list[Point], due) -> Iterable[Task]:
    """Yield one task for all points that await the user's avis, due on the first of their days in
    ``due`` (by version); none without any."""
    awaited = [point.version for point in advising.awaited(points)] if advising else []
    if not awaited:
        return
    waiting = in_words(len(awaited), "point attend,points attendent").capitalize()
    yield Task(
        f"{waiting} votre avis.",
        _url(bench.convention, "points"),
        "Donner un avis",
        len(awaited),
        since=_day(min(version.dated for version in awaited)),
        due=min((due[version.pk] for version in awaited if version.pk in due), default=None),
        blocks=Blocks.SOMEBODY,
        headline=f"{waiting} votre avis",
    )


def _coordination(bench: Bench, points: list[Point], required: list[Organisation]):
    """Yield the tasks of who coordinates: points that came back, parties for which nobody answers,
    members who are suspended."""
    returned = [point for point in points if point.is_returned]
    if returned:
        count = len(returned)
        returned_points = in_words(count, "point est revenu,points sont revenus")
        url = f"{_url(bench.convention, 'points')}?etat={RETURNED}"
        since = min(max(entry.created_at for entry in point.answers) for point in returned)
        yield Task(
            f"{returned_points.capitalize()} à la coordination.",
            url,
            "Le reprendre" if count == 1 else "Les reprendre",
            count,
            since=_day(since),
            blocks=Blocks.EVERYBODY,
        )
    convention = bench.convention
    is_on = convention.is_signed and not convention.has_ended(bench.day)
    if not (points or is_on):
        return
    alone = [party for party in required if not bench.is_represented(party.pk)]
    if alone:
        url = _url(bench.convention, "composition")
        awaited = [p for p in points if any(p.awaits(party, bench.day) for party in alone)]
        yield Task(
            _nobody_for(alone, points, bench.day),
            url,
            "Compléter",
            len(alone),
            since=_day(min((p.version.dated for p in awaited), default=None)),
            blocks=Blocks.EVERYBODY if awaited else Blocks.NOBODY,
        )
    yield from _suspended(bench, {party.pk for party in alone})


def _suspended(bench: Bench, excluded: set[int]) -> Iterable[Task]:
    """Yield a task for each suspended seat in mandate that would speak, but for organisations
    ``excluded``."""
    url = _url(bench.convention, "composition")
    for seat in bench.seats:
        is_silent = seat.speaks and seat.is_suspended and seat.is_valid(bench.day)
        if is_silent and seat.organisation_id not in excluded:
            by_whom = label_confirmers(seat.organisation)
            who = f"{seat.name} est suspendu(e) pour {seat.organisation.the}"
            title = f"{who} : {by_whom} dit la suite."
            yield Task(title, url, "Voir", blocks=Blocks.SOMEBODY)


def _nobody_for(parties: list[Organisation], points: list[Point], today) -> str:
    """Return a sentence: for which parties nobody answers, and whether points wait for them."""
    whom = f"Aucun membre pour {enumerate_words(party.the for party in parties)}"
    if any(point.awaits(party, today) for party in parties for point in points):
        return f"{whom} : {'ses' if len(parties) == 1 else 'leurs'} points attendent."
    return f"{whom} : personne ne peut répondre en {'son' if len(parties) == 1 else 'leur'} nom."


def _recorded(user: User, bench: Bench, points: list[Point]) -> Iterable[Task]:
    """Yield tasks for what was recorded for the user's parties and awaits their confirmation: one
    for what somebody has recorded together of a dossier."""
    entries = []
    for point in points:
        for party in point.required:
            entry = point.recorded.get(party.pk)
            if entry is None:
                continue
            entry.organisation, entry.version = party, point.version
            if may_confirm(user, entry, point, bench) is None:
                entries.append(entry)
    dossiers = dossiers_answered_by(entries)
    together = defaultdict(list)
    for entry in entries:
        dossier = dossiers.get(entry.pk)
        alike = dossier.pk if dossier else None, entry.person_name, entry.entered_by_name
        together[alike if dossier else (entry.pk,)].append(entry)
    for entries in together.values():
        yield _to_confirm(entries, dossiers.get(entries[0].pk), bench.convention)


def _to_confirm(entries: list[Agreement], dossier: Dossier | None, convention: Convention) -> Task:
    """Return the task of confirming one entry on its page, or several of a dossier on theirs."""
    [entry, *others] = entries
    party, since = entry.organisation, _day(entry.created_at)
    if others:
        many = in_words(len(entries), "réponse,réponses")
        what, them = f"{many} {de(entry.person_name)} dans le dossier « {dossier.title} »", "les"
        page = reverse("committee:confirm_recorded", args=[convention.slug, dossier.pk])
    else:
        noun = "une demande de modification" if entry.is_request else "un accord"
        what = f"{noun} {de(entry.person_name)} sur « {entry.version.title} »"
        them = "la" if entry.is_request else "le"
        page = reverse("committee:point", args=[convention.slug, entry.version_id])
    act = f"confirmez-{them}, ou dites que ce n’est pas la réponse {party.genitive}."
    title = f"{entry.entered_by_name} a saisi {what} : {act}"
    return Task(title, page, "Vérifier", len(entries), since=since, blocks=Blocks.SOMEBODY)


def _url(convention: Convention, page: str) -> str:
    return reverse(f"committee:{page}", args=[convention.slug])


def _day(moment: datetime.datetime | None) -> datetime.date | None:
    return moment and timezone.localtime(moment).date()
