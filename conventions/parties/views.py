"""What an organisation says of itself."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from conventions.pages import convention_context, visible_convention
from conventions.parties import events, rights
from conventions.parties.forms import AddressForm


def address(request, slug, pk):
    """Its official address, for who acts for it."""
    convention = visible_convention(request, slug)
    organisation = get_object_or_404(convention.organisations, pk=pk)
    if rights.may_give_address(request.user, organisation):
        raise PermissionDenied
    form = AddressForm(request.POST or None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        events.give_address(organisation, email=email, by=request.user)
        done = "L’adresse officielle est enregistrée." if email else "L’adresse est retirée."
        messages.success(request, done)
        return redirect("conventions:parties", slug)
    return render(
        request,
        "conventions/parties/address.html",
        convention_context(request, convention) | {"form": form, "organisation": organisation},
    )
