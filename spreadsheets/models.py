"""Files that were brought, what was kept of them, and what their offices have answered."""

import secrets
from datetime import timedelta
from pathlib import PurePosixPath

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from ctg_portal.transitions import NEW, Step, Transition, Verb
from documents.drawing.models import Composition, CompositionQuerySet, CompositionVerb, Drawing

__all__ = [
    "Answer",
    "Application",
    "ApplicationTransition",
    "FileReading",
    "FileReadingTransition",
    "Import",
    "ImportTransition",
    "KeptColumns",
    "KeptLine",
]  # fmt: skip

FOLDER = "imports"
# The kinds of document that the worker draws of an import.
MARKED, UNDOING = "spreadsheets.marked", "spreadsheets.undoing"
# How long an import may be undone; for so long its file is kept.
UNDO = timedelta(days=7)


class ImportState(models.TextChoices):
    RECEIVED = "received", "à vérifier"
    APPLIED = "applied", "enregistré"
    UNDONE = "undone", "annulé"
    ABANDONED = "abandoned", "abandonné"


class ImportVerb(Verb):
    """What becomes of a file that was brought, by who brought it."""

    RECEIVED = (
        "received",
        Step([NEW], ImportState.RECEIVED, "qui saisit"),
        "reçu",
    )
    APPLIED = (
        "applied",
        Step([ImportState.RECEIVED, ImportState.APPLIED], ImportState.APPLIED, "qui l’a envoyé"),
        "enregistré",
    )
    UNDONE = (
        "undone",
        Step([ImportState.APPLIED], ImportState.UNDONE, "qui l’a envoyé, pendant sept jours"),
        "annulé",
    )
    ABANDONED = (
        "abandoned",
        Step([ImportState.RECEIVED], ImportState.ABANDONED, "qui l’a envoyé"),
        "abandonné",
    )


def kept_name(row: "Import", name: str) -> str:
    """Return where a file lies: a folder a year, a name that nobody guesses and no program runs."""
    return f"{FOLDER}/{timezone.localdate().year}/{secrets.token_hex(20)}"


class ImportQuerySet(models.QuerySet):
    def of(self, adapter: str, scope: str):
        return self.filter(adapter=adapter, scope=scope)

    def brought_by(self, user: User | None):
        """Keep those that somebody may look at: a file tells figures that are theirs alone."""
        return self.filter(brought_by=user)

    def listed(self):
        """Read them with what their standing depends on."""
        return self.prefetch_related("applications")

    @property
    def weight(self) -> int:
        """Return how many bytes those are together whose file is there."""
        return self.exclude(file="").aggregate(weight=Sum("size"))["weight"] or 0

    def undecided(self):
        """Keep those that wait to be kept or abandoned, while their file is there."""
        return self.filter(state=ImportState.RECEIVED).exclude(file="")

    def over(self, moment):
        """Keep those that may no longer be undone nor applied. Twin of the former:
        ``undone_until``."""
        since = Coalesce("applied_at", "brought_at")
        return self.alias(since=since).filter(since__lt=moment - UNDO).exclude(file="")


