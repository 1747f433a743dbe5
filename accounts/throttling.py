"""How often one may try: counted for an account *and* the machine that asks.

Counted for the account alone, whoever knows an address could keep its owner out for as long as
they like.
"""

from allauth.core.internal.ratelimit import get_ip
from allauth.core.ratelimit import consume


def pair_of(request, email: str) -> str:
    """The key under which attempts of this machine at this account are counted; in IPv6, where a
    machine has as many addresses as it likes, those of its network."""
    return f"{get_ip(request)}:{email.strip().lower()}"


def may_ask_for_mail(request, email: str) -> bool:
    """Whether a code or a link may be sent to this address once more, at this machine's asking."""
    return bool(consume(request, action="mail_to_address", key=pair_of(request, email)))
