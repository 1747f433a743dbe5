"""The subject of a message: it says the answer, so that one knows before one opens it."""

from collections.abc import Callable

from django.utils.text import Truncator

from committee.models import News
from committee.news import Item
from conventions.models import Convention
from ctg_portal.templatetags.french import enumerate_words, in_words, long_date

LONGEST_TITLE = 70


def subject_of(items: list[Item], convention: Convention) -> str:
    """« Trois points attendent la réponse de la Caf de la Vienne (CTG Grand Châtellerault) »."""
    told = []
    for kinds, wording in WORDINGS:
        own = [item for item in items if item.kind in kinds]
        if own:
            told.append((own, wording))
    alone = len(told) == 1
    parts = [wording(own, alone) for own, wording in told]
    if len(parts) > 2:
        parts = [*parts[:2], "d’autres nouvelles"]
    sentence = enumerate_words(parts)
    return f"{sentence[:1].upper()}{sentence[1:]} (CTG {convention.territory})"


def _awaited(items: list[Item], alone: bool) -> str:
    organisations = {item.voice.organisation.of_the for item in items}
    whose = f"la réponse {organisations.pop()}" if len(organisations) == 1 else "votre réponse"
    return f"{in_words(len(items), 'point attend,points attendent')} {whose}"


def _about_entries(one: str, many: str) -> Callable:
    """« un accord est contesté : « Ouvrir un relais » », « trois accords sont contestés »."""

    def wording(items: list[Item], alone: bool) -> str:
        if len(items) > 1:
            return many.format(in_words(len(items), "accord,accords"))
        return f"{one} : « {_title(items[0])} »" if alone else one

    return wording


def _recorded(items: list[Item], alone: bool) -> str:
    if len(items) > 1:
        return f"{in_words(len(items), 'accord,accords')} sont saisis en votre nom"
    told = "un accord est saisi en votre nom"
    if alone and items[0].contestable:
        return f"{told}, contestable jusqu’au {long_date(items[0].about.contestable_until)}"
    return told


def _changed(items: list[Item], alone: bool) -> str:
    if len(items) > 1:
        return f"{in_words(len(items), 'point,points')} sont à modifier"
    told = "une modification est demandée"
    return f"{told} : « {_title(items[0])} »" if alone else told


def _complete(items: list[Item], alone: bool) -> str:
    if len(items) > 1:
        return f"{in_words(len(items), 'dossier,dossiers')} sont complets"
    if alone:
        return f"le dossier « {_short(items[0].about.title)} » est complet"
    return "un dossier est complet"


WORDINGS = [
    ([News.CONTESTED], _about_entries("un accord est contesté", "{} sont contestés")),
    ([News.RECORDED], _recorded),
    ([News.AWAITED, News.DUE], _awaited),
    ([News.CHANGE], _changed),
    ([News.RETRACTED], _about_entries("un accord est retiré", "{} sont retirés")),
    ([News.COMPLETE], _complete),
]


def _title(item: Item) -> str:
    return _short(item.point.version.title)


def _short(title: str) -> str:
    return Truncator(title).chars(LONGEST_TITLE, truncate="…")
