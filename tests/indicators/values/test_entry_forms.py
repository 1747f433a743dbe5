"""The form of a figure by itself, and how the page groups its rows."""

from decimal import Decimal

import pytest
from django import forms

from ctg_portal.forms.revisions import NO_REVISION
from indicators.collection.rights import contributor_of
from indicators.definitions.definition import Definition
from indicators.models import Value
from indicators.values.entry import EntryPage
from indicators.values.entry_row import raw_text, revisions_sent
from indicators.values.figure import Figure
from indicators.values.forms import EntryRowForm, FigureField, match_absence, normalize_number_text
from tests import factories as f
from tests.agreements.factories import committee_of
from tests.indicators.factories import campaign_of, indicator_in_force, value_of
from tests.indicators.values.entering import Desk
from tests.stories import told_once

DIRECT = Definition(
    {"unit": "places", "calculation": "direct", "decimals": 0, "allows_negative": False}
)
RATIO = Definition({"unit": "%", "calculation": "ratio", "decimals": 1, "numerator": "Places",
                    "denominator": "Enfants", "factor": 100, "allows_negative": False})  # fmt: skip


def row(definition=DIRECT, value=None, **typed) -> EntryRowForm:
    """A row as it comes back with these fields typed, over what it was filled with."""
    blank = EntryRowForm(prefix="v1", definition=definition, value=value, revision=71)
    data = {blank.add_prefix(name): blank[name].value() for name in blank.fields}
    data = {name: "" if held is None or held is False else str(held) for name, held in data.items()}
    data |= {f"v1-{name}": text for name, text in typed.items()}
    return EntryRowForm(data, prefix="v1", definition=definition, value=value, revision=99)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1 234,5", Decimal("1234.5")), ("12,5 %", Decimal("12.5")), ("", None), ("  ", None),
        ("−3", Decimal(-3)), ("n.d.", "not_available"), ("N.D", "not_available"),
        ("n/a", "not_available"), ("Sans  objet", "not_applicable"), ("SO", "not_applicable"),
    ],
)  # fmt: skip
def test_a_field_holds_a_number_an_absence_or_nothing(typed, meant):
    assert FigureField().clean(typed) == meant


@pytest.mark.parametrize("typed", ["son", "nd 3", "disponible", "objet", "0 s.o."])
def test_other_words_are_no_absence(typed):
    assert match_absence(typed) == ""
    with pytest.raises(forms.ValidationError):
        FigureField().clean(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [("1234", "1\u202f234"), ("12,50", "12.5"), ("12 %", "12"), ("0", "−0")],
)
def test_a_number_is_the_same_however_spelled(one, other):
    assert normalize_number_text(one).lstrip("-") == normalize_number_text(other).lstrip("-")


def test_what_is_no_number_is_compared_as_it_is():
    assert normalize_number_text("abc") == "abc"
    assert normalize_number_text("1.234") != normalize_number_text("1234")


@pytest.mark.parametrize(
    ("typed", "touched"),
    [
        ({}, False), ({"figure": "3"}, True), ({"comment": "x"}, True), ({"reason": " "}, False),
        ({"provisional": "on"}, True), ({"absence": "not_available"}, True),
        ({"decision": "prendre"}, True), ({"revision": "88"}, False),
    ],
)  # fmt: skip
def test_a_row_knows_whether_it_was_touched(typed, touched):
    assert row(**typed).is_touched == touched


def test_a_row_filled_from_a_value_is_not_touched_by_being_sent():
    value = Value(number=Decimal("1234.500000"), comment="Un\ndeux", provisional=True)
    assert not row(value=value, provisional="on", figure="1234,5", comment="Un\r\ndeux").is_touched
    assert row(value=value, figure="1234,5", comment="Un\r\ndeux", provisional="").is_touched


def test_a_form_tells_which_writing_it_saw_or_was_decided_upon():
    forms = [row(**typed) for typed in ({}, {"decision": "garder:82"}, {"decision": "garder:"})]
    assert all(form.is_valid() for form in forms)
    assert [form.over for form in forms] == [71, 82, NO_REVISION]
    assert row(decision="prendre").takes_other
    assert not row(decision="garder:prendre").takes_other


def test_what_a_form_does_not_ask_stays_as_it_was():
    form = row(figure="5", provisional="on")
    assert form.is_valid()
    given = form.given(Figure(source="Bilan", number=Decimal(4), comment="vieux"))
    assert given == Figure(number=Decimal(5), source="Bilan", provisional=True)


def test_an_absence_takes_no_number_and_is_not_provisional():
    form = row(RATIO, numerator="n.d.", denominator="", reason="Panne", provisional="on")
    assert form.is_valid()
    assert form.given(Figure()) == Figure(absence="not_available", reason="Panne")
    assert form.names == ["numerator", "denominator"]
    assert form["numerator"].label == "Numérateur : Places"


ABSENT = Value(absence="not_available", reason="Panne", comment="")


@pytest.mark.parametrize("value", [None, ABSENT])
def test_what_is_typed_as_a_reason_beside_a_number_is_not_dropped_in_silence(value):
    form = row(value=value, figure="5", absence="", reason="Sans le mois d’août")
    assert form.errors == {
        "reason": [
            "Vous donnez un nombre : ce motif ne serait pas gardé. Écrivez-le en commentaire, ou "
            "effacez-le."
        ]
    }
    assert form["reason"].value() == "Sans le mois d’août"


