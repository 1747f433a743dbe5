"""Those who signed, and the logos of the parties."""

import datetime

import pytest

from conventions.access.organisations import tighten_secrecy
from conventions.models import Organisation, Party, Signatory
from documents.logos import clean_logo
from tests.conventions.loading.samples import FULL, changed
from tests.documents.images import png


def signatories() -> list[tuple[str, str]]:
    caf = Party.objects.get(organisation__acronym="CAF 99")
    return list(caf.signatories.values_list("name", "capacity"))


class TestSignatories:
    def test_a_signatory_keeps_its_row_when_the_capacity_is_corrected(self, load_text):
        load_text(FULL)
        key = Signatory.objects.get(name="Paul DURAND").pk
        report = load_text(changed("qualite: Président", "qualite: Président du conseil"))
        assert report.updated == {"signataire": 1}
        assert Signatory.objects.get(capacity="Président du conseil").pk == key

    def test_a_signatory_keeps_its_row_when_the_name_is_corrected(self, load_text):
        load_text(FULL)
        key = Signatory.objects.get(name="Paul DURAND").pk
        load_text(changed("nom: Paul DURAND", "nom: Paul DURANT"))
        assert Signatory.objects.get(name="Paul DURANT").pk == key

    def test_signatories_in_another_order_keep_their_rows(self, load_text):
        load_text(FULL)
        before = set(Signatory.objects.values_list("pk", "name"))
        lines = FULL.splitlines(keepends=True)
        index = next(i for i, line in enumerate(lines) if "Jeanne MARTIN" in line)
        lines[index], lines[index + 1] = lines[index + 1], lines[index]
        report = load_text("".join(lines))
        assert report.updated == {"signataire": 2}
        assert set(Signatory.objects.values_list("pk", "name")) == before
        assert signatories() == [("Paul DURAND", "Président"), ("Jeanne MARTIN", "Directrice")]

    def test_a_removed_signatory_is_deleted(self, load_text):
        load_text(FULL)
        report = load_text(changed("      - {nom: Paul DURAND, qualite: Président}\n", ""))
        assert report.deleted == {"signataire": 1}
        assert signatories() == [("Jeanne MARTIN", "Directrice")]


class TestParties:
    @pytest.mark.parametrize(
        ("old", "new", "field", "value"),
        [
            ("siege: 1 rue de l'Exemple", "siege: 2 rue de l'Exemple", "address",
             "2 rue de l'Exemple, 99000 Exempleville"),
            ("co_anime: true", "co_anime: non", "co_chairs", False),
            ("    co_anime: true\n", "", "co_chairs", False),
            ("co_valide: oui", "co_valide: oui\n    deliberation: 2021-02-03",
             "council_approved_on", datetime.date(2021, 2, 3)),
        ],
    )  # fmt: skip
    def test_a_changed_value_of_a_party_is_written(self, load_text, old, new, field, value):
        load_text(FULL)
        report = load_text(changed(old, new))
        assert getattr(Party.objects.get(organisation__acronym="CAF 99"), field) == value
        assert report.updated == {"partie": 1}

    @pytest.mark.parametrize(
        ("old", "new", "field", "value"),
        [
            ("type: caf", "type: cpam", "kind", "cpam"),
            ('    siren: "123456789"\n', "", "siren", ""),
            ("courriel: contact@caf.example", "courriel: c@caf.example", "email", "c@caf.example"),
            ("    mention_source: Source CAF d'Exemple\n", "", "source_mention", ""),
            ("secret: {seuil: 5}", "secret: {seuil: 11}", "masking_threshold", 11),
            ("secret: {seuil: 5}", "secret: {arrondi: 5}", "rounding_base", 5),
        ],
    )
    def test_a_changed_value_of_an_organisation_is_written(self, load_text, old, new, field, value):
        load_text(FULL)
        report = load_text(changed(old, new))
        assert getattr(Organisation.objects.get(acronym="CAF 99"), field) == value
        assert report.updated == {"organisme": 1}

    def test_parties_in_another_order_keep_their_rows(self, load_text):
        load_text(FULL)
        before = {party.pk for party in Party.objects.all()}
        first, second = FULL.index("  - sigle: CAF 99"), FULL.index("  - sigle: CCVE")
        end = FULL.index("organismes:")
        load_text(FULL[:first] + FULL[second:end] + FULL[first:second] + FULL[end:])
        assert {party.pk for party in Party.objects.all()} == before
        assert [str(party.organisation) for party in Party.objects.all()] == ["CCVE", "CAF 99"]


