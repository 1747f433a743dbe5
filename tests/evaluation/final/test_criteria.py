"""By which criteria a convention is evaluated, on which scale, and what is said by each."""

import pytest
from django.urls import reverse

from accounts.events import anonymise
from conventions.loading import reader
from conventions.loading.mistakes import ConventionFileError
from ctg_portal.rules import Refused
from evaluation.models import CriterionText, OwnDraft, Verdict
from evaluation.period import TERM
from evaluation.texts.criteria import criteria_of, read_criteria, scale_of
from evaluation.verdicts.events import appreciate, propose_wording
from evaluation.writing.events import keep_draft, write_criterion
from evaluation.writing.first_draft import escape_markdown
from tests import factories as f
from tests.committee.pages import after, page_of, value_of
from tests.evaluation.final.scene import ended_term
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee(db):
    return ended_term()


def write(committee, text="Peu.", mark="Insuffisant", *, code="impact", revision=0, by=None):
    by = by or committee.coordinator
    return write_criterion(committee.convention, code, text, mark, revision=revision, by=by)


def url(committee, page="", code="impact") -> str:
    name = f"evaluation:criterion{page}"
    return reverse(name, args=[committee.convention.slug, TERM, code])


class TestSetting:
    def test_a_convention_has_six_criteria_and_four_steps_by_default(self, committee):
        codes = [one.code for one in criteria_of(committee.convention)]
        assert codes == [
            "pertinence", "coherence", "efficacite", "efficience", "impact", "durabilite",
        ]  # fmt: skip
        assert all(one.question for one in criteria_of(committee.convention))
        assert len(scale_of(committee.convention)) == 4

    def test_questions_use_the_words_of_the_territory(self, committee):
        asked = criteria_of(committee.convention)[2].question
        assert asked == "Les objectifs ont-ils été atteints ?"
        del committee.convention.words
        committee.convention.labels = {"objectif": "Orientation"}
        questions = " ".join(one.question for one in criteria_of(committee.convention))
        assert "Les orientations répondaient-elles aux besoins" in questions
        assert "Les orientations ont-elles été atteintes ?" in questions

    def test_a_convention_may_have_its_own_criteria_and_scale(self, committee):
        committee.convention.labels = {
            "criteres": [{"nom": "Participation", "question": "Qui ?"}, "Cohérence", "Élan"],
            "echelle": ["Non", "Oui"],
        }
        criteria = criteria_of(committee.convention)
        assert [(one.code, one.question) for one in criteria][::2] == [
            ("participation", "Qui ?"), ("elan", ""),
        ]  # fmt: skip
        assert criteria[1].question
        assert scale_of(committee.convention) == ["Non", "Oui"]

    def test_a_mark_keeps_its_words_when_the_scale_changes(self, committee):
        row = write(committee)
        committee.convention.labels = {"echelle": ["Non", "Oui"]}
        [reading] = [
            one for one in read_criteria(committee.convention, {"impact": row})
            if one.criterion.code == "impact"
        ]  # fmt: skip
        assert (reading.mark, reading.step, reading.is_awaited) == ("Insuffisant", 0, False)


FILE = """format: 1
convention:
  identifiant: essai
  titre: CTG
  territoire: Vallée
  fin: 2025-12-31
  libelles:
    criteres: {criteria}
    echelle: {scale}
parties:
  - {{sigle: CAF, nom: Caf, type: caf, co_valide: oui}}
axes:
  - {{numero: 1, titre: A, objectifs: [{{titre: B}}]}}
"""


def read(tmp_path, criteria="[Impact]", scale="[Non, Peut-être]"):
    path = tmp_path / "essai.yaml"
    path.write_text(FILE.format(criteria=criteria, scale=scale))
    return reader.read(path).content["convention"]["libelles"]


class TestFile:
    def test_the_file_gives_criteria_by_name_or_with_a_question(self, tmp_path):
        convention_read = read(tmp_path, '[Impact, {nom: Élan, question: "Où ?"}]')
        assert convention_read["criteres"] == ["Impact", {"nom": "Élan", "question": "Où ?"}]
        assert convention_read["echelle"] == ["Non", "Peut-être"]

    @pytest.mark.parametrize(
        ("criteria", "scale", "mistake_text"),
        [
            ("[Cohérence, coherence]", "[Un, Deux]", "figure déjà"),
            ("[Impact]", "[Bon, bon]", "figure déjà"),
            ("[]", "[Un]", "cette liste est vide"),
            ("[Impact]", "[]", "cette liste est vide"),
            ('["?"]', "[Un]", "un critère a un nom"),
            ("[{question: Quoi}]", "[Un]", "manque"),
            ("[{nom: Impact, note: 3}]", "[Un]", "note"),
        ],
    )
    def test_a_mistake_in_the_file_is_refused_with_its_reason(
        self, tmp_path, criteria, scale, mistake_text
    ):
        with pytest.raises(ConventionFileError) as refused:
            read(tmp_path, criteria, scale)
        assert any(mistake_text in str(mistake) for mistake in refused.value.mistakes)


