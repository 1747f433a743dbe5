"""With the colours of the person's own system, the words and lines of drawings are there, and what
is hollow stays so."""

import pytest

from indicators.models import Indicator
from tests.browser.test_pages import PLAN, REAL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

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


@pytest.mark.long
def test_drawings_keep_their_words_and_lines(visit):
    indicator = Indicator.objects.filter(convention__slug="grand-chatellerault").latest("pk")
    visitor = visit("copil-caf")
    drawn = hollow = 0
    for scheme in ("light", "dark"):
        visitor.page.emulate_media(forced_colors="active", color_scheme=scheme)
        for address in (
            f"{PLAN}calendrier/", f"{PLAN}budget/", f"{REAL}territoire/",
            f"{REAL}indicateurs/{indicator.pk}/", f"{REAL}evaluations/2023/",
        ):  # fmt: skip
            visitor.go(address)
            words_and_lines, shapes, unseen = visitor.page.evaluate(UNSEEN)
            drawn, hollow = drawn + words_and_lines, hollow + shapes
            assert not unseen, f"{address} ({scheme}): {unseen[:5]}"
    assert drawn > 100
    assert hollow > 20
