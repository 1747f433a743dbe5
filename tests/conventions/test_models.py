"""The rows of a convention: parties, structure, text, territory."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Invitation
from conventions import models
from conventions.models import (
    Commune,
    Coverage,
    MembershipOffer,
    Objective,
    Organisation,
    Party,
)
from conventions.parties.secrecy import is_stricter
from tests import factories as f
from tests.stories import told_once

pytestmark = pytest.mark.both


@told_once
def convention(db):
    return f.ConventionFactory(slug="vallee", territory="Vallée", title="CTG")


# Parties -------------------------------------------------------------------------------------


def test_organisations_of_a_convention_are_its_parties_in_their_order_then_the_others(convention):
    insee = f.OrganisationFactory(convention=convention, acronym="Insee")
    msa = f.PartyFactory(organisation__convention=convention, rank=2).organisation
    caf = f.PartyFactory(organisation__convention=convention, rank=1).organisation
    ars = f.OrganisationFactory(convention=convention, acronym="ARS")
    assert list(convention.organisations.all()) == [caf, msa, ars, insee]
    assert list(convention.organisations.parties()) == [caf, msa]
    assert list(convention.organisations.not_parties()) == [ars, insee]


@pytest.mark.parametrize(
    ("parties", "likely"),
    [
        ([("caf", True), ("epci", True)], "epci"),
        ([("caf", True), ("epci", False)], "epci"),
        ([("epci", False), ("commune", True)], "commune"),
        ([("departement", False), ("syndicat", False)], "departement"),
        ([("ccas", False), ("caf", True)], "ccas"),
        ([("msa", False), ("caf", True)], "caf"),
        ([("msa", False), ("caf", False)], "msa"),
    ],
)
def test_coordination_is_likely_at_a_local_authority_that_co_chairs(convention, parties, likely):
    for rank, (kind, co_chairs) in enumerate(parties):
        f.PartyFactory(
            organisation__convention=convention,
            organisation__kind=kind,
            rank=rank,
            co_chairs=co_chairs,
        )
    f.OrganisationFactory(convention=convention, kind="epci")
    assert convention.organisations.likely_coordination().kind == likely


def test_coordination_is_nowhere_without_parties(convention):
    f.OrganisationFactory(convention=convention, kind="epci")
    assert convention.organisations.likely_coordination() is None


def test_organisation_without_member_has_no_access_and_no_invitation(convention):
    alone, left, refused = [f.OrganisationFactory(convention=convention) for _ in range(3)]
    member = f.MembershipFactory(convention=convention).organisation
    f.MembershipFactory(organisation=left, ended=True)
    f.MembershipOfferFactory(organisation=refused, invitation__revoked=True)
    invited = f.MembershipOfferFactory(organisation__convention=convention).organisation
    organisations = set(convention.organisations.without_member())
    assert organisations == {alone, left, refused}
    assert not organisations & {member, invited}


def test_a_party_without_member_differs_from_an_organisation_without_referent(convention):
    alone = f.PartyFactory(organisation__convention=convention).organisation
    guarded = f.MembershipFactory(convention=convention, organisation__is_guarded=True).organisation
    f.OrganisationFactory(convention=convention)
    organisations = convention.organisations.without_people()
    assert {row: row.is_alone for row in organisations} == {alone: True, guarded: False}


def test_invited_addresses_are_listed_once_for_each_convention(convention):
    for role in ("reader", "contributor"):
        f.MembershipOfferFactory(
            organisation=f.OrganisationFactory(convention=convention),
            invitation=Invitation.objects.first() or f.InvitationFactory(email="b@caf.example"),
            role=role,
        )
    f.MembershipOfferFactory(organisation__convention=convention, invitation__email="a@caf.example")
    f.MembershipOfferFactory()
    assert list(MembershipOffer.objects.by_address({convention.pk})) == [
        (convention.pk, "a@caf.example"),
        (convention.pk, "b@caf.example"),
    ]


def test_invitation_that_was_revoked_has_not_expired(convention):
    created = timezone.now() - timedelta(days=30)
    expired, revoked = (
        f.MembershipOfferFactory(),
        f.MembershipOfferFactory(invitation__revoked=True),
    )
    f.MembershipOfferFactory()
    Invitation.objects.filter(offers__in=[expired, revoked]).update(
        created_at=created, expires_at=created + timedelta(days=14)
    )
    assert list(MembershipOffer.objects.expired()) == [expired]


def test_amendments_are_in_the_order_of_their_numbers(convention):
    for number in (2, 0, 1):
        f.AmendmentFactory(convention=convention, number=number)
    assert [amendment.number for amendment in convention.amendments.all()] == [0, 1, 2]


def test_parties_are_those_that_co_chair_or_must_agree(convention):
    caf = f.PartyFactory(organisation__convention=convention, co_chairs=True)
    msa = f.PartyFactory(organisation__convention=convention, agreement_required=False)
    f.PartyFactory(co_chairs=True)
    parties = Party.objects.of(convention)
    assert set(parties) == {caf, msa}


def test_party_with_logo_is_one_that_gave_a_file(convention):
    f.PartyFactory(organisation__convention=convention)
    party = f.PartyFactory(organisation__convention=convention, logo="logos/caf.png")
    assert list(Party.objects.with_logo()) == [party]


def test_source_of_figures_is_the_mention_or_the_name():
    named = f.OrganisationFactory.build(name="Caf de la Vienne", source_mention="")
    assert named.source == "Source Caf de la Vienne"
    named.source_mention = "Caf 86, Allstat"
    assert named.source == "Caf 86, Allstat"


OPTED_OUT, ROUNDING = {"opts_out_of_secrecy": True}, {"rounding_base": 5}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({}, "de 1 à 4, ils sont masqués (secret statistique, sans autre règle déclarée)"),
        (
            {"opts_out_of_secrecy": True},
            "ils se lisent tels quels (secret statistique non appliqué)",
        ),
        ({"masking_threshold": 5}, "de 1 à 4, ils sont masqués (secret statistique)"),
        ({"rounding_base": 5}, "ils sont arrondis à 5 près (secret statistique)"),
    ],
)
def test_a_secrecy_rule_is_worded(rule, words):
    assert Organisation(**rule).secrecy == words


@pytest.mark.parametrize(
    ("then", "now", "is_more"),
    [
        ({"masking_threshold": 7}, {"masking_threshold": 5}, True),
        ({"masking_threshold": 5}, {"masking_threshold": 7}, False),
        ({"masking_threshold": 5}, {}, True),  # none is stated any more
        ({}, {"masking_threshold": 5}, False),
        ({}, OPTED_OUT, True),
        (OPTED_OUT, {}, False),
        (OPTED_OUT, OPTED_OUT, False),
        (ROUNDING, {}, True),
        (ROUNDING, {"masking_threshold": 5}, False),
        ({"masking_threshold": 7}, ROUNDING, False),  # chosen in its place
        ({}, {}, False),
    ],
)
def test_a_stricter_rule_masks_what_the_other_shows(then, now, is_more):
    assert is_stricter(Organisation(**then), Organisation(**now)) == is_more


@pytest.mark.parametrize("siren", ["12345678", "1234567890", "12345678a", "123 456 789"])
def test_siren_has_nine_digits(siren, convention):
    organisation = f.OrganisationFactory.build(convention=convention, siren=siren)
    with pytest.raises(ValidationError) as refused:
        organisation.clean_fields()
    assert "Un SIREN compte neuf chiffres." in refused.value.message_dict["siren"]


def test_share_of_the_post_costs_its_part(convention):
    post = models.CooperationPost(convention=convention, fte=1, cost_per_fte=Decimal(48000))
    share = models.CooperationShare(post=post, fte=Decimal("0.7"))
    assert share.cost == Decimal(33600)
    post.cost_per_fte = Decimal(0)
    assert share.cost == 0
    post.cost_per_fte = None
    assert share.cost is None


# Structure and text --------------------------------------------------------------------------


def test_sub_objective_takes_the_theme_of_its_orientation(convention):
    orientation = f.ObjectiveFactory()
    elsewhere = f.ThemeFactory()
    sub = Objective(parent=orientation, theme=elsewhere, since=orientation.since, rank=1, title="x")
    sub.save()
    sub.refresh_from_db()
    assert sub.theme == orientation.theme
    assert (orientation.level, sub.level) == (1, 2)
    assert list(Objective.objects.level(1)) == [orientation]
    assert list(Objective.objects.level(2)) == [sub]


def test_objectives_of_a_convention_are_read_in_its_order(convention):
    since = f.AmendmentFactory(convention=convention)
    second = f.AxisFactory(convention=convention, since=since, number=2)
    first = f.AxisFactory(convention=convention, since=since, number=1)
    last = f.ObjectiveFactory(theme=f.ThemeFactory(axis=second, rank=1), rank=1)
    theme = f.ThemeFactory(axis=first, rank=2)
    middle = f.ObjectiveFactory(theme=theme, rank=2)
    before = f.ObjectiveFactory(theme=theme, rank=1)
    opening = f.ObjectiveFactory(theme=f.ThemeFactory(axis=first, rank=1), rank=9)
    sub = f.ObjectiveFactory(parent=before, rank=0)
    f.ObjectiveFactory()
    rows = Objective.objects.of(convention).in_reading_order()
    assert list(rows) == [opening, before, middle, sub, last]


@pytest.mark.parametrize(("number", "colour"), [(1, 1), (9, 9), (10, 1), (12, 3)])
def test_axis_has_one_of_nine_colours(number, colour):
    assert models.Axis(number=number).colour == colour


def test_every_part_leads_to_its_place_in_the_pages(convention):
    axis = f.AxisFactory(convention=convention, number=2)
    objective = f.ObjectiveFactory(theme=f.ThemeFactory(axis=axis))
    commune = f.CommuneFactory(convention=convention, insee_code="2A004")
    pages = "/conventions/vallee/"
    assert convention.get_absolute_url() == pages
    assert axis.get_absolute_url() == f"{pages}axes/#axe-2"
    assert objective.get_absolute_url() == f"{pages}axes/#objectif-{objective.pk}"
    assert objective.theme.anchor == f"thematique-{objective.theme.pk}"
    article = f.ArticleFactory(convention=convention, number=5)
    assert article.get_absolute_url() == f"{pages}texte/#article-5"
    annex = f.AnnexFactory(convention=convention, number=1)
    assert annex.get_absolute_url() == f"{pages}texte/#annexe-1"
    assert commune.get_absolute_url() == f"{pages}territoire/2A004/"


def test_every_row_has_a_french_name(convention):
    theme = f.ThemeFactory(untitled=True, axis__title="Familles")
    signatory = f.SignatoryFactory.build(name="Tania CONCI", capacity="Directrice")
    membership = f.MembershipFactory(
        user__first_name="Claire",
        user__last_name="Morin",
        organisation__acronym="CAF 86",
        coordinator=True,
    )
    post = models.CooperationPost(convention=convention)
    assert str(convention) == "CTG – Vallée"
    assert str(models.Amendment(number=0)) == "Convention signée"
    assert str(models.Amendment(number=2)) == "Avenant n° 2"
    assert str(models.KeyFigure(label="Foyers")) == "Foyers"
    assert str(membership) == "Claire Morin, coordination (CAF 86)"
    assert str(f.MembershipOfferFactory(organisation=membership.organisation, role="reader")) == (
        "lecture (CAF 86)"
    )
    assert str(theme.axis) == str(theme) == "Familles"
    assert str(f.ThemeFactory.build(axis=theme.axis, title="Enfance")) == "Enfance"
    assert str(Objective(title="Accueillir")) == "Accueillir"
    assert str(models.Article(number=5, title="Durée")) == "Article 5 : Durée"
    assert str(models.Annex(number=1, title="Poste")) == "Annexe 1 : Poste"
    assert str(Coverage(commune=Commune(name="Naintré"))) == "Naintré"
    assert str(f.PartyFactory.build(organisation__name="Caf de la Vienne")) == "Caf de la Vienne"
    assert str(signatory) == "Tania CONCI, Directrice"
    assert str(post) == "Poste de coopération"
    post = models.CooperationPost(title="Chargée", employer=f.OrganisationFactory(acronym="CCVE"))
    assert str(post) == "Chargée (CCVE)"
    assert str(models.CooperationShare(domain="Enfance")) == "Enfance"


@pytest.mark.parametrize("code", ["86066", "2A004", "2B033", "01001"])
def test_insee_code_of_a_commune_is_accepted(code, convention):
    f.CommuneFactory.build(convention=convention, insee_code=code).clean_fields()


@pytest.mark.parametrize("code", ["2C004", "8606", "860666", "2A04", "a6066", "2a004"])
def test_insee_code_that_does_not_exist_is_refused(code, convention):
    commune = f.CommuneFactory.build(convention=convention, insee_code=code)
    with pytest.raises(ValidationError) as refused:
        commune.clean_fields()
    assert "Ce code Insee n’existe pas." in refused.value.message_dict["insee_code"]


def test_communes_are_sorted_without_accents(convention):
    for name in ("Étables", "Vouneuil", "Archigny", "Eaux"):
        f.CoverageFactory(commune__convention=convention, commune__name=name)
    coverages = Coverage.objects.of(convention).select_related("commune")
    names = ["Archigny", "Eaux", "Étables", "Vouneuil"]
    assert [str(coverage) for coverage in coverages] == names
    assert [str(coverage) for coverage in coverages.with_commune_matching("etables")] == ["Étables"]


def test_commune_is_located_by_its_coordinates():
    assert Commune(longitude=0.0, latitude=0.0).is_located
    assert not Commune().is_located
