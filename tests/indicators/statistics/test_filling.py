"""What is published fills a collection, and nobody's figure is written over."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conventions.models import Coverage
from conventions.territory.naming import former_communes
from ctg_portal.rules import Refused
from indicators.collection.events import close_campaign, open_campaign, prepare_campaign
from indicators.definitions.definition import Definition
from indicators.disclosure import disclose
from indicators.models import Absence, Value, ValueState, ValueVerb
from indicators.series.reading import read_series
from indicators.statistics.filling import fill
from indicators.values import events, from_publishers, giving
from indicators.values.figure import Figure
from notifications.models import Notice
from tests import factories as f
from tests.factories import MembershipFactory, OrganisationFactory
from tests.indicators.factories import campaign_of, later
from tests.indicators.statistics.conftest import YEAR, public_indicator
from tests.indicators.statistics.published import cnaf, filosofi, text

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def by_code(campaign) -> dict:
    rows = Value.objects.filter(campaign_indicator__campaign=campaign).select_related("commune")
    return {row.commune.insee_code if row.commune else "": row for row in rows}


def test_a_loaded_release_fills_an_open_collection(campaign, load):
    release = load()
    values = by_code(campaign)
    assert {code: int(value.number) for code, value in values.items()} == {
        "86066": 4200, "86001": 5, "86002": 40
    }  # fmt: skip
    [value] = {values["86001"]}
    assert value.state == ValueState.SUBMITTED
    assert value.release == release
    assert value.entered_by is None
    assert value.source == (
        "Source : Cnaf, « Foyers allocataires et personnes couvertes, par commune », situation de "
        "décembre 2024, arrondi à 5 près ; Caf seule, sans les familles de la MSA"
    )
    [act] = value.transitions.all()
    assert (act.verb, act.number, act.release) == (ValueVerb.TAKEN_UP, 5, release)
    assert act.get_verb_display() == "reprise d’une statistique publique"


def test_a_release_loaded_before_fills_a_collection_as_it_opens(committee, households, load):
    year = committee.convention.start.year
    load(cnaf({"86066": 4200, "86001": 5, "86002": 40}, year=year), year=year)
    campaign = prepare_campaign(
        committee.convention, year, due_on=later(), by=committee.coordinator
    )
    campaign = open_campaign(campaign, by=committee.coordinator)
    assert len(by_code(campaign)) == 3


def test_the_provider_is_notified_once_of_all_published_figures(committee, agent, campaign, load):
    other = public_indicator(committee, "DR-06")
    campaign.campaign_indicators.create(
        indicator=other, version=campaign.campaign_indicators.get().version, grain="commune",
        provider=other.provider, enterer=other.provider, due_on=campaign.due_on,
    )  # fmt: skip
    load()
    [notice] = Notice.objects.filter(kind="public_figures_taken")
    assert notice.about.startswith(f"{campaign.pk}")


def test_a_release_of_another_year_fills_nothing(campaign, load):
    load(cnaf({"86066": 10}, year=2023), year=2023)
    assert not by_code(campaign)


def test_a_figure_entered_before_is_not_overwritten(committee, campaign, communes, load):
    entry = campaign.campaign_indicators.get()
    start, end = campaign.observed
    draft = Value.objects.create(
        campaign_indicator=entry, commune=communes[0], number=Decimal(4187), observed_from=start,
        observed_until=end,
    )  # fmt: skip
    load()
    draft.refresh_from_db()
    assert (draft.number, draft.state, draft.release) == (4187, ValueState.DRAFT, None)
    assert len(by_code(campaign)) == 3


def test_filling_twice_changes_nothing(campaign, load):
    load()
    assert fill(campaign) == []


def test_a_closed_collection_is_not_filled(committee, campaign, load):
    close_campaign(campaign, by=committee.coordinator)
    load()
    assert not by_code(campaign)
    with pytest.raises(Refused):
        fill(campaign)


def test_a_commune_absent_from_the_file_has_no_figure(campaign, load):
    load(cnaf({"86066": 10, "86002": 0}))
    values = by_code(campaign)
    assert values.keys() == {"86066", "86002"}
    assert values["86002"].number == 0


def test_the_perimeter_is_that_of_the_year(committee, campaign, communes, load):
    Coverage.objects.filter(commune=communes[2]).update(left_on=datetime.date(YEAR - 1, 12, 31))
    load()
    assert by_code(campaign).keys() == {"86066", "86001"}


def test_former_communes_are_carried_to_that_of_today(committee, campaign, load):
    former = next(one for one in former_communes() if one.became not in ("86066", "86001"))
    commune = f.CommuneFactory(convention=committee.convention, insee_code=former.became)
    signed = committee.convention.amendments.get(number=0)
    f.CoverageFactory(commune=commune, since=signed)
    load(cnaf({former.became: 100, former.insee_code: 35}))
    value = by_code(campaign)[former.became]
    assert value.number == 135
    assert value.source.endswith("avec 1\xa0ancienne commune")


def test_the_rule_is_the_publishers_not_the_providers(committee, campaign, load):
    """Everybody reads it where it is published: masking it here would hide nothing."""
    committee.caf.masking_threshold = 11
    committee.caf.save()
    load()
    value = by_code(campaign)["86001"]
    entry = campaign.campaign_indicators.select_related("version", "provider").get()
    figure = disclose(value, Definition.of(entry.version), entry.rule)
    assert figure.text == "5"
    assert "arrondi à 5 près" in figure.source


def test_a_figure_secret_at_its_publisher_is_an_absence_with_its_reason(committee, communes, load):
    income = public_indicator(
        committee, "LO-07", unit="€ par an", aggregation="none", is_confidential=False
    )
    campaign = campaign_of(committee, YEAR, [income])
    load(
        filosofi([("86066", "COM", "MED_SL", 20150), ("86001", "COM", "MED_SL", None)]),
        source="insee_filosofi",
    )
    values = by_code(campaign)
    assert values["86066"].number == 20150
    assert values["86001"].absence == Absence.NOT_AVAILABLE
    assert values["86001"].reason == "L’éditeur (Insee) garde ce chiffre sous secret statistique."


# The whole territory ------------------------------------------------------------------------------


@pytest.fixture
def whole(committee, communes):
    indicator = public_indicator(committee, "DR-06", grain="territory", aggregation="none")
    return campaign_of(committee, YEAR, [indicator])


def test_a_territory_is_the_total_of_its_communes_and_says_so(whole, load):
    load()
    [value] = by_code(whole).values()
    assert value.number == 4190 + 0 + 30
    assert value.source.endswith("sans les familles de la MSA ; total de 3\xa0communes")


def test_a_territory_of_which_a_commune_is_missing_has_no_total(whole, load):
    load(cnaf({"86066": 4200, "86001": 5}))
    assert not by_code(whole)


def test_a_territory_that_is_the_intercommunalite_has_its_own_figure(committee, communes, load):
    places = public_indicator(committee, "PE-02", grain="territory", aggregation="none")
    campaign = campaign_of(committee, YEAR, [places])
    columns = ["annee", "numepci", "pl_eaje_epci", "pl_am_ind_epci"]
    content = text(columns, [[YEAR, "248600413", 441, 610]])
    load(content, source="cnaf_places_epci")
    [value] = by_code(campaign).values()
    assert value.number == 441


def test_a_territory_of_more_than_the_intercommunalite_is_not_filled_by_it(
    committee, communes, load
):
    places = public_indicator(committee, "PE-02", grain="territory", aggregation="none")
    campaign = campaign_of(committee, YEAR, [places])
    Coverage.objects.filter(commune=communes[2]).update(is_epci_member=False)
    columns = ["annee", "numepci", "pl_eaje_epci", "pl_am_ind_epci"]
    load(text(columns, [[YEAR, "248600413", 441, 610]]), source="cnaf_places_epci")
    assert not by_code(campaign)


def test_a_ratio_is_not_filled_by_a_rate_without_terms(committee, communes, load):
    rate = public_indicator(
        committee, "PE-01", grain="territory", aggregation="none", calculation="ratio",
        numerator="Places", denominator="Enfants", factor=100, is_confidential=False,
    )  # fmt: skip
    campaign = campaign_of(committee, YEAR, [rate])
    columns = ["annee", "numepci", "txcouv_epci"]
    load(text(columns, [[YEAR, "248600413", "58.7"]]), source="cnaf_couverture_epci")
    assert not by_code(campaign)


# Confirming and contesting ------------------------------------------------------------------------


def test_the_provider_confirms_all_of_an_indicator(committee, agent, campaign, load):
    release = load()
    before = by_code(campaign)["86001"].revision
    entry = campaign.campaign_indicators.get()
    assert from_publishers.confirm_published(entry, release, by=agent) == 3
    values = by_code(campaign)
    assert {value.state for value in values.values()} == {ValueState.VERIFIED}
    assert values["86001"].verified_by == agent
    assert values["86001"].revision == before + 1
    assert [act.verb for act in values["86001"].transitions.all()] == ["taken_up", "verified"]
    with pytest.raises(Refused, match="Plus rien"):
        from_publishers.confirm_published(entry, release, by=agent)


def test_confirming_a_table_does_not_query_the_release_of_each_figure(
    committee, agent, campaign, load
):
    release, entry = load(), campaign.campaign_indicators.get()
    with CaptureQueriesContext(connection) as asked:
        assert from_publishers.confirm_published(entry, release, by=agent) == 3
    assert [one["sql"] for one in asked if 'FROM "indicators_release"' in one["sql"]] == []


def test_nobody_but_the_provider_confirms(committee, campaign, load):
    release = load()
    entry = campaign.campaign_indicators.get()
    for person in (committee.coordinator, committee.epci_member):
        with pytest.raises(Refused, match="qui la fournit"):
            from_publishers.confirm_published(entry, release, by=person)


def test_a_contested_figure_is_replaced_and_the_published_one_stays_in_its_history(
    committee, agent, campaign, load
):
    release = load()
    value = by_code(campaign)["86066"]
    from_publishers.contest_value(
        value, Figure(number=Decimal(4187)), reason="Compte exact de la Caf.", by=agent
    )
    value.refresh_from_db()
    assert (value.number, value.release, value.entered_by) == (4187, None, agent)
    assert value.state == ValueState.SUBMITTED
    taken, contested = value.transitions.all()
    assert (taken.number, taken.release) == (4200, release)
    assert (contested.verb, contested.number) == (ValueVerb.CONTESTED, 4187)
    assert contested.reason == "Compte exact de la Caf."
    colleague = MembershipFactory(organisation=committee.caf).user
    assert giving.verify_value(value, by=colleague).is_verified


def test_a_contested_figure_has_its_providers_rule(committee, agent, campaign, load):
    committee.caf.masking_threshold = 11
    committee.caf.save()
    load()
    value = by_code(campaign)["86001"]
    from_publishers.contest_value(value, Figure(number=Decimal(4)), reason="Quatre.", by=agent)
    value.refresh_from_db()
    entry = campaign.campaign_indicators.select_related("version", "provider").get()
    assert disclose(value, Definition.of(entry.version), entry.rule).is_masked


@pytest.mark.parametrize(
    ("figure", "reason", "expected"),
    [
        (Figure(number=Decimal(4187)), " ", "Donnez le motif"),
        (Figure(), "Parce que.", "Donnez un nombre"),
        (Figure(number=Decimal(4200)), "Parce que.", "C’est le chiffre publié"),
    ],
)
def test_an_empty_contestation_is_refused(agent, campaign, load, figure, reason, expected):
    load()
    with pytest.raises(Refused, match=expected):
        from_publishers.contest_value(by_code(campaign)["86066"], figure, reason=reason, by=agent)


def test_a_reader_contests_nothing(committee, campaign, load):
    load()
    with pytest.raises(Refused, match="saisie par"):
        from_publishers.contest_value(
            by_code(campaign)["86066"], Figure(number=Decimal(1)), reason="x",
            by=committee.epci_member,
        )  # fmt: skip


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_the_coordinator_does_not_contest_where_a_provider_enters(
    committee, agent, campaign, load, is_confirmed
):
    """It counts at once, under the provider's name: the coordinator would speak for the Caf."""
    release = load()
    if is_confirmed:
        from_publishers.confirm_published(campaign.campaign_indicators.get(), release, by=agent)
    value, fields = by_code(campaign)["86066"], {"reason": "x", "by": committee.coordinator}
    with pytest.raises(Refused, match="où quelqu’un saisit"):
        from_publishers.contest_value(value, Figure(number=Decimal(1)), **fields)
    assert by_code(campaign)["86066"].is_public


