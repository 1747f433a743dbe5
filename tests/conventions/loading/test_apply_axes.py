"""Corrected axes and themes: each keeps its identity, and what stands beneath it."""

from conventions.models import Axis, Objective, Theme
from tests.conventions.loading.samples import FULL, changed
from tests.conventions.loading.structures import pk, tree


class TestThemes:
    def test_a_theme_keeps_its_row_when_its_number_changes(self, load_structure):
        load_structure("1 X: 1.1 T: A: 1.2 U: B")
        key = Theme.objects.get(title="U").pk
        report = load_structure("1 X: 1.1 T: A: 1.10 U: B")
        assert Theme.objects.get(number="1.10").pk == key
        assert report.updated == {"thématique": 1}

    def test_a_theme_keeps_its_row_when_its_title_changes(self, load_structure):
        load_structure("1 X: 1.1 T: A: 1.2 U: B")
        key = Theme.objects.get(title="U").pk
        report = load_structure("1 X: 1.1 T: A: 1.2 Autre: B")
        assert Theme.objects.get(title="Autre").pk == key
        assert report.updated == {"thématique": 1}

    def test_a_theme_keeps_its_row_by_its_place_alone(self, load_structure):
        load_structure("1 X: 1.1 T: A: 1.2 U: B")
        key = Theme.objects.get(title="U").pk
        load_structure("1 X: 1.1 T: A: 1.b Autre: B")
        assert Theme.objects.get(number="1.b").pk == key

    def test_themes_keep_their_rows_when_numbers_change_places(self, load_structure):
        load_structure("1 X: 1.1 T: A: 1.2 U: B")
        key = {theme.title: theme.pk for theme in Theme.objects.all()}
        load_structure("1 X: 1.1 U: B: 1.2 T: A")
        assert {theme.title: theme.pk for theme in Theme.objects.all()} == key
        assert tree() == ["1/1.1/B", "1/1.2/A"]

    def test_a_theme_inserted_first_leaves_the_others_their_rows(self, load_structure):
        load_structure("1 X: 1.1 T: Même; A: 1.2 U: Même; B")
        before = set(Objective.objects.values_list("title", "theme__title", "pk"))
        report = load_structure("1 X: 1.1 N: C: 1.2 T: Même; A: 1.3 U: Même; B")
        assert set(Objective.objects.values_list("title", "theme__title", "pk")) > before
        assert report.created == {"thématique": 1, "objectif": 1}

    def test_a_removed_theme_is_deleted_with_its_objectives(self, load_structure):
        load_structure("1 X: 1.1 T: A > A1: 1.2 U: B")
        report = load_structure("1 X: 1.2 U: B")
        assert report.deleted == {"thématique": 1, "objectif": 2}
        assert tree() == ["1/1.2/B"]

    def test_a_theme_keeps_its_row_in_another_axis(self, load_structure):
        load_structure("1 X: 1.1 T: A: 1.2 U: B", "2 Y: 2.1 V: C")
        key = (Theme.objects.get(title="U").pk, pk("B"))
        report = load_structure("1 X: 1.1 T: A", "2 Y: 2.1 V: C: 2.2 U: B")
        assert (Theme.objects.get(title="U").pk, pk("B")) == key
        assert not report.created
        assert not report.deleted
        assert tree() == ["1/1.1/A", "2/2.1/C", "2/2.2/B"]

    def test_objectives_keep_their_rows_when_their_axis_receives_themes(self, load_structure):
        load_structure("1 X: : A; B")
        before = (pk("A"), pk("B"))
        report = load_structure("1 X: 1.1 T: A: 1.2 U: B")
        assert (pk("A"), pk("B")) == before
        assert report.created == {"thématique": 1}
        assert not Theme.objects.filter(title="").exists()

    def test_objectives_keep_their_rows_when_their_axis_loses_its_themes(self, load_structure):
        load_structure("1 X: 1.1 T: A: 1.2 U: B")
        before = (pk("A"), pk("B"))
        report = load_structure("1 X: : A; B")
        assert (pk("A"), pk("B")) == before
        assert report.deleted == {"thématique": 1}
        assert Theme.objects.get().title == ""


class TestAxes:
    def test_an_axis_keeps_its_row_when_its_title_changes(self, load_structure):
        load_structure("1 X: : A", "2 Y: : B")
        key = Axis.objects.get(number=2).pk
        report = load_structure("1 X: : A", "2 Autre: : B")
        assert Axis.objects.get(title="Autre").pk == key
        assert report.updated == {"axe": 1}

    def test_an_axis_keeps_its_row_when_its_number_changes(self, load_structure):
        load_structure("1 X: : A", "2 Y: : B")
        key = Axis.objects.get(number=2).pk
        report = load_structure("1 X: : A", "5 Y: : B")
        assert Axis.objects.get(number=5).pk == key
        assert report.updated == {"axe": 1}

    def test_axes_keep_their_rows_when_numbers_change_places(self, load_structure):
        load_structure("1 X: : Même", "2 Y: : Même", "3 Z: : Même")
        before = set(Objective.objects.values_list("theme__axis__title", "pk"))
        load_structure("1 Z: : Même", "2 X: : Même", "3 Y: : Même")
        assert set(Objective.objects.values_list("theme__axis__title", "pk")) == before
        assert list(Axis.objects.values_list("title", flat=True)) == ["Z", "X", "Y"]

    def test_two_axes_of_one_title_are_distinguished_by_their_number(self, load_structure):
        load_structure("1 X: : A", "2 X: : B")
        before = set(Axis.objects.values_list("number", "pk"))
        assert not load_structure("2 X: : B", "1 X: : A").has_changes
        assert set(Axis.objects.values_list("number", "pk")) == before

    def test_an_axis_inserted_first_leaves_the_others_their_rows(self, load_structure):
        load_structure("1 X: : Même; A", "2 Y: : Même; B")
        before = set(Objective.objects.values_list("title", "theme__axis__title", "pk"))
        report = load_structure("1 N: : C", "2 X: : Même; A", "3 Y: : Même; B")
        assert set(Objective.objects.values_list("title", "theme__axis__title", "pk")) > before
        assert report.created == {"axe": 1, "thématique": 1, "objectif": 1}

    def test_a_removed_axis_is_deleted(self, load_structure):
        load_structure("1 X: : A", "2 Y: : B > B1", "3 Z: : C")
        report = load_structure("1 X: : A", "3 Z: : C")
        assert report.deleted == {"axe": 1, "thématique": 1, "objectif": 2}

    def test_renumbered_axes_keep_their_rows_when_another_is_removed(self, load_structure):
        load_structure("1 X: : A", "2 Y: : B", "3 Z: : C")
        key = Axis.objects.get(title="Z").pk
        report = load_structure("1 X: : A", "2 Z: : C")
        assert Axis.objects.get(number=2).pk == key
        assert report.deleted == {"axe": 1, "thématique": 1, "objectif": 1}

    def test_the_text_and_priority_of_an_axis_are_written(self, load_text):
        load_text(FULL)
        text = changed("texte: Une introduction.", "texte: Une autre.")
        assert load_text(text.replace("    prioritaire: oui\n", "")).updated == {"axe": 1}
        axis = Axis.objects.get(number=1)
        assert (axis.text, axis.is_priority) == ("Une autre.", False)
