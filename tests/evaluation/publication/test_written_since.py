"""What is written once a year is published is told as such to who reads drafts; all others read
what is published."""

from dataclasses import asdict

import pytest
from django.urls import reverse

from evaluation.cooperation.events import write_post
from evaluation.editions.years import year_of
from evaluation.models import Part
from evaluation.report.corrected import corrected_in
from evaluation.report.reading import read_report
from evaluation.stakes.events import appreciate_stake
from evaluation.verdicts.events import appreciate
from evaluation.writing.events import write_narrative, write_year_text
from evaluation.year.reading import read_year
from indicators.models import Campaign, CampaignState, Value
from tests import factories as f
from tests.committee.mail.mailing import on_one_line
from tests.committee.pages import page_of
from tests.evaluation.cooperation.scene import told_whole
from tests.evaluation.final import scene as of_term
from tests.evaluation.planning import action_of, in_state, noted, on
from tests.evaluation.publication.scene import YEAR, published, whole_year, written_year
from tests.indicators.by_commune.stories import (
    figures_by_commune,
    indicator_by_commune,
    territory,
)
from tests.indicators.factories import campaign_of, communes, value_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db

TOLD = "Écrit ou modifié depuis la publication du"


@told_once
def committee(db):
    committee = whole_year()
    by = committee.coordinator
    appreciate(committee.orientation, YEAR, "on_the_way", "", revision=0, by=by)
    published(committee)
    return committee


def page(client, committee, user, year=YEAR) -> str:
    client.force_login(user)
    slug = committee.convention.slug
    return page_of(client.get(reverse("evaluation:year", args=[slug, year]), {"theme": "tout"}))


def test_nothing_is_marked_where_nothing_changed_since_the_publication(client, committee):
    assert TOLD not in page(client, committee, committee.caf_member)


WRITTEN = {
    "a theme": lambda c, by: write_narrative(c.theme, YEAR, "Elle a fermé.", revision=1, by=by),
    "a part": lambda c, by: write_year_text(
        c.convention, YEAR, Part.CONCLUSION, "Un échec.", revision=1, by=by
    ),
    "an objective": lambda c, by: appreciate(c.orientation, YEAR, "reached", "", revision=1, by=by),
    "a stake": lambda c, by: appreciate_stake(
        c.stake, YEAR, "stable", "Ils s’allongent moins.", revision=1, by=by
    ),
    "a post": lambda c, by: write_post(c.post, YEAR, told_whole(cost=None), revision=1, by=by),
}


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_text_written_since_is_marked_for_who_reads_drafts(client, committee, write):
    write(committee, committee.coordinator)
    assert page(client, committee, committee.caf_member).count(TOLD) == 1
    reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
    assert TOLD not in page(client, committee, reader)


def test_a_text_of_the_term_written_since_is_marked(client):
    committee = of_term.written_term()
    of_term.published(committee)
    assert TOLD not in page(client, committee, committee.caf_member, None)
    by, convention = committee.coordinator, committee.convention
    of_term.write_criterion(convention, "impact", "Peu.", "Insuffisant", revision=1, by=by)
    assert page(client, committee, committee.caf_member, None).count(TOLD) == 1


# Figures -----------------------------------------------------------------------------------------

OTHERWISE = "Chiffres dits ici autrement que dans l’évaluation publiée"


@pytest.mark.parametrize("role", ["coordinator", "member", "reader"])
def test_a_figure_corrected_since_is_named_for_all(client, committee, role):
    """The texts beside it are as they were published."""
    reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
    people = {"coordinator": committee.coordinator, "member": committee.caf_member}
    user = people.get(role, reader)
    assert OTHERWISE not in page(client, committee, user)
    Value.objects.filter(pk=committee.value.pk).update(number=458)
    assert f"{OTHERWISE} : {committee.indicator.title}." in on_one_line(
        page(client, committee, user)
    )
    published(committee, reason="Huit places étaient oubliées.")
    assert OTHERWISE not in page(client, committee, user)


