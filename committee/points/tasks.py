"""What the committee brings to the menu, the dashboard and the tasks of a convention."""

from collections import defaultdict
from collections.abc import Iterable

from django.urls import reverse

from agreements.answers.lights import Point, discussed_in, required_in
from agreements.answers.rights import may_answer, whose_to_confirm
from agreements.models import Agreement, Version
from agreements.seats.voices import Bench, benches_of
from committee.answers.tasks import noted_tasks
from committee.points.inbox import RETURNED
from conventions.access.rights import coordinated_by
from conventions.models import Convention, Organisation
from ctg_portal.house import DashboardCard, Task
from ctg_portal.templatetags.french import de, enumerate_words, in_words, long_date


def committee_tasks(user, conventions, today):
    """What awaits the answer of one's parties, and the coordination; in a few queries for all."""
    benches = benches_of(conventions, today)
    coordinated = coordinated_by(user, conventions)
    speaking = {pk for pk, bench in benches.items() if _organisations(bench, user)}
    required = required_in(speaking | coordinated)
    points = discussed_in(required)
    recorded, noted = _recorded(user, benches), noted_tasks(user, benches, points)
    tasks = defaultdict(list)
    for convention_id, bench in benches.items():
        discussed = points.get(convention_id, [])
        found = [*noted.get(convention_id, []), *_answers(user, bench, discussed)]
        found += recorded.get(convention_id, [])
        if convention_id in coordinated:
            found += _coordination(bench, discussed, required[convention_id])
        if found:
            tasks[convention_id] = found
    return tasks


def _organisations(bench: Bench, user) -> list[Organisation]:
    """In whose name the user may answer today."""
    return [voice.organisation for voice in bench.voices_of(user) if voice.commits]


def _answers(user, bench: Bench, points: list[Point]) -> Iterable[Task]:
    organisations = _organisations(bench, user)
    for organisation in organisations:
        count = sum(
            point.awaits(organisation, bench.day)
            and may_answer(bench.voice(user, organisation, point.version.kind), point) is None
            for point in points
        )
        if count:
            told = in_words(count, "point attend,points attendent")
            url = _url(bench.convention, "points")
            if len(organisations) > 1:
                url += f"?pour={organisation.pk}"
            yield Task(
                f"{told.capitalize()} la réponse {organisation.of_the}.", url, "Répondre", count
            )


def _coordination(bench: Bench, points: list[Point], required: list[Organisation]):
    """What is the coordinator's to do: what came back, a party for which nobody answers, a member
    who has left."""
    returned = sum(point.is_returned for point in points)
    if returned:
        told = in_words(returned, "point est revenu,points sont revenus")
        url = f"{_url(bench.convention, 'points')}?etat={RETURNED}"
        yield Task(f"{told.capitalize()} à la coordination.", url, "Voir", returned)
    convention = bench.convention
    is_on = convention.is_signed and not convention.has_ended(bench.day)
    if not (points or is_on):
        return
    alone = [party for party in required if not bench.is_represented(party.pk)]
    if alone:
        url = _url(bench.convention, "composition")
        yield Task(_nobody_for(alone, points, bench.day), url, "Compléter", len(alone))
    yield from _to_replace(bench, {party.pk for party in alone})


def _to_replace(bench: Bench, told: set[int]) -> Iterable[Task]:
    """Those in mandate who have left; of the organisations ``told``, all is said already."""
    url = _url(bench.convention, "composition")
    for seat in bench.seats:
        lost = seat.speaks and seat.is_valid(bench.day) and bench.has_lost(seat)
        if lost and seat.organisation_id not in told:
            of_the, another = seat.organisation.of_the, seat.get_kind_display()
            title = f"{seat.name} n’a plus d’accès au titre {of_the} : nommez un autre {another}."
            yield Task(title, url, "Remplacer")


def _nobody_for(parties: list[Organisation], points: list[Point], today) -> str:
    whom = f"Aucun membre pour {enumerate_words(party.the for party in parties)}"
    if any(point.awaits(party, today) for party in parties for point in points):
        return f"{whom} : {'ses' if len(parties) == 1 else 'leurs'} points attendent."
    return f"{whom} : personne ne peut répondre en {'son' if len(parties) == 1 else 'leur'} nom."


def _recorded(user, benches: dict[int, Bench]) -> dict[int, list[Task]]:
    """Agreements recorded in the user's name, to be confirmed or contested; those of people without
    account of the same organisation, to be confirmed."""
    tasks = defaultdict(list)
    rows = Agreement.objects.recorded_for(user).filter(version__convention__in=benches)
    for entry in rows.select_related("version__convention", "organisation"):
        version, bench = entry.version, benches[entry.version.convention_id]
        version.convention = entry.organisation.convention = bench.convention
        told = _what_to_do_of(entry, user, bench)
        if told:
            page = reverse("committee:point", args=[bench.convention.slug, version.pk])
            tasks[bench.convention.pk].append(Task(told, page, "Vérifier"))
    return tasks


def _what_to_do_of(entry: Agreement, user, bench: Bench) -> str:
    """Empty where it is not the user's to do."""
    title, until = f"« {entry.version.title} »", long_date(entry.contestable_until)
    if entry.user_id is None:
        if whose_to_confirm(user, entry, bench):
            return ""
        whom = f"l’accord {de(entry.person_name)}, sans compte, sur {title}"
        return f"{entry.entered_by_name} a saisi {whom} : confirmez-le si vous en avez la preuve."
    typed = f"{entry.entered_by_name} a saisi un accord en votre nom sur {title}"
    if entry.is_pending and entry.version.is_proposed:
        return f"{typed} : confirmez-le, ou contestez-le jusqu’au {until}."
    if entry.contestable_until >= bench.day:
        return f"{typed} : vous pouvez le contester jusqu’au {until}."
    return ""


def committee_cards(user, convention, today):
    """How much the committee has agreed to, and how much it discusses."""
    versions = Version.objects.of(convention).from_committee()
    agreed, discussed = versions.in_force().count(), versions.proposed().count()
    url = _url(convention, "points")
    if agreed:
        many = agreed >= 2
        told = "points décidés par le comité" if many else "point décidé par le comité"
        yield DashboardCard(str(agreed), told, reverse("conventions:axes", args=[convention.slug]))
    if discussed:
        told = "points en discussion" if discussed >= 2 else "point en discussion"
        yield DashboardCard(str(discussed), told, url)


def _url(convention: Convention, page: str) -> str:
    return reverse(f"committee:{page}", args=[convention.slug])
