"""Log of accesses: one line for each log-in, failure, limit reached, and change of what opens an
account, under the logger ``portal.accounts``.

A line has the number of the account, or « - » where none is known, and the network of the machine
that asks. It never has an address, a password or a code: who mistypes writes secrets anywhere.
"""

import ipaddress
import logging

from allauth.account import signals
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.mail import NOBODY
from accounts.models import User

logger = logging.getLogger("portal.accounts")
# Bits that stay of an address: enough to tell networks apart, not machines.
IPV4_BITS, IPV6_BITS = 24, 48

FOLLOWED = {
    "password_set": signals.password_set,
    "password_changed": signals.password_changed,
    "password_reset": signals.password_reset,
    "address_asked": signals.email_added,
    "address_given_up": signals.email_removed,
    "address_changed": signals.email_changed,
    "second_factor_set": mfa_signals.authenticator_added,
    "second_factor_removed": mfa_signals.authenticator_removed,
    "second_factor_renewed": mfa_signals.authenticator_reset,
    "second_factor_failed": mfa_signals.authentication_failed,
    "second_factor_used": mfa_signals.authenticator_used,
}


def write(request: HttpRequest, event: str, user: User | None = None, detail: str = "") -> None:
    """Write the line of an event; ``detail`` is a word of ours, never what somebody typed."""
    account = user.pk if user and user.pk != NOBODY else None
    network = network_of(request)
    logger.info(
        "%s user=%s from=%s %s",
        event,
        account or "-",
        network,
        detail,
        extra={"event": event, "user": account, "network": network, "detail": detail},
    )


def network_of(request: HttpRequest) -> str:
    """Return the network of the machine that asks, as found behind the trusted proxies: its address
    without what tells machines apart; « - » for a request without one."""
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return "-"
    address = getattr(address, "ipv4_mapped", None) or address
    bits = IPV4_BITS if address.version == 4 else IPV6_BITS
    return str(ipaddress.ip_network((address, bits), strict=False))


def follow_signals() -> None:
    """Connect the log to log-ins and to the changes that are signalled."""
    user_logged_in.connect(_write_login, dispatch_uid="log_login")
    for event, signal in FOLLOWED.items():
        signal.connect(_writer_of(event), dispatch_uid=f"log_{event}", weak=False)


def _write_login(sender, request: HttpRequest, user: User, **kwargs) -> None:
    """Write a log-in, with the ways by which it was proven: « password+mfa »."""
    records = get_authentication_records(request, user)
    write(request, "login", user, "+".join(record["method"] for record in records))


def _writer_of(event: str):
    """Return the receiver that writes this event, with the kind of a second factor."""

    def write_signalled(
        sender, request: HttpRequest, user: User, authenticator: Authenticator = None, **kwargs
    ) -> None:
        write(request, event, user, authenticator.type if authenticator else "")

    return write_signalled
