"""Words that several subjects share: headings, acts, numbers of answers (a feminine noun)."""

from agreements.models import Version, VersionVerb
from ctg_portal.templatetags.french import in_words

# What the history and the register call the acts on a version.
ACTS = {VersionVerb.PROPOSED: "Version proposée", VersionVerb.WITHDRAWN: "Version retirée"}


def heading_of(version: Version) -> str:
    """Return the heading above the title, even once the row is deleted: « Objectif du comité »."""
    commitment = version.commitment
    return commitment.heading(version.subject) if version.subject else commitment.name.capitalize()


def format_answer_count(count: int, noun: str = "réponse,réponses") -> str:
    """Return « une réponse », « neuf réponses ». ``noun``: its singular and plural."""
    return f"une {noun.split(',', maxsplit=1)[0]}" if count == 1 else in_words(count, noun)


def capitalized(text: str) -> str:
    """Return the text with its first letter in upper case."""
    return text[:1].upper() + text[1:]
