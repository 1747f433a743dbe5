"""An indicator is written, rewritten and given up from its pages, as versions."""

from decimal import Decimal

import pytest

from agreements.models import State, Version
from agreements.versions import events as drafts
from conventions.models import Standing
from ctg_portal.text.typography import polish
from indicators.definitions.commitments import IndicatorCommitment
from indicators.models import Indicator
from indicators.sheet.forms import IndicatorForm
from tests import factories as f
from tests.actions.factories import action_in_force
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.pages import after, committee_url, page_of, value_of
from tests.indicators.factories import indicator_in_force, proposed_indicator, version_of
from tests.indicators.pages import get, indicators_url, post, typed  # noqa: F401  (fixtures)

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def adviser_of(committee):
    return SeatFactory(organisation=committee.caf, adviser=True).user


def errors_of(response) -> dict:
    return response.context["form"].errors


# Adding ------------------------------------------------------------------------------------------


def test_the_coordinator_keeps_a_draft(committee, post, client):  # noqa: F811
    year = committee.convention.start.year
    response = post("nouveau/", **typed(
        committee, objectives=[committee.orientation.pk], minimum="0", maximum="2 000",
        note="Demandé par la Caf", **{f"target_{year}": "1 450"},
    ))  # fmt: skip
    draft = Version.objects.drafts().get()
    assert response.url == committee_url(committee, f"brouillons/{draft.pk}/")
    assert (draft.author, draft.number, draft.note) == (
        committee.coordinator, None, "Demandé par la Caf",
    )  # fmt: skip
    content = draft.content
    assert content["baseline_value"] == "1400"
    assert content["targets"] == [
        {"year": year, "value": "1450"}, {"year": None, "value": "1500"},
    ]  # fmt: skip
    assert content["objectives"] == [
        {"id": committee.orientation.pk, "name": committee.orientation.title}
    ]
    row = draft.subject
    assert (row.standing, row.provider, row.maximum) == (
        Standing.DRAFT, committee.caf, Decimal(2000),
    )  # fmt: skip
    assert [target.value for target in row.targets.all()] == [1450, 1500]
    assert "Le brouillon est enregistré" in after(client, response)


def test_the_coordinator_proposes_at_once(committee, post, client):  # noqa: F811
    response = post("nouveau/", **typed(committee), action="proposer")
    version = Version.objects.proposed().get()
    assert response.url == committee_url(committee, f"points/{version.pk}/")
    assert Indicator.objects.get().standing == Standing.PROPOSED
    assert "La version 1 est proposée" in after(client, response)


def test_the_same_form_sent_twice_makes_one(committee, post):  # noqa: F811
    for _ in range(2):
        assert post("nouveau/", **typed(committee)).status_code == 302
    assert Indicator.objects.count() == 1
    post("nouveau/", **typed(committee, title="Un autre"))
    assert [indicator.rank for indicator in Indicator.objects.order_by("pk")] == [1, 2]


def test_an_adviser_prepares_and_does_not_propose(committee, get, post):  # noqa: F811
    adviser = adviser_of(committee)
    page = get("nouveau/", adviser)
    assert "La coordination verra votre brouillon" in page
    assert "Proposer au comité" not in page
    post("nouveau/", adviser, **typed(committee), action="proposer")
    [draft] = Version.objects.of(committee.convention).from_committee()
    assert (draft.state, draft.author) == (State.DRAFT, adviser)


def test_who_may_not_write_is_told_why(committee, get, post):  # noqa: F811
    indicator = indicator_in_force(committee)
    for address in ("nouveau/", f"{indicator.pk}/modifier/", f"{indicator.pk}/retirer/"):
        page = get(address, committee.caf_member)
        assert "Seule la coordination" in page
        assert "Enregistrer le brouillon" not in page
    response = post("nouveau/", committee.caf_member, **typed(committee, title="Ce que j’écris"))
    assert "Seule la coordination" in page_of(response)
    assert value_of(response, "title") == "Ce que j’écris"
    post(f"{indicator.pk}/retirer/", committee.caf_member, note="Non")
    assert not Version.objects.drafts().exists()


