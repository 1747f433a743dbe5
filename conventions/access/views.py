"""Who has access: the coordinator's page, one's own accesses, where an invitation leads."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.forms import AccountOpeningForm
from accounts.models import Invitation, User
from conventions.access import events, rights
from conventions.access.forms import HandingOverForm, InvitationForm
from conventions.access.reading import undelivered_in
from conventions.models import Convention, Membership, MembershipOffer
from conventions.pages import convention_context, visible_convention
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import de, enumerate_words

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


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
    members = list(Membership.objects.active().of(convention).by_organisation())
    return render(request, "conventions/access/access.html", context | {
        "form": form,
        "members": members,
        "offers": list(MembershipOffer.objects.of(convention).pending().by_invitation()),
        "undelivered": undelivered_in([convention.pk]).get(convention.pk, []),
        "person_count": len({member.user_id for member in members}),
    })  # fmt: skip


def my_access(request, slug):
    """One's own accesses to a convention: hand over, leave."""
    convention = visible_convention(request, slug)
    context = convention_context(request, convention)
    prefetch_related_objects(context["memberships"], MembershipOffer.objects.as_handings_over())
    return render(request, "conventions/access/my_access.html", context)


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
            return redirect(_back(membership, request.user, slug))
    context = convention_context(request, convention)
    return render(request, "conventions/access/hand_over.html", context | {
        "form": form,
        "membership": membership,
        "refusal": rights.may_hand_over(request.user, membership),
        "back": _back(membership, request.user, slug),
    })  # fmt: skip


def end_membership(request, slug, pk):
    """Ask, then end an access."""
    convention = visible_convention(request, slug)
    membership = _membership(request, convention, pk)
    if request.method == "POST":
        events.end_membership(membership, by=request.user)
        if membership.user == request.user:
            done = f"Votre accès « {membership.get_role_display()} » est terminé."
        else:
            done = f"L’accès {de(membership.user)} est terminé."
        messages.success(request, done)
        still_inside = Membership.objects.active().of(convention).filter(user=request.user).exists()
        return redirect(
            _back(membership, request.user, slug) if still_inside else "conventions:home"
        )
    context = convention_context(request, convention)
    return render(request, "conventions/access/end_membership.html", context | {
        "membership": membership,
        "refusal": rights.may_end_membership(request.user, membership),
    })  # fmt: skip


@require_POST
def renew_offer(request, slug, pk):
    """Send an invitation again."""
    offer = _offer(request, slug, pk)
    events.renew_offer(offer, by=request.user)
    messages.success(request, f"Nouvelle invitation envoyée à {offer.invitation.email}.")
    return _back_to_list(request, offer)


@require_POST
def revoke_offer(request, slug, pk):
    """Withdraw an invitation, whole."""
    offer = _offer(request, slug, pk)
    events.revoke_offer(offer, by=request.user)
    offers = offer.invitation.offers.select_related("organisation").order_by("organisation", "role")
    messages.success(
        request,
        f"L’invitation envoyée à {offer.invitation.email} est annulée : {enumerate_words(offers)}.",
    )
    return _back_to_list(request, offer)


def _membership(request, convention, pk) -> Membership:
    """One's own access, or any of the convention for the coordinator; 404 otherwise."""
    memberships = Membership.objects.active().of(convention).select_related("user", "organisation")
    if rights.may_manage_access(request.user, convention):
        memberships = memberships.filter(user=request.user)
    membership = get_object_or_404(memberships, pk=pk)
    membership.organisation.convention = convention
    return membership


def _offer(request, slug, pk) -> MembershipOffer:
    """A pending offer, for the coordinator or whoever hands their own access over."""
    convention = visible_convention(request, slug)
    offers = MembershipOffer.objects.of(convention).pending().with_convention()
    offer = get_object_or_404(offers, pk=pk)
    if rights.may_revoke_offer(request.user, offer):
        raise PermissionDenied
    return offer


def _back(membership: Membership, user, slug) -> str:
    """The list that shows this access: one's own, or everybody's."""
    page = "my_access" if membership.user == user else "access"
    return reverse(f"conventions:{page}", args=[slug])


def _back_to_list(request, offer: MembershipOffer):
    convention = offer.organisation.convention
    mine = "mine" in request.POST or rights.may_manage_access(request.user, convention)
    return redirect(f"conventions:{'my_access' if mine else 'access'}", convention.slug)


# Where the link of an invitation leads -----------------------------------------------------------


@never_cache
@login_not_required
def invitation(request, token):
    """Tell what is offered and to whom; accepting is a button, never the mere opening of the link.

    Mail scanners open links: a GET changes nothing.
    """
    found = Invitation.objects.for_token(token).first()
    offers = list(found.offers.with_convention()) if found else []
    if not offers:
        return render(request, "conventions/access/invitation_unknown.html", status=404)
    context = {
        "invitation": found,
        "offers": offers,
        "convention": offers[0].organisation.convention,
    }
    if not found.is_open or rights.hands_over_nothing(found):
        inside = request.user.is_authenticated and Convention.objects.visible_to(request.user)
        return render(request, "conventions/access/invitation_closed.html", context | {
            "hands_over_nothing": rights.hands_over_nothing(found),
            "is_inside": inside and inside.filter(pk=context["convention"].pk).exists(),
        })  # fmt: skip
    if request.user.is_authenticated:
        return _accept_as_user(request, found, context)
    if User.objects.filter(email=found.email).exists():
        return render(request, "conventions/access/invitation_login.html", context)
    return _accept_as_newcomer(request, found, context)


def _accept_as_user(request, found, context):
    refusal = rights.may_accept(request.user, found)
    if refusal:
        context["refusal"] = refusal
        return render(request, "conventions/access/invitation_for_another.html", context)
    if request.method == "POST":
        convention = events.accept(found, by=request.user)
        messages.success(request, "Votre accès est ouvert.")
        return redirect(convention)
    return render(request, "conventions/access/invitation_accept.html", context)


def _accept_as_newcomer(request, found, context):
    form = AccountOpeningForm(request.POST or None, email=found.email)
    if request.method == "POST" and form.is_valid():
        user, convention = events.accept_as_newcomer(found, **form.cleaned_data)
        login(request, user, backend=BACKEND)
        messages.success(request, f"Bienvenue, {user.full_name}. Votre accès est ouvert.")
        return redirect(convention)
    return render(
        request, "conventions/access/invitation_open_account.html", context | {"form": form}
    )
