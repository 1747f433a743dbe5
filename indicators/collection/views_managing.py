"""Handle what the coordinator does with a campaign, each on a page that says what follows."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView

from accounts.requests import SignedInRequest
from ctg_portal.forms.revisions import Rewritten
from ctg_portal.house import house, in_turn
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.templatetags.french import enumerate_words, long_date, plural
from indicators.collection import events, rights
from indicators.collection.forms import (
    CampaignForm,
    ChangeYearForm,
    ConfirmForm,
    PrepareForm,
    ReopenForm,
)
from indicators.collection.mixins import CollectionPage, OneCampaignPage
from indicators.collection.page import (
    CampaignPage,
    describe_covered_part,
    suggest_year,
    usual_deadline,
    years_to_collect,
)
from indicators.figures.campaigns import Campaign

ALL_PREPARED = Refusal(
    "Chaque année que couvre la convention a son recueil. Une prolongation par avenant en ajoute."
)
LINKS_CUT = (
    "lien de saisie n’ouvre plus rien : envoyez-le de nouveau,"
    "liens de saisie n’ouvrent plus rien : envoyez-les de nouveau"
)


class Managing(FormView):
    """Base of the coordinator's pages, each with one act: ``may`` refuses it, ``do`` does it. A
    refusal is shown on the page, and nothing typed is lost."""

    request: SignedInRequest
    template_name = "indicators/collection/form.html"

    def may(self) -> Refusal | None:
        """Return why the person may not do it now, or None."""
        raise NotImplementedError

    def do(self, form) -> str:
        """Call one event, and return the message for the person."""
        raise NotImplementedError

    def form_valid(self, form):
        """Do it, show the message and redirect to ``back``; show the form again if refused."""
        try:
            enforce(self.may())
            done = self.do(form)
        except Refused as refused:
            return self.refused(form, refused.refusal)
        messages.success(self.request, done)
        return redirect(self.back)

    def refused(self, form, refusal: Refusal):
        """Return the form shown again with the refusal."""
        form.add_error(None, refusal.reason)
        return self.form_invalid(form)

    def get_context_data(self, **kwargs):
        """Add ``refusal`` (None if the act is allowed), ``heading`` and ``button``."""
        return super().get_context_data(
            refusal=self.may(), heading=self.heading, button=self.button, **kwargs
        )


class ChoosingYear(Managing):
    """Base of pages where a year without campaign is chosen; ``suggest_year`` proposes one."""

    @cached_property
    def years(self) -> list[int]:
        return years_to_collect(self.convention, self.today)

    def get_form_kwargs(self):
        """Add ``years`` (each year that may be chosen, with the part that the convention covers)
        and ``today`` to what the form is given."""
        years = {year: describe_covered_part(self.convention, year) for year in self.years}
        return super().get_form_kwargs() | {"years": years, "today": self.today}

    def get_initial(self):
        """Return the year that is proposed and its usual deadline; nothing if none is proposed."""
        if self.proposed is None:
            return {}
        due_on = usual_deadline(self.proposed, self.today, self.before)
        return {"year": self.proposed, "due_on": due_on}

    @cached_property
    def proposed(self) -> int | None:
        return suggest_year(self.convention, self.years, self.today)

    @cached_property
    def before(self) -> Campaign | None:
        """The last campaign of a year before the one that is proposed, or None."""
        if self.proposed is None:
            return None
        return Campaign.objects.of(self.convention).before(self.proposed).first()

    def may_act(self) -> Refusal | None:
        """Return why the person may not do it, whatever the year; or None."""
        raise NotImplementedError

    def may(self):
        return self.may_act() or (None if self.years else ALL_PREPARED)


class PrepareCampaign(CollectionPage, ChoosingYear):
    """Page that prepares the campaign of a year; the page that follows opens it."""

    form_class = PrepareForm
    heading, button = "Préparer un recueil annuel", "Préparer ce recueil"
    template_name = "indicators/collection/prepare.html"

    def may_act(self):
        return rights.may_manage_campaigns(self.request.user, self.convention)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"own_days": self.own_days}

    def get_initial(self):
        return super().get_initial() | {"carries_own_days": True}

    @property
    def own_days(self) -> str:
        """The words « Reprendre les échéances données à la Caf (le 30 septembre 2024 pour 2023) »
        on own deadlines of the campaign before; empty without any."""
        own = self.before.own_deadlines.list_with_organisations() if self.before else []
        days = [
            f"{row.organisation.the} (le {long_date(row.due_on)} pour {self.before.year})"
            for row in own
        ]
        if not days:
            return ""
        return f"Reprendre les échéances données à {enumerate_words(days)}"

    def do(self, form):
        """Prepare the campaign, with last year's own deadlines if ticked, and go on to the page
        that opens it."""
        values = form.cleaned_data
        campaign = events.prepare_campaign(
            self.convention, values["year"], due_on=values["due_on"], message=values["message"],
            carries_own_days=values.get("carries_own_days", False), by=self.request.user,
        )  # fmt: skip
        args = [self.convention.slug, campaign.year]
        self.back = reverse("indicators:open_campaign", args=args)
        return f"Le recueil {campaign.year} est préparé : relisez, puis ouvrez-le."


class EditCampaign(OneCampaignPage, Managing):
    """Page that changes deadline and message of a campaign."""

    form_class = CampaignForm
    button = "Enregistrer"

    @property
    def heading(self):
        return f"Recueil {self.campaign.year} : échéance et message"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"today": self.today}

    def get_initial(self):
        """Return the stored deadline and message, and the campaign's revision."""
        campaign = self.campaign
        return {
            "due_on": campaign.due_on, "message": campaign.message, "revision": campaign.revision
        }  # fmt: skip

    def may(self):
        return rights.may_edit_campaign(self.request.user, self.campaign)

    def do(self, form):
        """Store deadline and message, over the revision that the form showed."""
        values = {name: form.cleaned_data[name] for name in ("due_on", "message", "revision")}
        events.edit_campaign(self.campaign, **values, by=self.request.user)
        return "L’échéance et le message sont enregistrés."

    def refused(self, form, refusal):
        """Show the form again; where somebody else has written meanwhile, with both texts."""
        if not isinstance(refusal, Rewritten):
            return super().refused(form, refusal)
        self.campaign.refresh_from_db(fields=["due_on", "message", "revision"])
        form.show_both(refusal, self.campaign, url=self.back)
        return self.form_invalid(form)


