"""How often one may try: counted for an account *and* the machine that asks.

Counted for the account alone, whoever knows an address could keep its owner out for as long as
they like.
"""

import hashlib
import time

from allauth.core.internal.ratelimit import get_ip
from allauth.core.ratelimit import consume
from django.core.cache import cache

# A whole town hall opens its messages behind one address.
OPENED_A_MINUTE = 120
SECOND_CLICK = 10  # seconds


def pair_of(request, email: str) -> str:
    """The key under which attempts of this machine at this account are counted; in IPv6, where a
    machine has as many addresses as it likes, those of its network."""
    return f"{get_ip(request)}:{email.strip().lower()}"


def may_ask_for_mail(request, email: str) -> bool:
    """Whether a code or a link may be sent to this address once more, at this machine's asking;
    the request says for whom it was asked (``code_for_both``)."""
    request.mail_asked_for = pair_of(request, email)
    return bool(consume(request, action="mail_to_address", key=request.mail_asked_for))


def code_for_both(request, code: str) -> str:
    """``code``, or the one that this machine has just been sent to the same address: of two clicks,
    whichever mail is read opens."""
    pair = getattr(request, "mail_asked_for", None)
    if pair is None:
        return code
    key = f"code-sent:{hashlib.sha256(pair.encode()).hexdigest()}"
    return code if cache.add(key, code, timeout=SECOND_CLICK) else cache.get(key, code)


def may_open_a_link(request) -> bool:
    """Whether this machine may open one more link of a message within this minute. allauth counts
    no GET."""
    key = f"links-opened:{get_ip(request)}:{int(time.time() // 60)}"
    cache.add(key, 0, timeout=120)
    try:
        return cache.incr(key) <= OPENED_A_MINUTE
    except ValueError:  # it has just gone
        return True
