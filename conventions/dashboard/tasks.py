"""What the convention itself brings to the tasks and to the calendar of its dashboard."""

from collections import defaultdict

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conventions.access.reading import (
    AccessLine,
    accesses_to_confirm,
    invitation_addresses,
    undelivered_by_convention,
)
from conventions.access.rights import coordinated_by
from conventions.models import MembershipOffer
from conventions.parties.reading import lacking_people
from ctg_portal.house import Blocks, Deadline, Task
from ctg_portal.templatetags.french import enumerate_words


def coordination_tasks(user: User, conventions, today):
    """For the coordinator: parties without a member, invitations, who could not be reached."""
    coordinated = coordinated_by(user, conventions)
    if not coordinated:
        return {}
    lacking = lacking_people(one for one in conventions if one.pk in coordinated)
    expired = defaultdict(list)
    for convention, address in MembershipOffer.objects.expired().labelled(coordinated):
        expired[convention].append(address)
    unreached, tasks = undelivered_by_convention(coordinated), defaultdict(list)
    for convention in conventions:
        if convention.pk not in coordinated:
            continue
        access = reverse("conventions:access", args=[convention.slug])
        alone, unanswered = lacking[convention.pk]
        if names := alone:
            tasks[convention.pk].append(
                Task(
                    f"Personne n’a encore accès au portail au nom de : {enumerate_words(names)}.",
                    access,
                    "Inviter",
                    len(names),
                    blocks=Blocks.SOMEBODY,
                )
            )
        if names := unanswered:
            tasks[convention.pk].append(
                Task(
                    f"Sans référent des accès : {enumerate_words(names)}. L’hébergeur du portail "
                    "le désigne ; d’ici là, les personnes proposées lisent seulement.",
                    access,
                    "Voir les accès",
                    len(names),
                    blocks=Blocks.SOMEBODY,
                )
            )
        if names := expired.get(convention.pk):
            tasks[convention.pk].append(
                Task(
                    f"Invitation expirée sans réponse : {enumerate_words(names)}.",
                    access,
                    "Voir les invitations",
                    len(names),
                )
            )
        if rows := unreached.get(convention.pk):
            whom = enumerate_words(row.who for row in rows)
            tasks[convention.pk].append(
                Task(
                    f"Le dernier message n’a pas pu être remis à {whom} : vérifiez l’adresse.",
                    access,
                    "Voir les accès",
                    len(rows),
                    since=timezone.localtime(min(row.on for row in rows)).date(),
                    blocks=Blocks.SOMEBODY,
                )
            )
    return tasks


def confirmation_tasks(user: User, conventions, today):
    """For who acts for an organisation: the accesses that await their word."""
    waiting = defaultdict(list)
    for access in accesses_to_confirm(user, conventions):
        waiting[access.convention].append(access)
    alone = [access for [access, *others] in waiting.values() if not others]
    invited, tasks = invitation_addresses(alone), {}
    for convention, accesses in waiting.items():
        if len(accesses) == 1:
            [access] = accesses
            line = AccessLine(access, invited_address=invited.get(access.pk, ""))
            called = f"{access.user} ({line.address})"
            who = f"{called}, {access.get_role_display()} pour {access.organisation.the}"
            url = reverse("conventions:confirm_access", args=[convention.slug, access.pk])
            told, short = f"1 accès à confirmer : {who}.", f"1 accès à confirmer : {access.user}"
        else:
            url = reverse("conventions:my_access", args=[convention.slug])
            told, short = f"{len(accesses)} accès à confirmer.", ""
        task = Task(told, url, "Vérifier", len(accesses), blocks=Blocks.SOMEBODY, headline=short)
        tasks[convention.pk] = [task]
    return tasks


def term_deadlines(user: User, conventions, today) -> dict[int, list[Deadline]]:
    """The first and the last day of the convention, as long as they are to come."""
    found = {}
    for convention in conventions:
        text = reverse("conventions:text", args=[convention.slug])
        days = [
            (convention.start, "Début de la convention"),
            (convention.end, "Terme de la convention"),
        ]
        found[convention.pk] = [
            Deadline(day, told, text) for day, told in days if day and day >= today
        ]
    return found
