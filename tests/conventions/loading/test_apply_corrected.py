"""A corrected convention, its text, its figures, its post, its communes."""

import datetime

import pytest

from conventions.models import Commune, Convention, Objective
from tests.conventions.loading.samples import FULL, MINIMAL, changed


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
    def test_a_changed_value_of_the_convention_is_written(self, load_text, old, new, field, value):
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

    def test_a_new_signature_date_is_written(self, load_text):
        load_text(FULL)
        load_text(changed("signee_le: 2021-06-30", "signee_le: 2021-07-01"))
        assert Convention.objects.get().amendments.get().signed_on == datetime.date(2021, 7, 1)

    def test_a_project_is_signed(self, load_text):
        load_text(MINIMAL)
        load_text(changed("  fin:", "  signee_le: 2021-06-30\n  fin:", MINIMAL))
        convention = Convention.objects.get()
        assert convention.start == convention.signed_on == datetime.date(2021, 6, 30)
        assert Objective.objects.of(convention).in_force(convention.start).count() == 1

    def test_figures_are_added_changed_and_removed(self, load_text):
        load_text(FULL)
        report = load_text(changed("    - {libelle: Part, valeur: 19.4}\n", ""))
        assert report.deleted == {"chiffre cité": 1}
        report = load_text(changed("valeur: 84904", "valeur: 84905"))
        assert (report.updated, report.created) == ({"chiffre cité": 1}, {"chiffre cité": 1})

    def test_articles_are_added_changed_and_removed(self, load_text):
        load_text(FULL)
        report = load_text(changed("numero: 2, titre: Les enjeux", "numero: 3, titre: Les moyens"))
        assert report.created == report.deleted == {"article": 1}
        report = load_text(changed('texte: "Le poste."', 'texte: "Un poste."'))
        assert report.updated == {"annexe": 1}

    def test_the_post_is_changed_and_removed(self, load_text):
        load_text(FULL)
        text = changed('etp: "0.3"', 'etp: "0.2"').replace("etp: 0.7", "etp: 0.8")
        assert load_text(text).updated == {"répartition du poste": 2}
        report = load_text(FULL[: FULL.index("cooperation:")])
        assert report.deleted == {"poste de coopération": 1}
        assert not Convention.objects.get().cooperation_posts.exists()


class TestCommunes:
    def test_a_changed_value_of_a_commune_is_written(self, load_text):
        load_text(FULL)
        key = Commune.objects.get(insee_code="2A004").pk
        text = changed("nom: Bourg, membre_epci: non}", "nom: Grand-Bourg, lon: 1, lat: 2}")
        report = load_text(text)
        assert report.updated == {"commune": 1, "rattachement d’une commune": 1}
        commune = Commune.objects.get(name="Grand-Bourg")
        assert (commune.pk, commune.longitude) == (key, 1.0)
        assert commune.coverages.get().is_epci_member

    def test_a_commune_is_removed_and_another_added(self, load_text):
        load_text(FULL)
        report = load_text(changed('insee: "99003"', 'insee: "99004"'))
        assert report.deleted == {"commune": 1}
        assert report.created == {"commune": 1, "rattachement d’une commune": 1}

    def test_communes_in_another_order_change_nothing(self, load_text):
        load_text(FULL)
        lines = FULL.splitlines(keepends=True)
        index = next(i for i, line in enumerate(lines) if "2A004" in line)
        lines[index], lines[index + 1] = lines[index + 1], lines[index]
        assert not load_text("".join(lines)).has_changes