def test_a_commune_does_not_contest_over_its_provider(committee, agent, campaign, load):
    load()
    commune = OrganisationFactory(
        convention=committee.convention, name="Commune d’Amberre", kind="commune"
    )
    mayor, value = MembershipFactory(organisation=commune).user, by_code(campaign)["86002"]
    with pytest.raises(Refused, match="saisie par"):
        from_publishers.contest_value(value, Figure(number=Decimal(1)), reason="x", by=mayor)


def test_a_coordinator_does_not_overwrite_a_table_that_they_returned(
    committee, agent, campaign, load
):
    """A figure typed over so would be contested without a word of who confirmed it."""
    release = load()
    entry = campaign.campaign_indicators.get()
    from_publishers.confirm_published(entry, release, by=agent)
    giving.return_table(entry, reason="Est-ce bien cela ?", by=committee.coordinator)
    value = by_code(campaign)["86066"]
    typed = {"figure": Figure(number=Decimal(1)), "commune": value.commune}
    with pytest.raises(Refused, match="où quelqu’un saisit"):
        events.save_value(entry, by=committee.coordinator, **typed)
    assert events.save_value(entry, by=agent, **typed).release is None


def test_the_coordinator_contests_where_nobody_enters(committee, campaign, load):
    load()
    value = by_code(campaign)["86066"]
    from_publishers.contest_value(
        value, Figure(number=Decimal(4187)), reason="Courriel de la Caf.", by=committee.coordinator
    )
    assert by_code(campaign)["86066"].is_on_behalf


