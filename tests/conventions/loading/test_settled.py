"""A file that is older than what pages have set since."""

import pytest

from conventions.access.organisations import give_address
from conventions.journal.models import Setting
from conventions.models import Convention, Organisation
from conventions.settings import events
from tests.conventions.loading.samples import FULL, changed

SEAT = "1 rue de l'Exemple, 99000 Exempleville"


@pytest.fixture
def caf(load_text):
    """The Caf of a loaded convention."""
    load_text(FULL)
    return Organisation.objects.get(acronym="CAF 99")


def test_a_file_that_repeats_what_a_page_has_replaced_leaves_it(caf, load_text):
    events.change_party(caf, {Setting.ADDRESS: "2 place Haute"}, by=None)
    events.change_settings(caf.convention, {Setting.NOTICE: 9}, by=None)
    report = load_text(FULL)
    caf.party.refresh_from_db()
    assert caf.party.address == "2 place Haute"
    assert Convention.objects.get().notice_months == 9
    assert "CAF 99 : siège, réglé depuis sur le portail" in " ".join(report.warnings)


def test_a_file_with_another_value_is_newer_than_the_page(caf, load_text):
    events.change_party(caf, {Setting.ADDRESS: "2 place Haute"}, by=None)
    load_text(changed(SEAT, "3 quai Neuf"))
    caf.party.refresh_from_db()
    assert caf.party.address == "3 quai Neuf"
    load_text(FULL)
    caf.party.refresh_from_db()
    assert caf.party.address == SEAT


def test_a_file_leaves_the_official_address_that_was_given_since(caf, load_text):
    give_address(caf, email="accueil@caf.example", by=None)
    load_text(FULL)
    caf.refresh_from_db()
    assert caf.email == "accueil@caf.example"
