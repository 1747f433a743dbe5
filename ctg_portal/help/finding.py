"""The guide and the glossary, found by their words: (title, address, text, where it stands)."""

from ctg_portal.help.glossary import glossary
from ctg_portal.help.guide import GLOSSARY, address_of, pages
from ctg_portal.sought import Sought


def guide_hits(sought: Sought):
    for page in pages():
        for section in page.sections:
            if section.anchor and sought.is_in(section.title, section.text):
                address = address_of(f"{page.name}#{section.anchor}")
                yield section.title, address, section.text, page.title


def word_hits(sought: Sought):
    """By a form of the word, or by what its letters stand for: not by what its meaning mentions."""
    for word in glossary().words:
        if sought.is_in(*word.forms, word.in_full):
            yield word.name, address_of(f"{GLOSSARY}#{word.anchor}"), word.told
