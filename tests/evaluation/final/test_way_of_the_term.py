"""The final evaluation on its way: submitted, validated, agreed to, published, corrected, open."""

import datetime
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from ctg_portal.rules import Refused
from documents.drawing.composition import compose
from documents.drawing.models import CompositionState
from evaluation.editions.following import notes_on_change, notes_on_figure
from evaluation.models import (
    Appreciation,
    CriterionText,
    Edition,
    EditionState,
    Evaluation,
    Narrative,
    Part,
    Rendition,
    Report,
    Verdict,
    YearText,
)
from evaluation.opening.events import propose_opening
from evaluation.period import TERM
from evaluation.publication import events, rights
from evaluation.publication.checking import check
from evaluation.publication.current import changed_since
from evaluation.verdicts.events import appreciate
from evaluation.writing.events import (
    give_theme,
    write_criterion,
    write_narrative,
    write_year_text,
)
from evaluation.year.for_reader import published_texts, year_for_reader
from indicators.collection.events import cancel_campaign, reopen_campaign
from indicators.models import CampaignState, Value
from tests import factories as f
from tests.committee.pages import page_of
from tests.documents.drawn import ask
from tests.evaluation.final.scene import (
    agreed,
    ended_term,
    published,
    submitted,
    written_term,
)
from tests.evaluation.publication.scene import keep_drawn, now
from tests.indicators.factories import campaign_of
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@told_once
def committee(db):
    return written_term()


def url(committee, name="publication", *args) -> str:
    return reverse(f"evaluation:{name}", args=[committee.convention.slug, TERM, *args])


class TestWay:
    def test_the_final_evaluation_is_published_and_corrected(self, committee):
        edition = published(committee)
        assert (edition.year, edition.number, edition.state) == (None, 1, EditionState.PUBLISHED)
        assert str(edition) == "Évaluation finale, version 1"
        assert edition.version.subject == Evaluation.objects.get()
        with pytest.raises(Refused, match="déjà publié"):
            submitted(committee)
        by = committee.coordinator
        write_year_text(committee.convention, None, Part.CONCLUSION, "Mieux.", revision=1, by=by)
        with pytest.raises(Refused, match="Dites pourquoi"):
            submitted(committee)
        second = published(committee, reason="La conclusion.")
        assert (second.number, second.reason) == (2, "La conclusion.")
        assert Edition.objects.for_year(None).last_published() == second

    def test_the_caf_is_asked_for_it_provides_figures_of_the_term(self, committee):
        edition = submitted(committee)
        with pytest.raises(Refused, match="attendent encore"):
            events.propose(edition, by=committee.coordinator)

    def test_the_agreements_to_a_published_term_are_not_taken_back(self, committee):
        published(committee)
        entry = committee.campaign.campaign_indicators.get()
        assert entry.version.published_at is not None

    @pytest.mark.parametrize(
        ("today", "closed", "refusal"),
        [
            (datetime.date(2023, 6, 1), False, rights.NOT_ENDED),
            (datetime.date(2023, 6, 1), True, None),
            (datetime.date(2024, 1, 1), False, None),
        ],
    )
    def test_the_term_is_submitted_once_it_has_ended_or_its_last_year_is_closed(
        self, committee, today, closed, refusal
    ):
        if not closed:
            committee.campaign.state = CampaignState.OPEN
            committee.campaign.save()
        campaign = TERM.campaign(committee.convention)
        with patch("evaluation.publication.rights.timezone.localdate", return_value=today):
            answer = rights.may_submit(committee.coordinator, committee.convention, campaign, TERM)
        assert answer == refusal

    def test_the_term_is_not_submitted_while_no_collection_is_closed(self):
        committee = ended_term()
        committee.convention.campaigns.update(state=CampaignState.OPEN)
        with pytest.raises(Refused, match="Aucun recueil"):
            submitted(committee)

    def test_the_term_is_submitted_by_who_coordinates(self, committee):
        with pytest.raises(Refused):
            events.submit(committee.campaign, period=TERM, by=committee.caf_member)


