"""Pages of one's own account."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.views import ConfirmLoginCodeView
from allauth.core.ratelimit import consume, respond_429
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from accounts import events, log, rights
from accounts.codes import send_login_code
from accounts.forms import ProfileForm
from accounts.identity import identity_required
from accounts.mail import NOBODY
from accounts.models import User
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


class ConfirmLoginCode(ConfirmLoginCodeView):
    """Page where the code of a message is typed, or another one asked for."""

    def form_invalid(self, form):
        """Write the wrong code in the log, then show the page again, or the log-in after the last
        one."""
        pending = self.stage.login
        # Nobody stays somebody to look for, once a page, as any other person.
        pending.user = pending.user or User(pk=NOBODY)
        self._process.state.pop("user_id", None)
        log.write(self.request, "code_failed", pending.user)
        return super().form_invalid(form)

    def _resend_form_valid(self, form):
        """Send another code as the first one was asked for, or say that it is too early."""
        if not send_login_code(self.request, self._process.state["email"]):
            messages.error(self.request, get_adapter().error_messages["rate_limited"])
        return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))


def too_many_requests(request):
    """Show that too much was asked, with status 429, and write it in the log."""
    log.write(request, "limited", detail="too_many_requests")
    return render(request, "429.html", status=429)


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
