"""Who has access: the coordinator's page, and one's own accesses."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from conventions import rights
from conventions.events import access as events
from conventions.forms import HandingOverForm, InvitationForm
from conventions.models import Membership, MembershipOffer
from conventions.views.base import convention_context, visible_convention
from ctg_portal.rules import Refused


def access(request, slug):
    """For the coordinator: who has access, who is invited, a form to invite somebody."""
    convention = visible_convention(request, slug)
    if rights.may_manage_access(request.user, convention):
        raise PermissionDenied
    form = InvitationForm(request.POST or None, convention=convention)
    if request.method == "POST" and form.is_valid():
        try:
            events.invite(**form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error("email", refused.refusal.reason)
        else:
            messages.success(request, f"Invitation envoyée à {form.cleaned_data['email']}.")
            return redirect("conventions:access", slug)
    context = convention_context(request, convention)
    return render(request, "conventions/access.html", context | {
        "form": form,
        "members": list(Membership.objects.active().of(convention).by_organisation()),
        "offers": list(MembershipOffer.objects.of(convention).pending().by_invitation()),
        "person_count": Membership.objects.active().of(convention).person_count(),
    })  # fmt: skip


def my_access(request, slug):
    """One's own accesses to a convention: hand over, leave."""
    convention = visible_convention(request, slug)
    return render(request, "conventions/my_access.html", convention_context(request, convention))


def hand_over(request, slug, pk):
    """Pass an access to a successor, who is invited by mail."""
    convention = visible_convention(request, slug)
    membership = _membership(request, convention, pk)
    form = HandingOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            events.hand_over(membership, email=form.cleaned_data["email"], by=request.user)
        except Refused as refused:
            form.add_error("email", refused.refusal.reason)
        else:
            messages.success(
                request,
                f"Invitation envoyée à {form.cleaned_data['email']}. "
                "L’accès passera à cette personne quand elle l’aura acceptée.",
            )
            return _back(membership, request.user, slug)
    context = convention_context(request, convention)
    return render(
        request, "conventions/hand_over.html", context | {"form": form, "membership": membership}
    )


def end_membership(request, slug, pk):
    """Ask, then end an access."""
    convention = visible_convention(request, slug)
    membership = _membership(request, convention, pk)
    if request.method == "POST":
        events.end_membership(membership, by=request.user)
        messages.success(request, f"L’accès de {membership.user} est terminé.")
        still_inside = Membership.objects.active().of(convention).filter(user=request.user).exists()
        return (
            _back(membership, request.user, slug) if still_inside else redirect("conventions:home")
        )
    context = convention_context(request, convention)
    return render(request, "conventions/end_membership.html", context | {
        "membership": membership,
        "refusal": rights.may_end_membership(request.user, membership),
    })  # fmt: skip


@require_POST
def renew_offer(request, slug, pk):
    """Send an invitation again."""
    offer = _offer(request, slug, pk)
    events.renew_offer(offer, by=request.user)
    messages.success(request, f"Nouvelle invitation envoyée à {offer.invitation.email}.")
    return redirect("conventions:access", slug)


@require_POST
def revoke_offer(request, slug, pk):
    """Withdraw an invitation."""
    offer = _offer(request, slug, pk)
    events.revoke_offer(offer, by=request.user)
    messages.success(request, f"L’invitation de {offer.invitation.email} est annulée.")
    return redirect("conventions:access", slug)


def _membership(request, convention, pk) -> Membership:
    """One's own access, or any of the convention for the coordinator; 404 otherwise."""
    memberships = Membership.objects.active().of(convention).select_related("user", "organisation")
    if rights.may_manage_access(request.user, convention):
        memberships = memberships.filter(user=request.user)
    return get_object_or_404(memberships, pk=pk)


def _offer(request, slug, pk) -> MembershipOffer:
    convention = visible_convention(request, slug)
    if rights.may_manage_access(request.user, convention):
        raise PermissionDenied
    return get_object_or_404(MembershipOffer.objects.of(convention).pending(), pk=pk)


def _back(membership: Membership, user, slug):
    page = "my_access" if membership.user == user else "access"
    return redirect(f"conventions:{page}", slug)
