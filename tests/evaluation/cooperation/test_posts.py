"""What a year was for a post of cooperation: told by the coordinator, read as it may be."""

from decimal import Decimal

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.events import anonymise
from conventions.loading.dependencies import reasons_to_keep
from conventions.models import CooperationShare
from ctg_portal.rules import Refused
from evaluation.cooperation.events import write_post
from evaluation.cooperation.framework import activity_keys, framework
from evaluation.cooperation.post_record import PostRecord
from evaluation.cooperation.reading import posts_of
from evaluation.editions.frozen import plain_of
from evaluation.models import PostYear
from evaluation.period import TERM
from evaluation.publication.differences import changes_between
from evaluation.reasons_to_keep import reason_to_keep_collection
from evaluation.report.data import json_of, posts_table, workbook_of
from evaluation.report.document import write
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report
from evaluation.report.word import docx_of
from evaluation.year.lacks import lacking_of
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.pages import after, page_of, value_of
from tests.evaluation.cooperation.scene import post_of, told_whole
from tests.evaluation.publication.scene import now, published, submitted, written_year
from tests.indicators.factories import campaign_of, indicator_in_force
from tests.stories import told_once

YEAR = 2023


@told_once
def committee(db):
    committee = committee_of()
    committee.campaign = campaign_of(committee, YEAR, [indicator_in_force(committee)])
    committee.post = post_of(committee)
    return committee


def url_of(committee, year=YEAR) -> str:
    return reverse("evaluation:posts", args=[committee.convention.slug, year])


def record_post(committee, record=None, *, revision=0, by=None, year=YEAR, post=None):
    record = told_whole() if record is None else record
    by = by or committee.coordinator
    return write_post(post or committee.post, year, record, revision=revision, by=by)


def line_of_year(committee, year=YEAR):
    [line] = posts_of(committee.convention, year)
    return line


