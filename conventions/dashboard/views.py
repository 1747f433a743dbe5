"""The list of one's conventions, and the dashboard of one."""

from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import ListView, TemplateView

from accounts.requests import SignedInRequest
from conventions.access.pages import ConventionPage
from conventions.access.reading import accesses_not_in_full
from conventions.access.viewer import Viewer
from conventions.dashboard.page import Dashboard, deadlines_of
from conventions.dashboard.ranking import ranked
from conventions.dashboard.title import term_of, title_of_list
from conventions.legal.convention import Convention
from conventions.notices import scope_of
from conventions.parties.reading import parties_among
from ctg_portal.house import by_key, house
from notifications.reading import new_since_last_visit


def home(request):
    """Redirect to the only convention that one sees, or to the list of none or several."""
    conventions = list(Convention.objects.visible_to(request.user)[:2])
    if len(conventions) == 1:
        return redirect(conventions[0])
    return redirect("conventions:list")


class ConventionListView(ListView):
    """The page « Mes conventions »: for each the first thing to do, the next day, its term."""

    template_name = "conventions/dashboard/list.html"
    context_object_name = "conventions"
    request: SignedInRequest

    def get_queryset(self):
        return Convention.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs):
        """Return the conventions with their ranked tasks, next deadline and term, read together."""
        context = super().get_context_data(**kwargs)
        today, user = timezone.localdate(), self.request.user
        conventions = list(context["conventions"])
        viewer = Viewer(user, conventions)
        for convention in conventions:
            convention.viewer = viewer
        tasks = by_key(house().tasks, user, conventions, today)
        deadlines = deadlines_of(conventions, user, today)
        for convention in conventions:
            convention.tasks = ranked(tasks[convention.pk], today)
            convention.deadline = next(iter(deadlines[convention.pk]), None)
            convention.term = term_of(convention, today)
            convention.days_left_today = convention.days_left(today)
        awaiting = sum(bool(convention.tasks) for convention in conventions)
        title = title_of_list(awaiting, len(conventions))
        return context | {"conventions": conventions, "title": title}


class DashboardView(ConventionPage, TemplateView):
    """The dashboard: tasks first, then the state of the convention."""

    template_name = "conventions/dashboard/dashboard.html"

    def get_context_data(self, **kwargs):
        """Return the dashboard, accesses that do not count in full, and news."""
        convention, user = self.convention, self.request.user
        return super().get_context_data(
            page=Dashboard(convention, user, self.today),
            waiting=accesses_not_in_full(user, convention),
            news=new_since_last_visit(user, scope_of(convention).key),
            parties=[
                party.organisation.name for party in parties_among([convention])[convention.pk]
            ],
            **kwargs,
        )