class TestWriting:
    def test_a_criterion_is_written_with_mark_and_text(self, committee):
        row = write(committee)
        assert (row.mark, row.text, row.revision) == ("Insuffisant", "Peu.", 1)
        assert write(committee, revision=0).revision == 1
        row = write(committee, mark="", revision=1)
        assert (row.mark, row.text, row.revision) == ("", "Peu.", 2)
        assert row.history.count() == 2

    @pytest.mark.parametrize(
        ("values", "reason"),
        [
            ({"mark": "Parfait"}, "sur l’échelle"),
            ({"code": "beaute"}, "n’est pas de ceux"),
        ],
    )
    def test_a_mark_or_criterion_that_the_convention_has_not_is_refused(
        self, committee, values, reason
    ):
        with pytest.raises(Refused, match=reason):
            write(committee, **values)

    def test_a_criterion_is_not_written_over_another_revision(self, committee):
        write(committee)
        for change in ({"text": "Assez."}, {"mark": "Satisfaisant"}):
            with pytest.raises(Refused, match="entre-temps"):
                write(committee, **change)

    def test_a_criterion_is_written_by_the_coordinator_alone(self, committee):
        with pytest.raises(Refused):
            write(committee, by=committee.caf_member)

    def test_the_name_of_the_writer_is_forgotten(self, committee):
        other = f.MembershipFactory(coordinator=True, organisation=committee.epci).user
        with_history(other, committee)
        anonymise(other, by=other)
        assert CriterionText.objects.get().updated_by_name == "Compte supprimé"


def with_history(user, committee):
    row = write(committee, by=user)
    row.history.update(history_user=user)


class TestDraft:
    def test_a_draft_is_stored_for_its_writer_and_deleted_once_saved(self, committee):
        about = {"convention": committee.convention, "year": None, "criterion": "impact"}
        by = committee.coordinator
        keep_draft("Peu", revision=0, by=by, **about)
        keep_draft("Peu de", revision=0, by=by, **about)
        assert OwnDraft.objects.get().text == "Peu de"
        keep_draft("Un bilan", revision=0, by=by, convention=committee.convention, year=None,
                   theme=committee.theme)  # fmt: skip
        write(committee)
        assert OwnDraft.objects.get().theme == committee.theme


class TestPage:
    def test_saving_a_criterion_leads_back_to_the_term(self, client, committee):
        client.force_login(committee.coordinator)
        assert "Impact : à apprécier" in page_of(client.get(url(committee))).replace("\u00a0", " ")
        response = client.post(
            url(committee), {"text": "Peu.", "mark": "Insuffisant", "revision": 0}
        )
        assert response.url == f"{reverse_final(committee)}#critere-impact"
        assert "Peu." in after(client, response)
        assert value_of(client.get(url(committee)), "text") == "Peu."

    def test_a_preview_keeps_the_mark_that_was_chosen(self, client, committee):
        client.force_login(committee.coordinator)
        sent = {"text": "Peu.", "mark": "Satisfaisant", "revision": 0, "apercu": "oui"}
        response = client.post(url(committee), sent)
        assert response.context["form"]["mark"].value() == "Satisfaisant"
        assert not CriterionText.objects.exists()

    def test_who_saves_second_is_shown_both_texts(self, client, committee):
        other = f.MembershipFactory(coordinator=True, organisation=committee.epci).user
        write(committee, "Le texte de l’autre.", by=other)
        client.force_login(committee.coordinator)
        response = client.post(url(committee), {"text": "Le mien.", "mark": "", "revision": 0})
        page = page_of(response).replace("\u00a0", " ")
        assert f"{other} a enregistré un autre texte" in page
        assert "avec l’appréciation « Insuffisant »" in page
        seen = value_of(response, "revision")
        client.post(url(committee), {"text": "Le mien.", "mark": "", "revision": seen})
        assert CriterionText.objects.get().text == "Le mien."

    def test_the_search_finds_the_text_of_a_criterion(self, client, committee):
        write(committee, "Une ludothèque partout.")
        client.force_login(committee.caf_member)
        search = reverse("conventions:search", args=[committee.convention.slug])
        assert "Impact, évaluation finale" in page_of(client.get(search, {"q": "ludothèque"}))

    def test_objectives_to_adapt_and_proposed_amendments_are_sources(self, client, committee):
        by, objective = committee.coordinator, committee.orientation
        appreciate(objective, 2022, Verdict.TO_ADAPT, "Trop vague.", revision=0, by=by)
        propose_wording(objective, "Ouvrir dix places.", reason="Trop vague.", by=by)
        client.force_login(by)
        args = [committee.convention.slug, TERM, "prochaine-convention"]
        response = client.get(reverse("evaluation:year_text", args=args))
        [first, *_] = response.context["sources"]
        assert first.title == "Ce qui est à adapter"
        sources = "\n".join(piece.markdown for piece in first.pieces)
        assert "Ouvrir dix places." in sources
        assert "(source : appréciation 2022)" in sources
        assert escape_markdown(objective.title[:10]) in sources


def reverse_final(committee) -> str:
    return reverse("evaluation:final", args=[committee.convention.slug])
