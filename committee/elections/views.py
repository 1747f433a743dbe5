"""Pages of the list of a party's élus: prepare it, read it again, confirm it, abandon it."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from agreements.seats.voices import bench_of
from committee.elections import events, rights
from committee.elections.forms import RenewalForm
from committee.elections.models import Renewal
from committee.elections.reading import RenewalReading
from committee.pages import CommitteeReader, ComposingPage
from conventions.hosting.rights import may_host
from conventions.models import Organisation
from ctg_portal.forms.revisions import RevisedForm, Rewritten, revision_in
from ctg_portal.marks.events import changing
from ctg_portal.rules import Refused, enforce
from documents.downloads import serve_stored_file
from documents.models import store


class ElectionsPage(ComposingPage):
    """A page of the list of one organisation's élus, for who may prepare it."""

    def find(self, **kwargs):
        """Set ``organisation``, 404 outside the convention, ``reading``, its list, and the
        heading."""
        organisations = Organisation.objects.filter(convention=self.convention)
        self.organisation = get_object_or_404(organisations, pk=kwargs["pk"])
        self.organisation.convention = self.convention
        self.reading = RenewalReading(self.organisation, self.here.bench, self.request.user)
        self.heading = self.reading.heading

    def refusal(self):
        return rights.may_prepare(self.request.user, self.organisation)

    def url(self, name: str) -> str:
        return reverse(f"committee:{name}", args=[self.convention.slug, self.organisation.pk])

    def get_context_data(self, **kwargs):
        """Add the ``organisation`` and the ``reading`` of its list."""
        return super().get_context_data(
            organisation=self.organisation, reading=self.reading, **kwargs
        )


class EditElections(ElectionsPage):
    """The list, line by line: saved as it stands, whole or not, then shown again to be read."""

    form_class = RenewalForm
    template_name = "committee/elections/edit.html"

    def get_form_kwargs(self):
        """Add the open list (None without one), the seats it is about and its stored lines, by
        seat."""
        kwargs = super().get_form_kwargs()
        kwargs.pop("initial")
        kwargs.pop("prefix")
        reading = self.reading
        return kwargs | {
            "renewal": reading.open, "seats": reading.seats, "stored": reading.stored
        }  # fmt: skip

    def act(self, data):
        """Save the list; nothing else of the page is lost where that is refused."""
        enforce(self.refusal())  # before a document is kept for nothing
        form, by = self.form, self.request.user
        with changing():
            prepared = form.prepared
            if data.get("act"):
                prepared = replace(prepared, act=store(data["act"], by=by))
            events.prepare(self.organisation, prepared, revision=data["revision"], by=by)
        return "La liste est enregistrée : relisez-la."

    def form_valid(self, form):
        """Set ``form``, which ``act`` reads, and save."""
        self.form = form
        return super().form_valid(form)

    def refused(self, form, refusal):
        """Show the form with the refusal; where the list was saved meanwhile, with both."""
        if not isinstance(refusal, Rewritten):
            return super().refused(form, refusal)
        self.reading = RenewalReading(self.organisation, self.here.bench, self.request.user)
        form.show_list(refusal, self.reading.open, self.reading.stored)
        return self.form_invalid(form)

    def get_success_url(self):
        return self.url("review_elections")


class ReviewElections(ElectionsPage):
    """The list read again, with what it brings about; a référent confirms it here."""

    form_class = RevisedForm
    template_name = "committee/elections/review.html"

    def get_initial(self):
        return {"revision": self.reading.open.revision if self.reading.open else 0}

    def act(self, data):
        """Confirm the list as it was shown. Raises Refused where it, or a seat, was changed."""
        renewal = self.reading.open
        if renewal is None:
            raise Refused(rights.STALE)
        events.confirm(
            renewal, revision=data["revision"], seen=self.request.POST.get("vu", ""),
            by=self.request.user,
        )  # fmt: skip
        return f"La liste des élus {self.organisation.genitive} est confirmée."

    def get_context_data(self, **kwargs):
        """Add ``cannot_confirm``, the refusal of who may not confirm; ``missing``, why the list
        cannot be confirmed yet; and ``is_alone``, whether the organisation has no référent."""
        reading = self.reading
        return super().get_context_data(
            cannot_confirm=rights.may_confirm(self.request.user, self.organisation),
            missing=reading.obstacle(self.here.today) if reading.open else None,
            is_alone=Organisation.objects.without_referent().among([self.organisation.pk]).exists(),
            **kwargs,
        )


class AbandonElections(ElectionsPage):
    """The question before a list is abandoned."""

    form_class = RevisedForm
    button = "Abandonner cette liste"
    note = "Ce qui y est écrit disparaît, et les sièges des élus ne sont plus attendus."
    is_grave = True

    def find(self, **kwargs):
        """Set what ``ElectionsPage`` does, and the question as heading."""
        super().find(**kwargs)
        self.heading = f"Abandonner la liste des élus {self.organisation.genitive} ?"

    def get_initial(self):
        return {"revision": self.reading.open.revision if self.reading.open else 0}

    def act(self, data):
        """Delete the open list; return the message. Raises Refused."""
        events.abandon(self.organisation, revision=data["revision"], by=self.request.user)
        return "La liste est abandonnée."


def elections_act(request, slug, pk):
    """Serve the délibération of the open list of an organisation, else of the last one, to who may
    prepare it. 403 for others, 404 without a délibération."""
    here = CommitteeReader(request, slug)
    organisation = get_object_or_404(Organisation, convention=here.convention, pk=pk)
    organisation.convention = here.convention
    if rights.may_prepare(request.user, organisation):
        raise PermissionDenied
    renewal = Renewal.objects.renewing(organisation).with_act().first()
    if renewal is None:
        raise Http404
    return serve_stored_file(renewal.act)


def former_page(request, slug, pk):
    """Redirect from the page that suspended élus, in earlier releases."""
    here = CommitteeReader(request, slug)
    organisation = get_object_or_404(Organisation, convention=here.convention, pk=pk)
    return redirect("committee:elections", here.convention.slug, organisation.pk)


def host_elections(request, slug, pk):
    """Show the host the open list of an organisation that has no référent; a POST confirms it. 404
    for who is no superuser, and without a list."""
    if not request.user.is_superuser:
        raise Http404
    if may_host(request.user) is not None:
        raise PermissionDenied
    rows = Renewal.objects.open().renewing(pk).select_related("organisation__convention")
    renewal = get_object_or_404(rows, organisation__convention__slug=slug)
    organisation = renewal.organisation
    today = timezone.localdate()
    reading = RenewalReading(organisation, bench_of(organisation.convention, today), None)
    refusal = rights.may_confirm(None, organisation) or reading.obstacle(today)
    if request.method == "POST":
        try:
            events.confirm(
                renewal, revision=revision_in(request.POST), seen=request.POST.get("vu", ""),
                by=None, operator=request.user,
            )  # fmt: skip
        except Refused as refused:
            refusal = refused.refusal
        else:
            messages.success(request, f"La liste {organisation.genitive} est confirmée.")
            return redirect("conventions:referents")
    context = {"organisation": organisation, "reading": reading, "missing": refusal}
    return render(request, "committee/elections/host.html", context)
