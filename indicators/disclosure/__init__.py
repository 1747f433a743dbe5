"""What may be shown of figures: decided and kept when they are disclosed (``events``), read by the
pages (``figure``, ``reading``)."""

from indicators.disclosure.figure import (
    COMMENT_RESERVED,
    MASKED,
    MISSING,
    NOTHING,
    NUMBER,
    PENDING,
    REASON_RESERVED,
    RESERVED,
    SIGNS,
    WORDS,
    DisclosedFigure,
    Rule,
    disclose,
    is_lifted,
    is_masked_or_rounded,
    is_protected,
    is_under_stated_rule,
)

__all__ = [
    "COMMENT_RESERVED",
    "MASKED",
    "MISSING",
    "NOTHING",
    "NUMBER",
    "PENDING",
    "REASON_RESERVED",
    "RESERVED",
    "SIGNS",
    "WORDS",
    "DisclosedFigure",
    "Rule",
    "disclose",
    "is_lifted",
    "is_masked_or_rounded",
    "is_protected",
    "is_under_stated_rule",
]
