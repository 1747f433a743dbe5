"""Where the link of an invitation leads."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.forms import AccountOpeningForm
from accounts.models import Invitation, User
from conventions.access import events, rights
from conventions.models import Convention

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


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
        return _tell_why_closed(request, found, context)
    if request.user.is_authenticated:
        return _accept_as_user(request, found, context)
    if User.objects.filter(email=found.email).exists():
        return render(request, "conventions/access/invitation_login.html", context)
    return _accept_as_newcomer(request, found, context)


def _tell_why_closed(request, found, context):
    inside = request.user.is_authenticated and Convention.objects.visible_to(request.user)
    return render(request, "conventions/access/invitation_closed.html", context | {
        "hands_over_nothing": rights.hands_over_nothing(found),
        "is_inside": inside and inside.filter(pk=context["convention"].pk).exists(),
    })  # fmt: skip


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
