"""The questions that are asked of many actions at once."""

import datetime
import re

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from conventions.models import Membership, Objective, Role, Standing, StandingQuerySet, Theme
from ctg_portal.search import SearchableQuerySet

ENTERING_ROLES = [Role.CONTRIBUTOR, Role.COORDINATOR]
# « 4.1.3 », or the number of a theme, beneath which others are.
NUMBER = re.compile(r"\w+(\.\d+)+")


def _model(name: str) -> type[models.Model]:
    return apps.get_model("actions", name)


class ActionQuerySet(StandingQuerySet, SearchableQuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def in_reading_order(self):
        return self.order_by("theme__axis__number", "theme__rank", "rank", "pk")

    def matching(self, query, synonyms=None):
        """Those that contain every word; of what is the number of some, those that bear it or one
        beneath it: its digits are in many others."""
        number = query.strip()
        if NUMBER.fullmatch(number):
            bearing = self.filter(Q(number__iexact=number) | Q(number__istartswith=f"{number}."))
            if bearing.exists():
                return bearing
        return super().matching(query, synonyms)

    def not_withdrawn(self):
        """Those that are written, discussed or in force."""
        return self.exclude(standing=Standing.WITHDRAWN)

    def fictional(self):
        """Those of a demonstration: a page that shows one says so."""
        return self.filter(is_fictional=True)

    def followed(self):
        """Those in force that go on: neither done nor given up. Twin: ``Action.is_open``."""
        return self.agreed().exclude(state__in=["done", "abandoned"])

    def late(self, on: datetime.date):
        """In force, going on, and behind what was agreed. Twin: ``Action.is_late``.

        The last day has passed; a milestone was due and is not done; or the first day has passed
        and nothing has begun.
        """
        overdue = _model("Milestone").objects.filter(
            action=OuterRef("pk"), due_on__lt=on, done_on__isnull=True
        )
        behind = Q(ends_on__lt=on) | Q(state="to_come", starts_on__lt=on) | Exists(overdue)
        return self.followed().filter(behind)

    def running_in(self, year: int):
        """Whose period touches a year; one without a first day yet does not."""
        first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        return self.filter(starts_on__lte=last).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=first)
        )

    def led_by(self, user):
        """Those that a person leads, by name, or by entering for an organisation that leads."""
        held = Membership.objects.active().filter(user=user)
        own = held.filter(role__in=ENTERING_ROLES).values("organisation")
        here = held.filter(organisation__convention=OuterRef("action__convention"))
        leads = _model("Lead").objects.filter(action=OuterRef("pk"))
        return self.filter(
            Exists(leads.filter(Q(organisation__in=own) | Q(Exists(here), user=user)))
        )

    def involving(self, organisation):
        """Those that an organisation leads, shares, staffs or funds."""
        own = {"action": OuterRef("pk")}
        return self.filter(
            Q(Exists(_model("Lead").objects.filter(organisation=organisation, **own)))
            | Q(Exists(_model("Means").objects.filter(organisation=organisation, **own)))
            | Q(Exists(_model("Funding").objects.filter(funder=organisation, **own)))
            | Q(pk__in=organisation.actions_shared.values("pk"))
        )

    def concerning(self, commune):
        """Those of the whole territory, and those that name the commune."""
        named = self.model.communes.through.objects.filter(action=OuterRef("pk"), commune=commune)
        return self.filter(Q(is_whole_territory=True) | Exists(named))

    def under(self, theme):
        """Those whose main theme, or one of the others, it is."""
        others = self.model.other_themes.through.objects.filter(action=OuterRef("pk"), theme=theme)
        return self.filter(Q(theme=theme) | Exists(others))

    def serving(self, objective):
        """Those that serve an objective itself, or one beneath it."""
        through = self.model.objectives.through.objects.filter(action=OuterRef("pk"))
        wanted = Q(objective=objective) | Q(objective__parent=objective)
        return self.filter(Exists(through.filter(wanted)))

    def with_relations(self):
        """With what a list of them shows: theme and axis, who leads, how far it is."""
        return self.select_related("convention", "theme__axis__convention").prefetch_related(
            "leads__organisation", "milestones"
        )

    def with_sheet(self):
        """With all that the sheets say."""
        others = Theme.objects.select_related("axis")
        objectives = Objective.objects.select_related("theme__axis")
        return self.with_relations().prefetch_related(
            Prefetch("other_themes", others),
            Prefetch("objectives", objectives),
            "objectives__theme__axis__convention",
            "partners",
            "communes",
            "leads__user",
            Prefetch("means", _model("Means").objects.select_related("organisation")),
            Prefetch("fundings", _model("Funding").objects.select_related("funder")),
            "notes",
        )
