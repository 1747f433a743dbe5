"""What the clock does for accounts."""

from django.core.management import call_command


def clear_sessions() -> None:
    """Delete the sessions that have ended."""
    call_command("clearsessions")
