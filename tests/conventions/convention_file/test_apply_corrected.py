"""Corrected files: each row keeps its identity, whatever about it is corrected."""

import datetime

import pytest

from conventions.models import Axis, Commune, Convention, Objective, Theme
from tests.conventions.convention_file.samples import FULL, MINIMAL, changed

HEAD = MINIMAL[: MINIMAL.index("axes:")]


def structure(*axes: str) -> str:
    """A file whose axes are written shortly: ``"1 Accueillir: 1.1 Enfance: A CODE=B > A1, A2; C"``.

    Objectives are separated by ";", a code stands before "=", sub-objectives stand after ">".
    Without a theme (``"1 Accueillir: : A; B"``) they stand directly under the axis.
    """
    lines = [HEAD + "axes:"]
    for axis in axes:
        name, *themes = axis.split(": ")
        number, title = name.split(" ", 1)
        lines += [f"  - numero: {number}", f"    titre: {title}"]
        if themes[0] == "":
            lines += ["    objectifs:", *objectives(themes[1], "      ")]
            continue
        lines.append("    thematiques:")
        for theme, content in zip(themes[::2], themes[1::2], strict=True):
            number, title = theme.split(" ", 1)
            lines += [f'      - numero: "{number}"', f"        titre: {title}"]
            if content:
                lines += ["        objectifs:", *objectives(content, "          ")]
    return "\n".join(lines) + "\n"


def objectives(content: str, indent: str) -> list[str]:
    lines = []
    for part in content.split("; "):
        name, _, below = part.partition(" > ")
        lines += entry(name, indent)
        if below:
            lines.append(f"{indent}  sous_objectifs:")
            for sub in below.split(", "):
                lines += entry(sub, f"{indent}    ")
    return lines


def entry(name: str, indent: str) -> list[str]:
    code, _, title = name.rpartition("=")
    return [f"{indent}- titre: {title}", *([f"{indent}  code: {code}"] if code else [])]


@pytest.fixture
def load_structure(load_text):
    return lambda *axes: load_text(structure(*axes))


def pk(title: str) -> int:
    return Objective.objects.get(title=title).pk


def tree() -> list[str]:
    """The structure as read: axis, theme, objective, sub-objective, in order."""
    rows = Objective.objects.in_reading_order().select_related("theme__axis", "parent")
    orientations = [row for row in rows if row.parent is None]
    parts = {row.pk: [p.title for p in rows if p.parent_id == row.pk] for row in orientations}
    return [
        f"{row.theme.axis.number}/{row.theme.number}/{row.title}"
        + (f" > {', '.join(parts[row.pk])}" if parts[row.pk] else "")
        for row in orientations
    ]


