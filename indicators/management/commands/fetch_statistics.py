"""Load a year of a public statistic for all conventions of the portal."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import plural
from indicators.models import Release
from indicators.statistics.difference import Difference
from indicators.statistics.events import adopt_release, load_release
from indicators.statistics.fetching import fetch
from indicators.statistics.source import Source, sources


class Command(BaseCommand):
    help = (
        "Charge une année d’une statistique publique pour toutes les conventions du portail : le "
        "fichier donné avec --file, celui qui vient avec le portail (populations de référence), ou "
        "celui de l’éditeur si le serveur y a accès (STATISTICS_FETCH). La première édition d’une "
        "année est en usage aussitôt ; une autre attend, son écart est écrit, et --adopt la met en "
        "usage."
    )

    def add_arguments(self, parser):
        """Take a known source and the year; ``--file`` for the publisher's file, ``--adopt`` to put
        the release in use."""
        parser.add_argument("source", choices=sorted(sources()))
        parser.add_argument("year", type=int, help="année observée, celle des chiffres")
        parser.add_argument("--file", type=Path, metavar="FICHIER", help="fichier de l’éditeur")
        parser.add_argument(
            "--adopt", action="store_true", help="met en usage l’édition, son écart écrit"
        )

    def handle(self, *, source, year, file, adopt, **options):
        """Load a year of a source as a release of the whole portal, and print what it brings. The
        first release of a year is in use at once; a later one waits, unless ``--adopt`` is given.
        Raise CommandError for a file that cannot be read or does not fit."""
        chosen = sources()[source]
        try:
            release = load_release(chosen, year, **self._content(chosen, year, file), by=None)
            self._print(release)
            if adopt and release.is_waiting:
                release = adopt_release(release, by=None)
        except OSError as error:
            raise CommandError(f"{file} : ce fichier ne se lit pas ({error.strerror}).") from error
        except Refused as refused:
            raise CommandError(refused.refusal.reason) from refused
        self.stdout.write(f"Édition {release.number} : {release.get_state_display()}.")

    def _content(self, source: Source, year: int, file: Path | None) -> dict:
        """Return the arguments of ``load_release`` for the given file, else the one that comes with
        the portal, else the publisher's."""
        if file is not None:
            return {"name": file.name, "content": file.read_bytes()}
        if (bundled := source.bundled_of(year)) is not None:
            return {"name": source.bundled.format(year=year), "content": bundled}
        name = f"{source.dataset}.csv"
        return {"name": name, "content": fetch(source, year), "was_fetched": True}

    def _print(self, release: Release) -> None:
        """Print the number of figures and of lines left aside and, if the release waits, how it
        differs from the one in use."""
        self.stdout.write(f"{plural(release.count, 'chiffre,chiffres')} de {release.year}.")
        if release.unplaced:
            lines = plural(release.unplaced, "ligne,lignes")
            self.stdout.write(f"{lines} d’aucun lieu, de côté.")
        if release.is_waiting:
            for sentence in Difference.of(release).sentences:
                self.stdout.write(sentence)
