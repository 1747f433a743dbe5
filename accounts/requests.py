"""A request of somebody who is logged in, as pages that are not for everybody receive it."""

from django.http import HttpRequest

from accounts.models import User


class SignedInRequest(HttpRequest):
    """For annotations alone: ``LoginRequiredMiddleware`` has seen to it that there is a user."""

    user: User