class TestObjectives:
    def test_a_title_changed_at_its_place(self, load_structure):
        load_structure("1 X: : A; B; C")
        kept = pk("B")
        report = load_structure("1 X: : A; Bien; C")
        assert pk("Bien") == kept
        assert report.updated == {"objectif": 1}
        assert not report.created
        assert not report.deleted

    def test_a_title_changed_with_its_code_wherever_it_goes(self, load_structure):
        load_structure("1 X: : A; K=B; C", "2 Y: : D > D1")
        kept = pk("B")
        report = load_structure("1 X: : A; C", "2 Y: : D > D1; K=Tout autre")
        assert pk("Tout autre") == kept
        assert tree() == ["1//A", "1//C", "2//D > D1", "2//Tout autre"]
        assert not report.created
        assert not report.deleted

    def test_codes_that_change_places(self, load_structure):
        load_structure("1 X: : K=A; L=B")
        first, second = pk("A"), pk("B")
        load_structure("1 X: : L=A; K=B")
        assert (pk("A"), pk("B")) == (second, first)

    def test_a_code_that_is_given(self, load_structure):
        load_structure("1 X: : A; B")
        kept = pk("B")
        load_structure("1 X: : A; K=B")
        assert Objective.objects.get(code="K").pk == kept

    def test_a_code_that_is_given_with_another_title(self, load_structure):
        load_structure("1 X: : A; B")
        kept = pk("B")
        load_structure("1 X: : A; K=Bien")
        assert Objective.objects.get(code="K").pk == kept

    def test_a_code_that_is_corrected(self, load_structure):
        load_structure("1 X: : K=A; B")
        kept = pk("A")
        load_structure("1 X: : L=A; B")
        assert Objective.objects.get(code="L").pk == kept

    def test_a_coded_objective_is_not_taken_for_its_neighbour(self, load_structure):
        load_structure("1 X: : K=A")
        report = load_structure("1 X: : Autre")
        assert report.created == report.deleted == {"objectif": 1}

    def test_accents_and_signs_corrected_elsewhere_than_at_its_place(self, load_structure):
        load_structure("1 X: : A; L'ecole d'ete")
        kept = pk("L'ecole d'ete")
        load_structure("1 X: : L’école d’été; A")
        assert pk("L’école d’été") == kept

    def test_another_order(self, load_structure):
        load_structure("1 X: : A; B; C")
        before = {title: pk(title) for title in "ABC"}
        report = load_structure("1 X: : C; A; B")
        assert {title: pk(title) for title in "ABC"} == before
        assert tree() == ["1//C", "1//A", "1//B"]
        assert report.updated == {"objectif": 3}

    def test_another_order_and_a_title_changed(self, load_structure):
        load_structure("1 X: : A; B; C")
        before = (pk("A"), pk("B"), pk("C"))
        load_structure("1 X: : A; C; Bien")
        assert (pk("A"), pk("C")) == (before[0], before[2])

    def test_one_inserted(self, load_structure):
        load_structure("1 X: : A; B")
        before = (pk("A"), pk("B"))
        report = load_structure("1 X: : N; A; B")
        assert (pk("A"), pk("B")) == before
        assert report.created == {"objectif": 1}

    def test_one_removed(self, load_structure):
        load_structure("1 X: : A; B; C")
        before = (pk("A"), pk("C"))
        report = load_structure("1 X: : A; C")
        assert (pk("A"), pk("C")) == before
        assert report.deleted == {"objectif": 1}
        assert not report.warnings

    def test_one_moved_to_another_axis(self, load_structure):
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

    def test_one_moved_to_another_theme(self, load_structure):
        load_structure("1 X: 1.1 T: A; B: 1.2 U: C")
        kept = pk("A")
        load_structure("1 X: 1.1 T: B: 1.2 U: C; A")
        assert pk("A") == kept
        assert tree() == ["1/1.1/B", "1/1.2/C", "1/1.2/A"]

    def test_one_of_two_alike_moved(self, load_structure):
        load_structure("1 X: : Même; B", "2 Y: : Même; C")
        first, second = Objective.objects.filter(title="Même").order_by("theme__axis__number")
        load_structure("1 X: : B", "2 Y: : Même; C", "3 Z: : Même")
        assert Objective.objects.get(title="Même", theme__axis__number=2).pk == second.pk
        assert Objective.objects.get(title="Même", theme__axis__number=3).pk == first.pk

    def test_two_alike_in_one_place(self, load_structure):
        load_structure("1 X: : Même; Même; B")
        assert not load_structure("1 X: : Même; Même; B").has_changes

    def test_priority_given_and_taken(self, load_text):
        load_text(FULL)
        report = load_text(changed("            prioritaire: true\n", ""))
        assert report.updated == {"objectif": 1}
        assert not Objective.objects.get(code="LAEP").is_priority


