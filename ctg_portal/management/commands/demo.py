import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from ctg_portal.demo import play
from ctg_portal.house import house


class Command(BaseCommand):
    help = "Sets up the demonstration: database, two conventions, accounts. Idempotent."
    # It is played before each start of the portal: the URLs and models are those that just ran.
    requires_system_checks = []

    def handle(self, *args, **options):
        """Play all steps and print their lines, then the time. Raises CommandError unless DEBUG is
        on, since its passwords are known, and when interrupted."""
        if not settings.DEBUG:
            raise CommandError(
                "La démonstration ouvre des comptes au mot de passe connu : elle est refusée "
                "tant que DEBUG est désactivé."
            )
        self.verbosity, began = options["verbosity"], time.monotonic()
        try:
            lines = self._play()
        except KeyboardInterrupt:
            raise CommandError(
                "Interrompue : la même commande la reprend où elle en était."
            ) from None
        self._write("\n".join([*lines, f"Démonstration prête en {_seconds_since(began)}."]))

    def _play(self) -> list[str]:
        """Migrate, then play all steps; return the lines to print."""
        with self._timed("Base de données"):
            call_command("migrate", verbosity=0)
            call_command("createcachetable", verbosity=0)
        lines = []
        for step in house().demo:
            with self._timed(step.label):
                lines += play(step)
        return lines

    @contextmanager
    def _timed(self, label: str) -> Iterator[None]:
        """Print what is being done, then the seconds it took."""
        self._write(f"{label} … ", ending="")
        began = time.monotonic()
        yield
        self._write(_seconds_since(began))

    def _write(self, text: str, ending: str = "\n") -> None:
        """Print a text at once; nothing with ``--verbosity 0``."""
        if self.verbosity:
            self.stdout.write(text, ending=ending)
            self.stdout.flush()


def _seconds_since(moment: float) -> str:
    """Return « 9 s », with a no-break space."""
    return f"{time.monotonic() - moment:.0f}\u00a0s"
