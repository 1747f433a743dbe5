"""Bodies of a convention that meet: add one, name its members; what is asked of its meetings."""

from collections.abc import Mapping

from accounts.models import User
from committee.meetings.models import (
    Body,
    BodyKind,
    BodyMember,
    LeastPresence,
    MeetingRules,
)
from committee.meetings.rights import may_manage_meetings, may_remove_body
from conventions.legal.convention import lock_convention
from conventions.models import Convention, Organisation
from ctg_portal.forms.revisions import check_revision
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.search.rows import fold

TWICE = Refusal("Une instance de la convention porte déjà ce nom.")
MEMBER_TWICE = Refusal("Cette personne est déjà membre de cette instance.")
SEATED = Refusal(
    "Les membres du comité de pilotage sont ceux de la composition : nommez-les à un siège."
)


@event(Subject.COMMITTEE)
def body_of(convention: Convention, kind: str) -> Body:
    """Return the comité de pilotage or the comité technique of a convention; create it if it has
    never met."""
    name = BodyKind(kind).label.capitalize()
    body, _is_new = Body.objects.get_or_create(
        convention=convention, kind=kind, defaults={"name": name}
    )
    return body


@event(Subject.COMMITTEE)
def add_body(convention: Convention, *, name: str, by: User) -> Body:
    """Add a thematic committee. Raises Refused for who may not, and for a name that is taken."""
    enforce(may_manage_meetings(by, convention))
    # Two forms sent at once wait for one another.
    lock_convention(convention.pk)
    names = [*Body.objects.of(convention).values_list("name", flat=True)]
    names += [kind.label for kind in BodyKind.standard()]
    if fold(name) in map(fold, names):
        raise Refused(TWICE)
    body = Body(convention=convention, kind=BodyKind.THEMATIC, name=name)
    body.save()
    return body


@event(Subject.COMMITTEE)
def remove_body(body: Body, *, by: User) -> None:
    """Remove a body that has never met, with its members. Raises Refused."""
    body = Body.objects.select_related("convention").select_for_update(of=("self",)).get(pk=body.pk)
    enforce(may_remove_body(by, body))
    body.delete()


@event(Subject.COMMITTEE)
def add_member(
    body: Body, *, name: str, capacity: str, email: str, organisation: Organisation | None,
    user: User | None = None, by: User,
) -> BodyMember:  # fmt: skip
    """Name a member of a body, with an account (``user``) or without. Raises Refused, also for the
    comité de pilotage, whose members have seats, and for who is a member already."""
    body = Body.objects.select_related("convention").select_for_update(of=("self",)).get(pk=body.pk)
    enforce(may_manage_meetings(by, body.convention))
    if body.is_steering:
        raise Refused(SEATED)
    for member in body.members.all():
        is_same = (
            member.user_id == user.pk
            if user and member.user_id
            else fold(member.name) == fold(name) and member.organisation == organisation
        )
        if is_same:
            raise Refused(MEMBER_TWICE)
    return BodyMember.objects.create(
        body=body, name=name, capacity=capacity, email=email, organisation=organisation, user=user
    )


@event(Subject.COMMITTEE)
def remove_member(body: Body, member: BodyMember, *, by: User) -> None:
    """Remove a member of a body; who was convened to its meetings stays in them. Raises Refused."""
    enforce(may_manage_meetings(by, body.convention))
    body.members.filter(pk=member.pk).delete()


@event(Subject.COMMITTEE)
def set_rules(
    convention: Convention, *, notice_days: int | None, quorum: int | None,
    least: Mapping[Organisation, int | None], by: User, revision: int | None = None,
) -> MeetingRules:  # fmt: skip
    """Write what the convention asks of the meetings of its comité de pilotage: days of notice,
    quorum, members of each party (None or 0: nothing). Raises Refused, with Rewritten when it was
    changed since ``revision``."""
    enforce(may_manage_meetings(by, convention))
    lock_convention(convention.pk)
    rules = MeetingRules.objects.filter(convention=convention).first()
    check_revision(rules, revision)
    rules = rules or MeetingRules(convention=convention)
    rules.notice_days, rules.quorum = notice_days, quorum
    rules.save()
    for organisation, count in least.items():
        rows = LeastPresence.objects.filter(organisation=organisation)
        if not count:
            rows.delete()
        else:
            LeastPresence.objects.update_or_create(
                organisation=organisation, defaults={"count": count}
            )
    return rules