def test_the_reason_of_an_absence_is_none_of_the_number_that_takes_its_place():
    form = row(value=ABSENT, figure="5", absence="")
    assert form.is_valid()
    assert form.given(Figure()) == Figure(number=Decimal(5))


def test_a_reason_beside_nothing_is_not_thrown_away_but_that_of_an_absence_taken_back():
    form = row(reason="Le logiciel est en panne")
    assert form.is_valid()
    assert form.given(Figure()) == Figure(reason="Le logiciel est en panne")
    form = row(value=ABSENT, absence="")
    assert form.is_valid()
    assert form.given(Figure()) == Figure()


def test_what_was_typed_is_told_as_it_was_typed():
    assert row(figure="12,50").typed == "12,50"
    assert row(RATIO, numerator="1 207", denominator="2 018").typed == "1 207 / 2 018"
    assert row(absence="not_applicable").typed == "sans objet"
    assert row().typed == "rien"


def test_a_raw_figure_has_all_its_decimals_but_those_of_a_division():
    assert raw_text(Value(number=Decimal("12.500000")), DIRECT) == "12,5"
    assert raw_text(Value(number=Decimal("12.000000")), DIRECT) == "12"
    assert raw_text(Value(number=Decimal("33.333333")), RATIO) == "33,3\u202f%"
    assert raw_text(Value(absence="not_applicable"), DIRECT) == "sans objet"


def test_tokens_are_read_from_what_a_form_sends():
    sent = ["12:342", "5:", "abc:11", "", ":", "99999999999999999999:11"]
    assert revisions_sent(sent) == {12: 342, 5: NO_REVISION}


# The page ----------------------------------------------------------------------------------------


@told_once
def committee(db):
    return committee_of(labels={"axe": "Volet"})


def test_rows_are_grouped_by_axis_and_theme_in_reading_order(client, committee):
    second = f.ObjectiveFactory(theme__axis__convention=committee.convention).theme
    third = f.ThemeFactory(axis=second.axis, title="Jeunesse", rank=second.rank + 1)
    rows = [
        indicator_in_force(committee, title=title, theme=theme)
        for title, theme in [("Dernier", third), ("Milieu", second), ("Second", second)]
    ]
    rows.append(indicator_in_force(committee, title="Premier"))
    campaign = campaign_of(committee, 2024, rows)
    agent = f.MembershipFactory(organisation=committee.caf).user
    page = EntryPage(campaign, contributor_of(agent, committee.convention), None)
    groups = [
        (group.theme.title, [r.definition.title for r in group.rows], group.opens_axis)
        for group in page.groups
    ]
    first = committee.orientation.theme
    assert groups == [
        (first.title, ["Premier"], True),
        (second.title, ["Milieu", "Second"], True),
        ("Jeunesse", ["Dernier"], False),
    ]
    text = Desk(client, agent, campaign).open().text
    assert text.count("Volet ") == 2
    assert text.index("Premier") < text.index("Milieu") < text.index("Dernier")


def test_who_enters_for_two_organisations_sees_both_or_chooses(client, committee):
    rows = [
        indicator_in_force(committee, title="De la Caf"),
        indicator_in_force(committee, title="De l’agglomération", provider=committee.epci),
    ]
    campaign = campaign_of(committee, 2024, rows)
    agent = f.MembershipFactory(organisation=committee.caf).user
    f.MembershipFactory(organisation=committee.epci, user=agent)
    text = Desk(client, agent, campaign).open().text
    assert "Il reste 2 indicateurs à renseigner sur 2" in text
    text = Desk(client, agent, campaign, f"?pour={committee.epci.pk}").open().text
    assert "Il reste 1 indicateur à renseigner sur 1" in text
    assert "De la Caf" not in text


def test_the_heading_tells_what_remains(committee):
    rows = [indicator_in_force(committee, title=title) for title in "ab"]
    campaign = campaign_of(committee, 2024, rows)
    agent = f.MembershipFactory(organisation=committee.caf).user
    contributor = contributor_of(agent, committee.convention)

    def title() -> str:
        return EntryPage(campaign, contributor, None).title.replace("\u00a0", " ")

    value_of(campaign, rows[0], 1)
    value = value_of(campaign, rows[1], 1, state="draft")
    assert title() == "Tout est renseigné : il reste 1 valeur à transmettre"
    Value.objects.filter(pk=value.pk).update(state="returned")
    assert title() == "1 valeur est à corriger"
    Value.objects.filter(pk=value.pk).update(state="submitted", submitted_at=campaign.opened_at)
    assert title() == "Vos données de 2024 sont transmises"


def test_the_heading_tells_for_whom_one_enters(committee):
    row = indicator_in_force(committee)
    campaign = campaign_of(committee, 2024, [row])
    agent = f.MembershipFactory(organisation=committee.caf).user
    contributor = contributor_of(agent, committee.convention)
    value_of(campaign, row, 1)
    page = EntryPage(campaign, contributor, None, str(committee.caf.pk))
    assert page.title == f"Les données {committee.caf.genitive} pour 2024 sont transmises"
