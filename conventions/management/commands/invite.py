import argparse

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils.timezone import localtime

from accounts.events import allow_opening
from accounts.models import User
from conventions.access import events as access
from conventions.access.mail import invitation_link
from conventions.access.models import Role
from conventions.legal.convention import Convention
from ctg_portal.rules import Refused


class Command(BaseCommand):
    help = "Invites somebody to a convention: the first coordinator of an installation, say."

    def add_arguments(self, parser):
        """Declare address, convention and role; without ``--organisation``, the local authority
        that co-chairs the committee. Neither convention nor role with ``--opens-conventions``."""
        parser.add_argument("email", help="adresse de la personne")
        parser.add_argument("slug", nargs="?", help="identifiant de la convention")
        parser.add_argument("role", nargs="?", help=f"accès : {', '.join(Role.values)}")
        parser.add_argument(
            "--opens-conventions",
            action=argparse.BooleanOptionalAction,
            help="la personne peut, ou ne peut plus, ouvrir des conventions",
        )
        parser.add_argument(
            "--organisation",
            metavar="SIGLE",
            help="organisme ; à défaut la collectivité signataire qui co-anime le comité",
        )

    def handle(self, *args, email, slug, role, organisation, opens_conventions=None, **options):
        """Invite an address by mail and print its link. Raises CommandError for an unknown address,
        role, convention or organisation, or a refusal."""
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"« {email} » n’est pas une adresse électronique.") from None
        if opens_conventions is not None:
            if slug or role or organisation:
                raise CommandError(
                    "« --opens-conventions » se donne seul, sans convention ni accès."
                )
            self.let_open(email, is_allowed=opens_conventions)
            return
        if not (slug and role):
            raise CommandError("Il manque l’identifiant de la convention, ou l’accès.")
        if role not in Role.values:
            raise CommandError(f"Accès inconnu : {role}. Les accès sont {', '.join(Role.values)}.")
        convention = Convention.objects.filter(slug=slug).first()
        if convention is None:
            raise CommandError(f"Aucune convention n’a l’identifiant {slug}.")
        organisations = convention.organisations.all()
        if organisation is None:
            chosen = organisations.likely_coordination()
        else:
            chosen = organisations.filter(acronym=organisation).first()
        if chosen is None:
            known = ", ".join(organisations.values_list("acronym", flat=True))
            raise CommandError(
                f"Organisme inconnu : {organisation}. La convention connaît : {known}."
            )
        try:
            invitation, token = access.invite(
                email=email, organisation=chosen, roles=[role], by=None
            )
        except Refused as refused:
            raise CommandError(refused.refusal.reason) from None
        self.stdout.write(
            f"Invitation de {invitation.email} pour {chosen.name} ({Role(role).label}), "
            f"valable jusqu’au {localtime(invitation.expires_at):%d/%m/%Y}. "
            f"Un courriel est en route ; le lien est aussi :\n{invitation_link(token)}"
        )

    def let_open(self, email: str, *, is_allowed: bool) -> None:
        """Let the owner of an address open conventions, or no longer: at once where there is an
        account, else by an invitation, whose link is printed. Raises CommandError where there is no
        account to take it from."""
        if user := User.objects.filter(email=email.lower(), is_active=True).first():
            allow_opening(user, is_allowed=is_allowed)
            may = "peut ouvrir" if is_allowed else "ne peut plus ouvrir"
            self.stdout.write(f"{user.full_name} {may} des conventions.")
            return
        if not is_allowed:
            raise CommandError(f"Aucun compte n’a l’adresse {email}.")
        invitation, token = access.invite_to_open(email=email)
        self.stdout.write(
            f"Invitation de {invitation.email} à ouvrir des conventions, valable jusqu’au "
            f"{localtime(invitation.expires_at):%d/%m/%Y}. Un courriel est en route ; le lien est "
            f"aussi :\n{invitation_link(token)}"
        )
