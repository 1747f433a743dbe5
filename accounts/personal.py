"""What the accounts keep of a person."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry

from accounts.models import Invitation, User
from ctg_portal.people.personal import KeptName, Personal

PERSONAL = [
    Personal(
        model=User, key="pk", title="Votre compte",
        given=["last_name", "first_name", "email", "mail_rhythm", "opens_conventions",
              "date_joined", "last_login", "previous_login"],
    ),
    Personal(
        model=EmailAddress, key="user", title="Vos adresses électroniques",
        given=["email", "verified", "primary"], words={"email": "adresse électronique"},
    ),
    Personal(
        model=Authenticator, key="user", title="Votre double vérification",
        given=["type", "created_at", "last_used_at"],
        words={"created_at": "activée le", "last_used_at": "dernier usage"},
    ),
    Personal(
        model=Invitation, key="accepted_by", title="Les invitations que vous avez acceptées",
        given=["email", "created_at", "accepted_at"],
    ),
    Personal(
        model=Invitation, key="invited_by", title="Les invitations que vous avez envoyées",
        given=["created_at", "accepted_at", "revoked_at"],
    ),
    Personal(
        model=LogEntry, key="user", title="Vos actes dans l’administration du portail",
        given=["action_time", "object_repr"],
    ),
]  # fmt: skip

KEPT_NAMES = [
    KeptName(
        columns=["post_office.Email.to"],
        what="Le dernier courriel du portail, qui vous annonce la fin de votre compte",
        duration="30 jours",
        ground="mission d’intérêt public : prévenir qui n’aurait pas demandé cette suppression",
    )
]
