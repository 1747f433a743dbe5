"""A post of cooperation over the whole term, measured against what was planned."""

from decimal import Decimal

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ctg_portal.rules import Refused
from evaluation.cooperation.events import write_post
from evaluation.cooperation.over_years import posts_over_years
from evaluation.cooperation.post_record import PostRecord
from evaluation.models import PostYear
from evaluation.period import TERM
from evaluation.report.data import json_of, workbook_of
from evaluation.report.document import write
from evaluation.report.marks import Mark
from evaluation.report.word import docx_of
from evaluation.year.lacks import lacking_of_term
from tests import factories as f
from tests.committee.pages import after, page_of, value_of
from tests.evaluation.cooperation.scene import post_of, told_whole
from tests.evaluation.cooperation.test_posts import sent
from tests.evaluation.final.scene import (
    content_of_term,
    ended_term,
    published,
    submitted,
    written_term,
)
from tests.evaluation.publication.scene import now
from tests.stories import told_once

POLICIES, OTHERS = "Politiques éducatives", "Autres actions"


@told_once
def committee(db):
    """A post with a record of 2021 in part, of 2023 whole, of 2022 none."""
    committee = ended_term()
    committee.post = post_of(committee)
    record_post(committee, told_whole(activities=["attendus.conseil", "reseau.lien"]), 2021)
    later = told_whole(
        activities=["reseau.lien"],
        shares=[(POLICIES, Decimal("0.7")), (OTHERS, Decimal("0.3")), ("Ville", Decimal("0.1"))],
        cost=None,
        services="",
        fundings=[("Caf d’Exemple", Decimal(25000))],
    )
    record_post(committee, later, 2023)
    return committee


def record_post(committee, record, year, *, revision=0):
    return write_post(committee.post, year, record, revision=revision, by=committee.coordinator)


def url_of(committee) -> str:
    return reverse("evaluation:posts", args=[committee.convention.slug, TERM])


