"""The database refuses impossible states, and says why in French."""

import datetime

import pytest
from django.utils import timezone

from conventions import models
from tests import factories as f
from tests.constraints import (
    another,
    assert_kept,
    assert_refused,
    assert_told,
    constraints_of,
    each_of,
    with_changes,
)

pytestmark = pytest.mark.both

DAY, NEXT_DAY = datetime.date(2024, 1, 1), datetime.date(2024, 1, 2)


def post(**fields):
    return models.CooperationPost.objects.create(convention=f.ConventionFactory(), fte=1, **fields)


def share(**fields):
    return models.CooperationShare.objects.create(post=post(), rank=1, domain="Enfance", fte=1)


def contact():
    return models.Contact.objects.create(organisation=f.OrganisationFactory(), name="Awa Diop")


def key_figure():
    convention = f.ConventionFactory()
    return models.KeyFigure.objects.create(convention=convention, rank=1, label="Foyers", value=1)


def code_taken():
    theme = f.ObjectiveFactory(code="LAEP").theme
    return f.ObjectiveFactory.build(theme=theme, since=theme.since, code="LAEP")


def second_wording(part):
    return part.new_wording(part.since)


def succession(factory):
    """One part succeeds to another, by a later amendment."""
    old, new = factory(), factory()
    amendment = f.AmendmentFactory(convention=old.since.convention, number=1)
    return old.successions.create(new=new, amendment=amendment)


def to_itself(factory):
    row = succession(factory)
    return with_changes(row, new=row.old)


