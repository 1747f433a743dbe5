"""What an amendment or the committee has decided is never touched by a file."""

import datetime

import pytest

from conventions.loading import ConventionFileError
from conventions.models import (
    Amendment,
    Article,
    Axis,
    Commune,
    Convention,
    Coverage,
    Objective,
    Origin,
    Theme,
)
from tests.conventions.loading.samples import FULL, changed
from tests.conventions.loading.structures import tree

pytestmark = pytest.mark.postgresql


def article(number: int, **about) -> Article:
    return Article.objects.get(number=number, **about)


class TestAmendedText:
    def test_a_file_without_the_amendment_is_silent_and_writes_nothing(self, load_text, amend):
        load_text(FULL)
        amend(article(2), title="Les enjeux partagés")
        report = load_text(FULL)
        assert not report.has_changes
        assert not any("avenant" in warning for warning in report.warnings)

    def test_an_amended_article_stays_with_a_warning(self, load_text, amend):
        load_text(FULL)
        amend(article(2), title="Les enjeux partagés")
        report = load_text(changed("titre: Les enjeux", "titre: Les grands enjeux"))
        assert report.preserved == {"article": 1}
        assert report.warnings[0] == "l’article 2 relève d’un avenant ; il est laissé tel quel."
        titles = article(2).wordings.values_list("title", flat=True)
        assert set(titles) == {"Les enjeux", "Les enjeux partagés"}

    def test_an_article_that_was_not_amended_is_corrected(self, load_text, amend):
        load_text(FULL)
        amend(article(2), title="Les enjeux partagés")
        report = load_text(changed("titre: Objet de la convention", "titre: Objet"))
        assert report.updated == {"article": 1}
        assert article(1).title == "Objet"

    def test_an_article_of_an_amendment_is_no_reason_to_add_it_again(self, load_text, amend):
        load_text(FULL)
        amendment = amend()
        Article.objects.create(
            convention=Convention.objects.get(), number=3, title="Ajouté", since=amendment
        )
        assert not load_text(FULL).has_changes
        report = load_text(changed("annexes:\n", "  - {numero: 3, titre: Autre}\nannexes:\n"))
        assert report.preserved == {"article": 1}
        assert article(3).title == "Ajouté"

    def test_an_article_that_an_amendment_ended_is_not_deleted(self, load_text, amend):
        load_text(FULL)
        amend(article(2))
        report = load_text(changed("  - {numero: 2, titre: Les enjeux}\n", ""))
        assert not report.deleted
        assert article(2).until.number == 1

    def test_an_article_that_was_missing_from_the_file_is_added_as_signed(self, load_text, amend):
        load_text(FULL)
        amend(article(2))
        load_text(changed("annexes:\n", "  - {numero: 3, titre: Oublié}\nannexes:\n"))
        assert article(3).since.number == 0

    def test_the_term_stays_with_a_warning(self, load_text, amend):
        load_text(FULL)
        amend()
        Convention.objects.update(end=datetime.date(2027, 12, 31))
        report = load_text(changed("preavis_mois: 6", "preavis_mois: 4"))
        convention = Convention.objects.get()
        assert (convention.end, convention.notice_months) == (datetime.date(2027, 12, 31), 4)
        assert report.warnings[0] == (
            "la convention a un avenant ; ses dates de signature, de début et de fin sont laissées "
            "telles quelles."
        )

    def test_an_unchanged_term_has_no_warning(self, load_text, amend):
        load_text(FULL)
        amend()
        assert not any("avenant" in warning for warning in load_text(FULL).warnings)


class TestAmendedStructure:
    def test_a_file_without_the_amendment_writes_nothing(self, load_structure, amend):
        axes = ("1 X: 1.1 T: A > A1; B", "2 Y: 2.1 U: C")
        load_structure(*axes)
        amend(Objective.objects.get(title="B"), title="Bien")
        amend(Axis.objects.get(number=2), title="Yes")
        report = load_structure(*axes)
        assert not report.has_changes
        assert not report.warnings

    def test_a_file_that_already_has_the_new_title_adds_nothing(self, load_structure, amend):
        load_structure("1 X: : A; B")
        amend(Objective.objects.get(title="B"), title="Bien")
        report = load_structure("1 X: : A; Bien")
        assert not report.has_changes
        assert Objective.objects.filter(title="Bien").count() == 1

    def test_an_amended_objective_stays_with_a_warning(self, load_structure, amend):
        load_structure("1 X: : A; K=B")
        amend(Objective.objects.get(title="B"), title="Bien")
        report = load_structure("1 X: : A; K=Autre")
        assert report.preserved == {"objectif": 1}
        assert report.warnings[0] == (
            "l’objectif « B » relève d’un avenant ; il est laissé tel quel."
        )

    def test_an_objective_that_an_amendment_added_is_not_deleted(self, load_structure, amend):
        load_structure("1 X: : A")
        amendment = amend()
        theme = Theme.objects.get()
        Objective.objects.create(theme=theme, rank=2, title="Ajouté", since=amendment)
        assert not load_structure("1 X: : A").has_changes
        assert tree() == ["1//A", "1//Ajouté"]

    def test_an_axis_that_an_amendment_added_is_left(self, load_structure, amend):
        load_structure("1 X: : A")
        axis = Axis.objects.create(
            convention=Convention.objects.get(), number=2, title="Ajouté", since=amend()
        )
        report = load_structure("1 X: : A", "2 Autre: : B")
        axis.refresh_from_db()
        assert axis.title == "Ajouté"
        assert report.warnings == [
            "l’axe « Ajouté » relève d’un avenant ; il est laissé tel quel.",
            "« B » n’est pas ajouté à ce qu’un avenant ou le comité a décidé.",
        ]
        assert not Objective.objects.filter(title="B").exists()

    def test_a_number_that_an_amendment_gave_cannot_be_taken(self, load_structure, amend):
        load_structure("1 X: : A")
        Axis.objects.create(
            convention=Convention.objects.get(), number=2, title="Ajouté", since=amend()
        )
        with pytest.raises(ConventionFileError) as caught:
            load_structure("2 X: : A")
        (mistake,) = caught.value.mistakes
        assert mistake.place == "axes n°\u00a01, numero"
        assert mistake.message == (
            "« 2 » est déjà pris, par un avenant ou par le comité de pilotage"
        )
        assert Axis.objects.get(title="X").number == 1

    def test_nothing_is_added_to_a_theme_that_an_amendment_ended(self, load_structure, amend):
        load_structure("1 X: 1.1 T: A: 1.2 U: B")
        amend(Theme.objects.get(number="1.2"))
        report = load_structure("1 X: 1.1 T: A: 1.2 U: B; N > N1")
        assert not report.created
        assert report.warnings[:2] == [
            "« N » n’est pas ajouté à ce qu’un avenant ou le comité a décidé.",
            "« N1 » n’est pas ajouté à ce qu’un avenant ou le comité a décidé.",
        ]

    def test_typing_errors_elsewhere_are_corrected(self, load_structure, amend):
        load_structure("1 X: 1.1 T: A: 1.2 U: B")
        amend(Theme.objects.get(number="1.2"), title="Autre")
        report = load_structure("1 X: 1.1 T: Ah: 1.2 U: B")
        assert report.updated == {"objectif": 1}


