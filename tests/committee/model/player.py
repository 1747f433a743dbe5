"""Plays an act twice, on the model and on the rows, and compares."""

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from committee.events.drafts import Outdated
from committee.models import Version
from committee.rights import Overtaken, Stale
from ctg_portal.rules import Refused
from tests.committee import clock
from tests.committee.model import reference, world
from tests.committee.model.compare import Witness
from tests.committee.model.reference import TAKEN, Rules

KINDS = {
    Stale: reference.STALE,
    Overtaken: reference.OVERTAKEN,
    Outdated: reference.OUTDATED,
}

# Drawn from a seed, so that all sides of them come up: hypothesis likes its dice to show little.
DICE = st.randoms(use_true_random=True)


class Player(RuleBasedStateMachine):
    """One run: a committee of its own, thrown away at the end."""

    def __init__(self, built: world.World):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.world = built.copy()
        self.rules = Rules(world.people_of(), {"caf", "epci"})
        self.witness = Witness(self.world)

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

    def versions_in(self, *states) -> list[reference.Version]:
        return [v for v in self.rules.versions.values() if v.state in states]

    def some_version(self, dice, *states) -> reference.Version | None:
        """Mostly one in these states, now and then any."""
        fit = self.versions_in(*states)
        every = list(self.rules.versions.values())
        options = every if not fit or self.seldom(dice) else fit
        return self.choose(dice, options) if options else None