class ChangeYear(OneCampaignPage, ChoosingYear):
    """Page that moves a campaign without values, of the wrong year, to another year."""

    form_class = ChangeYearForm
    button = "Changer l’année"
    template_name = "indicators/collection/change_year.html"

    @property
    def heading(self):
        return f"De quelle année est le recueil {self.campaign.year}\u202f?"

    def may_act(self):
        return rights.may_undo_campaign(self.request.user, self.campaign)

    def get_context_data(self, **kwargs):
        """Add ``links``: how many open entry links would be cut."""
        return super().get_context_data(links=self.campaign.entry_links.open().count(), **kwargs)

    def do(self, form):
        """Move the campaign to the year typed, with its new deadline; ``campaign`` becomes that of
        the new year. The message tells how many entry links were cut."""
        values, before = form.cleaned_data, self.campaign.year
        links = self.campaign.entry_links.open().count()
        self.campaign = events.change_year(
            self.campaign, values["year"], due_on=values["due_on"], by=self.request.user
        )
        sentence = f"Le recueil {before} est devenu le recueil {self.campaign.year}."
        return f"{sentence} {plural(links, LINKS_CUT)}." if links else sentence


class Confirming(OneCampaignPage, Managing):
    """Base of a step of the campaign that is confirmed once its consequences were read. ``act``:
    its verb, « Clore »."""

    form_class = ConfirmForm
    act: str

    @property
    def heading(self) -> str:
        return f"{self.act} le recueil {self.campaign.year}\u202f?"

    @property
    def button(self) -> str:
        return f"{self.act} le recueil"

    def get_context_data(self, **kwargs):
        """Add ``page``, the ``CampaignPage``, and ``part``: which part of the year the convention
        covers, empty for all of it."""
        page = CampaignPage(self.campaign, self.contributor, self.today)
        part = describe_covered_part(self.convention, self.campaign.year)
        return super().get_context_data(page=page, part=part, **kwargs)


