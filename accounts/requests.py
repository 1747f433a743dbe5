"""The type of a request by somebody who is logged in."""

from django.http import HttpRequest

from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request with a user, for annotations only: ``LoginRequiredMiddleware`` ensures it."""

    user: User
