"""The pages of the yearly collections: their list, who owes what, what the coordinator does."""

import datetime

import pytest
from django.utils import timezone

from indicators.collection import events
from indicators.collection.page import suggest_year, usual_deadline, years_to_collect
from indicators.collection.progress import progress_of, tallies
from indicators.models import Campaign, CampaignState
from indicators.values.tables import update_table_state
from tests.committee.pages import page_of
from tests.indicators.factories import (
    association,
    campaign_of,
    communes,
    indicator_in_force,
    proposed_indicator,
    table_of,
    value_of,
)
from tests.indicators.values.entering import fields_of

pytestmark = [
    pytest.mark.django_db, pytest.mark.usefixtures("in_january_2025")
]  # fmt: skip
TODAY = datetime.date(2025, 6, 27)  # twelve days after the day that the factories set


def url(committee, address: str = "") -> str:
    return f"/conventions/{committee.convention.slug}/evaluations/{address}"


class Person:
    """Somebody at the pages of a convention's collections."""

    def __init__(self, client, committee, user):
        self.client, self.committee, self.user = client, committee, user

    def read(self, address: str = "") -> str:
        self.client.force_login(self.user)
        self.response = self.client.get(url(self.committee, address))
        return " ".join(page_of(self.response).split())

    def send(self, address: str, **typed) -> str:
        """Open a form, fill it in, send it; the page that follows."""
        self.read(address)
        return self.press(address, fields_of(self.response) | typed)

    def press(self, address: str, fields: dict) -> str:
        self.client.force_login(self.user)
        self.response = self.client.post(url(self.committee, address), fields, follow=True)
        return " ".join(page_of(self.response).split())


@pytest.fixture
def coordinator(client, committee):
    return Person(client, committee, committee.coordinator)


@pytest.fixture
def contributor(client, committee, agent):
    return Person(client, committee, agent)


def test_without_any_year_the_list_says_so(coordinator, contributor):
    assert "Aucune année n’est encore évaluée" in contributor.read()
    assert "Préparer un recueil annuel" not in contributor.read()
    assert "Préparer un recueil annuel" in coordinator.read()


def test_results_are_compared_with_what_the_convention_calls_its_objectives(committee, contributor):
    committee.convention.labels = {"objectif": "Ambition"}
    committee.convention.save()
    assert "compare les résultats aux ambitions de la convention" in contributor.read()


def test_the_list_says_how_far_the_open_one_has_come(committee, contributor):
    indicators = [indicator_in_force(committee, title=title) for title in "ab"]
    campaign_of(committee, 2022, indicators, state=CampaignState.CLOSED)
    campaign = campaign_of(committee, 2023, indicators)
    value_of(campaign, indicators[0], 3)
    text = contributor.read()
    assert "Le recueil 2023 est ouvert : 1 donnée sur 2 est transmise" in text
    assert text.index("Évaluation 2023") < text.index("Évaluation 2022")
    assert "Saisir les données de 2023" in text
    assert "Saisir les données de 2022" not in text


def test_a_collection_is_played_from_its_preparation_to_its_end(committee, coordinator):
    indicator_in_force(committee, title="Places")
    proposed_indicator(committee, title="Ateliers")
    text = coordinator.send(
        "preparer/", year="2024", due_on="2025-06-15", message="Merci **à tous**"
    )
    # Two pages prepare and open: the second is what the first leads to.
    assert "Ouvrir le recueil 2024" in text
    assert "1 indicateur est en vigueur" in text
    assert "Places" in text
    whole = coordinator.read("2024/recueil/")
    assert "Le recueil 2024 est en préparation" in whole
    assert "1 indicateur sera demandé" in whole
    assert "Ateliers" not in text
    text = coordinator.send("2024/recueil/ouvrir/")
    assert "Le recueil 2024 est ouvert : 1 indicateur à renseigner." in text
    assert "aucune donnée n’est encore transmise" in text
    text = coordinator.read("2024/recueil/clore/")
    assert "/conventions/" not in text  # addresses lead, and are not read
    assert "1 indicateur restera sans donnée" in text
    assert "Le recueil 2024 est clos." in coordinator.send("2024/recueil/clore/")
    assert "À corriger" in coordinator.send(
        "2024/recueil/rouvrir/", due_on="2025-06-15", reason=" "
    )
    text = coordinator.send("2024/recueil/rouvrir/", due_on="2025-06-15", reason="Chiffres tardifs")
    assert "rouvert" in text
    assert "Chiffres tardifs" in text
    assert Campaign.objects.get().is_open


