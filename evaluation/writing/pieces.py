"""The pieces that may be taken up in a text that is being written."""

import json
from dataclasses import dataclass

from ctg_portal.text.markdown import Picture, Pictures
from evaluation.writing.first_draft import Sentence


@dataclass(frozen=True)
class Piece:
    """A piece that may be taken up in a text.

    ``key`` is unique on its page; ``text`` is shown, ``markdown`` is added to the text; ``url`` and
    ``origin``: the link to its source. ``is_prose``: ``text`` is Markdown too, shown with
    ``pictures``, and ``about`` names its subject. ``picture``: the image, of which ``text`` is the
    alternative.
    """

    key: str
    text: str
    markdown: str
    url: str
    origin: str
    is_prose: bool = False
    about: str = ""
    pictures: Pictures | None = None
    picture: Picture | None = None

    @property
    def adds(self) -> str:
        """The ``markdown`` as JSON: an attribute of HTML would lose its ends of lines."""
        return json.dumps(self.markdown, ensure_ascii=False)

    @classmethod
    def of(cls, sentence: Sentence) -> "Piece":
        """Return the piece of a sentence of the first draft."""
        parts = sentence.text, sentence.markdown, sentence.url, sentence.origin
        return cls(sentence.key, *parts)
