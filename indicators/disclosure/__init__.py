"""Decide what may be shown of protected figures (statistical disclosure control).

Small counts are suppressed (primary cell suppression), others with them so that sums do not reveal
them (secondary, or complementary, suppression). ``events`` decides and stores it once, when a table
is disclosed; pages read it through ``figure`` and ``reading``.
"""

from indicators.disclosure.figure import (
    COMMENT_RESERVED,
    LEFT_OUT,
    MASKED,
    MISSING,
    NOTHING,
    NUMBER,
    PENDING,
    REASON_RESERVED,
    SIGNS,
    WORDS,
    DisclosedFigure,
    disclose,
    is_lifted,
    is_masked_or_rounded,
    is_protected,
    is_under_stated_rule,
)

__all__ = ["COMMENT_RESERVED", "LEFT_OUT", "MASKED", "MISSING", "NOTHING", "NUMBER", "PENDING",
           "REASON_RESERVED", "SIGNS", "WORDS", "DisclosedFigure", "disclose", "is_lifted",
           "is_masked_or_rounded", "is_protected", "is_under_stated_rule"]  # fmt: skip
