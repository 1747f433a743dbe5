"""Places in the text that no convention file gives."""

# Far beyond the places that a file gives: what is kept although its file has it no more stands
# behind all that could come.
KEPT_RANK = 10_000
