"""The structure of a convention as read on a day: axes, themes, objectives, in a few queries."""

import datetime

from django.db.models import Model, Prefetch, QuerySet

from accounts.models import User
from conventions.models import Axis, Convention, Membership, Objective, Party, Theme

# Beneath one orientation; the rest is read where it is answered.
PROPOSED_SHOWN = 5


# How the rows of each model find their convention, where they have no column for it.
CONVENTION_PATHS = {
    Theme: "axis__convention",
    Objective: "theme__axis__convention",
    User: "memberships__organisation__convention",
}


def rows_of(model: type[Model], convention: Convention) -> QuerySet:
    """The rows of a model that belong to a convention; of people, all who have or had access."""
    path = CONVENTION_PATHS.get(model, "convention")
    return model._default_manager.filter(**{path: convention})


def axes_as_read(
    convention: Convention, day: datetime.date | None, *, with_proposed: bool = True
) -> list[Axis]:
    """The axes in force on ``day``, each with ``.themes_read`` → ``.orientations`` →
    ``.sub_objectives_read``. Four queries, whatever the size. ``None``: the project's wording.
    ``with_proposed=False`` leaves out what nobody has agreed to yet.
    """
    objectives = Objective.objects.as_read_on(day).order_by("rank", "pk")
    if not with_proposed:
        objectives = objectives.agreed()
    orientations = objectives.level(1).prefetch_related(
        Prefetch("sub_objectives", queryset=objectives.level(2), to_attr="sub_objectives_read")
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


def objectives_of(axes: list[Axis]) -> tuple[list[Objective], list[Objective]]:
    """The orientations and the sub-objectives read with these axes, each knowing its theme."""
    orientations = [o for axis in axes for theme in axis.themes_read for o in theme.orientations]
    sub_objectives = [sub for o in orientations for sub in o.sub_objectives_read]
    for sub in sub_objectives:
        sub.theme = sub.parent.theme
    return orientations, sub_objectives


def fold_proposals(orientations: list[Objective], asked: str = "") -> list[Objective]:
    """Keep a few of the sub-objectives proposed beneath each orientation, and all that are agreed.

    ``folded_count`` is told of each orientation. The sub-objective ``asked`` for, by its primary
    key as an address has it, is kept. Returns the sub-objectives that stay.
    """
    for orientation in orientations:
        proposed = [sub for sub in orientation.sub_objectives_read if sub.is_proposed]
        folded = {sub.pk for sub in proposed[PROPOSED_SHOWN:] if str(sub.pk) != asked}
        kept = [sub for sub in orientation.sub_objectives_read if sub.pk not in folded]
        orientation.sub_objectives_read, orientation.folded_count = kept, len(folded)
    return [sub for orientation in orientations for sub in orientation.sub_objectives_read]


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
