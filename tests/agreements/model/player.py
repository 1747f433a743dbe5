"""Plays an act twice, on the model and on the rows, and compares."""

from random import Random

from django.db import transaction
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from agreements.answers.rights import Overtaken, Stale
from agreements.models import Version
from agreements.versions.events import Outdated
from ctg_portal.rules import Refused
from tests.agreements import clock
from tests.agreements.model import reference, world
from tests.agreements.model.compare import Witness
from tests.agreements.model.reference import TAKEN, Rules

KINDS = {Stale: reference.STALE, Overtaken: reference.OVERTAKEN, Outdated: reference.OUTDATED}

# The names of the methods that ``act`` has marked.
ACTS: set[str] = set()


def act(weight: int = 1, *, when=lambda self: True):
    """Mark a method as something that may happen, ``weight`` times as often as others."""

    def mark(method):
        method.weight, method.when = weight, when
        ACTS.add(method.__name__)
        return method

    return mark


class Player(RuleBasedStateMachine):
    """One run: a committee of its own, thrown away at the end."""

    def __init__(self, built: world.World):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.world = built.copy()
        self.rules = Rules(world.people_of(), {"caf", "epci"})
        self.witness = Witness(self.world)

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed):
        # One seed for the run: hypothesis likes dice that it rolls itself to show little.
        self.dice = Random(seed)  # noqa: S311
        self.two_points_are_discussed(self.dice)

    @rule()
    def something_happens(self):
        """One of the acts that make sense now, taken by lot."""
        acts = [getattr(self, name) for name in dir(type(self)) if name in ACTS]
        possible = [act for act in acts if act.when(self)]
        [chosen] = self.dice.choices(possible, [act.weight for act in possible])
        note(f"{self.rules.people.day}: {chosen.__name__}")
        chosen(self.dice)

    def teardown(self):
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def play(self, expected: str, act):
        """Do it on the rows: it is taken, or refused, as expected; then look at everything."""
        result = self.do(expected, act)
        self.look()
        return result

    def do(self, expected: str, act):
        with clock.on(self.rules.people.day):
            try:
                result, what = act(), TAKEN
            except Refused as refused:
                result, what = None, KINDS.get(type(refused.refusal), reference.REFUSED)
        assert what == (TAKEN if expected == reference.REPEATED else expected)
        return result

    def look(self) -> None:
        self.witness.look(self.rules)

    # Names ------------------------------------------------------------------------------------

    def user(self, person: str):
        return self.world.users[person]

    def version(self, version: reference.Version) -> Version:
        """As it was when it was first seen, however much has happened since."""
        return self.world.versions[version.key]

    def remember(self, key: str, version: Version) -> None:
        self.world.versions.setdefault(key, Version.objects.get(pk=version.pk))

    # Choices ----------------------------------------------------------------------------------

    def choose(self, dice, options):
        return dice.choice(list(options))

    def seldom(self, dice) -> bool:
        """One time in eight."""
        return dice.random() < 1 / 8

    def mostly(self, dice, fit, others):
        """One of those that fit, now and then of the others."""
        fit = list(fit)
        return self.choose(dice, others if not fit or self.seldom(dice) else fit)

    def versions_in(self, *states) -> list[reference.Version]:
        return [v for v in self.rules.versions.values() if v.state in states]

    def some_version(self, dice, *states) -> reference.Version:
        """Mostly one in these states, now and then any."""
        return self.mostly(dice, self.versions_in(*states), self.rules.versions.values())
