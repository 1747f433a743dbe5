"""What became of the shared stakes in a year: said by the coordinator, read as it stood."""

import datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.events import anonymise
from agreements.versions import events as drafts
from agreements.versions.endings import draft_ending
from ctg_portal.rules import Refused
from evaluation.editions.frozen import plain_of
from evaluation.models import StakeAppreciation
from evaluation.overview.page import YearPage
from evaluation.period import TERM
from evaluation.publication.differences import changes_between
from evaluation.reasons_to_keep import reason_to_keep_collection
from evaluation.report.document import write
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report
from evaluation.report.word import docx_of
from evaluation.stakes.events import appreciate_stake
from evaluation.year.lacks import lacking_of
from tests import factories as f
from tests.agreements.factories import SeatFactory, agreed_since, committee_of
from tests.committee.pages import after, page_of, value_of
from tests.committee.stakes.scene import in_force_since, proposed
from tests.evaluation.publication.scene import now, published, submitted, written_year
from tests.indicators.factories import campaign_of, indicator_in_force
from tests.stories import told_once

YEAR = 2023
LAST_DAY = datetime.date(YEAR, 12, 31)


@told_once
def committee(db):
    committee = committee_of(signed_on=datetime.date(2021, 1, 1), end=datetime.date(2024, 12, 31))
    committee.campaign = campaign_of(committee, YEAR, [indicator_in_force(committee)])
    committee.version = in_force_since(committee, datetime.date(2022, 3, 1))
    committee.stake = committee.version.subject
    return committee


def url_of(committee, year=YEAR) -> str:
    return reverse("evaluation:appreciate_stakes", args=[committee.convention.slug, year])


def give(committee, verdict="stronger", text="", *, revision=0, by=None, year=YEAR, stake=None):
    by = by or committee.coordinator
    return appreciate_stake(stake or committee.stake, year, verdict, text, revision=revision, by=by)


def sent(stake, verdict="", text="", *, revision=0, **others) -> dict:
    form = {"verdict": verdict, "text": text, "revision": revision} | others
    return {f"{stake.pk}-{name}": value for name, value in form.items()}


def lines_of(committee):
    return read_report(committee.convention, committee.campaign).stakes


class TestEvent:
    def test_a_verdict_given_again_is_the_next_revision_of_its_row(self, committee):
        first = give(committee, "stronger", "Les trajets s’allongent.")
        assert (first.verdict, first.revision) == ("stronger", 1)
        second = give(committee, "stable", revision=1)
        assert (second.pk, second.verdict, second.revision) == (first.pk, "stable", 2)
        assert [row.verdict for row in second.history.all()] == ["stable", "stronger"]

    @pytest.mark.parametrize("text", ["", " \n"])
    def test_a_stake_without_appreciation_needs_a_reason(self, committee, text):
        with pytest.raises(Refused, match="pourquoi"):
            give(committee, "unsaid", text)
        give(committee, "unsaid", "Les chiffres manquent.")

    def test_only_the_coordinator_appreciates(self, committee):
        adviser = SeatFactory(organisation=committee.caf, adviser=True).user
        for user in (committee.caf_member, adviser, f.MembershipFactory(coordinator=True).user):
            with pytest.raises(Refused):
                give(committee, by=user)

    def test_a_stake_not_in_force_when_the_year_ended_is_refused(self, committee):
        later = in_force_since(committee, datetime.date(2024, 1, 1), "Les mobilités").subject
        with pytest.raises(Refused, match="en vigueur"):
            give(committee, stake=later)
        with pytest.raises(Refused, match="en vigueur"):
            give(committee, year=2021)
        with pytest.raises(Refused, match="en vigueur"):
            give(committee, stake=proposed(committee, "Le logement").subject)

    def test_a_text_begun_keeps_the_collection_of_its_year(self, committee):
        give(committee, "", "Commencé.")
        assert reason_to_keep_collection(committee.campaign)

    def test_the_name_of_an_anonymised_writer_is_erased(self, client, committee):
        other = f.MembershipFactory(coordinator=True, organisation=committee.epci).user
        client.force_login(other)
        client.post(url_of(committee), sent(committee.stake, "stable"))
        assert StakeAppreciation.objects.get().updated_by_name == str(other)
        anonymise(other, by=other)
        assert StakeAppreciation.objects.get().updated_by_name == "Compte supprimé"