class TestCommittee:
    @pytest.fixture
    def added(self, load_structure):
        load_structure("1 X: 1.1 T: A; B: 1.2 U: C")
        convention = Convention.objects.get()
        return Objective.objects.create(
            theme=Theme.objects.get(number="1.1"),
            rank=3,
            code="COPIL",
            title="Ajouté par le comité",
            origin=Origin.COMMITTEE,
            since=Amendment.objects.get(convention=convention),
        )

    def test_an_objective_of_the_committee_is_not_deleted(self, load_structure, added):
        assert not load_structure("1 X: 1.1 T: A; B: 1.2 U: C").has_changes
        assert Objective.objects.filter(pk=added.pk).exists()

    def test_an_objective_of_the_committee_stays_with_a_warning(self, load_structure, added):
        report = load_structure("1 X: 1.1 T: A; B; COPIL=Autre: 1.2 U: C")
        assert report.warnings[0] == (
            "l’objectif « Ajouté par le comité » relève du comité ; il est laissé tel quel."
        )
        added.refresh_from_db()
        assert added.title == "Ajouté par le comité"

    def test_a_new_objective_does_not_replace_one_of_the_committee(self, load_structure, added):
        added.code = ""
        added.save()
        report = load_structure("1 X: 1.1 T: A; B; N: 1.2 U: C")
        assert report.created == {"objectif": 1}
        added.refresh_from_db()
        assert (added.title, added.origin) == ("Ajouté par le comité", Origin.COMMITTEE)

    def test_a_code_of_the_committee_leaves_the_signed_objective_unchanged(self, load_structure):
        axes = ("1 X: 1.1 T: K=A: 1.2 U: B",)
        load_structure(*axes)
        Objective.objects.create(
            theme=Theme.objects.get(number="1.2"), rank=2, code="K", title="Autre",
            origin=Origin.COMMITTEE, since=Amendment.objects.get(),
        )  # fmt: skip
        assert not load_structure(*axes).has_changes

    def test_a_theme_with_an_objective_of_the_committee_is_kept(self, load_structure, added):
        report = load_structure("1 X: 1.2 U: C")
        assert report.deleted == {"objectif": 2}
        assert report.preserved == {"thématique": 1}

    def test_a_sub_objective_of_the_committee_follows_its_orientation(self, load_structure, added):
        added.parent = Objective.objects.get(title="A")
        added.save()
        load_structure("1 X: 1.1 T: B: 1.2 U: C; A")
        added.refresh_from_db()
        assert added.theme.number == "1.2"


class TestPerimeter:
    def test_an_amended_coverage_stays_with_a_warning(self, load_text, amend):
        load_text(FULL)
        amend(Coverage.objects.get(commune__insee_code="2A004"), is_epci_member=True)
        assert not load_text(FULL).has_changes
        report = load_text(changed("membre_epci: non}", "membre_epci: non, fin_cej: 2020-12-31}"))
        assert report.warnings[0] == (
            "le rattachement d’une commune « Bourg » relève d’un avenant ; il est laissé tel quel."
        )

    def test_the_name_of_an_amended_commune_is_corrected(self, load_text, amend):
        load_text(FULL)
        amend(Coverage.objects.get(commune__insee_code="2A004"), is_epci_member=True)
        load_text(changed("nom: Bourg,", "nom: Le Bourg,"))
        assert Commune.objects.get(insee_code="2A004").name == "Le Bourg"

    def test_a_commune_that_an_amendment_added_or_removed_is_not_deleted(self, load_text, amend):
        load_text(FULL)
        amendment = amend(Coverage.objects.get(commune__insee_code="2A004"))
        commune = Commune.objects.create(
            convention=Convention.objects.get(), insee_code="99009", name="Nouvelle"
        )
        Coverage.objects.create(commune=commune, since=amendment)
        text = changed("  - {insee: 2A004, nom: Bourg, membre_epci: non}\n", "")
        assert not load_text(text).deleted
        assert Commune.objects.count() == 4
