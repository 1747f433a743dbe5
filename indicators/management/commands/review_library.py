"""Answer the indicators that conventions offer to the library."""

from django.core.management.base import BaseCommand, CommandError

from ctg_portal.rules import Refused
from indicators.definitions.definition import Definition
from indicators.library.entries import THEMES
from indicators.library.sharing import accept, refuse
from indicators.models import Offer


class Command(BaseCommand):
    help = (
        "Montre les indicateurs que des conventions proposent pour la bibliothèque, en reprend un, "
        "ou le refuse avec son motif, que lit la coordination."
    )

    def add_arguments(self, parser):
        """Take the number of an offer to ``--accept`` or to ``--refuse``, not both, and the
        ``--reason`` of a refusal."""
        answer = parser.add_mutually_exclusive_group()
        answer.add_argument("--accept", type=int, metavar="NUMÉRO", help="reprendre celui-ci")
        answer.add_argument("--refuse", type=int, metavar="NUMÉRO", help="refuser celui-ci")
        parser.add_argument("--reason", default="", help="motif d’un refus")

    def handle(self, *, accept: int | None, refuse: int | None, reason: str, **options):
        """List the offers that wait or, with ``--accept`` or ``--refuse``, answer one. Raise
        CommandError for an unknown number, or if the answer is refused."""
        if accept is None and refuse is None:
            self._list()
            return
        row = Offer.objects.filter(pk=accept or refuse).select_related("version").first()
        if row is None:
            raise CommandError("Aucun indicateur proposé n’a ce numéro.")
        try:
            self.stdout.write(_accepted(row) if accept else _refused(row, reason))
        except Refused as refused:
            raise CommandError(refused.refusal.reason) from refused

    def _list(self):
        """Print number, title, unit, theme, convention and definition of each offer that waits, or
        that there is none."""
        rows = Offer.objects.waiting().select_related("version__convention")
        for row in rows:
            definition = Definition.of(row.version)
            self.stdout.write(
                f"{row.pk}. {definition.title} ({definition.unit}), {THEMES[row.theme]}"
            )
            self.stdout.write(f"   {row.version.convention}")
            self.stdout.write(f"   {definition.definition}")
        if not rows:
            self.stdout.write("Aucun indicateur n’est proposé pour la bibliothèque.")


def _accepted(row: Offer) -> str:
    return f"« {row} » est dans la bibliothèque, sous le code {accept(row).code}."


def _refused(row: Offer, reason: str) -> str:
    """Refuse an offer to the library, and return the line to print."""
    refuse(row, reason)
    return f"« {row} » est refusé."
