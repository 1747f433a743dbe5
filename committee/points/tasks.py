"""What the committee brings to the menu, the dashboard and the tasks of a convention."""

from collections import defaultdict
from collections.abc import Iterable

from django.urls import reverse

from agreements.answers.lights import Point, discussed_in, required_in
from agreements.answers.rights import may_answer, whose_to_confirm
from agreements.models import Agreement, Version
from agreements.seats.voices import Bench, benches_of
from committee.dossiers.models import dossier_of
from committee.points.advice import Advising, all_advising
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
    advising = {pk: one for (pk, _user), one in all_advising([user], benches.values()).items()}
    required = required_in(speaking | advising.keys() | coordinated)
    points = discussed_in(required)
    recorded = _recorded(user, benches)
    tasks = defaultdict(list)
    for convention_id, bench in benches.items():
        discussed = points.get(convention_id, [])
        found = [
            *_answers(user, bench, discussed),
            *_advice(bench, advising.get(convention_id), discussed),
            *recorded.get(convention_id, []),
        ]
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


def _advice(bench: Bench, advising: Advising | None, points: list[Point]) -> Iterable[Task]:
    """What awaits the user's avis."""
    if count := len(advising.awaited(points)) if advising else 0:
        told = in_words(count, "point attend,points attendent")
        url = _url(bench.convention, "points")
        yield Task(f"{told.capitalize()} votre avis.", url, "Donner un avis", count)


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
    tasks, together = defaultdict(list), defaultdict(list)
    rows = Agreement.objects.recorded_for(user).filter(version__convention__in=benches)
    read = rows.select_related("version__convention", "organisation", "dossier_answer__dossier")
    for entry in read:
        version, bench = entry.version, benches[entry.version.convention_id]
        version.convention = entry.organisation.convention = bench.convention
        if told := _what_to_do_of(entry, user, bench):
            dossier = dossier_of(entry) if entry.is_pending and version.is_proposed else None
            alike = dossier.pk if dossier else None, entry.person_name, entry.entered_by_name
            key = alike if dossier else (entry.pk,)
            together[bench.convention.pk, key].append((entry, told))
    for (convention, _key), found in together.items():
        tasks[convention].append(_of_recorded(found))
    return tasks


def _of_recorded(found: list[tuple[Agreement, str]]) -> Task:
    """One task for what was recorded together of a dossier."""
    entry, told = found[0]
    slug = entry.version.convention.slug
    if len(found) == 1:
        page = reverse("committee:point", args=[slug, entry.version.pk])
        return Task(told, page, "Vérifier")
    dossier, until = dossier_of(entry), long_date(entry.contestable_until)
    many = in_words(len(found), "réponse,réponses")
    where = f"dans le dossier « {dossier.title} »"
    if entry.user_id is None:
        whose = f"{many} {de(entry.person_name)}, sans compte,"
        act = "confirmez-les si vous en avez la preuve."
    else:
        whose = f"{many} en votre nom"
        act = f"confirmez-les, ou contestez-les jusqu’au {until}."
    page = reverse("committee:confirm_recorded", args=[slug, dossier.pk])
    title = f"{entry.entered_by_name} a saisi {whose} {where} : {act}"
    return Task(title, page, "Vérifier", len(found))


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
