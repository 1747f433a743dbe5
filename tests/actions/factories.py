"""Stories of the action plan: an action proposed, in force, led by somebody, followed."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from actions.follow_up import parts
from actions.follow_up.events import follow_up
from actions.models import Action, JournalEntry
from actions.plan.events import add_action, canonical_content, next_number
from actions.plan.faults import incoherent
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.commitments import canonical
from agreements.commitments.commitment import commitment_of
from agreements.models import Version
from agreements.versions import events as drafts
from conventions.models import Standing, Theme
from ctg_portal.rules import Refusal, Refused
from tests.agreements.factories import LONG_AGO, WHY, Committee, agreed_since


def action_content(committee: Committee, **values) -> dict:
    """Return the canonical content of a whole action of the Caf, from the start of the convention
    on."""
    convention = committee.convention
    return canonical_content(
        {
            "title": "Ouvrir un lieu d’accueil enfants-parents",
            "theme": committee.orientation.theme,
            "objectives": [committee.orientation],
            "description": "Un lieu **itinérant**, deux matinées par semaine.",
            "audience": "Enfants de moins de six ans et leurs parents",
            "expected_results": "Deux cents familles accueillies chaque année.",
            "leads": [
                {"organisation": committee.caf, "name": "Nadia Lefèvre", "capacity": "Conseillère"}
            ],
            "starts_on": convention.start,
            "ends_on": convention.end,
            "is_whole_territory": True,
            "fundings": [funding(committee.caf, convention.start.year, planned="12000")],
        }
        | values
    )


def funding(funder, year: int, *, planned="1000", nature="operating", scheme="") -> dict:
    """Return a planned line; ``funder`` is an organisation, or the name of another."""
    is_name = isinstance(funder, str)
    return {
        "funder": None if is_name else funder,
        "funder_name": funder if is_name else "",
        "year": year,
        "nature": nature,
        "scheme": scheme,
        "planned": Decimal(planned),
    }


def draft_action(committee: Committee, **values) -> Version:
    content = action_content(committee, **values)
    return add_action(committee.convention, content, by=committee.coordinator)


def proposed_action(committee: Committee, **values) -> Version:
    content = action_content(committee, **values)
    row = _new_action(committee, content)
    written = row and committee.write_proposed(row, content)
    if written:
        return written
    draft = add_action(committee.convention, content, by=committee.coordinator)
    return drafts.propose(draft, by=committee.coordinator, after_term=WHY)


def action_in_force(committee: Committee, **values) -> Action:
    """Return an action that both parties have agreed to."""
    content = action_content(committee, **values)
    row = _new_action(committee, content)
    version = row and committee.write_in_force(row, content)
    if not version:
        version = proposed_action(committee, **values)
        agree(committee, version)
    return Action.objects.get(pk=version.object_id)


def _new_action(committee: Committee, content: dict) -> Action | None:
    """Create the row as ``add_action`` first does; None where that refuses the content."""
    if any(incoherent(content)) or not content["title"].strip() or not content["theme"]:
        return None
    theme = Theme.objects.select_related("axis").get(pk=content["theme"]["id"])
    rank, number = next_number(committee.convention, theme)
    return Action(
        convention=committee.convention,
        theme=theme,
        rank=rank,
        number=number,
        standing=Standing.DRAFT,
        title=content["title"],
    )


def action_since_long(committee: Committee, **values) -> Action:
    """Return an action in force since long ago: in the report of each year that it touches."""
    action = action_in_force(committee, **values)
    agreed_since(Version.objects.about(action).get(), LONG_AGO)
    return action


def agree(committee: Committee, version: Version) -> None:
    for member in (committee.caf_member, committee.epci_member):
        answers.answer(Reply(version), by=member)


def agreed_again(committee: Committee, action: Action, **values) -> Action:
    """Make both parties agree to a next version of an action, and return it."""
    version = Version.objects.about(action).in_force().get()
    fields = {field.name: field for field in version.commitment.fields}
    content = version.content | {name: fields[name].plain(v) for name, v in values.items()}
    draft = drafts.save_draft(action, content, by=committee.coordinator)
    agree(committee, drafts.propose(draft, by=committee.coordinator, after_term=WHY))
    return Action.objects.get(pk=action.pk)


def in_state(action: Action, state: str, *, on=None, reason="", progress=None, by=None):
    """Write the state of an action, and return the action as it is then."""
    today = timezone.localdate()
    values = {
        "state": state,
        "state_on": on or today,
        "state_reason": reason,
        "stated_progress": progress,
        "stated_on": None if progress is None else on or today,
    }
    follow_up(action, parts.STATE, parts.STATE.plain(values), by=by)
    return Action.objects.get(pk=action.pk)


def with_milestones(action: Action, *milestones: tuple, by=None, on=None) -> Action:
    """Write milestones, each (title, due day, done day or None[, weight]), as if on the day ``on``
    (today), and return the action."""
    rows = [
        {"title": title, "due_on": due, "done_on": done, "weight": (weight or [1])[0]}
        for title, due, done, *weight in milestones
    ]
    entry = follow_up(action, parts.MILESTONES, parts.MILESTONES.plain({"milestones": rows}), by=by)
    if entry and on:
        JournalEntry.objects.filter(pk=entry.pk).update(day=on)
    return Action.objects.get(pk=action.pk)


def noted(
    action: Action, year: int, text: str = "Deux ateliers ont eu lieu.", *, by=None, **others
):
    """Write the note of a year."""
    part = parts.NotePart(year)
    values = {"text": text, "brakes": "", "levers": "", "prospects": ""} | others
    return follow_up(action, part, part.plain(values), by=by)


def spent(action: Action, amounts: dict[int, tuple], *, by=None) -> Action:
    """Write what was granted and spent, (granted, spent) by primary key of a line, and return the
    action."""
    rows = [
        {
            name: getattr(line, name)
            for name in ("funder", "funder_name", "year", "nature", "scheme")
        }
        | dict(zip(("granted", "spent"), amounts.get(line.pk, (None, None)), strict=True))
        for line in action.fundings.all()
    ]
    follow_up(action, parts.SPENDING, parts.SPENDING.plain({"fundings": rows}), by=by)
    return Action.objects.get(pk=action.pk)


def text_of(action: Action) -> str:
    """Return the canonical text of what the row holds today."""
    row = Action.objects.get(pk=action.pk)
    return canonical.canonical(commitment_of(row).content(row))


def refusal_of(call, *args, **kwargs) -> Refusal:
    """Return why a call is refused."""
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.refusal


def days(number: int) -> datetime.timedelta:
    return datetime.timedelta(days=number)
