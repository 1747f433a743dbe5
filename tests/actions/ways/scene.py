"""The ways to look at the plan, as people read them; rows are written straight, where no story of
agreements is needed."""

import re
from decimal import Decimal

import pytest
from django.utils import timezone

from actions.models import Action, Funding, Lead, Milestone
from tests.committee.pages import page_of

WAYS = ["calendrier/", "etats/", "objectifs/", "communes/", "budget/"]


def ways_url(committee, address: str = "") -> str:
    return f"/conventions/{committee.convention.slug}/plan-d-actions/{address}"


@pytest.fixture(name="get")
def reading(client, committee):
    """Return ``get(address, person)``: the page as read by the coordinator, unless somebody else is
    given; its no-break spaces are plain."""

    def get(address, user=None):
        client.force_login(user or committee.coordinator)
        get.response = client.get(ways_url(committee, address))
        get.html = get.response.content.decode()
        return plain(page_of(get.response))

    return get


def plain(text: str) -> str:
    return re.sub(r"[\s\xa0\u202f]+", " ", text)


def heading_of(html: str) -> str:
    return plain(re.sub(r"<[^>]+>", "", re.search(r"<h1>(.*?)</h1>", html, re.DOTALL)[1])).strip()


def titles(html: str) -> list[str]:
    """Return the titles of the actions that a list shows, in its order."""
    code = r'class="plan-what">\s*<a [^>]*><span class="code">[^<]*</span>'
    rows = re.findall(code + r"\s+([^<]*?)\s*<", html)
    return [plain(title) for title in rows]


def action_row(committee, title: str, *, theme=None, **fields) -> Action:
    """Create an action in force of the Caf, under way, from the start of the convention to its
    end."""
    convention = committee.convention
    links = {name: fields.pop(name, []) for name in ("objectives", "communes", "other_themes")}
    lines, steps = fields.pop("fundings", []), fields.pop("milestones", [])
    theme = theme or committee.orientation.theme
    rank = Action.objects.of(convention).count() + 1
    action = Action.objects.create(
        convention=convention, theme=theme, rank=rank, title=title,
        **{"number": f"{theme.axis.number}.{rank}", "starts_on": convention.start,
           "ends_on": convention.end, "is_whole_territory": not links["communes"],
           "state": "in_progress", "state_on": timezone.localdate()} | fields,
    )  # fmt: skip
    Lead.objects.create(action=action, organisation=committee.caf)
    for name, rows in links.items():
        getattr(action, name).set(rows)
    Funding.objects.bulk_create(_line(action, *line) for line in lines)
    Milestone.objects.bulk_create(
        Milestone(action=action, title=step, due_on=due, done_on=done) for step, due, done in steps
    )
    return action


def _line(action, funder, year: int, *amounts, nature: str = "operating", scheme="") -> Funding:
    """Return a line of (funder, year, planned, granted, spent); ``funder`` is an organisation or
    another's name."""
    planned, granted, spent = (None if a is None else Decimal(str(a)) for a in amounts)
    is_name = isinstance(funder, str)
    return Funding(
        action=action, funder=None if is_name else funder, funder_name=funder if is_name else "",
        year=year, nature=nature, scheme=scheme, planned=planned, granted=granted, spent=spent,
    )  # fmt: skip
