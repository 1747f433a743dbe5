"""A code to log in with, mailed to a person whom the portal knows already."""

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.core.ratelimit import consume

from accounts.models import User
from accounts.throttling import may_ask_for_mail


def send_login_code(request, user: User) -> bool:
    """As if they had asked for it on the page of log-in, and as often at most; False for too
    often. What follows is the page where the code is typed."""
    if not consume(request, action="request_login_code", key=user.email.lower()):
        return False
    if not may_ask_for_mail(request, user.email):
        return False
    LoginCodeVerificationProcess.initiate(request=request, user=user, email=user.email)
    return True