def with_spaces(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def read(committee):
    [post] = posts_over_years(committee.convention)
    return post


class TestWhatItComesTo:
    def test_years_with_and_without_a_record_are_named(self, committee):
        post = read(committee)
        assert (post.years, post.untold) == ([2021, 2023], [2022])
        assert post.sentence_on_gaps == "Sans suivi : 2022."

    def test_means_are_of_known_years_and_say_of_how_many(self, committee):
        post = read(committee)
        rows = {row.title: ([one.text for one in row.years], row.over, row.note)
                for row in post.fte}  # fmt: skip
        assert {key: (own[0], own[1], with_spaces(own[2])) for key, own in rows.items()} == {
            POLICIES: (["0,5", "0,7"], "0,6", ""),
            OTHERS: (["", "0,3"], "0,3", "1 année connue sur 2"),
            "Ville": (["", "0,1"], "0,1", "1 année connue sur 2"),
        }
        # Of 2021 one domain is not known: its sum is no total.
        total = post.total_fte
        assert ([one.text for one in total.years], total.over) == (["", "1,1"], "1,1")
        assert with_spaces(post.summary) == (
            "prévu : 1 ETP ; pourvu en moyenne : 1,1 ETP (1 année connue sur 2) ; "
            "2 activités du référentiel sur 23"
        )

    def test_each_activity_has_the_years_in_which_it_was_done(self, committee):
        post = read(committee)
        years = {
            one.title: one.years_in_words for mission in post.missions for one in mission.activities
        }
        assert years["Assistance et conseil auprès des élus et des comités de pilotage"] == "2021"
        lasting = [words for title, words in years.items() if title.startswith("Être en lien")]
        assert lasting == ["2021 et 2023"]
        assert list(years.values()).count("aucune année renseignée") == 21

    def test_sums_of_money_are_of_known_years(self, committee):
        rows = [
            (row.title, with_spaces(row.over), with_spaces(row.note))
            for row in read(committee).money
        ]
        assert rows == [
            ("Coût", "47 600 €", "1 année connue sur 2"),
            ("Caf d’Exemple", "49 000 €", ""),
            ("Exemple agglomération", "", ""),
        ]

    def test_a_text_of_the_term_stands_before_those_of_the_years(self, committee):
        def brought():
            return {
                one.name: one.text or [(own.year, own.text) for own in one.years]
                for one in read(committee).brought
            }

        assert brought()["Nouveaux services"] == [(2021, "Un espace de vie sociale.")]
        record_post(
            committee, PostRecord(services="Un seul espace, là où deux étaient visés."), None
        )
        assert brought()["Nouveaux services"] == "Un seul espace, là où deux étaient visés."

    def test_a_post_without_records_has_no_zero(self, committee):
        PostYear.objects.all().delete()
        post = read(committee)
        assert not post.is_told
        assert post.summary == "prévu : 1 ETP ; suivi non renseigné"


class TestEvent:
    def test_the_record_of_the_term_has_texts_alone(self, committee):
        facts = {
            "cost": Decimal(1),
            "activities": ["reseau.lien"],
            "shares": [(POLICIES, Decimal(1))],
            "fundings": [("Caf", None)],
        }
        for name, value in facts.items():
            wrong = PostRecord(**{name: value})
            with pytest.raises(Refused, match="ceux des années"):
                record_post(committee, wrong, None)
        row = record_post(committee, PostRecord(text="Le réseau tient."), None)
        assert (row.year, row.revision, PostYear.objects.count()) == (None, 1, 3)

    def test_only_the_coordinator_records_the_term(self, committee):
        with pytest.raises(Refused):
            write_post(
                committee.post, None, PostRecord(text="Oui."), revision=0, by=committee.caf_member
            )

    def test_a_record_of_the_term_returns_its_submitted_evaluation(self, db):
        committee = written_term()
        committee.post = post_of(committee)
        edition = submitted(committee)
        assert edition.is_submitted
        record_post(committee, PostRecord(text="Écrit après."), None)
        assert not now(edition).is_submitted


class TestPage:
    def test_the_page_shows_the_records_of_years_and_saves_the_term(self, client, committee):
        client.force_login(committee.coordinator)
        text = with_spaces(page_of(client.get(url_of(committee))))
        assert "1 poste de coopération reste à apprécier" in text
        assert "Un espace de vie sociale." in text
        assert "0,5" in text
        form = sent(committee.post, text="Le **réseau** tient.", services="Un espace.")
        response = client.post(url_of(committee), form)
        assert "1 suivi est enregistré." in with_spaces(after(client, response))
        row = PostYear.objects.get(year=None)
        assert (row.text, row.services) == ("Le **réseau** tient.", "Un espace.")
        page = client.get(url_of(committee))
        assert value_of(page, f"{committee.post.pk}-text") == "Le **réseau** tient."
        final = page_of(client.get(reverse("evaluation:final", args=[committee.convention.slug])))
        assert "réseau" in final
        assert "Politiques éducatives" in final

    def test_the_second_writer_of_the_term_chooses(self, client, committee):
        client.force_login(committee.coordinator)
        colleague = f.MembershipFactory(coordinator=True, organisation=committee.epci).user
        write_post(committee.post, None, PostRecord(text="De l’autre."), revision=0, by=colleague)
        form = sent(committee.post, text="Le mien.")
        response = client.post(url_of(committee), form)
        assert str(colleague) in page_of(response)
        assert value_of(response, f"{committee.post.pk}-text") == "Le mien."
        form[f"{committee.post.pk}-choice"] = "mienne:1"
        after(client, client.post(url_of(committee), form))
        assert PostYear.objects.get(year=None).text == "Le mien."

    def test_the_page_takes_as_many_queries_for_eight_posts_as_for_one(self, client, committee):
        client.force_login(committee.coordinator)
        client.get(url_of(committee))

        def asked() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url_of(committee)).status_code == 200
            return len(captured)

        few = asked()
        for rank in range(2, 9):
            post = post_of(committee, title=f"Poste {rank}", rank=rank)
            write_post(post, 2021, told_whole(), revision=0, by=committee.coordinator)
        assert asked() == few


class TestWhereItIsRead:
    def test_a_post_without_text_on_the_term_is_a_lack_that_leads_to_its_page(self, committee):
        def sentences():
            lacks = lacking_of_term(committee.convention).lines
            return [
                (with_spaces(one.sentence), one.url) for one in lacks if "poste" in one.sentence
            ]

        assert sentences() == [("1 poste de coopération reste à apprécier.", url_of(committee))]
        record_post(committee, PostRecord(transfers="Aucun."), None)
        assert sentences() == []

    def test_the_document_and_its_files_have_the_posts_over_the_term(self, committee):
        record_post(committee, PostRecord(text="Le réseau tient."), None)
        content = content_of_term(committee)
        assert content.posts == []
        assert content.posts_over_years[0].data[0].year == 2021
        mark = Mark("Version 1", "publiée le", committee.convention.start)
        assert "postes de coopération" in json_of(content, mark).decode()
        assert workbook_of(content)[:2] == docx_of(content, mark)[:2] == b"PK"
        screen = render_to_string(
            "evaluation/reading/report.html", {"report": content, "pictures": {}, "own": None}
        )
        for html in (write(content, mark), screen):
            assert "Le réseau tient." in html
            assert "Un espace de vie sociale." in html
            assert "aucune année renseignée" in html
            assert "Sans suivi : 2022." in with_spaces(html)

    def test_readers_see_the_published_record_of_the_term(self, client, db):
        committee = written_term()
        committee.post = post_of(committee)
        record_post(committee, PostRecord(text="Publié."), None)
        published(committee)
        record_post(committee, PostRecord(text="Écrit depuis."), None, revision=1)
        client.force_login(f.MembershipFactory(organisation=committee.caf, reader=True).user)
        text = page_of(client.get(reverse("evaluation:final", args=[committee.convention.slug])))
        assert "Publié." in text
        assert "Écrit depuis." not in text