def sent(post, *, revision=0, others=(), fundings=(), **fields) -> dict:
    """The form of a post as a browser sends it."""
    data = {"revision": revision, **fields}
    for name, rows in (("domaines", others), ("financements", fundings)):
        data |= {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": 0}
        for rank, row in enumerate(rows):
            data |= {f"{name}-{rank}-{key}": value for key, value in row.items()}
    return {f"{post.pk}-{name}": value for name, value in data.items()}


def colleague_of(committee):
    return f.MembershipFactory(coordinator=True, organisation=committee.epci).user


def is_open(page, title: str) -> bool:
    """Whether the fold of that title is."""
    before, _ = page.content.decode().split(f">{title}</h", 1)
    return before[before.rindex("<details") :].partition(">")[0].endswith(" open")


class TestFramework:
    def test_missions_and_activities_are_those_of_the_signed_annex(self):
        text = _annex()
        for mission in framework()[1:]:
            assert _bare(mission.title) in text
        for activity in (each for mission in framework() for each in mission.activities):
            assert _bare(activity.title) in text

    def test_each_activity_has_a_key_of_its_own(self):
        count = sum(len(mission.activities) for mission in framework())
        assert len(activity_keys()) == count == 23


def _annex() -> str:
    from conventions.demo import FOLDER  # noqa: PLC0415
    from conventions.loading.reader import read  # noqa: PLC0415

    content = read(FOLDER / "grand_chatellerault.yaml").content
    return _bare(content["annexes"][0]["texte"])


def _bare(text: str) -> str:
    """As people read it, whatever the signs."""
    words = text.replace("’", "'").replace("**", "").replace(",", " ").replace("#", " ")
    return " ".join(words.casefold().split())


class TestEvent:
    def test_a_record_saved_again_is_the_next_revision_of_its_row(self, committee):
        first = record_post(committee)
        assert (first.revision, first.updated_by_name) == (1, str(committee.coordinator))
        assert PostRecord.of(PostYear.objects.with_lines().get()) == told_whole()
        second = record_post(committee, told_whole(cost=Decimal(48000), fundings=[]), revision=1)
        assert (second.pk, second.revision, second.fundings.count()) == (first.pk, 2, 0)
        assert [row.cost for row in second.history.all()] == [48000, 47600]

    def test_a_record_that_is_the_same_or_empty_saves_nothing(self, committee):
        record_post(committee)
        assert record_post(committee, revision=0).revision == 1
        assert record_post(committee, PostRecord(), year=2022) is None
        assert PostYear.objects.count() == 1

    def test_a_record_that_was_not_seen_is_not_overwritten(self, committee):
        record_post(committee)
        with pytest.raises(Refused, match="entre-temps"):
            record_post(committee, told_whole(text="Autre."))

    def test_an_activity_outside_the_framework_is_refused(self, committee):
        with pytest.raises(Refused, match="référentiel"):
            record_post(committee, told_whole(activities=["reseau.inconnue"]))

    def test_only_the_coordinator_records(self, committee):
        adviser = SeatFactory(organisation=committee.caf, adviser=True).user
        for user in (committee.caf_member, adviser, f.MembershipFactory(coordinator=True).user):
            with pytest.raises(Refused):
                record_post(committee, by=user)

    def test_a_record_keeps_its_collection_and_its_post(self, committee):
        assert reason_to_keep_collection(committee.campaign) is None
        record_post(committee)
        assert reason_to_keep_collection(committee.campaign)
        assert reasons_to_keep(committee.post, (CooperationShare,)) == [
            "1 suivi d’un poste de coopération en dépend"
        ]

    def test_the_name_of_an_anonymised_writer_is_erased(self, client, committee):
        other = colleague_of(committee)
        client.force_login(other)
        client.post(url_of(committee), sent(committee.post, text="Un texte."))
        assert PostYear.objects.get().updated_by_name == str(other)
        anonymise(other, by=other)
        assert PostYear.objects.get().updated_by_name == "Compte supprimé"


class TestWhatIsTold:
    def test_sums_are_of_known_values_and_say_of_how_many(self, committee):
        record_post(committee)
        line = line_of_year(committee)
        assert line.summary == "prévu : 1 ETP ; pourvu : 0,5 ETP (connu pour 1\u00a0domaine sur 2)"
        assert [share.filled_fte for share in line.shares] == ["0,5", ""]
        money = [(name, words.replace("\u202f", " ").replace("\u00a0", " "))
                 for name, words in line.money]  # fmt: skip
        assert money == [
            ("Coût", "47 600 € (indicatif : 48 000 €)"),
            ("Caf d’Exemple", "24 000 €"),
            ("Exemple agglomération", "non renseigné"),
            ("Ensemble des financements", "24 000 € (connu pour 1 financeur sur 2)"),
        ]

    def test_a_year_without_record_has_no_zero(self, committee):
        line = line_of_year(committee)
        assert not line.is_told
        assert line.summary == "prévu : 1 ETP ; pourvu : non renseigné"
        assert {figure.actual for figure in line.data} == {""}

    def test_a_recorded_zero_is_shown(self, committee):
        domains = [(domain, Decimal(0)) for domain, _ in [("Politiques éducatives", 0)]]
        record_post(committee, PostRecord(shares=domains, cost=Decimal(0)))
        line = line_of_year(committee)
        assert line.is_told
        assert line.shares[0].filled_fte == "0"
        assert line.cost.startswith("0")

    def test_a_domain_that_is_not_planned_has_no_planned_share(self, committee):
        record_post(committee, PostRecord(shares=[("Contrat de ville", Decimal("0.2"))]))
        shares = [(each.domain, each.planned_fte, each.filled_fte) for each in
                  line_of_year(committee).shares]  # fmt: skip
        assert shares[-1] == ("Contrat de ville", "", "0,2")

    def test_a_post_without_domains_has_one_for_the_whole(self, committee):
        other = committee_of()
        post = post_of(other, domains=[], fte="0.8")
        write_post(
            post,
            YEAR,
            PostRecord(shares=[("Ensemble du poste", Decimal("0.6"))]),
            revision=0,
            by=None,
        )
        [line] = posts_of(other.convention, YEAR)
        assert [(s.domain, s.planned_fte, s.filled_fte) for s in line.shares] == [
            ("Ensemble du poste", "0,8", "0,6")
        ]

    def test_a_post_no_longer_planned_is_shown_in_the_years_of_its_records(self, committee):
        record_post(committee)
        committee.post.rank += 10_000
        committee.post.save()
        assert [line.is_told for line in posts_of(committee.convention, YEAR)] == [True]
        assert posts_of(committee.convention, 2022) == []


class TestPage:
    def test_the_form_saves_every_field_and_shows_it_again(self, client, committee):
        client.force_login(committee.coordinator)
        post = committee.post
        assert "1 poste de coopération reste à renseigner" in page_of(
            client.get(url_of(committee))
        ).replace("\u00a0", " ")
        form = sent(
            post,
            activities=["attendus.conseil", "reseau.lien", "reseau.partenaires"],
            text="Trois **réseaux** se réunissent.",
            services="Un espace de vie sociale.",
            partnerships="Avec le Département.",
            transfers="La petite enfance de trois communes.",
            cost="47 600 €",
            fte_1="0,5",
            fte_2="",
            fundings=[
                {"funder": "Caf d’Exemple", "amount": "24 000"},
                {"funder": " Exemple  agglomération ", "amount": ""},
                {"funder": "", "amount": ""},
            ],
            others=[{"domain": "", "fte": ""}],
        )
        response = client.post(url_of(committee), form)
        assert "1 suivi est enregistré." in after(client, response).replace("\u00a0", " ")
        assert PostRecord.of(PostYear.objects.with_lines().get()) == told_whole(
            activities=["attendus.conseil", "reseau.partenaires", "reseau.lien"]
        )
        page = client.get(url_of(committee))
        assert value_of(page, f"{post.pk}-cost") == "47\u202f600"
        assert value_of(page, f"{post.pk}-fte_1") == "0,5"
        assert page.content.decode().count(" checked") == 3

    def test_mistakes_save_nothing_and_stay_in_the_form(self, client, committee):
        client.force_login(committee.coordinator)
        post = committee.post
        form = sent(
            post,
            text="À garder.",
            fte_1="-1",
            cost="environ 3",
            others=[{"domain": "autres  actions", "fte": "0,1"}, {"domain": "Sans ETP", "fte": ""}],
            fundings=[{"funder": "", "amount": "12"}, {"funder": "A", "amount": "1"},
                      {"funder": "a", "amount": "2"}],
        )  # fmt: skip
        response = client.post(url_of(committee), form)
        text = page_of(response)
        assert "À corriger" in text
        for why in (
            "écrivez le nombre seul",
            "Écrivez les ETP pourvus dans ce domaine, ou effacez-le.",
            "Dites qui a financé.",
            "Ce nom est déjà sur une autre ligne",
        ):
            assert why in text
        assert text.count("Ce nom est déjà sur une autre ligne") >= 2
        assert value_of(response, f"{post.pk}-text") == "À garder."
        assert value_of(response, f"{post.pk}-cost") == "environ 3"
        assert value_of(response, f"{post.pk}-domaines-1-domain") == "Sans ETP"
        assert not PostYear.objects.exists()

    @pytest.mark.parametrize("choice", ["mine", "theirs"])
    def test_the_second_writer_is_shown_both_records_and_chooses(self, client, committee, choice):
        client.force_login(committee.coordinator)
        other = colleague_of(committee)
        record_post(committee, PostRecord(text="Le texte de l’autre.", cost=Decimal(5)), by=other)
        form = sent(committee.post, text="Mon texte à moi.", fte_1="0,4")
        response = client.post(url_of(committee), form)
        text = page_of(response)
        assert str(other) in text
        assert "Ce qui a été fait" in text
        assert "ETP pourvus, Politiques éducatives" in text
        assert value_of(response, f"{committee.post.pk}-text") == "Mon texte à moi."
        page_of(client.post(url_of(committee), form))
        assert PostYear.objects.get().text == "Le texte de l’autre."
        chosen = {"mine": "mienne:1", "theirs": "autre"}[choice]
        assert f'value="{chosen}"' in response.content.decode()
        form[f"{committee.post.pk}-choice"] = chosen
        after(client, client.post(url_of(committee), form))
        stored = "Mon texte à moi." if choice == "mine" else "Le texte de l’autre."
        assert PostYear.objects.get().text == stored

    def test_the_button_saves_each_post_that_is_right(self, client, committee):
        second = post_of(committee, title="Jeunesse", rank=2)
        client.force_login(committee.coordinator)
        form = sent(committee.post, text="Un.") | sent(second, text="Deux.")
        response = client.post(url_of(committee), form | {"place": second.anchor})
        assert response.url.endswith(f"#{second.anchor}")
        assert {row.text for row in PostYear.objects.all()} == {"Un.", "Deux."}
        # One that is wrong holds the other back no more than it must.
        form = sent(committee.post, text="Trois.", revision=1) | sent(second, cost="x", revision=1)
        page_of(client.post(url_of(committee), form))
        assert {row.text for row in PostYear.objects.all()} == {"Trois.", "Deux."}

    def test_folds_say_how_much_of_them_is_recorded(self, client, committee):
        client.force_login(committee.coordinator)
        folds = ("Ce que le poste a apporté", "Le coût et qui l’a financé")
        page = client.get(url_of(committee))
        assert [is_open(page, fold) for fold in folds] == [False, False]
        assert "0 texte sur 3" in page_of(page)
        assert "coût à renseigner" in page_of(page)
        record_post(committee)
        text = page_of(client.get(url_of(committee)))
        record = told_whole()
        written = sum(map(bool, (record.services, record.partnerships, record.transfers)))
        assert f"{written} texte{'s' * (written > 1)} sur 3" in text
        assert f"coût renseigné, {len(record.fundings)} financeur" in text

    @pytest.mark.parametrize(
        "wrong", [{"cost": "x"}, {"fundings": [{"funder": "", "amount": "12"}]}]
    )
    def test_a_fold_with_a_mistake_is_open(self, client, committee, wrong):
        client.force_login(committee.coordinator)
        page = client.post(url_of(committee), sent(committee.post, **wrong))
        assert is_open(page, "Le coût et qui l’a financé")
        assert not is_open(page, "Ce que le poste a apporté")

    def test_the_post_to_correct_or_the_first_without_record_is_open(self, client, committee):
        second, third = (post_of(committee, title=t, rank=r) for t, r in (("B", 2), ("C", 3)))
        client.force_login(committee.coordinator)
        record_post(committee)

        def opened(page) -> list[bool]:
            return [is_open(page, str(post)) for post in (committee.post, second, third)]

        assert opened(client.get(url_of(committee))) == [False, True, False]
        page = client.post(url_of(committee), sent(third, cost="x"))
        assert opened(page) == [False, False, True]
        for post in (second, third):
            record_post(committee, post=post)
        assert opened(client.get(url_of(committee))) == [False, False, False]

    def test_a_year_not_collected_is_not_found_and_a_convention_without_posts_says_so(
        self, client, committee
    ):
        client.force_login(committee.coordinator)
        assert client.get(url_of(committee, 2013)).status_code == 404
        committee.post.shares.all().delete()
        committee.post.delete()
        assert "ne prévoit pas de poste" in page_of(client.get(url_of(committee)))

    def test_the_page_takes_as_many_queries_for_eight_posts_as_for_one(self, client, committee):
        client.force_login(committee.coordinator)
        client.get(url_of(committee))

        def asked() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url_of(committee)).status_code == 200
            return len(captured)

        record_post(committee)
        few = asked()
        for rank in range(2, 9):
            record_post(committee, post=post_of(committee, title=f"Poste {rank}", rank=rank))
        assert asked() == few


