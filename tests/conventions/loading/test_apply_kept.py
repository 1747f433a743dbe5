"""What is no longer in the file: deleted when nothing hangs on it, else kept and told."""

import pytest

from accounts.models import User
from conventions.loading.dependencies import reasons_to_keep
from conventions.loading.rows import KEPT_RANK
from conventions.models import (
    Axis,
    Commune,
    Convention,
    CooperationPost,
    Membership,
    Objective,
    Organisation,
    Party,
    Role,
    Signatory,
    Theme,
)
from ctg_portal.house import overridden
from tests.conventions.loading.samples import FULL, changed
from tests.conventions.loading.structures import tree


@pytest.fixture
def member(db):
    """Give somebody access to the organisation of this sigle."""

    def member(acronym: str) -> Membership:
        user = User.objects.create_user(f"{User.objects.count()}@exemple.fr")
        organisation = Organisation.objects.get(acronym=acronym)
        return Membership.objects.create(user=user, organisation=organisation, role=Role.READER)

    return member


class TestObjectives:
    def test_an_objective_that_others_depend_on_stays_with_a_warning(self, load_structure, hanging):
        load_structure("1 X: : A; B; C")
        former = Objective.objects.get(title="B")
        hanging[former] = "2 actions en dépendent"
        report = load_structure("1 X: : A; C")
        assert report.warnings[0] == (
            "l’objectif « B » n’est plus dans le fichier ; "
            "il est conservé car 2 actions en dépendent."
        )
        assert report.preserved == {"objectif": 1}
        assert not report.deleted
        assert tree() == ["1//A", "1//C", "1//B"]

    def test_a_warning_uses_the_words_of_the_territory(self, load_text, hanging):
        text = FULL.replace("    objectif: Objectif\n", "    objectif: Priorité\n")
        load_text(text)
        hanging[Objective.objects.get(title="Trouver un local")] = "une action en dépend"
        report = load_text(text.replace("              - Trouver un local\n", ""))
        assert report.warnings[0] == (
            "la priorité « Trouver un local » n’est plus dans le fichier ; "
            "elle est conservée car une action en dépend."
        )

    def test_a_kept_objective_is_written_only_once(self, load_structure, hanging):
        load_structure("1 X: : A; B")
        former = Objective.objects.get(title="B")
        hanging[former] = "une action en dépend"
        load_structure("1 X: : A")
        report = load_structure("1 X: : A")
        assert not report.has_changes
        assert report.preserved == {"objectif": 1}
        assert former.history.count() == 2

    def test_nothing_new_takes_the_place_of_one_that_is_kept(self, load_structure, hanging):
        load_structure("1 X: : A; B")
        former = Objective.objects.get(title="B")
        hanging[former] = "une action en dépend"
        load_structure("1 X: : A")
        load_structure("1 X: : A; N")
        former.refresh_from_db()
        assert (former.title, former.rank) == ("B", KEPT_RANK + 2)
        assert tree() == ["1//A", "1//N", "1//B"]

    def test_a_kept_objective_that_comes_back_has_the_same_row(self, load_structure, hanging):
        load_structure("1 X: : A; B; C")
        former = Objective.objects.get(title="B")
        hanging[former] = "une action en dépend"
        load_structure("1 X: : A; C")
        load_structure("1 X: : A; B; C")
        former.refresh_from_db()
        assert former.rank == 2
        assert Objective.objects.count() == 3

    def test_the_parts_that_contain_a_kept_objective_are_kept(self, load_structure, hanging):
        load_structure("1 X: 1.1 T: A > A1, A2", "2 Y: 2.1 U: B")
        hanging[Objective.objects.get(title="A1")] = "une action en dépend"
        report = load_structure("2 Y: 2.1 U: B")
        assert report.preserved == {"objectif": 2, "thématique": 1, "axe": 1}
        assert report.deleted == {"objectif": 1}
        assert report.warnings[1:4] == [
            "l’objectif « A » n’est plus dans le fichier ; "
            "il est conservé car 1 objectif en dépend.",
            "la thématique « T » n’est plus dans le fichier ; "
            "elle est conservée car 2 objectifs en dépendent.",
            "l’axe « X » n’est plus dans le fichier ; il est conservé car 1 thématique en dépend.",
        ]
        assert tree() == ["1/1.1/A > A1", "2/2.1/B"]

    def test_a_kept_sub_objective_moves_with_its_orientation(self, load_structure, hanging):
        load_structure("1 X: : A > A1, A2; B", "2 Y: : C")
        former = Objective.objects.get(title="A2")
        hanging[former] = "une action en dépend"
        load_structure("1 X: : B", "2 Y: : C; A > A1")
        former.refresh_from_db()
        assert former.theme.axis.number == 2
        assert former.parent.title == "A"


