"""How often one may try: counted for an account *and* the machine that asks.

Counted for the account alone, whoever knows an address could keep its owner out for as long as
they like.
"""

import time

from allauth.core.internal.ratelimit import get_ip
from allauth.core.ratelimit import consume
from django.core.cache import cache

# A whole town hall opens its messages behind one address.
OPENED_A_MINUTE = 120


def pair_of(request, email: str) -> str:
    """The key under which attempts of this machine at this account are counted; in IPv6, where a
    machine has as many addresses as it likes, those of its network."""
    return f"{get_ip(request)}:{email.strip().lower()}"


def may_ask_for_mail(request, email: str) -> bool:
    """Whether a code or a link may be sent to this address once more, at this machine's asking."""
    return bool(consume(request, action="mail_to_address", key=pair_of(request, email)))


def may_open_a_link(request) -> bool:
    """Whether this machine may open one more link of a message within this minute. allauth counts
    no GET."""
    key = f"links-opened:{get_ip(request)}:{int(time.time() // 60)}"
    cache.add(key, 0, timeout=120)
    try:
        return cache.incr(key) <= OPENED_A_MINUTE
    except ValueError:  # it has just gone
        return True
