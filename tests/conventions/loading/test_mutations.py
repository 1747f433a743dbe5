"""A convention file with something odd anywhere: refused in French, or loaded and read."""

import copy
import json
import random
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import islice, product

import pytest
import yaml
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from conventions.loading.apply import apply
from conventions.loading.mistakes import ConventionFileError
from conventions.loading.reader import ConventionFile, read
from conventions.loading.wording import ISO_DATE
from conventions.models import Convention
from indicators.models import Campaign
from tests import factories as f
from tests.conventions.loading.samples import FULL
from tests.databases import few_of
from tests.golden.stage import undone, undrawn
from tests.walk import describe, report

pytestmark = [pytest.mark.django_db, pytest.mark.long]
BASE = yaml.load(FULL, Loader=yaml.BaseLoader)  # noqa: S506  (texts alone)
BASE["convention"]["libelles"] |= {
    "criteres": ["Pertinence", {"nom": "Effets", "question": "Lesquels ?"}],
    "echelle": ["Peu", "Bien"],
}
# A day beyond all measure, before what it should follow, the day of the tests.
DAYS = ("0001-01-01", "1900-01-01", "2021-01-01", "2021-06-30", "2024-02-29", "2026-11-25",
        "2040-12-31", "2100-12-31", "9999-12-31")  # fmt: skip
NUMBERS = ("0", "-1", "1", "999", "1.5", "0.0001", "-0", "9" * 16, "1e9", "NaN", "١٢", "½")
TEXTS = (
    "", " ", "oui", "aucun", "é", "??", "a : b", "x" * 61, "É" * 300, "mot " * 500, "un\ndeux",
    "<b>{{ un }}</b>", "%s %d", "\N{RIGHT-TO-LEFT OVERRIDE}un", "\N{JIGSAW PUZZLE PIECE}", "\0",
    "**", "../un", "[un](javascript:un)",
)  # fmt: skip
OTHER_TYPES = ({}, [], None, {"titre": "Un"}, {"un": "Un"}, [{}], [[]], ["Un"])
ACTS = ("odd", "odd", "removed", "removed", "twice", "exchanged", "alone")
ENGLISH = re.compile(r"\b(is|are|not|required|property|valid|None|True|Error|object)\b")
TERM = None  # of which the evaluation is, instead of a year
PAGES = (
    "conventions:dashboard", "conventions:text", "conventions:axes",
    "conventions:parties", "conventions:territory", "conventions:cooperation",
    "conventions:access", "conventions:directory", "committee:points", "committee:composition",
    "committee:amendments", "committee:add_objective", "actions:plan", "actions:timeline",
    "actions:budget", "actions:by_objective", "actions:by_commune", "actions:add",
    "indicators:indicators", "indicators:add_indicator", "indicators:campaigns",
    "indicators:prepare_campaign", "evaluation:final",
)  # fmt: skip
PAGES_OF_A_YEAR = (
    "indicators:campaign", "evaluation:year", "evaluation:report", "evaluation:preview",
    "evaluation:compose", "evaluation:publication",
)  # fmt: skip
OF_YEARS_ALONE = {"indicators:campaign", "evaluation:year"}
THOUSAND = 1000


