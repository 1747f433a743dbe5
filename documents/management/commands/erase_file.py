from django.core.management import BaseCommand, CommandError

from ctg_portal.marks.events import event
from ctg_portal.rules import Refused
from documents import events
from documents.stored_files import StoredFile


class Command(BaseCommand):
    help = "Efface un fichier déposé, sur demande ; son nom, sa date et son empreinte restent."

    def add_arguments(self, parser):
        """Declare the digest of the file, who asks and why; all are required."""
        parser.add_argument("sha256", metavar="EMPREINTE", help="empreinte SHA-256 du fichier")
        parser.add_argument("--asked-by", required=True, metavar="QUI", help="qui le demande")
        parser.add_argument("--reason", required=True, metavar="MOTIF", help="pourquoi")

    @event()
    def handle(self, *args, sha256, asked_by, reason, **options):
        """Erase every stored file of this digest, all or none. Raises CommandError."""
        copies = StoredFile.objects.filter(sha256=sha256.strip().lower(), erased_at__isnull=True)
        if not copies:
            raise CommandError("Aucun fichier déposé n’a cette empreinte.")
        for stored in copies:
            try:
                events.erase(stored, asked_by=asked_by, reason=reason, by=None)
            except Refused as refused:
                raise CommandError(refused.refusal.reason) from refused
            self.stdout.write(f"{stored.name}, déposé par {stored.uploaded_by}, est effacé.")
