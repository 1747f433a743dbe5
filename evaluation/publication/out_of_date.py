"""Find texts that describe a collection as it no longer is: what a first draft said while it went
on, or what its writer meant to write later. Nobody looks for it once it is saved."""

import re
from collections.abc import Iterator

from django.urls import reverse

from ctg_portal.templatetags.french import enumerate_words
from evaluation.year.lacks import Remark
from evaluation.year.reading import YearReading

# What such a text says, in the words of the page, and the pattern that finds it.
STALE = {
    "que le recueil est en cours": re.compile(
        r"recueil\b[^.]*\b(encore en cours|pas encore ouvert)"
    ),
    "qu’un chiffre est attendu": re.compile(r"pas encore été transmis"),
    "qu’il est en cours de rédaction": re.compile(r"en cours de rédaction"),
}


def out_of_date_in(reading: YearReading) -> list[Remark]:
    """Return a remark on each text that still describes the collection as open or a figure as
    awaited, with the page where it is written; none while the collection is not closed."""
    return list(_stale_texts(reading)) if reading.campaign.is_closed else []


def _stale_texts(reading: YearReading) -> Iterator[Remark]:
    """Yield the stale texts of the whole, then those of themes."""
    slug, period = reading.convention.slug, reading.period
    for part, text in reading.texts.items():
        if stale := _describe_stale(text):
            url = reverse("evaluation:year_text", args=[slug, period, part])
            yield Remark(f"« {part.label} » dit encore {stale}.", url, "Relire")
    for block in reading.themes:
        if stale := _describe_stale(block.text):
            url = reverse("evaluation:narrative", args=[slug, period, block.theme.pk])
            name = block.theme.title or block.theme.axis.title
            yield Remark(f"Le texte de « {name} » dit encore {stale}.", url, "Relire")


def _describe_stale(text: str) -> str:
    """Return which of the ``STALE`` remarks a text makes, in words; empty without any."""
    plain = " ".join(text.replace("'", "’").split())
    return enumerate_words(words for words, pattern in STALE.items() if pattern.search(plain))