def test_before_the_signature_an_indicator_is_drafted(client):
    convention = f.ConventionFactory(project=True)
    user = f.MembershipFactory(organisation__convention=convention, coordinator=True).user
    client.force_login(user)
    page = page_of(client.get(f"/conventions/{convention.slug}/indicateurs/nouveau/"))
    assert "Enregistrer le brouillon" in page


# What is checked ---------------------------------------------------------------------------------


def test_a_draft_may_lack_what_a_proposal_needs(committee, post):  # noqa: F811
    bare = typed(committee, definition="", calculation="ratio")
    response = post("nouveau/", **bare, action="proposer")
    assert set(errors_of(response)) == {"definition", "numerator", "denominator"}
    assert value_of(response, "baseline_value") == "1 400"
    assert not Version.objects.from_committee().exists()
    assert post("nouveau/", **bare).status_code == 302


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"unit": ""}, "unit"),
        ({"provider": ""}, "provider"),
        ({"theme": ""}, "theme"),
        ({"baseline_value": "beaucoup"}, "baseline_value"),
        ({"baseline_value": "1.234"}, "baseline_value"),
        ({"baseline_year": ""}, "baseline_year"),
        ({"baseline_year": "1812"}, "baseline_year"),
        ({"baseline_year": "2199"}, "baseline_year"),
        ({"minimum": "10", "maximum": "9,5"}, "maximum"),
        ({"baseline_value": "1400\t1450"}, "baseline_value"),
        ({"baseline_value": "1400,5"}, "baseline_value"),
        ({"target_final": "10 20"}, "target_final"),
        ({"target_final": "-5"}, "target_final"),
        ({"target_final": "-5", "unit": "€"}, "target_final"),
        ({"minimum": "-5"}, "minimum"),
        ({"baseline_value": "−1 400"}, "baseline_value"),
        ({"target_final": "90 %"}, "target_final"),
        ({"target_final": "plein"}, "target_final"),
        ({"decimals": "7"}, "decimals"),
        ({"factor": "0"}, "factor"),
        ({"numerator": "Places"}, "calculation"),
        ({"title": "x" * 301}, "title"),
        ({"theme": "9" * 30}, "theme"),
        ({"target_final": "9" * 20}, "target_final"),
        ({"target_final": "0,1234567"}, "target_final"),
        ({"variation_alert": "9" * 20}, "variation_alert"),
        ({"factor": "9" * 12, "calculation": "ratio"}, "factor"),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(committee, post, values, field):  # noqa: F811
    response = post("nouveau/", **typed(committee, **values))
    assert set(errors_of(response)) == {field}
    assert "À corriger" in page_of(response)
    assert not Indicator.objects.exists()


def test_a_baseline_below_zero_is_taken_where_figures_may_be(committee, post):  # noqa: F811
    numbers = {"baseline_value": "−5", "minimum": "−10", "target_final": "−1"}
    post("nouveau/", **typed(committee, allows_negative="on", **numbers))
    content = Version.objects.drafts().get().content
    assert (content["baseline_value"], content["minimum"]) == ("-5", "-10")
    assert content["allows_negative"] is True


def test_a_new_indicator_is_not_below_zero_unless_it_is_chosen(committee, post):  # noqa: F811
    response = post("nouveau/", **typed(committee, baseline_value="−5"))
    assert "Le chiffre peut être négatif : un solde, une évolution, une température" in (
        page_of(response).replace("\u00a0", " ")
    )
    assert errors_of(response)["baseline_value"] == [
        "« −5 » est négatif. Seul peut l’être un chiffre dont la définition le dit : un solde, une "
        "évolution."
    ]
    assert value_of(response, "baseline_value") == "−5"


def test_all_that_is_wrong_is_told_at_once(committee, post):  # noqa: F811
    values = {"baseline_value": "1.234", "definition": "", "minimum": "3", "maximum": "2",
              "provider": ""}  # fmt: skip
    response = post("nouveau/", **typed(committee, **values), action="proposer")
    assert set(errors_of(response)) == {"baseline_value", "definition", "maximum", "provider"}
    assert all(len(errors) == 1 for errors in errors_of(response).values())
    assert value_of(response, "baseline_value") == "1.234"


