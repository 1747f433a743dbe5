"""What a year made of each objective: written by the coordinator, read by all, as it stood."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.events import anonymise
from committee.models import AmendmentProposal
from conventions.models import Convention
from ctg_portal.rules import Refused
from evaluation.models import Appreciation
from evaluation.reasons_to_keep import reason_to_keep_collection
from evaluation.report.reading import read_report
from evaluation.verdicts.events import appreciate
from evaluation.year.lacks import lacking, lacking_of
from evaluation.year.reading import read_year
from tests import factories as f
from tests.agreements.factories import committee_of
from tests.committee.pages import after, page_of, value_of
from tests.evaluation.planning import action_of
from tests.indicators.factories import campaign_of, indicator_in_force
from tests.stories import told_once

LAST_DAY = datetime.date(2023, 12, 31)


@told_once
def committee(db):
    """One signed orientation with one sub-objective, and the collection of 2023."""
    committee = committee_of(signed_on=datetime.date(2021, 1, 1), end=datetime.date(2024, 12, 31))
    committee.campaign = campaign_of(committee, 2023, [indicator_in_force(committee)])
    committee.sub = f.ObjectiveFactory(
        parent=committee.orientation, since=committee.orientation.since, title="Former les équipes"
    )
    return committee


def url_of(committee, year=2023, theme=None) -> str:
    theme = theme or committee.orientation.theme
    return reverse("evaluation:appreciate", args=[committee.convention.slug, year, theme.pk])


def give(committee, verdict="reached", text="", *, revision=0, by=None, year=2023, objective=None):
    objective = objective or committee.orientation
    return appreciate(
        objective, year, verdict, text, revision=revision, by=by or committee.coordinator
    )


def sent(objective, verdict="", text="", *, revision=0, **others) -> dict:
    form = {"verdict": verdict, "text": text, "revision": revision} | others
    return {f"{objective.pk}-{name}": value for name, value in form.items()}


def reading_of(committee):
    return read_year(Convention.objects.get(pk=committee.convention.pk), committee.campaign)


def colleague_of(committee):
    return f.MembershipFactory(coordinator=True, organisation=committee.epci).user


class TestEvent:
    def test_a_verdict_given_again_is_the_next_revision_of_its_row(self, committee):
        first = give(committee)
        assert (first.verdict, first.revision) == ("reached", 1)
        second = give(committee, "to_adapt", "Trop large.", revision=1)
        assert (second.pk, second.verdict, second.revision) == (first.pk, "to_adapt", 2)
        assert [row.verdict for row in second.history.all()] == ["to_adapt", "reached"]

    def test_each_year_has_a_verdict_of_its_own(self, committee):
        give(committee)
        give(committee, "on_the_way", year=2022)
        assert Appreciation.objects.count() == 2

    @pytest.mark.parametrize("verdict", ["not_reached", "to_adapt", "without_object"])
    @pytest.mark.parametrize("text", ["", " \n"])
    def test_some_verdicts_need_a_reason(self, committee, verdict, text):
        with pytest.raises(Refused, match="pourquoi"):
            give(committee, verdict, text)
        with pytest.raises(IntegrityError), transaction.atomic():
            Appreciation.objects.create(objective=committee.orientation, year=2023, verdict=verdict)

    def test_an_unknown_verdict_is_no_row(self, committee):
        with (
            pytest.raises(IntegrityError, match="appreciation_verdict_known"),
            transaction.atomic(),
        ):
            Appreciation.objects.create(
                objective=committee.orientation, year=2023, verdict="x", text="y"
            )
        row = Appreciation(objective=committee.orientation, year=2023, verdict="x", text="y")
        with pytest.raises(ValidationError):
            row.full_clean()

    def test_a_verdict_that_was_not_seen_is_not_overwritten(self, committee):
        give(committee)
        with pytest.raises(Refused, match="entre-temps"):
            give(committee, "on_the_way")
        assert Appreciation.objects.get().verdict == "reached"

    def test_values_as_they_were_seen_overwrite_nothing(self, committee):
        give(committee, "reached", "Un")
        give(committee, "on_the_way", "Deux", revision=1)
        assert give(committee, "reached", "Un", revision=1).verdict == "on_the_way"
        assert give(committee, "", "", revision=0).verdict == "on_the_way"
        assert Appreciation.objects.get().revision == 2

    def test_only_the_coordinator_appreciates(self, committee):
        for user in (committee.caf_member, f.MembershipFactory(coordinator=True).user):
            with pytest.raises(Refused):
                give(committee, by=user)
        assert not Appreciation.objects.exists()

    def test_an_objective_not_in_force_when_the_year_ended_is_refused(self, committee):
        agreed_later = committee.in_force_since(datetime.date(2024, 1, 1)).subject
        with pytest.raises(Refused, match="en vigueur"):
            give(committee, objective=agreed_later)
        in_time = committee.in_force_since(LAST_DAY, "Tenir une permanence").subject
        give(committee, objective=in_time)
        later = f.AmendmentFactory(
            convention=committee.convention, number=1, effective_on=datetime.date(2023, 6, 1)
        )
        f.end(committee.orientation, later)
        with pytest.raises(Refused, match="en vigueur"):
            give(committee)
        give(committee, year=2022)

    def test_a_text_begun_keeps_the_collection_of_its_year(self, committee):
        assert reason_to_keep_collection(committee.campaign) is None
        give(committee, "", "Commencé.")
        assert reason_to_keep_collection(committee.campaign)

    def test_the_name_of_an_anonymised_writer_is_erased(self, client, committee):
        other = colleague_of(committee)
        client.force_login(other)
        client.post(url_of(committee), sent(committee.orientation, "reached"))
        assert Appreciation.objects.get().updated_by_name == str(other)
        anonymise(other, by=other)
        assert Appreciation.objects.get().updated_by_name == "Compte supprimé"


class TestWhatIsAsked:
    def test_a_verdict_on_an_orientation_counts_for_its_sub_objectives(self, committee):
        assert reading_of(committee).appreciations.awaited == 1
        give(committee)
        counts = reading_of(committee).appreciations
        assert (counts.given, counts.awaited) == (1, 0)

    def test_verdicts_on_all_sub_objectives_count_for_their_orientation(self, committee):
        other = f.ObjectiveFactory(parent=committee.orientation, since=committee.sub.since)
        give(committee, objective=committee.sub)
        assert reading_of(committee).appreciations.awaited == 1
        give(committee, "on_the_way", objective=other)
        counts = reading_of(committee).appreciations
        assert (counts.given, counts.awaited) == (2, 0)

    def test_an_objective_that_the_committee_added_awaits_its_own_verdict(self, committee):
        committee.in_force_since(LAST_DAY)
        give(committee)
        assert reading_of(committee).appreciations.awaited == 1

    def test_a_hole_has_neither_action_nor_indicator(self, committee):
        def holes():
            return [row.title for row in reading_of(committee).objectives if row.is_hole]

        assert holes() == ["Former les équipes"]
        action = action_of(committee, objectives=[committee.sub])
        assert holes() == []
        # What it serves today is not what it was agreed to be for then.
        action.objectives.clear()
        assert holes() == []

    def test_an_abandoned_action_serves_no_objective(self, committee):
        action_of(committee, state="abandoned", reason="Sans budget.", objectives=[committee.sub])
        assert [row.is_hole for row in reading_of(committee).objectives] == [False, True]

    def test_missing_verdicts_are_counted_among_the_lacks_of_the_year(self, committee):
        f.ObjectiveFactory(theme=committee.orientation.theme, since=committee.sub.since)
        today = datetime.date(2024, 3, 1)

        def sentences():
            lacks = lacking_of(committee.convention, committee.campaign).lines
            by_year = {each.year: each.lacks.lines for each in lacking(committee.convention, today)}
            assert [lack.sentence for lack in lacks] == [
                lack.sentence for lack in by_year[2023] if "publiée" not in lack.sentence
            ]
            return [lack.sentence for lack in lacks if "apprécier" in lack.sentence]

        assert sentences() == ["2\u00a0objectifs restent à apprécier."]
        give(committee)
        assert sentences() == ["1\u00a0objectif reste à apprécier."]

    def test_an_indicator_without_baseline_is_a_lack_until_given_one(self, client, committee):
        bare = indicator_in_force(
            committee, title="Sans départ", baseline_value=None, baseline_year=None, targets=[]
        )
        campaign = campaign_of(committee, 2022, [bare])
        lines = lacking_of(committee.convention, campaign).lines
        lacks = [lack for lack in lines if "initiale" in lack.sentence]
        assert [lack.sentence for lack in lacks] == [
            "1\u00a0indicateur n’a pas de situation initiale."
        ]
        client.force_login(committee.coordinator)
        assert "Sans départ" in page_of(client.get(lacks[0].url))
        # Given since, nothing is left to mend.
        type(bare).objects.filter(pk=bare.pk).update(baseline_value=3, baseline_year=2020)
        lines = lacking_of(committee.convention, campaign).lines
        assert not any("initiale" in lack.sentence for lack in lines)


class TestPage:
    def test_the_button_saves_all_verdicts_and_leads_back_to_its_place(self, client, committee):
        client.force_login(committee.coordinator)
        url, sub = url_of(committee), committee.sub
        form = sent(committee.orientation, "reached", "Ouverts.") | sent(sub, "on_the_way")
        response = client.post(url, form | {"place": sub.anchor})
        assert response.url == f"{url}#{sub.anchor}"
        assert "2 appréciations sont enregistrées." in after(client, response).replace("\xa0", " ")
        assert value_of(client.get(url), f"{committee.orientation.pk}-text") == "Ouverts."

    def test_the_button_to_go_on_leads_to_the_next_theme(self, client, committee):
        other = f.ThemeFactory(axis=committee.orientation.theme.axis, rank=9, title="Jeunesse")
        f.ObjectiveFactory(theme=other, since=committee.sub.since)
        client.force_login(committee.coordinator)
        form = sent(committee.orientation, "reached") | {"suite": "oui"}
        assert client.post(url_of(committee), form).url == url_of(committee, theme=other)

    def test_a_mistake_in_one_form_keeps_it_and_saves_the_others(self, client, committee):
        client.force_login(committee.coordinator)
        form = sent(committee.orientation, "not_reached") | sent(committee.sub, "", "À suivre.")
        response = client.post(url_of(committee), form)
        text = page_of(response)
        assert "À corriger" in text
        assert "ne se comprend pas sans motif" in text
        assert value_of(response, f"{committee.sub.pk}-text") == "À suivre."
        assert Appreciation.objects.get().text == "À suivre."
        assert "checked" in response.content.decode().split('value="not_reached"')[1][:200]
        # The one that was saved is sent again with its new revision.
        second = form | sent(committee.orientation, "not_reached", "Faute de poste.")
        second |= {
            f"{committee.sub.pk}-revision": value_of(response, f"{committee.sub.pk}-revision")
        }
        assert client.post(url_of(committee), second).status_code == 302

    @pytest.mark.parametrize("choice", ["mine", "theirs"])
    def test_the_second_writer_is_shown_both_verdicts_and_chooses(self, client, committee, choice):
        client.force_login(committee.coordinator)
        other = colleague_of(committee)
        give(committee, "on_the_way", "Le texte de l’autre.", by=other)
        form = sent(committee.orientation, "reached", "Mon texte à moi.")
        response = client.post(url_of(committee), form)
        text = page_of(response)
        assert str(other) in text
        assert "l’autre" in text
        assert value_of(response, f"{committee.orientation.pk}-text") == "Mon texte à moi."
        # Without a choice it is asked again.
        page_of(client.post(url_of(committee), form))
        assert Appreciation.objects.get().text == "Le texte de l’autre."
        chosen = {"mine": "mienne:1", "theirs": "autre"}[choice]
        assert f'value="{chosen}"' in response.content.decode()
        form[f"{committee.orientation.pk}-choice"] = chosen
        after(client, client.post(url_of(committee), form))
        stored = "Mon texte à moi." if choice == "mine" else "Le texte de l’autre."
        assert Appreciation.objects.get().text == stored

    def test_an_unchanged_form_does_not_overwrite_a_colleague(self, client, committee):
        """The page was filled before a colleague wrote, and changes another objective."""
        give(committee, "reached", "Un")
        give(committee, "on_the_way", "Deux", revision=1, by=colleague_of(committee))
        client.force_login(committee.coordinator)
        form = sent(committee.orientation, "reached", "Un", revision=1)
        after(client, client.post(url_of(committee), form | sent(committee.sub, "reached")))
        assert {row.text for row in Appreciation.objects.all()} == {"Deux", ""}

    def test_an_unknown_year_or_theme_is_not_found(self, client, committee):
        client.force_login(committee.coordinator)
        for url in (url_of(committee, 2013), url_of(committee, theme=f.ThemeFactory())):
            assert client.get(url).status_code == 404
            assert client.post(url, sent(committee.sub, "reached")).status_code == 404

    def test_the_index_counts_what_is_awaited_and_leads_to_each_theme(self, client, committee):
        client.force_login(committee.coordinator)
        index = reverse("evaluation:appreciations", args=[committee.convention.slug, 2023])
        response = client.get(index)
        assert "1 objectif reste à apprécier" in page_of(response).replace("\xa0", " ")
        assert url_of(committee) in response.content.decode()
        assert "Former les équipes" in page_of(response)
        give(committee)
        assert "tous les objectifs sont appréciés" in page_of(client.get(index))

    def test_the_page_takes_as_many_queries_for_fifty_objectives_as_for_two(
        self, client, committee
    ):
        client.force_login(committee.coordinator)
        client.get(url_of(committee))

        def asked() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url_of(committee)).status_code == 200
            return len(captured)

        few = asked()
        theme, since = committee.orientation.theme, committee.sub.since
        for _ in range(49):
            give(committee, objective=f.ObjectiveFactory(theme=theme, since=since))
        assert asked() == few


class TestToAdapt:
    WORDING = "Ouvrir et tenir ouvert"

    def post(self, client, committee, **others):
        form = sent(committee.orientation, "to_adapt", "Trop large.", wording=self.WORDING)
        return client.post(url_of(committee), form | others)

    def test_another_wording_is_proposed_for_an_amendment_once(self, client, committee):
        client.force_login(committee.coordinator)
        text = after(client, self.post(client, committee))
        wish = AmendmentProposal.objects.get()
        assert (wish.wording, wish.reason) == (self.WORDING, "Trop large.")
        assert wish.subject == committee.orientation
        assert "est gardée pour un prochain avenant" in text
        assert "Voir les propositions" in text
        seen = {f"{committee.orientation.pk}-revision": 1}
        after(client, self.post(client, committee, **seen))
        reason = {f"{committee.orientation.pk}-text": "Un autre motif."}
        after(client, self.post(client, committee, **seen, **reason))
        assert AmendmentProposal.objects.count() == 1

    def test_the_signed_text_left_as_it_is_proposes_nothing(self, client, committee):
        client.force_login(committee.coordinator)
        name = f"{committee.orientation.pk}-wording"
        signed = value_of(client.get(url_of(committee)), name)
        assert signed.startswith("Développer l’accueil")
        after(client, self.post(client, committee, **{name: signed.replace("\n", "\r\n")}))
        assert not AmendmentProposal.objects.exists()

    def test_a_wording_with_another_verdict_is_refused_and_kept_in_the_form(
        self, client, committee
    ):
        client.force_login(committee.coordinator)
        response = self.post(
            client, committee, **{f"{committee.orientation.pk}-verdict": "reached"}
        )
        assert "choisissez « à adapter »" in page_of(response).replace("\xa0", " ")
        assert value_of(response, f"{committee.orientation.pk}-wording") == self.WORDING
        assert not AmendmentProposal.objects.exists()

    def test_a_refused_appreciation_proposes_no_wording(self, client, committee):
        give(committee, "reached", by=colleague_of(committee))
        client.force_login(committee.coordinator)
        page_of(self.post(client, committee))
        assert not AmendmentProposal.objects.exists()

    def test_an_objective_of_the_committee_has_a_link_to_edit_it_and_no_wording(
        self, client, committee
    ):
        own = committee.in_force_since(LAST_DAY).subject
        client.force_login(committee.coordinator)
        html = client.get(url_of(committee)).content.decode()
        edit = reverse("committee:edit_objective", args=[committee.convention.slug, own.pk])
        assert edit in html
        assert f'name="{own.pk}-wording"' not in html


class TestReading:
    def year_page(self, client, committee, user=None) -> str:
        client.force_login(user or committee.caf_member)
        page = client.get(committee.campaign.get_absolute_url(), {"theme": "tout"})
        return " ".join(page_of(page).split())

    def test_the_page_of_the_year_shows_verdicts_and_reasons_to_readers(self, client, committee):
        assert "pas encore apprécié" not in self.year_page(client, committee)
        give(committee, "not_reached", "Faute de **poste**.")
        text = self.year_page(client, committee)
        assert "0 sur 1 objectif atteint 1 non atteint" in text
        assert "1 objectif : 1 non atteint." in text
        assert "✕ non atteint Faute de poste" in text

    def test_a_text_without_verdict_is_shown_nowhere(self, client, committee):
        give(committee, "", "Rien encore.")
        assert "Rien encore." not in self.year_page(client, committee)
        assert "Rien encore." not in str(read_report(committee.convention, committee.campaign))

    def test_what_the_year_lacks_leads_the_coordinator_to_missing_verdicts(self, client, committee):
        client.force_login(committee.coordinator)
        where = [committee.convention.slug, committee.campaign.year]
        page = client.get(reverse("evaluation:complete", args=where))
        assert "1 objectif reste à apprécier." in " ".join(page_of(page).split())
        assert reverse("evaluation:appreciations", args=where) in page.content.decode()

    def test_the_report_has_verdicts_and_their_counts(self, committee):
        own = committee.in_force_since(LAST_DAY).subject
        before = read_report(committee.convention, committee.campaign)
        give(committee, "to_adapt", "Trop large.")
        give(committee, "reached", objective=own)
        report = read_report(committee.convention, committee.campaign)
        [theme] = [theme for axis in report.axes for theme in axis.themes]
        signed = [(line.appreciation, line.justification) for line in theme.signed]
        assert signed == [("à adapter", "Trop large."), ("", "")]
        assert [line.appreciation for line in theme.committee] == ["atteint"]
        assert report.summary.objectives == "2\u00a0objectifs : 1\u00a0atteint et 1\u00a0à adapter."
        assert report.digest != before.digest

    def test_the_counts_agree_with_the_territory_s_word_for_an_objective(self, committee):
        convention = committee.convention
        convention.labels = {"objectif": {"un": "Finalité", "des": "Finalités", "genre": "f"}}
        convention.save()
        give(committee)
        assert reading_of(committee).appreciations.sentence == "1\u00a0finalité : 1\u00a0atteinte."

    def test_the_verdicts_of_a_past_year_do_not_change_by_later_acts(self, committee):
        give(committee, "reached", "Ouverts.")
        later = f.AmendmentFactory(
            convention=committee.convention, number=1, effective_on=datetime.date(2024, 6, 1)
        )
        f.end(committee.orientation, later)
        give(committee, "on_the_way", year=2022)
        counts = reading_of(committee).appreciations
        assert (counts["reached"], counts.total) == (1, 1)

    def test_the_final_evaluation_shows_the_verdicts_year_after_year(self, client, committee):
        give(committee, "on_the_way", year=2022)
        give(committee)
        client.force_login(committee.caf_member)
        url = reverse("evaluation:final", args=[committee.convention.slug])
        text = " ".join(page_of(client.get(url)).split())
        assert "Ce que sont devenus les objectifs" in text
        assert "▸ en voie d’être atteint ✓ atteint" in text

    def test_the_search_finds_the_reason_of_a_verdict(self, client, committee):
        give(committee, "reached", "Trois ludobus roulent.")
        client.force_login(committee.caf_member)
        search = reverse("conventions:search", args=[committee.convention.slug])
        response = client.get(search, {"q": "ludobus"})
        assert ", atteint (2023)" in page_of(response)
        assert f"#{committee.orientation.theme.anchor}" in response.content.decode()