class OpenCampaign(Confirming):
    """Page that says what will be frozen, and opens the campaign."""

    template_name = "indicators/collection/open.html"
    act = "Ouvrir"

    def may(self):
        return rights.may_open(self.request.user, self.campaign)

    def get_context_data(self, **kwargs):
        """Set ``refusal`` also if no indicator is in force, so that nothing would be asked."""
        context = super().get_context_data(**kwargs)
        if not context["page"].not_asked:
            context["refusal"] = context["refusal"] or events.NONE_IN_FORCE
        return context

    def do(self, form):
        """Open the campaign; the message tells how many indicators it asks for."""
        campaign = events.open_campaign(self.campaign, by=self.request.user)
        asked = plural(campaign.campaign_indicators.count(), "indicateur,indicateurs")
        return f"Le recueil {campaign.year} est ouvert : {asked} à renseigner."


class CancelCampaign(Confirming):
    """Page that cancels a campaign without values, prepared by mistake."""

    template_name = "indicators/collection/cancel.html"
    act = "Annuler"

    @property
    def back(self):
        """The address to go on to: the list of campaigns, once it is cancelled and has no page."""
        if self.campaign.is_cancelled:
            return reverse("indicators:campaigns", args=[self.convention.slug])
        return super().back

    def may(self):
        return rights.may_undo_campaign(self.request.user, self.campaign)

    def do(self, form):
        """Cancel the campaign; ``back`` is the list of campaigns from then on."""
        self.campaign = events.cancel_campaign(self.campaign, by=self.request.user)
        return f"Le recueil {self.campaign.year} est annulé : rien n’en est plus demandé."


class CloseCampaign(Confirming):
    """Page that says what will be left aside, and closes the campaign."""

    template_name = "indicators/collection/close.html"
    act = "Clore"

    def may(self):
        return rights.may_close(self.request.user, self.campaign)

    def get_context_data(self, **kwargs):
        """Add ``notes``: what all rooms say of figures that are frozen."""
        notes = in_turn(house().figure_notes, self.campaign)
        return super().get_context_data(notes=notes, **kwargs)

    def do(self, form):
        """Close the campaign; the message tells how many tables count in part, and how many values
        were saved or returned and so count for nothing."""
        closing = events.close_campaign(self.campaign, by=self.request.user)
        sentences = [f"Le recueil {closing.campaign.year} est clos."]
        if closing.in_part:
            sentences.append(f"{plural(closing.in_part, IN_PART)}.")
        if closing.not_given:
            sentences.append(f"{plural(closing.not_given, ASIDE)}.")
        return " ".join(sentences)


IN_PART = (
    "tableau transmis en partie compte comme total partiel,"
    "tableaux transmis en partie comptent comme totaux partiels"
)
ASIDE = (
    "valeur saisie n’a pas été transmise et ne compte pas,"
    "valeurs saisies n’ont pas été transmises et ne comptent pas"
)


class ReopenCampaign(Confirming):
    """Page that reopens a closed campaign, for a reason that is logged."""

    template_name = "indicators/collection/reopen.html"
    form_class = ReopenForm
    act = "Rouvrir"

    def may(self):
        return rights.may_reopen(self.request.user, self.campaign)

    def do(self, form):
        """Reopen the campaign until the deadline typed, for the reason typed."""
        campaign = events.reopen_campaign(self.campaign, **form.cleaned_data, by=self.request.user)
        return f"Le recueil {campaign.year} est rouvert jusqu’au {long_date(campaign.due_on)}."
