"""What the texts of earlier schemas of an indicator are today. It imports nothing of ours."""


def with_actions(content: dict) -> dict:
    """The first texts measured objectives alone."""
    return content | {"actions": []}


def with_grain(content: dict) -> dict:
    """The texts before figures by commune were all of the whole territory."""
    return content | {"grain": "territory", "aggregation": "none"}


def with_parts(content: dict) -> dict:
    """The texts before said of none that others add up to it."""
    return content | {"parts": []}


def with_reason(content: dict) -> dict:
    """The texts before did not say why secrecy does not apply."""
    return content | {"not_confidential_reason": ""}
