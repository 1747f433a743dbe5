"""The message with everything new about figures, and what awaits a lead, of all conventions of a
person."""

from dataclasses import replace
from functools import cached_property

from accounts.models import User
from actions.follow_up.notices import ActionLate, MilestoneDue, NoteAwaited, merge_led
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
from notifications.news import Notification


class FiguresLetter(ConventionLetter):
    """What is owed of figures, and what has become of those that were given."""

    template = "indicators/mail/figures"
    reason_capacities = [Capacity.CONTRIBUTOR, Capacity.COORDINATION, Capacity.SEAT]
    is_joint = True
    kinds = (
        FiguresRecalled,
        FiguresDue,
        FiguresAsked,
        NoteAwaited,
        MilestoneDue,
        ActionLate,
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

    def place(self, notification: Notification) -> tuple:
        """Return where news stand in the message: what is owed first, in the order of the kinds."""
        return (
            self.kinds.index(type(notification.news)),
            notification.since,
            notification.news.about,
        )

    def context(
        self, user: User, notifications: list[Notification], recalled: list[Notification]
    ) -> dict:
        """Add to each item ``text``, the coordination's own words (Markdown, may be empty), and
        ``lines``, the figures that it lists. New pieces of news about figures given are merged
        first, by organisation and year."""
        notifications = merge_led(merge_given(notifications))
        context = super().context(user, notifications, recalled)
        for item, notification in zip(context["items"], [*notifications, *recalled], strict=True):
            news = notification.news
            item["text"] = news.text() if isinstance(news, FiguresNews) else ""
            item["lines"] = [polish(line) for line in news.listed(notification)]
        return context


def merge_given(notifications: list[Notification]) -> list[Notification]:
    """Return the news with those of figures given one by one, of the same kind, merged in the place
    of the first: one piece of news for each organisation and year, with all values."""
    merged, awaited = [], {}
    for notification in notifications:
        news = notification.news
        if not isinstance(news, GivenNews):
            merged.append(notification)
        elif (key := (news.kind, news.campaign.pk, news.organisation.pk)) in awaited:
            place = awaited[key]
            merged[place] = replace(
                merged[place], values=[*merged[place].values, *notification.values]
            )
        else:
            awaited[key] = len(merged)
            merged.append(notification)
    return merged
