"""Last year's « sans objet » and comments are taken over with a click, never a number."""

import datetime

import pytest
from django.utils import timezone

from ctg_portal.rules import Refused
from indicators.collection.events import change_year
from indicators.models import CampaignState, Value
from indicators.values.events import save_value
from indicators.values.figure import Figure, is_taken_over, mark_taken_over
from indicators.values.giving import submit_values
from indicators.values.plausibility import explains
from indicators.values.taking_over import take_over, texts_to_take_over
from tests.committee.mail.mailing import on_one_line
from tests.committee.pages import page_of
from tests.indicators.factories import (
    campaign_of,
    indicator_in_force,
    redefine,
    value_of,
    version_of,
)
from tests.indicators.values.entering import fields_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db
WHY, SAID = "Aucun foyer dans la commune.", "Une crèche a ouvert en mars."


@told_once
def two_years(committee):
    """What 2023 said of three indicators of the Caf, before 2024, which is open."""
    titles = ["Foyers", "Places", "Ateliers"]
    indicators = {title: indicator_in_force(committee, title=title) for title in titles}
    before = campaign_of(committee, 2023, indicators.values(), state=CampaignState.CLOSED)
    value_of(before, indicators["Foyers"], absence="not_applicable", reason=WHY)
    value_of(before, indicators["Places"], 400, comment=SAID)
    value_of(before, indicators["Ateliers"], absence="not_available", reason="Grève")
    return campaign_of(committee, 2024, indicators.values())


def entries_of(campaign):
    rows = campaign.campaign_indicators.with_relations().order_by("pk")
    return {entry.indicator.title: entry for entry in rows}


def send(client, campaign, user, **fields) -> str:
    address = f"/conventions/{campaign.convention.slug}/evaluations/{campaign.year}/saisie/"
    client.force_login(user)
    page = client.get(address)
    if not fields:
        return on_one_line(page_of(page))
    sent = client.post(address, fields_of(page) | fields, follow=True)
    return on_one_line(page_of(sent))


def test_sans_objet_and_comments_are_taken_over_with_a_click(client, two_years, agent):
    text = send(client, two_years, agent)
    assert "En 2023, votre organisme avait dit 1 « sans objet » et 1 commentaire" in text
    text = send(client, two_years, agent, reprendre="oui")
    assert "Repris de 2023 : 1 « sans objet » et 1 commentaire" in text
    assert "Reprendre de 2023" not in text
    value = Value.objects.get(campaign_indicator=entries_of(two_years)["Foyers"])
    assert (value.absence, value.state) == ("not_applicable", "draft")
    assert on_one_line(value.reason) == f"Repris de 2023 : {WHY}"
    assert value.last_written.by == agent
    assert on_one_line(entries_of(two_years)["Places"].taken_over) == f"Repris de 2023 : {SAID}"
    assert not Value.objects.filter(campaign_indicator=entries_of(two_years)["Places"]).exists()
    assert entries_of(two_years)["Ateliers"].taken_over == ""


def test_the_comment_stands_there_editable_and_goes_with_the_number(client, two_years, agent):
    send(client, two_years, agent, reprendre="oui")
    entry = entries_of(two_years)["Places"]
    # A row that nobody touched is left alone: the comment alone is no value.
    send(client, two_years, agent, enregistrer="oui")
    assert not Value.objects.filter(campaign_indicator=entry).exists()
    send(client, two_years, agent, **{f"v{entry.pk}-figure": "410"})
    value = Value.objects.get(campaign_indicator=entry)
    assert on_one_line(value.comment) == f"Repris de 2023 : {SAID}"
    send(client, two_years, agent, **{f"v{entry.pk}-comment": "Rien de nouveau."})
    value.refresh_from_db()
    assert value.comment == "Rien de nouveau."


def test_what_is_typed_on_the_page_is_saved_first_and_stays(client, two_years, agent):
    entry = entries_of(two_years)["Foyers"]
    send(client, two_years, agent, reprendre="oui", **{f"v{entry.pk}-figure": "12"})
    assert Value.objects.get(campaign_indicator=entry).number == 12


def test_what_is_typed_wrong_is_told_before_anything_is_taken_over(client, two_years, agent):
    entry = entries_of(two_years)["Foyers"]
    text = send(client, two_years, agent, reprendre="oui", **{f"v{entry.pk}-figure": "env. 12"})
    assert "n’est pas enregistrée" in text
    assert not Value.objects.filter(campaign_indicator__campaign=two_years).exists()


def test_enter_saves_and_takes_nothing_over(client, two_years, agent):
    """The first button of the form is the one that Enter presses."""
    client.force_login(agent)
    slug = two_years.convention.slug
    page = client.get(f"/conventions/{slug}/evaluations/2024/saisie/").content.decode()
    form = page[page.index('class="entry"') :]
    assert form.index("<button") == form.index('<button type="submit" hidden>')


def test_a_comment_of_another_year_explains_no_surprise(two_years, agent):
    take_over(entries_of(two_years).values(), by=agent)
    entry = entries_of(two_years)["Places"]
    figure = Figure(number=4000, comment=entry.taken_over)
    value = save_value(entry, figure, by=agent)
    [blocked] = submit_values([entry], by=agent).blocked
    assert "pour un autre chiffre" in blocked.refusal.reason
    # Said of this figure as well, it does.
    save_value(entry, figure, by=agent, same_comment=True)
    assert explains(Value.objects.get(pk=value.pk))
    assert submit_values([entry], by=agent).sent == [value]


def test_another_definition_or_another_organisation_says_nothing_for_this_one(
    committee, two_years, agent
):
    entries = entries_of(two_years)
    changed = redefine(committee, entries["Places"].indicator, definition="Places ouvertes.")
    entries["Places"].version = version_of(changed)
    entries["Places"].save()
    entries["Foyers"].enterer = committee.epci
    entries["Foyers"].save()
    assert not texts_to_take_over(two_years, entries_of(two_years).values(), [])


def test_who_does_not_enter_takes_nothing_over(committee, two_years, agent):
    with pytest.raises(Refused, match="est saisie par"):
        take_over(entries_of(two_years).values(), by=committee.coordinator)
    take_over(entries_of(two_years).values(), by=agent)
    with pytest.raises(Refused, match="rien à reprendre"):
        take_over(entries_of(two_years).values(), by=agent)
    with pytest.raises(Refused, match="rien à reprendre"):
        take_over([], by=agent)


def test_a_comment_of_the_year_before_is_none_of_another_year(committee, two_years, agent):
    take_over([entries_of(two_years)["Places"]], by=agent)
    assert is_taken_over(entries_of(two_years)["Places"].taken_over)
    year = timezone.localdate().year
    day = datetime.date(year + 1, 3, 1)
    change_year(two_years, year, due_on=day, by=committee.coordinator)
    assert entries_of(two_years)["Places"].taken_over == ""


def test_nothing_is_offered_once_the_year_is_closed(client, two_years, agent):
    type(two_years).objects.filter(pk=two_years.pk).update(
        state="closed", closed_at=two_years.opened_at
    )
    assert "Reprendre de 2023" not in send(client, two_years, agent)
    with pytest.raises(Refused, match="est clos"):
        take_over(entries_of(two_years).values(), by=agent)


def test_a_text_taken_over_twice_has_one_mark():
    once = mark_taken_over(2022, "Une grève")
    assert on_one_line(once) == "Repris de 2022 : Une grève"
    assert on_one_line(mark_taken_over(2023, once)) == "Repris de 2023 : Une grève"
    assert is_taken_over(once)
    assert not is_taken_over("Repris depuis mars")
