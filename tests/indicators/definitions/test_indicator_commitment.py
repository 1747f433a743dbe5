"""What is agreed to about an indicator: what it needs, what contradicts itself, what it keeps."""

from decimal import Decimal

import pytest

from agreements.commitments.commitment import by_kind
from agreements.versions import events as drafts
from conventions.loading.dependencies import reasons_to_keep
from conventions.models import Organisation
from ctg_portal.rules import Refused
from indicators.definitions.commitments import CODE_TAKEN, is_code_taken
from indicators.definitions.events import add_indicator, canonical_content
from indicators.definitions.faults import faults, incoherent, lacking
from indicators.models import Indicator
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of
from tests.indicators.factories import (
    indicator_content,
    indicator_in_force,
    proposed_indicator,
    redefine,
)

pytestmark = pytest.mark.django_db


def draft(committee, **values):
    content = indicator_content(committee, **values)
    return add_indicator(committee.convention, content, by=committee.coordinator)


# What is lacking, what contradicts ---------------------------------------------------------------


def test_a_whole_indicator_has_no_fault(committee):
    assert list(faults(indicator_content(committee))) == []


@pytest.mark.parametrize("name", ["title", "unit", "definition", "theme", "provider"])
def test_a_proposal_without_what_it_needs_is_refused(committee, name):
    empty = None if name in ("theme", "provider") else "  "
    content = indicator_content(committee) | {name: empty}
    assert [fault for fault, _ in lacking(content)] == [name]
    assert list(incoherent(content)) == []
    assert by_kind("indicator").refuse_incomplete(committee.convention, content) is not None


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({"calculation": "ratio"}, ["numerator", "denominator"]),
        ({"calculation": "ratio", "numerator": "A", "denominator": "B"}, []),
        ({"calculation": "ratio", "numerator": "A", "denominator": "B", "unit": "%"}, ["factor"]),
        ({"calculation": "ratio", "numerator": "A", "denominator": "B",
          "unit": "places pour 100 enfants"}, ["factor"]),
        ({"calculation": "ratio", "numerator": "A", "denominator": "B", "unit": "%",
          "factor": 100}, []),
        ({"calculation": "ratio", "numerator": "A", "denominator": "B",
          "unit": "cas pour 100 000 habitants", "factor": 100000}, []),
        ({"unit": "%"}, []),
    ],
)  # fmt: skip
def test_a_ratio_says_its_terms_and_its_factor(committee, values, names):
    assert [name for name, _ in faults(indicator_content(committee, **values))] == names


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"minimum": Decimal(3), "maximum": Decimal(2)}, "maximum"),
        ({"baseline_year": None}, "baseline_year"),
        ({"factor": 0}, "factor"),
        ({"decimals": 7}, "decimals"),
        ({"targets": [{"year": 2022, "value": Decimal(1)}] * 2}, "targets"),
    ],
)
def test_a_contradictory_content_is_not_saved_as_a_draft(committee, values, name):
    content = indicator_content(committee, **values)
    assert [fault for fault, _ in incoherent(content)] == [name]
    with pytest.raises(Refused):
        add_indicator(committee.convention, content, by=committee.coordinator)
    assert not Indicator.objects.exists()


def test_bounds_that_meet_are_sound(committee):
    content = indicator_content(committee, minimum=Decimal(2), maximum=Decimal("2.0"))
    assert list(incoherent(content)) == []


# Adding, whatever the way in ---------------------------------------------------------------------


def test_theme_and_provider_are_of_the_convention(committee):
    other = committee_of()
    for values in [{"theme": other.orientation.theme}, {"provider": other.caf}, {"theme": None}]:
        with pytest.raises(Refused):
            draft(committee, **values)
    assert not Indicator.objects.exists()


def test_only_coordinator_and_advisers_write_an_indicator(committee):
    content = indicator_content(committee)
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    assert add_indicator(committee.convention, content, by=adviser).author == adviser
    reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
    stranger = committee_of().coordinator
    for person in (reader, stranger, committee.caf_member):
        with pytest.raises(Refused):
            add_indicator(committee.convention, content, by=person)


def test_ranks_go_on_within_a_theme(committee):
    theme = f.ThemeFactory(axis=committee.orientation.theme.axis)
    ranks = [draft(committee).subject.rank, draft(committee).subject.rank,
             draft(committee, theme=theme).subject.rank]  # fmt: skip
    assert ranks == [1, 2, 1]


def test_an_absent_field_has_the_value_of_a_new_indicator():
    content = canonical_content({"title": "Places"})
    assert (content["factor"], content["variation_alert"], content["targets"]) == (1, 30, [])
    assert content["provider"] is None


# The code ----------------------------------------------------------------------------------------


def refusal_of(version, committee):
    with pytest.raises(Refused) as refused:
        drafts.propose(version, by=committee.coordinator)
    return refused.value.refusal