class TestSecrecy:
    RULE = "    secret: {seuil: 5}\n"

    def rule(self):
        caf = Organisation.objects.get(acronym="CAF 99")
        return caf.masking_threshold, caf.rounding_base, caf.opts_out_of_secrecy

    @pytest.mark.parametrize(
        ("text", "rule", "warning_part"),
        [
            ("{seuil: 5}", (5, None, False), ""),
            ("{seuil: 3}", (5, None, False), "« seuil: 3 » est lu « seuil: 5 »"),
            ("{arrondi: 10}", (None, 5, False), "« arrondi: 10 » est lu « arrondi: 5 »"),
            ("aucun", (None, None, True), ""),
        ],
    )
    def test_a_rule_below_the_least_is_read_as_the_least(self, load_text, text, rule, warning_part):
        report = load_text(changed("secret: {seuil: 5}", f"secret: {text}"))
        assert self.rule() == rule
        assert any(warning_part in warning for warning in report.warnings) if warning_part else True
        assert warning_part or not any("est lu" in warning for warning in report.warnings)

    def test_no_rule_is_stated_where_the_file_has_none(self, load_text):
        load_text(changed(self.RULE, ""))
        caf = Organisation.objects.get(acronym="CAF 99")
        assert (caf.states_secrecy, caf.threshold) == (False, 5)

    @pytest.mark.parametrize("text", ["    secret: aucun\n", ""])
    def test_a_laxer_rule_is_taken_once_all_parties_have_agreed(self, load_text, text):
        load_text(FULL)
        report = load_text(changed(self.RULE, text))
        assert self.rule() == (5, None, False)
        assert any("--secret-assoupli" in warning for warning in report.warnings)
        load_text(changed(self.RULE, text), is_laxer_secrecy_agreed=True)
        assert self.rule() == (None, None, bool(text))

    def test_a_load_does_not_undo_the_threshold_that_a_referent_has_raised(self, load_text):
        load_text(FULL)
        caf = Organisation.objects.get(acronym="CAF 99")
        tighten_secrecy(caf, threshold=11, by=None)
        load_text(FULL)
        assert self.rule() == (11, None, False)

    def test_the_note_of_a_secrecy_rule_stays_until_the_file_has_another_rule(self, load_text):
        load_text(FULL)
        Organisation.objects.update(secrecy_note="Seuil relevé de 3 à 5 le 01/12/2026.")
        assert not load_text(FULL).has_changes
        load_text(changed("secret: {seuil: 5}", "secret: {seuil: 11}"))
        assert Organisation.objects.get(acronym="CAF 99").secrecy_note == ""


class TestLogos:
    @pytest.fixture
    def load_with_logo(self, load_text, tmp_path):
        def load_with_logo(image: bytes, name: str = "logo.png"):
            (tmp_path / name).write_bytes(image)
            return load_text(changed("    siege:", f"    logo: {name}\n    siege:"))

        return load_with_logo

    @pytest.fixture
    def stored(self, settings):
        """The names of the logos under the portal’s media."""
        return lambda: [path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]

    @staticmethod
    def logo():
        return Party.objects.get(organisation__acronym="CAF 99").logo

    def image(self) -> bytes:
        with self.logo().open("rb") as stored:
            return stored.read()

    def test_a_logo_is_copied_under_the_media(self, load_with_logo, stored):
        load_with_logo(png(), "a.txt")
        assert self.image() == clean_logo(png())
        assert "vallee-exemple-2021-caf-99.png" in stored()
        assert self.logo().name.startswith("logos/")

    def test_a_changed_image_replaces_the_logo(
        self, load_with_logo, stored, django_capture_on_commit_callbacks
    ):
        load_with_logo(png())
        with django_capture_on_commit_callbacks(execute=True):
            report = load_with_logo(png(width=2))
        assert report.updated == {"partie": 1}
        assert self.image() == clean_logo(png(width=2))
        assert len(stored()) == 1

    def test_the_former_image_stays_until_the_load_is_certain(self, load_with_logo, stored):
        load_with_logo(png())
        load_with_logo(png(width=2))
        assert len(stored()) == 2

    def test_a_file_without_logo_leaves_the_stored_one(self, load_with_logo, load_text):
        load_with_logo(png())
        assert not load_text(FULL).has_changes
        assert self.image() == clean_logo(png())

    def test_an_image_that_was_lost_is_copied_again(self, load_with_logo):
        load_with_logo(png())
        self.logo().storage.delete(self.logo().name)
        load_with_logo(png())
        assert self.image() == clean_logo(png())
