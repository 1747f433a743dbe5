"""The avis that are awaited of advisers and advisory seats on each version that is discussed. An
avis never is an agreement: nothing here settles a point."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from agreements.answers.lights import Point
from agreements.answers.rights import may_advise
from agreements.models import Agreement, Version
from agreements.seats.voices import Bench, Voice


@dataclass(frozen=True)
class Advising:
    """Somebody who gives an avis from the seat of ``voice``. ``given``: the primary keys of the
    discussed versions on which they have given one."""

    voice: Voice
    given: frozenset[int]

    def is_asked_on(self, point: Point) -> bool:
        """Return whether the person's avis is asked on a point, given or not: not on a version they
        wrote, nor on a point that is with its author again."""
        version = point.version
        if may_advise(self.voice, version) is not None or point.is_returned:
            return False
        return version.author_id != self.voice.user_id

    def is_awaited_on(self, point: Point) -> bool:
        """Return whether the person's avis is asked on a point and not yet given."""
        return point.version.pk not in self.given and self.is_asked_on(point)

    def awaited(self, points: Iterable[Point]) -> list[Point]:
        """Return the points that await the person's avis."""
        return [point for point in points if self.is_awaited_on(point)]

    @property
    def title(self) -> str:
        """The capacity in which the avis is given: « comme instructeur de la Caf »."""
        organisation = self.voice.organisation
        if self.voice.is_adviser:
            return f"comme instructeur {organisation.genitive}"
        return f"à titre consultatif ({organisation.name})"


def advising(user: User, bench: Bench) -> Advising | None:
    """Return what avis the user has given and has to give; None for who gives no avis."""
    return all_advising([user], [bench]).get((bench.convention.pk, user.pk))


def all_advising(users: Iterable, benches: Iterable[Bench]) -> dict[tuple[int, int], Advising]:
    """Return, by keys of convention and person, who gives an avis and what they gave; without who
    gives none. In at most one query."""
    voices = {
        (bench.convention.pk, user.pk): voice
        for bench in benches
        for user in users
        if user is not None and (voice := bench.advice(user))
    }
    if not voices:
        return {}
    given = defaultdict(set)
    discussed = Version.objects.proposed().filter(convention__in={pk for pk, _user in voices})
    rows = Agreement.objects.opinions().filter(
        version__in=discussed.order_by().values("pk"), user__in={pk for _convention, pk in voices}
    )
    pairs = rows.order_by().values_list("version__convention", "user", "version")
    for convention, user, version in pairs:
        given[convention, user].add(version)
    return {key: Advising(voice, frozenset(given[key])) for key, voice in voices.items()}
