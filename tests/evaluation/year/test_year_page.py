"""The page of a year: what it comes to, its figures and its texts."""

import pytest
from django.urls import reverse

from evaluation.models import Narrative
from tests import factories as f
from tests.committee.pages import page_of
from tests.indicators.factories import campaign_of, figures, indicator_in_force, value_of


@pytest.fixture
def read(client, committee):
    """The text of the year's page, for the coordinator unless another is given."""

    def page(year=2023, user=None):
        client.force_login(user or committee.coordinator)
        url = reverse("evaluation:year", args=[committee.convention.slug, year])
        return page_of(client.get(url)).replace("\u00a0", " ").replace("\u202f", " ")

    return page


class TestTitle:
    @pytest.mark.parametrize(
        ("state", "count", "words"),
        [("prepared", 1, "le recueil n’est pas encore ouvert"),
         ("open", 0, "aucun indicateur n’est suivi"),
         ("open", 1, "le seul indicateur suivi est sans donnée"),
         ("closed", 2, "les 2 indicateurs suivis sont sans donnée")],
    )  # fmt: skip
    def test_the_title_says_that_nothing_can_be_counted(self, committee, read, state, count, words):
        asked = [indicator_in_force(committee, title=f"I{n}") for n in range(count)]
        campaign_of(committee, 2023, asked, state=state)
        assert f"2023 : {words}" in read()


class TestFigures:
    def test_a_figure_has_its_unit_movement_target_and_source(self, committee, read):
        figures(committee, indicator_in_force(committee), {2022: 410, 2023: 1430})
        text = read()
        assert "1 430 places" in text
        assert "▲ en progrès depuis 2022" in text
        assert "410 en 2022" in text
        assert "500 à terme ✓ atteinte" in text
        assert "Source Caf d’Exemple" in text

    @pytest.mark.parametrize(
        ("fields", "words"),
        [({"number": 430, "provisional": True}, "provisoire, pas encore vérifié"),
         ({"absence": "not_available", "reason": "Reportée."}, "non disponible : Reportée."),
         ({"number": 430, "state": "draft", "submitted_at": None}, "chiffre non transmis")],
    )  # fmt: skip
    def test_a_figure_that_is_not_final_says_so(self, committee, read, fields, words):
        indicator = indicator_in_force(committee)
        value_of(campaign_of(committee, 2023, [indicator]), indicator, **fields)
        assert words in read()

    def test_a_masked_figure_is_shown_as_secret(self, committee, read):
        committee.caf.masking_threshold = 5
        committee.caf.save()
        indicator = indicator_in_force(committee, is_confidential=True)
        figures(committee, indicator, {2023: 3})
        text = read()
        assert "secret" in text
        assert "3 places" not in text

    def test_a_year_does_not_show_a_figure_of_a_later_one(self, committee, read):
        figures(committee, indicator_in_force(committee), {2022: 410, 2023: 777})
        assert "777" not in read(2022)


class TestWhoMayWhat:
    def test_a_reader_sees_texts_and_enters_no_figure(self, committee, read):
        campaign_of(committee, 2023, [indicator_in_force(committee)])
        Narrative.objects.create(theme=committee.orientation.theme, year=2023, text="*À lire.*")
        text = read(user=committee.caf_member)
        assert "À lire." in text
        assert "Saisir" not in text

    def test_a_year_is_found_once_collected_and_only_in_its_own_convention(self, client, committee):
        client.force_login(committee.coordinator)
        other = f.MembershipFactory(coordinator=True).user
        url = reverse("evaluation:year", args=[committee.convention.slug, 2023])
        assert client.get(url).status_code == 404
        campaign_of(committee, 2023)
        assert client.get(url).status_code == 200
        client.force_login(other)
        assert client.get(url).status_code == 404
