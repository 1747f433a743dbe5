"""Middleware: access log, maintenance, sessions, log-in, refusals of events."""

import logging
import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from ctg_portal.forms import typed
from ctg_portal.rules import Damaged, DoneAlready, Gone, Refused
from ctg_portal.text.masking import SECRET_LINK
from ctg_portal.views import page_not_found

access_logger = logging.getLogger("portal.access")


def access_log(get_response):
    """Write one line a request: method, path, status, milliseconds, who."""

    def middleware(request):
        started = time.perf_counter()
        response = get_response(request)
        milliseconds = round((time.perf_counter() - started) * 1000)
        path = SECRET_LINK.sub(r"\1…", request.path)
        access_logger.info(
            "%s %s %s %s ms",
            request.method,
            path,
            response.status_code,
            milliseconds,
            extra={
                "method": request.method,
                "path": path,
                "status": response.status_code,
                "milliseconds": milliseconds,
                "user": _known_user(request),
            },
        )
        return response

    return middleware


def _known_user(request) -> int | None:
    """Return the key of the user; None for nobody, or if the database does not answer."""
    user = getattr(request, "user", None)
    try:
        return user.pk if user else None
    except DatabaseError:
        return None


def private_pages(get_response):
    """Forbid proxies, and the browser of somebody who logged out, to store a page; search engines
    to show one that is not of ``INDEXED_PAGES``; scripts to use the sensors of a device."""

    def middleware(request):
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        if not request.path.startswith(settings.INDEXED_PAGES):
            response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        return response

    return middleware


def maintenance(get_response):
    """Answer 503 with a French page while MAINTENANCE is on; the health check still answers."""

    def middleware(request):
        if settings.MAINTENANCE and not request.path.startswith("/sante/"):
            response = render(request, "503.html", status=503, using=None)
            response["Retry-After"] = "600"
            return response
        return get_response(request)

    return middleware


class Sessions(SessionMiddleware):
    """Ignores a session key that holds a NUL, which PostgreSQL would refuse to look up."""

    def process_request(self, request):
        """Set the session of the request; an anonymous one where the key holds a NUL."""
        name = settings.SESSION_COOKIE_NAME
        if "\0" in request.COOKIES.get(name, ""):
            request.COOKIES[name] = ""  # kept, so that the answer has the browser forget it
        super().process_request(request)


class LoginRequired(LoginRequiredMiddleware):
    """Asks for a log-in, and keeps forms that cannot be taken for their persons."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        """Ask for a log-in, and set ``resends``, the key of the stored form that this one sends
        again.

        Return the response that does so, or the one to a form that was drawn for another account,
        which is stored for that person; None for who goes on.
        """
        response = super().process_view(request, view_func, view_args, view_kwargs)
        if request.method == "POST":
            request.resends = request.POST.get(typed.RESENT, "")
        is_of_another = (
            response is None
            and request.method == "POST"
            and typed.owner_of(request) not in (None, str(request.user.pk))
        )
        return typed.not_taken(request) if is_of_another else response

    def handle_no_permission(self, request, view_func):
        """Lead to the log-in; a form that was sent is kept for its person, or said to be lost."""
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        response = typed.not_taken(request)
        if response is not None:
            return response
        messages.warning(
            request,
            "Votre session est terminée : rien n’a été enregistré. Reconnectez-vous, "
            "puis recommencez.",
        )
        return redirect_to_login(typed.page_of(request), self.get_login_url(view_func))


def resent(get_response):
    """Delete what was kept of a form once it has been sent again and taken."""

    def middleware(request):
        response = get_response(request)
        key = getattr(request, "resends", "")
        is_taken = response.status_code < 400 and not getattr(request, "was_refused", False)
        if key and is_taken and request.user.is_authenticated:
            typed.forget(request.user, key)
        return response

    return middleware


def refusals(get_response):
    """Show the French reason of an event's refusal on the page where the person came from, or on a
    page of its own where that would lose what they had written. An act that was done before leads
    where the first click has led."""

    def middleware(request):
        return get_response(request)

    def process_exception(request, exception):
        if isinstance(exception, DoneAlready):
            messages.info(request, str(exception))
            return HttpResponseRedirect(exception.back)
        if not isinstance(exception, Refused):
            return None
        request.was_refused = True
        reason, texts = exception.refusal.reason, typed.prose_in(request)
        if texts:
            context = {"reason": reason, "given_back": texts, "page": typed.page_of(request)}
            return render(request, "typed/refused.html", context, status=409)
        messages.error(request, reason)
        return HttpResponseRedirect(typed.page_of(request))

    middleware.process_exception = process_exception
    return middleware


def not_found(get_response):
    """Show the French 404 of a view in development too; answer 410 for what was there once, 503 for
    a stored file that is missing or was altered."""

    def middleware(request):
        return get_response(request)

    def process_exception(request, exception):
        if isinstance(exception, Gone):
            context = {"reason": str(exception), "given_back": typed.prose_in(request)}
            return render(request, "410.html", context, status=410)
        if isinstance(exception, Damaged):
            return render(request, "damaged.html", {"reason": str(exception)}, status=503)
        return page_not_found(request, exception) if isinstance(exception, Http404) else None

    middleware.process_exception = process_exception
    return middleware