class TestSubObjectives:
    def test_a_title_changed_at_its_place(self, load_structure):
        load_structure("1 X: : A > A1, A2; B > B1")
        kept = pk("A2")
        report = load_structure("1 X: : A > A1, Autre; B > B1")
        assert pk("Autre") == kept
        assert report.updated == {"objectif": 1}

    def test_they_follow_an_orientation_whose_title_changes(self, load_structure):
        load_structure("1 X: : A > Même, A2; B > Même, B2")
        before = set(Objective.objects.values_list("pk", flat=True))
        report = load_structure("1 X: : Autre > Même, A2; B > Même, B2")
        assert set(Objective.objects.values_list("pk", flat=True)) == before
        assert report.updated == {"objectif": 1}

    def test_both_titles_changed_at_their_places(self, load_structure):
        load_structure("1 X: : A > A1, A2; B")
        before = (pk("A"), pk("A2"))
        report = load_structure("1 X: : Autre > A1, Autre encore; B")
        assert (pk("Autre"), pk("Autre encore")) == before
        assert report.updated == {"objectif": 2}

    def test_one_moved_to_another_orientation(self, load_structure):
        load_structure("1 X: : A > A1, A2; B", "2 Y: : C")
        kept = pk("A2")
        load_structure("1 X: : A > A1; B", "2 Y: : C > A2")
        assert pk("A2") == kept
        assert tree() == ["1//A > A1", "1//B", "2//C > A2"]
        assert Objective.objects.get(title="A2").theme.axis.number == 2

    def test_one_that_becomes_an_orientation(self, load_structure):
        load_structure("1 X: : A > A1, A2")
        kept = pk("A2")
        load_structure("1 X: : A > A1; A2")
        assert pk("A2") == kept
        assert tree() == ["1//A > A1", "1//A2"]

    def test_an_orientation_that_becomes_one(self, load_structure):
        load_structure("1 X: : A; B > B1")
        kept = pk("B")
        load_structure("1 X: : A > B, B1")
        assert pk("B") == kept
        assert tree() == ["1//A > B, B1"]

    def test_an_orientation_that_becomes_one_leaves_none_beneath(self, load_structure, hanging):
        load_structure("1 X: : A; B > B1")
        hanging[Objective.objects.get(title="B1")] = "une action en dépend"
        load_structure("1 X: : A > B")
        assert tree() == ["1//A > B, B1"]


class TestThemes:
    def test_a_number_changed(self, load_structure):
        load_structure("1 X: 1.1 T: A: 1.2 U: B")
        kept = Theme.objects.get(title="U").pk
        report = load_structure("1 X: 1.1 T: A: 1.10 U: B")
        assert Theme.objects.get(number="1.10").pk == kept
        assert report.updated == {"thématique": 1}

    def test_a_title_changed(self, load_structure):
        load_structure("1 X: 1.1 T: A: 1.2 U: B")
        kept = Theme.objects.get(title="U").pk
        report = load_structure("1 X: 1.1 T: A: 1.2 Autre: B")
        assert Theme.objects.get(title="Autre").pk == kept
        assert report.updated == {"thématique": 1}

    def test_number_and_title_changed_at_their_place(self, load_structure):
        load_structure("1 X: 1.1 T: A: 1.2 U: B")
        kept = Theme.objects.get(title="U").pk
        load_structure("1 X: 1.1 T: A: 1.b Autre: B")
        assert Theme.objects.get(number="1.b").pk == kept

    def test_numbers_that_change_places(self, load_structure):
        load_structure("1 X: 1.1 T: A: 1.2 U: B")
        kept = {theme.title: theme.pk for theme in Theme.objects.all()}
        load_structure("1 X: 1.1 U: B: 1.2 T: A")
        assert {theme.title: theme.pk for theme in Theme.objects.all()} == kept
        assert tree() == ["1/1.1/B", "1/1.2/A"]

    def test_one_inserted_before_the_others(self, load_structure):
        load_structure("1 X: 1.1 T: Même; A: 1.2 U: Même; B")
        before = set(Objective.objects.values_list("title", "theme__title", "pk"))
        report = load_structure("1 X: 1.1 N: C: 1.2 T: Même; A: 1.3 U: Même; B")
        assert set(Objective.objects.values_list("title", "theme__title", "pk")) > before
        assert report.created == {"thématique": 1, "objectif": 1}

    def test_one_removed_with_its_objectives(self, load_structure):
        load_structure("1 X: 1.1 T: A > A1: 1.2 U: B")
        report = load_structure("1 X: 1.2 U: B")
        assert report.deleted == {"thématique": 1, "objectif": 2}
        assert tree() == ["1/1.2/B"]

    def test_one_moved_to_another_axis(self, load_structure):
        load_structure("1 X: 1.1 T: A: 1.2 U: B", "2 Y: 2.1 V: C")
        kept = (Theme.objects.get(title="U").pk, pk("B"))
        report = load_structure("1 X: 1.1 T: A", "2 Y: 2.1 V: C: 2.2 U: B")
        assert (Theme.objects.get(title="U").pk, pk("B")) == kept
        assert not report.created
        assert not report.deleted
        assert tree() == ["1/1.1/A", "2/2.1/C", "2/2.2/B"]

    def test_an_axis_receives_themes(self, load_structure):
        load_structure("1 X: : A; B")
        before = (pk("A"), pk("B"))
        report = load_structure("1 X: 1.1 T: A: 1.2 U: B")
        assert (pk("A"), pk("B")) == before
        assert report.created == {"thématique": 1}
        assert not Theme.objects.filter(title="").exists()

    def test_an_axis_loses_its_themes(self, load_structure):
        load_structure("1 X: 1.1 T: A: 1.2 U: B")
        before = (pk("A"), pk("B"))
        report = load_structure("1 X: : A; B")
        assert (pk("A"), pk("B")) == before
        assert report.deleted == {"thématique": 1}
        assert Theme.objects.get().title == ""