SAID_ALREADY = "Cet avenant dit déjà ce que devient cette partie."
SUCCEEDED_ALREADY = "Cette succession est déjà dite."
NOT_TO_ITSELF = "Une partie du texte ne se succède pas à elle-même."
ON_EARTH = "Ces coordonnées ne sont pas sur Terre."
ONE_SECRECY = "Un organisme masque, arrondit, ou renonce au secret."
IMPOSSIBLE = [
    # Convention, amendments, figures
    ("convention_ends_after_start", lambda: f.ConventionFactory.build(start=NEXT_DAY, end=DAY),
     "La fin de la convention précède son début."),
    ("convention_signed_has_start", lambda: f.ConventionFactory.build(signed_on=DAY, start=None),
     "Une convention signée a un premier jour."),
    ("amendment_number_unique", lambda: another(f.AmendmentFactory()),
     "Cette convention a déjà un avenant de ce numéro."),
    ("amendment_effective_once_signed",
     lambda: with_changes(f.AmendmentFactory(), signed_on=None, effective_on=DAY),
     "Un avenant ne prend effet qu’une fois signé."),
    ("key_figure_rank_unique", lambda: another(key_figure()),
     "Un objet Chiffre cité avec ces champs Convention et Rang existe déjà."),
    # Parties
    ("organisation_acronym_unique", lambda: another(f.OrganisationFactory()),
     "Cette convention a déjà un organisme de ce sigle."),
    ("organisation_one_secrecy_rule",
     lambda: with_changes(f.OrganisationFactory(), masking_threshold=5, rounding_base=5),
     ONE_SECRECY),
    ("organisation_one_secrecy_rule",
     lambda: with_changes(f.OrganisationFactory(masking_threshold=5), opts_out_of_secrecy=True),
     ONE_SECRECY),
    ("organisation_added_says_nothing_official",
     lambda: with_changes(f.OrganisationFactory(is_added=True), masking_threshold=5),
     "Une règle de secret vient du fichier de la convention."),
    ("contact_has_name", lambda: with_changes(contact(), name=""), "Une personne a un nom."),
    ("contact_name_unique", lambda: another(contact()),
     "Cet organisme a déjà une personne de ce nom."),
    ("organisation_masking_threshold_from_5",
     lambda: with_changes(f.OrganisationFactory(), masking_threshold=4),
     "Le seuil de secret vaut au moins 5."),
    ("organisation_rounds_to_5",
     lambda: with_changes(f.OrganisationFactory(), rounding_base=10),
     "Un organisme arrondit à 5."),
    ("organisation_kind_known", lambda: with_changes(f.OrganisationFactory(), kind="club"),
     "Ce type d’organisme est inconnu."),
    ("signatory_has_capacity", lambda: with_changes(f.SignatoryFactory(), capacity=""),
     "Un signataire a un nom et une qualité."),
    ("signatory_has_capacity", lambda: with_changes(f.SignatoryFactory(), name=""),
     "Un signataire a un nom et une qualité."),
    # Text and structure
    ("article_number_unique", lambda: another(f.ArticleFactory()),
     "Cette convention a déjà un article de ce numéro."),
    ("annex_number_unique", lambda: another(f.AnnexFactory()),
     "Cette convention a déjà une annexe de ce numéro."),
    ("axis_number_unique", lambda: another(f.AxisFactory()),
     "Cette convention a déjà un axe de ce numéro."),
    ("theme_untitled_unique", lambda: another(f.ThemeFactory(untitled=True)),
     "Un axe n’a qu’une thématique sans titre."),
    ("theme_number_unique", lambda: another(f.ThemeFactory(), title="Autre"),
     "Cet axe a déjà une thématique de ce numéro."),
    ("objective_has_title", lambda: with_changes(f.ObjectiveFactory(), title=""),
     "Un objectif a un titre."),
    ("objective_origin_known", lambda: with_changes(f.ObjectiveFactory(), origin="préfet"),
     "L’origine d’un objectif est la signature ou le comité."),
    ("objective_standing_known", lambda: with_changes(f.ObjectiveFactory(), standing="perdu"),
     "Cet état est inconnu."),
    ("objective_code_unique", code_taken, "Cette thématique a déjà un objectif de ce code."),
    # Territory
    ("sector_name_unique", lambda: another(f.SectorFactory()),
     "Cette convention a déjà un secteur de ce nom."),
    ("commune_insee_code_unique", lambda: another(f.CommuneFactory()),
     "Cette convention a déjà cette commune."),
    ("commune_coordinates_on_earth", lambda: with_changes(f.CommuneFactory(), longitude=180.5),
     ON_EARTH),
    ("commune_coordinates_on_earth", lambda: with_changes(f.CommuneFactory(), latitude=-90.5),
     ON_EARTH),
    ("commune_coordinates_on_earth", lambda: with_changes(f.CommuneFactory(), longitude=-180.5),
     ON_EARTH),
    ("commune_coordinates_on_earth", lambda: with_changes(f.CommuneFactory(), latitude=90.5),
     ON_EARTH),
    ("commune_coordinates_on_earth", lambda: with_changes(f.CommuneFactory(), latitude=None),
     ON_EARTH),
    ("commune_coordinates_on_earth", lambda: with_changes(f.CommuneFactory(), longitude=None),
     ON_EARTH),
    ("coverage_current_unique", lambda: another(f.CoverageFactory()),
     "Cette commune est déjà dans le périmètre."),
    ("coverage_left_after_joined",
     lambda: with_changes(f.CoverageFactory(), joined_on=NEXT_DAY, left_on=DAY),
     "La sortie d’une commune suit son entrée."),
    # Cooperation
    ("cooperation_post_amounts_positive", lambda: with_changes(post(), fte=0),
     "Les ETP et le coût sont positifs."),
    ("cooperation_post_amounts_positive", lambda: with_changes(post(), cost_per_fte=-1),
     "Les ETP et le coût sont positifs."),
    ("cooperation_share_rank_unique", lambda: another(share()),
     "Un objet Répartition du poste avec ces champs Poste et Rang existe déjà."),
    ("cooperation_share_positive", lambda: with_changes(share(), fte=0),
     "Une part du poste est positive."),
    # Wordings and successions
    ("articlewording_one_by_amendment", lambda: second_wording(f.ArticleFactory()), SAID_ALREADY),
    ("annexwording_one_by_amendment", lambda: second_wording(f.AnnexFactory()), SAID_ALREADY),
    ("axiswording_one_by_amendment", lambda: second_wording(f.AxisFactory()), SAID_ALREADY),
    ("themewording_one_by_amendment", lambda: second_wording(f.ThemeFactory()), SAID_ALREADY),
    ("objectivewording_one_by_amendment", lambda: second_wording(f.ObjectiveFactory()),
     SAID_ALREADY),
    ("axissuccession_unique", lambda: another(succession(f.AxisFactory)),
     SUCCEEDED_ALREADY),
    ("axissuccession_of_another", lambda: to_itself(f.AxisFactory),
     NOT_TO_ITSELF),
    ("themesuccession_unique", lambda: another(succession(f.ThemeFactory)),
     SUCCEEDED_ALREADY),
    ("themesuccession_of_another", lambda: to_itself(f.ThemeFactory),
     NOT_TO_ITSELF),
    ("objectivesuccession_unique", lambda: another(succession(f.ObjectiveFactory)),
     SUCCEEDED_ALREADY),
    ("objectivesuccession_of_another", lambda: to_itself(f.ObjectiveFactory),
     NOT_TO_ITSELF),
    # Access
    ("membership_active_unique", lambda: another(f.MembershipFactory()),
     "Cette personne a déjà cet accès."),
    ("membership_role_known", lambda: with_changes(f.MembershipFactory(), role="boss"),
     "Ce rôle est inconnu."),
    ("membership_closes_for_readers",
     lambda: with_changes(f.MembershipFactory(), closes_on=datetime.date(2026, 4, 7)),
     "Seul un accès en lecture se ferme avec un siège."),
    ("membership_state_known", lambda: with_changes(f.MembershipFactory(), state="perhaps"),
     "Cet état est inconnu."),
    ("membership_transition_in_table",
     lambda: models.MembershipTransition(
         membership=f.MembershipFactory(), verb="suspended", from_state="suspended",
         to_state="suspended"),
     "Cet acte ne mène pas de cet état à cet autre."),
    ("designation_by_link_or_letter",
     lambda: models.Designation(sent_at=timezone.now(), expires_at=timezone.now()),
     "Un référent est désigné par un lien ou par une lettre."),
    ("membership_offer_unique", lambda: another(f.MembershipOfferFactory()),
     "Un objet Accès proposé avec ces champs Invitation, Organisme et Rôle existe déjà."),
    ("membership_offer_role_known", lambda: with_changes(f.MembershipOfferFactory(), role="boss"),
     "Ce rôle est inconnu."),
    ("project_logo_unique",
     lambda: another(models.ProjectLogo.objects.create(
         project=models.Project.objects.create(owner=f.UserFactory()), path="a.png", image=b"a")),
     "Ce logo est déjà là."),
    ("setting_change_known",
     lambda: models.SettingChange(
         convention=(caf := f.OrganisationFactory()).convention, organisation=caf,
         setting="colour", created_at=timezone.now()),
     "Ce réglage est inconnu."),
    ("setting_change_of_organisation",
     lambda: models.SettingChange(
         convention=f.ConventionFactory(), setting="logo", created_at=timezone.now()),
     "Ce réglage est celui d’un organisme, ou de la convention."),
]  # fmt: skip
each_impossible_state = each_of(IMPOSSIBLE)


