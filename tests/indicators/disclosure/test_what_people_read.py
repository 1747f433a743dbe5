"""Nobody learns a protected count from all pages and files that they may open, read as a person
reads them and taken together.

The coordinator, who may open the most, reads everything; others read pages of some kinds, each
person of other kinds, and with ``make test-all`` of every kind.
"""

import html
import math
import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib import admin
from django.urls import reverse

from indicators.by_commune import drawing, reading
from indicators.disclosure.masking import Reason
from indicators.models import Disclosure
from indicators.values.links.events import send_link
from indicators.values.links.tokens import address_of
from tests.crawl import opened, turn, view_at
from tests.indicators.disclosure.answers import files_in, pieces_of
from tests.indicators.disclosure.harvest import MASKED, Harvest, revealing_statements
from tests.indicators.disclosure.learning import Learning
from tests.indicators.disclosure.many_tables import (
    COMMUNES,
    CORRECTED,
    FOLLOWED_CORRECTION,
    LAST,
    PARTS,
    SECTORS,
    YEARS,
    Many,
    many_tables,
    readers,
)
from tests.stories import told_once

pytestmark = pytest.mark.django_db

# Of these all addresses are read: each tells other figures, or leads to others.
EACH = {
    "indicators:by_commune_file", "indicators:table", "evaluation:edition_file",
    "evaluation:edition_data", "evaluation:publication", "evaluation:public_file",
    "evaluation:public_year", "evaluation:public_version",
}  # fmt: skip
# Of these, so many; of others, one of a kind.
SOME = {
    "indicators:indicator": 20, "evaluation:year": 7, "indicators:value": 20,
    "conventions:commune": 5,
}  # fmt: skip
FIGURES = r"^/(conventions/[^/]+/((evaluations|indicateurs|territoire)/|$)|ouvert/)"
# Forms that start from nothing, one for each thing that may be started from.
BLANK = r"[?]modele=|statistiques/deposer|[?]changer=|/textes/(?!\d)"

PUBLIC = {
    "evaluation:public_year", "evaluation:public_essential pdf",
    *(f"evaluation:public_file {kind}" for kind in ("pdf", "docx", "xlsx", "csv", "json")),
}  # fmt: skip
# Where the coordinator finds figures.
TOLD = PUBLIC | {
    "conventions:archive", "conventions:commune", "evaluation:edition_data csv",
    "evaluation:edition_data json", "evaluation:edition_file", "evaluation:narrative",
    "evaluation:preview", "evaluation:report_files", "evaluation:report_files csv",
    "evaluation:report_files docx", "evaluation:report_files xlsx", "evaluation:year",
    "indicators:by_commune_file csv", "indicators:by_commune_file xlsx",
    "indicators:figures_file csv", "indicators:figures_file xlsx", "indicators:grid",
    "indicators:indicator", "indicators:indicators", "indicators:table", "indicators:value",
    "indicators:values_template",
}  # fmt: skip

# How figures are told: in so many words, for 100 inhabitants, by the shade of a map.
WAYS = {"number", "masked", "missing", "class", "ratio"}


@told_once
def many(db) -> Many:
    return many_tables()


def kind_of(address: str) -> str:
    """What is read there: a view, and the ending of a file."""
    path = urlsplit(address).path
    ending = re.search(r"[./](csv|xlsx|json|docx|pdf)/?$", path)
    return f"{view_at(path)} {ending[1] if ending else ''}".strip()