class TestWhatIsAsked:
    def lacks(self, committee) -> list[str]:
        return [lack.sentence for lack in lacking_of(committee.convention, committee.campaign).lines
                if "enjeu" in lack.sentence]  # fmt: skip

    def test_a_stake_is_a_lack_of_the_year_until_it_has_a_verdict(self, committee):
        in_force_since(committee, LAST_DAY, "Les mobilités")
        proposed(committee, "Le logement")
        assert self.lacks(committee) == ["2\u00a0enjeux partagés restent à apprécier."]
        give(committee, "", "Commencé.")
        give(committee, "stable", "", revision=1)
        assert self.lacks(committee) == ["1\u00a0enjeu partagé reste à apprécier."]

    def test_a_past_year_shows_a_stake_in_the_words_of_then(self, committee):
        draft = drafts.save_draft(
            committee.stake, committee.version.content | {"title": "Autrement"},
            by=committee.coordinator,
        )  # fmt: skip
        version = drafts.propose(draft, by=committee.coordinator, after_term="Suite.")
        committee.agree(version)
        agreed_since(version, datetime.date(2024, 2, 1))
        committee.version.transitions.filter(verb="replaced").update(
            created_at=version.transitions.last().created_at
        )
        assert [line.title for line in lines_of(committee)] == ["L’accès aux droits"]

    def test_a_stake_ended_during_the_year_is_not_awaited(self, committee):
        ending = draft_ending(committee.stake, by=committee.coordinator, note="Fait")
        version = drafts.propose(ending, by=committee.coordinator, after_term="Suite.")
        committee.agree(version)
        day = datetime.date(YEAR, 6, 1)
        agreed_since(version, day)
        moment = version.transitions.last().created_at
        committee.version.transitions.filter(verb="replaced").update(created_at=moment)
        assert self.lacks(committee) == []
        assert lines_of(committee) == []


