"""The message with everything new about figures, of all conventions of a person."""

from dataclasses import replace
from functools import cached_property

from accounts.models import User
from conventions.notices import Capacity, ConventionLetter
from ctg_portal.text.typography import polish
from indicators.collection.calling import Calling
from indicators.collection.notices import (
    FiguresAsked,
    FiguresDue,
    FiguresMoved,
    FiguresNews,
    FiguresRecalled,
)
from indicators.statistics.notices import PublicFiguresTaken
from indicators.values.notices import (
    DisclosedWithoutWaiting,
    GivenByLink,
    GivenNews,
    GivenOnBehalf,
    ValueCorrected,
    ValueReturned,
    VerificationAwaited,
    YearsBrought,
)
from notifications.news import Hearing


class FiguresLetter(ConventionLetter):
    """What is owed of figures, and what has become of those that were given."""

    template = "indicators/mail/figures"
    reason_capacities = [Capacity.CONTRIBUTOR, Capacity.COORDINATION, Capacity.SEAT]
    is_joint = True
    kinds = (
        FiguresRecalled,
        FiguresDue,
        FiguresAsked,
        ValueReturned,
        VerificationAwaited,
        PublicFiguresTaken,
        GivenOnBehalf,
        GivenByLink,
        FiguresMoved,
        ValueCorrected,
        DisclosedWithoutWaiting,
        YearsBrought,
    )

    @cached_property
    def reading(self) -> Calling | None:
        """The ``Calling`` of the convention, read once for all news; None if the convention is
        gone."""
        convention = self.convention()
        return Calling(convention, self.now) if convention else None

    def place(self, hearing: Hearing) -> tuple:
        """Return where news stand in the message: what is owed first, in the order of the kinds."""
        return self.kinds.index(type(hearing.news)), hearing.since, hearing.news.about

    def context(self, user: User, hearings: list[Hearing], recalled: list[Hearing]) -> dict:
        """Add to each item ``text``, the coordination's own words (Markdown, may be empty), and
        ``lines``, the figures that it lists. New pieces of news about figures given are merged
        first, by organisation and year."""
        hearings = merge_given(hearings)
        context = super().context(user, hearings, recalled)
        for item, hearing in zip(context["items"], [*hearings, *recalled], strict=True):
            news = hearing.news
            item["text"] = news.text() if isinstance(news, FiguresNews) else ""
            item["lines"] = [polish(line) for line in news.listed(hearing)]
        return context


def merge_given(hearings: list[Hearing]) -> list[Hearing]:
    """Return the news with those of figures given one by one, of the same kind, merged in the place
    of the first: one piece of news for each organisation and year, with all values."""
    merged, awaited = [], {}
    for hearing in hearings:
        news = hearing.news
        if not isinstance(news, GivenNews):
            merged.append(hearing)
        elif (key := (news.kind, news.campaign.pk, news.organisation.pk)) in awaited:
            place = awaited[key]
            merged[place] = replace(merged[place], values=[*merged[place].values, *hearing.values])
        else:
            awaited[key] = len(merged)
            merged.append(hearing)
    return merged
