from django.core.management import BaseCommand

from notifications.sending import send_due_mail


class Command(BaseCommand):
    help = "Writes to everybody whom something awaits, or concerns; once each."

    def handle(self, *args, **options):
        """Queue all mail that is due, and print how many messages that is."""
        sent = send_due_mail()
        messages = "message mis en route" if sent == 1 else "messages mis en route"
        self.stdout.write(f"{sent} {messages}." if sent else "Aucun message à envoyer.")
