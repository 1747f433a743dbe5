"""What the routes of the role table answer, each asked once for each person of it (``tests.walk``).

Each test looks at all answers, and names the route, the person and what is wrong.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import html5lib
import pytest
from django.urls import get_resolver, reverse
from html5lib.html5parser import ParseError
from lxml import html

from tests.golden.lists import take_routes
from tests.golden.stage import on_stage, undone
from tests.portal.lists import TICKED, WITHOUT_FILE, askable, files_of, filters_of
from tests.role_table import ROUTES
from tests.walk import WIDEST, Answer, Walk, report

# On the other database, all pages are opened in the browser.
pytestmark = [pytest.mark.django_db, pytest.mark.long]

CHAPTERS = ("conventions:", "documents:", "committee:", "actions:", "indicators:", "evaluation:",
            "spreadsheets:")  # fmt: skip
# Pages of those rooms without the menu of a convention: of no convention; for anybody, or whoever
# holds a link; where one waits for a document; that document.
WITHOUT_MENU = {
    "conventions:invitation", "conventions:designation", "conventions:list",
    "conventions:search_across",
    "evaluation:public_conventions",
    "committee:cut_links", "committee:link", "indicators:entry_link", "indicators:link_left",
    "committee:convocation", "committee:convocation_file", "committee:pack",
    "committee:minutes_file", "committee:sheet_to_sign",
    "actions:sheet_file", "conventions:archive", "documents:drawing", "evaluation:report_files",
    "evaluation:preview", "committee:session"}  # fmt: skip
# A page that stands alone, from which nothing is sent.
WITHOUT_FORM = {"evaluation:preview", "committee:session"}
# What belongs to no chapter, though its page has the menu.
NO_CHAPTER = {"conventions:search", "conventions:my_access"}
CHAPTER = re.compile(r'<a href="([^"]*)"\s+aria-current="(?:page|true)">')
MENU = re.compile(r'<nav class="chapters".*?</nav>', re.DOTALL)
TABS = re.compile(r'<nav class="tabs.*?</nav>', re.DOTALL)
# To the list, or on the page of an act to its point.
WAY_BACK = re.compile(r'class="(?:back no-print|turn no-print|act-point)"')
# Each room's sheet is called like the room, but for these.
STYLES = re.compile(r'<link rel="stylesheet" href="[^"]*?/(\w+)/\1[.\w]*css">')
# Their token says of what they are, whoever holds it.
BY_TOKEN = {
    "conventions:invitation", "conventions:designation", "committee:link", "indicators:entry_link",
    "committee:convocation",
}  # fmt: skip


@pytest.fixture(scope="module")
def walk(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), on_stage():
        yield Walk()


def named_routes():
    """The names of all routes, with their namespaces, but for the administration."""

    def walk(patterns, prefix=""):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                if pattern.namespace == "admin":
                    continue
                namespace = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from walk(pattern.url_patterns, prefix + namespace)
            else:
                yield prefix + (pattern.name or str(pattern.pattern))

    return sorted(set(walk(get_resolver().url_patterns)))


def test_every_route_is_in_the_role_table():
    assert named_routes() == sorted(ROUTES)


# Rights -------------------------------------------------------------------------------------------


def test_each_person_gets_what_the_table_says(walk):
    report(
        f"{name} {who}: {answer.fault or answer.status}, not {ROUTES[name].expected(who)}"
        for (name, who), answer in walk.answers.items()
        if answer.status != ROUTES[name].expected(who)
    )


def test_a_change_is_never_made_by_opening_a_page(walk):
    assert len(walk.opened) > 20
    report(
        f"{name}: {answer.fault or answer.status}, not 405"
        for name, answer in walk.opened.items()
        if answer.status != 405
    )


def test_nothing_is_written_by_opening_a_page(walk):
    report(
        f"{name} {who}: {', '.join(sorted(answer.written))}"
        for (name, who), answer in walk.answers.items()
        if ROUTES[name].method == "get" and answer.written
    )
    assert walk.answers["conventions:revoke_offer", WIDEST].written  # it is noted


def test_a_stranger_gets_404_for_a_convention_that_exists_or_not(walk):
    existing = walk.answers["conventions:dashboard", "stranger"]
    invented = walk.ask("stranger", reverse("conventions:dashboard", args=["n-existe-pas"]))
    assert existing.status == invented.status == 404
    assert existing.lines == invented.lines


def mixed(own: dict, theirs: dict) -> Iterator[dict]:
    """The keywords of an address of one's own, with each of those that are of the other in turn."""
    for key, value in theirs.items():
        if key != "slug" and own[key] != value:
            yield own | {key: value}


def test_a_row_of_another_convention_is_not_there(walk):
    """The coordinator of one of two similar conventions tries every route, read or sent."""
    asked, reached = 0, []
    with undone():
        other = walk.other_scene()
        for name, route in ROUTES.items():
            if name in BY_TOKEN:
                continue
            for keywords in mixed(walk.keywords[name], route.kwargs(other)):
                for method in ("get", "post"):
                    answer = walk.ask(WIDEST, reverse(name, kwargs=keywords), method)
                    asked += 1
                    # A form of a link that is over is given back, and nothing is read.
                    is_given_back = answer.status == 409 and name.startswith("indicators:linked_")
                    if answer.status not in (404, 405) and not is_given_back:
                        reached.append(f"{name} {method}: {answer.fault or answer.status}")
    assert asked > 200
    report(reached)


