"""What the worker composes: asked for, taken under a lease, kept for a while or for good."""

import datetime
import secrets
from pathlib import PurePosixPath

from django.conf import settings
from django.db import models
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone

from ctg_portal.transitions import NEW, Step, Transition, Verb
from documents.drawing.kinds import DocumentKind, kind_of


class CompositionState(models.TextChoices):
    QUEUED = "queued", "en attente"
    COMPOSING = "composing", "en cours"
    READY = "ready", "prêt"
    FAILED = "failed", "en échec"
    CANCELLED = "cancelled", "annulé"


UNFINISHED = [CompositionState.QUEUED, CompositionState.COMPOSING]


class CompositionVerb(Verb):
    """What becomes of a document: asked for and called off by a person, the rest by the portal."""

    REQUESTED = ("requested", Step([NEW], CompositionState.QUEUED, "qui y a droit"), "demandé")
    TAKEN = ("taken", Step(UNFINISHED, CompositionState.COMPOSING, "portail"), "pris en charge")
    KEPT = (
        "kept",
        Step([CompositionState.COMPOSING], CompositionState.READY, "portail"),
        "enregistré",
    )
    PUT_BACK = (
        "put_back",
        Step(UNFINISHED, CompositionState.QUEUED, "portail"),
        "remis en attente",
    )
    GIVEN_UP = ("given_up", Step(UNFINISHED, CompositionState.FAILED, "portail"), "abandonné")
    CANCELLED = (
        "cancelled",
        Step(UNFINISHED, CompositionState.CANCELLED, "qui l’a demandé"),
        "annulé",
    )


class Stage(models.TextChoices):
    """How far the composition is, in the order of the work."""

    READING = "reading", "lecture des données"
    WRITING = "writing", "mise en page"
    DRAWING = "drawing", "composition du fichier"
    KEEPING = "keeping", "enregistrement"


def kept_name(composition: "Composition", name: str) -> str:
    """Return a name to store a file under: a folder for each year, and a name nobody can guess."""
    suffix = PurePosixPath(name).suffix
    return f"{composition.FOLDER}/{timezone.localdate().year}/{secrets.token_hex(20)}{suffix}"


class CompositionQuerySet(models.QuerySet):
    def ready(self):
        return self.filter(state=CompositionState.READY)

    def unfinished(self):
        """Return the documents that are queued or being composed. Twin:
        ``Composition.is_unfinished``."""
        return self.filter(state__in=UNFINISHED)

    def queued(self):
        return self.filter(state=CompositionState.QUEUED)

    def available(self, now: datetime.datetime):
        """Return the documents that may be taken: queued, or with a lease that is over."""
        waiting = Q(state=CompositionState.QUEUED)
        return self.filter(waiting | Q(state=CompositionState.COMPOSING, lease_until__lte=now))

    def first_of_each_person(self, now: datetime.datetime) -> "list[Composition]":
        """Return, of the documents that may be taken, the one that each person requested first."""
        rows = self.available(now).order_by("-requested_at", "-pk")
        waiting = dict(rows.values_list("requested_by", "pk"))  # the first ones come last
        return list(self.filter(pk__in=waiting.values()).order_by("requested_at", "pk"))

    def asked_by(self, people):
        return self.filter(requested_by__in=[person for person in people if person is not None])

    def last_finished(self):
        """Return pairs: the key of a person, and when a document of theirs was last finished, given
        up or cancelled."""
        done = self.exclude(finished_at=None).order_by("requested_by")
        return done.values_list("requested_by").annotate(last=Max("finished_at"))


