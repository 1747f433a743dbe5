from django.core.management import BaseCommand

from committee.notices import send_due_mail


class Command(BaseCommand):
    help = "Writes to everybody whom something of the committee awaits, or concerns; once each."

    def handle(self, *args, **options):
        sent = send_due_mail()
        told = "Aucun message à envoyer." if not sent else f"{sent} message(s) mis en route."
        self.stdout.write(told)