class Person:
    """Somebody who opens pages and files. ``then`` and ``now``: what they read while other figures
    stood, and of those that stand; ``kinds``: how many figures by kind of page and file."""

    def __init__(self, client, many: Many, user=None):
        self.client, self.many, self.user = client, many, user
        self.then, self.now = (
            Harvest(
                many.titles, COMMUNES, [f"Pôle {one}" for one in SECTORS], YEARS, many.inhabitants,
                many.divided,
            )
            for _ in range(2)
        )  # fmt: skip
        self.pages: dict[str, bytes] = {}
        self.kinds: Counter = Counter()

    def open(self, address: str, *, is_former: bool = False) -> bool:
        """Whether it is a page, with links to follow."""
        response = opened(self.client, address)
        content = b"".join(response) if response.streaming else response.content
        kind = response.headers.get("Content-Type", "")
        if response.status_code != 200:
            return False
        self.pages[address] = content
        for name, (file, its_kind) in files_in(content, kind).items():
            where = f"{address}{name}"
            read = self.then if is_former or self.many.is_former(where) else self.now
            readings = read.read(pieces_of(file, its_kind), where, self.many.about(where))
            self.kinds[kind_of(address)] += readings
        return "html" in kind

    def walk(self, address: str, within: str = FIGURES) -> None:
        """From link to link: of views that tell no figures of their own, one page."""
        todo, seen = [address], Counter()
        while todo:
            address = todo.pop()
            kind = kind_of(address)
            view = kind.partition(" ")[0]
            is_enough = seen[kind] >= SOME.get(view, 1) and view not in EACH
            if address in self.pages or is_enough:
                continue
            seen[kind] += 1
            if self.open(address):
                todo += [link for link in self._links(address) if re.search(within, link)]

    def _links(self, address: str):
        text = self.pages[address].decode()
        for link in re.findall(r'(?:href|action|hx-get)="([^"#]+)', text):
            target = urlsplit(urljoin(address, html.unescape(link)))
            path = f"{target.path}?{target.query}" if target.query else target.path
            if not target.netloc and not re.search(BLANK, path):
                yield path

    # What they know then

    def learns(self, former: dict, now: dict, provider: str = "") -> list:
        """What they learn of protected counts, but of those of a provider, which are theirs."""
        own = self.many.titles_of(provider)
        learning = Learning(*self.many.protected(but=provider))
        for harvest, counts in ((self.then, former), (self.now, now)):
            read = [one for one in harvest.readings if one.title not in own]
            learning.read(read, counts)
        assert learning.wrong == []  # all was read as it was meant
        others = [one for h in (self.then, self.now) for one in revealing_statements(h)]
        return learning.holes() + [one for one in others if one[0] not in own]

    def has_read_raw(self, provider: str, counts: dict) -> bool:
        """Whether they were told each figure of the last year as it was given."""
        titles, read = self.many.titles_of(provider), self.now.readings
        raw = {
            (*figure, float(count.number)) for figure, count in counts.items()
            if figure[0] in titles and figure[1] == LAST and figure[2] in COMMUNES
        }  # fmt: skip
        return bool(raw) and raw <= {(*one.figure, one.low) for one in read}


def choose(pages: list[str], number: int, few: float) -> list[str]:
    """A page of each of a few kinds; other kinds, and other pages, for the next number."""
    by_kind: dict[str, list] = {}
    for address in sorted(pages):
        by_kind.setdefault(kind_of(address), []).append(address)
    kinds = turn(sorted(by_kind), number, min(few, len(by_kind)))
    return [address for kind in kinds for address in turn(by_kind[kind], number, 1)]


@pytest.mark.long
def test_nobody_learns_what_is_protected(client, many):
    read_as_everybody(client, many, telling=6, others=2, tables=2)


@pytest.mark.long
@pytest.mark.explorer(
    stands_for="tests/indicators/disclosure/test_what_people_read.py"
    "::test_nobody_learns_what_is_protected"
)
def test_nobody_learns_what_is_protected_from_a_page_of_any_kind(client, many):
    read_as_everybody(client, many, telling=math.inf, others=math.inf, tables=math.inf)


def read_as_everybody(client, many, *, telling, others, tables) -> None:
    """Read as the coordinator does, as a stranger, then as others: of so many kinds of pages that
    tell figures, of other pages, and so many tables as they were given."""
    many.publish(is_drawn=False)
    former = many.counts()
    coordinator = Person(client, many)
    client.force_login(many.committee.coordinator)
    for address in many.shared_tables():
        coordinator.open(address, is_former=True)
    many.correct()
    many.publish(reason="Une correction.")
    now = many.counts()
    # Where a linked figure is masked, others read them as they were before they were corrected.
    followed = {figure: count for figure, count in now.items() if figure[0] == FOLLOWED_CORRECTION}
    read = former | followed

    coordinator.pages.clear()
    coordinator.walk(f"/conventions/{many.slug}/")
    for address in many.unlinked_pages():
        coordinator.open(address)
    assert TOLD - {kind for kind, found in coordinator.kinds.items() if found} == set()
    assert {one.kind for one in coordinator.now.readings} >= WAYS
    assert coordinator.learns(former, read) == []

    client.logout()
    stranger = Person(client, many)
    stranger.walk(f"/ouvert/{many.slug}/")
    assert PUBLIC - {kind for kind, found in stranger.kinds.items() if found} == set()
    assert stranger.learns(former, read) == []

    raw = many.raw_tables()
    with_figures = [page for page in coordinator.pages if coordinator.kinds[kind_of(page)]]
    without = [page for page in coordinator.pages if page not in with_figures]
    for number, (who, user) in enumerate(readers(many).items()):
        client.force_login(user)
        person, provider = Person(client, many), many.provider_of(user)
        # What is told to everybody, too: of what is chosen all may be closed to somebody.
        chosen = choose(with_figures, number, telling) + choose(without, number, others)
        chosen += turn(many.shared_tables(), number, 1)
        chosen += raw if provider else turn(raw, number, min(tables, len(raw)))
        for address in chosen:
            person.open(address)
        assert person.learns(former, read, provider) == [], who
        if provider:
            assert person.has_read_raw(provider, now), who
        assert sum(person.kinds.values()), who