class TestFollowing:
    def test_a_text_of_the_term_returns_the_final_evaluation(self, committee):
        edition = agreed(committee)
        by, convention = committee.coordinator, committee.convention
        write_criterion(convention, "impact", "Peu.", "Insuffisant", revision=1, by=by)
        edition = now(edition)
        assert edition.state == EditionState.RETURNED
        assert edition.transitions.last().reason == "Un texte de la convention a été modifié."

    def test_a_verdict_of_a_year_returns_the_final_evaluation(self, committee):
        edition = submitted(committee)
        by = committee.coordinator
        appreciate(committee.orientation, 2022, Verdict.ON_THE_WAY, "", revision=0, by=by)
        assert now(edition).state == EditionState.RETURNED

    def test_a_text_of_a_year_returns_no_final_evaluation(self, committee):
        edition = submitted(committee)
        by = committee.coordinator
        write_narrative(committee.theme, 2022, "Une crèche.", revision=0, by=by)
        assert now(edition).state == EditionState.SUBMITTED

    def test_a_figure_of_any_year_returns_the_final_evaluation(self, committee):
        edition = submitted(committee)
        first = committee.convention.campaigns.get(year=2021)
        first.campaign_indicators.get().values.update(number=449)
        events.follow_figure(first, by=committee.coordinator)
        assert now(edition).state == EditionState.RETURNED

    def test_who_changes_something_is_warned_before(self, committee):
        assert notes_on_change(committee.convention, TERM) == []
        submitted(committee)
        first = committee.convention.campaigns.get(year=2021)
        for notes in (notes_on_change(committee.convention, TERM), notes_on_figure(first)):
            assert [note.partition(" : ")[0] for note in notes] == [
                "L’évaluation finale est soumise à validation"
            ]


class TestReaders:
    def test_drafts_are_read_by_who_validates(self, committee):
        reader = f.MembershipFactory(organisation=committee.epci).user
        convention = committee.convention
        assert rights.may_read_drafts(committee.caf_member, convention) is None
        assert rights.may_read_drafts(reader, convention)
        assert year_for_reader(convention, TERM, is_public=False).texts
        reading = year_for_reader(convention, TERM, is_public=True)
        appreciations = [one.appreciation for one in reading.objectives]
        assert not any([*appreciations, reading.texts, *(theme.text for theme in reading.themes)])
        assert all(one.is_awaited for one in reading.criteria)
        published(committee)
        reading = published_texts(convention, None)
        assert reading.criteria["impact"].text == "Impact : oui."
        assert reading.themes == {committee.theme.pk: "Trois crèches ont ouvert."}
        assert reading.parts.keys() == {Part.INTRODUCTION, Part.NEXT, Part.CONCLUSION}

    def test_the_verdicts_of_the_years_are_published_with_the_final_evaluation(self, committee):
        by = committee.coordinator
        appreciate(committee.orientation, 2022, Verdict.ON_THE_WAY, "", revision=0, by=by)
        published(committee)
        texts = published_texts(committee.convention, None)
        assert texts.verdicts == {committee.orientation.pk: {2022: "on_the_way"}}

    def test_readers_of_no_drafts_see_the_page_of_the_term_without_drafts(self, client, committee):
        reader = f.MembershipFactory(organisation=committee.epci).user
        client.force_login(reader)
        page = page_of(client.get(url(committee, "year")))
        assert "Trois crèches" not in page
        assert "à compléter" not in page
        published(committee)
        page = page_of(client.get(url(committee, "year")))
        assert "Trois crèches ont ouvert." in page
        assert "Impact : oui." in page.replace("\u00a0", " ")
        assert "Lire l’évaluation publiée" in page

    def test_the_task_of_the_final_evaluation_ends_with_its_publication(self, client, committee):
        client.force_login(committee.coordinator)
        dashboard = reverse("conventions:dashboard", args=[committee.convention.slug])
        assert "son évaluation finale est à conduire" in page_of(client.get(dashboard))
        published(committee)
        assert "son évaluation finale est à conduire" not in page_of(client.get(dashboard))