def until(row):
    """``row``, which a later amendment ends."""
    amendment = f.AmendmentFactory(convention=row.since.convention, number=1)
    return another_of(row, until=amendment)


def another_of(row, **changes):
    """A second row like the saved ``row``, once the first is changed."""
    type(row).objects.filter(pk=row.pk).update(**changes)
    return another(type(row).objects.get(pk=row.pk), **dict.fromkeys(changes))


# What looks like an impossible state and is not.
POSSIBLE = {
    "a convention of one day": lambda: f.ConventionFactory.build(start=DAY, end=DAY),
    "a project without first day": lambda: f.ConventionFactory.build(project=True),
    "a term that begins before the signature": lambda: f.ConventionFactory.build(
        signed_on=NEXT_DAY, start=DAY
    ),
    "an amendment that is signed and has no effect yet": lambda: f.AmendmentFactory.build(
        convention=f.ConventionFactory(), number=1, effective_on=None
    ),
    "the same acronym in another convention": lambda: another(
        f.OrganisationFactory(), convention=f.ConventionFactory()
    ),
    "the smallest threshold": lambda: with_changes(f.OrganisationFactory(), masking_threshold=5),
    "rounding to five": lambda: with_changes(f.OrganisationFactory(), rounding_base=5),
    "no rule, by choice": lambda: with_changes(f.OrganisationFactory(), opts_out_of_secrecy=True),
    "a new wording of an article": lambda: until(f.ArticleFactory()),
    "a new wording of an annex": lambda: until(f.AnnexFactory()),
    "a new wording of an axis": lambda: until(f.AxisFactory()),
    "a new wording of a theme": lambda: until(f.ThemeFactory()),
    "a new untitled theme": lambda: until(f.ThemeFactory(untitled=True)),
    "a new wording of an objective": lambda: until(f.ObjectiveFactory(code="LAEP")),
    "two themes without number": lambda: another(f.ThemeFactory(number=""), title="Autre"),
    "two objectives without code": lambda: another(f.ObjectiveFactory(code="")),
    "a commune that comes back": lambda: until(f.CoverageFactory()),
    "a commune that stays one day": lambda: with_changes(
        f.CoverageFactory(), joined_on=DAY, left_on=DAY
    ),
    "a commune without coordinates": lambda: with_changes(
        f.CommuneFactory(), longitude=None, latitude=None
    ),
    "a commune at the end of the Earth": lambda: with_changes(
        f.CommuneFactory(), longitude=-180.0, latitude=90.0
    ),
    "a post that costs nothing": lambda: with_changes(post(), cost_per_fte=0),
    "a second role": lambda: another(f.MembershipFactory(), role="reader"),
    "an access given again": lambda: another(f.MembershipFactory(ended=True), ended_at=None),
}


def test_every_constraint_is_in_the_table():
    assert {name for name, _, _ in IMPOSSIBLE} == constraints_of("conventions")


@each_impossible_state
def test_an_impossible_state_is_refused_in_french_and_by_the_database(name, build, message, db):
    row = build()
    assert_told(row, message)
    assert_refused(row, name)


@pytest.mark.parametrize("build", POSSIBLE.values(), ids=POSSIBLE.keys())
def test_possible_state_is_accepted(build, db):
    assert_kept(build())
