"""Corrected objectives: each keeps its identity, whatever about it is corrected."""

from conventions.models import Objective
from tests.conventions.loading.samples import FULL, changed
from tests.conventions.loading.structures import pk, tree


class TestObjectives:
    def test_an_objective_keeps_its_row_by_its_place_when_its_title_changes(self, load_structure):
        load_structure("1 X: : A; B; C")
        key = pk("B")
        report = load_structure("1 X: : A; Bien; C")
        assert pk("Bien") == key
        assert report.updated == {"objectif": 1}
        assert not report.created
        assert not report.deleted

    def test_an_objective_keeps_its_row_by_its_code_wherever_it_goes(self, load_structure):
        load_structure("1 X: : A; K=B; C", "2 Y: : D > D1")
        key = pk("B")
        report = load_structure("1 X: : A; C", "2 Y: : D > D1; K=Tout autre")
        assert pk("Tout autre") == key
        assert tree() == ["1//A", "1//C", "2//D > D1", "2//Tout autre"]
        assert not report.created
        assert not report.deleted

    def test_rows_follow_their_codes_when_two_objectives_exchange_them(self, load_structure):
        load_structure("1 X: : K=A; L=B")
        first, second = pk("A"), pk("B")
        load_structure("1 X: : L=A; K=B")
        assert (pk("A"), pk("B")) == (second, first)

    def test_an_objective_keeps_its_row_when_it_is_given_a_code(self, load_structure):
        load_structure("1 X: : A; B")
        key = pk("B")
        load_structure("1 X: : A; K=B")
        assert Objective.objects.get(code="K").pk == key

    def test_an_objective_given_a_code_and_another_title_is_matched_by_place(self, load_structure):
        load_structure("1 X: : A; B")
        key = pk("B")
        load_structure("1 X: : A; K=Bien")
        assert Objective.objects.get(code="K").pk == key

    def test_an_objective_keeps_its_row_when_its_code_is_corrected(self, load_structure):
        load_structure("1 X: : K=A; B")
        key = pk("A")
        load_structure("1 X: : L=A; B")
        assert Objective.objects.get(code="L").pk == key

    def test_a_coded_objective_is_not_taken_for_its_neighbour(self, load_structure):
        load_structure("1 X: : K=A")
        report = load_structure("1 X: : Autre")
        assert report.created == report.deleted == {"objectif": 1}

    def test_an_objective_that_moves_keeps_its_row_with_corrected_accents(self, load_structure):
        load_structure("1 X: : A; L'ecole d'ete")
        key = pk("L'ecole d'ete")
        load_structure("1 X: : L’école d’été; A")
        assert pk("L’école d’été") == key

    def test_objectives_in_another_order_keep_their_rows(self, load_structure):
        load_structure("1 X: : A; B; C")
        before = {title: pk(title) for title in "ABC"}
        report = load_structure("1 X: : C; A; B")
        assert {title: pk(title) for title in "ABC"} == before
        assert tree() == ["1//C", "1//A", "1//B"]
        assert report.updated == {"objectif": 3}

    def test_objectives_in_another_order_keep_their_rows_beside_a_new_title(self, load_structure):
        load_structure("1 X: : A; B; C")
        before = (pk("A"), pk("B"), pk("C"))
        load_structure("1 X: : A; C; Bien")
        assert (pk("A"), pk("C")) == (before[0], before[2])

    def test_an_inserted_objective_leaves_the_others_their_rows(self, load_structure):
        load_structure("1 X: : A; B")
        before = (pk("A"), pk("B"))
        report = load_structure("1 X: : N; A; B")
        assert (pk("A"), pk("B")) == before
        assert report.created == {"objectif": 1}

    def test_a_removed_objective_is_deleted(self, load_structure):
        load_structure("1 X: : A; B; C")
        before = (pk("A"), pk("C"))
        report = load_structure("1 X: : A; C")
        assert (pk("A"), pk("C")) == before
        assert report.deleted == {"objectif": 1}
        assert not report.warnings

    def test_an_objective_keeps_its_row_in_another_axis(self, load_structure):
        load_structure("1 X: : A > A1, A2; B", "2 Y: : C")
        before = {title: pk(title) for title in ("A", "A1", "A2")}
        report = load_structure("1 X: : B", "2 Y: : C; A > A1, A2")
        assert {title: pk(title) for title in before} == before
        assert tree() == ["1//B", "2//C", "2//A > A1, A2"]
        themes = set(
            Objective.objects.filter(title__startswith="A").values_list("theme__axis__number")
        )
        assert themes == {(2,)}
        assert not report.created
        assert not report.deleted

    def test_an_objective_keeps_its_row_in_another_theme(self, load_structure):
        load_structure("1 X: 1.1 T: A; B: 1.2 U: C")
        key = pk("A")
        load_structure("1 X: 1.1 T: B: 1.2 U: C; A")
        assert pk("A") == key
        assert tree() == ["1/1.1/B", "1/1.2/C", "1/1.2/A"]

    def test_two_objectives_of_one_title_keep_their_rows_when_one_moves(self, load_structure):
        load_structure("1 X: : Même; B", "2 Y: : Même; C")
        first, second = Objective.objects.filter(title="Même").order_by("theme__axis__number")
        load_structure("1 X: : B", "2 Y: : Même; C", "3 Z: : Même")
        assert Objective.objects.get(title="Même", theme__axis__number=2).pk == second.pk
        assert Objective.objects.get(title="Même", theme__axis__number=3).pk == first.pk

    def test_two_objectives_of_one_title_in_one_place_load_again(self, load_structure):
        load_structure("1 X: : Même; Même; B")
        assert not load_structure("1 X: : Même; Même; B").has_changes

    def test_an_objective_loses_its_priority_where_the_file_has_none(self, load_text):
        load_text(FULL)
        report = load_text(changed("            prioritaire: true\n", ""))
        assert report.updated == {"objectif": 1}
        assert not Objective.objects.get(code="LAEP").is_priority


