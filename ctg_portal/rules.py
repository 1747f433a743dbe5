"""Rights and state as one question with one answer.

An application writes ``may_<verb>(user, thing) -> Refusal | None``; its event, its view and its
template all ask that one function. ``None`` means: go ahead.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """Why something may not be done: ``reason`` is a French sentence for the person who asked."""

    reason: str


class Refused(Exception):  # noqa: N818  (reads as what happened)
    """Raised by an event that was called although its ``may_…`` refuses."""

    def __init__(self, refusal: Refusal):
        super().__init__(refusal.reason)
        self.refusal = refusal


def enforce(refusal: Refusal | None) -> None:
    """Raise Refused when there is a refusal."""
    if refusal is not None:
        raise Refused(refusal)


class DoneAlready(Exception):  # noqa: N818  (reads as what happened)
    """Raised by a view whose act was done before, by a first click or on another page.

    Its message is a French sentence, shown at ``back``, the address where the first click led.
    """

    def __init__(self, message: str, back: str):
        super().__init__(message)
        self.back = back


class Gone(Exception):  # noqa: N818  (reads as what happened)
    """Raised by a view for what no longer exists; its message is a French sentence."""


class Damaged(Exception):  # noqa: N818  (reads as what happened)
    """Raised by a view for a stored file that is missing or was altered; its message is a French
    sentence."""
