"""Ranks that no convention file gives."""

# Far beyond the ranks that a file gives: a row that stays although its file has it no more stands
# behind all that could come.
KEPT_RANK = 10_000