def test_a_user_who_loaded_a_release_does_not_confirm_its_figures(committee, campaign, load):
    """Whoever brings a file could have typed it: another person confirms what came of it."""
    campaign.campaign_indicators.update(provider=committee.epci, enterer=committee.epci)
    entry = campaign.campaign_indicators.get()
    release = load(by=committee.coordinator, convention=committee.convention)
    with pytest.raises(Refused, match="celle qui a chargé"):
        from_publishers.confirm_published(entry, release, by=committee.coordinator)
    colleague = MembershipFactory(organisation=committee.epci).user
    assert from_publishers.confirm_published(entry, release, by=colleague) == 3


def test_a_published_figure_is_not_overwritten_by_entry(committee, agent, whole, load):
    load()
    entry = whole.campaign_indicators.get()
    with pytest.raises(Refused, match="se conteste sur sa page"):
        events.save_value(entry, Figure(number=Decimal(1)), by=agent)
    [value] = by_code(whole).values()
    assert value.number == 4220


def test_a_published_figure_that_was_returned_is_written_by_its_provider(
    committee, agent, whole, load
):
    load()
    [value] = by_code(whole).values()
    giving.return_value(value, reason="Est-ce bien cela ?", by=committee.coordinator)
    events.save_value(value.campaign_indicator, Figure(number=Decimal(4221)), by=agent)
    value.refresh_from_db()
    assert (value.number, value.release, value.state) == (4221, None, ValueState.DRAFT)


@pytest.mark.parametrize("threshold", [None, 50])
def test_the_total_of_what_is_published_says_what_it_is_and_is_not_masked(
    committee, campaign, households, load, threshold
):
    committee.caf.masking_threshold = threshold
    committee.caf.save()
    load(cnaf({"86066": 10, "86001": 5, "86002": 5}))
    [series] = read_series(committee.convention, [households])
    figure = series.figure(YEAR)
    assert figure.text == "20"
    assert figure.source.endswith(
        "Caf seule, sans les familles de la MSA ; total de 3\xa0communes sur 3"
    )


def test_the_total_of_published_and_given_figures_is_its_providers(
    committee, agent, campaign, households, load
):
    committee.caf.opts_out_of_secrecy = True
    committee.caf.save()
    load()
    value = by_code(campaign)["86066"]
    from_publishers.contest_value(value, Figure(number=Decimal(4187)), reason="Exact.", by=agent)
    [series] = read_series(committee.convention, [households])
    assert series.figure(YEAR).text == "4\u202f232"
    assert series.figure(YEAR).source == ""
    entry = campaign.campaign_indicators.get()
    assert (entry.table_state, entry.communes_given, entry.communes_asked) == ("submitted", 3, 3)
