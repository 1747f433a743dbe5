from django.core.management import BaseCommand, CommandError

from accounts import events
from accounts.models import User
from ctg_portal.rules import Refused


class Command(BaseCommand):
    help = "Supprime le compte d’une personne, à la demande de celle-ci ou de son organisme."

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="ADRESSE", help="adresse électronique du compte")

    def handle(self, *args, email, **options):
        """Anonymise the account with this address. Raises CommandError for none, or if it is
        refused."""
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"Aucun compte n’a l’adresse {email}.")
        try:
            events.anonymise(user, by=None)
        except Refused as refused:
            raise CommandError(refused.refusal.reason) from refused
        self.stdout.write(f"Le compte de {email} est supprimé.")