class Import(models.Model):
    """A file of tables that somebody has brought, and what has become of it.

    ``adapter`` and ``scope`` say where it goes; ``columns`` what was said of the columns of its
    sheets (``columns_of``), ``answers`` what was answered, or put right, in its preview;
    ``counts`` how many lines were new, changed, unchanged, refused; ``mistakes`` what was refused
    of one that was kept, each as place, text, line and row of the portal, where that is known, then
    the rows alone of what was unchanged. Its file goes after some days, and they with it.
    ``is_large``: the worker reads it, no page. ``brought_by``: nobody, where a command did.
    """

    adapter = models.CharField("genre", max_length=60)
    scope = models.CharField("portée", max_length=150)
    state = models.CharField(
        "état", max_length=20, choices=ImportState.choices, default=ImportState.RECEIVED
    )
    file = models.FileField("fichier", upload_to=kept_name, max_length=120, blank=True)
    name = models.CharField("nom du fichier", max_length=200)
    size = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    is_large = models.BooleanField("lu par le service de fond", default=False)
    columns = models.JSONField("colonnes", default=dict, blank=True)
    answers = models.JSONField("réponses", default=dict, blank=True)
    counts = models.JSONField("comptes", default=dict, blank=True)
    mistakes = models.JSONField("lignes refusées", default=list, blank=True)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="envoyé par",
    )  # fmt: skip
    brought_by_name = models.CharField("nom de qui l’a envoyé", max_length=300, blank=True)
    brought_at = models.DateTimeField("envoyé le", default=timezone.now)
    applied_at = models.DateTimeField("enregistré le", null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier importé"
        verbose_name_plural = "fichiers importés"
        ordering = ["-brought_at", "-pk"]
        indexes = [models.Index(fields=["adapter", "scope"], name="import_by_scope")]
        constraints = [
            models.CheckConstraint(
                name="import_state_known",
                condition=Q(state__in=ImportState.values),
                violation_error_message="Cet état est inconnu.",
            ),
            models.CheckConstraint(
                name="import_applied_has_moment",
                condition=Q(state__in=["applied", "undone"], applied_at__isnull=False)
                | ~Q(state__in=["applied", "undone"]) & Q(applied_at__isnull=True),
                violation_error_message="Un import enregistré l’est depuis un moment.",
            ),
        ]

    def __str__(self):
        # Not by its name, which may tell a figure.
        return f"import {self.sha256[:8]}"

    def get_absolute_url(self) -> str:
        return reverse("spreadsheets:import", args=[self.pk])

    def drawings(self, kind: str):
        """Return the drawings of that kind that were asked for of it, the last one first."""
        return Drawing.objects.asked(kind, str(self.pk), {})

    @property
    def standing(self) -> str:
        """« à vérifier », or what is being done of it."""
        is_being_kept = any(one.is_unfinished for one in self.applications.all())
        return "en cours d’enregistrement" if is_being_kept else self.get_state_display()

    @property
    def is_received(self) -> bool:
        return self.state == ImportState.RECEIVED

    @property
    def is_applied(self) -> bool:
        return self.state == ImportState.APPLIED

    @property
    def is_undone(self) -> bool:
        return self.state == ImportState.UNDONE

    @property
    def keys_shown(self) -> set[str]:
        """The rows that its account shows besides those that were kept; what was stored before
        rows were has none."""
        return {key for _, _, _, *keys in self.mistakes for key in keys} - {""}

    @property
    def undone_until(self):
        """Until when it may be undone; None where it was not applied."""
        return self.applied_at and self.applied_at + UNDO

    @property
    def stem(self) -> str:
        return PurePosixPath(self.name).stem


class ImportTransition(Transition):
    """What was done with a file that was brought."""

    verbs = ImportVerb

    import_row = models.ForeignKey(
        Import, models.CASCADE, related_name="transitions", verbose_name="fichier importé"
    )
    verb = ImportVerb.field()

    class Meta(Transition.Meta):
        verbose_name = "acte sur un fichier importé"
        verbose_name_plural = "actes sur les fichiers importés"
        constraints = ImportVerb.constraints("import_transition")


class KeptLine(models.Model):
    """A line of an import that was kept: what was there before, for its adapter, and which writing
    it made of the row; ``undone_at`` once that was put back."""

    import_row = models.ForeignKey(
        Import, models.CASCADE, related_name="kept_lines", verbose_name="fichier importé"
    )
    key = models.CharField("ligne du portail", max_length=60)
    label = models.CharField("intitulé", max_length=300)
    place = models.CharField("cellule", max_length=100)
    before = models.JSONField("avant")
    writing = models.CharField("écriture", max_length=60, blank=True)
    undone_at = models.DateTimeField("annulée le", null=True, blank=True)

    class Meta:
        verbose_name = "ligne enregistrée d’un import"
        verbose_name_plural = "lignes enregistrées des imports"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["import_row", "key"],
                name="kept_line_once",
                violation_error_message="Cet import a déjà enregistré cette ligne.",
            )
        ]

    def __str__(self):
        return self.label


class Answer(models.Model):
    """What was answered about the files of an office, for its next one: « Caf » is this one."""

    adapter = models.CharField("genre", max_length=60)
    office = models.CharField("bureau", max_length=150)
    key = models.CharField("question", max_length=200)
    value = models.CharField("réponse", max_length=100)

    class Meta:
        verbose_name = "réponse gardée"
        verbose_name_plural = "réponses gardées"
        ordering = ["adapter", "office", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["adapter", "office", "key"],
                name="answer_once",
                violation_error_message="Cette question a déjà une réponse.",
            )
        ]

    def __str__(self):
        return self.key


