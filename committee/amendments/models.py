"""Proposals to change the signed text by a later amendment (avenant, art. 9)."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db import models
from django.db.models import Q

from agreements.commitments.commitment import commitments

# The longest annexes run to some twenty thousand letters.
LONGEST_WORDING = 50_000


class AmendmentProposalQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def about(self, row):
        """Filter proposals about one row of a signed text, whatever its model; withdrawn ones
        too."""
        content_type = ContentType.objects.get_for_model(row)
        return self.filter(content_type=content_type, object_id=row.pk)

    def about_any(self, rows):
        """Filter proposals about any of these rows, which are of one model."""
        content_type = ContentType.objects.get_for_model(rows.model)
        return self.filter(content_type=content_type, object_id__in=rows.values("pk"))

    def with_subjects(self):
        """Prefetch the signed texts that the proposals are about, in one query by model."""
        rows = [commitment.subjects() for commitment in commitments()]
        return self.prefetch_related(GenericPrefetch("subject", rows))

    def not_withdrawn(self):
        """Filter proposals that nobody has withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class AmendmentProposal(models.Model):
    """A change proposed for the next amendment. It stays in a list until the parties take it up."""

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="amendment_proposals",
        verbose_name="convention",
    )  # fmt: skip
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    title = models.CharField("texte signé", max_length=500)
    wording = models.TextField("rédaction proposée", max_length=LONGEST_WORDING)
    reason = models.TextField("motif", max_length=5000)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    person_name = models.CharField("nom", max_length=300)
    capacity = models.CharField("qualité", max_length=500, blank=True)
    created_at = models.DateTimeField("proposé le", auto_now_add=True)
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)
    withdrawn_by_name = models.CharField("retiré par", max_length=300, blank=True)

    objects = AmendmentProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition d’avenant"
        verbose_name_plural = "propositions d’avenant"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="amendment_proposal_says_what_and_why",
                condition=~Q(wording="") & ~Q(reason=""),
                violation_error_message="Une proposition a une rédaction et un motif.",
            )
        ]

    def __str__(self):
        return self.title
