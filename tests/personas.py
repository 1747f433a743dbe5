"""The people of the tests, around one convention that holds something on every page."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User, digest_of
from conventions import models
from conventions.hosting.models import LIFETIME
from tests import factories as f
from tests.actions.scene import ActionsScene, fill_actions
from tests.committee.scene import CommitteeScene, fill_committee
from tests.indicators.scene import EvaluationScene, fill_evaluation


@dataclass
class Scene:
    """One convention with everything in it, and people who have different access to it."""

    convention: models.Convention
    organisation: models.Organisation
    people: dict[str, User]
    logo_party: models.Party
    commune: models.Commune
    membership: models.Membership
    contact: models.Contact
    offer: models.MembershipOffer
    token: str
    setting_change: models.SettingChange
    committee: CommitteeScene | None = None
    actions: ActionsScene | None = None
    evaluation: EvaluationScene | None = None


def build_scene(*, size: int = 1, **convention_fields) -> Scene:
    """A convention with ``size`` of everything, its people, and a stranger of another one.

    People: coordinator, second_coordinator, contributor, reader, former (whose access ended),
    stranger (coordinates another convention), nobody (an account without any access),
    other_contributor (enters figures for another organisation); in the committee member (of the
    same organisation), caf_member, adviser and advisory (of another party).
    """
    convention = f.ConventionFactory(preamble="Vu l'article 1, la mairie.", **convention_fields)
    since = f.AmendmentFactory(convention=convention)
    organisation = f.OrganisationFactory(convention=convention, kind="epci")
    fill(convention, since, size)
    people, contributor = invite(convention, organisation)
    party = f.PartyFactory(organisation=organisation, logo="logos/logo.png", co_chairs=True)
    token = f"jeton-{convention.pk}"
    f.SignatoryFactory(party=party)
    scene = Scene(
        convention=convention,
        organisation=organisation,
        people=people,
        logo_party=party,
        commune=convention.communes.first(),
        membership=contributor,
        contact=models.Contact.objects.create(organisation=organisation, name="Awa Diop"),
        offer=f.MembershipOfferFactory(organisation=organisation, invitation__token=token),
        token=token,
        setting_change=[set_once(party) for _ in range(size)][-1],
    )
    designation = models.Designation.objects.create(
        email="accueil@epci.example", token_digest=digest_of(f"designation-{token}"),
        expires_at=timezone.now() + LIFETIME,
    )  # fmt: skip
    designation.organisations.add(organisation)
    scene.committee = fill_committee(scene, size)
    people.update(scene.committee.people)
    scene.actions = fill_actions(scene, size)
    scene.evaluation = fill_evaluation(scene, size)
    return scene


def set_once(party) -> models.SettingChange:
    """A change in the log of settings: of the seat of a party, from nowhere to where it is."""
    organisation = party.organisation
    return models.SettingChange.objects.create(
        convention=organisation.convention, organisation=organisation, setting="address",
        before="", after=party.address,
    )  # fmt: skip


def invite(convention, organisation) -> tuple[dict[str, User], models.Membership]:
    """Who has, had, or never had access; and the access of the contributor."""
    contributor = f.MembershipFactory(organisation=organisation)
    elsewhere = f.OrganisationFactory(convention=convention)
    people = {
        "coordinator": f.MembershipFactory(organisation=organisation, coordinator=True).user,
        "second_coordinator": f.MembershipFactory(organisation=organisation, coordinator=True).user,
        "reader": f.MembershipFactory(organisation=organisation, reader=True).user,
        "contributor": contributor.user,
        "other_contributor": f.MembershipFactory(organisation=elsewhere).user,
        "former": f.MembershipFactory(organisation=organisation, ended=True).user,
        "stranger": f.MembershipFactory(coordinator=True).user,
        "nobody": f.UserFactory(),
    }
    return people, contributor


def fill(convention: models.Convention, since: models.Amendment, size: int) -> None:
    """Give ``convention`` ``size`` of everything that its pages list."""
    for n in range(1, size + 1):
        legal = {"convention": convention, "since": since}
        f.ArticleFactory(number=n, text=f"Voir l'article {n}.", **legal)
        f.AnnexFactory(number=n, **legal)
        theme = f.ThemeFactory(axis=f.AxisFactory(number=n, **legal), since=since)
        objective = f.ObjectiveFactory(theme=theme, since=since)
        f.ObjectiveFactory(theme=theme, since=since, proposed=True, measure="Un accueil ouvert")
        f.ObjectiveFactory(parent=objective, since=since)
        f.CoverageFactory(commune__convention=convention, since=since)
        models.KeyFigure.objects.create(convention=convention, rank=n, label="Foyers", value=n)
        member = f.OrganisationFactory(convention=convention)
        f.SignatoryFactory(party=f.PartyFactory(organisation=member))
        f.OrganisationFactory(convention=convention, kind="etat")
        f.MembershipFactory(organisation=member)
        f.MembershipOfferFactory(organisation=member)
    for n in range(size):
        post = models.CooperationPost.objects.create(
            convention=convention, rank=n + 1, title=f"Poste {n}", employer=member, fte=1,
            cost_per_fte=48000,
        )  # fmt: skip
        models.CooperationShare.objects.create(post=post, rank=n, domain=f"Domaine {n}", fte=1)