class TestAxesAndThemes:
    def test_an_axis_that_is_kept_gives_up_its_number(self, load_structure, hanging):
        load_structure("1 X: : A", "2 Y: : B", "3 Z: : C")
        hanging[Objective.objects.get(title="B")] = "une action en dépend"
        report = load_structure("1 X: : A", "2 Z: : C")
        assert report.preserved == {"axe": 1, "thématique": 1, "objectif": 1}
        assert list(Axis.objects.values_list("number", "title")) == [(1, "X"), (2, "Z"), (4, "Y")]
        assert not load_structure("1 X: : A", "2 Z: : C").has_changes

    def test_a_theme_that_is_kept_gives_up_its_number(self, load_structure, hanging):
        load_structure("1 X: 1.1 T: A: 1.2 U: B: 1.3 V: C")
        hanging[Objective.objects.get(title="B")] = "une action en dépend"
        report = load_structure("1 X: 1.1 T: A: 1.2 V: C")
        assert report.preserved == {"thématique": 1, "objectif": 1}
        assert set(Theme.objects.values_list("number", "title")) == {
            ("1.1", "T"), ("1.2", "V"), ("", "U"),
        }  # fmt: skip
        assert not load_structure("1 X: 1.1 T: A: 1.2 V: C").has_changes

    def test_an_axis_that_something_depends_on_is_kept_alone(self, load_structure, hanging):
        load_structure("1 X: : A", "2 Y: : B")
        hanging[Axis.objects.get(number=2)] = "1 rapport en parle"
        report = load_structure("1 X: : A")
        assert report.deleted == {"objectif": 1, "thématique": 1}
        assert report.preserved == {"axe": 1}


class TestOrganisations:
    def test_an_organisation_with_members_stays_with_a_warning(self, load_text, member):
        load_text(FULL)
        member("Insee")
        member("Insee")
        text = changed(
            "  - {sigle: Insee, nom: Institut national de la statistique, type: etat}\n", ""
        )
        report = load_text(text)
        assert report.preserved == {"organisme": 1}
        assert report.warnings[0] == (
            "l’organisme « Insee » n’est plus dans le fichier ; "
            "il est conservé car 2 accès en dépendent."
        )
        assert Membership.objects.count() == 2

    def test_an_organisation_that_nobody_needs_is_deleted(self, load_text):
        load_text(FULL)
        report = load_text(changed("  - {sigle: Amis, nom: Les amis de la vallée}\n", ""))
        assert report.deleted == {"organisme": 1}
        assert not Organisation.objects.filter(acronym="Amis").exists()

    def test_a_party_is_deleted_with_those_who_signed_for_it(self, load_text):
        load_text(FULL)
        text = FULL.replace("sigle: CAF 99", "sigle: Autre").replace("Caisse d'all", "Autre d'all")
        report = load_text(text.replace('    siren: "123456789"\n', ""))
        assert report.deleted == {"organisme": 1}
        assert report.created == {"organisme": 1, "partie": 1, "signataire": 2}
        assert Signatory.objects.count() == 2

    def test_a_party_on_which_something_hangs_is_kept_with_those_who_signed(
        self, load_text, hanging
    ):
        load_text(FULL)
        hanging[Party.objects.get(organisation__acronym="CAF 99")] = "3 sièges en dépendent"
        text = FULL.replace("sigle: CAF 99", "sigle: Autre").replace("Caisse d'all", "Autre d'all")
        report = load_text(text.replace('    siren: "123456789"\n', ""))
        assert report.preserved == {"organisme": 1}
        assert "car 3 sièges en dépendent" in report.warnings[0]
        assert Signatory.objects.count() == 4

    @pytest.mark.parametrize(
        ("old", "new"),
        [("sigle: CAF 99", "sigle: Caf de l'Exemple"),
         ("nom: Caisse d'allocations familiales d'Exemple", "nom: Caf d'Exemple")],
    )  # fmt: skip
    def test_a_corrected_name_keeps_its_members(self, load_text, member, old, new):
        load_text(FULL)
        membership = member("CAF 99")
        report = load_text(changed(old, new))
        assert report.updated == {"organisme": 1}
        membership.refresh_from_db()
        assert new.endswith((membership.organisation.acronym, membership.organisation.name))

    def test_a_siren_matches_two_names_of_one_body(self, load_text, member):
        load_text(FULL)
        membership = member("CAF 99")
        text = FULL.replace("sigle: CAF 99", "sigle: CAFE").replace("nom: Caisse d'all", "nom: All")
        assert load_text(text).updated == {"organisme": 1}
        membership.organisation.refresh_from_db()
        assert membership.organisation.acronym == "CAFE"

    def test_a_name_that_two_bodies_have_matches_neither(self, load_text):
        rows = "  - {{sigle: {}, nom: Mairie}}\n  - {{sigle: {}, nom: Mairie}}\n"
        load_text(changed("organismes:\n", "organismes:\n" + rows.format("A", "B")))
        report = load_text(changed("organismes:\n", "organismes:\n" + rows.format("D", "C")))
        assert report.created == report.deleted == {"organisme": 2}

    def test_an_organisation_that_becomes_a_party_keeps_its_members(self, load_text, member):
        load_text(FULL)
        membership = member("Amis")
        line = "  - {sigle: Amis, nom: Les amis de la vallée}\n"
        text = changed(line, "").replace("organismes:\n", line + "organismes:\n")
        report = load_text(text)
        assert report.created == {"partie": 1}
        assert membership.organisation.party.rank == 3

    def test_a_party_that_becomes_another_organisation_keeps_its_members(self, load_text, member):
        load_text(FULL)
        member("CCVE")
        line = "  - {sigle: CCVE, nom: Communauté de communes de la Vallée-Exemple, type: epci}\n"
        start, end = FULL.index("  - sigle: CCVE"), FULL.index("organismes:\n")
        text = (FULL[:start] + FULL[end:]).replace("organismes:\n", "organismes:\n" + line)
        report = load_text(text)
        assert report.deleted == {"partie": 1}
        assert list(Convention.objects.get().organisations.parties()) == [
            Organisation.objects.get(acronym="CAF 99")
        ]
        assert Membership.objects.get().organisation.acronym == "CCVE"


