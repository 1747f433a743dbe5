"""Who reads: comes in by a code, finds a commune, looks at maps and drawings; at both widths, with
keys, in the colours of one's own system."""

import random
import re
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from post_office.models import Email

from conventions.models import Coverage
from indicators.models import CampaignIndicator, Grain, Indicator, Value
from tests.browser.accessibility import faults
from tests.browser.conftest import NARROW, WIDE
from tests.browser.gestures import assert_fits, button
from tests.browser.sizes import CROWDED, CUT
from tests.browser.test_pages import EVALUATIONS, PLAN, REAL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CODE = re.compile(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})?)\s*$", re.MULTILINE)

FILLS = """() => [...document.querySelectorAll(".figure-map .ground :is(path, use)")].map((one) => {
  const style = getComputedStyle(one);
  return `${style.fill} ${style.fillOpacity}`;
})"""

# Words and lines that have the colour of the page they stand on, and shapes as light as the page
# that have not.
UNSEEN = """() => {
  const probe = document.createElement("p");
  probe.style.cssText = "color: Canvas; forced-color-adjust: none";
  document.body.append(probe);
  const canvas = getComputedStyle(probe).color;
  const drawn = [...document.querySelectorAll("main svg text, main svg line, main svg polyline")];
  const colour = (one) => getComputedStyle(one)[one.tagName === "text" ? "fill" : "stroke"];
  const light = ["path", "rect", "circle"]
    .flatMap((tag) => [`main svg ${tag}[fill="#fff"]`, `main svg ${tag}[fill="#f0f2f5"]`]);
  const hollow = [...document.querySelectorAll(light.join(","))];
  return [
    drawn.length, hollow.length,
    [...drawn.filter((one) => colour(one) === canvas),
     ...hollow.filter((one) => getComputedStyle(one).fill !== canvas)].map((one) => one.outerHTML),
  ];
}"""


def test_the_shape_of_a_commune_is_painted_at_the_desk_and_on_paper(visit):
    reader = visit("lecture", WIDE)
    reader.go(REAL + "territoire/86174/")
    own = reader.page.locator("svg .place.here")
    expect(own).to_be_visible()
    reader.page.emulate_media(media="print")
    expect(own).to_be_visible()


@pytest.mark.long
def test_people_read_on_a_telephone_and_at_the_desk(visit):
    """A member of the MSA, a reader, a mayor and a coordinator read one after the other."""
    reader = visit(size=NARROW)
    come_in_by_a_code(reader)
    find_a_commune(reader)
    read_a_table_as_a_list(reader.log_in("lecture"))
    read_maps_and_a_commune(reader.log_in("copil-agglo"))
    reader.resize(WIDE)
    filter_as_one_types(reader)
    filter_the_plan(reader)
    call_the_chapters(reader.log_in("coordination"))


def come_in_by_a_code(reader):
    """She forgot the password: a code by mail."""
    page = reader.page
    reader.go(REAL + "axes/")
    form = page.locator("form", has_text="Recevoir un code")
    form.get_by_label("Adresse électronique").fill("copil-msa@demo.example")
    page.get_by_role("button", name="Recevoir un code par courriel").click()
    expect(page.get_by_role("main")).to_contain_text("copil-msa@demo.example")
    message = Email.objects.filter(to="copil-msa@demo.example").latest("pk").message
    page.get_by_label(re.compile("code", re.IGNORECASE)).first.fill(CODE.search(message)[1])
    page.keyboard.press("Enter")
    reader.title_is("4 axes, 7 thématiques, 26 objectifs et 34 sous-objectifs")


def find_a_commune(reader):
    page = reader.page
    page.get_by_role("button", name="Menu").click()
    page.get_by_text("Toute la convention").click()
    page.get_by_role("link", name="Territoire", exact=True).click()
    page.get_by_role("link", name="Thuré", exact=True).click()
    reader.title_is("Thuré dans la convention")
    expect(page.get_by_role("main")).to_contain_text("2 765 habitants")


def read_a_table_as_a_list(reader):
    """Cells of a row stand one below the other, and each figure leads to its page."""
    reader.go(REAL)
    row = reader.page.locator(".glance tbody tr").first
    cells = [cell.bounding_box() for cell in row.locator("td").all()]
    assert len({box["x"] for box in cells}) == 1
    assert [box["y"] for box in cells] == sorted({box["y"] for box in cells})
    for address in [row.locator("td a").nth(n).get_attribute("href") for n in range(3)]:
        assert reader.go(address).ok


def read_maps_and_a_commune(reader):
    """What is secret is hatched, and said; an open year of which communes are missing waits."""
    code = {"convention__slug": "grand-chatellerault", "code": "COM-04"}
    indicator = Indicator.objects.get(**code)
    page, main = reader.page, reader.page.get_by_role("main")
    reader.go(REAL + f"indicateurs/{indicator.pk}/")
    expect(main).to_contain_text("Secrets")
    expect(main.get_by_text("secret (2)")).to_be_visible()
    reader.go(REAL + f"indicateurs/{indicator.pk}/?annee=2024")
    expect(main).to_contain_text("43 communes sur 49")
    reader.go(EVALUATIONS + f"2023/?carte={indicator.pk}")
    page.get_by_label("Et ma commune").fill("pleumartin")
    button(main, "Chercher").click()
    main.get_by_role("link", name=re.compile("^Pleumartin")).first.click()
    reader.title_is("Pleumartin dans la convention")
    expect(main).to_contain_text(re.compile("au-dessus de la médiane des communes"))
    assert_fits(page)
    assert faults(page) == []


