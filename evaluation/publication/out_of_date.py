"""Texts that tell the state of a collection as it no longer is: what a first draft said while it
went on, or what its writer meant to write later. Nobody looks for it once it is saved."""

import re
from collections.abc import Iterator

from django.urls import reverse

from ctg_portal.templatetags.french import enumerate_words
from evaluation.final.reading import Lack
from evaluation.year.reading import YearReading

# What a text says, and how that is told of it.
STALE = {
    "que le recueil est en cours": re.compile(
        r"recueil\b[^.]*\b(encore en cours|pas encore ouvert)"
    ),
    "qu’un chiffre est attendu": re.compile(r"pas encore été transmis"),
    "qu’il est en cours de rédaction": re.compile(r"en cours de rédaction"),
}


def out_of_date_in(reading: YearReading) -> list[Lack]:
    """What its texts say that the closing of its collection has made false, each where it is
    mended."""
    return list(_told(reading)) if reading.campaign.is_closed else []


def _told(reading: YearReading) -> Iterator[Lack]:
    slug, period = reading.convention.slug, reading.period
    for part, text in reading.texts.items():
        if found := _found(text):
            url = reverse("evaluation:year_text", args=[slug, period, part])
            yield Lack(f"« {part.label} » dit encore {found}.", url, "Relire")
    for one in reading.themes:
        if found := _found(one.text):
            url = reverse("evaluation:narrative", args=[slug, period, one.theme.pk])
            name = one.theme.title or one.theme.axis.title
            yield Lack(f"Le texte de « {name} » dit encore {found}.", url, "Relire")


def _found(text: str) -> str:
    plain = " ".join(text.replace("'", "’").split())
    return enumerate_words(told for told, said in STALE.items() if said.search(plain))
