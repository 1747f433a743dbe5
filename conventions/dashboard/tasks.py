"""Tasks and deadlines that the convention itself brings to its dashboard."""

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
from conventions.parties.reading import organisations_without_people
from ctg_portal.house import Blocks, Deadline, Task
from ctg_portal.templatetags.french import enumerate_words


def coordination_tasks(user: User, conventions, today):
    """Return, by convention, the coordinator's tasks: parties without a member, expired
    invitations, people whom mail could not reach."""
    coordinated = coordinated_by(user, conventions)
    if not coordinated:
        return {}
    lacking = organisations_without_people(one for one in conventions if one.pk in coordinated)
    expired = defaultdict(list)
    for convention, address in MembershipOffer.objects.expired().by_address(coordinated):
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
    """Return, by convention, the task of confirming accesses, for who may confirm them."""
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


def term_deadlines(user: User, conventions, today) -> dict[int, list[Deadline]]:
    """Return, by convention, its first and its last day, where they are to come."""
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
