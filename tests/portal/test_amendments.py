"""Whatever amendments make of the text, nothing that hangs on it is lost.

Any sequence of amendments, for days past and to come, in any order, several on one day: the text of
each day is what a model says that was written apart, and every action, indicator, point and comment
is still found on the page of the axes.
"""

import datetime
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from actions.models import Action
from agreements.models import Version
from agreements.versions.signature import record_signature
from committee.comments import events as talk
from committee.models import Comment
from conventions.legal.amending import amending
from conventions.legal.reading import read_structure
from conventions.models import Axis, Objective, Theme
from ctg_portal.rules import Refused
from indicators.models import Indicator
from tests import factories as f
from tests.actions.ways.scene import action_row
from tests.agreements.factories import committee_of
from tests.databases import examples

pytestmark = pytest.mark.postgresql

START, END = datetime.date(2020, 1, 1), datetime.date(2099, 12, 31)
NEVER = datetime.date.max
DAYS = [datetime.date(2021, 1, 1), datetime.date(2022, 1, 1), datetime.date(2023, 1, 1),
        datetime.date(2098, 1, 1), None]  # fmt: skip


@dataclass
class Model:
    """The text, told naively: what each amendment says of each part, by kind and key."""

    said: dict = field(default_factory=dict)
    order: dict = field(default_factory=dict)

    def state(self, upto) -> dict:
        """What each part is after the last amendment ``upto`` a place in the order."""
        text = {}
        for number in sorted(self.order, key=self.order.get):
            if self.order[number] <= upto:
                for part, (lives, words) in self.said.get(number, {}).items():
                    # What has ended keeps its last words.
                    text[part] = lives, words if lives or part not in text else text[part][1]
        return text

    def words(self, part, number: int) -> dict:
        """How ``part`` reads just before the amendment ``number``."""
        day, _ = self.order[number]
        before = self.state((day, number - 1))
        own = self.said[number].get(part)
        # What begins only later is taken as it will be first.
        first = next(said[part] for _, said in self._in_order() if part in said)
        return (own or before.get(part) or first)[1]

    def _in_order(self):
        return sorted(self.said.items(), key=lambda item: self.order[item[0]])

    def read(self, day: datetime.date) -> dict:
        return {part: words for part, (lives, words) in self.state((day, 10**6)).items() if lives}


class Story:
    """A convention with something on each objective, and amendments written side by side in the
    portal and in the model."""

    def __init__(self):
        self.committee = committee_of(signed_on=START, start=START, end=END)
        self.convention = self.committee.convention
        self.model, self.number = Model(), 0
        self.model.order[0], self.model.said[0] = (START, 0), {}
        since = self.committee.orientation.since
        self.axes = [f.AxisFactory(convention=self.convention, number=50 + n, since=since)
                     for n in range(2)]  # fmt: skip
        self.themes = [f.ThemeFactory(axis=axis, rank=n, number=f"t{n}", since=since)
                       for n, axis in enumerate(self.axes)]  # fmt: skip
        self.objectives = [f.ObjectiveFactory(theme=theme, rank=n, since=since)
                           for theme in self.themes for n in range(2)]  # fmt: skip
        self.objectives += [f.ObjectiveFactory(parent=self.objectives[0], rank=7, since=since)]
        for part in [*self.axes, *self.themes, *self.objectives]:
            self.model.said[0][key(part)] = True, words_of(part)
        self.own = [f.ObjectiveFactory(parent=o, rank=90, since=since, committee=True)
                    for o in self.objectives[:2]]  # fmt: skip
        record_signature(self.convention)
        for n, objective in enumerate([*self.objectives, *self.own]):
            action_row(self.committee, f"Action {n}", theme=objective.theme, objectives=[objective])
            indicator = Indicator.objects.create(
                convention=self.convention, theme=objective.theme, rank=n, title=f"Indicateur {n}",
                provider=self.committee.caf, unit="places",
            )  # fmt: skip
            indicator.objectives.set([objective])
        for version in Version.objects.filter(kind="objective", object_id=self.objectives[1].pk):
            talk.comment(version, text="À revoir", by=self.committee.caf_member)

    def amend(self, effective_on, deeds) -> None:
        self.number += 1
        amendment = f.AmendmentFactory(
            convention=self.convention, number=self.number, effective_on=effective_on,
            signed_on=effective_on and START,
        )  # fmt: skip
        model, parts = self.model, [list(p) for p in (self.axes, self.themes, self.objectives)]
        model.order[self.number] = (effective_on or NEVER, self.number)
        model.said[self.number] = {}
        try:
            with amending(amendment) as pen:
                for deed, *drawn in deeds:
                    getattr(self, deed)(pen, *drawn)
        except Refused:
            model.said[self.number] = {}
            self.axes, self.themes, self.objectives = parts

    # What an amendment does, on both sides --------------------------------------------------------

    def _say(self, part, lives: bool, **words) -> None:
        values = {name: getattr(value, "pk", value) for name, value in words.items()}
        before = self.model.words(key(part), self.number)
        self.model.said[self.number][key(part)] = lives, before | values

    def reword(self, pen, which, n) -> None:
        part = self._one(which, n)
        words = {"title": f"Titre {self.number}.{n}"}
        pen.reword(part, **words)
        self._say(part, True, **words)

    def move(self, pen, which, n) -> None:
        part, place = (self._one("objectives", which), self._one("themes", n))
        words = {"theme": place, "parent": None}
        pen.reword(part, **words)
        self._say(part, True, **words)

    def move_theme(self, pen, which, n) -> None:
        part, axis = self._one("themes", which), self._one("axes", n)
        pen.reword(part, axis=axis)
        self._say(part, True, axis=axis)

    def close(self, pen, which, n) -> None:
        part = self._one(which, n)
        pen.close(part)
        self._say(part, False)

    def split(self, pen, which, n) -> None:
        old = self._one("objectives", which)
        theme = self._one("themes", n)
        new = [self._open(pen, Objective(theme=theme, rank=20 + i, title=f"Nouveau {i}"))
               for i in range(2)]  # fmt: skip
        pen.close(old, into=tuple(new))
        self._say(old, False)

    def merge(self, pen, which, n) -> None:
        first, other = self._one("objectives", which), self._one("objectives", n)
        new = self._open(pen, Objective(theme=self._one("themes", n), rank=30, title="Réunis"))
        for old in {first, other}:
            pen.close(old, into=(new,))
            self._say(old, False)

    def add_axis(self, pen, which, n) -> None:
        number = 100 + 10 * self.number + len(self.axes)
        axis = self._open(pen, Axis(convention=self.convention, number=number, title="Axe"))
        self._open(pen, Theme(axis=axis, rank=1, number=f"n{axis.pk}", title="Thématique"))

    def _open(self, pen, part):
        pen.open(part)
        self.model.said[self.number][key(part)] = True, words_of(part)
        lists = {Axis: self.axes, Theme: self.themes, Objective: self.objectives}
        lists[type(part)].append(part)
        return part

    def _one(self, which: str | int, n: int | None = None):
        parts = getattr(self, which)
        return parts[(n or 0) % len(parts)]


