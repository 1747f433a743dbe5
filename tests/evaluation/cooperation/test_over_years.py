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
    """Told of 2021 in part, of 2023 whole; 2022 has nothing."""
    committee = ended_term()
    committee.post = post_of(committee)
    tell(committee, told_whole(activities=["attendus.conseil", "reseau.lien"]), 2021)
    later = told_whole(
        activities=["reseau.lien"],
        shares=[(POLICIES, Decimal("0.7")), (OTHERS, Decimal("0.3")), ("Ville", Decimal("0.1"))],
        cost=None,
        services="",
        fundings=[("Caf d’Exemple", Decimal(25000))],
    )
    tell(committee, later, 2023)
    return committee


def tell(committee, told, year, *, revision=0):
    return write_post(committee.post, year, told, revision=revision, by=committee.coordinator)


def url_of(committee) -> str:
    return reverse("evaluation:posts", args=[committee.convention.slug, TERM])


def plainly(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def read(committee):
    [post] = posts_over_years(committee.convention)
    return post


class TestWhatItComesTo:
    def test_years_told_and_not(self, committee):
        post = read(committee)
        assert (post.years, post.untold) == ([2021, 2023], [2022])
        assert post.untold_sentence == "Sans suivi : 2022."

    def test_means_are_over_what_is_known(self, committee):
        post = read(committee)
        rows = {row.title: ([one.text for one in row.years], row.over, row.note)
                for row in post.fte}  # fmt: skip
        assert {key: (own[0], own[1], plainly(own[2])) for key, own in rows.items()} == {
            POLICIES: (["0,5", "0,7"], "0,6", ""),
            OTHERS: (["", "0,3"], "0,3", "1 année connue sur 2"),
            "Ville": (["", "0,1"], "0,1", "1 année connue sur 2"),
        }
        # Of 2021 one domain is not known: its sum is no total.
        total = post.total_fte
        assert ([one.text for one in total.years], total.over) == (["", "1,1"], "1,1")
        assert plainly(post.summary) == (
            "prévu : 1 ETP ; pourvu en moyenne : 1,1 ETP (1 année connue sur 2) ; "
            "2 activités du référentiel sur 23"
        )

    def test_what_was_done_and_what_never_was(self, committee):
        post = read(committee)
        told = {
            one.title: one.years_in_words for mission in post.missions for one in mission.activities
        }
        assert told["Assistance et conseil auprès des élus et des comités de pilotage"] == "2021"
        lasting = [words for title, words in told.items() if title.startswith("Être en lien")]
        assert lasting == ["2021 et 2023"]
        assert list(told.values()).count("aucune année renseignée") == 21

    def test_money_counts_what_is_known(self, committee):
        rows = [(row.title, plainly(row.over), plainly(row.note)) for row in read(committee).money]
        assert rows == [
            ("Coût", "47 600 €", "1 année connue sur 2"),
            ("Caf d’Exemple", "49 000 €", ""),
            ("Exemple agglomération", "", ""),
        ]

    def test_what_years_said_until_the_term_is_told(self, committee):
        def brought():
            return {
                one.name: one.text or [(own.year, own.text) for own in one.years]
                for one in read(committee).brought
            }

        assert brought()["Nouveaux services"] == [(2021, "Un espace de vie sociale.")]
        tell(committee, PostRecord(services="Un seul espace, là où deux étaient visés."), None)
        assert brought()["Nouveaux services"] == "Un seul espace, là où deux étaient visés."

    def test_of_nothing_there_is_no_zero(self, committee):
        PostYear.objects.all().delete()
        post = read(committee)
        assert not post.is_told
        assert post.summary == "prévu : 1 ETP ; suivi non renseigné"


class TestEvent:
    def test_in_words_alone(self, committee):
        facts = {
            "cost": Decimal(1),
            "activities": ["reseau.lien"],
            "shares": [(POLICIES, Decimal(1))],
            "fundings": [("Caf", None)],
        }
        for name, value in facts.items():
            wrong = PostRecord(**{name: value})
            with pytest.raises(Refused, match="ceux des années"):
                tell(committee, wrong, None)
        kept = tell(committee, PostRecord(text="Le réseau tient."), None)
        assert (kept.year, kept.revision, PostYear.objects.count()) == (None, 1, 3)

    def test_by_who_coordinates(self, committee):
        with pytest.raises(Refused):
            write_post(
                committee.post, None, PostRecord(text="Oui."), revision=0, by=committee.caf_member
            )

    def test_what_is_submitted_comes_back(self, db):
        committee = written_term()
        committee.post = post_of(committee)
        edition = submitted(committee)
        assert edition.is_submitted
        tell(committee, PostRecord(text="Écrit après."), None)
        assert not now(edition).is_submitted


class TestPage:
    def test_to_be_written_beside_what_the_years_told(self, client, committee):
        client.force_login(committee.coordinator)
        text = plainly(page_of(client.get(url_of(committee))))
        assert "1 poste de coopération reste à apprécier" in text
        assert "Un espace de vie sociale." in text
        assert "0,5" in text
        told = sent(committee.post, text="Le **réseau** tient.", services="Un espace.")
        response = client.post(url_of(committee), told)
        assert "1 suivi est enregistré." in plainly(after(client, response))
        kept = PostYear.objects.get(year=None)
        assert (kept.text, kept.services) == ("Le **réseau** tient.", "Un espace.")
        page = client.get(url_of(committee))
        assert value_of(page, f"{committee.post.pk}-text") == "Le **réseau** tient."
        final = page_of(client.get(reverse("evaluation:final", args=[committee.convention.slug])))
        assert "réseau" in final
        assert "Politiques éducatives" in final

    def test_who_comes_second_chooses(self, client, committee):
        client.force_login(committee.coordinator)
        colleague = f.MembershipFactory(coordinator=True, organisation=committee.epci).user
        write_post(committee.post, None, PostRecord(text="De l’autre."), revision=0, by=colleague)
        told = sent(committee.post, text="Le mien.")
        response = client.post(url_of(committee), told)
        assert str(colleague) in page_of(response)
        assert value_of(response, f"{committee.post.pk}-text") == "Le mien."
        told[f"{committee.post.pk}-choice"] = "mienne:1"
        after(client, client.post(url_of(committee), told))
        assert PostYear.objects.get(year=None).text == "Le mien."

    def test_of_others(self, client, committee):
        reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
        for person in (reader, committee.caf_member):
            client.force_login(person)
            assert client.get(url_of(committee)).status_code == 403

    def test_as_many_queries_for_many_posts(self, client, committee):
        client.force_login(committee.coordinator)
        client.get(url_of(committee))

        def asked() -> int:
            with CaptureQueriesContext(connection) as found:
                assert client.get(url_of(committee)).status_code == 200
            return len(found)

        few = asked()
        for rank in range(2, 9):
            post = post_of(committee, title=f"Poste {rank}", rank=rank)
            write_post(post, 2021, told_whole(), revision=0, by=committee.coordinator)
        assert asked() == few


class TestWhereItIsRead:
    def test_what_is_missing_leads_there(self, committee):
        def told():
            lacks = lacking_of_term(committee.convention)
            return [(plainly(one.sentence), one.url) for one in lacks if "poste" in one.sentence]

        assert told() == [("1 poste de coopération reste à apprécier.", url_of(committee))]
        tell(committee, PostRecord(transfers="Aucun."), None)
        assert told() == []

    def test_in_the_document_and_its_files(self, committee):
        tell(committee, PostRecord(text="Le réseau tient."), None)
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
            assert "Sans suivi : 2022." in plainly(html)

    def test_readers_have_what_was_published(self, client, db):
        committee = written_term()
        committee.post = post_of(committee)
        tell(committee, PostRecord(text="Publié."), None)
        published(committee)
        tell(committee, PostRecord(text="Écrit depuis."), None, revision=1)
        client.force_login(f.MembershipFactory(organisation=committee.caf, reader=True).user)
        text = page_of(client.get(reverse("evaluation:final", args=[committee.convention.slug])))
        assert "Publié." in text
        assert "Écrit depuis." not in text