def test_closing_tells_what_is_left_aside(committee, coordinator):
    indicators = [indicator_in_force(committee, title=title) for title in "abc"]
    campaign = campaign_of(committee, 2024, indicators)
    value_of(campaign, indicators[0], 1)
    value_of(campaign, indicators[1], 2, state="draft")
    text = coordinator.read("2024/recueil/clore/")
    assert "1 donnée transmise compte, dont 0 vérifiée" in text
    assert "1 donnée saisie n’est pas transmise et ne comptera pas" in text
    text = coordinator.send("2024/recueil/clore/")
    assert "1 valeur saisie n’a pas été transmise et ne compte pas." in text


def test_nothing_in_force_does_not_open_and_says_so(committee, coordinator):
    proposed_indicator(committee)
    campaign_of(committee, 2024, state="prepared")
    text = coordinator.read("2024/recueil/ouvrir/")
    assert "Aucun indicateur n’est en vigueur" in text
    assert "Renoncer" not in text
    assert "Aucun indicateur n’est en vigueur" in coordinator.send("2024/recueil/ouvrir/")
    assert Campaign.objects.get().is_prepared


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"year": "2033", "due_on": "2026-06-15"}, "ne peuvent être attendues avant 2033"),
        ({"year": "2024", "due_on": "2023-06-15"}, "est passée : donnez-en une autre"),
        ({"year": "1700", "due_on": "2025-06-15"}, "n’est pas une de celles que couvre"),
        ({"year": "deux mille", "due_on": "2025-06-15"}, "n’est pas une de celles que couvre"),
        ({"year": "2024", "due_on": "demain"}, "date"),
        ({"year": "2023", "due_on": "2025-06-15"}, "Cette année a déjà son recueil"),
    ],
)
def test_an_invalid_preparation_stays_typed(committee, coordinator, typed, expected):
    campaign_of(committee, 2023)
    text = coordinator.send("preparer/", message="Mon message", **typed)
    assert expected in text
    assert fields_of(coordinator.response)["message"] == "Mon message"
    assert Campaign.objects.count() == 1


@pytest.mark.parametrize(
    ("today", "years", "proposed"),
    [
        ((2019, 6, 1), [], 2020),  # the first to come that is more than touched
        ((2026, 1, 1), [2023], 2025),
        ((2026, 1, 1), [2025], 2024),
        ((2045, 1, 1), [], 2033),  # the last that the term touches
        ((2020, 1, 1), [2019], 2020),
    ],
)
def test_the_latest_year_that_is_over_is_proposed(committee, today, years, proposed):
    for year in years:
        campaign_of(committee, year)
    day = datetime.date(*today)
    convention = committee.convention
    assert suggest_year(convention, years_to_collect(convention, day), day) == proposed


def test_a_year_that_the_term_hardly_touches_is_not_proposed(committee, coordinator):
    """It is collected where somebody chooses it, and reads what it asks for."""
    convention = committee.convention
    type(convention).objects.filter(pk=convention.pk).update(
        start=datetime.date(2019, 12, 31), end=datetime.date(2020, 12, 31)
    )
    campaign_of(committee, 2020)
    coordinator.read("preparer/")
    form = coordinator.response.context["form"]
    assert [choice for choice, _ in form.fields["year"].choices] == ["", 2019]
    fields = fields_of(coordinator.response)
    assert (fields["year"], fields["due_on"]) == ("", "")
    text = coordinator.send("preparer/", year="", due_on="2099-01-01", message="")
    assert "Choisissez une année." in text
    indicator_in_force(committee)
    campaign_of(committee, 2019, state="prepared")
    sentence = "Les chiffres demandés sont ceux de toute l’année."
    assert sentence in coordinator.read("2019/recueil/ouvrir/")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((2019, 12, 31), (2024, 12, 31), {2019: "le 31 décembre 2019 seulement"}),
        ((2020, 1, 1), (2025, 1, 1), {2025: "le 1er janvier 2025 seulement"}),
        ((2020, 3, 1), (2021, 6, 30), {2020: "à partir du 1er mars 2020",
                                       2021: "jusqu’au 30 juin 2021"}),
        ((2020, 3, 1), (2020, 6, 30), {2020: "à partir du 1er mars 2020 et jusqu’au 30 juin 2020"}),
    ],
)  # fmt: skip
def test_a_year_that_the_term_covers_in_part_says_so(committee, coordinator, start, end, expected):
    """The year says so where it is chosen and before it is opened."""
    convention = committee.convention
    type(convention).objects.filter(pk=convention.pk).update(
        start=datetime.date(*start), end=datetime.date(*end)
    )
    coordinator.read("preparer/")
    choices = dict(coordinator.response.context["form"].fields["year"].choices)
    covered = {y: said.replace("\u00a0", " ") for y, said in choices.items() if said != y}
    assert covered == {year: f"{year} (couverte {part})" for year, part in expected.items()}
    indicator_in_force(committee)
    for year, part in expected.items():
        campaign_of(committee, year, state="prepared")
        text = coordinator.read(f"{year}/recueil/ouvrir/")
        assert f"De {year}, la convention couvre {part}." in text


