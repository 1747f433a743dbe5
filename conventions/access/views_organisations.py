"""Pages of an organisation's official address and of its rule of secrecy."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from conventions.access import organisations as events
from conventions.access import rights
from conventions.access.forms import AddressForm, ThresholdForm
from conventions.access.pages import convention_context, visible_convention
from ctg_portal.forms.revisions import Rewritten
from ctg_portal.rules import Refused


def address(request, slug, pk):
    """Show and change the official address of an organisation; 403 for who may not."""
    convention = visible_convention(request, slug)
    organisation = get_object_or_404(convention.organisations, pk=pk)
    if rights.may_give_address(request.user, organisation) is not None:
        raise PermissionDenied
    form = AddressForm(request.POST or None, instance=organisation)
    if request.method == "POST" and form.is_valid() and _give_address(request, organisation, form):
        return redirect("conventions:parties", slug)
    return render(
        request,
        "conventions/access/address.html",
        convention_context(request, convention) | {"form": form, "organisation": organisation},
    )


def secrecy(request, slug, pk):
    """Raise the threshold below which an organisation's counts are masked; 403 for who may not."""
    convention = visible_convention(request, slug)
    organisation = get_object_or_404(convention.organisations, pk=pk)
    if rights.may_tighten_secrecy(request.user, organisation) is not None:
        raise PermissionDenied
    form = ThresholdForm(request.POST or None, initial={"threshold": organisation.threshold})
    if request.method == "POST" and form.is_valid():
        threshold = form.cleaned_data["threshold"]
        try:
            events.tighten_secrecy(organisation, threshold=threshold, by=request.user)
        except Refused as refused:
            form.add_error("threshold", refused.refusal.reason)
        else:
            messages.success(request, "Le seuil est relevé.")
            return redirect("conventions:parties", slug)
    return render(
        request,
        "conventions/access/secrecy.html",
        convention_context(request, convention) | {"form": form, "organisation": organisation},
    )


def _give_address(request, organisation, form) -> bool:
    """Give the address of the form and return True; where the organisation was written meanwhile,
    let the form show both texts and return False."""
    email, revision = form.cleaned_data["email"], form.cleaned_data["revision"]
    try:
        events.give_address(organisation, email=email, by=request.user, revision=revision)
    except Refused as refused:
        if not isinstance(refused.refusal, Rewritten):
            raise
        organisation.refresh_from_db()
        form.show_both(refused.refusal, organisation)
        return False
    done = "L’adresse officielle est enregistrée." if email else "L’adresse est retirée."
    messages.success(request, done)
    return True
