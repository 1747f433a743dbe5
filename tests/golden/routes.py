"""What each person sees at each route of the role table (``tests.walk``)."""

from tests.golden.bare import KEY
from tests.role_table import ROUTES
from tests.walk import WIDEST, Walk


def pages_of(walk: Walk) -> dict[str, list[str]]:
    """By address, method and person; documents, as they are handed out to who asked for them."""
    addresses = {name: _pattern(walk.urls[name], walk.keywords[name]) for name in ROUTES}
    answers = {
        f"{addresses[name]} {ROUTES[name].method} {who}": answer
        for (name, who), answer in walk.answers.items()
    }
    answers |= {
        f"{addresses[name]} document {WIDEST}": answer for name, answer in walk.documents.items()
    }
    return {
        key: [str(answer.status), *filter(None, [answer.fault]), *answer.lines]
        for key, answer in answers.items()
    }


def _pattern(address: str, keywords: dict) -> str:
    """The address with what stands for any row in it."""
    for key in ("slug", "token", "insee"):
        if key in keywords:
            address = address.replace(keywords[key], f"<{key}>")
    return KEY.sub("#", address)
