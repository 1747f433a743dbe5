"""A first load: every key of the format readable in the models."""

import datetime
from decimal import Decimal

import pytest

from conventions.access.organisations import give_address
from conventions.models import (
    Annex,
    Article,
    Commune,
    Convention,
    Coverage,
    Objective,
    Organisation,
    Party,
    Theme,
)
from tests.conventions.loading.samples import FULL, MINIMAL, changed

pytestmark = pytest.mark.postgresql


@pytest.fixture
def convention(load_text):
    return load_text(FULL).convention


def test_a_load_creates_the_convention(convention):
    convention = Convention.objects.get()
    assert convention.slug == "vallee-exemple-2021"
    assert convention.title == "Convention territoriale globale"
    assert convention.territory == "Communauté de communes de la Vallée-Exemple"
    assert convention.signed_on == datetime.date(2021, 6, 30)
    assert convention.signed_at == "Exempleville"
    assert convention.start == datetime.date(2021, 1, 1)
    assert convention.end == datetime.date(2025, 12, 31)
    assert convention.notice_months == 6
    assert convention.predecessor_slug == "vallee-exemple-2017"
    assert convention.communes_announced == 3
    assert convention.preamble.startswith("La vallée est un **territoire** : ")
    assert convention.points_to_check == [
        "Les axes sont annoncés dans un ordre et détaillés dans un autre."
    ]


def test_a_load_takes_the_words_of_the_territory(convention):
    words = Convention.objects.get().words
    assert (words.axis.title, words.theme.plural, words.theme.gender) == ("Enjeu", "volets", "m")


def test_a_load_creates_the_key_figures(convention):
    habitants, part = convention.key_figures.all()
    assert (habitants.label, habitants.value, habitants.unit, habitants.source) == (
        "Habitants", Decimal(84904), "habitants", "Insee, RP 2016",
    )  # fmt: skip
    assert (part.label, part.value, part.unit, part.source) == ("Part", Decimal("19.4"), "", "")


def test_a_load_creates_the_text_as_signed(convention):
    amendment = convention.amendments.get()
    assert amendment.number == 0
    assert amendment.signed_on == datetime.date(2021, 6, 30)
    assert amendment.effective_on == datetime.date(2021, 1, 1)
    for model in (Article, Annex, Theme, Objective, Coverage):
        for row in model.objects.all():
            assert (row.since, row.until) == (amendment, None)


def test_a_load_creates_the_parties(convention):
    caf, epci = Party.objects.of(convention)
    assert (caf.rank, epci.rank) == (1, 2)
    assert caf.address == "1 rue de l'Exemple, 99000 Exempleville"
    assert (caf.co_chairs, caf.agreement_required) == (True, True)
    assert (epci.co_chairs, epci.agreement_required) == (False, False)
    assert epci.council_approved_on == datetime.date(2021, 5, 12)
    assert [str(person) for person in caf.signatories.all()] == [
        "Jeanne MARTIN, Directrice",
        "Paul DURAND, Président",
    ]
    assert not caf.logo


def test_a_load_creates_the_organisations(convention):
    caf, epci, amis, insee = convention.organisations.all()
    assert (caf.acronym, caf.kind, caf.siren) == ("CAF 99", "caf", "123456789")
    assert caf.name == "Caisse d'allocations familiales d'Exemple"
    assert (caf.source, epci.source) == (
        "Source CAF d'Exemple",
        "Source Communauté de communes de la Vallée-Exemple",
    )
    assert (caf.masking_threshold, caf.rounding_base) == (5, None)
    assert (epci.masking_threshold, epci.rounding_base) == (None, 5)
    assert (insee.acronym, insee.kind, amis.kind) == ("Insee", "etat", "autre")
    assert list(convention.organisations.parties()) == [caf, epci]


def test_a_load_creates_articles_and_annexes(convention):
    assert [(a.number, a.title, a.text) for a in convention.articles.all()] == [
        (1, "Objet de la convention", "Le texte."),
        (2, "Les enjeux", ""),
    ]
    annex = convention.annexes.get()
    assert (annex.number, annex.title, annex.text) == (1, "Chargé de coopération", "Le poste.")


def test_a_load_creates_axes_and_themes(convention):
    first, second = convention.axes.all()
    assert (first.number, first.title, first.text, first.is_priority) == (
        1, "Accueillir", "Une introduction.", True,
    )  # fmt: skip
    assert [(t.rank, t.number, t.title) for t in first.themes.all()] == [
        (1, "1.10", "Petite enfance"),
        (2, "1.2", "Enfance"),
    ]
    untitled = second.themes.get()
    assert (untitled.number, untitled.title, untitled.rank) == ("", "", 1)


def test_a_load_creates_the_objectives(convention):
    orientations = Objective.objects.of(convention).level(1).in_reading_order()
    assert [(o.title, o.code, o.is_priority, o.rank) for o in orientations] == [
        ("Ouvrir un lieu d'accueil", "LAEP", True, 1),
        ("Soutenir les assistants maternels", "", False, 2),
        ("Rénover les logements", "", False, 1),
    ]
    parts = orientations[0].sub_objectives.all()
    assert [(o.title, o.code, o.rank) for o in parts] == [
        ("Trouver un local", "", 1),
        ("Former : les accueillants", "FORM", 2),
    ]
    assert {part.theme for part in parts} == {orientations[0].theme}
    assert {part.origin for part in parts} == {"signature"}


