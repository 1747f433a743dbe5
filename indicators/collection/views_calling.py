"""Show and handle the coordination's reminders, and the deadline of one organisation."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property

from ctg_portal.forms.revisions import Rewritten, differences
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import long_date, plural
from indicators.collection import events, rights
from indicators.collection.calling import Call, calls_of
from indicators.collection.forms import OwnDeadlineForm, ReminderForm
from indicators.collection.mixins import OneCampaignPage
from indicators.collection.views_managing import Managing

TEXT = """Bonjour,

Des données de {year} sont encore attendues de votre organisme pour l’évaluation de la convention. \
Si l’une d’elles n’existe pas, dites-le sur la page de saisie, avec le motif : c’est une réponse.

Merci de votre aide,
{by}"""


class Remind(OneCampaignPage, Managing):
    """Page that reminds all organisations that owe something: the text, who gets it, what each
    owes, when they were last written to."""

    form_class = ReminderForm
    template_name = "indicators/collection/remind.html"
    button = "Envoyer la relance"

    @property
    def heading(self):
        return f"Relancer pour le recueil {self.campaign.year}"

    @cached_property
    def calls(self) -> list[Call]:
        """The organisations that owe something, those too that cannot be reminded."""
        calls = calls_of(self.campaign, timezone.now(), asker=self.request.user)
        return [call for call in calls if call.part.owed]

    def may(self) -> Refusal | None:
        """Return why nobody may be reminded: no right, a campaign that is not open, or nobody who
        would get the message."""
        if refusal := rights.may_remind(self.request.user, self.campaign):
            return refusal
        is_anybody = any(call.can_be_reminded for call in self.calls)
        return None if is_anybody else events.NOBODY_TO_REMIND

    def get_form_kwargs(self):
        """Add ``asks_again`` to what the form is given: whether some organisation was reminded
        today, so that the form asks to confirm; False for who may not remind."""
        refused = rights.may_remind(self.request.user, self.campaign)
        again = not refused and any(call.was_reminded_today for call in self.calls)
        return super().get_form_kwargs() | {"asks_again": again}

    def get_initial(self):
        return {"text": TEXT.format(year=self.campaign.year, by=self.request.user)}

    def get_context_data(self, **kwargs):
        """Add ``calls``: who would be reminded, those too who cannot be; empty if reminding is
        refused."""
        context = super().get_context_data(**kwargs)
        return context | {"calls": [] if context["refusal"] else self.calls}

    def do(self, form):
        """Remind the organisations; who cannot be is left out, as is who was reminded today unless
        that is ticked (``again``)."""
        reminded = events.remind(
            self.campaign, [call.organisation for call in self.calls], form.cleaned_data["text"],
            again=form.cleaned_data.get("again", False), by=self.request.user,
        )  # fmt: skip
        sentence = plural(len(reminded), "organisme est relancé,organismes sont relancés")
        return f"{sentence} : le message part dans la minute."


class RemindOne(Remind):
    """Page that reminds one organisation."""

    def setup(self, request, *args, **kwargs):
        """Set ``organisation``; raise 404 for one of another convention."""
        super().setup(request, *args, **kwargs)
        self.organisation = get_object_or_404(self.convention.organisations, pk=kwargs["pk"])

    @property
    def heading(self):
        return f"Relancer {self.organisation.the} pour le recueil {self.campaign.year}"

    @cached_property
    def calls(self) -> list[Call]:
        """The organisation of the page alone; nothing if it owes nothing."""
        return [call for call in super().calls if call.organisation == self.organisation]


class MoveDeadline(OneCampaignPage, Managing):
    """Page that gives one organisation another deadline; it is notified."""

    form_class = OwnDeadlineForm
    template_name = "indicators/collection/move_deadline.html"
    button = "Enregistrer l’échéance"

    def setup(self, request, *args, **kwargs):
        """Set ``organisation``; raise 404 for one of another convention."""
        super().setup(request, *args, **kwargs)
        self.organisation = get_object_or_404(self.convention.organisations, pk=kwargs["pk"])

    @property
    def heading(self):
        return f"Échéance {self.organisation.genitive} pour le recueil {self.campaign.year}"

    @property
    def own_deadline(self):
        """The row of the own deadline in force, or None. A query."""
        return self.campaign.own_deadlines.latest_by_organisation().get(self.organisation.pk)

    def may(self):
        return rights.may_move_deadline(self.request.user, self.campaign)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"common": self.campaign.due_on}

    def get_initial(self):
        """Return the organisation's own deadline, else the common one, and the revision that the
        form carries."""
        own = self.own_deadline
        return {
            "due_on": own.due_on if own else self.campaign.due_on,
            "revision": events.revision_of_day(self.campaign, self.organisation),
        }

    def do(self, form):
        """Give the organisation the deadline typed; the common one again if it is that date."""
        typed = form.cleaned_data
        row = events.move_deadline(
            self.campaign, self.organisation, due_on=typed["due_on"], reason=typed["reason"],
            revision=typed["revision"], by=self.request.user,
        )  # fmt: skip
        if row is None:
            return "L’échéance n’a pas changé."
        day = f"le {long_date(row.due_on)}" if row.due_on else "celle de tous"
        notified = " : ceux qui saisissent en sont prévenus." if self.campaign.is_open else ""
        return f"L’échéance {self.organisation.genitive} est {day}{notified}"

    def refused(self, form, refusal):
        """Show the form again; where somebody else has written meanwhile, with both dates."""
        if not isinstance(refusal, Rewritten):
            return super().refused(form, refusal)
        self.campaign.refresh_from_db(fields=["due_on", "revision"])
        now = differences(form, {"due_on": (self.own_deadline or self.campaign).due_on})
        revision = events.revision_of_day(self.campaign, self.organisation)
        form.show_both(refusal, revision, now, url=self.back)
        return self.form_invalid(form)
