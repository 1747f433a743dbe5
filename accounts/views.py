"""Pages of one's own account."""

from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render

from accounts import events, rights
from accounts.forms import ProfileForm


def profile(request):
    """Name, and the way to address, password, double verification, deletion."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Votre nom est enregistré.")
        return redirect("profile")
    # A refused form must not rename the person in the page's head.
    request.user.refresh_from_db()
    return render(request, "accounts/profile.html", {"form": form})


def delete_account(request):
    """Tell what deletion does, then do it."""
    refusal = rights.may_anonymise(request.user, request.user)
    if request.method == "POST":
        events.anonymise(request.user, by=request.user)
        logout(request)
        messages.success(request, "Votre compte est supprimé.")
        return redirect("account_login")
    return render(request, "accounts/delete_account.html", {"refusal": refusal})
