"""What everybody may read without an account, and the page on which the parties are asked to open
it."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from committee.drafts.asking import Asking
from conventions.models import Convention
from documents.downloads import serve_picture
from evaluation.editions.models import Edition, Printing, Rendition
from evaluation.images.showing import on_public_pages
from evaluation.opening.commitments import PublicPageCommitment
from evaluation.opening.events import propose_opening
from evaluation.opening.models import PublicPage
from evaluation.opening.own_commune import OwnCommune
from evaluation.opening.reading import open_conventions
from evaluation.publication.files import published_file
from evaluation.publication.snapshots import content_of

HOUR = "public, max-age=3600"


class OpeningView(Asking):
    """The page on which the parties are asked to open what is published."""

    template_name = "evaluation/opening/opening.html"
    commitment, flag = PublicPageCommitment(), "is_open"

    def propose(self, *, is_yes, note):
        return propose_opening(self.convention, is_open=is_yes, note=note, by=self.request.user)


def open_convention(slug: str) -> Convention:
    """Return a convention whose published evaluations everybody may read; raise Http404 for any
    other."""
    pages = PublicPage.objects.open().select_related("convention")
    return get_object_or_404(pages, convention__slug=slug).convention


def published_of(convention: Convention, year: int | None, number: int | None = None) -> Edition:
    """Return a published version of a year, or of the term: that of this ``number``, by default the
    last. Raises Http404 without one."""
    editions = Edition.objects.of(convention).for_year(year).with_all()
    if number is not None:
        return get_object_or_404(editions.published(), number=number)
    if edition := editions.last_published():
        return edition
    raise Http404


@method_decorator(login_not_required, name="dispatch")
class PublicView(TemplateView):
    """A page that everybody may read."""

    http_method_names = ["get", "head", "options"]

    def render_to_response(self, context, **kwargs):
        """Let caches keep the page for an hour, unless the reader has an account: it then bears
        their name."""
        response = super().render_to_response(context, **kwargs)
        # With somebody's name and token on it, the page is for them alone.
        if not self.request.user.is_authenticated:
            response["Cache-Control"] = HOUR
        return response


class PublicConventions(PublicView):
    """The conventions of which there is something to read."""

    template_name = "evaluation/opening/conventions.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(conventions=open_conventions(), **kwargs)


class PublicYears(PublicView):
    """The published evaluations of an open convention, the last version of each, the term first,
    then the last year."""

    template_name = "evaluation/opening/years.html"

    def get_context_data(self, *, slug, **kwargs):
        """Add ``open_convention`` and ``editions``, the last published one of each period. Http404
        for a convention that is not open."""
        convention = open_convention(slug)
        editions = Edition.objects.of(convention).published().with_all().latest_first()
        newest = {edition.year: edition for edition in reversed(editions)}
        return super().get_context_data(
            open_convention=convention,
            editions=list(reversed(newest.values())),
            **kwargs,
        )


class PublicYear(PublicView):
    """A published evaluation on any screen: the last version, or that of the address
    (``number``)."""

    template_name = "evaluation/opening/year.html"

    def get_context_data(self, *, slug, year, number=None, **kwargs):
        """Add ``edition``, its frozen content (``report``), the reader's commune (``own``), the
        files that are ``made``, by rendition, and ``later``: the last version where another is
        shown, else None. Http404 for what is not open or not published."""
        convention = open_convention(slug)
        edition = published_of(convention, year, number)
        newest = published_of(convention, year)
        report = content_of(edition.snapshot)
        printings = Printing.objects.published().for_edition(edition)
        return super().get_context_data(
            open_convention=convention,
            edition=edition,
            period=edition.period,
            later=newest if newest != edition else None,
            report=report,
            own=OwnCommune(report, self.request.GET.get("commune", "")),
            pictures=on_public_pages(edition, report.images),
            made={printing.rendition: printing for printing in printings},
            **kwargs,
        )


@login_not_required
@require_safe
def public_image(request, slug, year, number, pk):
    """Serve an image of a published version of an open convention, to be cached for an hour;
    Http404 for any other."""
    edition = published_of(open_convention(slug), year, number)
    image = get_object_or_404(edition.snapshot.images.select_related("stored"), pk=pk)
    response = serve_picture(image.stored)
    response["Cache-Control"] = HOUR
    return response


@login_not_required
@require_safe
def public_file(request, slug, year, number, extension):
    """Serve a file of a published version of an open convention, under an address that stays;
    programs of other sites may read it."""
    convention = open_convention(slug)
    edition = published_of(convention, year, number)
    response = published_file(edition, Rendition.WHOLE if extension == "pdf" else extension)
    response["Cache-Control"] = HOUR
    response["Access-Control-Allow-Origin"] = "*"
    return response
