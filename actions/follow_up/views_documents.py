"""Documents of an action: put on the sheet, handed out, taken off."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from django.views.generic import FormView, TemplateView

from actions.follow_up.events import attach_document, withdraw_document
from actions.follow_up.forms import DocumentForm
from actions.follow_up.views import OfAction
from actions.models import ActionDocument
from actions.plan.views import action_of
from conventions.pages import visible_convention
from ctg_portal.rules import Refused
from documents.downloads import serve_stored_file

PLACE = "documents"


class AddDocument(OfAction, FormView):
    template_name = "actions/follow_up/add_document.html"
    form_class = DocumentForm

    def form_valid(self, form):
        values = form.cleaned_data
        by, upload = self.request.user, values["document"]
        try:
            attach_document(self.action, upload, title=values["title"], by=by)
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
        except ValidationError as wrong:
            form.add_error("document", wrong)
        else:
            messages.success(self.request, "Le document est sur la fiche.")
            return self.back(PLACE)
        return self.form_invalid(form)


@require_safe
def document(request, slug, pk, document):
    """A document of the sheet, for who sees the action: to be saved, never opened in the page."""
    action = action_of(visible_convention(request, slug), request.user, pk)
    found = get_object_or_404(action.documents.kept().select_related("document"), pk=document)
    return serve_stored_file(found.document)


class WithdrawDocument(OfAction, TemplateView):
    """Ask, then take a document off the sheet."""

    template_name = "actions/follow_up/withdraw_document.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.document: ActionDocument = get_object_or_404(
            self.action.documents.kept().select_related("document"), pk=kwargs["document"]
        )

    def post(self, request, *args, **kwargs):
        try:
            withdraw_document(self.document, by=request.user)
        except Refused as refused:
            messages.warning(request, refused.refusal.reason)
        else:
            messages.success(request, "Le document n’est plus sur la fiche.")
        return self.back(PLACE)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs | {"document": self.document})
