"""First pages: one's conventions, and the dashboard of one."""

import datetime

from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import ListView, TemplateView

from conventions.access.reading import waiting_of
from conventions.access.viewer import Viewer
from conventions.legal.reading import axes_in_force
from conventions.models import Convention, Party
from conventions.notices import scope_of
from conventions.pages import ConventionPage
from ctg_portal.house import by_key, house, in_turn
from notifications.reading import new_since_last_visit


def home(request):
    """One's only convention, or the choice."""
    conventions = list(Convention.objects.visible_to(request.user)[:2])
    if len(conventions) == 1:
        return redirect(conventions[0])
    return redirect("conventions:list")


class ConventionListView(ListView):
    """ "Mes conventions": for each its term, and what awaits the person."""

    template_name = "conventions/dashboard/list.html"
    context_object_name = "conventions"

    def get_queryset(self):
        return Convention.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        today = timezone.localdate()
        conventions = list(context["conventions"])
        viewer = Viewer(self.request.user, conventions)
        for convention in conventions:
            convention.viewer = viewer
        tasks = by_key(house().tasks, self.request.user, conventions, today)
        for convention in conventions:
            convention.tasks = tasks.get(convention.pk, [])
            convention.term = term_of(convention, today)
            convention.days_left_today = convention.days_left(today)
        return context | {"conventions": conventions, "today": today}


class DashboardView(ConventionPage, TemplateView):
    """What this convention is, where its term stands, what the person has to do."""

    template_name = "conventions/dashboard/dashboard.html"

    def get_context_data(self, **kwargs):
        convention, user = self.convention, self.request.user
        parties = Party.objects.of(convention).select_related("organisation")
        axes = axes_in_force(convention, self.reading_day)
        return super().get_context_data(
            term=term_of(convention, self.today),
            days_left=convention.days_left(self.today),
            waiting=waiting_of(user, convention),
            tasks=by_key(house().tasks, user, [convention], self.today)[convention.pk],
            cards=in_turn(house().cards, user, convention, self.today),
            news=new_since_last_visit(user, scope_of(convention).key),
            party_names=[party.organisation.name for party in parties],
            axes=axes,
            has_themes=any(axis.has_titled_themes for axis in axes),
            figures=list(convention.key_figures.all()),
            predecessor=Convention.objects.visible_to(user).predecessor_of(convention),
            **kwargs,
        )


def term_of(convention: Convention, today: datetime.date) -> str:
    """Where a convention stands: ``project``, ``coming``, ``running`` or ``ended``."""
    if not convention.is_signed:
        return "project"
    if convention.has_ended(today):
        return "ended"
    return "running" if convention.is_running(today) else "coming"
