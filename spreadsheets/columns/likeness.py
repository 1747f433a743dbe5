"""How alike two wordings are: what an office wrote, and what is known."""

from difflib import SequenceMatcher

# Of a longer text, its beginning is compared: what it takes grows with the square of its length.
LONGEST = 500
# From which likeness on two titles may be one.
ALIKE = 0.72


def matcher_of(text: str) -> SequenceMatcher:
    """Return what many others are compared with: it is read once."""
    return SequenceMatcher(None, "", text[:LONGEST], autojunk=False)


def likeness(title: str, matcher: SequenceMatcher, least: float = ALIKE) -> float:
    """Return how alike a title and that of a matcher are, or zero below ``least``; a title that is
    within another is very much."""
    other = matcher.b
    if not title or not other:
        return 0
    title = title[:LONGEST]
    matcher.set_seq1(title)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        score = 0.0
    else:
        score = matcher.ratio()
    words, others = set(title.split()), set(other.split())
    fewest = min(len(words), len(others))
    within = len(words & others) / fewest if fewest > 1 else 0
    return max(score, 0.95 * within)
