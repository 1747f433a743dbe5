"""The host designates référents des accès, and says that an official address is the right one.

Each act is kept: who acted for the host is the ``operator`` of a ``Designation``, the writer of an
address in its history.
"""

from collections.abc import Iterable

from django.utils import timezone

from accounts.events import create_invitation, revoke_invitation
from accounts.models import Invitation, User
from conventions.access import events as access
from conventions.access.mail import send_invitation
from conventions.access.models import MembershipOffer, Role
from conventions.hosting import mail, rights
from conventions.hosting.models import LIFETIME, Designation
from conventions.legal.convention import Convention
from conventions.parties.models import Organisation
from ctg_portal.marks.events import changed, changing, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from documents.models import StoredFile


@event()
def send_link(
    organisations: Iterable[Organisation], *, operator: User | None
) -> tuple[Designation, str]:
    """Send a link to the official address of the first of these organisations, which are one body
    in several conventions. Return the designation and the token. Raises Refused where that
    organisation has a référent, or no address that the host has confirmed."""
    organisations = list(organisations)
    first = organisations[0]
    enforce(rights.may_seek_referent(first))
    if not (first.email and first.email_confirmed_at):
        raise Refused(Refusal(f"L’adresse officielle {first.genitive} est d’abord à confirmer."))
    designation = Designation(email=first.email, operator=operator)
    token = designation.renew_token()
    designation.save()
    designation.organisations.set(organisations)
    for organisation in organisations:
        changed(organisation, Subject.PEOPLE)
    mail.send_link(designation, token)
    return designation, token


@event()
def send_all(*, operator: User | None, convention: Convention | None = None) -> list[Designation]:
    """Send a link for each guarded organisation without référent that has a confirmed address and
    no open link, of one convention if given; return the designations."""
    waiting = Organisation.objects.without_referent().exclude(email_confirmed_at=None)
    if convention is not None:
        waiting = waiting.filter(convention=convention)
    waiting = waiting.exclude(designations__in=Designation.objects.open()).order_by("pk")
    return [send_link([organisation], operator=operator)[0] for organisation in waiting]


@event()
def accept(designation: Designation, *, by: User) -> None:
    """Make ``by`` a référent of each organisation of a designation, and revoke the invitations that
    its link has led to. Raises Refused."""
    designation = Designation.objects.select_for_update().get(pk=designation.pk)
    enforce(rights.may_accept(by, designation))
    designation.accepted_by, designation.accepted_at = by, timezone.now()
    designation.save(update_fields=["accepted_by", "accepted_at"])
    _revoke_invitations_of(designation)
    for organisation in designation.organisations.select_related("convention"):
        changed(organisation, Subject.PEOPLE)
        make_referent(by, organisation)


@event()
def accept_as_newcomer(designation: Designation, *, email: str) -> tuple[Invitation, str]:
    """Invite an address as référent of the designation's organisations, since its owner has the
    link and no account; return the invitation and its token. An earlier invitation by this link is
    revoked; the link stays open until one is accepted. Raises Refused."""
    designation = Designation.objects.select_for_update().get(pk=designation.pk)
    enforce(rights.may_accept(User(email=email), designation))
    _revoke_invitations_of(designation)
    invitation, token = create_invitation(email=email, by=None)
    organisations = list(designation.organisations.select_related("convention"))
    for organisation in organisations:
        changed(organisation, Subject.PEOPLE)
        MembershipOffer.objects.create(
            invitation=invitation, organisation=organisation, role=Role.REFERENT
        )
    send_invitation(invitation, organisations[0], token)
    return invitation, token


def _revoke_invitations_of(designation: Designation) -> None:
    """Revoke the host's pending invitations to be référent of the designation's organisations."""
    offers = MembershipOffer.objects.pending().filter(
        organisation__in=designation.organisations.all(), role=Role.REFERENT,
        invitation__invited_by=None,
    )  # fmt: skip
    for invitation in Invitation.objects.filter(offers__in=offers).distinct().order_by("pk"):
        revoke_invitation(invitation, by=None)


@event()
def designate(user: User, organisations: Iterable[Organisation], *, operator: User | None,
              letter: StoredFile | None = None) -> Designation:  # fmt: skip
    """Make somebody a référent of these organisations on behalf of the host; return the
    designation, which is accepted at once. ``letter``: the signed letter that names them (None: by
    the command). Raises Refused."""
    now, organisations = timezone.now(), list(organisations)
    designation = Designation.objects.create(
        operator=operator, letter=letter, accepted_by=user, accepted_at=now,
        expires_at=now + LIFETIME,
    )  # fmt: skip
    designation.organisations.set(organisations)
    for organisation in organisations:
        changed(organisation, Subject.PEOPLE)
        make_referent(user, organisation)
    return designation


def make_referent(user: User, organisation: Organisation) -> None:
    """Give somebody a confirmed access as référent, and confirm what else they hold there, if
    anything waits. Raises Refused for the access alone; runs in the transaction of its caller."""
    access.open_access(user=user, organisation=organisation, role=Role.REFERENT)
    try:
        access.confirm_person(user, organisation, by=None)
    except Refused:
        return  # nothing else was to be confirmed


def remind_unanswered() -> None:
    """Send each link to remind of (``to_remind``) once more, with a new token; not where a référent
    was designated otherwise."""
    for designation in Designation.objects.to_remind():
        if rights.is_no_longer_needed(designation):
            continue
        with changing():
            for organisation in designation.organisations.all():
                changed(organisation, Subject.PEOPLE)
            token = designation.renew_token()
            designation.reminded_at = timezone.now()
            designation.save()
            mail.send_link(designation, token, is_reminder=True)
