"""Search in the guide and the glossary."""

from collections.abc import Iterator

from ctg_portal.help.glossary import glossary
from ctg_portal.help.guide import GLOSSARY, address_of, pages
from ctg_portal.search.query import SearchQuery


def guide_hits(query: SearchQuery) -> Iterator[tuple[str, str, str, str]]:
    """Yield title, address, text and page of each section of the guide that answers."""
    for page in pages():
        for section in page.sections:
            if section.anchor and query.is_in(section.title, section.text):
                address = address_of(f"{page.name}#{section.anchor}")
                yield section.title, address, section.text, page.title


def word_hits(query: SearchQuery) -> Iterator[tuple[str, str, str]]:
    """Yield name, address and definition of each word whose forms or full name answer."""
    for word in glossary().words:
        if query.is_in(*word.forms, word.in_full):
            yield word.name, address_of(f"{GLOSSARY}#{word.anchor}"), word.definition