def test_a_load_creates_the_communes(convention):
    exempleville = Commune.objects.get(insee_code="01001")
    assert (exempleville.name, exempleville.name_in_text) == ("Exempleville", "Exemple-Ville")
    assert exempleville.population == 1234
    assert (exempleville.longitude, exempleville.latitude) == (0.5, 46.8)
    coverage = exempleville.coverages.get()
    assert coverage.is_epci_member
    assert coverage.joined_on == datetime.date(2021, 1, 1)
    assert coverage.left_on == datetime.date(2023, 12, 31)
    assert coverage.cej_end == datetime.date(2020, 12, 31)
    bourg = Commune.objects.get(insee_code="2A004")
    assert not bourg.coverages.get().is_epci_member
    assert (bourg.population, bourg.longitude, bourg.name_in_text) == (None, None, "")


def test_a_load_creates_the_post(convention):
    post = convention.cooperation_posts.get()
    assert (post.rank, post.title, post.employer) == (1, "", None)
    assert (post.fte, post.cost_per_fte) == (Decimal(1), Decimal(48000))
    assert [(share.rank, share.domain, share.fte) for share in post.shares.all()] == [
        (1, "Politiques éducatives", Decimal("0.7")),
        (2, "Autres actions", Decimal("0.3")),
    ]


def test_the_report_counts_what_is_created(load_text):
    report = load_text(FULL)
    assert report.created == {
        "convention": 1, "chiffre cité": 2, "article": 2, "annexe": 1, "poste de coopération": 1,
        "répartition du poste": 2, "organisme": 4, "partie": 2, "signataire": 2, "axe": 2,
        "thématique": 3, "objectif": 5, "commune": 3, "rattachement d’une commune": 3,
    }  # fmt: skip
    assert not any((report.updated, report.unchanged, report.deleted, report.preserved))
    assert report.convention == Convention.objects.get()


def test_the_report_warns_of_the_points_to_check(load_text):
    report = load_text(FULL.replace("communes_annoncees: 3", "communes_annoncees: 4"))
    assert "Le texte annonce 4 communes et le périmètre en compte 3." in report.warnings


def test_the_report_says_that_a_delay_to_contest_is_read_no_more(load_text):
    delay = "preavis_mois: 6\n  delai_contestation_jours: 21"
    for file, has_warning in ((FULL, False), (FULL.replace("preavis_mois: 6", delay), True)):
        warnings = [text for text in load_text(file).warnings if "contestation" in text]
        assert bool(warnings) == has_warning


def test_a_minimal_convention_is_a_project(load_text):
    convention = load_text(MINIMAL).convention
    assert not convention.is_signed
    assert (convention.start, convention.labels, convention.notice_months) == (None, {}, 3)
    amendment = convention.amendments.get()
    assert (amendment.number, amendment.signed_on, amendment.effective_on) == (0, None, None)
    today = datetime.date(2022, 1, 1)
    assert not Objective.objects.of(convention).in_force(today)
    assert Objective.objects.of(convention).drafted().count() == 1
    assert not convention.cooperation_posts.exists()


def test_signed_objectives_are_in_force_from_the_start_even_before_the_signature(convention):
    objectives = Objective.objects.of(convention)
    assert objectives.in_force(datetime.date(2021, 1, 1)).count() == 5
    assert not objectives.in_force(datetime.date(2020, 12, 31))


def test_a_project_with_a_start_has_nothing_in_force(load_text):
    text = changed("  fin: 2025", "  debut: 2021-01-01\n  fin: 2025", MINIMAL)
    convention = load_text(text).convention
    assert convention.start == datetime.date(2021, 1, 1)
    assert not Objective.objects.of(convention).in_force(datetime.date(2022, 1, 1))


def test_two_conventions_share_nothing(load_text):
    load_text(FULL)
    other = load_text(FULL.replace("vallee-exemple-2021", "autre")).convention
    assert Convention.objects.count() == 2
    assert other.axes.count() == 2
    assert Organisation.objects.filter(acronym="CAF 99").count() == 2


def test_nine_axes_without_themes_are_loaded(load_text):
    axes = "".join(
        f"  - {{numero: {n}, titre: Axe {n}, objectifs: [{{titre: Même titre}}]}}\n"
        for n in range(1, 10)
    )
    convention = load_text(MINIMAL[: MINIMAL.index("axes:")] + "axes:\n" + axes).convention
    assert [axis.number for axis in convention.axes.all()] == list(range(1, 10))
    assert Theme.objects.filter(axis__convention=convention, title="").count() == 9
    assert Objective.objects.of(convention).count() == 9


def test_a_departement_and_five_communes_without_msa_are_loaded(load_text):
    kinds = ["departement", *["commune"] * 5]
    parties = "".join(
        f"  - {{sigle: P{n}, nom: Partie {n}, type: {kind}, co_valide: oui}}\n"
        for n, kind in enumerate(kinds)
    )
    start, end = MINIMAL.index("parties:"), MINIMAL.index("axes:")
    convention = load_text(MINIMAL[:start] + "parties:\n" + parties + MINIMAL[end:]).convention
    assert [party.organisation.kind for party in Party.objects.of(convention)] == kinds
    assert Party.objects.of(convention).filter(agreement_required=True).count() == 6


def test_the_source_of_the_populations_is_kept(load_text):
    text = FULL.replace(
        "  communes_annoncees: ", "  source_habitants: Insee 2023\n  communes_annoncees: "
    )
    convention = load_text(text).convention
    assert convention.population_source == "Insee 2023"
    assert convention.words.axis.singular == "enjeu"


def test_a_file_without_official_address_leaves_that_of_the_page(load_text):
    text = "".join(line for line in FULL.splitlines(True) if "courriel:" not in line)
    organisation = load_text(text).convention.organisations.first()
    give_address(organisation, email="accueil@exemple.example", by=None)
    assert not load_text(text).has_changes
    organisation.refresh_from_db()
    assert organisation.email == "accueil@exemple.example"
