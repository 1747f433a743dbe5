"""Write a sheet from another one: of the same plan, or of another convention that the writer sees.

What was agreed is copied, never the life of the action. From another convention come words alone:
no figure, no note, no document, nobody's name, and nothing says where they come from.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from actions.plan.commitments import CALENDAR, MEANS, ActionCommitment
from actions.plan.events import add_action, canonical_content
from actions.plan.models import Action
from agreements.commitments.commitment import commitment_of
from agreements.models import Version
from conventions.models import Convention, Membership, Objective, Organisation, Theme
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused
from ctg_portal.search.rows import fold

SAME_TITLE = Refusal("Donnez à la nouvelle fiche un autre titre.")
NOT_COPIABLE = Refusal("Cette fiche n’est pas, ou plus, de celles que vous pouvez reprendre.")
# The fields that are copied from another convention: their words hold wherever they are read.
WORDS = ("title", "diagnosis", "description", "audience", "expected_results", "priority",
         "is_innovative")  # fmt: skip


@event(Subject.PLAN)
def duplicate_action(action: Action, *, title: str, is_whole: bool, by: User) -> Version:
    """Write the draft of a new action as this one was agreed, under another title.

    ``is_whole``: with its calendar, means and planned money too. Leads who have no access any more
    lose the link to their account. Raises Refused.
    """
    if fold(title) == fold(action.title):
        raise Refused(SAME_TITLE)
    content = commitment_of(action).content(action) | {"title": title}
    if not is_whole:
        dates = {"starts_on", "ends_on", "is_continuous"}
        blank = canonical_content({})
        content |= {
            field.name: blank[field.name]
            for field in ActionCommitment.fields
            if field.section == MEANS or (field.section == CALENDAR and field.name in dates)
        }
    here = set(Membership.objects.active().of(action.convention).values_list("user", flat=True))
    for lead in content["leads"]:
        if lead["user"] and lead["user"]["id"] not in here:
            lead["user"] = None
    return add_action(action.convention, content, once=True, by=by)


def copiable_actions(convention: Convention, user: User) -> QuerySet[Action]:
    """Return the actions in force of the other conventions that ``user`` sees."""
    others = Convention.objects.visible_to(user).exclude(pk=convention.pk)
    return Action.objects.filter(convention__in=others).agreed()


@dataclass(frozen=True)
class PlacedAction:
    """An action of another convention, and the theme or objective under which it is copied."""

    action: Action
    theme: Theme
    objective: Objective | None = None


class Namesakes:
    """The organisations of a convention, matched with those of another by SIREN, else name."""

    def __init__(self, convention: Convention):
        rows = list(Organisation.objects.filter(convention=convention))
        self.by_name = {fold(row.name): row for row in rows}
        self.by_siren = {row.siren: row for row in rows if row.siren}

    def match(self, organisation: Organisation) -> Organisation | None:
        """Return the organisation here with the same SIREN, else with the same name; None without
        one."""
        by_siren = self.by_siren.get(organisation.siren)
        return by_siren or self.by_name.get(fold(organisation.name))

    def split(self, organisations: Iterable[Organisation]) -> tuple[list[Organisation], list[str]]:
        """Return the organisations found here, each once, and the names of the others."""
        known, unknown = {}, []
        for organisation in organisations:
            if match := self.match(organisation):
                known[match.pk] = match
            else:
                unknown.append(organisation.name)
        return list(known.values()), list(dict.fromkeys(unknown))


def leads_and_partners(action: Action) -> list[Organisation]:
    """Return the organisations that lead an action, then its partners."""
    return [*(lead.organisation for lead in action.leads.all()), *action.partners.all()]


@event(Subject.PLAN)
def take_up_actions(
    convention: Convention, chosen: list[PlacedAction], *, by: User
) -> list[Version]:
    """Write a draft for each of these actions of other conventions: all of them or none.

    What the same person has already copied word for word is not written again. Raises Refused, also
    where ``by`` does not see one of them any more.
    """
    seen = copiable_actions(convention, by).filter(pk__in=[placed.action.pk for placed in chosen])
    if set(seen.values_list("pk", flat=True)) != {placed.action.pk for placed in chosen}:
        raise Refused(NOT_COPIABLE)
    namesakes = Namesakes(convention)
    return [
        add_action(convention, content_of_copy(placed, namesakes), once=True, by=by)
        for placed in chosen
    ]


def content_of_copy(placed: PlacedAction, namesakes: Namesakes) -> dict:
    """Return the canonical content of the copy: texts and organisations known here, without people,
    dates, means, money and communes."""
    action = placed.action
    leads, _ = namesakes.split(lead.organisation for lead in action.leads.all())
    partners, _ = namesakes.split(action.partners.all())
    words = {name: getattr(action, name) for name in WORDS}
    return canonical_content(
        words
        | {
            "theme": placed.theme,
            "objectives": [placed.objective] if placed.objective else [],
            "leads": [{"organisation": row, "name": "", "capacity": "", "user": None}
                      for row in leads],
            "partners": partners,
        }
    )  # fmt: skip