class KeptColumns(models.Model):
    """What the columns of an office's files contain, as somebody has said: for the next file of the
    same ``shape``."""

    adapter = models.CharField("genre", max_length=60)
    office = models.CharField("bureau", max_length=150)
    shape = models.CharField("forme", max_length=64)
    columns = models.JSONField("colonnes")

    class Meta:
        verbose_name = "colonnes retenues"
        verbose_name_plural = "colonnes retenues"
        ordering = ["adapter", "office", "shape"]
        constraints = [
            models.UniqueConstraint(
                fields=["adapter", "office", "shape"],
                name="kept_columns_once",
                violation_error_message="Les colonnes de ces fichiers sont déjà retenues.",
            )
        ]

    def __str__(self):
        return self.shape


class ApplicationQuerySet(CompositionQuerySet):
    def for_import(self, row: Import):
        return self.filter(import_row=row)

    def requested_by(self, user: User):
        return self.filter(requested_by=user)


class Application(Composition):
    """The keeping of an import, by the worker where it is long. ``preview`` is the digest of what
    was shown: another one is not kept. Its file tells what was."""

    FOLDER = "imports"
    kind = "spreadsheets.application"

    import_row = models.ForeignKey(
        Import, models.CASCADE, related_name="applications", verbose_name="fichier importé"
    )
    preview = models.CharField("aperçu montré", max_length=64)
    is_partial = models.BooleanField("lignes valables seules", default=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta(Composition.Meta):
        verbose_name = "enregistrement d’un import"
        verbose_name_plural = "enregistrements des imports"
        constraints = [
            *Composition.Meta.constraints,
            models.UniqueConstraint(
                fields=["import_row"],
                condition=Q(state__in=["queued", "composing"]),
                name="application_one_unfinished",
                violation_error_message="Cet import est déjà en cours d’enregistrement.",
            ),
        ]

    def __str__(self):
        return str(self.import_row)

    @property
    def file_name(self) -> str:
        return "compte-rendu.xlsx"

    @property
    def cancel_url(self) -> str:
        return ""


class FileReading(Composition):
    """What a large file would change, read by the worker. Its file holds the preview as plain data,
    and goes with the file that was brought."""

    FOLDER = "imports"
    kind = "spreadsheets.reading"

    import_row = models.ForeignKey(
        Import, models.CASCADE, related_name="readings", verbose_name="fichier importé"
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta(Composition.Meta):
        verbose_name = "lecture d’un import"
        verbose_name_plural = "lectures des imports"
        constraints = [
            *Composition.Meta.constraints,
            models.UniqueConstraint(
                fields=["import_row"],
                condition=Q(state__in=["queued", "composing"]),
                name="reading_one_unfinished",
                violation_error_message="Ce fichier est déjà en cours de lecture.",
            ),
        ]

    def __str__(self):
        return str(self.import_row)

    @property
    def file_name(self) -> str:
        return "apercu.json"

    @property
    def cancel_url(self) -> str:
        return ""


class FileReadingTransition(Transition):
    """What happened to the reading of an import."""

    verbs = CompositionVerb

    reading = models.ForeignKey(
        FileReading, models.CASCADE, related_name="transitions", verbose_name="lecture d’un import"
    )
    verb = CompositionVerb.field()

    class Meta(Transition.Meta):
        verbose_name = "acte sur la lecture d’un import"
        verbose_name_plural = "actes sur les lectures des imports"
        constraints = CompositionVerb.constraints("filereading_transition")


class ApplicationTransition(Transition):
    """What happened to the keeping of an import."""

    verbs = CompositionVerb

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="transitions",
        verbose_name="enregistrement d’un import",
    )  # fmt: skip
    verb = CompositionVerb.field()

    class Meta(Transition.Meta):
        verbose_name = "acte sur l’enregistrement d’un import"
        verbose_name_plural = "actes sur les enregistrements des imports"
        constraints = CompositionVerb.constraints("application_transition")