class TestPages:
    def test_each_step_names_the_final_evaluation(self, client, committee):
        client.force_login(committee.coordinator)
        assert "Évaluation finale : elle est en cours de rédaction" in _plain(
            client.get(url(committee))
        )
        page = _plain(client.get(url(committee, "submit")))
        assert "Soumettre l’évaluation finale" in page
        assert "3 années ne sont pas publiées : 2021, 2022 et 2023." in page
        response = client.post(url(committee, "submit"))
        assert response.url == url(committee)
        edition = Edition.objects.get()
        client.force_login(committee.caf_member)
        page = _plain(client.get(url(committee, "validate")))
        assert "Les analyses de l’évaluation finale sont-elles justes" in page
        client.post(url(committee, "validate"), {"word": "validated", "edition": edition.pk})
        client.force_login(committee.coordinator)
        client.post(url(committee, "propose", edition.pk))
        committee.agree(now(edition).version)
        page = _plain(client.get(url(committee, "publish", edition.pk)))
        assert "Publier l’évaluation finale" in page
        client.post(url(committee, "publish", edition.pk))
        keep_drawn(edition.printings.get(is_final=True, rendition=Rendition.WHOLE))
        page = _plain(client.get(url(committee)))
        assert "Évaluation finale : publiée" in page
        printing = edition.printings.get(is_final=True, rendition=Rendition.WHOLE)
        response = client.get(url(committee, "edition_file", printing.pk))
        name = f"evaluation-finale-{committee.convention.slug}-v1.pdf"
        assert name in response["Content-Disposition"]

    def test_the_final_evaluation_is_open_to_everybody_where_the_parties_agree(
        self, client, committee
    ):
        published(committee)
        version = propose_opening(committee.convention, is_open=True, by=committee.coordinator)
        committee.agree(version)
        slug = committee.convention.slug
        years = client.get(reverse("evaluation:public_years", args=[slug]))
        assert "Évaluation finale" in page_of(years)
        page = _plain(client.get(reverse("evaluation:public_year", args=[slug, None])))
        assert "Les critères d’évaluation" in page
        assert "Impact : oui." in page
        file = client.get(reverse("evaluation:public_file", args=[slug, None, 1, "json"]))
        assert file.json()["années"] == "2021–2023"

    @pytest.mark.parametrize("extension", ["xlsx", "csv", "docx"])
    def test_the_term_has_files_for_who_works_with_it(self, client, committee, extension):
        client.force_login(committee.caf_member)
        answer = ask(client, url(committee, "report_files", extension))
        name = f"evaluation-finale-{committee.convention.slug}.{extension}"
        assert name in answer["Content-Disposition"]

    def test_a_project_is_asked_for_once(self, client, committee):
        client.force_login(committee.coordinator)
        for _ in range(2):
            assert client.post(url(committee, "request_report")).url == url(committee, "report")
        assert Report.objects.get().year is None
        assert "Le rapport final est en préparation" in _plain(client.get(url(committee, "report")))

    def test_a_theme_is_given_to_somebody_to_write(self, client, committee):
        person = f.MembershipFactory(organisation=committee.caf).user
        give_theme(committee.theme, None, person, by=committee.coordinator)
        client.force_login(person)
        dashboard = reverse("conventions:dashboard", args=[committee.convention.slug])
        assert "Le bilan final de" in page_of(client.get(dashboard))
        address = url(committee, "narrative", committee.theme.pk)
        assert client.get(address).status_code == 200
        client.post(address, {"text": "Quatre crèches.", "revision": 1})
        assert Narrative.objects.get(year=None).text == "Quatre crèches."

    def test_a_year_has_no_criterion_and_no_text_on_the_next_convention(self, client, committee):
        client.force_login(committee.coordinator)
        slug = committee.convention.slug
        for name, year, key, status in [
            ("criterion", None, "impact", 200),
            ("criterion", 2023, "impact", 404),
            ("criterion", None, "beaute", 404),
            ("year_text", None, Part.NEXT, 200),
            ("year_text", 2023, Part.NEXT, 404),
        ]:
            address = reverse(f"evaluation:{name}", args=[slug, year, key])
            assert client.get(address).status_code == status, address

    def test_the_page_of_the_term_stands_before_a_year_is_collected(self, client):
        convention = f.ConventionFactory(ended=True)
        coordinator = f.MembershipFactory(
            organisation__convention=convention, coordinator=True
        ).user
        client.force_login(coordinator)
        page = page_of(client.get(reverse("evaluation:final", args=[convention.slug])))
        assert "Aucune année de la convention n’est encore recueillie" in page
        address = reverse("evaluation:publication", args=[convention.slug, None])
        assert client.get(address).status_code == 404