def test_a_corrected_figure_of_an_earlier_year_that_was_shown_is_named(client, committee):
    before = figures_before(committee, 400)
    published(committee, reason="L’année d’avant manquait.")
    member, title = committee.caf_member, committee.indicator.title
    assert OTHERWISE not in page(client, committee, member)
    Value.objects.filter(campaign_indicator__campaign=before).update(number=390)
    assert f"{OTHERWISE} : {title} ({YEAR - 1})." in on_one_line(page(client, committee, member))
    Value.objects.filter(pk=committee.value.pk).update(number=458)
    sentence = f"{OTHERWISE} : {title} ({YEAR - 1} et {YEAR})."
    assert sentence in on_one_line(page(client, committee, member))


def test_a_figure_of_an_earlier_year_known_since_is_no_correction(client, committee):
    figures_before(committee, 400)
    assert OTHERWISE not in page(client, committee, committee.caf_member)


def figures_before(committee, number) -> Campaign:
    before = campaign_of(committee, YEAR - 1, [committee.indicator], state=CampaignState.CLOSED)
    value_of(before, committee.indicator, number)
    return before


def test_the_year_after_names_a_corrected_figure_of_the_year_before(committee):
    after = campaign_of(committee, YEAR + 1, [committee.indicator], state=CampaignState.CLOSED)
    value_of(after, committee.indicator, 470)

    def corrections() -> list[str]:
        method = read_report(committee.convention, after).method
        return [one for one in method if one.startswith(OTHERWISE)]

    assert corrections() == []
    Value.objects.filter(pk=committee.value.pk).update(number=458)
    [sentence] = corrections()
    assert f"{committee.indicator.title} ({YEAR})." in sentence


def test_two_communes_that_are_exchanged_are_a_correction(committee):
    """The territory's figure stays what it was."""
    territory(committee, 6)
    table = indicator_by_commune(committee)
    campaign = figures_by_commune(committee, {table: [20, 30, 40, 50, 60, 70]}, YEAR - 1)
    convention = committee.convention
    published = {YEAR - 1: year_of(asdict(read_report(convention, campaign)))}
    assert corrected_in(read_year(convention, campaign), published) == {}
    first, second, *_ = Value.objects.by_commune().for_year(YEAR - 1).order_by("commune")
    for value, number in ((first, second.number), (second, first.number)):
        Value.objects.filter(pk=value.pk).update(number=number)
    assert corrected_in(read_year(convention, campaign), published) == {table.title: [YEAR - 1]}


def test_a_total_that_has_become_partial_is_a_correction(committee):
    """The sum stays what it was, and is compared with nothing any more."""
    territory(committee, 6)
    table = indicator_by_commune(committee)
    campaign = figures_by_commune(committee, {table: [20, 30, 40, 50, 60, 70]}, YEAR - 1)
    convention = committee.convention
    published = {YEAR - 1: year_of(asdict(read_report(convention, campaign)))}
    communes(committee, "Revenue")
    assert corrected_in(read_year(convention, campaign), published) == {table.title: [YEAR - 1]}


# Actions -----------------------------------------------------------------------------------------

ACTION = "Actions dites ici autrement que dans l’évaluation publiée"
TELL = {
    "where it stood": lambda action: in_state(action, "blocked", on=on(10), reason="Faux départ."),
    "its note": lambda action: noted(action, YEAR, "Autre chose."),
}


@pytest.mark.parametrize("tell", TELL.values(), ids=TELL.keys())
def test_an_action_changed_since_is_named(client, tell):
    committee = written_year()
    action = action_of(committee, state="done", since=on(9))
    published(committee)
    assert ACTION not in page(client, committee, committee.caf_member)
    tell(action)
    sentence = f"{ACTION} : {action.number}."
    assert sentence in on_one_line(page(client, committee, committee.caf_member))
