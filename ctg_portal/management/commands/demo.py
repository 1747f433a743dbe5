from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from ctg_portal.demo import playing


class Command(BaseCommand):
    help = "Sets up the demonstration: database, two conventions, accounts. Idempotent."

    def handle(self, *args, **options):
        if not settings.DEBUG:
            raise CommandError(
                "La démonstration ouvre des comptes au mot de passe connu : elle est refusée "
                "tant que DEBUG est désactivé."
            )
        self.stdout.write("Base de données…")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        for line in playing():
            self.stdout.write(line)
