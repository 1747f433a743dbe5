"""Base of all pages of a convention, which exist only for who sees it."""

from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View

from accounts.requests import SignedInRequest
from conventions.access.viewer import Viewer, active_accesses_of
from conventions.legal.convention import Convention
from ctg_portal.house import Entry, house


class ConventionPage(TemplateResponseMixin, ContextMixin, View):
    """Mixin of a page below ``/conventions/<slug>/``: 404 for who has no access to it."""

    request: SignedInRequest

    def setup(self, request, *args, **kwargs):
        """Set ``convention``, and ``today``; 404 for who has no access to it."""
        super().setup(request, *args, **kwargs)
        self.convention = visible_convention(request, kwargs["slug"])
        self.today = timezone.localdate()

    @cached_property
    def reading_day(self):
        return self.convention.reading_day(self.today)

    def get_context_data(self, **kwargs):
        """Return the context of the frame, ``today`` and what a page adds."""
        return super().get_context_data(
            **convention_context(self.request, self.convention), today=self.today, **kwargs
        )


def visible_convention(request: SignedInRequest, slug: str) -> Convention:
    """Return the convention if the person asking has an active access to it; 404 otherwise. For GET
    and HEAD, give it a viewer, which reads their accesses once."""
    convention = get_object_or_404(Convention.objects.visible_to(request.user), slug=slug)
    if request.method in ("GET", "HEAD"):
        convention.viewer = Viewer(request.user, [convention])
    return convention


def convention_context(request: SignedInRequest, convention: Convention) -> dict[str, Any]:
    """Return the context of the frame of every page: the convention, its menu as this person sees
    it, which chapter is open (``here``, or None), their own accesses."""
    memberships = active_accesses_of(request.user, convention)
    is_coordinator = any(m.is_coordination and m.is_effective for m in memberships)
    chapters = [
        _chapter(entry, convention, request.path)
        for entry in house().menu
        if is_coordinator or not entry.is_for_coordination
    ]
    return {
        "convention": convention,
        "words": convention.words,
        "axes_url": reverse("conventions:axes", args=[convention.slug]),
        "memberships": memberships,
        "is_coordinator": is_coordinator,
        "chapters": chapters,
        "here": next((chapter for chapter in chapters if chapter.current), None),
    }


@dataclass(frozen=True)
class Chapter:
    """A chapter in the menu; ``current``: its ``aria-current``, empty elsewhere.

    ``short``: its label in the row for members and agents, empty where it is not there.
    """

    label: str
    url: str
    current: str
    group: str
    short: str

    @property
    def in_row(self) -> str:
        """The label in the row; a chapter that is being read joins the row."""
        return self.short or (self.current and self.label)


def _chapter(entry: Entry, convention: Convention, path: str) -> Chapter:
    """Return a menu entry as a chapter: current on its page, and on those below it (the dashboard
    on its own page alone)."""
    url = reverse(entry.url_name, args=[convention.slug])
    current = "page" if path == url else ""
    # Every page lies below the dashboard: it is current on itself alone.
    if not current and url != convention.get_absolute_url() and path.startswith(url):
        current = "true"
    return Chapter(
        entry.label.format(words=convention.words), url, current, entry.group, entry.short
    )