class TestPage:
    def test_the_button_saves_all_verdicts_and_leads_back_to_its_place(self, client, committee):
        other = in_force_since(committee, LAST_DAY, "Les mobilités").subject
        client.force_login(committee.coordinator)
        form = sent(committee.stake, "stronger", "Loin.") | sent(other, "stable")
        anchor = f"enjeu-partage-{other.pk}"
        response = client.post(url_of(committee), form | {"place": anchor})
        assert response.url == f"{url_of(committee)}#{anchor}"
        text = after(client, response).replace("\u00a0", " ")
        assert "2 appréciations sont enregistrées." in text
        assert "Évaluation 2023 : 2 enjeux partagés appréciés" in text
        assert value_of(client.get(url_of(committee)), f"{committee.stake.pk}-text") == "Loin."

    def test_a_mistake_saves_nothing_and_stays_in_the_form(self, client, committee):
        client.force_login(committee.coordinator)
        response = client.post(url_of(committee), sent(committee.stake, "unsaid"))
        assert "ne se comprend pas sans motif" in page_of(response)
        assert "checked" in response.content.decode().split('value="unsaid"')[1][:200]
        assert not StakeAppreciation.objects.exists()

    @pytest.mark.parametrize("choice", ["mine", "theirs"])
    def test_the_second_writer_is_shown_both_verdicts_and_chooses(self, client, committee, choice):
        client.force_login(committee.coordinator)
        other = f.MembershipFactory(coordinator=True, organisation=committee.epci).user
        give(committee, "eased", "Le texte de l’autre.", by=other)
        form = sent(committee.stake, "stronger", "Mon texte à moi.")
        response = client.post(url_of(committee), form)
        assert str(other) in page_of(response)
        assert value_of(response, f"{committee.stake.pk}-text") == "Mon texte à moi."
        form[f"{committee.stake.pk}-choice"] = {"mine": "mienne:1", "theirs": "autre"}[choice]
        after(client, client.post(url_of(committee), form))
        stored = "Mon texte à moi." if choice == "mine" else "Le texte de l’autre."
        assert StakeAppreciation.objects.get().text == stored

    def test_the_index_of_appreciations_leads_to_the_stakes_and_counts_them(
        self, client, committee
    ):
        client.force_login(committee.coordinator)
        index = reverse("evaluation:appreciations", args=[committee.convention.slug, YEAR])
        response = client.get(index)
        assert url_of(committee) in response.content.decode()
        assert "1 enjeu partagé reste à apprécier" in page_of(response).replace("\u00a0", " ")
        give(committee)
        assert "1 enjeu partagé apprécié" in page_of(client.get(index)).replace("\u00a0", " ")

    def test_a_year_without_stakes_says_so_and_a_member_has_no_page(self, client, committee):
        reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
        for person in (reader, committee.caf_member):
            client.force_login(person)
            assert client.get(url_of(committee)).status_code == 403
            assert client.post(url_of(committee), sent(committee.stake)).status_code == 403
        campaign_of(committee, 2021, [indicator_in_force(committee, title="Autre")])
        client.force_login(committee.coordinator)
        assert "Aucun enjeu partagé n’était en vigueur" in page_of(
            client.get(url_of(committee, 2021))
        )

    def test_the_page_takes_as_many_queries_for_nine_stakes_as_for_one(self, client, committee):
        client.force_login(committee.coordinator)

        def asked() -> int:
            """Count what is asked when the page is read again."""
            client.get(url_of(committee))
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url_of(committee)).status_code == 200
            return len(captured)

        few = asked()
        for n in range(8):
            in_force_since(committee, LAST_DAY, f"Enjeu {n}")
        assert asked() == few

    def test_axes_called_enjeux_are_not_taken_for_shared_stakes(self, client, db):
        committee = committee_of(
            labels={"axe": "Enjeu"}, signed_on=datetime.date(2021, 1, 1),
            end=datetime.date(2024, 12, 31),
        )  # fmt: skip
        committee.campaign = campaign_of(committee, YEAR, [indicator_in_force(committee)])
        in_force_since(committee, LAST_DAY)
        client.force_login(committee.coordinator)
        text = page_of(client.get(url_of(committee))).replace("\u00a0", " ")
        assert "1 enjeu partagé reste à apprécier" in text
        content = read_report(committee.convention, committee.campaign)
        html = write(content, Mark("Version 1", "publiée le", LAST_DAY))
        assert '<a href="#enjeux-partages">Enjeux partagés</a>' in html
        assert "Enjeu 1" in html.replace("\u00a0", " ")


class TestWhereItIsRead:
    def test_the_report_and_its_files_have_the_stakes(self, committee):
        give(committee, "stronger", "Les **trajets** s’allongent.")
        content = read_report(committee.convention, committee.campaign)
        [line] = content.stakes
        assert (line.verdict, line.appreciation) == ("stronger", "s’est renforcé")
        assert line.status == "en vigueur depuis le 1er\u00a0mars 2022"
        mark = Mark("Version 1", "publiée le", LAST_DAY)
        read = render_to_string(
            "evaluation/reading/report.html", {"report": content, "pictures": {}, "own": None}
        )
        for html in (write(content, mark), read):
            assert "L’accès aux droits" in html
            assert "s’est renforcé" in html
            assert "<strong>trajets</strong>" in html
        assert docx_of(content, mark)[:2] == b"PK"

    def test_the_summary_counts_stakes_by_trend_in_one_line(self):
        appreciations = ["s’est renforcé", "", "s’est renforcé", "stable", ""]
        stakes = [
            SimpleNamespace(line=SimpleNamespace(appreciation=each)) for each in appreciations
        ]
        page = YearPage(SimpleNamespace(stakes=stakes))
        summary = page.stakes_summary.replace("\u00a0", " ")
        assert summary == "2 se sont renforcés, 2 pas encore appréciés, 1 stable"

    def test_the_page_of_the_year_shows_drafts_by_right(self, client, committee):
        give(committee, "stronger", "Les trajets s’allongent.")
        year = reverse("evaluation:year", args=[committee.convention.slug, YEAR])
        reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
        for person, reads in (
            (committee.coordinator, True),
            (committee.caf_member, True),
            (reader, False),
        ):
            client.force_login(person)
            html = client.get(year).content.decode()
            assert ("Les trajets s’allongent." in html) == reads
        complete = reverse("evaluation:complete", args=[committee.convention.slug, YEAR])
        client.force_login(committee.coordinator)
        assert url_of(committee) in client.get(complete).content.decode()

    def test_the_search_finds_an_appreciation_for_those_who_read_drafts(self, client, committee):
        give(committee, "stronger", "Les autocars manquent.")
        page = f"/conventions/{committee.convention.slug}/recherche/?q=autocars"
        reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
        for person, finds in ((committee.caf_member, True), (reader, False)):
            client.force_login(person)
            assert ("s’est renforcé (2023)" in page_of(client.get(page))) == finds


