"""Pages of one's own account."""

from allauth.account.models import EmailAddress
from allauth.core.ratelimit import consume, respond_429
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header

from accounts import events, rights
from accounts.forms import ProfileForm
from accounts.identity import identity_required
from accounts.my_data import draw_archive


def profile(request):
    """Show and save name and rhythm of messages; link to address, password, double verification and
    deletion."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Votre nom et vos choix sont enregistrés.")
        return redirect("profile")
    # A refused form must not rename the person in the page's head.
    request.user.refresh_from_db()
    context = {
        "form": form,
        "has_double_verification": is_mfa_enabled(request.user),
        "new_address": EmailAddress.objects.get_new(request.user),
    }
    return render(request, "accounts/profile.html", context)


@identity_required("POST")
def my_data(request):
    """Show the page « Mes données »; on POST, return all of them as a ZIP, or 429 if asked too
    often."""
    if request.method != "POST":
        return render(request, "accounts/my_data.html")
    if not consume(request, action="my_data", user=request.user):
        return respond_429(request)
    name, content = draw_archive(request.user, timezone.localdate())
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = str(content_disposition_header(True, name))
    return response


@identity_required("POST")
def delete_account(request):
    """Show what deletion does, or why it is refused; on POST, delete the account, log out and go to
    the log-in. Raises Refused."""
    refusal = rights.may_anonymise(request.user, request.user)
    if request.method == "POST":
        events.anonymise(request.user, by=request.user)
        logout(request)
        messages.success(request, "Votre compte est supprimé.")
        return redirect("account_login")
    return render(request, "accounts/delete_account.html", {"refusal": refusal})


class RecoveryCodesFileView(DownloadRecoveryCodesView):
    content_type = "text/plain; charset=utf-8"

    def render_to_response(self, context, **response_kwargs):
        """Return the file that allauth makes, under a French name."""
        response = super().render_to_response(context, **response_kwargs)
        response["Content-Disposition"] = 'attachment; filename="codes-de-secours.txt"'
        return response