class TestOthers:
    def test_a_commune_on_which_something_depends_is_kept_with_a_warning(self, load_text, hanging):
        load_text(FULL)
        hanging[Commune.objects.get(insee_code="99003")] = "12 valeurs en dépendent"
        report = load_text(changed('  - {insee: "99003", nom: Champs}\n', ""))
        assert report.warnings[0] == (
            "la commune « Champs » n’est plus dans le fichier ; "
            "elle est conservée car 12 valeurs en dépendent."
        )
        assert Commune.objects.get(insee_code="99003").coverages.exists()

    def test_an_article_on_which_something_depends_is_kept_with_a_warning(self, load_text, hanging):
        load_text(FULL)
        convention = Convention.objects.get()
        hanging[convention.articles.get(number=2)] = "1 avenant en parle"
        report = load_text(changed("  - {numero: 2, titre: Les enjeux}\n", ""))
        assert report.warnings[0] == (
            "l’article 2 n’est plus dans le fichier ; il est conservé car 1 avenant en parle."
        )

    def test_a_post_that_something_depends_on_is_kept(self, load_text, hanging):
        load_text(FULL)
        hanging[CooperationPost.objects.get()] = "1 convention de financement en dépend"
        report = load_text(FULL[: FULL.index("cooperation:")])
        assert report.preserved == {"poste de coopération": 1}
        post = CooperationPost.objects.get()
        assert (post.shares.count(), post.is_in_text) == (2, False)
        assert not CooperationPost.objects.in_text().exists()
        # Back in the file, it is the same.
        load_text(FULL)
        assert CooperationPost.objects.in_text().get() == post


class TestReasons:
    def test_rows_of_any_application_are_a_reason_to_keep(self, load_text, member):
        load_text(FULL)
        member("Insee")
        insee = Organisation.objects.get(acronym="Insee")
        assert reasons_to_keep(insee) == ["1 accès en dépend"]

    def test_parts_are_no_reason_but_rows_that_depend_on_them_are(self, load_text, hanging):
        load_text(FULL)
        caf = Organisation.objects.get(acronym="CAF 99")
        assert reasons_to_keep(caf) == ["1 partie en dépend"]
        assert reasons_to_keep(caf, along=(Party, Signatory)) == []
        hanging[Signatory.objects.get(name="Paul DURAND")] = "1 lettre en parle"
        assert reasons_to_keep(caf, along=(Party, Signatory)) == ["1 lettre en parle"]

    def test_the_history_of_a_row_is_no_reason(self, load_text):
        load_text(FULL)
        theme = Theme.objects.get(title="Enfance")
        theme.save()
        assert reasons_to_keep(theme) == []

    def test_a_warning_has_all_reasons(self, load_structure):
        reasons = [
            lambda row: "2 actions en dépendent" if str(row) == "B" else None,
            lambda row: "1 accord porte sur lui" if str(row) == "B" else None,
        ]
        with overridden(reasons_to_keep=reasons):
            load_structure("1 X: : A; B")
            report = load_structure("1 X: : A")
        assert report.warnings[0].endswith(
            "il est conservé car 2 actions en dépendent et 1 accord porte sur lui."
        )
