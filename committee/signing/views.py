"""Pages of the signature of a convention: read it, record it, withdraw it, confirm it."""

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from agreements.answers.lights import required_of
from agreements.seats.voices import bench_of
from committee.pages import CommitteePage, CommitteeReader, ComposingPage
from committee.signing import events, rights
from committee.signing.forms import SigningForm
from committee.signing.models import Signing
from committee.signing.reading import SigningReading
from conventions.hosting.rights import may_host
from conventions.models import Convention, Party
from ctg_portal.forms.revisions import RevisedForm, Rewritten, revision_in, revision_of
from ctg_portal.rules import Refusal, Refused
from documents.downloads import serve_stored_file


class SigningPage(CommitteePage, TemplateView):
    """The signature: what is recorded, who confirmed it, what awaits whom."""

    template_name = "committee/signing/signing.html"

    def get_context_data(self, **kwargs):
        """Add the ``reading``, and ``may_record``, whether the reader records the signature."""
        here = self.here
        return super().get_context_data(
            reading=SigningReading(self.convention, here.bench, here.user),
            may_record=rights.may_record(here.user, self.convention) is None,
            other_text=rights.TEXT_CHANGED,
            **kwargs,
        )


class SigningAct(ComposingPage):
    """A page of an act on the signature; then one reads the signature."""

    def find(self, **kwargs):
        """Set ``reading``, the signature for the reader."""
        self.reading = SigningReading(self.convention, self.here.bench, self.request.user)

    def obstacle(self) -> Refusal | None:
        """Return why there is nothing to record, although the person coordinates: it is signed."""
        return rights.may_record(self.request.user, self.convention)

    def get_initial(self):
        return {"revision": revision_of(self.reading.signing)}

    def get_success_url(self):
        return reverse("committee:signing", args=[self.convention.slug])

    def get_context_data(self, **kwargs):
        return super().get_context_data(reading=self.reading, **kwargs)


class RecordSigning(SigningAct):
    """The signature recorded, or recorded again while nobody has brought it to its end."""

    form_class = SigningForm
    template_name = "committee/signing/record.html"
    heading = "Enregistrer la signature"

    def get_form_kwargs(self):
        """Add what is recorded, None without, and the parties."""
        kwargs = super().get_form_kwargs()
        kwargs.pop("initial")
        kwargs.pop("prefix")
        parties = Party.objects.of(self.convention)
        parties = parties.select_related("organisation").prefetch_related("signatories")
        return kwargs | {
            "signing": self.reading.signing, "parties": list(parties.order_by("rank"))
        }  # fmt: skip

    def form_valid(self, form):
        """Set ``form``, which ``act`` reads, and record."""
        self.form = form
        return super().form_valid(form)

    def act(self, data):
        """Record the signature; return the message. Raises Refused."""
        events.record(
            self.convention, self.form.recorded, revision=data["revision"], by=self.request.user
        )
        return "La signature est enregistrée : chaque partie est appelée à la confirmer."

    def refused(self, form, refusal):
        """Show the form with the refusal; where it was recorded meanwhile, with both."""
        if not isinstance(refusal, Rewritten):
            return super().refused(form, refusal)
        form.show_recorded(refusal, Signing.objects.of(self.convention).standing().first())
        return self.form_invalid(form)


class WithdrawSigning(SigningAct):
    """The question before what is recorded is withdrawn."""

    form_class = RevisedForm
    template_name = "committee/signing/withdraw.html"
    heading = "Retirer la signature enregistrée ?"
    is_grave = True

    def obstacle(self):
        return super().obstacle() or (None if self.reading.signing else rights.GONE)

    def act(self, data):
        """Withdraw it; return the message. Raises Refused."""
        events.withdraw(self.convention, revision=data["revision"], by=self.request.user)
        return "La signature enregistrée est retirée : la convention reste un projet."


class ConfirmSigning(SigningAct):
    """The summary before somebody confirms the signature for a party: it binds that party."""

    form_class = RevisedForm
    template_name = "committee/signing/confirm.html"

    def find(self, **kwargs):
        """Set ``organisation``, 404 unless the convention requires its agreement, and the
        heading."""
        super().find(**kwargs)
        required = {organisation.pk: organisation for organisation in required_of(self.convention)}
        if kwargs["pk"] not in required:
            raise Http404
        self.organisation = required[kwargs["pk"]]
        self.heading = f"Confirmer la signature, pour {self.organisation.the}"

    def refusal(self):
        """Return why the reader does not commit the party, or None."""
        return rights.refuse_stranger(self.request.user, self.organisation, self.here.bench)

    def obstacle(self):
        """Return why there is nothing to confirm, or None."""
        reading = self.reading
        if reading.signing is None:
            return rights.GONE
        if reading.is_of_other_text:
            return rights.TEXT_CHANGED
        return rights.may_confirm(
            self.request.user, self.organisation, reading.signing, reading.confirmations,
            self.here.bench,
        )  # fmt: skip

    def act(self, data):
        """Confirm the signature as it was shown; return the message. Raises Refused."""
        signing = events.confirm(
            self.convention, self.organisation, revision=data["revision"], by=self.request.user
        )
        if signing.confirmed_at:
            return "La signature est confirmée : la convention est signée."
        return f"La signature est confirmée pour {self.organisation.the}."

    def get_context_data(self, **kwargs):
        """Add ``is_last``: whether the convention is signed by this confirmation."""
        awaited = {organisation.pk for organisation in self.reading.awaited}
        return super().get_context_data(
            organisation=self.organisation, is_last=awaited == {self.organisation.pk}, **kwargs
        )


def signing_scan(request, slug):
    """Serve the scan of the signature of a convention to who has access to it; 404 without one."""
    convention = CommitteeReader(request, slug).convention
    return serve_stored_file(_standing(convention).scan)


def host_signing(request, slug):
    """Show the host the recorded signature of a convention; a POST confirms it on the scan. 404 for
    who is no superuser, and where nothing awaits confirmation."""
    convention, signing = _for_host(request, slug)
    bench = bench_of(convention, timezone.localdate())
    reading = SigningReading(convention, bench, None)
    refusal = rights.may_confirm_on_scan(request.user, signing)
    if refusal is None and reading.is_of_other_text:
        refusal = rights.TEXT_CHANGED
    if request.method == "POST":
        try:
            events.confirm_on_scan(
                convention, revision=revision_in(request.POST), operator=request.user
            )
        except Refused as refused:
            refusal = refused.refusal
        else:
            messages.success(request, f"La convention « {convention.territory} » est signée.")
            return redirect("conventions:referents")
    context: dict[str, Any] = {"convention": convention, "reading": reading, "refusal": refusal}
    return render(request, "committee/signing/host.html", context)


def host_signing_scan(request, slug):
    """Serve the scan that awaits confirmation to the host; 404 for others."""
    return serve_stored_file(_for_host(request, slug)[1].scan)


def _for_host(request, slug: str) -> tuple[Convention, Signing]:
    """Return a convention and its open signature, for the host. Raises Http404."""
    if not request.user.is_superuser or may_host(request.user) is not None:
        raise Http404
    convention = get_object_or_404(Convention, slug=slug)
    signing = _standing(convention)
    if not signing.is_open:
        raise Http404
    return convention, signing


def _standing(convention: Convention) -> Signing:
    """Return the signature of a convention with its scan. Raises Http404 without one."""
    rows = Signing.objects.of(convention).standing().select_related("scan", "convention")
    return get_object_or_404(rows)
