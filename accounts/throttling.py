"""Throttling: attempts are counted for an account *and* the machine that asks.

If they were counted for the account alone, whoever knows an address could lock its owner out.
Passwords alone are counted so too, from wherever they are tried, more generously: a code by mail
still lets the owner in.
"""

import hashlib
import time

from allauth.core.internal.ratelimit import get_ip
from allauth.core.ratelimit import clear, consume
from django.core.cache import cache

# A whole town hall opens its messages behind one address.
OPENED_A_MINUTE = 120
SECOND_CLICK = 10  # seconds
GUESSED = "password_guessed"


def attempt_key(request, email: str) -> str:
    """Return the key under which attempts of a machine at an account are counted. In IPv6, where a
    machine may have many addresses, those of its network count together."""
    return f"{get_ip(request)}:{_account_key(email)}"


def may_guess(request, email: str) -> bool:
    """Return whether passwords may still be tried at an account, from whichever machine. Who is
    logged in there is not kept from confirming it by what others try."""
    if request.user.is_authenticated:
        return True
    return bool(consume(request, action=GUESSED, key=_account_key(email), dry_run=True))


def count_guess(request, email: str) -> None:
    """Count a wrong password for an account, of whichever machine."""
    consume(request, action=GUESSED, key=_account_key(email))


def forget_guesses(request, email: str) -> None:
    """Begin the count of an account again."""
    clear(request, action=GUESSED, key=_account_key(email))


def _account_key(email: str) -> str:
    return email.strip().lower()


def is_mail_allowed(request, email: str) -> bool:
    """Count a request for mail to an address; return whether it may be sent, by the rate limit.
    Sets ``request.mail_asked_for``, which ``reuse_recent_code`` reads."""
    request.mail_asked_for = attempt_key(request, email)
    return bool(consume(request, action="mail_to_address", key=request.mail_asked_for))


def reuse_recent_code(request, code: str) -> str:
    """Return the code that was sent seconds ago for the same account and machine, else ``code``:
    after a double click, the code of either message opens the account."""
    attempt = getattr(request, "mail_asked_for", None)
    if attempt is None:
        return code
    key = f"code-sent:{hashlib.sha256(attempt.encode()).hexdigest()}"
    return code if cache.add(key, code, timeout=SECOND_CLICK) else cache.get(key, code)


def is_link_opening_allowed(request) -> bool:
    """Count the opening of a link from a message; return whether this machine may open it, by the
    limit of each minute. allauth does not count GET requests."""
    key = f"links-opened:{get_ip(request)}:{int(time.time() // 60)}"
    cache.add(key, 0, timeout=120)
    try:
        return cache.incr(key) <= OPENED_A_MINUTE
    except ValueError:  # it has just gone
        return True
