"""The evaluation of a year on its way to publication, in the browser: the coordinator, the Caf,
both parties, a reader who was handed a file."""

import pytest

from tests.browser.conftest import NARROW
from tests.browser.gestures import button, send
from tests.browser.publishing import REAL, Way, check

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

YEAR = f"{REAL}evaluations/2023/"


@pytest.mark.long
def test_a_year_is_published_and_its_file_is_checked(visit, tmp_path):
    coordination, reader = visit("coordination"), visit("lecture", NARROW)
    year = Way("2023", "Évaluation 2023", coordination, visit(size=NARROW), reader)
    rewrite(coordination, f"{YEAR}textes/conclusion/", "Une phrase de plus.")
    coordination.go(year.publication)
    coordination.title_is("en cours de rédaction")
    year.submit()
    file = year.agree_and_publish(tmp_path / "1.pdf")
    assert check(reader, file) == "Ce document est le bon"
    file.write_bytes(file.read_bytes() + b" ")
    assert "n’est pas une évaluation publiée" in check(reader, file)


def rewrite(coordination, address: str, text: str):
    """The page says before what a change brings about, where something is submitted."""
    page = coordination.page
    coordination.go(address)
    page.get_by_label("Conclusion et perspectives").fill(text)
    send(page, button(page, "^Enregistrer$"))
