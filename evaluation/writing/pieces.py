"""What may be taken up in a text that is being written."""

import json
from dataclasses import dataclass

from ctg_portal.markdown import Picture, Pictures
from evaluation.writing.first_draft import Sentence


@dataclass(frozen=True)
class Piece:
    """Something to be taken up. ``key`` is known on its page only; ``text`` is what is read,
    ``markdown`` what comes into the text; ``is_prose``: it is read as Markdown too, with these
    ``pictures``, and ``about`` says of what it is. ``picture``: it is one, with ``text`` for who
    does not see it."""

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
        """``markdown`` for the script of the page: pages lose the ends of lines in attributes."""
        return json.dumps(self.markdown, ensure_ascii=False)

    @classmethod
    def of(cls, sentence: Sentence) -> "Piece":
        told = sentence.text, sentence.markdown, sentence.url, sentence.origin
        return cls(sentence.key, *told)
