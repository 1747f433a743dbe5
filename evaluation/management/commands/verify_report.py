"""Tell whether a file is a published evaluation, which version, and whether a later exists."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ctg_portal.templatetags.french import long_date
from evaluation.editions.models import Printing
from evaluation.publication.checking import check


class Command(BaseCommand):
    help = "Dit si un fichier est une évaluation publiée, et si une version plus récente existe."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FICHIER", help="le PDF à vérifier")

    def handle(self, *, file: Path, **options):
        """Print which published edition the file is of, and a later version if there is one. Raises
        CommandError for a file that is unreadable, unknown, or a project that is not published."""
        try:
            with file.open("rb") as opened:
                checked = check(iter(lambda: opened.read(1 << 20), b""), Printing.objects.all())
        except OSError as error:
            raise CommandError(f"{file} ne se lit pas : {error.strerror}.") from None
        if checked.printing is None:
            raise CommandError(
                f"{file} n’est aucun document du portail, ou il a été modifié "
                f"(empreinte SHA-256 {checked.digest})."
            )
        edition = checked.edition
        called = f"{edition.evaluation.convention}, {edition}"
        if not checked.is_published:
            raise CommandError(f"{called} : ce document est un projet, il n’est pas publié.")
        self.stdout.write(f"{called}, publiée le {long_date(edition.published_at)}.")
        if checked.later:
            day = long_date(checked.later.published_at)
            self.stdout.write(
                f"Une version plus récente existe : version {checked.later.number}, du {day}."
            )
