"""Pages on which seats are named, corrected, confirmed, suspended and ended."""

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView

from agreements.models import Seat, SeatKind
from agreements.seats import events, rights
from committee.composition import forms
from committee.composition.reading import member_seats, users_with_access
from committee.pages import CommitteePage, CommitteeReader, ComposingPage
from conventions.access import rights as access
from conventions.models import Organisation
from ctg_portal.forms.revisions import Rewritten
from ctg_portal.rules import DoneAlready
from ctg_portal.templatetags.french import de, long_date, que
from documents.downloads import serve_stored_file


class SeatPage(ComposingPage):
    """A form about one seat."""

    def refusal(self):
        return rights.may_edit_seat(self.request.user, self.seat)

    def find(self, pk, **kwargs):
        """Set ``seat``, over or not; 404 outside the convention."""
        self.seat = get_object_or_404(Seat.objects.of(self.convention).with_organisation(), pk=pk)
        self.seat.organisation.convention = self.convention

    def obstacle(self):
        return rights.refuse_ended_mandate(self.seat, self.here.today)

    @property
    def lead(self):
        """The capacity of the seat, its kind, organisation and address."""
        seat = self.seat
        kind = SeatKind(seat.kind).seat_label
        return f"{seat.capacity}, {kind} pour {seat.organisation.the} ; {seat.address}."


class ChooseOrganisation(CommitteePage, TemplateView):
    """The choice of the organisation for which somebody is named."""

    template_name = "committee/composition/seat_choose.html"

    def get_context_data(self, **kwargs):
        """Add the organisations as ``parties`` and ``others``: all for the coordination, else those
        whose référent one is; 403 for none."""
        organisations = Organisation.objects.filter(convention=self.convention)
        if not self.here.manages:
            referred = access.referred_by(self.request.user, self.convention)
            organisations = organisations.filter(pk__in=referred)
        if not organisations:
            raise PermissionDenied
        return super().get_context_data(
            parties=organisations.parties(), others=organisations.not_parties(), **kwargs
        )


class NameSeat(ComposingPage):
    """The form that gives somebody a seat for an organisation."""

    form_class = forms.NamingForm
    button = "Nommer"
    template_name = "committee/composition/seat_name.html"

    def find(self, pk, **kwargs):
        """Set ``organisation``, 404 outside the convention, and ``is_party``."""
        organisations = Organisation.objects.filter(convention=self.convention)
        self.organisation = get_object_or_404(organisations, pk=pk)
        self.organisation.convention = self.convention
        self.is_party = organisations.parties().filter(pk=pk).exists()

    def refusal(self):
        return access.may_propose(self.request.user, self.organisation)

    @property
    def is_referent(self) -> bool:
        return access.is_referent(self.request.user, self.organisation)

    @property
    def confirmers(self) -> str:
        return access.label_confirmers(self.organisation)

    @property
    def heading(self):
        return f"Qui siège pour {self.organisation.the} ?"

    def get_form_kwargs(self):
        """Add ``people`` with access for the organisation, ``members`` that a substitute may
        replace, and ``is_party``."""
        return super().get_form_kwargs() | {
            "people": users_with_access(self.organisation),
            "members": member_seats(self.organisation, self.here.today),
            "is_party": self.is_party,
        }

    def act(self, data):
        """Name the holder; return that they sit, or who has to confirm it before the seat
        counts."""
        seat = events.name_to_seat(self.organisation, **data, by=self.request.user)
        if seat.is_confirmed:
            return f"{seat.name} siège pour {self.organisation.the}."
        by_whom = access.label_confirmers(self.organisation)
        return (
            f"{seat.name} est proposé(e) pour {self.organisation.the} : ce siège compte une fois "
            f"confirmé par {by_whom}."
        )


class EditSeat(SeatPage):
    """The form that corrects a holder's capacity and whether the mandate comes from an election."""

    form_class = forms.EditingForm

    @property
    def heading(self):
        return f"Corriger le siège {de(self.seat.name)}"

    def get_initial(self):
        """Return capacity, election and revision of the seat."""
        seat = self.seat
        return {
            "capacity": seat.capacity, "is_elected": seat.is_elected, "revision": seat.revision
        }  # fmt: skip

    def act(self, data):
        """Correct capacity and election of the seat. Raises Rewritten if it was changed since."""
        events.edit_seat(self.seat, **data, by=self.request.user)
        return f"Le siège {de(self.seat.name)} est corrigé."

    def refused(self, form, refusal):
        """Show the form with the refusal; where the seat was changed meanwhile, with what it is
        now."""
        if not isinstance(refusal, Rewritten):
            return super().refused(form, refusal)
        self.seat.refresh_from_db()
        form.show_both(refusal, self.seat)
        return self.form_invalid(form)