def test_a_percentage_is_a_ratio_times_100(committee, post):  # noqa: F811
    ratio = {"calculation": "ratio", "numerator": "Places", "denominator": "Enfants", "unit": "%"}
    response = post("nouveau/", **typed(committee, **ratio, factor="1"), action="proposer")
    assert set(errors_of(response)) == {"factor"}
    whole = typed(committee, **ratio, factor="100")
    assert post("nouveau/", **whole, action="proposer").status_code == 302


def test_what_is_no_ratio_is_multiplied_by_nothing(committee, post):  # noqa: F811
    assert post("nouveau/", **typed(committee, factor="100")).status_code == 302
    assert Version.objects.drafts().get().content["factor"] == 1


def test_nothing_of_another_convention_can_be_chosen(committee, post):  # noqa: F811
    other = committee_of()
    strange = {
        "theme": other.orientation.theme.pk, "objectives": [other.orientation.pk],
        "provider": other.caf.pk, "enterer": other.epci.pk,
        "other_themes": [other.orientation.theme.pk],
    }  # fmt: skip
    assert set(errors_of(post("nouveau/", **typed(committee, **strange)))) == set(strange)


def test_a_code_is_told_to_be_taken(committee, post):  # noqa: F811
    taken = indicator_in_force(committee, code="PE-02")
    response = post("nouveau/", **typed(committee, code="PE-02"))
    assert "porte déjà ce code" in str(errors_of(response)["code"])
    own = post(f"{taken.pk}/modifier/", **typed(committee, code="PE-02", title="Autre"),
               base=version_of(taken).pk, revision=0)  # fmt: skip
    assert own.status_code == 302


# Changing ----------------------------------------------------------------------------------------


def test_the_form_holds_what_stands(committee, get):  # noqa: F811
    indicator = indicator_in_force(
        committee, objectives=[committee.orientation], enterer=committee.epci,
        targets=[{"year": 1999, "value": Decimal(7)}, {"year": None, "value": Decimal("9.5")}],
    )  # fmt: skip
    page = get(f"{indicator.pk}/modifier/")
    assert "Vous partez de la version 1" in page
    assert "rompt la série" in page
    form = get.client.get(indicators_url(committee, f"{indicator.pk}/modifier/")).context["form"]
    assert form["theme"].value() == indicator.theme_id
    assert form["objectives"].value() == [committee.orientation.pk]
    assert form["enterer"].value() == committee.epci.pk
    assert (form["target_1999"].value(), form["target_final"].value()) == ("7", "9,5")


def test_each_field_is_asked_once(committee):
    action_in_force(committee)
    indicator_in_force(committee, grain="commune", aggregation="sum")
    form = IndicatorForm(convention=committee.convention, day=committee.convention.start)
    asked = [field.name for field in form.helper.layout.get_field_names()]
    declared = [spec.name for spec in IndicatorCommitment.fields if spec.name != "targets"]
    assert sorted(asked) == sorted(["base", "revision", *declared, *form.target_names, "note"])
    for spec in IndicatorCommitment.fields:
        # Themes and objectives are called as the territory calls them.
        if spec.name in form.fields and spec.name not in ("theme", "other_themes", "objectives"):
            assert form.fields[spec.name].label == polish(spec.words["label"])
            assert form.fields[spec.name].help_text == polish(spec.help)


def test_what_an_amendment_closed_stays_chosen_and_says_so(committee, get):  # noqa: F811
    orientation = committee.orientation
    indicator = indicator_in_force(committee, objectives=[orientation])
    amendment = f.AmendmentFactory(convention=committee.convention, number=1)
    f.end(orientation, amendment)
    f.end(orientation.theme, amendment)
    assert "(n’est plus en vigueur)" in get(f"{indicator.pk}/modifier/")
    form = get.client.get(indicators_url(committee, f"{indicator.pk}/modifier/")).context["form"]
    assert list(form.fields["objectives"].queryset) == [orientation]
    assert list(form.fields["theme"].queryset) == [orientation.theme]
    new = get.client.get(indicators_url(committee, "nouveau/")).context["form"]
    assert not new.fields["objectives"].queryset.exists()


def test_what_the_form_holds_changes_nothing_but_what_is_typed(committee, get, post):  # noqa: F811
    indicator = indicator_in_force(committee, objectives=[committee.orientation], factor=1)
    get(f"{indicator.pk}/modifier/")
    form = get.client.get(indicators_url(committee, f"{indicator.pk}/modifier/")).context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value is not None and value is not False}
    before = version_of(indicator)
    assert post(f"{indicator.pk}/modifier/", **data | {"title": "Places"}).status_code == 302
    draft = Version.objects.drafts().get()
    assert draft.content == before.content | {"title": "Places"}


