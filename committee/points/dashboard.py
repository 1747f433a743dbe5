"""What the dashboard shows of the committee: for whom the user speaks, and its calendar."""

import datetime
from collections import defaultdict
from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from agreements.answers.lights import Point
from agreements.models import Answer, SeatKind
from agreements.seats.voices import Bench, benches_of
from committee.points.tasks import discussed_with, dossiers_due
from conventions.models import Convention, Organisation
from ctg_portal.house import Deadline
from ctg_portal.templatetags.french import enumerate_words, in_words, plural


def committee_voices(user: User, convention: Convention, today) -> Iterator[str]:
    """Yield sentences about the user's seats: « Vous répondez pour Grand Châtellerault ; la Caf est
    déjà d’accord sur six points. », then one for each seat that only gives an avis."""
    bench = benches_of([convention], today)[convention.pk]
    voices = bench.voices_of(user)
    speaking = [voice.organisation for voice in voices if voice.commits]
    if speaking:
        sentence = f"Vous répondez pour {enumerate_words(party.the for party in speaking)}"
        _required, points = discussed_with([convention], user, today)
        agreed = _agreed_by_others(points.get(convention.pk, []), speaking, today)
        yield f"{sentence} ; {agreed}." if agreed else f"{sentence}."
    committed = {organisation.pk for organisation in speaking}
    for voice in voices:
        if not voice.commits and voice.organisation.pk not in committed:
            is_adviser = voice.seat_kind == SeatKind.ADVISER
            verb = "instruisez les points" if is_adviser else "siégez à titre consultatif"
            yield f"Vous {verb} pour {voice.organisation.the}."


def _agreed_by_others(points: list[Point], speaking: list[Organisation], today) -> str:
    """Return who agreed already, and on how many of the points that await the user; empty if
    nobody."""
    awaiting = [p for p in points if any(p.awaits(one, today) for one in speaking)]
    phrases = []
    for other in dict.fromkeys(party for point in awaiting for party in point.required):
        agreed = sum(point.is_agreed_by(other) for point in awaiting)
        if agreed and other not in speaking:
            phrases.append(f"{other.the} est déjà d’accord sur {_how_many(agreed, len(awaiting))}")
    return enumerate_words(phrases)


def _how_many(count: int, total: int) -> str:
    """Return « tous ces points » or « ce point » if ``count`` is all; else « deux de ces points
    »."""
    if count == total:
        return "ce point" if total == 1 else "tous ces points"
    return in_words(count, "de ces points,de ces points")


def committee_deadlines(user: User, conventions, today) -> dict[int, list[Deadline]]:
    """Return, by convention, the days to come of answers to dossiers, of announced délibérations,
    of ends of mandates."""
    slugs = {convention.pk: convention.slug for convention in conventions}
    deadlines = defaultdict(list)
    dossiers = {row.pk: row for row in dossiers_due(conventions) if row.answer_by >= today}
    for row in dossiers.values():
        url = reverse("committee:dossier", args=[slugs[row.convention], row.pk])
        label = f"Réponses attendues sur « {row.title} »"
        deadlines[row.convention].append(Deadline(row.answer_by, label, url))
    _required, points = discussed_with(conventions, user, today)
    for pk, bench in benches_of(conventions, today).items():
        deadlines[pk] += [*_deliberations(bench, points.get(pk, [])), *_mandates(bench)]
    return deadlines


def _deliberations(bench: Bench, points: list[Point]) -> Iterator[Deadline]:
    """Yield the days of announced délibérations from today on, by day, party and assembly."""
    announced = defaultdict(int)
    for point in points:
        for entry in point.last_answers.values():
            if entry.answer == Answer.DELIBERATION and entry.body_date >= bench.day:
                announced[entry.body_date, entry.organisation_id, entry.body] += 1
    names = {party.pk: party for point in points for party in point.required}
    url = reverse("committee:points", args=[bench.convention.slug])
    for (day, pk, body), count in announced.items():
        if pk in names:
            on = plural(count, "point,points")
            yield Deadline(day, f"Délibération {names[pk].genitive} ({body}) sur {on}", url)


def _mandates(bench: Bench) -> Iterator[Deadline]:
    """Yield the last days of mandates that run today, once for seats that end together."""
    ending: dict[tuple[datetime.date, int], list] = defaultdict(list)
    for seat in bench.seats:
        if seat.ends_on and seat.is_valid(bench.day):
            ending[seat.ends_on, seat.organisation_id].append(seat)
    url = reverse("committee:composition", args=[bench.convention.slug])
    for (day, _pk), seats in ending.items():
        who = enumerate_words(seat.name for seat in seats)
        many = "du mandat" if len(seats) == 1 else "des mandats"
        yield Deadline(day, f"Fin {many} de {who}, pour {seats[0].organisation.the}", url)
