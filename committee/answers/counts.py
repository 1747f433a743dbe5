"""How many answers, in words: a feminine noun."""

from ctg_portal.templatetags.french import in_words


def answers_in_words(count: int, noun: str = "réponse,réponses") -> str:
    """« une réponse », « neuf réponses », « 17 réponses »."""
    return f"une {noun.split(',', maxsplit=1)[0]}" if count == 1 else in_words(count, noun)


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
