"""What this chapter brings itself to the menu, the dashboard and the tasks."""

from collections import defaultdict

from django.urls import reverse

from accounts.rights import ANONYMISATION_OBJECTIONS
from conventions import registry
from conventions.models import Coverage, MembershipOffer, Objective, Organisation
from conventions.rights import keeps_last_coordinator
from ctg_portal.templatetags.french import enumerate_words

registry.register_chapter(registry.Chapter("Tableau de bord", "conventions:dashboard", 0))
registry.register_chapter(registry.Chapter("Texte de la convention", "conventions:text", 10))
registry.register_chapter(
    registry.Chapter("{words.axis.titles} et {words.objective.many}", "conventions:axes", 20)
)
registry.register_chapter(registry.Chapter("Parties et signataires", "conventions:parties", 70))
registry.register_chapter(registry.Chapter("Poste de coopération", "conventions:cooperation", 80))
registry.register_chapter(registry.Chapter("Territoire", "conventions:territory", 90))

ANONYMISATION_OBJECTIONS.append(keeps_last_coordinator)


def coordination_tasks(user, conventions, today):
    """For the coordinator: a final evaluation to lead, parties without a member, invitations."""
    held = user.memberships.active().coordinators().filter(organisation__convention__in=conventions)
    coordinated = set(held.values_list("organisation__convention", flat=True))
    tasks = defaultdict(list)
    alone = _by_convention(Organisation.objects.parties().without_member(), coordinated)
    expired = _by_convention(MembershipOffer.objects.expired(), coordinated)
    for convention in conventions:
        if convention.pk not in coordinated:
            continue
        access = reverse("conventions:access", args=[convention.slug])
        if convention.has_ended(today):
            tasks[convention.pk].append(
                registry.Task(
                    "La convention est arrivée à son terme : son évaluation finale est à conduire.",
                    reverse("conventions:text", args=[convention.slug]),
                    "Relire les engagements",
                )
            )
        if names := alone.get(convention.pk):
            tasks[convention.pk].append(
                registry.Task(
                    f"Personne n’a encore accès au portail au nom de : {enumerate_words(names)}.",
                    access,
                    "Inviter",
                    len(names),
                )
            )
        if names := expired.get(convention.pk):
            tasks[convention.pk].append(
                registry.Task(
                    f"Invitation expirée sans réponse : {enumerate_words(names)}.",
                    access,
                    "Voir les invitations",
                    len(names),
                )
            )
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

    def url(name):
        return reverse(f"conventions:{name}", args=[convention.slug])

    orientations = Objective.objects.of(convention).as_read_on(day).level(1).count()
    communes = Coverage.objects.of(convention).perimeter(day).count()
    parties = convention.organisations.parties().count()
    yield registry.Card(str(orientations), words.objective.many, url("axes"))
    yield registry.Card(str(parties), "parties signataires" if convention.is_signed else "parties",
                        url("parties"))  # fmt: skip
    if communes:
        yield registry.Card(str(communes), "communes", url("territory"))


registry.register_tasks(coordination_tasks)
registry.register_cards(content_cards)