def test_years_are_chosen_among_those_of_the_term(committee, coordinator):
    campaign_of(committee, 2024)
    coordinator.read("preparer/")
    offered = [year for year, _ in coordinator.response.context["form"].fields["year"].choices]
    assert offered == [year for year in range(2033, 2018, -1) if year != 2024]
    fields = fields_of(coordinator.response)
    assert (fields["year"], fields["due_on"]) == ("2023", "2025-02-21")
    for year in offered:
        campaign_of(committee, year)
    assert "Chaque année que couvre la convention a son recueil" in coordinator.read("preparer/")


def test_a_collection_of_the_wrong_year_is_moved_or_cancelled_from_its_page(committee, coordinator):
    campaign_of(committee, 2024, state="prepared")
    assert "Annuler ce recueil" in coordinator.read("2024/recueil/")
    text = coordinator.send("2024/recueil/changer-l-annee/", year="2023", due_on="2025-04-01")
    assert "Le recueil 2024 est devenu le recueil 2023." in text
    assert "Le recueil 2023 est en préparation" in text
    text = coordinator.send("2023/recueil/annuler/")
    assert "Le recueil 2023 est annulé : rien n’en est plus demandé." in text
    assert "Aucune année n’est encore évaluée" in text
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("today", "due"), [((2024, 3, 1), (2024, 6, 30)), ((2024, 6, 20), (2024, 8, 1))]
)
def test_the_deadline_proposed_leaves_six_weeks(today, due):
    assert usual_deadline(2023, datetime.date(*today)) == datetime.date(*due)


def test_the_second_to_change_the_message_is_shown_both(committee, coordinator):
    campaign = campaign_of(committee, 2024)
    coordinator.read("2024/recueil/modifier/")
    fields = fields_of(coordinator.response)
    events.edit_campaign(
        campaign, due_on=campaign.due_on, message="Le leur", by=committee.coordinator
    )
    text = coordinator.press("2024/recueil/modifier/", fields | {"message": "Le mien"})
    assert "comparez, puis choisissez" in text
    assert "Le [supprimé : leur ] [ajouté : mien ]" in text
    fields = fields_of(coordinator.response)
    assert fields["message"] == "Le mien"
    text = coordinator.press("2024/recueil/modifier/", fields)
    assert "L’échéance et le message sont enregistrés." in text
    assert Campaign.objects.get().message == "Le mien"


def test_a_contributor_does_not_open_or_edit_a_collection(committee, contributor):
    indicator_in_force(committee)
    campaign_of(committee, 2024, state="prepared")
    for page in ("ouvrir/", "modifier/"):
        assert "Seule la coordination" in contributor.read(f"2024/recueil/{page}")
        assert "Seule la coordination" in contributor.press(
            f"2024/recueil/{page}", {"due_on": "2026-01-01"}
        )
    assert Campaign.objects.get().is_prepared


# Who owes what -----------------------------------------------------------------------------------


