"""Organisations of a convention, the parties among them, and who signed for each."""

from django.apps import apps
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from conventions.parties import bodies
from conventions.parties.secrecy import LEAST_THRESHOLD, ROUNDING_BASE, SecrecyRule
from ctg_portal.forms.revisions import Revised

LOGO_FOLDER = "logos/%Y"


class OrganisationKind(models.TextChoices):
    CAF = "caf", "Caf"
    MSA = "msa", "MSA"
    # Overseas it does what the MSA does elsewhere.
    CGSS = "cgss", "CGSS"
    EPCI = "epci", "intercommunalité"
    COMMUNE = "commune", "commune"
    DEPARTMENT = "departement", "département"
    REGION = "region", "région"
    STATE = "etat", "État"
    SYNDICATE = "syndicat", "syndicat"
    CCAS = "ccas", "CCAS ou CIAS"
    CPAM = "cpam", "CPAM"
    CARSAT = "carsat", "Carsat"
    ASSOCIATION = "association", "association"
    OTHER = "autre", "autre"

    @classmethod
    def local_authorities(cls) -> set[str]:
        """Return the kinds that may employ the coordinator (annexe 1)."""
        return {cls.EPCI, cls.COMMUNE, cls.DEPARTMENT, cls.SYNDICATE, cls.CCAS}


class OrganisationQuerySet(models.QuerySet):
    def parties(self):
        """Keep the organisations that signed."""
        return self.filter(party__isnull=False)

    def likely_coordination(self):
        """Return the party where the coordinator is likely to work, or None without parties: a
        local authority first (the coordinator is "extérieur à la Caf", annexe 1), then one that
        co-chairs, then by rank."""
        return (
            self.parties()
            .annotate(is_local=Q(kind__in=OrganisationKind.local_authorities()))
            .order_by("-is_local", "-party__co_chairs", "party__rank")
            .first()
        )

    def without_member(self):
        """Keep those for which nobody has an active access or a pending invitation."""
        return self.exclude(
            pk__in=apps.get_model("conventions.Membership").objects.active().values("organisation")
        ).exclude(
            pk__in=apps.get_model("conventions.MembershipOffer")
            .objects.pending()
            .values("organisation")
        )

    def added(self):
        """Keep those that the coordinator has added on the portal."""
        return self.filter(is_added=True)

    def with_is_party(self):
        """Annotate ``is_party``: whether the organisation signed."""
        return self.annotate(is_party=Q(party__isnull=False))

    def guarded(self):
        """Keep those whose référents alone say who acts for them."""
        return self.filter(is_guarded=True)

    def among(self, organisations):
        """Keep these organisations, rows or primary keys."""
        return self.filter(pk__in=organisations)

    def same_as(self, organisation):
        """Keep the organisation's equals in other conventions, by SIREN, if it has one."""
        same = self.exclude(siren="").filter(siren=organisation.siren)
        return same.exclude(pk=organisation.pk)

    def without_referent(self):
        """Keep guarded organisations that have no effective référent."""
        referred = Q(
            memberships__role="referent", memberships__state="confirmed",
            memberships__ended_at__isnull=True,
        )  # fmt: skip
        return self.filter(is_guarded=True).exclude(
            pk__in=Organisation.objects.filter(referred).values("pk")
        )

    def without_people(self):
        """Keep parties ``without_member`` and organisations ``without_referent``; annotate
        ``is_alone``, true of the former."""
        alone = Q(pk__in=self.parties().without_member().order_by().values("pk"))
        unanswered = Q(pk__in=self.without_referent().order_by().values("pk"))
        return self.filter(alone | unanswered).annotate(is_alone=alone)

    def not_parties(self):
        """Keep those that provide figures or lead actions without signing."""
        return self.filter(party__isnull=True)


