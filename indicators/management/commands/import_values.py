"""Bring the figures of a file into a year's collection."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import plural
from indicators.values.files.importing import ImportOfValues
from indicators.values.files.years import ImportOfYears
from spreadsheets.importing import events
from spreadsheets.importing.adapter import Adapter
from spreadsheets.importing.preview import Preview
from spreadsheets.matching.questions import Asking
from spreadsheets.models import Import
from spreadsheets.reading.open import open_book
from spreadsheets.reading.refusals import Unreadable

WHOLE = "toutes"
TOO_LATE = "Cet import n’existe pas, ou a été fait par une personne, qui l’annule sur sa page."


class Command(BaseCommand):
    help = (
        "Importe les données d’un fichier (.xlsx, .ods, .csv) dans le recueil d’une année, ou de "
        "toutes celles que le fichier donne. Chaque erreur est écrite avec sa cellule ; rien n’est "
        "enregistré tant qu’il en reste, sauf avec --valid-rows."
    )

    def add_arguments(self, parser):
        parser.add_argument("slug", help="identifiant de la convention")
        parser.add_argument("year", help=f"année observée, ou « {WHOLE} »")
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
            "--undo", type=int, metavar="NUMÉRO", help="annule un import fait par cette commande"
        )

    def handle(self, *, slug, year, file: Path | None, dry_run, valid_rows, answer, undo, **_):
        adapter = ImportOfYears() if year == WHOLE else ImportOfValues()
        scope = slug if year == WHOLE else f"{slug}/{year}"
        if undo is not None:
            self.undo(adapter, scope, undo)
            return
        if file is None:
            raise CommandError("Donnez le fichier à importer.")
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} : ce fichier ne se lit pas ({error.strerror}).") from error
        try:
            book = open_book(file.name, content)
        except Unreadable as refusal:
            raise CommandError(f"{file} : {refusal}") from refusal
        answers, row = dict(one.partition("=")[::2] for one in answer), None
        try:
            with transaction.atomic():
                preview = adapter.preview(scope, book, Asking(answers), None)
                if preview.refusal:
                    raise CommandError(preview.refusal.reason)
                is_kept = not dry_run and (preview.is_whole or valid_rows)
                if is_kept and preview.to_keep:
                    upload = SimpleUploadedFile(file.name, content)
                    row = events.bring(adapter.name, scope, upload, by=None)
                    events.apply(row, preview, by=None)
        except Refused as refused:
            raise CommandError(refused.refusal.reason) from refused
        self.tell(preview, is_kept=is_kept, is_dry=dry_run)
        if row is not None:
            self.stdout.write(f"Import {row.pk} : --undo {row.pk} l’annule, pendant sept jours.")
        if not preview.is_whole:
            raise SystemExit(1)

    def undo(self, adapter: Adapter, scope: str, pk: int) -> None:
        rows = Import.objects.of(adapter.name, scope).filter(brought_by=None)
        row = rows.filter(pk=pk).first()
        if row is None:
            raise CommandError(TOO_LATE)
        try:
            count, left = events.undo(row, by=None)
        except Refused as refused:
            raise CommandError(refused.refusal.reason) from refused
        told = plural(count, "valeur est remise comme avant,valeurs sont remises comme avant")
        self.stdout.write(f"{told[:1].upper()}{told[1:]}.")
        for line in left:
            self.stdout.write(f"Non annulée, car reprise depuis : {line}")

    def tell(self, preview: Preview, *, is_kept: bool, is_dry: bool) -> None:
        for mistake in preview.mistakes:
            about = f" ({mistake.about})" if mistake.about else ""
            self.stdout.write(f"{mistake.place} : {mistake.text}{about}")
        for question in preview.open_questions:
            choices = ", ".join(f"{one.value} = {one.label}" for one in question.choices)
            choices = choices or "en quelques mots"
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
