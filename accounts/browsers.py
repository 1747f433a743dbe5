"""Browsers in which an account was opened before: a log-in from any other is notified to its owner.

A browser knows them by a signed cookie: a mark for each account, which nobody else can make or
trace to a person.
"""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from accounts import log
from accounts.models import User

COOKIE = "navigateur"  # as the privacy page calls it
LIFETIME = timedelta(days=365)  # since the last log-in
ACCOUNTS = 5  # that a browser knows at most; the others are notified again
SALT = "accounts.browsers"


def note_login(sender, request: HttpRequest, user: User, **kwargs) -> None:
    """Note in a request that ``user`` has logged in by it, every factor included."""
    request.logged_in_user = user  # type: ignore[attr-defined]  # read by ``recognise``


def recognise(get_response):
    """Return the middleware that mails a notice to who logs in from a browser that does not know
    them, but for a first log-in; the browser knows them from then on (a cookie)."""

    def middleware(request):
        response = get_response(request)
        user = getattr(request, "logged_in_user", None)
        if user is None:
            return response
        mark, marks = _mark_of(user), _marks_in(request)
        if mark not in marks and user.previous_login:
            log.write(request, "new_browser", user)
            get_adapter().send_notification_mail("account/email/new_browser", user)
        _set_marks(response, [mark, *(other for other in marks if other != mark)])
        return response

    return middleware


def _mark_of(user: User) -> str:
    return salted_hmac(SALT, str(user.pk), algorithm="sha256").hexdigest()[:20]


def _marks_in(request: HttpRequest) -> list[str]:
    """Return the marks of the accounts that a browser knows, the last one first."""
    value = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LIFETIME)
    return value.split(".") if value else []


def _set_marks(response: HttpResponse, marks: list[str]) -> None:
    """Set the cookie of the first of these accounts in the answer to a browser."""
    response.set_signed_cookie(
        COOKIE,
        ".".join(marks[:ACCOUNTS]),
        salt=SALT,
        max_age=LIFETIME,
        httponly=True,
        samesite=settings.SESSION_COOKIE_SAMESITE,
        secure=settings.SESSION_COOKIE_SECURE,
    )
