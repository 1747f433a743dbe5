"""A sheet is written from another one: of the same plan, or of a convention that one sees as well.

What is copied is what was agreed to, never the life of the action. From another convention come
words alone: no figure, no note, no document, nobody's name, and nothing says where they come from.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from actions.models import Action
from actions.plan.commitments import CALENDAR, MEANS, ActionCommitment
from actions.plan.events import add_action, canonical_content
from agreements.commitments.commitment import commitment_of
from agreements.models import Version
from conventions.models import Convention, Membership, Objective, Organisation, Theme
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused
from ctg_portal.search import fold

SAME_TITLE = Refusal("Donnez à la nouvelle fiche un autre titre.")
NOT_SEEN = Refusal("Cette fiche n’est pas, ou plus, de celles que vous pouvez reprendre.")
# Of another convention, what holds wherever it is read.
WORDS = ("title", "diagnosis", "description", "audience", "expected_results", "priority",
         "is_innovative")  # fmt: skip


@event(Subject.PLAN)
def duplicate_action(action: Action, *, title: str, is_whole: bool, by: User) -> Version:
    """Write the draft of a new action as this one was agreed to, under another title.

    ``is_whole``: its calendar, means and planned money as well. Raises Refused.
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


def to_take_up(convention: Convention, user: User) -> QuerySet[Action]:
    """The actions of other conventions that ``user`` sees and may write anew in this one: those in
    force, which all its readers read."""
    others = Convention.objects.visible_to(user).exclude(pk=convention.pk)
    return Action.objects.filter(convention__in=others).agreed()


@dataclass(frozen=True)
class Attached:
    """An action of another convention, and what of this one it is to hang on."""

    action: Action
    theme: Theme
    objective: Objective | None = None


class Namesakes:
    """The organisations of a convention, found by what they are called in another one."""

    def __init__(self, convention: Convention):
        rows = list(Organisation.objects.filter(convention=convention))
        self.by_name = {fold(row.name): row for row in rows}
        self.by_siren = {row.siren: row for row in rows if row.siren}

    def of(self, organisation: Organisation) -> Organisation | None:
        by_siren = self.by_siren.get(organisation.siren)
        return by_siren or self.by_name.get(fold(organisation.name))

    def split(self, organisations: Iterable[Organisation]) -> tuple[list[Organisation], list[str]]:
        """Those that are here too, each once, and the names of the others."""
        known, unknown = {}, []
        for organisation in organisations:
            if found := self.of(organisation):
                known[found.pk] = found
            else:
                unknown.append(organisation.name)
        return list(known.values()), list(dict.fromkeys(unknown))


def organisations_of(action: Action) -> list[Organisation]:
    """Who leads or shares an action."""
    return [*(lead.organisation for lead in action.leads.all()), *action.partners.all()]


@event(Subject.PLAN)
def take_up_actions(convention: Convention, chosen: list[Attached], *, by: User) -> list[Version]:
    """Write a draft for each of these actions of conventions that ``by`` sees. All or none; what
    the same person has already taken up word for word is not written again. Raises Refused."""
    seen = to_take_up(convention, by).filter(pk__in=[one.action.pk for one in chosen])
    if set(seen.values_list("pk", flat=True)) != {one.action.pk for one in chosen}:
        raise Refused(NOT_SEEN)
    namesakes = Namesakes(convention)
    return [add_action(convention, taken_up(one, namesakes), once=True, by=by) for one in chosen]


def taken_up(one: Attached, namesakes: Namesakes) -> dict:
    """The canonical content of the draft."""
    action = one.action
    leads, _ = namesakes.split(lead.organisation for lead in action.leads.all())
    partners, _ = namesakes.split(action.partners.all())
    told = {name: getattr(action, name) for name in WORDS}
    return canonical_content(
        told
        | {
            "theme": one.theme,
            "objectives": [one.objective] if one.objective else [],
            "leads": [{"organisation": row, "name": "", "capacity": "", "user": None}
                      for row in leads],
            "partners": partners,
        }
    )  # fmt: skip
