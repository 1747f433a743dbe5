"""Pages that belong to no chapter: legal pages and errors."""

import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpResponse, HttpResponseServerError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

from ctg_portal.space import is_full


@login_not_required
def legal_notice(request):
    return render(request, "legal/notice.html")


@login_not_required
def privacy(request):
    return render(
        request, "legal/privacy.html", {"invitation_days": settings.INVITATION_LIFETIME.days}
    )


@login_not_required
def accessibility(request):
    return render(request, "legal/accessibility.html")


def _error_page(request, status: int):
    return render(request, f"{status}.html", status=status)


def bad_request(request, exception):
    """The request itself could not be read: what it carries is not looked at again."""
    return _error_page(request, 400)


@requires_csrf_token
def permission_denied(request, exception):
    return _error_page(request, 403)


@requires_csrf_token
def page_not_found(request, exception):
    return _error_page(request, 404)


def csrf_failure(request, reason=""):
    """A form sent from a page that was too old, or without cookies."""
    return render(request, "403_csrf.html", status=403)


def server_error(request):
    """The 500 page: no context, no query, nothing that could fail again. A server without room, or
    without its database, gives back what was typed."""
    error = sys.exception()
    if is_full(error):
        return _given_back(request, "Le serveur n’a plus de place", status=507)
    if isinstance(error, OperationalError):
        return _given_back(request, "La base de données ne répond pas", status=503)
    return HttpResponseServerError(loader.get_template("500.html").render())


def _given_back(request, heading: str, *, status: int):
    """A page that holds what was typed, to be sent again; it asks the database nothing."""
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