class Composition(models.Model):
    """A document that was requested, and is composed by the worker.

    A subclass names its kind (``kind``, as ``documents=[…]`` of a room declares it) and the
    ``FOLDER`` of its files. ``digest``: the SHA-256 of all that the document is made from.
    ``lease_until``: until when whoever composes it has it. ``file_name`` has at least the extension
    of its file. ``cancel_url``: where it is cancelled; empty where it cannot be.
    """

    FOLDER = ""
    kind = ""

    state = models.CharField(
        "état", max_length=20, choices=CompositionState.choices, default=CompositionState.QUEUED
    )
    stage = models.CharField("étape", max_length=20, choices=Stage.choices, blank=True)
    digest = models.CharField("empreinte du contenu", max_length=64, blank=True)
    lease_until = models.DateTimeField("attendu jusqu’au", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="demandé par",
    )  # fmt: skip
    requested_by_name = models.CharField("nom de qui l’a demandé", max_length=300, blank=True)
    requested_at = models.DateTimeField("demandé le", default=timezone.now)
    finished_at = models.DateTimeField("terminé le", null=True, blank=True)
    file = models.FileField("fichier", upload_to=kept_name, max_length=120, blank=True)
    sha256 = models.CharField("empreinte SHA-256", max_length=64, blank=True)
    size = models.PositiveIntegerField("taille en octets", null=True, blank=True)
    pages = models.PositiveIntegerField("pages", null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_state_known",
                condition=Q(state__in=CompositionState.values),
                violation_error_message="Cet état est inconnu.",
            ),
            models.CheckConstraint(
                name="%(class)s_ready_has_file",
                condition=~Q(state="ready") | ~Q(file="") & ~Q(sha256="") & Q(size__gte=1),
                violation_error_message="Un document prêt a un fichier et son empreinte.",
            ),
            models.CheckConstraint(
                name="%(class)s_composing_has_lease",
                condition=~Q(state="composing") | Q(lease_until__isnull=False),
                violation_error_message="Un document en préparation est attendu jusqu’à un moment.",
            ),
        ]

    @property
    def document(self) -> DocumentKind:
        """The kind of the document: how it is read, written and drawn."""
        return kind_of(self.kind)

    @property
    def is_ready(self) -> bool:
        return self.state == CompositionState.READY

    @property
    def is_failed(self) -> bool:
        return self.state == CompositionState.FAILED

    @property
    def is_cancelled(self) -> bool:
        return self.state == CompositionState.CANCELLED

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    def twin(self, digest: str) -> "Composition | None":
        """Return a ready document of the same content for the same audience, whose file may be
        copied; None without one, and by default."""
        return None


class DrawingQuerySet(CompositionQuerySet):
    def with_content(self, kind: str, digest: str, audience: str):
        """Return the documents of this kind, content and audience; those without a digest never
        match."""
        return self.filter(kind=kind, digest=digest, audience=audience).exclude(digest="")

    def asked(self, kind: str, scope: str, parameters: dict):
        return self.filter(kind=kind, scope=scope, parameters=parameters)

    def finished_before(self, day):
        """Return the documents that were finished, or given up, before that moment."""
        return self.exclude(state__in=UNFINISHED).filter(finished_at__lt=day)


class Drawing(Composition):
    """A document for the person who requested it, stored for some days.

    ``scope`` and ``parameters``: what its kind needs to read it. ``audience``: the key, given by
    its kind, of those who may be handed this very file. ``origin``: the page on which it was
    requested.
    """

    FOLDER = "drawings"

    kind = models.CharField("genre", max_length=60)
    scope = models.CharField("portée", max_length=60)
    parameters = models.JSONField("paramètres", default=dict)
    audience = models.CharField("pour qui", max_length=100)
    title = models.CharField("titre", max_length=300)
    name = models.CharField("nom du fichier", max_length=200)
    origin = models.TextField("page d’origine", blank=True)

    objects = DrawingQuerySet.as_manager()

    class Meta(Composition.Meta):
        verbose_name = "document demandé"
        verbose_name_plural = "documents demandés"
        indexes = [models.Index(fields=["kind", "digest", "audience"], name="drawing_by_digest")]
        constraints = [
            *Composition.Meta.constraints,
            models.UniqueConstraint(
                fields=["requested_by"],
                condition=Q(state__in=["queued", "composing"]),
                name="drawing_one_unfinished",
                violation_error_message="Un autre document est déjà en préparation pour vous.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("documents:drawing", args=[self.pk])

    @property
    def file_name(self) -> str:
        return self.name

    @property
    def file_url(self) -> str:
        return reverse("documents:drawing_file", args=[self.pk])

    @property
    def cancel_url(self) -> str:
        return reverse("documents:cancel_drawing", args=[self.pk])

    def twin(self, digest: str) -> "Drawing | None":
        """Return another ready drawing of the same kind, content and audience; None without one."""
        same = Drawing.objects.ready().with_content(self.kind, digest, self.audience)
        return same.exclude(pk=self.pk).first()


class DrawingTransition(Transition):
    """One transition of a requested document, in its log."""

    verbs = CompositionVerb

    drawing = models.ForeignKey(
        Drawing, models.CASCADE, related_name="transitions", verbose_name="document demandé"
    )
    verb = CompositionVerb.field()

    class Meta(Transition.Meta):
        verbose_name = "acte sur un document demandé"
        verbose_name_plural = "actes sur les documents demandés"
        constraints = CompositionVerb.constraints("drawing_transition")


def compositions() -> list[type[Composition]]:
    """Return the models of documents that the worker composes."""
    return Composition.__subclasses__()
