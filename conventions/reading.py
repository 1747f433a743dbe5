"""The structure of a convention as read on a day: axes, themes, objectives, in a few queries."""

import datetime

from django.db.models import Prefetch

from conventions.models import Axis, Convention, Membership, Objective, Party, Theme


def axes_as_read(convention: Convention, day: datetime.date | None) -> list[Axis]:
    """The axes in force on ``day``, each with ``.themes_read`` → ``.orientations`` →
    ``.sub_objectives_read``. Four queries, whatever the size. ``None``: the project's wording.
    """
    sub_objectives = Objective.objects.as_read_on(day).level(2).order_by("rank", "pk")
    orientations = (
        Objective.objects.as_read_on(day)
        .level(1)
        .order_by("rank", "pk")
        .prefetch_related(
            Prefetch("sub_objectives", queryset=sub_objectives, to_attr="sub_objectives_read")
        )
    )
    themes = (
        Theme.objects.as_read_on(day)
        .order_by("rank", "pk")
        .prefetch_related(Prefetch("objectives", queryset=orientations, to_attr="orientations"))
    )
    return list(
        convention.axes.as_read_on(day).prefetch_related(
            Prefetch("themes", queryset=themes, to_attr="themes_read")
        )
    )


def article_urls(convention: Convention, day: datetime.date | None) -> dict[int, str]:
    """The address of each article by its number, for the filter ``link_articles``."""
    articles = convention.articles.as_read_on(day).only("number", "convention")
    for article in articles:
        article.convention = convention
    return {article.number: article.get_absolute_url() for article in articles}


def coordinators_of(convention: Convention) -> list[Membership]:
    """Who coordinates today, with what a page shows of them."""
    return list(Membership.objects.active().of(convention).coordinators().by_organisation())


def parties_of(convention: Convention) -> list[Party]:
    """The parties with their organisations and signatories, in the order of the convention."""
    parties = Party.objects.of(convention).select_related("organisation")
    return list(parties.prefetch_related("signatories"))
