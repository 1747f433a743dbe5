from django.core.management import BaseCommand, CommandError

from accounts.models import User
from conventions.access.events import confirm_person
from conventions.access.models import Membership
from conventions.hosting.events import designate, send_all
from conventions.legal.convention import Convention
from conventions.parties.models import Organisation
from ctg_portal.marks.events import event
from ctg_portal.rules import Refused

WHO = ("EMAIL", "SIGLE")


class Command(BaseCommand):
    help = (
        "Lists who acts for each party and provider of a convention, and who might be its référent "
        "des accès; designates one; confirms or restores somebody. Acts for the host."
    )

    def add_arguments(self, parser):
        """Declare the convention and, each as often as needed, whom to make référent or to
        confirm."""
        parser.add_argument("slug", help="identifiant de la convention")
        parser.add_argument(
            "--referent", nargs=2, metavar=WHO, action="append", default=[],
            help="désigne une personne comme référent des accès d’un organisme",
        )  # fmt: skip
        parser.add_argument(
            "--confirm", nargs=2, metavar=WHO, action="append", default=[],
            help="confirme, ou rétablit, tout ce qu’une personne a pour un organisme",
        )  # fmt: skip

        parser.add_argument(
            "--send-links", action="store_true",
            help="envoie le lien de désignation aux adresses officielles confirmées de la "
            "convention qui l’attendent",
        )  # fmt: skip

    @event()
    def handle(self, *args, slug, referent, confirm, send_links=False, **options):
        """Designate référents, confirm people, then send links, in one transaction; list everybody
        where none of it is asked for."""
        convention = Convention.objects.filter(slug=slug).first()
        if convention is None:
            raise CommandError(f"Aucune convention n’a l’identifiant {slug}.")
        for email, acronym in referent:
            user, organisation = self.find(convention, email, acronym)
            self.do(designate, user, [organisation], operator=None)
            self.stdout.write(f"{user} est référent des accès {organisation.genitive}.")
        for email, acronym in confirm:
            user, organisation = self.find(convention, email, acronym)
            for appointment in self.do(confirm_person, user, organisation, by=None):
                self.stdout.write(f"Confirmé : {appointment}, pour {organisation.name}.")
        if send_links:
            sent = send_all(operator=None, convention=convention)
            for designation in sent:
                self.stdout.write(f"Lien envoyé à {designation.email}.")
            if not sent:
                self.stdout.write("Aucun lien à envoyer : aucune adresse confirmée n’attend.")
        if not (referent or confirm or send_links):
            self.list_people(convention)

    def do(self, event, *args, **kwargs):
        """Call an event and return its result; raise CommandError where it is refused."""
        try:
            return event(*args, **kwargs)
        except Refused as refused:
            raise CommandError(refused.refusal.reason) from None

    def find(self, convention: Convention, email: str, acronym: str) -> tuple[User, Organisation]:
        """Return the active account and the organisation, or raise CommandError."""
        user = User.objects.filter(email=email.lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"Aucun compte n’a l’adresse {email}.")
        organisation = convention.organisations.filter(acronym=acronym).first()
        if organisation is None:
            known = ", ".join(convention.organisations.values_list("acronym", flat=True))
            raise CommandError(f"Organisme inconnu : {acronym}. La convention connaît : {known}.")
        organisation.convention = convention
        return user, organisation

    def list_people(self, convention: Convention) -> None:
        """Print the active accesses by organisation, and mark guarded organisations without
        référent, those without any access too."""
        alone = set(convention.organisations.without_referent().values_list("pk", flat=True))
        accesses = Membership.objects.active().of(convention).by_organisation()
        known = None
        for access in accesses:
            if access.organisation_id != known:
                known = access.organisation_id
                mark = " – sans référent des accès" if known in alone else ""
                self.stdout.write(f"{access.organisation.name}{mark}")
                alone.discard(known)
            taken_over = ", repris" if access.is_taken_over else ""
            self.stdout.write(
                f"  {access.user.email} : {access.get_role_display()}, "
                f"{access.get_state_display()}{taken_over}"
            )
        for organisation in convention.organisations.filter(pk__in=alone):
            self.stdout.write(f"{organisation.name} – sans référent des accès, ni personne")
