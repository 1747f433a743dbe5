"""French typography, dates and numbers, and Markdown: how every text of the portal is shown."""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from ctg_portal.search.rows import fold
from ctg_portal.text import markdown as markdown_renderer
from ctg_portal.text.typography import NARROW_NO_BREAK_SPACE as NNBSP
from ctg_portal.text.typography import polish

register = template.Library()

GAP = r"(?:\s|&nbsp;)"
ARTICLE = re.compile(
    rf"\b(article|art\.)({GAP}+)(\d{{1,3}})(?:er)?\b(?!{GAP}*(?:-\d|bis\b|de{GAP}la{GAP}loi|du{GAP}code))",
    re.IGNORECASE,
)
# Of places, an aspirated h: « de Haute-Savoie », « de Hauts-de-France »; of people, rarely.
WITHIN = re.compile(r"«\s*|\s*»")  # guillemets within guillemets
ELIDES = re.compile(r"[aeiou]|h(?!aut|aven|avre|ague|ain|ong|olland)[aeiouy]|y[^aeiouy]")
ARTICLE_OF_A_PLACE = re.compile(r"(Les?) (.+)")
# Of a number as Python writes it.
FRENCH_SIGNS = str.maketrans({",": NNBSP, ".": ",", "-": "−"})
TAG = re.compile(r"(<[^>]*>)")
TAG_OR_ENTITY = re.compile(r"(<[^>]*>|&#?\w+;)")


@register.filter
def typo(text) -> SafeString:
    """Set plain text as French typography wants: no-break spaces, apostrophes, ellipses. It is
    escaped; safe text keeps its tags and entities."""
    if isinstance(text, SafeString):
        pieces = TAG_OR_ENTITY.split(text)
        return mark_safe("".join(p if TAG_OR_ENTITY.match(p) else polish(p) for p in pieces))
    return conditional_escape(polish(str(text)))


@register.filter
def markdown(text, heading_level=3) -> SafeString:
    """Render Markdown as sanitised HTML whose first heading is ``<h{heading_level}>``."""
    return mark_safe(markdown_renderer.render(text, heading_level=heading_level))


@register.simple_tag
def illustrated(text, heading_level: int, pictures: markdown_renderer.Pictures) -> SafeString:
    """Render Markdown with the pictures it refers to; words take the place of any other image."""
    html = markdown_renderer.render(text, heading_level=heading_level, pictures=pictures)
    return mark_safe(html)


@register.filter
def link_articles(text, urls: dict[int, str]) -> SafeString:
    """Link every "article 5" or "art. 5" to its text; ``urls`` gives the address by number.
    Articles without an address, and those within a link, stay as they are."""

    def link(match):
        url = urls.get(int(match[3]))
        return f'<a href="{url}">{match[0]}</a>' if url else match[0]

    pieces = TAG.split(conditional_escape(text))
    within_link = 0
    for index, piece in enumerate(pieces):
        if piece.startswith("<"):
            within_link += piece.startswith("<a ") - piece.startswith("</a")
        elif not within_link:
            pieces[index] = ARTICLE.sub(link, piece)
    return mark_safe("".join(pieces))


@register.filter
def number(value, decimals=None) -> str:
    """Return « 1 234,5 », « −3 »: its own decimals, or ``decimals``, rounded; empty for None."""
    if value is None or value == "":
        return ""
    value = Decimal(str(value))
    if decimals is None:
        value = value.normalize()
        decimals = max(-value.as_tuple().exponent, 0)
    value = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{value:z,f}".translate(FRENCH_SIGNS)


@register.filter
def euros(value) -> str:
    """Return « 48 000 € », with centimes only where there are some; empty for None."""
    if value is None:
        return ""
    decimals = None if value == int(value) else 2
    return f"{number(value, decimals)}{NNBSP}€"


@register.filter
def plural(count, forms: str) -> str:
    """Return « 47 communes » for ``47|plural:"commune,communes"``: the plural starts at 2."""
    singular, many = forms.split(",")
    return f"{number(count)}\u00a0{many if abs(count) >= 2 else singular}"


# Words that end so whatever is counted; and those with which what is said of the thing begins.
UNCHANGED = {"fois", "mois", "cas", "repas", "temps", "avis", "accès", "parcours", "relais"}
SAID_OF = {"de", "du", "des", "pour", "par", "en", "à", "au", "aux", "sans", "avec", "dont", "sous"}


