"""Events of accounts (opened, anonymised) and invitations (created, renewed, revoked, used).

Every function is one event in one transaction. ``by`` is a user, or ``None`` for the system
(command line, clock).
"""

from importlib import import_module

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.utils import timezone
from post_office.models import Email

from accounts import rights
from accounts.mail import send_account_deleted
from accounts.models import Invitation, User
from ctg_portal.forms.typed import forget_all
from ctg_portal.house import house
from ctg_portal.marks.events import event, share_changed
from ctg_portal.marks.models import EVERYTHING
from ctg_portal.people.personal import forget_in_texts, forget_names
from ctg_portal.rules import enforce


@event()
def open_account(
    *, email: str, first_name: str, last_name: str, password: str | None = None
) -> User:
    """Create the account of a person whose address is proven (invitation, demonstration); without a
    password it opens by e-mailed code. Raises ValidationError for an invisible name."""
    User(first_name=first_name, last_name=last_name).clean_fields(exclude={"email", "password"})
    user = User.objects.create_user(
        email, password or None, first_name=first_name, last_name=last_name
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@event()
def create_invitation(
    *, email: str, by: User | None, opens_conventions: bool = False
) -> tuple[Invitation, str]:
    """Create an invitation; return it with the token of its link, which is stored nowhere.
    ``opens_conventions``: who accepts it may open conventions, which the host alone allows."""
    invitation = Invitation(email=email.lower(), invited_by=by, opens_conventions=opens_conventions)
    token = invitation.renew_token()
    invitation.save()
    return invitation, token


@event()
def renew_invitation(invitation: Invitation, *, by: User) -> str:
    """Give a pending invitation a new link and return its token; earlier links stop working. Raises
    Refused."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    enforce(rights.may_renew_invitation(by, invitation))
    token = invitation.renew_token()
    invitation.save()
    return token


@event()
def revoke_invitation(invitation: Invitation, *, by: User | None) -> None:
    """Revoke a pending invitation: its link stops working. Raises Refused."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    enforce(rights.may_change_invitation(by, invitation))
    invitation.revoked_at = timezone.now()
    invitation.save()


@event()
def use_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Mark an invitation as accepted by ``by``, its addressee, who may open conventions from then
    on if it says so. Raises Refused, also on a second use."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    enforce(rights.may_accept_invitation(by, invitation))
    invitation.accepted_at = timezone.now()
    invitation.accepted_by = by
    invitation.save()
    if invitation.opens_conventions:
        by.opens_conventions = True
        by.save(update_fields=["opens_conventions"])
    return invitation


@event()
def allow_opening(user: User, *, is_allowed: bool = True) -> None:
    """Let an account open conventions, or no longer, on behalf of the host."""
    user.opens_conventions = is_allowed
    user.save(update_fields=["opens_conventions"])


@event()
def anonymise(user: User, *, by: User | None) -> None:
    """Anonymise an account. What the person signed or answered keeps their name and capacity.

    The row stays, without a name, so that the journal still shows that one person did several
    things. Sessions, log-in methods, mail and invitations of the address are deleted; the rooms end
    what belonged to the account (``after_anonymisation``). ``kept_names`` of each room lists where
    a name stays. Raises Refused.
    """
    # No lock on the key: transactions that hold rows which are ended here may meanwhile write rows
    # that refer to this one.
    user = get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)
    enforce(rights.may_anonymise(by, user))
    share_changed(EVERYTHING)
    for end_what_belongs_to in house().after_anonymisation:
        end_what_belongs_to(user)
    forget_names(user, house().personal)
    forget_all(user)
    nobody = f"compte-{user.pk}@supprime.invalid"
    for address in user.addresses:
        # One address may be the end of another: the database preselects, whole addresses decide.
        for message in Email.objects.filter(to__icontains=address):
            if address in map(str.lower, message.to):
                message.delete()
        invitations = Invitation.objects.filter(email__iexact=address)
        invitations.pending().update(revoked_at=timezone.now())
        invitations.update(email=nobody)
    forget_in_texts(Email.objects.all(), ["subject", "message", "html_message"], user)
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    # After the purge, before the address is erased: the clean-up of mail deletes this one later.
    send_account_deleted(user.email)
    user.email = nobody
    user.first_name = user.last_name = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = user.previous_login = None
    user.anonymised_at = timezone.now()
    user.set_unusable_password()
    user.save()
    end_sessions(user)


def remember_visit(sender, user: User, **kwargs) -> None:
    """Store the last log-in of a user who logs in again: what happened since is new for them.

    Called before Django updates ``last_login``: ``accounts`` precedes ``auth`` in the settings.
    """
    user.previous_login = user.last_login
    user.save(update_fields=["previous_login"])


def end_sessions(user: User) -> None:
    """Log ``user`` out everywhere, by deleting all their sessions."""
    engine = import_module(settings.SESSION_ENGINE)
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            engine.SessionStore(session.session_key).delete()
