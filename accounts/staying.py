"""Long sessions, « Rester connecté »: thirty days on one's own device.

Asked at log-in, whichever way, and decided once the log-in is complete. Rooms say who may not
(``long_session_refusals``); they are asked again at each page, since an access that forbids it may
be given later. A change of password ends all other sessions by itself, and this one's length.
"""

import time
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from ctg_portal.house import house
from ctg_portal.rules import Refusal

DAYS = 30
ASKED = "stay_asked"
SINCE = "stays_since"  # seconds; a session without it ends as any other


def ask_to_stay(request, is_wanted: bool) -> None:
    """Store in the session whether the person who logs in wants a long session."""
    if is_wanted:
        request.session[ASKED] = True
    else:
        request.session.pop(ASKED, None)


def may_stay(user: User) -> Refusal | None:
    """Return why ``user`` may not have a long session, or None: any may whom no room refuses."""
    answers = (refuses(user) for refuses in house().long_session_refusals)
    return next((refusal for refusal in answers if refusal), None)


def begin_long_session(sender, request, user: User, **kwargs) -> None:
    """Make the session of a user who has logged in a long one, if they asked for it and may have
    it; else say why not."""
    if request is None or not request.session.pop(ASKED, False):
        return
    if refusal := may_stay(user):
        messages.warning(request, refusal.reason)
        return
    request.session[SINCE] = time.time()


def end_long_session(sender, request, **kwargs) -> None:
    """End the long session of a request that has changed the password: it ends with the browser."""
    if request.session.pop(SINCE, None):
        request.session.set_expiry(0)


def staying(get_response):
    """Return the middleware that sets the length of a long session, and ends one that its user may
    no longer have."""

    def middleware(request):
        response = get_response(request)
        session = request.session
        # allauth sets the length of a session itself, after the log-in.
        if session.accessed and SINCE in session and not session.get("_session_expiry"):
            session.set_expiry(timezone.now() + timedelta(days=DAYS))
        return response

    def process_view(request, view, args, kwargs):
        # A page for anybody, the health check among them, does not need the session.
        if getattr(view, "login_required", True) and SINCE in request.session:
            _end_if_refused(request)

    middleware.process_view = process_view  # type: ignore[attr-defined]  # as Django asks for it
    return middleware


def _end_if_refused(request: HttpRequest) -> None:
    """End a long session that its user may no longer have, with a message: it becomes an ordinary
    one, and the user is logged out where that would be over."""
    refusal = may_stay(request.user) if request.user.is_authenticated else None
    if refusal is None:
        return
    since = request.session.pop(SINCE)
    request.session.set_expiry(0)
    if time.time() - since > settings.SESSION_COOKIE_AGE:
        logout(request)
    messages.warning(request, refusal.reason)