class TestOfTheTerm:
    def test_a_stake_of_the_term_is_awaited_saved_and_shown(self, client, committee):
        give(committee, "stable")
        lacks = [
            lack.sentence
            for lack in lacking_of(committee.convention, committee.campaign, TERM).lines
        ]
        assert "1\u00a0enjeu partagé reste à apprécier." in lacks
        client.force_login(committee.coordinator)
        page, final = url_of(committee, None), final_of(committee)
        assert page in client.get(final).content.decode()
        form = sent(committee.stake, "eased", "Deux cars de plus.")
        assert client.post(page, form).status_code == 302
        given = StakeAppreciation.objects.get(year=None)
        assert (given.verdict, given.stake) == ("eased", committee.stake)
        text = page_of(client.get(final))
        assert "s’est atténué" in text
        assert "Deux cars de plus." in text
        assert "enjeu partagé reste" not in text

    def test_the_report_of_the_term_has_its_own_verdict(self, committee):
        give(committee, "eased", "Deux cars de plus.", year=None)
        content = read_report(committee.convention, committee.campaign, TERM)
        assert [line.verdict for line in content.stakes] == ["eased"]
        html = write(content, Mark("Version 1", "publiée le", LAST_DAY))
        assert "Sur toute la convention" in html
        assert "Deux cars de plus." in html
        assert [line.verdict for line in lines_of(committee)] == [""]


def final_of(committee) -> str:
    return reverse("evaluation:final", args=[committee.convention.slug])


class TestPublication:
    @pytest.fixture
    def committee(self, db):
        committee = written_year()
        committee.stake = in_force_since(committee, datetime.date(YEAR, 3, 1)).subject
        return committee

    def test_a_verdict_returns_a_submitted_evaluation(self, committee):
        edition = submitted(committee)
        give(committee, "stronger", "Les trajets s’allongent.")
        assert not now(edition).is_in_hand
        second = submitted(committee)
        changes = changes_between(plain_of(edition.snapshot), plain_of(second.snapshot))
        assert {change.label for change in changes} == {
            "L’accès aux droits : appréciation", "L’accès aux droits : justification",
        }  # fmt: skip

    def test_readers_see_the_published_verdict(self, client, committee):
        give(committee, "stronger", "Les trajets s’allongent.")
        published(committee)
        give(committee, "eased", "Écrit depuis.", revision=1)
        client.force_login(f.MembershipFactory(organisation=committee.caf, reader=True).user)
        year = reverse("evaluation:year", args=[committee.convention.slug, YEAR])
        text = page_of(client.get(year))
        assert "Les trajets s’allongent." in text
        assert "Écrit depuis." not in text

    def test_a_stake_of_a_published_evaluation_is_marked_as_published(self, committee):
        published(committee)
        version = committee.stake.convention.versions.get(kind="stake")
        assert version.published_at
