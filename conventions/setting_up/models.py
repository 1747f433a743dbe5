"""Projects: conventions that are being set up from pages."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from conventions.legal.convention import Convention
from conventions.legal.words import Words
from ctg_portal.forms.revisions import Revised
from ctg_portal.templatetags.french import long_date


class ExactDecoder(json.JSONDecoder):
    """Reads decimal numbers as they are written."""

    def __init__(self, **kwargs):
        super().__init__(**{**kwargs, "parse_float": Decimal})


class ExactEncoder(json.JSONEncoder):
    """Writes days and decimal numbers as a convention file has them."""

    def default(self, o: Any) -> Any:
        if isinstance(o, date):
            return o.isoformat()
        if isinstance(o, Decimal):
            return int(o) if o == o.to_integral_value() else float(o)
        return super().default(o)


def empty_content() -> dict[str, Any]:
    return {"format": 1, "convention": {}}


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Keep the projects that are a person's own, or shared with them; every lookup starts
        here."""
        return self.filter(Q(owner=user) | Q(shared_with=user)).distinct()


class Project(Revised):
    """A convention that is being set up: the content of its file, edited from pages.

    ``content`` has the keys of the file (``docs/convention-format.schema.json``) and may be
    incomplete; days are texts, as in the file. ``outline``: the axes and objectives as they were
    typed, ``outline_choices`` what was put right there (``outline.py``). ``notes``: what is no part
    of the file (``epcis``, ``coordinates_for``, ``invitations``, ``address_sources``).
    ``step_revisions``: the revision at which each step was last written. ``convention``: what was
    created from it.
    """

    content = models.JSONField(
        "contenu", default=empty_content, encoder=ExactEncoder, decoder=ExactDecoder
    )
    outline = models.TextField("plan", blank=True)
    outline_choices = models.JSONField("choix sur le plan", default=dict, blank=True)
    notes = models.JSONField("notes", default=dict, blank=True)
    step_revisions = models.JSONField("révisions des étapes", default=dict, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="projects", verbose_name="à"
    )
    shared_with = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="projects_shared", blank=True,
        verbose_name="partagé avec",
    )  # fmt: skip
    convention = models.OneToOneField(
        Convention, models.CASCADE, null=True, blank=True, related_name="project",
        verbose_name="convention créée",
    )  # fmt: skip
    created_at = models.DateTimeField("commencé le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="modifié par",
    )  # fmt: skip

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "projet de convention"
        verbose_name_plural = "projets de convention"
        ordering = ["-updated_at", "-pk"]

    def __str__(self):
        return self.territory or "Nouvelle convention"

    @property
    def updated_by_name(self) -> str:
        """The name of the person who last wrote it, for ``rewritten``; "" for nobody."""
        return str(self.updated_by or "")

    @property
    def heading(self) -> dict[str, Any]:
        """The part « convention » of the content."""
        return self.content.setdefault("convention", {})

    @property
    def territory(self) -> str:
        return self.heading.get("territoire", "")

    @property
    def parties(self) -> list[dict[str, Any]]:
        return self.content.setdefault("parties", [])

    @property
    def communes(self) -> list[dict[str, Any]]:
        return self.content.setdefault("communes", [])

    @property
    def term(self) -> str:
        """The term in words: « du 1er janvier 2026 au 31 décembre 2030 »; "" without a last day."""
        days = (self.heading.get("debut"), self.heading.get("fin"))
        start, end = (long_date(date.fromisoformat(day)) if day else "" for day in days)
        if not end:
            return ""
        return f"du {start} au {end}" if start else f"jusqu’au {end}"

    @property
    def words(self) -> Words:
        """The nouns of this territory."""
        return Words.from_labels(self.heading.get("libelles", {}))


class ProjectLogo(models.Model):
    """The logo of a party of a project: a cleaned PNG, under the path that the content gives."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="logos", verbose_name="projet de convention"
    )
    path = models.CharField("chemin", max_length=250)
    image = models.BinaryField("image")

    class Meta:
        verbose_name = "logo d’un projet"
        verbose_name_plural = "logos de projets"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "path"], name="project_logo_unique",
                violation_error_message="Ce logo est déjà là.",
            )
        ]  # fmt: skip

    def __str__(self):
        return self.path
