"""The pieces that may be taken up in a text that is being written."""

import json
from dataclasses import dataclass

from ctg_portal.text.markdown import Picture, Pictures
from evaluation.writing.first_draft import Sentence


@dataclass(frozen=True)
class Piece:
    """A piece that may be taken up in a text.

    ``key`` is known on its page only; ``text`` is what is read, ``markdown`` what is added to the
    text. ``is_prose``: ``text`` is Markdown too, with these ``pictures``, and ``about`` names its
    subject. ``picture``: the piece is an image, and ``text`` its alternative.
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
        """The ``markdown`` as JSON for the script of the page; attributes lose ends of lines."""
        return json.dumps(self.markdown, ensure_ascii=False)

    @classmethod
    def of(cls, sentence: Sentence) -> "Piece":
        """Return the piece of a sentence of the first draft."""
        parts = sentence.text, sentence.markdown, sentence.url, sentence.origin
        return cls(sentence.key, *parts)
