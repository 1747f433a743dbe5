"""What may be shown of figures: of one (``figure``), of a whole table (``disclosing``), as kept and
read by the pages (``reading``)."""

from indicators.disclosure.figure import (
    COMMENT_RESERVED,
    IN_CALCULATION,
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
    is_protected,
)

__all__ = [
    "COMMENT_RESERVED",
    "IN_CALCULATION",
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
    "is_protected",
]
