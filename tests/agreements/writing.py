"""Proposed and agreed versions, written in few statements.

The events that lead there make a hundred queries, and most tests need only the rows that they
leave. ``test_factories`` compares the rows of both.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from agreements.answers.events import _new_entry
from agreements.answers.lights import Point, required_of
from agreements.answers.rights import may_answer
from agreements.commitments.commitment import Commitment, commitment_of
from agreements.commitments.fields import Children, Link
from agreements.models import Agreement, Answer, State, Version, VersionTransition, VersionVerb
from agreements.seats.rights import may_manage_committee
from agreements.seats.voices import bench_of
from agreements.versions.rights import refuse_after_term
from conventions.access.rights import coordinating
from conventions.models import Convention, Origin, Standing
from ctg_portal.house import house, let_follow


@transaction.atomic
def write_version(row: Model, content: dict, *, by, members=(), after_term: str) -> Version | None:
    """Write a new row and its first version, proposed by the coordinator ``by``; where there are
    ``members``, each has agreed to it, and it is in force.

    ``row`` is not saved yet, and is as its event first creates it; ``content`` is canonical. Writes
    nothing and returns None where the events would refuse something, or where other parties must
    agree as well: the caller plays the events then.
    """
    commitment = commitment_of(row)
    convention = Convention.objects.get(pk=commitment.convention_of(row).pk)
    version = _version(row, content, convention, by)
    if refuse_after_term(version, timezone.localdate()):
        version.after_term = after_term
    is_refused = may_manage_committee(by, convention) or not convention.is_signed
    if is_refused or commitment.refuse_incomplete(convention, version.content):
        return None
    entries = _entries(version, members) if members else []
    if entries is None:
        return None
    _write_row(row, commitment, version.content, is_agreed=bool(entries))
    version.object_id, version.proposed_at = row.pk, timezone.now()
    version.save()
    transitions = [_transition(version, VersionVerb.PROPOSED, **coordinating(by))]
    let_follow(house().after_proposal, version)
    if entries:
        for entry in entries:
            entry.index()
        Agreement.objects.bulk_create(entries)
        version.state, version.in_force_at = State.IN_FORCE, timezone.now()
        now = {"state": version.state, "in_force_at": version.in_force_at}
        Version.objects.filter(pk=version.pk).update(**now)
        last = {"by": entries[-1].entered_by, "capacity": entries[-1].capacity}
        transitions.append(_transition(version, VersionVerb.AGREED, **last))
    VersionTransition.objects.bulk_create(transitions)
    return version


def _version(row: Model, content: dict, convention: Convention, by) -> Version:
    commitment = commitment_of(row)
    version = Version(
        convention=convention, content_type=ContentType.objects.get_for_model(row),
        kind=commitment.kind, number=1, title=commitment.title_of(row, content)[:500],
        origin=Origin.COMMITTEE, state=State.PROPOSED, author=by, author_name=str(by),
    )  # fmt: skip
    version.write(content)
    return version


def _entries(version: Version, members) -> list[Agreement] | None:
    """Return the agreement of each member; None where one may not give it, or another party must
    agree as well."""
    point = Point(version, required_of(version.convention))
    bench = bench_of(version.convention, timezone.localdate())
    for member in members:
        voice = bench.voice(member, None, version.kind)
        if may_answer(voice, point):
            return None
        point.answers.append(_new_entry(voice, point, Answer.AGREED, by=member))
    return point.answers if point.is_agreed else None


def _write_row(row: Model, commitment: Commitment, content: dict, *, is_agreed: bool) -> None:
    """Write a row as a version leaves it, with its children and its history."""
    history = type(row).history.model
    states = [_columns(row, history)]
    for field in commitment.fields:
        if isinstance(field, Link):
            link = content[field.name]
            setattr(row, f"{field.name}_id", link and link["id"])
        elif not isinstance(field, Children):
            setattr(row, field.name, field.parse(content[field.name]))
    for standing in [Standing.DRAFT, Standing.PROPOSED, Standing.IN_FORCE][: 2 + is_agreed]:
        row.standing = standing
        states.append(_columns(row, history))
    row.index()
    type(row)._default_manager.bulk_create([row])
    history.objects.bulk_create(
        history(
            history_type="~" if at else "+", history_date=timezone.now(), **state | {"id": row.pk}
        )
        for at, state in enumerate(states)
    )
    for field in commitment.fields:
        if isinstance(field, Children) and content[field.name]:
            field.write(row, content[field.name])


def _columns(row: Model, history: type[Model]) -> dict:
    """Return the values of a row that its history tracks."""
    return {field.attname: getattr(row, field.attname) for field in history.tracked_fields}


def _transition(version: Version, verb: VersionVerb, *, by, capacity: str) -> VersionTransition:
    [before] = verb.step.froms
    transition = VersionTransition(
        version=version, verb=verb, from_state=before, to_state=verb.step.to,
        by=by, by_name=str(by), capacity=capacity,
    )  # fmt: skip
    transition.index()
    return transition
