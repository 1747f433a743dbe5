"""Factories that tell stories: ``ConventionFactory(ended=True)``, ``…(reader=True)``."""

import datetime

import factory
from allauth.account.models import EmailAddress
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Invitation, User, digest_of
from conventions import models
from conventions.legal.amending import amending

PASSWORD = "une-phrase-de-passe-longue"
TODAY = timezone.localdate


class UserFactory(DjangoModelFactory):
    """A person who can log in, with PASSWORD, or by code."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@caf.example")
    first_name = "Camille"
    last_name = factory.Sequence(lambda n: f"Martin{n}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def verified(self, create, extracted, **kwargs):
        if create and extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class ConventionFactory(DjangoModelFactory):
    """A signed convention that runs today."""

    class Meta:
        model = models.Convention

    class Params:
        ended = factory.Trait(
            signed_on=datetime.date(2019, 12, 31),
            start=datetime.date(2019, 12, 31),
            end=datetime.date(2024, 12, 31),
        )
        project = factory.Trait(signed_on=None, start=None)

    slug = factory.Sequence(lambda n: f"territoire-{n}")
    title = "Convention territoriale globale"
    territory = factory.Sequence(lambda n: f"Territoire {n}")
    signed_on = factory.LazyFunction(lambda: TODAY() - datetime.timedelta(days=200))
    signed_at = "Poitiers"
    start = factory.SelfAttribute("signed_on")
    end = factory.LazyFunction(lambda: TODAY() + datetime.timedelta(days=900))


class AmendmentFactory(DjangoModelFactory):
    """Amendment 0 of its convention, unless numbered."""

    class Meta:
        model = models.Amendment
        django_get_or_create = ["convention", "number"]

    convention = factory.SubFactory(ConventionFactory)
    number = 0
    signed_on = factory.SelfAttribute("convention.signed_on")
    effective_on = factory.SelfAttribute("convention.start")


class WordedFactory(DjangoModelFactory):
    """A part of the text; ``until``: the amendment that ends it."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, until=None, **kwargs):
        part = super()._create(model_class, *args, **kwargs)
        if until:
            end(part, until)
        return part


def end(part, amendment):
    """Have an amendment end a part of the text, as read today."""
    with amending(amendment) as pen:
        pen.close(part)
    part.refresh_from_db()
    return part


class SinceSignature(WordedFactory):
    """A part of the text of ``convention``, since its signature."""

    class Meta:
        abstract = True

    since = factory.SubFactory(AmendmentFactory, convention=factory.SelfAttribute("..convention"))