def test_progress_tells_who_owes_what_since_when(committee, agent):
    asso = association(committee)
    caf, late, given, theirs = (
        indicator_in_force(committee, title=title, **fields)
        for title, fields in [("a", {}), ("b", {}), ("c", {}), ("d", {"enterer": asso})]
    )
    campaign = campaign_of(committee, 2024, [caf, late, given, theirs])
    campaign.campaign_indicators.filter(indicator=caf).update(due_on=datetime.date(2025, 9, 30))
    value_of(campaign, late, 2, state="returned")
    value_of(campaign, given, 3, state="verified", verified_at=timezone.now())
    value_of(campaign, theirs, 4)
    progress = progress_of(campaign, {committee.caf.pk}, TODAY)
    assert (progress.total, progress.given, progress.verified, progress.owed) == (4, 2, 1, 2)
    assert (len(progress.not_given), progress.without) == (1, 1)
    first, second = progress.parts
    assert (first.organisation, first.late, first.owed, first.has_account) == (
        committee.caf, 12, 2, True,
    )  # fmt: skip
    assert (second.organisation, second.late, second.owed, second.has_account) == (
        asso, 0, 0, False,
    )  # fmt: skip
    assert progress.late == [first]
    assert tallies(committee.convention)[campaign.pk].given == 2


def test_nothing_is_late_once_it_is_closed(committee):
    campaign = campaign_of(
        committee, 2024, [indicator_in_force(committee)], state=CampaignState.CLOSED
    )
    assert progress_of(campaign, set(), TODAY).late == []


def test_progress_takes_as_many_queries_for_many(committee, django_assert_num_queries):
    campaign = campaign_of(
        committee, 2024, [indicator_in_force(committee, title=title) for title in "abcd"]
    )
    with django_assert_num_queries(1):
        for part in progress_of(campaign, set(), TODAY).parts:
            assert [line.definition.title for line in part.lines]


def test_the_coordinator_sees_whom_she_enters_for(committee, coordinator, contributor):
    asso = association(committee)
    campaign = campaign_of(committee, 2024, [indicator_in_force(committee, enterer=asso)])
    assert f"Saisir pour le compte {asso.genitive}" in coordinator.read("2024/recueil/")
    for entry in campaign.campaign_indicators.filter(enterer=asso):
        value_of(campaign, entry.indicator, 3)
    assert f"Revoir pour le compte {asso.genitive}" in coordinator.read("2024/recueil/")
    assert "pour le compte" not in contributor.read("2024/recueil/")


def test_no_value_is_on_the_page_of_the_collection(committee, contributor, coordinator):
    indicator = indicator_in_force(committee)
    value_of(campaign_of(committee, 2024, [indicator]), indicator, 987_654)
    for person in (contributor, coordinator):
        assert "987 654" not in person.read("2024/recueil/")


def test_an_indicator_agreed_since_is_added_from_the_page(committee, coordinator, contributor):
    campaign_of(committee, 2024, [indicator_in_force(committee)])
    late = indicator_in_force(committee, title="Ateliers")
    assert "pas demandé cette année" in contributor.read("2024/recueil/")
    contributor.press("2024/recueil/", {"indicateur": late.pk})
    campaign = Campaign.objects.get()
    assert campaign.campaign_indicators.count() == 1
    text = coordinator.press("2024/recueil/", {"indicateur": late.pk})
    assert "« Ateliers » est ajouté au recueil." in text
    assert campaign.campaign_indicators.count() == 2
    for odd in ("0", "abc", "9" * 30, "²"):
        answer = coordinator.client.post(url(committee, "2024/recueil/"), {"indicateur": odd})
        assert answer.status_code == 404


def test_a_table_given_in_part_counts_and_is_named(committee, coordinator):
    places = communes(committee, "Archigny", "Cernay", "Thuré")
    by_commune = {"grain": "commune", "aggregation": "sum"}
    begun, typed = (indicator_in_force(committee, title=title, **by_commune)
                    for title in ("Allocataires", "Enfants"))  # fmt: skip
    campaign = campaign_of(committee, 2024, [begun, typed])
    table_of(campaign, begun, dict.fromkeys(places[:2], 3))
    table_of(campaign, typed, dict.fromkeys(places, 4), state="draft", submitted_at=None)
    for entry in campaign.campaign_indicators.all():
        update_table_state(entry, {place.pk for place in places})
    text = coordinator.read("2024/recueil/clore/")
    assert "1 tableau est transmis en partie." in text
    assert "Allocataires (2 communes sur 3)" in text
    assert "1 donnée saisie n’est pas transmise et ne comptera pas. Enfants" in text
    assert "sans donnée" not in text
    [tally] = tallies(committee.convention).values()
    assert tally.owed_words == ("2\u00a0chiffres manquent, dont 1\u00a0tableau transmis en partie")
    text = coordinator.send("2024/recueil/clore/")
    assert "1 tableau transmis en partie compte comme total partiel." in text
    assert "1 valeur saisie n’a pas été transmise et ne compte pas." in text
