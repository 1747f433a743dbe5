"""Minutes write themselves: from the rows of a meeting to what is read, frozen and drawn."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Prefetch

from agreements.answers.lights import Light, points_of, required_of
from agreements.answers.lights import Point as DiscussedPoint
from agreements.models import Agreement, Answer, State, Version
from committee.meetings.decisions.models import Decision
from committee.meetings.minutes.content import (
    Decided,
    Delegation,
    Item,
    MinutesContent,
    Person,
    Point,
    decode,
)
from committee.meetings.minutes.models import Minutes, MinutesState, MinutesText
from committee.meetings.models import AgendaItem, Attendee, Meeting, Reply
from committee.meetings.reading import text_of
from committee.meetings.session.models import RecordedAnswer, RecordedList
from committee.meetings.words import describe_when
from committee.words import capitalized, format_answer_count, heading_of
from conventions.models import Convention, Organisation
from ctg_portal.templatetags.french import enumerate_words, long_date, plural

# What the parties are to know before they approve.
CONFIRMS = (
    "L’approuver confirme aussi les accords recueillis en séance pour votre organisme et qui "
    "attendent encore."
)


def read_minutes(minutes: Minutes) -> MinutesContent:
    """Return what the minutes of a meeting say now, in a few queries whatever their number.

    Minutes that are corrected say of points and voices what was approved: what became of them since
    is no fact of the meeting.
    """
    content = _read_rows(minutes)
    if minutes.state != MinutesState.CORRECTED or minutes.version is None:
        return content
    approved = decode(text_of_version(minutes, minutes.version).text)
    points = {item.number: item.points for item in approved.items}
    return replace(
        content,
        items=[replace(item, points=points.get(item.number, [])) for item in content.items],
        agreed=approved.agreed,
        correction=f"Corrige la version {minutes.corrected}, approuvée le "
        f"{long_date(minutes.version.in_force_at)} : {minutes.correction}",
    )


def _read_rows(minutes: Minutes) -> MinutesContent:
    """Return what the rows of a meeting say now."""
    meeting = minutes.meeting
    convention = meeting.convention
    rows = list(_items_of(meeting))
    decisions: dict[int | None, list[Decided]] = defaultdict(list)
    for row in Decision.objects.taken_in(meeting).select_related("owner"):
        decisions[row.item_id].append(_decided(row))
    points = _points_discussed(rows, convention)
    items = [
        _item(number, row, decisions.pop(row.pk, []), points)
        for number, row in enumerate(rows, start=1)
    ]
    delegations, attendance = _presence(meeting, required_of(convention))
    return MinutesContent(
        convention=str(convention),
        body=meeting.body.name,
        when=describe_when(meeting),
        day=meeting.date.isoformat(),
        place=meeting.place,
        introduction=minutes.introduction,
        attendance=attendance,
        delegations=delegations,
        items=items,
        decisions=[decision for rows in decisions.values() for decision in rows],
        agreed=_agreed_in_session(meeting),
    )


def frozen_text(minutes: Minutes) -> MinutesText | None:
    """Return the frozen text that the parties are asked to approve, or have approved; None for
    minutes that are a draft."""
    version = minutes.version
    return None if version is None else text_of_version(minutes, version)


def text_of_version(minutes: Minutes, version: Version) -> MinutesText:
    """Return the frozen text to which a version of minutes asks the parties to agree."""
    return minutes.texts.get(digest=version.content["digest"])


def shown_minutes(minutes: Minutes) -> MinutesContent:
    """Return what minutes say: what is frozen, once they are submitted; else what rows say now."""
    frozen = frozen_text(minutes)
    return decode(frozen.text) if frozen else read_minutes(minutes)


def versions_of(minutes: Minutes) -> list[Version]:
    """Return the versions of minutes that were approved or are submitted, the earliest first: each
    stays readable, whatever replaced it."""
    if minutes.pk is None:
        return []
    rows = Version.objects.about(minutes).numbered().order_by("number")
    return [row for row in rows if row.is_live or row.in_force_at]


def describe_content(content: MinutesContent, *, confirms: bool = False) -> str:
    """Return in a few words what minutes say, for who is asked to approve them; ``confirms``: to
    approve them confirms what was recorded of the party."""
    counts = [
        plural(len(content.items), "point,points"),
        plural(len(content.all_decisions), "décision,décisions"),
    ]
    summary = f"{capitalized(content.when)} : {', '.join(counts)}. {content.attendance}".strip()
    return f"{summary} {CONFIRMS}" if confirms else summary


def _presence(meeting: Meeting, required: list[Organisation]) -> tuple[list[Delegation], str]:
    """Return who was there by organisation, the parties whose agreement is required first, and how
    many in a sentence."""
    rows = list(meeting.attendees.select_related("organisation", "proxy").order_by("name", "pk"))
    places = {party.pk: place for place, party in enumerate(required)}
    groups: dict[int | None, list[Attendee]] = defaultdict(list)
    for row in rows:
        groups[row.organisation_id].append(row)
    ordered = sorted(groups.items(), key=lambda pair: (
        places.get(pair[0] or 0, len(places) + (pair[0] is None)),
        pair[1][0].organisation.name if pair[1][0].organisation else "",
    ))  # fmt: skip
    delegations = [
        Delegation(
            people[0].organisation.name if people[0].organisation else "Autres invités",
            [Person(row.name, row.capacity, describe_presence(row)) for row in people],
        )
        for _key, people in ordered
    ]
    present = sum(row.is_present is True for row in rows)
    represented = sum(_is_represented(row) for row in rows)
    counts = []
    if present:
        counts.append(format_answer_count(present, "personne présente,personnes présentes"))
    if represented:
        counts.append(format_answer_count(represented, "représentée,représentées"))
    return delegations, f"{capitalized(', '.join(counts))}." if counts else ""


def _is_represented(attendee: Attendee) -> bool:
    """Return whether somebody who is not there has given a pouvoir to somebody who is."""
    proxy = attendee.proxy
    return attendee.is_present is not True and proxy is not None and proxy.is_present is True


def describe_presence(attendee: Attendee) -> str:
    """Return whether somebody was there: « oui », « pouvoir à Mme Durand », « non », « non notée »
    where nobody has ticked it."""
    if attendee.is_present:
        return "oui"
    if _is_represented(attendee):
        return f"pouvoir à {attendee.proxy}"
    if attendee.is_present is None and attendee.reply in (Reply.NONE, Reply.PRESENT):
        return "non notée"
    return "non"


def _decided(decision: Decision) -> Decided:
    """Return a decision as the minutes say it, with who is in charge and until when."""
    follow_up = [decision.owner.name] if decision.owner else []
    if decision.due_on:
        follow_up.append(f"pour le {long_date(decision.due_on)}")
    return Decided(decision.mark, decision.text, ", ".join(follow_up))


def _items_of(meeting: Meeting) -> Iterable[AgendaItem]:
    """Return the items of a meeting in their order, with their notes, documents and points."""
    versions = Version.objects.numbered().with_subjects().with_restored()
    return meeting.items.prefetch_related(
        Prefetch("versions", versions.order_by("proposed_at", "pk")), "documents__document"
    ).order_by("rank", "pk")


def _item(
    number: int, item: AgendaItem, decisions: list[Decided], points: dict[int, Point]
) -> Item:
    """Return an item of the agenda as the minutes say it. ``points``: by the key of the version on
    it."""
    details = [item.get_kind_display()]
    if item.presenter:
        details.append(f"présenté par {item.presenter}")
    return Item(
        number=number,
        title=item.title,
        details=", ".join(details),
        notes=item.notes,
        documents=[attached.document.name for attached in item.documents.all()],
        points=[points[version.pk] for version in item.versions.all()],
        decisions=decisions,
    )


def _points_discussed(items: list[AgendaItem], convention: Convention) -> dict[int, Point]:
    """Return the points of an agenda by the key of the version on it: one that was replaced since
    is shown as the version that stands now."""
    listed = {version.pk: version for row in items for version in row.versions.all()}
    replaced = [row for row in listed.values() if row.state == State.REPLACED]
    standing: dict[tuple[int, int], Version] = {}
    if replaced:
        rows = Version.objects.with_same_subject(replaced).live().with_subjects()
        for row in rows.with_restored().order_by("number"):
            standing[row.content_type_id, row.object_id] = row
    shown = {
        pk: standing.get((row.content_type_id, row.object_id), row)
        if row.state == State.REPLACED else row
        for pk, row in listed.items()
    }  # fmt: skip
    versions = {version.pk: version for version in shown.values()}
    for version in versions.values():
        version.convention = convention
    read = {point.version.pk: _point(point)
            for point in points_of(versions.values(), required_of(convention))}  # fmt: skip
    return {pk: read[version.pk] for pk, version in shown.items()}


def _point(point: DiscussedPoint) -> Point:
    """Return a point as the minutes say it: its text, what became of it, the answers, then the
    avis."""
    version = point.version
    return Point(
        heading=heading_of(version),
        title=version.title,
        outcome=_outcome(point),
        lines=text_of(version),
        voices=[*map(_voice, point.lights), *map(_opinion, point.opinions)],
    )


def _outcome(point: DiscussedPoint) -> str:
    """Return what became of a point, as a sentence."""
    version = point.version
    if version.is_in_force:
        day = long_date(version.stands_since)
        if version.ends:
            return f"Abandonné, d’un commun accord, le {day}."
        return f"En vigueur depuis le {day}."
    if version.is_proposed:
        return "À modifier." if point.is_returned else "Toujours en discussion."
    return f"Version {version.get_state_display()}."


def _voice(light: Light) -> str:
    """Return what a party said on a point, in the standard wordings."""
    party, entry = capitalized(light.organisation.the), light.entry
    recorded = _recorded(light)
    if entry is None:
        return recorded or f"{party} n’a pas encore répondu."
    who = f"{entry.person_name}, {entry.capacity}" if entry.capacity else entry.person_name
    if entry.is_recorded and entry.confirmation.by_name:
        who += f", {_confirmation(entry)}"
    when = long_date(entry.received_on or entry.created_at)
    wordings = {
        Answer.AGREED: f"{party} est d’accord ({who}, le {when}).",
        Answer.CHANGE_REQUESTED: f"{party} demande une modification ({who}) : {entry.reason}",
        Answer.RETRACTED: f"{party} a retiré son accord ({who}) : {entry.reason}",
        Answer.CONTESTED: f"{party} conteste l’accord saisi en son nom ({who}) : {entry.reason}",
        Answer.DELIBERATION: f"{party} délibère : {entry.body}, "
        f"{long_date(entry.body_date) if entry.body_date else ''} ({who}).",
        Answer.AGENDA: f"{party} demande que ce point vienne à une prochaine réunion ({who}).",
    }
    return f"{wordings[Answer(entry.answer)]} {recorded}".strip()


def _agreed_in_session(meeting: Meeting) -> list[str]:
    """Return what parties agreed to in one act each: by whom, on which points, and whether it was
    confirmed."""
    rows = RecordedAnswer.objects.filter(recorded_list__meeting=meeting).select_related(
        "recorded_list__organisation", "recorded_list__attendee", "agreement__version",
        "agreement__confirmation",
    )  # fmt: skip
    points: dict[tuple[RecordedList, str], list[str]] = defaultdict(list)
    for row in rows.order_by("recorded_list", "pk"):
        entry = row.agreement
        points[row.recorded_list, _confirmation(entry)].append(f"« {entry.version.title} »")
    return [
        f"{capitalized(recorded.organisation.the)}, par {recorded.attendee.name}, est d’accord sur "
        f"{enumerate_words(titles)} : {outcome}."
        for (recorded, outcome), titles in points.items()
    ]


def _confirmation(entry: Agreement) -> str:
    """Return whether what was recorded counts, and by whose confirmation."""
    if entry.is_pending:
        return "à confirmer, cela ne compte pas encore"
    if entry.is_refused:
        return f"ce n’est pas retenu ({entry.confirmation.by_name})"
    return f"confirmé par {entry.confirmation.by_name}"


def _recorded(light: Light) -> str:
    """Return what was recorded for a party and counts for nothing yet; empty for nothing."""
    entry = light.recorded
    if entry is None:
        return ""
    what = "Demande de modification recueillie" if entry.is_request else "Accord recueilli"
    pending = "elle ne compte pas encore" if entry.is_request else "il ne compte pas encore"
    return (
        f"{what} pour {entry.organisation.the} ({entry.person_name}, le "
        f"{long_date(entry.received_on)}), à confirmer : {pending}."
    )


def _opinion(entry: Agreement) -> str:
    """Return an avis as a sentence: its name, who gave it, the reason if there is one."""
    text = f" : {entry.reason}" if entry.reason else "."
    return f"{entry.get_answer_display()} ({entry.person_name}, {entry.capacity}){text}"
