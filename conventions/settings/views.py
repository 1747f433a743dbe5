"""Pages « Réglages »: what of a convention is not its text, and is changed from pages."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView

from accounts.requests import SignedInRequest
from conventions.access.pages import ConventionPage, visible_convention
from conventions.journal.models import PARTY_SETTINGS, SettingChange
from conventions.settings import events, rights
from conventions.settings.forms import (
    ContactForm,
    NoticeForm,
    PartyForm,
    SettingForm,
    WordsForm,
)
from conventions.settings.page import SettingsPage
from ctg_portal.forms.revisions import Rewritten, differences
from ctg_portal.rules import Refused


class Settings(ConventionPage, TemplateView):
    """All settings, and their log; 403 for who has none to change."""

    template_name = "conventions/settings/settings.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if rights.may_read_settings(request.user, self.convention) is not None:
            raise PermissionDenied

    def get_context_data(self, **kwargs):
        page = SettingsPage(self.convention, self.request.user, self.today)
        return super().get_context_data(page=page, **kwargs)


class SettingFormPage(ConventionPage, FormView):
    """Base of the forms: a refusal is shown in the form, both texts to who comes second."""

    def values_now(self):
        """Return what the fields of the form hold now."""
        raise NotImplementedError

    def revision(self) -> int:
        raise NotImplementedError

    def write(self, form) -> None:
        """Write the values of the form. Raises Refused."""
        raise NotImplementedError

    def get_initial(self):
        return self.values_now() | {"revision": self.revision()}

    def form_valid(self, form):
        try:
            self.write(form)
        except Refused as refused:
            if isinstance(refused.refusal, Rewritten):
                self.convention.refresh_from_db()
                now = self.values_now()
                form.show_both(refused.refusal, self.revision(), differences(form, now))
            else:
                form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        messages.success(self.request, "C’est enregistré.")
        return redirect("conventions:settings", self.convention.slug)


class ChangeSetting(SettingFormPage):
    """One setting of the convention; ``form_class`` says which."""

    template_name = "conventions/settings/form.html"
    form_class: type[SettingForm]

    def setup(self, request, *args, **kwargs):
        """Set the convention; 403 for who may not set it."""
        super().setup(request, *args, **kwargs)
        if rights.may_set(request.user, self.convention) is not None:
            raise PermissionDenied

    def values_now(self):
        return self.form_class.values_of(self.convention)

    def revision(self):
        return events.last_change(self.convention, None, [self.form_class.setting])

    def write(self, form):
        events.change_settings(
            self.convention, form.values, revision=form.cleaned_data["revision"],
            by=self.request.user,
        )  # fmt: skip

    def get_context_data(self, **kwargs):
        return super().get_context_data(title=self.form_class.title, **kwargs)


class SetContact(ChangeSetting):
    form_class = ContactForm


class SetWords(ChangeSetting):
    form_class = WordsForm


class SetNotice(ChangeSetting):
    form_class = NoticeForm


class SetParty(SettingFormPage):
    """The seat, the logo and the source of a party."""

    template_name = "conventions/settings/party.html"
    form_class = PartyForm

    def setup(self, request, *args, **kwargs):
        """Set ``organisation``; 404 for one that is no party, 403 for who may not set it."""
        super().setup(request, *args, **kwargs)
        rows = self.convention.organisations.parties().select_related("party")
        self.organisation = get_object_or_404(rows, pk=kwargs["pk"])
        self.organisation.convention = self.convention
        if rights.may_set_party(request.user, self.organisation) is not None:
            raise PermissionDenied

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"organisation": self.organisation}

    def values_now(self):
        self.organisation.refresh_from_db()
        return PartyForm.values_of(self.organisation)

    def revision(self):
        return events.last_change(self.convention, self.organisation, PARTY_SETTINGS)

    def write(self, form):
        events.change_party(
            self.organisation, form.values, revision=form.cleaned_data["revision"],
            by=self.request.user,
        )  # fmt: skip

    def get_context_data(self, **kwargs):
        return super().get_context_data(organisation=self.organisation, **kwargs)


@require_POST
def undo(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Take a change back; say why where it may not be."""
    convention = visible_convention(request, slug)
    change = get_object_or_404(SettingChange.objects.of(convention), pk=pk)
    if rights.may_read_settings(request.user, convention) is not None:
        raise PermissionDenied
    try:
        events.undo(change, by=request.user)
    except Refused as refused:
        messages.warning(request, refused.refusal.reason)
    else:
        messages.success(request, "Le changement est annulé.")
    return redirect("conventions:settings", slug)
