from django.core.management import BaseCommand

from documents.storage import delete_files, find_orphans


class Command(BaseCommand):
    help = (
        "Supprime les fichiers de MEDIA_ROOT, vieux d’un jour, qu’aucune ligne de la base ne cite."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="les énumère seulement")

    def handle(self, *args, dry_run=False, **options):
        """List the orphaned files and, unless ``dry_run``, delete them, however many they are."""
        lost, referred_to = find_orphans()
        for path in lost:
            self.stdout.write(str(path))
        if not dry_run:
            delete_files(lost)
        done = "à supprimer" if dry_run else "supprimé(s)"
        self.stdout.write(f"{len(lost)} fichier(s) {done}, {referred_to} gardé(s).")