def key(part) -> tuple[str, int]:
    return type(part).__name__, part.pk


PLACES = {"Axis": ("number", "title"), "Theme": ("axis", "number", "title"),
          "Objective": ("theme", "parent", "title")}  # fmt: skip


def words_of(part) -> dict:
    values = {name: getattr(part, name) for name in PLACES[type(part).__name__]}
    return {name: getattr(value, "pk", value) for name, value in values.items()}


def read(convention, day) -> dict:
    """What the portal reads on a day, signed and in force, in the model's terms."""
    axes = read_structure(convention, day).axes
    themes = [theme for axis in axes for theme in axis.themes_read]
    orientations = [o for theme in themes for o in theme.orientations]
    objectives = orientations + [sub for o in orientations for sub in o.sub_objectives_read]
    signed = [o for o in objectives if o.is_signed]
    return {key(p): words_of(p) for p in [*axes, *themes, *signed] if not p.is_closed}


def expected(story, day) -> dict:
    """What the model reads; a sub-objective is of its orientation's theme."""
    text = story.model.read(day)
    every = {part: words for part, (_, words) in story.model.state((day, 10**6)).items()}
    for (kind, pk), words in list(text.items()):
        if kind == "Objective" and words["parent"]:
            theme = every[kind, words["parent"]]["theme"]
            text[kind, pk] = words | {"theme": theme}
    own = {story.committee.orientation}
    for part in (*own, *(o.theme for o in own), *(o.theme.axis for o in own)):
        text[key(part)] = words_of(part)
    return text


PLACE, ONE = st.integers(0, 7), st.sampled_from(["axes", "themes", "objectives"])
DEED = (
    st.tuples(st.sampled_from(["reword", "close"]), ONE, PLACE)
    | st.tuples(st.sampled_from(["move", "split", "merge"]), PLACE, PLACE)
    | st.tuples(st.sampled_from(["move_theme", "add_axis"]), PLACE, PLACE)
)
AMENDMENTS = st.lists(
    st.tuples(st.sampled_from(DAYS), st.lists(DEED, min_size=1, max_size=3)),
    min_size=1, max_size=5,
)  # fmt: skip


@pytest.mark.long
@pytest.mark.django_db
@given(amendments=AMENDMENTS)
@example(amendments=[(DAYS[0], [("move", 0, 1), ("split", 0, 0)])])
@example(
    amendments=[
        (DAYS[1], [("add_axis", 0, 0), ("add_axis", 0, 0)]),
        (DAYS[0], [("add_axis", 0, 0), ("close", "themes", 7), ("move", 0, 2)]),
    ]
)
@settings(
    deadline=None, max_examples=examples(12), suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)  # fmt: skip
def test_nothing_is_lost_whatever_amendments_do(amendments, client):
    with transaction.atomic():
        story = Story()
        for effective_on, deeds in amendments:
            story.amend(effective_on, deeds)
        for day in [START, *filter(None, DAYS), timezone.localdate(), END]:
            assert read(story.convention, day) == expected(story, day)
            for part in [*story.axes, *story.themes, *story.objectives]:
                assert part.wordings.in_force(day).count() <= 1
        assert_everything_is_reached(story, client)
        transaction.set_rollback(True)


def assert_everything_is_reached(story, client) -> None:
    """The page of the axes shows what each action and indicator is about, and leads to them; what
    was said of the signed text is a link away."""
    convention = story.convention
    client.force_login(story.committee.coordinator)
    html = client.get(reverse("conventions:axes", args=[convention.slug])).content.decode()
    for row in [*Action.objects.of(convention), *Indicator.objects.of(convention)]:
        theme = row.theme
        assert f'id="{theme.anchor}"' in html
        ways = [f'href="{row.get_absolute_url()}"']
        for objective in row.objectives.all():
            assert f'id="objectif-{objective.pk}"' in html
            ways.append(f'?objectif={objective.pk}"')
        assert any(way in html for way in ways)
    for comment in Comment.objects.filter(version__convention=convention):
        objective = Objective.objects.get(pk=comment.version.object_id)
        address = reverse("committee:point", args=[convention.slug, comment.version_id])
        day = timezone.localdate()
        is_read = Objective.objects.in_force(day).filter(pk=objective.pk).exists()
        assert is_read or f'href="{address}"' in html
