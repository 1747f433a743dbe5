"""What the coordinator does with a yearly collection, each on a page that says what follows."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.generic import FormView

from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.templatetags.french import plural
from indicators.collection import events, rights
from indicators.collection.forms import CampaignForm, ConfirmForm, PrepareForm, ReopenForm
from indicators.collection.page import CampaignPage, next_year, usual_deadline
from indicators.pages import OfCampaign, OfConvention, address


class Managing(FormView):
    """A page of the coordinator; what is refused is told there, nothing typed is lost."""

    template_name = "indicators/collection/form.html"
    conflict = None

    def may(self) -> Refusal | None:
        raise NotImplementedError

    def do(self, form) -> str:
        """One event, after which it returns what to tell the person."""
        raise NotImplementedError

    def form_valid(self, form):
        try:
            enforce(self.may())
            done = self.do(form)
        except Refused as refused:
            return self.refused(form, refused.refusal)
        messages.success(self.request, done)
        return redirect(self.back)

    def refused(self, form, refusal: Refusal):
        form.add_error(None, refusal.reason)
        return self.form_invalid(form)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            refusal=self.may(), conflict=self.conflict, heading=self.heading, button=self.button,
            **kwargs,
        )  # fmt: skip


class PrepareCampaign(OfConvention, Managing):
    """Prepare the collection of a year; the next one is proposed."""

    form_class = PrepareForm
    heading, button = "Préparer un recueil annuel", "Préparer ce recueil"
    template_name = "indicators/collection/prepare.html"

    def get_initial(self):
        year = next_year(self.convention, self.today)
        return {"year": year, "due_on": usual_deadline(year, self.today)}

    def may(self):
        return rights.may_manage_campaigns(self.request.user, self.convention)

    def do(self, form):
        values = form.cleaned_data
        campaign = events.prepare_campaign(
            self.convention, values["year"], due_on=values["due_on"], message=values["message"],
            by=self.request.user,
        )  # fmt: skip
        self.back = address(campaign)
        return f"Le recueil {campaign.year} est préparé : ouvrez-le quand tout est prêt."


class EditCampaign(OfCampaign, Managing):
    """Change by when figures are expected, and the message."""

    form_class = CampaignForm
    button = "Enregistrer"
    template_name = "indicators/collection/edit.html"

    @property
    def heading(self):
        return f"Recueil {self.campaign.year} : échéance et message"

    def get_initial(self):
        campaign = self.campaign
        return {
            "due_on": campaign.due_on, "message": campaign.message, "seen": events.stamp(campaign)
        }  # fmt: skip

    def may(self):
        return rights.may_edit_campaign(self.request.user, self.campaign)

    def do(self, form):
        values = {name: form.cleaned_data[name] for name in ("due_on", "message", "seen")}
        events.edit_campaign(self.campaign, **values, by=self.request.user)
        return "L’échéance et le message sont enregistrés."

    def refused(self, form, refusal):
        if isinstance(refusal, events.Changed):
            # What there is by now is shown beside what was typed: the form, sent again, holds.
            self.campaign.refresh_from_db(fields=["due_on", "message"])
            self.conflict = self.campaign
            form.send_again_with(seen=events.stamp(self.campaign))
        return super().refused(form, refusal)


class Confirming(OfCampaign, Managing):
    """A step of the collection, once what it entails has been read."""

    form_class = ConfirmForm

    def get_context_data(self, **kwargs):
        page = CampaignPage(self.campaign, self.contributor, self.today)
        return super().get_context_data(page=page, **kwargs)


class OpenCampaign(Confirming):
    """Tell what will be frozen, then open."""

    template_name = "indicators/collection/open.html"
    button = "Ouvrir le recueil"

    @property
    def heading(self):
        return f"Ouvrir le recueil {self.campaign.year}\u202f?"

    def may(self):
        return rights.may_open(self.request.user, self.campaign)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if not context["page"].late:
            context["refusal"] = context["refusal"] or events.NONE_IN_FORCE
        return context

    def do(self, form):
        campaign = events.open_campaign(self.campaign, by=self.request.user)
        asked = plural(campaign.campaign_indicators.count(), "indicateur,indicateurs")
        return f"Le recueil {campaign.year} est ouvert : {asked} à renseigner."


class CloseCampaign(Confirming):
    """Tell what will be left aside, then close."""

    template_name = "indicators/collection/close.html"
    button = "Clore le recueil"

    @property
    def heading(self):
        return f"Clore le recueil {self.campaign.year}\u202f?"

    def may(self):
        return rights.may_close(self.request.user, self.campaign)

    def do(self, form):
        closing = events.close_campaign(self.campaign, by=self.request.user)
        told = f"Le recueil {closing.campaign.year} est clos."
        if closing.not_given:
            aside = plural(closing.not_given, ASIDE)
            told = f"{told} {aside}."
        return told


ASIDE = (
    "valeur saisie n’a pas été transmise et ne compte pas,"
    "valeurs saisies n’ont pas été transmises et ne comptent pas"
)


class ReopenCampaign(Confirming):
    """Take figures again, for a reason that is kept."""

    template_name = "indicators/collection/reopen.html"
    form_class = ReopenForm
    button = "Rouvrir le recueil"

    @property
    def heading(self):
        return f"Rouvrir le recueil {self.campaign.year}\u202f?"

    def may(self):
        return rights.may_reopen(self.request.user, self.campaign)

    def do(self, form):
        reason = form.cleaned_data["reason"]
        campaign = events.reopen_campaign(self.campaign, reason=reason, by=self.request.user)
        return f"Le recueil {campaign.year} est rouvert."