class ArticleFactory(SinceSignature):
    class Meta:
        model = models.Article

    convention = factory.SubFactory(ConventionFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Titre de l'article {n}")
    text = "Les parties s'engagent."


class AnnexFactory(ArticleFactory):
    class Meta:
        model = models.Annex

    title = factory.Sequence(lambda n: f"Titre de l'annexe {n}")


class AxisFactory(SinceSignature):
    class Meta:
        model = models.Axis

    convention = factory.SubFactory(ConventionFactory)
    number = factory.Sequence(lambda n: n % 30000 + 1)
    title = factory.Sequence(lambda n: f"Axe de travail {n}")


class ThemeFactory(WordedFactory):
    class Meta:
        model = models.Theme

    class Params:
        untitled = factory.Trait(title="", number="")

    axis = factory.SubFactory(AxisFactory)
    since = factory.SelfAttribute("axis.since")
    rank = 1
    number = factory.Sequence(lambda n: f"t.{n}")
    title = factory.Sequence(lambda n: f"Thématique {n}")


class ObjectiveFactory(WordedFactory):
    """An orientation, in force since the signature; with ``parent``, a sub-objective."""

    class Meta:
        model = models.Objective

    class Params:
        committee = factory.Trait(origin=models.Origin.COMMITTEE)
        draft = factory.Trait(committee=True, standing=models.Standing.DRAFT)
        proposed = factory.Trait(committee=True, standing=models.Standing.PROPOSED)
        withdrawn = factory.Trait(committee=True, standing=models.Standing.WITHDRAWN)

    parent = None
    theme = factory.Maybe(
        "parent", factory.SelfAttribute("parent.theme"), factory.SubFactory(ThemeFactory)
    )
    since = factory.SelfAttribute("theme.since")
    rank = factory.Sequence(lambda n: n % 30000)
    title = factory.Sequence(lambda n: f"Développer l'accueil {n}")


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = models.Organisation

    convention = factory.SubFactory(ConventionFactory)
    acronym = factory.Sequence(lambda n: f"CAF {n}")
    name = factory.Sequence(lambda n: f"Caisse d'allocations familiales {n}")
    kind = "caf"
    is_guarded = factory.LazyAttribute(
        lambda body: any(
            getattr(body, rule, None) for rule in ("masking_threshold", "rounding_base")
        )
    )


class PartyFactory(DjangoModelFactory):
    class Meta:
        model = models.Party

    organisation = factory.SubFactory(OrganisationFactory)
    rank = factory.Sequence(lambda n: n % 30000)
    agreement_required = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        """Its référents alone say who acts for a party."""
        organisation = kwargs["organisation"]
        if not organisation.is_guarded:
            organisation.is_guarded = True
            organisation.save(update_fields=["is_guarded"])
        return super()._create(model_class, *args, **kwargs)


class SignatoryFactory(DjangoModelFactory):
    class Meta:
        model = models.Signatory

    party = factory.SubFactory(PartyFactory)
    rank = 0
    name = "Tania CONCI"
    capacity = "Directrice"


class CommuneFactory(DjangoModelFactory):
    class Meta:
        model = models.Commune

    convention = factory.SubFactory(ConventionFactory)
    insee_code = factory.Sequence(lambda n: f"{n % 100000:05}")
    name = factory.Sequence(lambda n: f"Commune-{n}")
    population = 1000
    longitude = factory.Sequence(lambda n: 0.3 + (n * 37 % 50) / 100)
    latitude = factory.Sequence(lambda n: 46.7 + (n * 13 % 30) / 100)


class SectorFactory(DjangoModelFactory):
    class Meta:
        model = models.Sector

    convention = factory.SubFactory(ConventionFactory)
    name = factory.Sequence(lambda n: f"Secteur {n}")
    rank = factory.Sequence(lambda n: n % 30000 + 1)


class CoverageFactory(DjangoModelFactory):
    class Meta:
        model = models.Coverage

    commune = factory.SubFactory(CommuneFactory)
    since = factory.SubFactory(
        AmendmentFactory, convention=factory.SelfAttribute("..commune.convention")
    )
    cej_end = datetime.date(2020, 12, 31)


def confirmed_now(appointment):
    """Return since when an access or a seat is confirmed; None of one that is not."""
    is_confirmed = appointment.state == models.AppointmentState.CONFIRMED
    return timezone.now() if is_confirmed else None


class MembershipFactory(DjangoModelFactory):
    """Access as a contributor, confirmed by the host, unless told otherwise."""

    class Meta:
        model = models.Membership

    class Params:
        coordinator = factory.Trait(role=models.Role.COORDINATOR)
        reader = factory.Trait(role=models.Role.READER)
        ended = factory.Trait(ended_at=factory.LazyFunction(timezone.now))
        referent = factory.Trait(role=models.Role.REFERENT)
        pending = factory.Trait(state=models.AppointmentState.PENDING)
        suspended = factory.Trait(
            state=models.AppointmentState.SUSPENDED,
            suspended_at=factory.LazyFunction(timezone.now),
        )
        convention = None

    user = factory.SubFactory(UserFactory)
    organisation = factory.Maybe(
        "convention",
        factory.SubFactory(OrganisationFactory, convention=factory.SelfAttribute("..convention")),
        factory.SubFactory(OrganisationFactory),
    )
    role = models.Role.CONTRIBUTOR
    state = models.AppointmentState.CONFIRMED
    confirmed_at = factory.LazyAttribute(confirmed_now)


def referent_of(organisation):
    """Return somebody who says who acts and sits for an organisation."""
    return MembershipFactory(organisation=organisation, referent=True).user


class InvitationFactory(DjangoModelFactory):
    """An open invitation; ``token`` is what its link carries."""

    class Meta:
        model = Invitation

    class Params:
        token = factory.Sequence(lambda n: f"jeton-au-hasard-{n}")
        revoked = factory.Trait(revoked_at=factory.LazyFunction(timezone.now))

    email = factory.Sequence(lambda n: f"invite{n}@msa.example")
    token_digest = factory.LazyAttribute(lambda invitation: digest_of(invitation.token))
    expires_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=14))


class MembershipOfferFactory(DjangoModelFactory):
    class Meta:
        model = models.MembershipOffer

    invitation = factory.SubFactory(InvitationFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = models.Role.CONTRIBUTOR
