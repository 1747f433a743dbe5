"""Tasks and deadlines that the convention itself brings to its dashboard."""

import datetime
from collections import defaultdict

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conventions.access.models import MembershipOffer
from conventions.access.reading import (
    AccessLine,
    accesses_to_confirm,
    invitation_addresses,
    undelivered_by_convention,
)
from conventions.access.rights import coordinated_by
from conventions.legal.convention import Convention
from conventions.parties.reading import organisations_without_people
from ctg_portal.house import Blocks, Deadline, Task
from ctg_portal.templatetags.french import enumerate_words


def coordination_tasks(
    user: User, conventions: list[Convention], today: datetime.date
) -> dict[int, list[Task]]:
    """Map the conventions that ``user`` coordinates to tasks on parties without a member, guarded
    organisations without référent, expired invitations, and people whom no mail reaches."""
    coordinated = coordinated_by(user, conventions)
    if not coordinated:
        return {}
    lacking = organisations_without_people([c for c in conventions if c.pk in coordinated])
    expired = defaultdict(list)
    for convention, address in MembershipOffer.objects.expired().by_address(coordinated):
        expired[convention].append(address)
    unreached = undelivered_by_convention(coordinated)
    tasks: dict[int, list[Task]] = defaultdict(list)
    for convention in conventions:
        if convention.pk not in coordinated:
            continue
        access = reverse("conventions:access", args=[convention.slug])
        alone, unanswered = lacking[convention.pk]
        own_tasks = tasks[convention.pk]
        if alone:
            text = f"Personne n’a encore accès au portail au nom de : {enumerate_words(alone)}."
            own_tasks.append(Task(text, access, "Inviter", len(alone), blocks=Blocks.SOMEBODY))
        if unanswered:
            text = (
                f"Sans référent des accès : {enumerate_words(unanswered)}. L’hébergeur du portail "
                "le désigne ; d’ici là, les personnes proposées lisent seulement."
            )
            count = len(unanswered)
            own_tasks.append(Task(text, access, "Voir les accès", count, blocks=Blocks.SOMEBODY))
        if addresses := expired.get(convention.pk):
            text = f"Invitation expirée sans réponse : {enumerate_words(addresses)}."
            own_tasks.append(Task(text, access, "Voir les invitations", len(addresses)))
        if rows := unreached.get(convention.pk):
            whom = enumerate_words(row.who for row in rows)
            text = f"Le dernier message n’a pas pu être remis à {whom} : vérifiez l’adresse."
            since = timezone.localtime(min(row.on for row in rows)).date()
            own_tasks.append(
                Task(text, access, "Voir les accès", len(rows), since=since, blocks=Blocks.SOMEBODY)
            )
    return tasks


def confirmation_tasks(
    user: User, conventions: list[Convention], today: datetime.date
) -> dict[int, list[Task]]:
    """Map each convention to the one task of confirming the accesses that ``user`` may confirm;
    without any, it is left out."""
    waiting = defaultdict(list)
    for access in accesses_to_confirm(user, conventions):
        waiting[access.convention].append(access)
    alone = [access for [access, *others] in waiting.values() if not others]
    invited, tasks = invitation_addresses(alone), {}
    for convention, accesses in waiting.items():
        if len(accesses) == 1:
            [access] = accesses
            line = AccessLine(access, invited_address=invited.get(access.pk, ""))
            name = f"{access.user} ({line.address})"
            who = f"{name}, {access.get_role_display()} pour {access.organisation.the}"
            url = reverse("conventions:confirm_access", args=[convention.slug, access.pk])
            text, short = f"1 accès à confirmer : {who}.", f"1 accès à confirmer : {access.user}"
        else:
            url = reverse("conventions:my_access", args=[convention.slug])
            text, short = f"{len(accesses)} accès à confirmer.", ""
        task = Task(text, url, "Vérifier", len(accesses), blocks=Blocks.SOMEBODY, headline=short)
        tasks[convention.pk] = [task]
    return tasks


def term_deadlines(
    user: User, conventions: list[Convention], today: datetime.date
) -> dict[int, list[Deadline]]:
    """Map each convention to its first and last day, those that are still to come."""
    deadlines = {}
    for convention in conventions:
        text = reverse("conventions:text", args=[convention.slug])
        days = [
            (convention.start, "Début de la convention"),
            (convention.end, "Terme de la convention"),
        ]
        deadlines[convention.pk] = [
            Deadline(day, label, text) for day, label in days if day and day >= today
        ]
    return deadlines
