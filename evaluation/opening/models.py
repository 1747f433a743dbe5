"""The page of published evaluations, open to everybody once all parties agree (art. 6)."""

from django.db import models

from conventions.models import StandingQuerySet, StandingRow


class PublicPageQuerySet(StandingQuerySet):
    def open(self):
        """Keep the pages that all parties have agreed to open. Twin:
        ``PublicPage.is_open_to_all``."""
        return self.agreed().filter(is_open=True)


class PublicPage(StandingRow):
    """The page of a convention that is read without an account; closed until all parties agree.

    ``is_open`` is what is proposed, until something is in force: ``standing`` says which. A
    closing that lost an agreement is proposed again, and nothing is open.
    """

    convention = models.OneToOneField(
        "conventions.Convention",
        models.PROTECT,
        related_name="public_page",
        verbose_name="convention",
    )
    is_open = models.BooleanField("ouverte à tous", default=False)

    objects = PublicPageQuerySet.as_manager()

    class Meta(StandingRow.Meta):
        abstract = False
        verbose_name = "page ouverte à tous"
        verbose_name_plural = "pages ouvertes à tous"

    def __str__(self):
        return "Évaluations ouvertes à tous"

    @property
    def is_open_to_all(self) -> bool:
        return self.is_open and self.is_agreed
