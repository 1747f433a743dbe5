"""A published year is told by the evaluation of the term as it was published (rule 8)."""

import datetime

import pytest
from django.urls import reverse

from conventions.models import Organisation
from evaluation.cooperation.events import write_post
from evaluation.cooperation.over_years import posts_over_years
from evaluation.models import Part
from evaluation.period import TERM
from evaluation.report.reading import read_report
from evaluation.verdicts.events import appreciate
from evaluation.writing import yearly
from evaluation.writing.events import write_narrative, write_year_text
from evaluation.year.reading import read_year
from evaluation.year.texts import written_texts
from indicators.disclosure.events import refresh_convention_disclosures
from indicators.models import CampaignState, Value
from tests.actions.factories import action_since_long, funding, spent
from tests.committee.pages import page_of
from tests.evaluation.cooperation.scene import told_whole
from tests.evaluation.final.scene import content_of_term
from tests.evaluation.publication.scene import YEAR, published, whole_year
from tests.indicators.factories import campaign_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db

OPENED = "Rien n’a ouvert."


@told_once
def committee(db):
    """2023 is published: an objective not reached, and a post."""
    committee = whole_year()
    give(committee, "not_reached", OPENED)
    published(committee)
    return committee


def give(committee, verdict, text="", *, revision=0):
    by = committee.coordinator
    return appreciate(committee.orientation, YEAR, verdict, text, revision=revision, by=by)


def verdicts_shown(committee) -> list[tuple[int, str]]:
    """What the content of the final evaluation says of the years of the objective."""
    return [
        (cell.year, cell.verdict)
        for axis in content_of_term(committee).axes
        for theme in axis.themes
        for one in [*theme.signed, *theme.committee]
        if one.key == committee.orientation.pk
        for cell in one.years
    ]


def final_page(client, committee) -> str:
    client.force_login(committee.coordinator)
    return page_of(client.get(reverse("evaluation:final", args=[committee.convention.slug])))


def test_a_verdict_written_since_is_not_shown_before_the_next_version(client, committee):
    assert "dit comme publié" not in final_page(client, committee)
    give(committee, "reached", revision=1)
    assert verdicts_shown(committee) == [(YEAR, "not_reached")]
    page = final_page(client, committee)
    assert "2023 : dit comme publié." in page
    assert "non atteint" in page
    published(committee, reason="Une place a ouvert.")
    assert verdicts_shown(committee) == [(YEAR, "reached")]
    assert "dit comme publié" not in final_page(client, committee)


def test_a_verdict_added_since_is_not_shown_before_the_next_version(committee):
    give(committee, "", revision=1)
    assert verdicts_shown(committee) == [(YEAR, "not_reached")]


def test_an_unpublished_year_is_shown_as_it_is_written(committee):
    by = committee.coordinator
    appreciate(committee.orientation, YEAR - 1, "on_the_way", "", revision=0, by=by)
    verdicts = written_texts(committee.convention, TERM.year).verdicts
    assert verdicts[committee.orientation.pk] == {YEAR: "not_reached", YEAR - 1: "on_the_way"}


def test_a_post_is_shown_as_it_was_published(committee):
    before = posts_over_years(committee.convention)
    assert before[0].years == [YEAR]
    later = told_whole(activities=[], text="", services="", cost=None, shares=[], fundings=[])
    write_post(committee.post, YEAR, later, revision=1, by=committee.coordinator)
    assert posts_over_years(committee.convention) == before
    published(committee, reason="Le suivi était celui d’un autre poste.")
    [post] = posts_over_years(committee.convention)
    assert post.data != before[0].data


def test_a_published_line_of_a_post_gives_its_record_again(committee, monkeypatch):
    """The line that is frozen loses nothing of what the years are compared by."""
    [frozen] = posts_over_years(committee.convention)
    monkeypatch.setattr("evaluation.cooperation.over_years.as_published", lambda convention: {})
    [written] = posts_over_years(committee.convention)
    assert frozen == written


