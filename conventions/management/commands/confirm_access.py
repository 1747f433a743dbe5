from django.core.management import BaseCommand, CommandError
from django.db import transaction

from conventions.access import events
from conventions.models import Convention, Membership
from ctg_portal.rules import Refused


class Command(BaseCommand):
    help = (
        "Confirms the accesses of somebody for an organisation that await a word, or were objected "
        "to, where nobody on the portal may: all who had access there have left or are suspended."
    )

    def add_arguments(self, parser):
        parser.add_argument("email", help="adresse de la personne")
        parser.add_argument("slug", help="identifiant de la convention")
        parser.add_argument("organisation", metavar="SIGLE", help="organisme")

    @transaction.atomic
    def handle(self, *args, email, slug, organisation, **options):
        convention = Convention.objects.filter(slug=slug).first()
        if convention is None:
            raise CommandError(f"Aucune convention n’a l’identifiant {slug}.")
        held = Membership.objects.active().of(convention).filter(user__email=email.lower())
        held = list(held.filter(organisation__acronym=organisation).by_organisation())
        if not held:
            raise CommandError(f"{email} n’a pas d’accès pour {organisation}.")
        waiting = [access for access in held if not access.is_effective]
        if not waiting:
            raise CommandError(f"L’accès de {email} pour {organisation} est déjà confirmé.")
        for access in waiting:
            try:
                events.confirm_access(access, by=None)
            except Refused as refused:
                raise CommandError(refused.refusal.reason) from None
            self.stdout.write(
                f"Confirmé : {access.user}, {access.get_role_display()} pour "
                f"{access.organisation.name}."
            )