class TestAxes:
    def test_a_title_changed(self, load_structure):
        load_structure("1 X: : A", "2 Y: : B")
        kept = Axis.objects.get(number=2).pk
        report = load_structure("1 X: : A", "2 Autre: : B")
        assert Axis.objects.get(title="Autre").pk == kept
        assert report.updated == {"axe": 1}

    def test_a_number_changed(self, load_structure):
        load_structure("1 X: : A", "2 Y: : B")
        kept = Axis.objects.get(number=2).pk
        report = load_structure("1 X: : A", "5 Y: : B")
        assert Axis.objects.get(number=5).pk == kept
        assert report.updated == {"axe": 1}

    def test_numbers_that_change_places(self, load_structure):
        load_structure("1 X: : Même", "2 Y: : Même", "3 Z: : Même")
        before = set(Objective.objects.values_list("theme__axis__title", "pk"))
        load_structure("1 Z: : Même", "2 X: : Même", "3 Y: : Même")
        assert set(Objective.objects.values_list("theme__axis__title", "pk")) == before
        assert list(Axis.objects.values_list("title", flat=True)) == ["Z", "X", "Y"]

    def test_one_inserted_before_the_others(self, load_structure):
        load_structure("1 X: : Même; A", "2 Y: : Même; B")
        before = set(Objective.objects.values_list("title", "theme__axis__title", "pk"))
        report = load_structure("1 N: : C", "2 X: : Même; A", "3 Y: : Même; B")
        assert set(Objective.objects.values_list("title", "theme__axis__title", "pk")) > before
        assert report.created == {"axe": 1, "thématique": 1, "objectif": 1}

    def test_one_removed(self, load_structure):
        load_structure("1 X: : A", "2 Y: : B > B1", "3 Z: : C")
        report = load_structure("1 X: : A", "3 Z: : C")
        assert report.deleted == {"axe": 1, "thématique": 1, "objectif": 2}

    def test_one_removed_and_the_others_renumbered(self, load_structure):
        load_structure("1 X: : A", "2 Y: : B", "3 Z: : C")
        kept = Axis.objects.get(title="Z").pk
        report = load_structure("1 X: : A", "2 Z: : C")
        assert Axis.objects.get(number=2).pk == kept
        assert report.deleted == {"axe": 1, "thématique": 1, "objectif": 1}

    def test_everything_else(self, load_text):
        load_text(FULL)
        text = changed("texte: Une introduction.", "texte: Une autre.")
        assert load_text(text.replace("    prioritaire: oui\n", "")).updated == {"axe": 1}
        axis = Axis.objects.get(number=1)
        assert (axis.text, axis.is_priority) == ("Une autre.", False)


