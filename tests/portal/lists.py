"""Where a page lists something: how it narrows its list, and the files that it saves it in."""

import re
from urllib.parse import urlsplit

FILE = re.compile(r"/(xlsx|csv)/(\?|$)")
WORD, TICKED = "a", "on"  # what a field of words is asked for; what a box sends
TEXTS = "a text that tells of itself"
ONE = "what is said of one thing, which has documents of its own"
WORK = "what is to be done, row by row; the list that it is part of has its file"
YEARS = "a row a year, each with files of its own"
WITHOUT_FILE = {
    "privacy": TEXTS,
    "help:contents": TEXTS,
    "help:public": TEXTS,
    "conventions:list": "one's own conventions",
    "conventions:dashboard": "counts, each of which leads to its list",
    "conventions:cooperation": "posts year by year, which the evaluation tells with its files",
    "committee:dossier": ONE,
    "committee:composition_history": "mandates, which the composition saves with their days",
    "actions:action": ONE,
    "actions:follow": ONE,
    "indicators:indicator": ONE,
    "indicators:campaigns": YEARS,
    "indicators:remind": WORK,
    "indicators:remind_one": WORK,
    "indicators:entry": WORK,
    "indicators:entry_links": WORK,
    "indicators:submit_values": WORK,
    "indicators:verify_values": WORK,
    "indicators:table": WORK,
    "indicators:grid": WORK,
    "indicators:statistics": YEARS,
    "indicators:taken_up": YEARS,
    "evaluation:year": "the evaluation of a year, whose document has its figures as files",
    "evaluation:report": "documents, each a file",
    "evaluation:preview": "the document itself",
    "evaluation:final": "the evaluation of the term, whose document has its figures as files",
}


def files_of(page) -> list[str]:
    return [address for address in page.xpath("//a/@href") if FILE.search(address)]


def filters_of(page) -> list:
    """The forms by which a page narrows its own list; a search finds pages, and lists nothing."""
    forms = page.xpath("//form[contains(concat(' ', @class, ' '), ' filters ')][not(@role)]")
    return [form for form in forms if not urlsplit(form.get("action") or "").path]


def askable(form, few: int | None = None) -> list[tuple[str, str]]:
    """What each of its fields may be asked for, one after the other; of more choices than ``few``,
    as many: the last one, and the first ones."""
    asked = []
    for field in form.xpath(".//*[@name][not(@type='hidden')]"):
        name = field.get("name")
        if field.tag == "select":
            choices = [value for value in field.xpath(".//option/@value") if value]
            if few and len(choices) > few:
                choices = [*choices[: few - 1], choices[-1]]
            asked += [(name, value) for value in choices]
        elif field.get("type") in (None, "text", "search"):
            asked.append((name, WORD))
        elif field.get("type") in ("checkbox", "radio"):
            asked.append((name, field.get("value", TICKED)))
    return asked
