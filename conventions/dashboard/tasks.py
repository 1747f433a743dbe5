"""What the convention itself brings to the tasks and the cards of its dashboard."""

from collections import defaultdict

from django.urls import reverse

from conventions.access.reading import to_confirm, undelivered_in
from conventions.access.rights import coordinated_by
from conventions.models import Coverage, MembershipOffer, Objective, Organisation
from ctg_portal.house import DashboardCard, Task
from ctg_portal.templatetags.french import enumerate_words


def coordination_tasks(user, conventions, today):
    """For the coordinator: parties without a member, invitations, who could not be reached."""
    coordinated = coordinated_by(user, conventions)
    tasks = defaultdict(list)
    alone = _by_convention(Organisation.objects.parties().without_member(), coordinated)
    expired = _by_convention(MembershipOffer.objects.expired(), coordinated)
    unreached = undelivered_in(coordinated) if coordinated else {}
    for convention in conventions:
        if convention.pk not in coordinated:
            continue
        access = reverse("conventions:access", args=[convention.slug])
        if names := alone.get(convention.pk):
            tasks[convention.pk].append(
                Task(
                    f"Personne n’a encore accès au portail au nom de : {enumerate_words(names)}.",
                    access,
                    "Inviter",
                    len(names),
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
                )
            )
    return tasks


def confirmation_tasks(user, conventions, today):
    """For who acts for an organisation: the accesses that await their word."""
    waiting = defaultdict(list)
    for line in to_confirm(user, conventions):
        waiting[line.membership.convention].append(line.membership)
    tasks = {}
    for convention, accesses in waiting.items():
        if len(accesses) == 1:
            [access] = accesses
            who = f"{access.user}, {access.get_role_display()} pour {access.organisation.the}"
            url = reverse("conventions:confirm_access", args=[convention.slug, access.pk])
            told = Task(f"1 accès à confirmer : {who}.", url, "Vérifier")
        else:
            url = reverse("conventions:my_access", args=[convention.slug])
            told = Task(f"{len(accesses)} accès à confirmer.", url, "Vérifier", len(accesses))
        tasks[convention.pk] = [told]
    return tasks


def _by_convention(rows, convention_ids) -> dict[int, list[str]]:
    """The labels of the rows by their organisation's convention."""
    labels = defaultdict(list)
    for convention_id, label in rows.labelled(convention_ids):
        labels[convention_id].append(label)
    return labels


def content_cards(user, convention, today):
    """How much the convention holds, each figure leading to its page."""
    day, words = convention.reading_day(today), convention.words

    def card(count, one, many, page):
        url = reverse(f"conventions:{page}", args=[convention.slug])
        return DashboardCard(str(count), many if count >= 2 else one, url)

    orientations = Objective.objects.of(convention).as_read_on(day).agreed().level(1)
    yield card(orientations.count(), words.objective.one, words.objective.many, "axes")
    parties = convention.organisations.parties().count()
    if convention.is_signed:
        yield card(parties, "partie signataire", "parties signataires", "parties")
    else:
        yield card(parties, "partie", "parties", "parties")
    communes = Coverage.objects.of(convention).perimeter(day).count()
    announced = convention.communes_announced
    told = f" (le texte en annonce {announced})" if announced not in (None, communes) else ""
    if communes:
        yield card(communes, f"commune{told}", f"communes{told}", "territory")
