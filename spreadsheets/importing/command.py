"""What every command that brings a file of tables does: read, tell, keep, count, undo."""

import json
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from ctg_portal.marks.events import changing
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import plural
from spreadsheets.columns.questions import Asking
from spreadsheets.importing import events
from spreadsheets.importing.adapter import Adapter
from spreadsheets.importing.preview import Preview
from spreadsheets.models import Import
from spreadsheets.reading.cells import numbered
from spreadsheets.reading.open import open_book
from spreadsheets.reading.refusals import Unreadable

NOT_OURS = "Cet import n’existe pas ici, ou une personne l’a fait, qui l’annule sur sa page."
MOST_CHOICES = 20  # of a question in a line; the likest come first


def _columns_in(path: Path | None) -> dict[str, Any]:
    """Return what a file says of the columns of each sheet: ``{"Feuille": {"head": [1], "roles":
    {"A": "code", "B": "value"}, "constants": {"year": "2023"}}}``. Raises CommandError."""
    if path is None:
        return {}
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        sheets = {
            name: {
                "is_read": bool(sheet.get("is_read", True)),
                "head": [int(row) for row in sheet.get("head", [])],
                "roles": {str(numbered(c)): str(r) for c, r in sheet.get("roles", {}).items()},
                "constants": {str(f): str(text) for f, text in sheet.get("constants", {}).items()},
            }
            for name, sheet in given.items()
        }
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise CommandError(f"{path} : ces colonnes ne se lisent pas ({error}).") from error
    return {"sheets": sheets, "is_settled": True}


class ImportCommand(BaseCommand):
    """Brings a file through an adapter, and ends with 1 when something of it was refused; what was
    kept is seen and undone as what a page has brought. A subclass adds the arguments that name the
    place, and calls ``act``."""

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FICHIER", nargs="?")
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
        parser.add_argument(
            "--columns", type=Path, metavar="FICHIER",
            help="ce que contiennent les colonnes, par feuille (JSON), là où les titres ne le "
            "disent pas",
        )  # fmt: skip
        parser.add_argument(
            "--undo", type=int, metavar="NUMÉRO", help="annule un import fait par cette commande"
        )

    def act(self, adapter: Adapter, scope: str, options: dict, *, by: User | None = None) -> None:
        """Undo an import, or bring the file of ``options``."""
        if options["undo"] is not None:
            self.undo(adapter, scope, options["undo"], by=by)
        elif options["file"] is None:
            raise CommandError("Donnez le fichier à importer.")
        else:
            self.bring(adapter, scope, options, by=by)

    def bring(self, adapter: Adapter, scope: str, options: dict, *, by: User | None) -> None:
        """Read a file, tell what it would change, keep it where it may be."""
        file, is_dry, row = options["file"], options["dry_run"], None
        asking = Asking(
            dict(one.rpartition("=")[::2] for one in options["answer"]),
            _columns_in(options.get("columns")),
        )
        try:
            content = file.read_bytes()
            book = open_book(file.name, content)
        except OSError as error:
            raise CommandError(f"{file} : ce fichier ne se lit pas ({error.strerror}).") from error
        except Unreadable as refusal:
            raise CommandError(f"{file} : {refusal}") from refusal
        try:
            with changing():
                preview = adapter.preview(scope, book, asking, by)
                if preview.refusal:
                    raise CommandError(preview.refusal.reason)
                is_kept = not is_dry and (preview.is_whole or options["valid_rows"])
                if is_kept and preview.to_keep:
                    upload = SimpleUploadedFile(file.name, content)
                    row = events.bring(adapter.name, scope, upload, by=by)
                    events.apply(row, preview, by=by)
        except Refused as refused:
            raise CommandError(refused.refusal.reason) from refused
        self.report(preview, is_kept=is_kept, is_dry=is_dry)
        if row is not None:
            self.stdout.write(f"Import {row.pk} : --undo {row.pk} l’annule, pendant sept jours.")
        if not preview.is_whole:
            raise SystemExit(1)

    def undo(self, adapter: Adapter, scope: str, pk: int, *, by: User | None) -> None:
        row = Import.objects.of(adapter.name, scope).filter(brought_by=by, pk=pk).first()
        if row is None:
            raise CommandError(NOT_OURS)
        try:
            count, left = events.undo(row, by=by)
        except Refused as refused:
            raise CommandError(refused.refusal.reason) from refused
        self.stdout.write(f"L’import est annulé pour {plural(count, 'ligne,lignes')}.")
        for line in left:
            self.stdout.write(f"Non annulée. {line}")

    def report(self, preview: Preview, *, is_kept: bool, is_dry: bool) -> None:
        for mistake in preview.mistakes:
            about = f" ({mistake.about})" if mistake.about else ""
            self.stdout.write(f"{mistake.place} : {mistake.text}{about}")
        for question in preview.open_questions:
            labels = [f"{one.value} = {one.label}" for one in question.choices]
            more = [f"… ({len(labels)} en tout)"] if len(labels) > MOST_CHOICES else []
            choices = ", ".join([*labels[:MOST_CHOICES], *more])
            choices = choices or "en quelques mots"
            self.stdout.write(f"{question.place} : {question.text}")
            self.stdout.write(f"    --answer '{question.key}=…' : {choices}")
        for group in preview.sheetful.groups if preview.sheetful else ():
            if not group.answer:
                text = f"« {group.text} »" if group.facet else group.text
                self.stdout.write(f"{text} : --answer '{group.name}=…'")
        for remark in preview.told:
            self.stdout.write(f"{remark.place} : {remark.text}" if remark.place else remark.text)
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