def filter_as_one_types(reader):
    page = reader.page
    reader.go(REAL + "territoire/")
    page.get_by_role("searchbox", name="Commune").press_sequentially("saint remy")
    expect(page.locator("#liste [role=status]")).to_have_text("1 commune sur 49")
    expect(page.get_by_role("searchbox", name="Commune")).to_have_value("saint remy")
    # What is sent, and finds one commune, opens it.
    page.get_by_role("button", name="Filtrer").click()
    reader.title_is("Saint-Rémy")


def filter_the_plan(reader):
    """Without leaving the page; each way to look keeps what was asked, in the address too."""
    page = reader.page
    reader.go(PLAN)
    page.locator("summary", has_text="Chercher").click()
    page.get_by_label("Non achevées au terme").check()
    expect(page.get_by_role("status").last).to_contain_text("à votre recherche")
    expect(page).to_have_url(re.compile("retard=on"))
    page.get_by_role("link", name="États").click()
    expect(page).to_have_url(re.compile("etats.*retard=on|retard=on.*etats"))
    expect(page.get_by_role("main")).to_contain_text("non achevée au terme")


def call_the_chapters(reader):
    """On a tablet the column of chapters is what « Menu » calls; once the window is wide again it
    stands beside the page of who coordinates."""
    page = reader.page
    reader.resize((900, 700))
    reader.go(REAL + "indicateurs/")
    menu = page.get_by_role("navigation", name="Chapitres de la convention")
    assert not menu.is_visible()
    page.get_by_role("button", name="Menu").click()
    assert menu.get_by_role("link", name="Indicateurs", exact=True).is_visible()
    reader.resize((1024, 700))
    page.wait_for_selector(".chapters:not(:popover-open)")
    assert menu.is_visible()
    assert not page.get_by_role("button", name="Menu").is_visible()
    for width in (1024, 1023, 801):
        reader.resize((width, 700))
        assert page.evaluate(CUT) + page.evaluate(CROWDED) == []


# Maps and drawings --------------------------------------------------------------------------------


@pytest.fixture
def by_commune(portal) -> dict[str, Indicator]:
    """A count and a rate of the demonstration, given by commune in all years, some missing."""
    chance = random.Random(5)  # noqa: S311  (the same figures in each run)
    indicators = {}
    for code in ("DR-02", "PE-01"):
        indicator = Indicator.objects.get(convention__slug="grand-chatellerault", code=code)
        indicators[code] = indicator
        for entry in CampaignIndicator.objects.filter(indicator=indicator):
            give(entry, chance)
    return indicators


def give(entry, chance) -> None:
    entry.grain = Grain.COMMUNE
    entry.save()
    start, end = entry.campaign.observed
    covered = Coverage.objects.in_year(entry.campaign.convention, entry.campaign.year)
    for coverage in covered.select_related("commune"):
        if chance.random() < 0.1:
            continue
        figure = {"number": chance.randrange(400)}
        if entry.indicator.calculation == "ratio":
            terms = {"numerator": chance.randrange(10, 60), "denominator": 100}
            figure = {**terms, "number": Decimal(terms["numerator"])}
        Value.objects.create(
            campaign_indicator=entry, commune=coverage.commune, state="submitted",
            submitted_at=timezone.now(), observed_from=start, observed_until=end, **figure,
        )  # fmt: skip


@pytest.mark.long
def test_maps_and_drawings_are_read_by_everybody(visit, by_commune):
    visitor = visit("copil-agglo", NARROW)
    page = visitor.page
    count, rate = by_commune["DR-02"], by_commune["PE-01"]
    of_count = f"{REAL}indicateurs/{count.pk}/"
    of_rate = f"{REAL}indicateurs/{rate.pk}/?annee=2022&commune=saint"
    of_year = f"{EVALUATIONS}2023/?carte={rate.pk}"
    complaints = []
    for address in (of_count, of_rate, of_year, f"{REAL}territoire/86066/"):
        assert visitor.go(address).status == 200
        for size in (NARROW, WIDE):
            visitor.resize(size)
            complaints += [f"{address}, {size}: {fault}" for fault in faults(page)]
    assert complaints == []
    pass_the_map(visitor, of_count)
    see_in_forced_colours(visitor, of_rate)


def pass_the_map(visitor, address: str):
    """The keyboard passes it, or goes from commune to commune."""
    page = visitor.page
    visitor.go(address)
    page.locator(".map-skip a").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith("../../territ")
    page.locator(".map-skip a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#apres-la-carte")).to_be_focused()
    page.locator(".figure-map a").first.press("Enter")
    page.wait_for_url("**/territoire/*/")


def see_in_forced_colours(visitor, of_rate: str):
    """With the colours of the person's own system each class of a map is another strength, the
    words and lines of drawings are there, and what is hollow stays so."""
    page, drawn, hollow = visitor.page, 0, 0
    latest = Indicator.objects.filter(convention__slug="grand-chatellerault").latest("pk")
    for address in (
        of_rate, f"{PLAN}calendrier/", f"{PLAN}budget/", f"{REAL}territoire/",
        f"{REAL}indicateurs/{latest.pk}/", f"{EVALUATIONS}2023/",
    ):  # fmt: skip
        visitor.go(address)
        for scheme in ("light", "dark"):
            page.emulate_media(forced_colors="active", color_scheme=scheme)
            words_and_lines, shapes, unseen = page.evaluate(UNSEEN)
            drawn, hollow = drawn + words_and_lines, hollow + shapes
            assert unseen == [], f"{address} ({scheme})"
            if address == of_rate:
                assert len(set(page.evaluate(FILLS))) >= 4
    assert drawn > 100
    assert hollow > 20