# Pages --------------------------------------------------------------------------------------------


def test_each_page_is_valid_html(walk):
    faults, pages = [], list(walk.pages())
    assert len(pages) > 1000
    for name, who, page in pages:
        try:
            html5lib.HTMLParser(strict=True).parse(page.html)
        except ParseError as error:
            faults.append(f"{name} {who}: {error}")
    report(faults)


def test_each_page_has_one_title_and_no_style_or_script_of_its_own(walk):
    faults = []
    for name, who, page in walk.pages():
        if (titles := page.html.count("<h1")) != 1:
            faults.append(f"{name} {who}: {titles} titles")
        faults += [f"{name} {who}: {part}" for part in ("style=", "<script>") if part in page.html]
    report(faults)


def test_each_form_says_for_whom_it_is_drawn(walk):
    """Every page for somebody logged in has at least the form to log out."""
    faults = []
    for name, who, page in walk.pages():
        forms = page.html.count('name="csrfmiddlewaretoken"')
        signed = page.html.count('name="typed-by"')
        if who != "anonymous" and (signed != forms or (not forms and name not in WITHOUT_FORM)):
            faults.append(f"{name} {who}: {signed} of {forms} forms")
    report(faults)


def pages_of_chapters(walk) -> Iterator[tuple[str, str, Answer]]:
    for name, who, page in walk.pages():
        if name.startswith(CHAPTERS) and name not in WITHOUT_MENU:
            yield name, who, page


def test_pages_of_a_convention_have_its_menu(walk):
    without = {
        name
        for name, _, page in walk.pages()
        if name.startswith(CHAPTERS) and not MENU.search(page.html)
    }
    assert without == WITHOUT_MENU


def marked_in(part: re.Pattern, page: Answer) -> list[str] | None:
    """The addresses that are marked in a part of a page; None where it has no such part."""
    whole = part.search(page.html)
    return CHAPTER.findall(whole[0]) if whole else None


def test_the_menu_marks_one_chapter(walk):
    """The menu of others marks none where it does not lead them there."""
    faults = []
    for name, who, page in pages_of_chapters(walk):
        marked = marked_in(MENU, page)
        is_one = marked is not None and len(marked) == 1
        is_none = marked == [] and (who != WIDEST or name in NO_CHAPTER)
        if not (is_one and marked[0] in walk.urls[name]) and not is_none:
            faults.append(f"{name} {who}: {marked}")
    report(faults)


def test_a_page_of_the_committee_marks_one_tab_or_has_one_way_back(walk):
    faults = []
    for name, who, page in pages_of_chapters(walk):
        if name.startswith("committee:"):
            marked = marked_in(TABS, page)
            ways_back = len(WAY_BACK.findall(page.html))
            if (len(marked) if marked is not None else ways_back) != 1:
                faults.append(f"{name} {who}: {marked}, {ways_back} ways back")
    report(faults)


def test_a_page_has_the_sheets_of_its_room(walk):
    faults = []
    for name, who, page in pages_of_chapters(walk):
        room = name.partition(":")[0]
        missing = {"portal", "conventions", room} - {*STYLES.findall(page.html)}
        faults += [f"{name} {who}: {sheet}" for sheet in sorted(missing)]
    report(faults)


def test_what_each_person_is_shown_is_as_it_was(walk):
    take_routes(walk).compare("routes")


# Every list is saved as it is filtered ------------------------------------------------------------


def test_every_list_is_saved_as_a_file(walk):
    without = set()
    for name, answer in walk.widest_pages().items():
        page = html.fromstring(answer.html)
        if page.xpath("//table") and not files_of(page):
            without.add(name)
    assert without == set(WITHOUT_FILE)


def test_a_filtered_list_is_saved_as_it_is_filtered(walk):
    """The first and the last of many choices are tried."""
    report(filtered_otherwise(walk, few=2))


@pytest.mark.explorer(
    stands_for="tests/portal/test_routes.py::test_a_filtered_list_is_saved_as_it_is_filtered"
)
def test_a_list_filtered_by_any_choice_is_saved_as_it_is_filtered(walk):
    report(filtered_otherwise(walk))


def filtered_otherwise(walk, few: int | None = None) -> list[str]:
    """The files that are not filtered as their page is; the lists that are saved in none."""
    filtered, faults = set(), []
    for name, answer in walk.widest_pages().items():
        for form in filters_of(html.fromstring(answer.html)):
            filtered.add(name)
            offered = 0
            for field, value in askable(form, few):
                query = urlencode({field: value})
                narrowed = walk.ask(WIDEST, f"{walk.urls[name]}?{query}")
                files = files_of(html.fromstring(narrowed.html or f"<p>{narrowed.fault}"))
                offered += len(files)
                faults += [f"{name}: {file} without {query}"
                           for file in files if not keeps(file, field, value)]  # fmt: skip
            if not offered:
                faults.append(f"{name}: what is filtered there is not saved")
    assert len(filtered) >= 10
    return faults


def keeps(file: str, field: str, value: str) -> bool:
    asked = parse_qs(urlsplit(file).query).get(field, [])
    return value in asked or (value == TICKED and bool(asked))