@pytest.mark.parametrize("provider", ["caf", "msa"])
def test_who_holds_an_entry_link_learns_no_protected_count(client, many, provider):
    organisation, campaign = many.organisations[provider], many.campaigns[LAST]
    organisation.email = "contact@provider.example"
    organisation.save()
    by = many.committee.coordinator
    link = send_link(campaign, organisation, address=organisation.email, by=by)
    door = urlsplit(address_of(link)).path
    client.post(door, {"name": "Marie Durand", "role": "directrice"})
    holder, entries = Person(client, many), campaign.campaign_indicators.by_commune()
    for name in ("entry", "block", "workbook", "submission"):
        assert holder.open(reverse(f"indicators:linked_{name}", args=[link.pk])) is not None
    for entry in entries.filter(enterer=organisation):
        for name in ("table", "paste"):
            holder.open(reverse(f"indicators:linked_{name}", args=[link.pk, entry.pk]))
    assert len(holder.pages) >= 6
    assert holder.learns(many.counts(), many.counts()) == []


def test_who_reads_the_administration_learns_no_protected_count(client, many, admin_user):
    client.force_login(admin_user)
    administrator = Person(client, many)
    for model in admin.site._registry:
        meta = model._meta
        base = f"admin:{meta.app_label}_{meta.model_name}"
        administrator.open(reverse(f"{base}_changelist"))
        if meta.app_label == "indicators":
            for row in model._base_manager.order_by("-pk")[:3]:
                administrator.open(reverse(f"{base}_change", args=[row.pk]))
    assert administrator.kinds["admin:indicators_value_changelist"]
    # A figure of a table is not told alone there: that it is masked says nothing of it.
    read = administrator.now.readings
    administrator.now.readings = [reading for reading in read if reading.kind != MASKED]
    assert administrator.learns(many.counts(), many.counts()) == []


def test_nobody_learns_a_protected_count_from_circles(client, many):
    many.forget_populations()
    person = Person(client, many)
    assert read_tables(client, many, person) == []
    assert "circle" in {reading.kind for reading in person.now.readings}


# What the same reading finds where something is shown that should not be --------------------------


def shown_besides(title: str):
    def show(many: Many, monkeypatch) -> None:
        """A figure of a commune that is masked to protect another."""
        year = LAST if title in PARTS["Enfants accueillis"] else YEARS[0]
        row = Disclosure.objects.get(campaign_indicator=many.entry(title, year))
        place = next(p for p, why in row.reasons.items() if p[:1] == "c" and why != Reason.PRIMARY)
        row.shown[place] = row.counted[place]
        del row.reasons[place]
        row.save()

    return show


def shown_single(many: Many, monkeypatch) -> None:
    """A small figure of the whole territory."""
    row = Disclosure.objects.get(campaign_indicator=many.entry("Signalements", CORRECTED))
    row.shown, row.reasons = row.counted, {}
    row.save()


def told_in_the_middle(many: Many, monkeypatch) -> None:
    """A median of more communes than are shown."""
    monkeypatch.setattr(reading, "median", max)


def drawn_anyway(many: Many, monkeypatch) -> None:
    """Circles of what is masked, without a word."""
    many.forget_populations()
    figures = many.indicators["Foyers aidés"].figures[CORRECTED]
    true = {one.insee_code: Decimal(n) for one, n in zip(many.communes, figures, strict=True)}
    draw = drawing._draw_circles

    def circles(figures, numbers, definition):
        marks, *others = draw(figures, numbers, definition)
        longest = drawing.longest_radius(numbers)
        if definition.title == "Foyers aidés":
            marks = [
                replace(mark, kind=drawing.CIRCLE,
                        radius=drawing.radius_of(true[mark.code], max(numbers), longest))
                for mark in marks
            ]  # fmt: skip
        return marks, *others

    monkeypatch.setattr(drawing, "_draw_circles", circles)


@pytest.mark.parametrize(
    ("act", "found"),
    [
        (shown_besides("Foyers aidés"), "Foyers aidés"),
        (shown_besides("Filles gardées"), "gardé"),
        (shown_besides("Part aidée"), "Foyers aidés"),
        (shown_single, "Signalements"),
        (told_in_the_middle, "median"),
        (drawn_anyway, "Foyers aidés"),
    ],
)
def test_the_reading_of_pages_detects_a_count_shown_by_mistake(
    client, many, monkeypatch, act, found
):
    act(many, monkeypatch)
    assert any(found in str(hole) for hole in read_tables(client, many, Person(client, many)))


def read_tables(client, many: Many, person: Person) -> list:
    """What somebody learns of the tables of all indicators, and of the pages about them."""
    client.force_login(many.committee.coordinator)
    for address in many.shared_tables():
        person.open(address)
    return person.learns(many.counts(), many.counts())
