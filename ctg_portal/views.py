"""Pages that belong to no room: legal pages, kept forms and errors."""

import sys

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpResponse, HttpResponseServerError, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_GET, require_safe

from ctg_portal.forms import typed
from ctg_portal.hosting.space import is_full
from ctg_portal.house import house


@login_not_required
def legal_notice(request):
    return render(request, "legal/notice.html")


@login_not_required
def privacy(request):
    """Show the page on personal data, with the days that invitations last and are stored, and the
    names that each room stores."""
    context = {
        "invitation_days": settings.INVITATION_LIFETIME.days,
        "invitation_kept_days": settings.INVITATION_KEPT.days,
        "kept_names": house().kept_names,
    }
    return render(request, "legal/privacy.html", context)


@login_not_required
def accessibility(request):
    return render(request, "legal/accessibility.html")


@login_not_required
@require_safe
def robots(request):
    """Return what search engines may read, as text: ``INDEXED_PAGES`` alone."""
    rules = f"User-agent: *\nAllow: {settings.INDEXED_PAGES}\nDisallow: /\n"
    return HttpResponse(rules, content_type="text/plain")


def typed_forms(request):
    """Show the forms that could not be taken, to be sent again; a POST deletes the one that it
    names."""
    if request.method == "POST":
        typed.forget(request.user, request.POST.get("key", ""))
        messages.success(request, "Cette saisie est effacée.")
        return redirect("typed")
    return render(request, "typed/kept.html", {"kept": typed.kept_for(request.user)})


@login_not_required
@require_GET
def typed_standing(request):
    """Answer a page with a form, as JSON: whether its person is logged in, and a CSRF token."""
    standing = typed.standing_of(request)
    answer = {"standing": standing, "csrf": get_token(request) if standing == "same" else ""}
    return JsonResponse(answer)


def not_mine(request):
    """Show that what was typed on a page of somebody else is kept for them."""
    return render(request, "typed/other.html", {"is_kept": True})


def logged_in_again(request):
    """Show, after a log-in in another tab, that one may go back to the page."""
    return render(request, "typed/again.html")


def _error_page(request, status: int, **context):
    """Return an error page, whose help explains errors and leads back to none of them."""
    request.is_error = True
    return render(request, f"{status}.html", context, status=status)


def bad_request(request, exception):
    """Answer 400 to a request that could not be read, without reading its form."""
    return _error_page(request, 400)


@requires_csrf_token
def permission_denied(request, exception):
    return _error_page(request, 403, given_back=typed.prose_in(request))


@requires_csrf_token
def page_not_found(request, exception):
    return _error_page(request, 404, given_back=typed.prose_in(request))


def csrf_failure(request, reason=""):
    """Keep a form sent from before the last log-in; else say that the page was too old, or the
    browser without cookies."""
    return typed.not_taken(request) or render(request, "403_csrf.html", status=403)


def server_error(request):
    """Return the 500 page, without context or query that could fail again. If the disk is full
    (507) or the database does not answer (503), the page gives back what was typed."""
    error = sys.exception()
    if is_full(error):
        return _given_back(request, "Le serveur n’a plus de place", status=507)
    if isinstance(error, OperationalError):
        return _given_back(request, "La base de données ne répond pas", status=503)
    return HttpResponseServerError(loader.get_template("500.html").render())


def _given_back(request, heading: str, *, status: int):
    """Return a page with what was typed, to be sent again, without a query."""
    context = {
        "heading": heading,
        "address": request.get_full_path(),
        "csrf_token": get_token(request),
        "typed": [],
        "has_files": False,
    }
    try:
        context["typed"] = [
            (name, value)
            for name, values in request.POST.lists()
            if name != "csrfmiddlewaretoken" and "password" not in name
            for value in values
        ]
        context["has_files"] = bool(request.FILES)
    except (OSError, MultiPartParserError):
        pass  # what was sent found no place itself
    return HttpResponse(loader.get_template("kept.html").render(context), status=status)
