"""Users, who log in by e-mail, and the invitations through which they come."""

import datetime
import hashlib
import secrets
import unicodedata
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

# Drawn as nothing, though Unicode does not count them among control and format characters.
BLANKS = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


def validate_visible(name: str) -> None:
    """Refuse characters that are invisible or turn the direction of reading, with which a name
    could imitate another. Raises ValidationError."""
    if any(char in BLANKS or unicodedata.category(char) in INVISIBLE for char in name):
        raise ValidationError(
            "Ce nom contient un caractère invisible : saisissez-le au clavier.", code="invisible"
        )


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """Create a user; without ``password`` the account opens by e-mailed code only."""
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


class MailRhythm(models.TextChoices):
    """When a person is written to about what awaits them."""

    AT_ONCE = "at_once", "aussitôt"
    WEEKLY = "weekly", "une fois par semaine, le lundi"


class User(AbstractUser):
    """A person. The e-mail address is the identifier, kept in lower case."""

    username = None  # type: ignore[assignment]  # how Django leaves a field out
    first_name = models.CharField(
        "prénom", max_length=150, blank=True, validators=[validate_visible]
    )
    last_name = models.CharField("nom", max_length=150, blank=True, validators=[validate_visible])
    email = models.EmailField(
        "adresse électronique",
        unique=True,
        error_messages={"unique": "Un compte existe déjà avec cette adresse."},
    )
    mail_rhythm = models.CharField(
        "messages sur ce qui m’attend",
        max_length=20,
        choices=MailRhythm.choices,
        default=MailRhythm.AT_ONCE,
    )
    opens_conventions = models.BooleanField(
        "peut ouvrir des conventions", default=False,
        help_text="L’hébergeur le permet : « manage.py invite ADRESSE --opens-conventions ».",
    )  # fmt: skip
    previous_login = models.DateTimeField(
        "connexion d’avant la dernière", null=True, blank=True, editable=False
    )
    anonymised_at = models.DateTimeField("anonymisé le", null=True, blank=True, editable=False)

    # Without the names that AbstractUser’s own takes.
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        ordering = ["last_name", "first_name", "email"]
        constraints = [
            models.CheckConstraint(
                name="anonymised_user_is_inactive",
                condition=Q(anonymised_at__isnull=True) | Q(is_active=False),
                violation_error_message="Un compte anonymisé ne peut pas être actif.",
            ),
            models.CheckConstraint(
                name="user_mail_rhythm_known",
                condition=Q(mail_rhythm__in=MailRhythm.values),
                violation_error_message="Ce rythme de messages est inconnu.",
            ),
        ]

    def __str__(self):
        return self.full_name

    def save(self, **kwargs):
        """Save the user, with the address in lower case."""
        self.email = self.email.lower()
        super().save(**kwargs)

    @property
    def addresses(self) -> set[str]:
        """The e-mail addresses of this person, the one they log in with included."""
        known = self.emailaddress_set  # type: ignore[attr-defined]  # allauth has no types
        return {self.email, *known.values_list("email", flat=True)}

    @property
    def full_name(self) -> str:
        """The first and last name; the address while no name is known, « Compte supprimé » once
        anonymised."""
        if self.anonymised_at:
            return "Compte supprimé"
        return self.get_full_name() or self.email


class InvitationQuerySet(models.QuerySet):
    def open(self):
        """Return the invitations that can still be accepted. Twin: ``Invitation.is_open``."""
        return self.pending().filter(expires_at__gt=timezone.now())

    def pending(self):
        """Return the invitations that are neither accepted nor revoked, expired or not."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)

    def sent_since(self, moment: datetime.datetime):
        """Return the invitations whose latest link was made after this moment. Twin:
        ``Invitation.sent_at``."""
        return self.filter(expires_at__gt=moment + settings.INVITATION_LIFETIME)

    def for_token(self, token: str):
        """Return the invitation of a link with this token, if any, as a queryset."""
        return self.filter(token_digest=digest_of(token))


def digest_of(token: str) -> str:
    """Return the SHA-256 of a link's token, in hexadecimal: the database stores nothing else of
    it."""
    return hashlib.sha256(token.encode()).hexdigest()


class Invitation(models.Model):
    """A link, valid once and until a date, by which the owner of an address comes in."""

    email = models.EmailField("adresse électronique")
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True,
        related_name="invitations_sent", verbose_name="invité par",
    )  # fmt: skip
    opens_conventions = models.BooleanField("permet d’ouvrir des conventions", default=False)
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    expires_at = models.DateTimeField("expire le")
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True,
        related_name="invitations_accepted", verbose_name="acceptée par",
    )  # fmt: skip
    revoked_at = models.DateTimeField("annulée le", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="invitation_expires_after_creation",
                condition=Q(expires_at__gt=F("created_at")),
                violation_error_message="Une invitation expire après sa création.",
            ),
            models.CheckConstraint(
                name="invitation_accepted_or_revoked",
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                violation_error_message="Une invitation acceptée ne peut pas être annulée.",
            ),
            models.CheckConstraint(
                name="invitation_accepted_by_somebody",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                violation_error_message="Une invitation acceptée l’est par quelqu’un.",
            ),
        ]

    def __str__(self):
        return f"Invitation de {self.email}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted: neither accepted, revoked nor expired. Twin:
        ``open``."""
        is_pending = self.accepted_at is None and self.revoked_at is None
        return is_pending and not self.has_expired

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def sent_at(self) -> datetime.datetime:
        """The moment at which its latest link was made."""
        return self.expires_at - settings.INVITATION_LIFETIME

    def renew_token(self) -> str:
        """Give the invitation a new token and a full lifetime, and return the token; earlier links
        stop working. Not saved here."""
        token = secrets.token_urlsafe(32)
        self.token_digest = digest_of(token)
        self.expires_at = timezone.now() + settings.INVITATION_LIFETIME
        return token