class TestWhereItIsRead:
    def test_a_post_without_record_is_a_lack_that_leads_to_its_page(self, committee):
        def sentences():
            lacks = lacking_of(committee.convention, committee.campaign).lines
            return [(lack.sentence, lack.url) for lack in lacks if "poste" in lack.sentence]

        assert sentences() == [
            ("1\u00a0poste de coopération n’a pas son suivi.", url_of(committee))
        ]
        record_post(committee)
        assert sentences() == []

    def test_the_page_of_the_year_shows_drafts_by_right(self, client, committee):
        record_post(committee)
        year = reverse("evaluation:year", args=[committee.convention.slug, YEAR])
        reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
        for person, reads in (
            (committee.coordinator, True),
            (committee.caf_member, True),
            (reader, False),
        ):
            client.force_login(person)
            html = client.get(year).content.decode()
            assert ("Un espace de vie sociale." in html) == reads
        complete = reverse("evaluation:complete", args=[committee.convention.slug, YEAR])
        client.force_login(committee.coordinator)
        assert url_of(committee) in client.get(complete).content.decode()

    def test_the_report_and_its_files_have_the_posts(self, committee):
        record_post(committee)
        content = read_report(committee.convention, committee.campaign)
        [post] = content.posts
        assert (post.title, post.employer) == ("Poste de coopération", "Exemple agglomération")
        rows = [(r.counted, r.detail, r.planned, r.actual, r.unit) for r in post.data]
        assert ("ETP", "Politiques éducatives", "0.7", "0.5", "ETP") in rows
        assert ("Financement", "Exemple agglomération", "", "", "€") in rows
        assert len(list(posts_table(content).rows)) == len(rows) == 5
        mark = Mark("Version 1", "publiée le", committee.convention.start)
        assert "postes de coopération" in json_of(content, mark).decode()
        assert workbook_of(content)[:2] == docx_of(content, mark)[:2] == b"PK"
        read = render_to_string(
            "evaluation/reading/report.html", {"report": content, "pictures": {}, "own": None}
        )
        for html in (write(content, mark), read):
            for words in ("Un espace de vie sociale.", "non renseigné", "(2 sur 3)", "0,5"):
                assert words in html

    def test_the_report_of_the_term_has_the_posts_over_its_years(self, committee):
        record_post(committee)
        content = read_report(committee.convention, committee.campaign, TERM)
        assert content.posts == []
        assert [post.years for post in content.posts_over_years] == [[YEAR]]

    def test_the_search_finds_a_record_for_those_who_read_drafts(self, client, committee):
        record_post(committee)
        page = f"/conventions/{committee.convention.slug}/recherche/?q=espace+vie+sociale"
        reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
        for person, finds in ((committee.caf_member, True), (reader, False)):
            client.force_login(person)
            assert ("Suivi 2023" in page_of(client.get(page))) == finds