class TestItsOnlyCollection:
    """The term is told from its only collection, closed without a figure."""

    @pytest.fixture
    def alone(self, committee):
        Value.objects.all().delete()
        committee.convention.campaigns.filter(year__lt=2023).delete()
        committee.campaign = reopened(committee)
        return committee

    def test_the_only_collection_stays_once_the_term_is_submitted(self, committee):
        Value.objects.all().delete()
        committee.convention.campaigns.filter(year__lt=2023).delete()
        agreed(committee)
        for rows in (Narrative, YearText, CriterionText, Appreciation):
            rows.objects.all().delete()
        with pytest.raises(Refused, match="l’évaluation finale a été soumise"):
            cancel_campaign(reopened(committee), by=committee.coordinator)

    def test_the_only_collection_stays_once_the_term_is_begun(self, alone):
        with pytest.raises(Refused, match="l’évaluation finale est commencée"):
            cancel_campaign(alone.campaign, by=alone.coordinator)
        for rows in (Narrative, YearText, Appreciation):
            rows.objects.all().delete()
        with pytest.raises(Refused, match="l’évaluation finale est commencée"):
            cancel_campaign(alone.campaign, by=alone.coordinator)
        CriterionText.objects.all().delete()
        assert cancel_campaign(alone.campaign, by=alone.coordinator).is_cancelled

    def test_a_collection_goes_where_another_is_left(self, alone):
        campaign_of(alone, 2022)
        assert cancel_campaign(alone.campaign, by=alone.coordinator).is_cancelled

    def test_a_submitted_term_whose_collection_is_gone_is_outdated(self, client, committee):
        edition = submitted(committee)
        events.validate(edition, committee.caf, by=committee.caf_member)
        events.propose(now(edition), by=committee.coordinator)
        report = Report.objects.create(convention=committee.convention, digest="a" * 64)
        committee.convention.campaigns.update(state=CampaignState.CANCELLED)
        client.force_login(committee.caf_member)
        point = [committee.convention.slug, now(edition).version_id]
        page = _plain(client.get(reverse("committee:point", args=point)))
        assert "Elle ne peut plus être publiée telle quelle" in page
        assert changed_since(now(edition)) == rights.CHANGED
        compose(report)
        report.refresh_from_db()
        assert (report.state, report.attempts) == (CompositionState.FAILED, 1)
        assert "n’a plus de recueil" in report.transitions.last().reason


def reopened(committee):
    soon = timezone.localdate() + datetime.timedelta(days=20)
    by = committee.coordinator
    return reopen_campaign(committee.campaign, due_on=soon, reason="Une erreur.", by=by)


class TestCommands:
    def test_a_file_of_the_term_is_recognised_by_the_command(self, committee):
        edition = agreed(committee)
        printing = events.request_publication(edition, by=committee.coordinator)
        keep_drawn(printing, b"%PDF final")
        checked = check([b"%PDF final"], type(printing).objects.all())
        assert checked.is_published
        assert str(checked.edition) == "Évaluation finale, version 1"

    def test_the_term_is_composed_by_its_name(self, committee, tmp_path, capsys):
        path = tmp_path / "finale.pdf"
        slug = committee.convention.slug
        call_command("build_report", slug, "finale", output=path)
        assert path.read_bytes().startswith(b"%PDF")
        with pytest.raises(CommandError, match="n’a encore aucun recueil"):
            call_command("build_report", f.ConventionFactory(ended=True).slug, "finale")


def _plain(response) -> str:
    return page_of(response).replace("\u00a0", " ")
