"""The first sentence of a text, to say in a line what the whole is about."""

import re

# A heading, an item, a table, a link or an emphasis: the text is more than a sentence.
MARKUP = re.compile(r"[*_#>|\[\]`]|^\s*[-+\d]+[.)]?\s")
SENTENCE = re.compile(r".*?[.!?…](?=\s|$)")


def first_sentence(text: str, most: int = 150) -> str:
    """Return the first sentence of a Markdown text, with its full stop; empty where it has markup,
    or more than ``most`` characters."""
    paragraph = " ".join(text.strip().partition("\n\n")[0].split())
    if not paragraph or MARKUP.search(paragraph):
        return ""
    match = SENTENCE.match(paragraph)
    sentence = match[0] if match else f"{paragraph}."
    return sentence[:1].upper() + sentence[1:] if len(sentence) <= most else ""


def uncapitalized(text: str) -> str:
    """Return a text as it reads within a sentence; an acronym keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