class TestPublication:
    def test_a_record_returns_a_submitted_evaluation(self, db):
        committee = written_year()
        post = post_of(committee)
        edition = submitted(committee)
        write_post(post, YEAR, told_whole(), revision=0, by=committee.coordinator)
        assert not now(edition).is_in_hand
        before, second = plain_of(edition.snapshot), submitted(committee)
        changes = changes_between(before, plain_of(second.snapshot))
        labels = {change.label for change in changes}
        assert "Poste de coopération : nouveaux services" in labels
        assert "Poste de coopération – Politiques éducatives : ETP pourvus" in labels
        # Few read it before it is published: the register does not tell it.
        assert all(change.is_draft for change in changes)

    def test_readers_see_the_published_record(self, client, db):
        committee = written_year()
        post = post_of(committee)
        write_post(post, YEAR, told_whole(), revision=0, by=committee.coordinator)
        published(committee)
        later = told_whole(services="Écrit depuis.")
        write_post(post, YEAR, later, revision=1, by=committee.coordinator)
        client.force_login(f.MembershipFactory(organisation=committee.caf, reader=True).user)
        year = reverse("evaluation:year", args=[committee.convention.slug, YEAR])
        text = page_of(client.get(year))
        assert "Un espace de vie sociale." in text
        assert "Écrit depuis." not in text