class SuspendSeat(SeatPage):
    """The question before a seat is suspended."""

    form_class = Form
    button = "Suspendre"
    is_grave = True

    def refusal(self):
        return rights.may_suspend_seat(self.request.user, self.seat)

    @property
    def note(self):
        """The explanation of what the holder may still do; for one without account, that the seat
        no longer counts; and who may confirm it again."""
        until = f"jusqu’à ce {que(access.label_confirmers(self.seat.organisation))}"
        if self.seat.user_id is None:
            return f"Dès maintenant, ce siège ne compte plus, {until} le confirme de nouveau."
        return (
            "Dès maintenant, cette personne pourra seulement lire la convention, sans saisir ni "
            f"répondre, {until} la confirme de nouveau. Ce qui a déjà été dit demeure."
        )

    @property
    def heading(self):
        return f"Suspendre {self.seat.name} pour {self.seat.organisation.the} ?"

    def act(self, data):
        """Suspend the holder in the organisation (accesses, seats, delegations), until confirmed
        again; return the message."""
        events.suspend_seat(self.seat, by=self.request.user)
        return f"{self.seat.name} est suspendu(e) pour {self.seat.organisation.the}."


def object_to_seat(request, slug, pk):
    """Redirect from the address that messages of earlier releases contain."""
    here = CommitteeReader(request, slug)
    seat = get_object_or_404(Seat.objects.of(here.convention), pk=pk)
    return redirect("committee:suspend_seat", here.convention.slug, seat.pk)


class ConfirmSeat(SeatPage):
    """The question before a seat is confirmed. A second click is answered « déjà confirmé »."""

    form_class = forms.ConfirmingForm
    button = "Confirmer le siège"

    def get_initial(self):
        return {"revision": self.seat.revision}

    def find(self, pk, **kwargs):
        """Find the seat; raise DoneAlready for a form sent for one that is confirmed."""
        super().find(pk, **kwargs)
        if self.request.method == "POST" and self.seat.is_confirmed:
            message = f"Le siège {de(self.seat.name)} est déjà confirmé."
            raise DoneAlready(message, self.get_success_url())

    def refusal(self):
        return rights.may_confirm_seat(self.request.user, self.seat)

    @property
    def note(self):
        """The explanation of what a confirmation does."""
        given_by = f" par {self.seat.given_by}" if self.seat.given_by else ""
        return (
            f"Cette personne a été proposée{given_by}. Ne confirmez que si "
            f"{self.seat.organisation.the} l’a désignée : elle parlera en son nom"
            f"{self._in_whose_place}."
        )

    @property
    def _in_whose_place(self) -> str:
        """The end of a sentence about a substitute: « , à la place d’Hélène Marchand »."""
        if self.seat.kind != SeatKind.SUBSTITUTE:
            return ""
        member = self.seat.substitute_for
        if member is None:
            return ", à la place de tout membre absent"
        begins = member.starts_on > self.here.today
        since = f", dont le mandat commence le {long_date(member.starts_on)}" if begins else ""
        return f", à la place {de(member.name)}{since}"

    @property
    def heading(self):
        return f"Confirmer le siège {de(self.seat.name)} ?"

    def act(self, data):
        """Confirm the seat. Raises Refused if it was changed since ``revision``."""
        events.confirm_seat(self.seat, by=self.request.user, revision=data["revision"])
        return f"Le siège {de(self.seat.name)} est confirmé."


def seat_act(request, slug, pk):
    """Serve the délibération that names the holder of a seat."""
    here = CommitteeReader(request, slug)
    seats = Seat.objects.of(here.convention).with_act()
    return serve_stored_file(get_object_or_404(seats, pk=pk).act)


class EndSeat(SeatPage):
    """The form that ends a mandate."""

    form_class = forms.EndingForm
    button = "Terminer le mandat"
    is_grave = True

    def refusal(self):
        return access.may_end(self.request.user, self.seat)

    @property
    def heading(self):
        return f"Terminer le mandat {de(self.seat.name)} ?"

    @property
    def note(self):
        """The explanation that what was said stays; for a mandate to come, that it may be
        cancelled."""
        if self.seat.starts_on > self.here.today:
            first = long_date(self.seat.starts_on)
            return f"Ce mandat commence le {first} : finir avant annule la nomination."
        return "Ce que la personne a dit au comité demeure, à son nom et dans sa qualité d’alors."

    def act(self, data):
        """End the mandate on the day of the form; cancel one that has not begun by then."""
        seat = events.end_seat(self.seat, **data, by=self.request.user)
        if seat.pk is None:
            return f"La nomination {de(seat.name)} est annulée."
        return f"Le mandat {de(seat.name)} prend fin le {long_date(seat.ends_on)}."