class TestSubObjectives:
    def test_a_sub_objective_keeps_its_row_when_its_title_changes(self, load_structure):
        load_structure("1 X: : A > A1, A2; B > B1")
        key = pk("A2")
        report = load_structure("1 X: : A > A1, Autre; B > B1")
        assert pk("Autre") == key
        assert report.updated == {"objectif": 1}

    def test_sub_objectives_keep_their_rows_beneath_a_new_title(self, load_structure):
        load_structure("1 X: : A > Même, A2; B > Même, B2")
        before = set(Objective.objects.values_list("pk", flat=True))
        report = load_structure("1 X: : Autre > Même, A2; B > Même, B2")
        assert set(Objective.objects.values_list("pk", flat=True)) == before
        assert report.updated == {"objectif": 1}

    def test_an_orientation_and_its_part_keep_their_rows_by_place(self, load_structure):
        load_structure("1 X: : A > A1, A2; B")
        before = (pk("A"), pk("A2"))
        report = load_structure("1 X: : Autre > A1, Autre encore; B")
        assert (pk("Autre"), pk("Autre encore")) == before
        assert report.updated == {"objectif": 2}

    def test_a_sub_objective_keeps_its_row_beneath_another_orientation(self, load_structure):
        load_structure("1 X: : A > A1, A2; B", "2 Y: : C")
        key = pk("A2")
        load_structure("1 X: : A > A1; B", "2 Y: : C > A2")
        assert pk("A2") == key
        assert tree() == ["1//A > A1", "1//B", "2//C > A2"]
        assert Objective.objects.get(title="A2").theme.axis.number == 2

    def test_a_sub_objective_that_becomes_an_orientation_keeps_its_row(self, load_structure):
        load_structure("1 X: : A > A1, A2")
        key = pk("A2")
        load_structure("1 X: : A > A1; A2")
        assert pk("A2") == key
        assert tree() == ["1//A > A1", "1//A2"]

    def test_an_orientation_that_becomes_a_sub_objective_keeps_its_row(self, load_structure):
        load_structure("1 X: : A; B > B1")
        key = pk("B")
        load_structure("1 X: : A > B, B1")
        assert pk("B") == key
        assert tree() == ["1//A > B, B1"]

    def test_an_orientation_that_becomes_a_part_hands_on_its_own_parts(
        self, load_structure, hanging
    ):
        load_structure("1 X: : A; B > B1")
        hanging[Objective.objects.get(title="B1")] = "une action en dépend"
        load_structure("1 X: : A > B")
        assert tree() == ["1//A > B, B1"]