def places(value, at: tuple = ()) -> Iterator[tuple]:
    """Each place of a content, from the top, but the whole."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in inner:
        yield (*at, key)
        if isinstance(child, dict | list):
            yield from places(child, (*at, key))


PLACES = [*places(BASE)]


def reached(content, at: tuple):
    for key in at:
        content = content[key]
    return content


def odd_instead_of(value, chance: random.Random) -> str | list | dict | None:
    """Return something else, of the kind of a value more often than of others."""
    text = value if isinstance(value, str) else ""
    own = DAYS if ISO_DATE.fullmatch(text) else NUMBERS if text[:1].isdigit() else TEXTS
    kind = chance.choice([own, own, DAYS, NUMBERS, TEXTS, OTHER_TYPES])
    return copy.deepcopy(chance.choice(kind))


def mutate(content: dict, chance: random.Random) -> str:
    """Make one thing odd, wherever it is; return what was done, and where."""
    at, act = chance.choice([*places(content)]), chance.choice(ACTS)
    above, key = reached(content, at[:-1]), at[-1]
    if act == "removed":
        del above[key]
    elif act == "twice" and isinstance(above, list):
        above.insert(key, copy.deepcopy(above[key]))
    elif act == "alone" and isinstance(above, list):
        above[:] = [above[key]]
    elif act == "exchanged":
        above[key] = copy.deepcopy(reached(BASE, chance.choice(PLACES)))
    else:
        above[key] = odd_instead_of(above[key], chance)
        act = repr(above[key])[:20]
    return ".".join(step for step in at if isinstance(step, str)) + f" {act}"


def mutated(chance: random.Random) -> tuple[str, dict]:
    """Return a content in which one to three things are odd, and which."""
    content = copy.deepcopy(BASE)
    return " + ".join(mutate(content, chance) for _ in range(chance.randint(1, 3))), content


def badly_worded(kind: str, refused: ConventionFileError) -> list[str]:
    """Return the mistakes that are not told in French, on one line, with their place."""
    return [
        f"{kind}: {mistake}"
        for mistake in refused.mistakes
        if ENGLISH.search(mistake.message)
        or "\n" in str(mistake)
        or not mistake.place
        or mistake.line != 1
    ]


def accepted(odd: Iterable[tuple[str, dict]], path) -> tuple[dict, list[str]]:
    """Return the files that are accepted, by what is odd, and what is wrong with others."""
    files, faults = {}, []
    for kind, content in odd:
        path.write_text(json.dumps(content, ensure_ascii=False))  # which YAML can read
        try:
            files[kind] = read(path)
        except ConventionFileError as refused:
            faults += badly_worded(kind, refused)
        except Exception as error:  # one fault does not hide another
            faults.append(f"{kind}: {describe(error)}")
    return files, faults


def readings(convention: Convention) -> list[tuple]:
    """Return what there is to read of a convention: a page with its arguments, or a command with
    its own."""
    slug, year = convention.slug, convention.end.year
    return [
        *((page, slug) for page in PAGES),
        *((page, slug, year) for page in PAGES_OF_A_YEAR),
        *((page, slug, TERM) for page in PAGES_OF_A_YEAR if page not in OF_YEARS_ALONE),
        ("build_report", slug, str(year)),
        ("build_report", slug, "finale"),
        ("export_actions", slug),
    ]


def read_one(client, folder, name: str, *asked) -> int:
    """Return the status of a page, 200 of a command that is done."""
    if ":" in name:
        return client.get(reverse(name, args=asked)).status_code
    quiet = {"stdout": StringIO(), "stderr": StringIO()}
    call_command(name, *asked, output=folder / "un.pdf", **quiet)
    return 200


def faults_of(client, folder, kind: str, file: ConventionFile, base: ConventionFile,
              few: slice) -> Iterator[str]:  # fmt: skip
    """What goes wrong where a file is loaded, read, and mended by the whole one."""
    try:
        convention = apply(file).convention
        organisation = convention.organisations.order_by("pk").first()
        client.force_login(f.MembershipFactory(organisation=organisation, coordinator=True).user)
        now, due_on = timezone.now(), timezone.localdate()
        Campaign.objects.create(
            convention=convention, year=convention.end.year, state="closed", due_on=due_on,
            opened_at=now, closed_at=now,
        )  # fmt: skip
        for reading in readings(convention)[few]:
            try:
                if (status := read_one(client, folder, *reading)) != 200:
                    yield f"{kind} {reading}: {status}"
            except Exception as error:  # one fault does not hide another
                yield f"{kind} {reading}: {describe(error)}"
        apply(base)
    except ConventionFileError as refused:
        yield from badly_worded(kind, refused)
    except Exception as error:  # one fault does not hide another
        yield f"{kind}: {describe(error)}"


def try_files(client, folder, odd: Iterable[tuple[str, dict]], loaded: int, parts: int) -> None:
    """Read files, load some of those that are accepted, and ask for a part of what there is to
    read of each."""
    path = folder / "convention.json"
    path.write_text(json.dumps(BASE))
    base = read(path)
    files, faults = accepted(odd, path)
    for n, kind in enumerate(few_of([*files], loaded)):
        with undone(), undrawn():
            few = slice(n % parts, None, parts)
            faults += faults_of(client, folder, kind, files[kind], base, few)
    report(dict.fromkeys(faults))


def a_thousand(seed: int) -> Iterator[tuple[str, dict]]:
    chance = random.Random(seed)  # noqa: S311
    return (mutated(chance) for _ in range(THOUSAND))


def dated() -> Iterator[tuple[str, dict]]:
    """Return a content with each choice of its three days, absent or odd."""
    for days in product((None, *DAYS), repeat=3):
        content = copy.deepcopy(BASE)
        dates = dict(zip(("signee_le", "debut", "fin"), days, strict=True))
        content["convention"] |= dates
        yield str(dates), content


def test_a_thousand_files_are_refused_in_french_or_loaded_and_read(client, tmp_path):
    try_files(client, tmp_path, a_thousand(1), loaded=6, parts=6)


def test_whatever_the_days_of_a_convention_it_is_refused_or_read(client, tmp_path):
    try_files(client, tmp_path, dated(), loaded=5, parts=6)


@pytest.mark.explorer(
    stands_for="tests/conventions/loading/test_mutations.py::"
    "test_a_thousand_files_are_refused_in_french_or_loaded_and_read"
)
@pytest.mark.parametrize("seed", range(2, 12))
def test_thousands_of_files_are_refused_in_french_or_loaded_and_read(client, tmp_path, seed):
    files = islice(a_thousand(seed), 200)
    try_files(client, tmp_path, files, loaded=THOUSAND, parts=1)
