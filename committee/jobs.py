"""What the clock does for the committee."""

from committee.notices import send_due_mail


def tell_people() -> None:
    """Write to everybody whom something awaits, or concerns."""
    send_due_mail()
