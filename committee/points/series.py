"""The points that await a reader, one after the other: the current place, and what comes next."""

from functools import cached_property

from django.http import QueryDict
from django.urls import reverse

from agreements.models import Version
from committee.dossiers.models import Dossier
from committee.points.inbox import Inbox

RECAP = "recapitulatif"


class Series:
    """The points that await the reader of ``inbox``, in the order of the list; those of a
    ``dossier`` where the address names one. ``returns``: the reader came from the summary to change
    an answer, and goes back."""

    # The word for a place, and for what the points await.
    place, awaits = "Point", "réponse"

    def __init__(self, inbox: Inbox, asked: QueryDict, dossier: Dossier | None = None):
        self.inbox, self.here = inbox, inbox.here
        named = asked.get("dossier", "")
        self.dossier = dossier or dossier_asked(self.here.convention, named)
        self.returns = asked.get("retour") == RECAP

    @property
    def awaiting_pks(self) -> list[int]:
        return self.inbox.awaiting_pks

    def is_done(self, pk: int) -> bool:
        """Return whether a version, by its key, has its answer noted."""
        return pk in self.inbox.standing

    @cached_property
    def pks(self) -> list[int]:
        """The versions of the series in the list's order; those of its dossier if it has one."""
        awaiting = self.awaiting_pks
        if self.dossier is None:
            return awaiting
        in_dossier = {row.version_id for row in self.dossier.points.all()}
        return [pk for pk in awaiting if pk in in_dossier]

    @property
    def unanswered(self) -> list[int]:
        return [pk for pk in self.pks if not self.is_done(pk)]

    @property
    def noted(self) -> int:
        """The number of points with a noted answer, which is not given yet."""
        return len(self.pks) - len(self.unanswered)

    @property
    def resumes_at(self) -> int | None:
        """The number of the first point without an answer, or None."""
        left = self.unanswered
        return self.pks.index(left[0]) + 1 if left else None

    def rank(self, version: Version) -> int | None:
        return self.pks.index(version.pk) + 1 if version.pk in self.pks else None

    def position(self, version: Version) -> str:
        return f"{self.place} {self.rank(version)} sur {len(self.pks)}"

    # Addresses ---------------------------------------------------------------------------------

    @property
    def way(self) -> dict[str, str]:
        """The parameters of each address of the series: organisation and dossier."""
        return self.here.name | ({"dossier": str(self.dossier.pk)} if self.dossier else {})

    def url(self, name: str, *args, **more) -> str:
        """Return the address of a page; organisation, dossier and ``more`` are its parameters."""
        query = QueryDict(mutable=True)
        query.update(self.way | more)
        page = reverse(f"committee:{name}", args=[self.here.convention.slug, *args])
        return f"{page}?{query.urlencode()}" if query else page

    @property
    def returning(self) -> dict[str, str]:
        return {"retour": RECAP} if self.returns else {}

    @property
    def recap_url(self) -> str:
        return self.url("recap")

    @property
    def given_url(self) -> str:
        return self.url("given")

    @property
    def list_url(self) -> str:
        """The address of the page that lists the points."""
        if self.dossier:
            page = reverse("committee:dossier", args=[self.here.convention.slug, self.dossier.pk])
            return page + (f"?pour={self.here.name['pour']}" if self.here.name else "")
        return self.url("points")

    @property
    def first_url(self) -> str:
        """The address of the first point without an answer; of the summary where there is none."""
        left = self.unanswered
        return self.url("point", left[0]) if left else self.recap_url

    def after(self, version: Version) -> str:
        """Return where to go once an answer to ``version`` is noted: the next point without one, or
        the summary, which also lists what was left out."""
        place = self.pks.index(version.pk) if version.pk in self.pks else -1
        left = [] if self.returns else [pk for pk in self.pks[place + 1 :] if not self.is_done(pk)]
        return self.url("point", left[0]) if left else self.recap_url

    def left_after(self, version: Version) -> list[int]:
        """Return the other points without an answer, those that follow first."""
        place = self.pks.index(version.pk) if version.pk in self.pks else -1
        later = [*self.pks[place + 1 :], *self.pks[: max(place, 0)]]
        return [pk for pk in later if not self.is_done(pk)]

    def next_url(self, version: Version) -> str:
        """Return the address of the point after a version of the series; empty at the end."""
        place = self.pks.index(version.pk) + 1
        return self.url("point", self.pks[place]) if place < len(self.pks) else ""


class AdviceSeries(Series):
    """The points that await an avis of the reader, given at once; each stays in its place."""

    place, awaits = "Avis", "avis"

    noted = 0

    @property
    def awaiting_pks(self) -> list[int]:
        return self.inbox.advisable_pks

    def is_done(self, pk: int) -> bool:
        """Return whether the reader has given an avis on the version with this key."""
        advising = self.here.advising
        return advising is not None and pk in advising.given

    def after(self, version: Version) -> str:
        """Return the next point without an avis; else the point, where it may be undone."""
        left = self.left_after(version)
        return self.url("point", left[0] if left else version.pk)


def dossier_asked(convention, key: str) -> Dossier | None:
    """Return the dossier that an address names; None for any other text."""
    is_key = key.isdecimal() and len(key) < 19
    return Dossier.objects.of(convention).filter(pk=key).first() if is_key else None