def test_an_agreed_indicator_stays_until_the_next_is_agreed(committee, post):  # noqa: F811
    indicator = indicator_in_force(committee)
    post(f"{indicator.pk}/modifier/", **typed(committee, title="Places d’accueil"),
         base=version_of(indicator).pk, revision=0, action="proposer")  # fmt: skip
    indicator.refresh_from_db()
    assert indicator.title == "Places agréées en EAJE"
    committee.agree(Version.objects.proposed().get())
    indicator.refresh_from_db()
    assert indicator.title == "Places d’accueil"


def test_the_second_of_two_tabs_is_shown_both_texts(committee, post):  # noqa: F811
    indicator = indicator_in_force(committee)
    base = version_of(indicator).pk
    address = f"{indicator.pk}/modifier/"
    post(address, **typed(committee, unit="berceaux"), base=base, revision=0)
    response = post(address, **typed(committee, unit="places agréées"), base=base, revision=0)
    page = page_of(response)
    assert "a été enregistré ailleurs" in page
    assert "berceaux" in page
    assert value_of(response, "unit") == "places agréées"
    assert Version.objects.drafts().get().content["unit"] == "berceaux"
    tokens = {name: value_of(response, name) for name in ("base", "revision")}
    post(address, **typed(committee, unit="places agréées"), **tokens)
    assert Version.objects.drafts().get().content["unit"] == "places agréées"


def test_a_draft_of_another_indicator_is_not_reached(committee, get):  # noqa: F811
    other = indicator_in_force(committee_of())
    for address in (f"{other.pk}/", f"{other.pk}/modifier/", f"{other.pk}/retirer/"):
        get.client.force_login(committee.coordinator)
        assert get.client.get(indicators_url(committee, address)).status_code == 404


# Giving up ---------------------------------------------------------------------------------------


def test_an_indicator_is_given_up_once_all_agree(committee, post, client):  # noqa: F811
    indicator = indicator_in_force(committee)
    response = post(
        f"{indicator.pk}/retirer/", note="Plus de source", revision=0, action="proposer"
    )
    assert response.status_code == 302
    version = Version.objects.proposed().get()
    assert version.ends
    indicator.refresh_from_db()
    assert indicator.is_agreed
    committee.agree(version)
    indicator.refresh_from_db()
    assert indicator.standing == Standing.WITHDRAWN
    assert "est retiré" in page_of(client.get(indicator.get_absolute_url()))


def test_the_reason_of_a_withdrawal_is_written_again_from_its_draft(committee, post, client):  # noqa: F811
    indicator = indicator_in_force(committee)
    response = post(f"{indicator.pk}/retirer/", note="Plus de source", revision=0)
    html = client.get(response.url).content.decode()
    assert indicators_url(committee, f"{indicator.pk}/retirer/") in html


def test_what_is_only_proposed_is_not_given_up(committee, get):  # noqa: F811
    version = proposed_indicator(committee)
    assert "Seul ce qui est en vigueur se retire" in get(f"{version.object_id}/retirer/")


def test_a_draft_thrown_away_leaves_nothing(committee, post, client):  # noqa: F811
    post("nouveau/", **typed(committee, objectives=[committee.orientation.pk]))
    draft = Version.objects.drafts().get()
    client.post(committee_url(committee, f"brouillons/{draft.pk}/jeter/"))
    assert not Indicator.objects.exists()


def test_what_was_taken_back_is_written_again(committee, get, post):  # noqa: F811
    version = proposed_indicator(committee)
    drafts.withdraw_version(version, reason="Trop tôt", by=committee.coordinator)
    address = f"{version.object_id}/modifier/"
    form = get(address) and get.client.get(indicators_url(committee, address)).context["form"]
    assert form["title"].value() == "Places agréées en EAJE"
    again = typed(committee, title="Places d’accueil")
    assert post(address, **again, base="", revision=0, action="proposer").status_code == 302
    row = Indicator.objects.get()
    assert (row.title, row.standing) == ("Places d’accueil", Standing.PROPOSED)
