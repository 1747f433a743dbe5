"""« Saisir mes données »: the page without JavaScript, and nothing typed is ever lost."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from indicators.collection.events import close_campaign
from indicators.models import Value, ValueState
from indicators.values import events, giving, writing
from indicators.values.figure import Figure
from tests.committee.pages import page_of
from tests.factories import MembershipFactory
from tests.indicators.factories import (
    association,
    campaign_of,
    figures,
    indicator_in_force,
    value_of,
)
from tests.indicators.values.entering import Desk, entry_url
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def indicators(committee):
    rows = [indicator_in_force(committee, title=f"Places {n}") for n in range(3)]
    figures(committee, rows[0], {2023: 100})
    return rows


@told_once
def campaign(committee, indicators):
    return campaign_of(committee, 2024, indicators)


@told_once
def entries(campaign, indicators):
    return [campaign.campaign_indicators.get(indicator=indicator) for indicator in indicators]


@pytest.fixture
def desk(client, agent, campaign):
    return Desk(client, agent, campaign).open()


def test_the_page_says_what_is_still_owed(desk, committee):
    assert "Il reste 3 indicateurs à renseigner sur 3" in desk.text
    assert "100 (2023)" in desk.text
    assert f"Données de 2024 {committee.caf.genitive}" in desk.text


def test_what_is_typed_is_saved_and_the_rest_left_alone(desk, entries, agent):
    text = desk.type(entries[0], figure="110").type(entries[1], figure="1 234,0").send().text
    assert "2 valeurs sont enregistrées." in text
    assert "Il reste 1 indicateur à renseigner sur 3" in text
    assert "+10 %" in text
    numbers = Value.objects.filter(campaign_indicator__in=entries).order_by("number")
    assert [value.number for value in numbers] == [110, 1234]
    assert {value.entered_by for value in numbers} == {agent}


def test_an_untouched_page_changes_nothing(desk, entries, agent, client, campaign):
    desk.type(entries[0], figure="110", comment="Deux\r\nlignes", provisional="on").send()
    before = Value.objects.get(campaign_indicator=entries[0]).revision
    again = Desk(client, agent, campaign).open()
    assert "Rien n’avait changé." in again.send().text
    assert "Rien n’avait changé." not in again.send(transmettre="oui").text
    value = Value.objects.get(campaign_indicator=entries[0])
    assert (value.revision, value.provisional, value.comment) == (before, True, "Deux\nlignes")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("abc", "« abc » n’est pas un nombre : écrivez-le en chiffres"),
        ("1e5", "« 1e5 » : écrivez le nombre avec tous ses chiffres."),
        ("1.234", "se lit de deux façons"),
        ("1" + "0" * 30, "trop grand"),
        ("<b>3</b>", "« <b>3</b> » n’est pas un nombre :"),
        ("9" * 400, "trop long"),
        ("221\t900", "plusieurs cellules"),
        ("10 20", "est-ce un seul nombre"),
        ("12,5", "nombres entiers (places)"),
        ("12,5 %", "en « places », non en « % »"),
        ("NC", "si la donnée n’est pas disponible, écrivez « n.d. »"),
        ("non concerné", "si elle est sans objet, « s.o. »"),
        ("env. 80", "cochez « Chiffre provisoire »"),
        ("< 5", "écrivez le nombre exact s’il peut être publié"),
        ("12 enfants", "en « places », non en « enfants »"),
        ("−3", "« −3 » est négatif. Seul peut l’être un chiffre dont la définition le dit"),
    ],
)
def test_what_is_wrong_is_told_and_stays_and_the_rest_is_saved(desk, entries, typed, told):
    text = desk.type(entries[0], figure=typed).type(entries[1], figure="5").send().text
    assert "1 valeur n’est pas enregistrée ; 1 l’est." in text
    assert told in text
    assert desk.fields[f"v{entries[0].pk}-figure"] == typed
    assert list(Value.objects.filter(campaign_indicator__in=entries).values_list("number")) == [
        (5,)
    ]
    assert "enregistrée" in desk.type(entries[0], figure="7").send().text
    assert Value.objects.filter(campaign_indicator__in=entries).count() == 2


def test_a_draft_below_zero_of_before_the_rule_stays_while_others_are_saved(desk, entries, agent):
    kept = events.save_value(entries[0], Figure(number=Decimal(90)), by=agent)
    Value.objects.filter(pk=kept.pk).update(number=Decimal(-90))
    desk.open()
    assert desk.fields[f"v{entries[0].pk}-figure"] == "−90"
    assert "1 valeur est enregistrée." in desk.type(entries[1], figure="5").send().text
    assert Value.objects.get(pk=kept.pk).number == -90


@pytest.mark.parametrize(
    ("typed", "absence"),
    [("n.d.", "not_available"), ("ND", "not_available"), ("Non disponible", "not_available"),
     ("s.o.", "not_applicable"), (" sans objet ", "not_applicable")],
)  # fmt: skip
def test_an_absence_may_be_typed_and_asks_for_its_reason(desk, entries, typed, absence):
    text = desk.type(entries[1], figure=typed).send().text
    assert "Dites pourquoi la donnée est" in text
    assert desk.fields[f"v{entries[1].pk}-figure"] == typed
    desk.type(entries[1], reason="Logiciel en panne").send()
    value = Value.objects.get(campaign_indicator=entries[1])
    assert (value.absence, value.reason) == (absence, "Logiciel en panne")


def test_an_absence_may_be_chosen(desk, entries):
    desk.type(entries[1], absence="not_applicable", reason="Pas de Laep").send()
    assert Value.objects.get(campaign_indicator=entries[1]).absence == "not_applicable"


def test_a_number_and_an_absence_are_not_both(desk, entries):
    text = desk.type(entries[1], figure="3", absence="not_applicable", reason="x").send().text
    assert "pas les deux" in text
    text = desk.type(entries[1], figure="n.d.").send().text
    assert "Choisissez : non disponible, ou sans objet." in text


def test_a_comment_without_a_number_is_not_thrown_away(desk, entries):
    text = desk.type(entries[1], comment="J’attends le service").send().text
    assert "Donnez un nombre" in text
    assert desk.fields[f"v{entries[1].pk}-comment"] == "J’attends le service"


@pytest.mark.parametrize("typed", [{}, {"figure": "12"}])
def test_a_reason_is_not_thrown_away_where_there_is_no_absence(desk, entries, typed):
    text = desk.type(entries[1], reason="Le service a fermé", **typed).send().text
    assert "n’est pas enregistrée" in text
    assert desk.fields[f"v{entries[1].pk}-reason"] == "Le service a fermé"
    assert not Value.objects.filter(campaign_indicator=entries[1])


def test_a_ratio_has_two_numbers(client, committee, agent):
    indicator = indicator_in_force(
        committee, calculation="ratio", numerator="Places", denominator="Enfants", factor=100,
        unit="%", decimals=1,
    )  # fmt: skip
    campaign = campaign_of(committee, 2024, [indicator])
    entry = campaign.campaign_indicators.get()
    desk = Desk(client, agent, campaign).open()
    assert "1207 ou un nombre à deux décimales" in desk.type(entry, numerator="1,207").send().text
    assert "manque le dénominateur" in desk.type(entry, numerator="1 207").send().text
    assert "dénominateur est nul" in desk.type(entry, denominator="0").send().text
    desk.type(entry, denominator="2 018").send()
    value = Value.objects.get()
    assert (value.numerator, value.denominator, value.number) == (1207, 2018, Decimal("59.811695"))
    desk.open()
    assert desk.fields[f"v{entry.pk}-numerator"] == "1\u202f207"


def test_a_surprising_value_asks_for_a_comment_and_then_goes(desk, entries):
    text = desk.type(entries[0], figure="63").send().text
    assert "La valeur baisse de 37 % par rapport à 2023 : expliquez-le" in text
    desk.open().type(entries[0], comment="Une structure a fermé").send()
    assert "expliquez-le" not in desk.open().text


def test_a_comment_explains_the_figure_that_it_was_written_for(desk, entries, agent):
    desk.type(entries[0], figure="63", comment="Une structure a fermé").send()
    assert "expliquez-le" not in desk.open().text
    text = desk.type(entries[0], figure="50").send().text
    assert "La valeur baisse de 50 % par rapport à 2023 : expliquez-le" in text
    assert "Le commentaire gardé a été écrit pour un autre chiffre" in text
    blocked = giving.submit_values([entries[0]], by=agent).blocked
    assert "un autre chiffre" in blocked[0].refusal.reason
    desk.open().type(entries[0], provisional="on").send()
    assert "un autre chiffre" in desk.open().text
    desk.type(entries[0], comment="Deux structures ont fermé").send()
    assert "expliquez-le" not in desk.open().text
    assert giving.submit_values([entries[0]], by=agent).sent


def test_a_comment_may_be_said_of_the_next_figure_too(desk, entries, agent):
    row = f"v{entries[0].pk}-same_comment"
    desk.type(entries[0], figure="63", comment="Une structure a fermé").send()
    assert row not in desk.open().fields
    desk.type(entries[0], figure="50").send()
    assert "Ce commentaire vaut aussi pour ce chiffre" in desk.open().text
    desk.type(entries[0], same_comment="on").send()
    assert "expliquez-le" not in desk.open().text
    assert giving.submit_values([entries[0]], by=agent).sent
    assert Value.objects.get(campaign_indicator=entries[0]).number == 50


def test_what_is_given_or_returned_is_not_said_again(desk, entries, agent):
    events.save_value(entries[1], Figure(number=5, comment="Vu"), by=agent)
    value = giving.submit_values([entries[1]], by=agent).sent[0]
    events.save_value(entries[1], Figure.of(value), same_comment=True, by=agent)
    value.refresh_from_db()
    assert (value.state, value.transitions.count()) == (ValueState.SUBMITTED, 2)


def test_a_figure_that_comes_back_is_explained_as_it_was(desk, entries):
    desk.type(entries[0], figure="63").send()
    desk.open().type(entries[0], comment="Une structure a fermé").send()
    desk.open().type(entries[0], figure="50").send()
    assert "un autre chiffre" in desk.open().text
    desk.type(entries[0], figure="63").send()
    assert "expliquez-le" not in desk.open().text


def test_a_comment_beside_what_surprises_nobody_may_stay(desk, entries):
    desk.type(entries[0], figure="63", comment="Une structure a fermé").send()
    desk.open().type(entries[0], figure="110").send()
    assert "un autre chiffre" not in desk.open().text


@pytest.mark.parametrize(
    ("is_there", "told"),
    [
        ({"figure": "412"}, "Non enregistré : la valeur gardée est 412."),
        ({"figure": "n.d.", "reason": "x"}, "la valeur gardée est non disponible."),
        ({}, "Non enregistré."),
    ],
)
def test_what_is_refused_says_what_is_kept(desk, entries, is_there, told):
    desk.type(entries[1], **is_there).send()
    assert told in desk.open().type(entries[1], figure="4 12").send().text
    assert "la valeur gardée" not in desk.open().text
    assert told in desk.type(entries[1], figure="4 12").send_row(entries[1]).replace(
        "\u00a0:", " :"
    )


def test_the_page_of_a_value_says_what_is_kept(desk, entries, client):
    desk.type(entries[1], figure="412").send()
    address = entry_url(entries[1].campaign, f"{entries[1].pk}/")
    text = page_of(client.post(address, {"figure": "82\t91", "revision": 0}))
    assert "plusieurs cellules" in text
    assert "Non enregistré : la valeur gardée est 412." in text


def test_a_protected_small_count_is_typed_as_it_is(client, committee, agent):
    committee.caf.masking_threshold = 5
    committee.caf.save()
    campaign = campaign_of(committee, 2024, [indicator_in_force(committee, is_confidential=True)])
    desk = Desk(client, agent, campaign).open()
    text = desk.type(campaign.campaign_indicators.get(), figure="< 5").send().text
    assert "écrivez le nombre exact. Le secret statistique le protège" in text


def test_a_draft_may_be_emptied(desk, entries):
    desk.type(entries[1], figure="5").send()
    desk.open().type(entries[1], figure="").send()
    assert not Value.objects.filter(campaign_indicator=entries[1]).exists()


# Two people --------------------------------------------------------------------------------------


def test_an_old_page_overwrites_nothing_and_asks(desk, entries, colleague):
    events.save_value(entries[1], Figure(number=430), by=colleague)
    text = desk.type(entries[1], figure="440").send().text
    assert f"{colleague} a enregistré une autre valeur" in text
    assert "Prendre l’autre : 430" in text
    assert "Garder ce que j’ai saisi : 440" in text
    assert desk.fields[f"v{entries[1].pk}-figure"] == "440"
    assert Value.objects.get(campaign_indicator=entries[1]).number == 430
    assert "choisissez d’abord" not in text
    again = desk.send().text
    assert "Rien n’est enregistré : choisissez d’abord l’une des deux valeurs." in again
    assert "Prendre l’autre : 430" in again
    assert Value.objects.get(campaign_indicator=entries[1]).number == 430


def test_a_person_in_conflict_keeps_what_they_typed(desk, entries, colleague):
    theirs = events.save_value(entries[1], Figure(number=430), by=colleague)
    desk.type(entries[1], figure="440").send()
    desk.type(entries[1], decision=f"garder:{writing.revision_of(theirs)}").send()
    assert Value.objects.get(campaign_indicator=entries[1]).number == 440


def test_a_person_in_conflict_takes_the_others_value(desk, entries, colleague):
    events.save_value(entries[1], Figure(number=430), by=colleague)
    desk.type(entries[1], figure="440").send()
    assert "L’autre valeur est gardée." in desk.type(entries[1], decision="prendre").send().text
    assert Value.objects.get(campaign_indicator=entries[1]).number == 430
    assert desk.open().fields[f"v{entries[1].pk}-figure"] == "430"


def test_a_choice_is_about_what_was_shown(desk, entries, colleague):
    theirs = events.save_value(entries[1], Figure(number=430), by=colleague)
    desk.type(entries[1], figure="440").send()
    events.save_value(entries[1], Figure(number=435), by=colleague)
    text = desk.type(entries[1], decision=f"garder:{writing.revision_of(theirs)}").send().text
    assert "Prendre l’autre : 435" in text
    assert Value.objects.get(campaign_indicator=entries[1]).number == 435


def test_a_row_that_only_a_colleague_touched_is_left_to_them(desk, entries, colleague):
    events.save_value(entries[1], Figure(number=430), by=colleague)
    assert "1 valeur est enregistrée." in desk.type(entries[2], figure="3").send().text
    assert Value.objects.get(campaign_indicator=entries[1]).number == 430


# Given values, other states ----------------------------------------------------------------------


def test_what_is_given_is_not_changed_by_chance(client, agent, campaign, indicators, entries):
    value_of(campaign, indicators[1], 5)
    value_of(campaign, indicators[2], 6, state="verified", verified_at=timezone.now())
    desk = Desk(client, agent, campaign).open()
    assert f"v{entries[1].pk}-figure" not in desk.fields
    assert "✓ Transmis" in desk.text
    assert "✓ Vérifié" in desk.text
    assert "Il reste 1 indicateur à renseigner sur 3" in desk.text


def test_a_returned_value_says_by_whom_and_why(client, committee, agent, campaign, indicators):
    value = value_of(campaign, indicators[1], 5)
    giving.return_value(value, reason="Lequel est le bon ?", by=committee.coordinator)
    text = Desk(client, agent, campaign).open().text
    assert f"Retournée par {committee.coordinator}" in text
    assert "Lequel est le bon ?" in text


def test_a_late_figure_says_since_when(client, committee, agent, entries, desk):
    entries[1].due_on = timezone.localdate() - datetime.timedelta(days=12)
    entries[1].save()
    assert "en retard de 12 jours" in desk.open().text


def test_a_closed_year_takes_nothing_and_loses_nothing(desk, committee, campaign, entries):
    desk.type(entries[1], figure="5", comment="Une place de plus.")
    close_campaign(campaign, by=committee.coordinator)
    text = desk.send().text
    assert "Le recueil 2024 est clos" in text
    title = entries[1].indicator.title
    given_back = desk.response.content.decode().replace("\xa0", " ")
    assert f">{title} : 5 ; Une place de plus.</textarea>" in given_back
    assert not Value.objects.filter(campaign_indicator=entries[1]).exists()


def test_a_closed_year_asks_for_nothing(desk, committee, campaign, entries):
    close_campaign(campaign, by=committee.coordinator)
    text = desk.open().text
    left = len(entries)
    assert f"Le recueil 2024 est clos : {left} chiffres manquent" in text
    assert "Non transmise" in text
    for asking in ("à renseigner", "attendues pour le", "À saisir", "en retard"):
        assert asking not in text


def test_a_year_that_is_not_open_yet_says_so(client, committee, agent):
    campaign = campaign_of(committee, 2025, state="prepared")
    assert "pas encore ouvert" in Desk(client, agent, campaign).open().text


def test_the_years_of_nobody_are_not_there(client, agent, campaign):
    client.force_login(agent)
    assert client.get(entry_url(campaign).replace("2024", "1999")).status_code == 404


# On behalf of ------------------------------------------------------------------------------------


def test_the_coordinator_enters_for_who_has_no_account(client, committee):
    asso = association(committee)
    indicator = indicator_in_force(committee, enterer=asso)
    campaign = campaign_of(committee, 2024, [indicator])
    entry = campaign.campaign_indicators.get()
    coordinator = committee.coordinator
    text = Desk(client, coordinator, campaign).open().text
    assert f"Saisir pour le compte {asso.genitive}" in text
    desk = Desk(client, coordinator, campaign, f"?pour={asso.pk}").open()
    desk.type(entry, figure="31").send()
    assert f"pour={asso.pk}" in desk.response.url
    value = Value.objects.get()
    assert (value.is_on_behalf, value.entered_by, value.state) == (
        True, coordinator, ValueState.DRAFT,
    )  # fmt: skip
    assert value.transitions.get().is_on_behalf


def test_nobody_enters_for_another_organisation(client, committee, agent, campaign, entries):
    other = MembershipFactory(organisation=committee.epci).user
    assert (
        "Vous n’avez pas de données à saisir pour 2024" in Desk(client, other, campaign).open().text
    )
    committee.caf.masking_threshold = 5
    committee.caf.save()
    for user, organisation in [(other, committee.caf), (committee.coordinator, committee.caf)]:
        client.force_login(user)
        sent = {f"v{entries[1].pk}-figure": "5", f"v{entries[1].pk}-was": "x"}
        for query in [f"?pour={organisation.pk}", "?pour=0", "?pour=abc"]:
            assert client.post(entry_url(campaign) + query, sent).status_code == 404
        client.post(entry_url(campaign), sent)
    assert not Value.objects.filter(campaign_indicator__in=entries).exists()


def test_what_came_back_stands_first_and_what_is_given_is_folded(
    desk, committee, indicators, campaign, entries
):
    value_of(campaign, indicators[0], 110)
    back = value_of(campaign, indicators[2], 7)
    assert "Il reste 1 indicateur à renseigner sur 3" in desk.open().text
    giving.return_value(back, reason="Lequel est le bon ?", by=committee.coordinator)
    html = desk.open().response.content.decode()
    assert "1 valeur est à corriger ; il reste 1 indicateur à renseigner sur 3" in desk.text
    assert "Déjà transmis 1 valeur" in desk.text
    rows = [f'id="ligne-{entry.pk}"' for entry in entries]
    fold = html.index('<details class="fold">')
    assert html.index(rows[2]) < html.index(rows[1]) < fold < html.index(rows[0])
    text = desk.type(entries[2], figure="8").type(entries[1], figure="5").send().text
    assert "Tout est renseigné : il reste 2 valeurs à transmettre" in text


def test_what_is_given_is_open_where_nothing_else_is_left(desk, committee, indicators, campaign):
    for indicator in indicators:
        value_of(campaign, indicator, 7)
    assert '<details class="fold" open>' in desk.open().response.content.decode()