class TestConvention:
    CHANGES = [
        ("titre: Convention territoriale globale", "titre: CTG", "title", "CTG"),
        ("signee_a: Exempleville", "signee_a: Bourg", "signed_at", "Bourg"),
        ("fin: 2025-12-31", "fin: 2026-12-31", "end", datetime.date(2026, 12, 31)),
        ("preavis_mois: 6", "preavis_mois: 2", "notice_months", 2),
        ("  succede_a: vallee-exemple-2017\n", "", "predecessor_slug", ""),
        ("  communes_annoncees: 3\n", "", "communes_announced", None),
        ("axe: Enjeu", "axe: Défi", "labels", {
            "axe": "Défi", "thematique": {"un": "Volet", "des": "Volets", "genre": "m"},
            "objectif": "Objectif"}),
        ("un **territoire** :", "un **lieu** :", "preamble",
         "La vallée est un **lieu** : elle a des habitants.\n\n- un\n- deux"),
        ("Les axes sont annoncés dans un ordre et détaillés dans un autre.", "Rien.",
         "points_to_check", ["Rien."]),
    ]  # fmt: skip

    @pytest.mark.parametrize(("old", "new", "field", "value"), CHANGES, ids=[c[2] for c in CHANGES])
    def test_a_value_changed(self, load_text, old, new, field, value):
        load_text(FULL)
        report = load_text(changed(old, new))
        assert getattr(Convention.objects.get(), field) == value
        assert report.updated == {"convention": 1}

    def test_a_new_start_is_the_day_of_effect(self, load_text):
        load_text(FULL)
        load_text(changed("debut: 2021-01-01", "debut: 2021-03-01"))
        amendment = Convention.objects.get().amendments.get()
        assert amendment.effective_on == datetime.date(2021, 3, 1)
        assert amendment.signed_on == datetime.date(2021, 6, 30)

    def test_a_new_signature_date(self, load_text):
        load_text(FULL)
        load_text(changed("signee_le: 2021-06-30", "signee_le: 2021-07-01"))
        assert Convention.objects.get().amendments.get().signed_on == datetime.date(2021, 7, 1)

    def test_a_project_is_signed(self, load_text):
        load_text(MINIMAL)
        load_text(changed("  fin:", "  signee_le: 2021-06-30\n  fin:", MINIMAL))
        convention = Convention.objects.get()
        assert convention.start == convention.signed_on == datetime.date(2021, 6, 30)
        assert Objective.objects.of(convention).in_force(convention.start).count() == 1

    def test_figures_added_changed_removed(self, load_text):
        load_text(FULL)
        report = load_text(changed("    - {libelle: Part, valeur: 19.4}\n", ""))
        assert report.deleted == {"chiffre cité": 1}
        report = load_text(changed("valeur: 84904", "valeur: 84905"))
        assert (report.updated, report.created) == ({"chiffre cité": 1}, {"chiffre cité": 1})

    def test_articles_added_changed_removed(self, load_text):
        load_text(FULL)
        report = load_text(changed("numero: 2, titre: Les enjeux", "numero: 3, titre: Les enjeux"))
        assert report.created == report.deleted == {"article": 1}
        report = load_text(changed('texte: "Le poste."', 'texte: "Un poste."'))
        assert report.updated == {"annexe": 1}

    def test_the_post_changed_and_removed(self, load_text):
        load_text(FULL)
        text = changed('etp: "0.3"', 'etp: "0.2"').replace("etp: 0.7", "etp: 0.8")
        assert load_text(text).updated == {"répartition du poste": 2}
        report = load_text(FULL[: FULL.index("cooperation:")])
        assert report.deleted == {"poste de coopération": 1}
        assert not hasattr(Convention.objects.get(), "cooperation_post")


class TestCommunes:
    def test_a_commune_changed(self, load_text):
        load_text(FULL)
        kept = Commune.objects.get(insee_code="2A004").pk
        text = changed("nom: Bourg, membre_epci: non}", "nom: Grand-Bourg, lon: 1, lat: 2}")
        report = load_text(text)
        assert report.updated == {"commune": 1, "rattachement d’une commune": 1}
        commune = Commune.objects.get(name="Grand-Bourg")
        assert (commune.pk, commune.longitude) == (kept, 1.0)
        assert commune.coverages.get().is_epci_member

    def test_a_commune_removed_and_another_added(self, load_text):
        load_text(FULL)
        report = load_text(changed('insee: "99003"', 'insee: "99004"'))
        assert report.deleted == {"commune": 1}
        assert report.created == {"commune": 1, "rattachement d’une commune": 1}

    def test_another_order_changes_nothing(self, load_text):
        load_text(FULL)
        lines = FULL.splitlines(keepends=True)
        index = next(i for i, line in enumerate(lines) if "2A004" in line)
        lines[index], lines[index + 1] = lines[index + 1], lines[index]
        assert not load_text("".join(lines)).has_changes
