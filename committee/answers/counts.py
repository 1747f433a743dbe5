"""French for a number of answers, which is a feminine noun."""

from ctg_portal.templatetags.french import in_words


def format_answer_count(count: int, noun: str = "réponse,réponses") -> str:
    """Return « une réponse », « neuf réponses », « 17 réponses ». ``noun``: its singular and
    plural."""
    return f"une {noun.split(',', maxsplit=1)[0]}" if count == 1 else in_words(count, noun)


def capitalized(text: str) -> str:
    """Return the text with its first letter in upper case."""
    return text[:1].upper() + text[1:]
