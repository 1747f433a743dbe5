"""Reauthentication, « Confirmez que c’est bien vous »: before log-in methods change, or an account
ends.

A session left open for hours proves little. allauth asks for the password, or for a code of the
application; whoever has neither confirms by a code sent to the account's address.
"""

import time
from functools import wraps
from urllib.parse import urlencode

from allauth.account import app_settings, views
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    get_reauthentication_flows,
    resume_request,
)
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.ratelimit import consume, respond_429
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import log
from accounts.forms import ConfirmLoginCodeForm
from accounts.throttling import is_mail_allowed

CODE = "identity_code"
TOO_LATE = "Ce code n’est plus valable : demandez-en un autre."


def is_confirmed(request) -> bool:
    """Return whether the person has proven their identity within the last minutes.

    For an account with neither a password nor an application, a code sent by mail is the proof,
    that of the log-in too.
    """
    if get_reauthentication_flows(request.user):
        return did_recently_reauthenticate(request)
    records = get_authentication_records(request, request.user)
    proofs = [record["at"] for record in records if record["method"] == "code"]
    return bool(proofs) and time.time() - proofs[-1] < app_settings.REAUTHENTICATION_TIMEOUT


def identity_required(*methods: str, keep_form: bool = True):
    """Decorate a view so that it asks for reauthentication before these HTTP methods; the form that
    was sent is submitted again afterwards.

    ``keep_form=False``: it is not, for passwords must not wait in the session.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request.method not in methods or is_confirmed(request):
                return view(request, *args, **kwargs)
            if keep_form:
                raise ReauthenticationRequired
            return redirect(
                f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}"
            )

        return guarded

    return decorate


def reauthenticate(request):
    """Show and check the page of reauthentication: by password or application where the account has
    one, else by a code sent by mail."""
    if get_reauthentication_flows(request.user):
        return views.reauthenticate(request)
    if request.method != "POST":
        return _page(request, ConfirmLoginCodeForm())
    if "send" not in request.POST:
        return _check_code(request)
    if not is_mail_allowed(request, request.user.email):
        return respond_429(request)
    adapter = get_adapter()
    code = adapter.generate_login_code()
    request.session[CODE] = {"code": code, "at": time.time(), "failures": 0}
    adapter.send_mail("account/email/identity_code", request.user.email, {"code": code})
    return redirect(request.get_full_path())


def _page(request: HttpRequest, form: ConfirmLoginCodeForm) -> HttpResponse:
    """Show the form for a code, or the button that sends one."""
    context = {"form": form, "sent": _expected_code(request) is not None}
    return render(request, "account/reauthenticate_by_code.html", context)


def _check_code(request):
    """Reauthenticate by the code that was typed and return the response: back to where the person
    came from; the form with its error for a wrong code; a redirect that asks for another where
    the code is too old or was guessed too often; status 429 beyond the rate limit."""
    if not consume(request, action="reauthenticate"):
        return respond_429(request)
    expected = _expected_code(request)
    form = ConfirmLoginCodeForm(request.POST, code=expected)
    if expected and not form.is_valid():
        log.write(request, "code_failed", request.user)
        request.session[CODE]["failures"] += 1
        request.session.modified = True
        expected = _expected_code(request)
    if expected is None:
        messages.error(request, TOO_LATE)
        return redirect(request.get_full_path())
    if form.errors:
        return _page(request, form)
    del request.session[CODE]
    record_authentication(request, request.user, method="code", reauthenticated=True)
    return resume_request(request) or redirect("profile")


def _expected_code(request) -> str | None:
    """Return the code that was sent; None if it is too old or was guessed too often."""
    sent = request.session.get(CODE)
    if (
        sent is None
        or time.time() - sent["at"] > app_settings.LOGIN_BY_CODE_TIMEOUT
        or sent["failures"] >= app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS
    ):
        return None
    return sent["code"]
