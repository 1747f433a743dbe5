"""Pages of proposals for a later amendment (avenant, art. 9) of the signed text."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from agreements.commitments.commitment import commitment_of
from committee.amendments import events as talk
from committee.amendments import rights
from committee.amendments.forms import AmendmentForm
from committee.amendments.models import AmendmentProposal
from committee.amendments.reading import (
    AmendmentList,
    signed_row,
    signed_texts_by_kind,
    signed_wording,
    title_of,
)
from committee.pages import CommitteePage
from conventions.legal.reading import amending_article
from ctg_portal.rules import Refused


class Amendments(CommitteePage, TemplateView):
    """The list of proposals, each against the signed text; to be printed."""

    template_name = "committee/amendments/amendments.html"

    def get_context_data(self, **kwargs):
        """Add the ``listing`` of proposals, the number of the ``amending_article`` (None without
        one), and ``can_propose``."""
        here = self.here
        return super().get_context_data(
            listing=AmendmentList(here),
            amending_article=amending_article(
                here.convention, here.convention.reading_day(here.today)
            ),
            can_propose=rights.may_propose_amendment(here.user, here.bench) is None,
            **kwargs,
        )


class ChooseText(CommitteePage, TemplateView):
    """The choice of the signed text that should change."""

    template_name = "committee/amendments/choose.html"

    def get_context_data(self, **kwargs):
        """Add ``choices``, the signed texts by kind, and the ``refusal`` of who may propose
        nothing."""
        here = self.here
        return super().get_context_data(
            choices=signed_texts_by_kind(self.convention),
            refusal=rights.may_propose_amendment(here.user, here.bench),
            **kwargs,
        )


class ProposeAmendment(CommitteePage, FormView):
    """The form that proposes another wording of a signed text."""

    template_name = "committee/amendments/propose.html"
    form_class = AmendmentForm

    def setup(self, request, *args, **kwargs):
        """Set ``row``, the text that the address names; 404 for none of this convention and for a
        draft."""
        super().setup(request, *args, **kwargs)
        self.row = signed_row(kwargs["kind"], kwargs["pk"], self.convention)
        if self.row is None:
            raise Http404

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"signed": signed_wording(self.row)}

    def form_valid(self, form):
        """Record the proposal, then go to the list; a refusal comes back in the form."""
        try:
            talk.propose_amendment(self.row, **form.cleaned_data, by=self.here.user)
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        messages.success(self.request, "Votre proposition est gardée pour un prochain avenant.")
        return redirect("committee:amendments", self.convention.slug)

    def get_context_data(self, **kwargs):
        """Add the row with its titles, the proposals about it that stand (``earlier``), and the
        ``refusal`` of who may not propose or of a row that is not signed."""
        here = self.here
        may = rights.may_propose_amendment(here.user, here.bench)
        return super().get_context_data(
            row=self.row,
            heading=commitment_of(self.row).heading(self.row),
            signed_title=title_of(self.row),
            refusal=may or talk.refuse_unsigned(self.row),
            earlier=AmendmentProposal.objects.about(self.row).not_withdrawn(),
            back=reverse("committee:amendments", args=[self.convention.slug]),
            **kwargs,
        )


class WithdrawAmendment(CommitteePage, TemplateView):
    """The question before a proposal is withdrawn; it stays readable."""

    template_name = "committee/amendments/withdraw.html"

    def setup(self, request, *args, **kwargs):
        """Set ``proposal``, withdrawn or not; 404 outside the convention."""
        super().setup(request, *args, **kwargs)
        proposals = AmendmentProposal.objects.of(self.convention)
        self.proposal = get_object_or_404(proposals, pk=kwargs["pk"])
        self.proposal.convention = self.convention

    def post(self, request, *args, **kwargs):
        """Withdraw the proposal, then go to the list. Raises Refused."""
        talk.withdraw_amendment(self.proposal, by=self.here.user)
        messages.success(request, "La proposition est retirée ; elle reste lisible dans la liste.")
        return redirect("committee:amendments", self.convention.slug)

    def get_context_data(self, **kwargs):
        """Add the ``proposal`` and the ``refusal``, None for who may withdraw it."""
        return super().get_context_data(
            proposal=self.proposal,
            refusal=rights.may_withdraw_amendment(self.here.user, self.proposal),
            **kwargs,
        )