class Organisation(SecrecyRule, Revised):
    """A body of one convention that signs, provides figures or leads actions."""

    convention = models.ForeignKey(
        "conventions.Convention",
        models.CASCADE,
        related_name="organisations",
        verbose_name="convention",
    )
    acronym = models.CharField("sigle", max_length=60)
    name = models.CharField("nom", max_length=300)
    kind = models.CharField(
        "type", max_length=20, choices=OrganisationKind.choices, default=OrganisationKind.OTHER
    )
    siren = models.CharField(
        "SIREN",
        max_length=9,
        blank=True,
        validators=[RegexValidator(r"^\d{9}$", "Un SIREN compte neuf chiffres.")],
    )
    # Its own, official: informed of who acts and sits for it. A first référent is sought there,
    # once the host has confirmed that it is the organisation's.
    email = models.EmailField("adresse électronique officielle", blank=True)
    email_source = models.CharField("provenance de l’adresse", max_length=200, blank=True)
    # By who sets the convention up: nothing is written there before the host confirms it.
    email_is_proposed = models.BooleanField("adresse proposée", default=False)
    email_confirmed_at = models.DateTimeField("adresse confirmée le", null=True, blank=True)
    # Its référents alone say who acts and sits for it: a party, or a provider with a secrecy rule.
    # Never unset (``access.events.guard``).
    is_guarded = models.BooleanField("ses référents décident des accès", default=False)
    # Written by the coordinator on the portal, not given by the convention file.
    is_added = models.BooleanField("ajouté sur le portail", default=False)
    town = models.CharField("commune", max_length=100, blank=True)
    # To write to it by hand: it vouches for nobody, and no invitation looks at it.
    contact_email = models.EmailField("courriel de contact", blank=True)
    source_mention = models.CharField("mention de source", max_length=300, blank=True)
    masking_threshold = models.PositiveSmallIntegerField("seuil de secret", null=True, blank=True)
    rounding_base = models.PositiveSmallIntegerField("base d’arrondi", null=True, blank=True)
    opts_out_of_secrecy = models.BooleanField("renonce au secret statistique", default=False)
    # What became of its rule otherwise than by the file: « Seuil relevé de 3 à 5 le 1er décembre ».
    secrecy_note = models.CharField("ce que la règle est devenue", max_length=300, blank=True)

    objects = OrganisationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "organisme"
        ordering = ["convention_id", F("party__rank").asc(nulls_last=True), "acronym"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "acronym"],
                name="organisation_acronym_unique",
                violation_error_message="Cette convention a déjà un organisme de ce sigle.",
            ),
            models.CheckConstraint(
                name="organisation_one_secrecy_rule",
                condition=Q(masking_threshold__isnull=True, rounding_base__isnull=True)
                | Q(masking_threshold__isnull=True, opts_out_of_secrecy=False)
                | Q(rounding_base__isnull=True, opts_out_of_secrecy=False),
                violation_error_message="Un organisme masque, arrondit, ou renonce au secret.",
            ),
            models.CheckConstraint(
                name="organisation_masking_threshold_from_5",
                condition=Q(masking_threshold__isnull=True)
                | Q(masking_threshold__gte=LEAST_THRESHOLD),
                violation_error_message="Le seuil de secret vaut au moins 5.",
            ),
            models.CheckConstraint(
                name="organisation_rounds_to_5",
                condition=Q(rounding_base__isnull=True) | Q(rounding_base=ROUNDING_BASE),
                violation_error_message="Un organisme arrondit à 5.",
            ),
            models.CheckConstraint(
                name="organisation_kind_known",
                condition=Q(kind__in=OrganisationKind.values),
                violation_error_message="Ce type d’organisme est inconnu.",
            ),
            models.CheckConstraint(
                name="organisation_added_says_nothing_official",
                condition=Q(is_added=False)
                | Q(
                    masking_threshold__isnull=True,
                    rounding_base__isnull=True,
                    opts_out_of_secrecy=False,
                ),
                violation_error_message="Une règle de secret vient du fichier de la convention.",
            ),
        ]

    def __str__(self):
        return self.acronym

    @property
    def called(self) -> str:
        """The acronym and the name, « CAF 86 – Caf de la Vienne »; the acronym alone where it
        begins like the name."""
        own = self.acronym if self.acronym.startswith(self.name[:30]) else ""
        return own or f"{self.acronym} – {self.name}"

    @property
    def the(self) -> str:
        """The name within a sentence: « la Caf de la Vienne »."""
        return bodies.the(self.name)

    @property
    def genitive(self) -> str:
        """The name after « de »: « de la Caf de la Vienne », « du département »."""
        return bodies.genitive(self.name)

    @property
    def source(self) -> str:
        """The mention shown beside every figure of this organisation (art. 5)."""
        return self.source_mention or f"Source {self.name}"


class PartyQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(organisation__convention=convention)

    def with_logo(self):
        return self.exclude(logo="")


class Party(models.Model):
    """An organisation that signs the convention."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, related_name="party", verbose_name="organisme"
    )
    rank = models.PositiveSmallIntegerField("rang")
    address = models.CharField("siège", max_length=300, blank=True)
    logo = models.FileField("logo", upload_to=LOGO_FOLDER, max_length=300, blank=True)
    co_chairs = models.BooleanField("co-anime le comité", default=False)
    agreement_required = models.BooleanField("son accord est requis", default=False)
    validates_analyses = models.BooleanField(
        "valide les analyses de ses données avant leur publication", default=False
    )
    council_approved_on = models.DateField("délibération du", null=True, blank=True)

    objects = PartyQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "partie"
        ordering = ["rank", "pk"]

    def __str__(self):
        return self.organisation.name


class Signatory(models.Model):
    """A person who signed for a party, named as on the day of the signature."""

    party = models.ForeignKey(
        Party, models.CASCADE, related_name="signatories", verbose_name="partie"
    )
    rank = models.PositiveSmallIntegerField("rang")
    name = models.CharField("nom", max_length=200)
    capacity = models.CharField("qualité", max_length=200)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "signataire"
        ordering = ["party_id", "rank", "pk"]
        constraints = [
            models.CheckConstraint(
                name="signatory_has_capacity",
                condition=~Q(capacity="") & ~Q(name=""),
                violation_error_message="Un signataire a un nom et une qualité.",
            )
        ]

    def __str__(self):
        return f"{self.name}, {self.capacity}"