def test_the_sources_of_texts_are_those_that_were_published(committee):
    """A quotation is the same text as its source."""
    by, convention = committee.coordinator, committee.convention
    give(committee, "to_adapt", "Finalement trop large.", revision=1)
    write_narrative(committee.theme, YEAR, "Rien n’a changé.", revision=1, by=by)
    write_year_text(convention, YEAR, Part.CONCLUSION, "Un échec.", revision=1, by=by)
    appreciate(committee.orientation, YEAR - 1, "to_adapt", "Trop étroit.", revision=0, by=by)
    reading = read_year(convention, committee.campaign, period=TERM)
    pieces = [*yearly.narratives(committee.theme), *yearly.conclusions(convention)]
    assert [one.text for one in pieces] == ["La crèche a ouvert.", f"{Part.CONCLUSION.label}."]
    [to_adapt] = yearly.to_adapt(reading)
    assert to_adapt.text.endswith("Trop étroit.")


# What is said of it ------------------------------------------------------------------------------


def rewrite_post(committee):
    later = told_whole(activities=[], text="", services="", cost=None, shares=[], fundings=[])
    write_post(committee.post, YEAR, later, revision=1, by=committee.coordinator)


@pytest.mark.parametrize("place", ["evaluation:posts", "evaluation:final"])
def test_the_coordinator_reads_which_published_years_differ(client, committee, place):
    client.force_login(committee.coordinator)
    slug, sentence = committee.convention.slug, "2023 : dit comme publié."
    url = reverse(place, args=[slug, *([TERM] if place == "evaluation:posts" else [])])
    assert sentence not in page_of(client.get(url))
    rewrite_post(committee)
    assert sentence in page_of(client.get(url))
    published(committee, reason="Le suivi était celui d’un autre poste.")
    assert sentence not in page_of(client.get(url))


def test_a_reader_does_not_read_which_published_years_differ(client, committee):
    rewrite_post(committee)
    client.force_login(committee.caf_member)
    page = page_of(client.get(reverse("evaluation:final", args=[committee.convention.slug])))
    assert "dit comme publié" not in page


CORRECTED = "Chiffres dits ici autrement que dans l’évaluation publiée de leur année"


def correct(committee, number):
    Value.objects.filter(pk=committee.value.pk).update(number=number)


def corrected_in(committee) -> list[str]:
    return [one for one in content_of_term(committee).method if one.startswith(CORRECTED)]


def test_a_figure_corrected_since_its_year_was_published_is_named(client, committee):
    assert corrected_in(committee) == []
    assert CORRECTED not in final_page(client, committee)
    correct(committee, 458)
    [sentence] = corrected_in(committee)
    assert f"{committee.indicator.title} (2023)." in sentence
    client.force_login(committee.caf_member)
    page = page_of(client.get(reverse("evaluation:final", args=[committee.convention.slug])))
    assert CORRECTED in page
    published(committee, reason="Huit places étaient oubliées.")
    assert corrected_in(committee) == []


def hide(committee, number):
    """Few enough to be masked."""
    Organisation.objects.filter(pk=committee.caf.pk).update(
        masking_threshold=5, opts_out_of_secrecy=False
    )
    correct(committee, number)
    refresh_convention_disclosures(committee.convention)


def test_a_figure_that_reads_alike_is_not_named(committee):
    """The figure was masked then and is masked now."""
    hide(committee, 3)
    published(committee, reason="Un secret statistique couvre ce chiffre.")
    hide(committee, 4)
    assert [line.sign for line in content_of_term(committee).data] == ["secret"]
    assert corrected_in(committee) == []


def test_money_changed_since_its_year_was_published_is_named(committee):
    days = {"starts_on": datetime.date(YEAR, 2, 1), "ends_on": datetime.date(YEAR, 12, 31)}
    lines = [funding(committee.caf, YEAR, planned="1000")]
    action = action_since_long(committee, title="Ludobus", fundings=lines, **days)
    published(committee, reason="L’argent manquait.")
    after = campaign_of(committee, YEAR + 1, [committee.indicator], state=CampaignState.CLOSED)

    def corrections() -> list[str]:
        method = read_report(committee.convention, after).method
        return [one for one in method if one.startswith("Argent dit ici autrement")]

    assert corrections() == []
    spent(action, {action.fundings.get().pk: ("900", "800")})
    [correction] = corrections()
    assert f"évaluation publiée de son année : {YEAR}." in correction
