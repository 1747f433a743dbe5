"""What every command that brings a file of tables does: read, tell, keep, count."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import plural
from spreadsheets.importing.adapter import Adapter
from spreadsheets.importing.preview import Preview
from spreadsheets.matching.questions import Asking
from spreadsheets.reading.cells import Book
from spreadsheets.reading.open import open_book
from spreadsheets.reading.refusals import Unreadable


class ImportCommand(BaseCommand):
    """Brings a file through an adapter, and ends with 1 when something of it was refused. A
    subclass adds the arguments that name the place, and calls ``bring``."""

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FICHIER")
        parser.add_argument(
            "--dry-run", action="store_true", help="vérifie le fichier, n’enregistre rien"
        )
        parser.add_argument(
            "--valid-rows", action="store_true", help="enregistre les lignes valables seules"
        )
        parser.add_argument(
            "--answer", action="append", default=[], metavar="QUESTION=RÉPONSE",
            help="répond à une question que le fichier a posée ; plusieurs fois au besoin",
        )  # fmt: skip

    def bring(self, adapter: Adapter, scope: str, options: dict, *, by=None) -> None:
        """Read the file of ``options``, tell what it would change, keep it where it may be."""
        asking = Asking(dict(one.rpartition("=")[::2] for one in options["answer"]))
        book, is_dry = self._book(options["file"]), options["dry_run"]
        try:
            with transaction.atomic():
                preview = adapter.preview(scope, book, asking, by)
                if preview.refusal:
                    raise CommandError(preview.refusal.reason)
                is_kept = not is_dry and (preview.is_whole or options["valid_rows"])
                for line in preview.to_keep if is_kept else ():
                    adapter.keep(scope, line, by=by)
        except Refused as refused:
            raise CommandError(refused.refusal.reason) from refused
        self.tell(preview, is_kept=is_kept, is_dry=is_dry)
        if not preview.is_whole:
            raise SystemExit(1)

    def _book(self, file: Path) -> Book:
        try:
            return open_book(file.name, file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file} : ce fichier ne se lit pas ({error.strerror}).") from error
        except Unreadable as refusal:
            raise CommandError(f"{file} : {refusal}") from refusal

    def tell(self, preview: Preview, *, is_kept: bool, is_dry: bool) -> None:
        for mistake in preview.mistakes:
            about = f" ({mistake.about})" if mistake.about else ""
            self.stdout.write(f"{mistake.place} : {mistake.text}{about}")
        for question in preview.open_questions:
            choices = ", ".join(f"{one.value} = {one.label}" for one in question.choices)
            self.stdout.write(f"{question.place} : {question.text}")
            self.stdout.write(f"    --answer '{question.key}=…' : {choices}")
        for told in preview.told:
            self.stdout.write(f"{told.place} : {told.text}" if told.place else told.text)
        counts = preview.counts
        self.stdout.write(
            f"{plural(counts['new'], 'nouvelle,nouvelles')}, "
            f"{plural(counts['changed'], 'changée,changées')}, "
            f"{plural(counts['unchanged'], 'inchangée,inchangées')}, "
            f"{plural(counts['refused'], 'refusée,refusées')}, "
            f"{plural(counts['empty'], 'vide,vides')}."
        )
        if not is_kept:
            reason = "c’est une vérification" if is_dry else "corrigez le fichier, ou --valid-rows"
            self.stdout.write(f"Rien n’est enregistré : {reason}.")