def unit_of(count, unit: str) -> str:
    """Return a plural unit as it is written after a count: « place » after 1, « enfant de moins de
    3 ans » after 0. A complement stays as it is."""
    if abs(count) >= 2:
        return unit
    words = unit.split(" ")
    for place, word in enumerate(words):
        if word.lower() in SAID_OF or "’" in word or "'" in word:
            break
        if len(word) > 2 and word.endswith("s") and word.lower() not in UNCHANGED:
            words[place] = word.removesuffix("s")
    return " ".join(words)


DAYS_OF_A_YEAR = 365.25
DAYS_OF_A_MONTH = DAYS_OF_A_YEAR / 12
NUMBERS = ["aucun", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
           "onze", "douze", "treize", "quatorze", "quinze", "seize"]  # fmt: skip


@register.filter
def in_words(count: int, forms: str) -> str:
    """Return « un point », « douze points », « 17 points » (``12|in_words:"point,points"``); for 0,
    « aucun point ». The noun is masculine."""
    if count >= len(NUMBERS):
        return plural(count, forms)
    return f"{NUMBERS[count]} {forms.split(',')[count >= 2]}"


def feminine(count: int, *, largest: int = 0) -> str:
    """Return « Une », « Quatre » or « 17 »: a count that begins a sentence before a feminine noun.

    ``largest`` is the largest of the counts next to it, so that all are written alike.
    """
    if max(count, largest) >= len(NUMBERS):
        return number(count)
    return "Une" if count == 1 else NUMBERS[count].capitalize()


@register.filter
def time_left(days: int) -> str:
    """Return « 12 jours », « environ 14 mois », « un peu plus de quatre ans »."""
    months = round(days / DAYS_OF_A_MONTH)
    if days < 60:
        return plural(days, "jour,jours")
    if months < 24:
        return f"environ {in_words(months, 'mois,mois')}"
    years, rest = divmod(months, 12)
    if abs(days - round(days / DAYS_OF_A_YEAR) * DAYS_OF_A_YEAR) <= 10:
        return in_words(round(days / DAYS_OF_A_YEAR), "an,ans")
    if rest <= 4:
        return f"un peu plus de {in_words(years, 'an,ans')}"
    if rest <= 7:
        return f"environ {in_words(years, 'an,ans')} et demi"
    return f"près de {in_words(years + 1, 'an,ans')}"


@register.filter(expects_localtime=True)
def long_date(value) -> str:
    """Return « 1er janvier 2020 »; empty for no date. A moment is of the day in Paris."""
    if not value:
        return ""
    if isinstance(value, datetime.datetime):
        # From a template it comes as local time already, from code as the database gave it.
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    day = "1er" if value.day == 1 else str(value.day)
    return f"{day}\u00a0{MONTHS[value.month]} {value.year:04}"


@register.filter
def enumerate_words(items) -> str:
    """Return « la Caf, la MSA et Grand Châtellerault »; empty for no items."""
    words = [str(item) for item in items]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} et {words[-1]}"


@register.filter
def quoted_within(text) -> str:
    """Return a text to be quoted in a sentence: without full stop, with “ ” for its own « »."""
    whole = WITHIN.sub(lambda mark: "“" if "«" in mark[0] else "”", str(text).rstrip())
    return whole.removesuffix(".") if not whole.endswith("..") else whole


@register.filter
def de(name) -> str:
    """Return « de Claire », « d’Émilie », « d’Hélène »: elided before a vowel and the h of a name.

    A y is a vowel before a consonant only: « d’Yves », « de Yann ».
    """
    return f"d’{name}" if ELIDES.match(fold(str(name))) else f"de {name}"


def que(words) -> str:
    """Return « qu’un référent », « que la coordination »: elided before a vowel."""
    return f"qu’{words}" if ELIDES.match(fold(str(words))) else f"que {words}"


@register.filter
def at_place(name) -> str:
    """Return « à Poitiers », « au Havre », « aux Ulis »: where something happened."""
    if contracted := ARTICLE_OF_A_PLACE.match(str(name)):
        return f"{'au' if contracted[1] == 'Le' else 'aux'} {contracted[2]}"
    return f"à {name}"