def test_a_code_in_force_is_not_proposed_for_another(committee):
    indicator_in_force(committee, code="PE-02")
    assert refusal_of(draft(committee, code="PE-02"), committee) == CODE_TAKEN


def test_a_code_that_another_is_about_to_have_is_not_proposed(committee):
    indicator = indicator_in_force(committee, code="PE-02")
    other = drafts.save_draft(
        indicator, indicator_content(committee, code="PE-03"), by=committee.coordinator
    )
    drafts.propose(other, by=committee.coordinator)
    assert refusal_of(draft(committee, code="PE-03"), committee) == CODE_TAKEN
    assert refusal_of(draft(committee, code="PE-02"), committee) == CODE_TAKEN


def test_a_code_is_free_again_once_nobody_has_it(committee):
    redefine(committee, indicator_in_force(committee, code="PE-02"), code="PE-03")
    assert not is_code_taken(committee.convention, "PE-02")
    withdrawn = proposed_indicator(committee, code="PE-04")
    drafts.withdraw_version(withdrawn, reason="Erreur", by=committee.coordinator)
    assert not is_code_taken(committee.convention, "PE-04")
    assert drafts.propose(draft(committee, code="PE-04"), by=committee.coordinator).number == 1


def test_an_indicator_keeps_its_own_code(committee):
    indicator = indicator_in_force(committee, code="PE-02")
    assert redefine(committee, indicator, unit="lits").code == "PE-02"
    assert is_code_taken(committee.convention, "PE-02")
    assert not is_code_taken(committee.convention, "PE-02", indicator)


def test_codes_of_drafts_and_of_other_conventions_are_free(committee):
    draft(committee, code="PE-02")
    indicator_in_force(committee_of(), code="PE-02")
    assert not is_code_taken(committee.convention, "PE-02")
    assert not is_code_taken(committee.convention, "")


# What a plain reading leaves out -----------------------------------------------------------------


def test_settings_that_say_nothing_are_left_out(committee):
    commitment = by_kind("indicator")
    lines = {
        line.label: line.is_informative for line in commitment.lines(indicator_content(committee))
    }
    assert not lines["Multiplié par"]
    assert not lines["Décimales"]
    content = indicator_content(committee, factor=100, decimals=1)
    lines = {line.label: line.is_informative for line in commitment.lines(content)}
    assert lines["Multiplié par"]
    assert lines["Décimales"]


# What a corrected file may not delete ------------------------------------------------------------


def reasons_of(row) -> str:
    return " ; ".join(reasons_to_keep(row))


def test_rows_named_by_a_proposal_are_kept_until_it_is_withdrawn(committee):
    theme = f.ThemeFactory(axis=committee.orientation.theme.axis)
    objective = f.ObjectiveFactory(theme=theme)
    provider, enterer = (f.OrganisationFactory(convention=committee.convention) for _ in "ab")
    rows = [theme, objective, provider, enterer]
    alone = {row: reasons_of(row) for row in [objective, provider, enterer]}
    assert set(alone.values()) == {""}
    indicator = indicator_in_force(committee)
    names = {"other_themes": [theme], "objectives": [objective], "provider": provider,
             "enterer": enterer}  # fmt: skip
    content = indicator_content(committee, title="Places d’accueil", **names)
    saved = drafts.save_draft(indicator, content, by=committee.coordinator)
    assert not any("désigne" in reasons_of(row) for row in rows)
    version = drafts.propose(saved, by=committee.coordinator)
    for row in rows:
        assert "l’indicateur « Places d’accueil » le désigne" in reasons_of(row)
    drafts.withdraw_version(version, reason="Erreur", by=committee.coordinator)
    assert not any("désigne" in reasons_of(row) for row in rows)


def test_a_row_named_by_an_indicator_in_force_is_kept_with_a_french_reason(committee):
    objective = f.ObjectiveFactory(theme=committee.orientation.theme)
    indicator_in_force(committee, objectives=[objective])
    sentence = reasons_of(objective)
    assert "1 indicateur en dépend" in sentence
    assert "relation" not in sentence
    assert "1 indicateur en dépend" in reasons_of(Organisation.objects.get(pk=committee.caf.pk))


def test_an_indicator_of_another_convention_keeps_no_row(committee):
    other = committee_of()
    proposed_indicator(other)
    assert "désigne" not in reasons_of(committee.caf)


def test_a_target_keeps_its_key_while_its_year_is_aimed_at(committee):
    aims = [{"year": 2024, "value": Decimal(5)}, {"year": None, "value": Decimal(9)}]
    indicator = indicator_in_force(committee, targets=aims)
    before = {target.year: target.pk for target in indicator.targets.all()}
    aims = [{"year": 2025, "value": Decimal(6)}, {"year": None, "value": Decimal(8)}]
    after = {
        target.year: target for target in redefine(committee, indicator, targets=aims).targets.all()
    }
    assert after.keys() == {2025, None}
    assert (after[None].pk, after[None].value) == (before[None], 8)
