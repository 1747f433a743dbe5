"""Pages on which absences and delegations of members are recorded and ended."""

from django.forms import Form
from django.shortcuts import get_object_or_404

from agreements.models import Absence, Delegation
from agreements.seats import events, rights
from agreements.seats.mandates import format_period
from committee.composition import forms
from committee.composition.reading import users_with_access
from committee.composition.views_seats import SeatPage
from committee.pages import CommitteeReader, ComposingPage
from ctg_portal.marks.events import event
from ctg_portal.rules import DoneAlready, Refusal
from ctg_portal.templatetags.french import de
from documents.downloads import serve_stored_file
from documents.models import store

NOT_A_MEMBER = Refusal("Seul un membre déclare une absence ou donne délégation.")


class MemberSeatPage(SeatPage):
    """A form about a member's seat."""

    def obstacle(self):
        return super().obstacle() or (None if self.seat.is_member else NOT_A_MEMBER)


class DeclareAbsence(MemberSeatPage):
    """The form that declares an absence of a member."""

    form_class = forms.AbsenceForm
    button = "Déclarer l’absence"

    def refusal(self):
        return rights.may_declare_absence(self.request.user, self.seat)

    @property
    def heading(self):
        return f"Quand {self.seat.name} ne pourra pas répondre"

    @property
    def note(self):
        return "Pendant ces jours, le suppléant répond à sa place."

    def act(self, data):
        """Declare the absence; return a message with its period."""
        absence = events.declare_absence(self.seat, **data, by=self.request.user)
        return f"L’absence {de(self.seat.name)} est déclarée, {format_period(absence)}."


class Delegate(MemberSeatPage):
    """The form that gives somebody a delegation of a member."""

    form_class = forms.DelegationForm
    button = "Donner délégation"

    def refusal(self):
        return rights.may_delegate(self.request.user, self.seat)

    @property
    def in_person(self) -> bool:
        return self.request.user.pk == self.seat.user_id

    @property
    def heading(self):
        """The question to the member; for anybody else, that they record the member's
        delegation."""
        if self.in_person:
            return "À qui donnez-vous délégation ?"
        return f"Enregistrer une délégation {de(self.seat.name)}"

    def get_form_kwargs(self):
        """Add ``people``, who has access for the organisation, without the holder of the seat."""
        people = users_with_access(self.seat.organisation).exclude(pk=self.seat.user_id)
        return super().get_form_kwargs() | {
            "people": people,
            "in_person": self.in_person,
            "organisation": self.seat.organisation,
        }

    @event()
    def act(self, data):
        """Store the signed act, if there is one, and give the delegation, in one transaction."""
        by = self.request.user
        data["act"] = store(data["act"], by=by, within=self.convention) if data["act"] else None
        delegation = events.delegate(self.seat, **data, by=by)
        return f"{delegation.name} a délégation {de(self.seat.name)}, {format_period(delegation)}."

    def refused(self, form, refusal):
        """Show the form with the refusal, and ask for the document again: browsers keep none."""
        form.ask_again_for_act()
        return super().refused(form, refusal)


class EndingPage(ComposingPage):
    """A question about an absence or delegation that may have ended meanwhile."""

    def raise_if_ended(self, model, pk, going_on, message: str) -> None:
        """Raise DoneAlready if the row is of the convention but not in ``going_on``."""
        known = model.history.filter(id=pk, seat__organisation__convention=self.convention)
        if not going_on.filter(pk=pk).exists() and known.exists():
            raise DoneAlready(message, self.get_success_url())

    def refused(self, form, refusal):
        """Show the form with the refusal. Raises DoneAlready where the row has ended meanwhile."""
        self.find(**self.kwargs)  # raises DoneAlready for what has just ended
        return super().refused(form, refusal)


class EndAbsence(EndingPage):
    """The question before an absence is ended."""

    form_class = Form
    button = "Mettre fin à l’absence"

    def find(self, pk, **kwargs):
        """Set ``absence``. Raises DoneAlready for one that is over, 404 for none of the
        convention."""
        absences = Absence.objects.of(self.convention).not_over(self.here.today)
        self.raise_if_ended(Absence, pk, absences, "Cette absence est déjà terminée.")
        self.absence = get_object_or_404(absences.with_seat(), pk=pk)
        self.absence.seat.organisation.convention = self.convention

    def refusal(self):
        return rights.may_end_absence(self.request.user, self.absence)

    @property
    def heading(self):
        return f"{self.absence.seat.name} peut de nouveau répondre ?"

    @property
    def lead(self):
        return f"Absence déclarée, {format_period(self.absence)}. Elle cesse de compter aussitôt."

    def act(self, data):
        """End the absence at once: the member answers again; return the message."""
        events.end_absence(self.absence, by=self.request.user)
        return f"L’absence {de(self.absence.seat.name)} ne compte plus."


class DelegationPage(EndingPage):
    """A question about a delegation."""

    form_class = Form

    def find(self, pk, **kwargs):
        """Set ``delegation``. Raises DoneAlready for one that is over, 404 for none of the
        convention."""
        delegations = Delegation.objects.of(self.convention).not_over(self.here.today)
        self.raise_if_ended(Delegation, pk, delegations, "Cette délégation est déjà terminée.")
        self.delegation = get_object_or_404(delegations.with_seat(), pk=pk)
        self.delegation.seat.organisation.convention = self.convention


class EndDelegation(DelegationPage):
    """The question before a delegation is withdrawn."""

    button = "Retirer la délégation"
    is_grave = True

    def refusal(self):
        return rights.may_end_delegation(self.request.user, self.delegation.seat)

    @property
    def heading(self):
        """The question that names the member and the person with the delegation."""
        delegation = self.delegation
        return f"Retirer la délégation {de(delegation.seat.name)} à {delegation.name} ?"

    @property
    def lead(self):
        """The period of the delegation, that it ends at once, and that what was answered stays."""
        return (
            f"Délégation {format_period(self.delegation)}. Elle cesse de compter aussitôt ; "
            "ce qui a été répondu en son nom demeure."
        )

    def act(self, data):
        """End the delegation at once; return the message."""
        events.end_delegation(self.delegation, by=self.request.user)
        return f"La délégation à {self.delegation.name} ne compte plus."


def delegation_act(request, slug, pk):
    """Serve the signed act of a delegation."""
    here = CommitteeReader(request, slug)
    delegations = Delegation.objects.of(here.convention).with_act()
    return serve_stored_file(get_object_or_404(delegations, pk=pk).act)
