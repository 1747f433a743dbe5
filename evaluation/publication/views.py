"""Pages on which an evaluation is submitted, validated, agreed and published."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView

from conventions.access.pages import ConventionPage, visible_convention
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.text.numbers import key_in
from evaluation.editions.models import Edition, Printing, ValidationWord
from evaluation.opening.reading import is_open
from evaluation.publication import events, rights
from evaluation.publication.checking import check
from evaluation.publication.files import published_file, serve_printing
from evaluation.publication.forms import (
    CheckForm,
    OpinionForm,
    ReturnForm,
    SubmitForm,
    ValidationForm,
)
from evaluation.publication.page import PublicationPage, mark_of
from evaluation.report.for_reader import ContentPageMixin

OTHER = (
    "Ce contenu n’est plus celui qui est soumis : votre réponse n’a pas été prise. Voici ce qui "
    "a changé, et ce que vous aviez écrit."
)


class PublicationPageMixin(ContentPageMixin):
    """Mixin of the pages of an evaluation that is being published."""

    @cached_property
    def page(self) -> PublicationPage:
        return PublicationPage(self, self.request.user, self.today)

    @property
    def address(self) -> tuple[str, str, int | None]:
        """The arguments of ``redirect`` to the page of the publication."""
        return "evaluation:publication", self.convention.slug, self.period.year

    def get_context_data(self, **kwargs):
        return super().get_context_data(page=self.page, **kwargs)


class PublicationView(PublicationPageMixin, TemplateView):
    """Show where the evaluation stands, who is awaited, what is published."""

    template_name = "evaluation/publication/publication.html"

    def get(self, request, *args, **kwargs):
        """Answer 204 to a page that waits and has seen the latest progress; else show the page."""
        seen = request.GET.get("vu") if request.htmx else None
        if seen and seen == mark_of(self.convention, self.period.year, request.user):
            return HttpResponse(status=204)
        return super().get(request, *args, **kwargs)


class ActView(PublicationPageMixin, FormView):
    """Base of a form that does one act: shown with why the reader may not, done on POST, then back
    to the publication with the message ``done``. A refusal by the event stands in the form."""

    done = ""

    def refusal(self) -> Refusal | None:
        """Return why the reader may not do it, or None."""
        raise NotImplementedError

    def act(self, form) -> None:
        """Do the act with what the form says. Raises Refused."""
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        return super().get_context_data(refusal=self.refusal(), **kwargs)

    def form_valid(self, form):
        """Do the act and go to the publication; show a refusal in the form."""
        try:
            self.act(form)
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return redirect(*self.address)


class SubmitView(ActView):
    """Freeze the content of the evaluation, to be validated and agreed."""

    template_name = "evaluation/publication/submit.html"
    form_class = SubmitForm
    done = "L’évaluation est soumise : son contenu est figé."

    def refusal(self):
        """Return why the reader may not submit, that the same content is submitted or published
        already, or None."""
        page = self.page
        if page.submit_refusal:
            return page.submit_refusal
        if page.edition and not page.is_outdated:
            return events.SAME
        return None if page.is_correctable else events.PUBLISHED_ALREADY

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"corrects": bool(self.page.published)}

    def act(self, form):
        """Submit the content, with the reason for a correction."""
        reason = form.cleaned_data.get("reason", "")
        events.submit(self.campaign, period=self.period, reason=reason, by=self.request.user)


class EditionActView(ActView):
    """Base of an act on the edition that the address names, whatever its state; 404 for another
    convention or year."""

    def setup(self, request, *args, **kwargs):
        """Set ``edition``, that of the address."""
        super().setup(request, *args, **kwargs)
        editions = Edition.objects.of(self.convention).for_year(self.period.year).with_all()
        self.edition = get_object_or_404(editions, pk=kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(edition=self.edition, **kwargs)


class GiveBackView(EditionActView):
    """Return an edition to its writers."""

    template_name = "evaluation/publication/give_back.html"
    form_class = ReturnForm
    done = "L’évaluation est rendue à la rédaction : plus rien n’est demandé aux parties."

    def refusal(self):
        return rights.may_return(self.request.user, self.edition)

    def act(self, form):
        events.give_back(self.edition, form.cleaned_data["reason"], by=self.request.user)


class ValidateView(PublicationPageMixin, FormView):
    """Say in the name of one's organisation that the analyses of its data are right, or give an
    avis; once said, take it back."""

    template_name = "evaluation/publication/validate.html"

    def setup(self, request, *args, **kwargs):
        """Raise PermissionDenied for who reads no drafts."""
        super().setup(request, *args, **kwargs)
        if self.page.drafts_refusal:
            raise PermissionDenied

    @property
    def is_opinion(self) -> bool:
        """Whether the reader gives an avis: who may validate for a party does that instead."""
        return not self.page.voices and self.page.can_advise

    def get_form_class(self):
        return OpinionForm if self.is_opinion else ValidationForm

    def get_form_kwargs(self):
        """Add ``voices``: the organisations in whose name the reader may answer."""
        voices = [self.page.advice] if self.is_opinion else self.page.voices
        return super().get_form_kwargs() | {"voices": voices}

    def get_context_data(self, **kwargs):
        """Add « la Caf ou la MSA », the parties for which the reader may validate, as
        ``voices``."""
        voices = " ou ".join(voice.the for voice in self.page.voices)
        return super().get_context_data(is_opinion=self.is_opinion, voices=voices, **kwargs)

    def post(self, request, *args, **kwargs):
        """Raise Refused where the reader may not answer; where another edition than the one that
        was read is submitted now, record nothing and show what changed."""
        edition = self.page.edition
        read = request.POST.get("edition")
        if edition is None or not (self.page.voices or self.page.can_advise):
            raise Refused(rights.NOT_SUBMITTED)
        if str(edition.pk) != read:
            return self.show_changed_edition(read)
        return super().post(request, *args, **kwargs)

    def show_changed_edition(self, read: str | None) -> HttpResponse:
        """Show again what was typed, with the changes since the edition that was ``read`` (its
        key)."""
        self.page.compare_with(read)
        form = self.get_form()
        form.add_error(None, OTHER)
        return self.form_invalid(form)

    def form_valid(self, form):
        """Record the answer and go to the publication; show a refusal in the form."""
        try:
            message = self._record(form)
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        messages.success(self.request, message)
        return redirect(*self.address)

    def _record(self, form) -> str:
        """Record the answer and return the message about it. Raises Refused."""
        edition, by, values = self.page.edition, self.request.user, form.cleaned_data
        organisation = form.spoken_for
        if self.is_opinion:
            events.advise(edition, values["text"], by=by, organisation=organisation.pk)
            return "Votre avis est enregistré."
        if organisation is None:
            raise Refused(rights.NOT_ITS_MEMBER)
        if values["word"] == ValidationWord.VALIDATED:
            events.validate(edition, organisation, by=by)
            return "Les analyses sont validées. La coordination en est informée."
        events.ask_for_change(edition, organisation, values["text"], by=by)
        return "Votre demande est transmise à la coordination."


class PublishView(EditionActView):
    """Request the document of what all parties agreed to; once drawn, it is published for good."""

    template_name = "evaluation/publication/publish.html"
    form_class = Form
    done = "Le document est en préparation : il sera publié dès qu’il est prêt."

    def refusal(self):
        """Return why the reader may not publish it, or that the portal says something else now, or
        None."""
        return rights.may_publish(self.request.user, self.edition) or events.changed_since(
            self.edition
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(is_open=is_open(self.convention), **kwargs)

    def act(self, form):
        events.request_publication(self.edition, by=self.request.user)


def _edition(request, slug: str, year: int | None, pk: int) -> Edition:
    """Return the edition of this key, of a convention that the reader sees; Http404 otherwise."""
    convention = visible_convention(request, slug)
    editions = Edition.objects.of(convention).for_year(year).with_all()
    return get_object_or_404(editions, pk=pk)


@require_POST
def propose(request, slug, year, pk):
    """Ask the parties for their agreement to an edition, and return to its page. Raises Refused;
    Http404 for an edition of another convention or year."""
    events.propose(_edition(request, slug, year, pk), by=request.user)
    messages.success(request, "Les parties sont appelées à donner leur accord.")
    return redirect("evaluation:publication", slug, year)


@require_POST
def take_back(request, slug, year, pk):
    """Retract the validation of the organisation that the form names, and return to the page.
    Raises Refused; Http404 for an organisation that is not of the convention."""
    edition = _edition(request, slug, year, pk)
    organisation = get_object_or_404(
        edition.evaluation.convention.organisations, pk=key_in(request.POST.get("organisation", ""))
    )
    events.take_back(edition, organisation, by=request.user)
    messages.success(request, "Votre validation est retirée.")
    return redirect("evaluation:publication", slug, year)


def document(request, slug, year, pk):
    """Serve a drawn file of an edition as a download, to who may read it; Http404 or a refusal
    otherwise."""
    convention = visible_convention(request, slug)
    printings = Printing.objects.of(convention).select_related("edition__evaluation__convention")
    printing = get_object_or_404(printings.for_year(year), pk=pk)
    enforce(rights.may_read(request.user, printing))
    return serve_printing(printing)


def published_data(request, slug, year, number, name):
    """Serve the figures of a published version (« csv », « json »), made on demand; Http404 for a
    version that is not published."""
    editions = Edition.objects.of(visible_convention(request, slug)).for_year(year).with_all()
    edition = get_object_or_404(editions.published(), number=number)
    return published_file(edition, name)


class CheckView(ConventionPage, FormView):
    """Compare a file with what is published, without keeping it:
    « Ce document est-il le bon ? »."""

    template_name = "evaluation/publication/check.html"
    form_class = CheckForm

    def form_valid(self, form):
        """Show what the file is: among published files, and projects for who reads drafts."""
        known = Printing.objects.of(self.convention)
        if rights.may_read_drafts(self.request.user, self.convention) is not None:
            known = known.published()
        checked = check(form.cleaned_data["document"].chunks(), known)
        return self.render_to_response(self.get_context_data(form=form, checked=checked))
