"""Write the workbook that an organisation fills in for a year."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from conventions.models import Organisation
from ctg_portal.hosting.saving import save
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import plural
from indicators.values.files.importing import campaign_in
from indicators.values.files.template import TemplateLine, last_disclosed, template_of


class Command(BaseCommand):
    help = (
        "Écrit le classeur que remplit un organisme pour une année : une feuille par thématique. "
        "Il ne contient que des chiffres que chacun peut lire."
    )

    def add_arguments(self, parser):
        """Take convention, year and the organisation's acronym, and the file to write (``-o``),
        which is required."""
        parser.add_argument("slug", help="identifiant de la convention")
        parser.add_argument("year", type=int, help="année observée")
        parser.add_argument("organisation", help="sigle de l’organisme qui saisit")
        parser.add_argument(
            "-o", "--output", type=Path, metavar="FICHIER", required=True,
            help="où l’enregistrer ; son nom finit par .xlsx",
        )  # fmt: skip

    def handle(self, *, slug, year, organisation, output: Path, **options):
        """Write the workbook to be filled in: a line for each indicator that the organisation
        enters in the campaign, with the last figure disclosed before it. Raise CommandError for an
        unknown campaign or acronym, or a file that is not .xlsx."""
        try:
            campaign = campaign_in(f"{slug}/{year}")
        except Refused as refused:
            raise CommandError(refused.refusal.reason) from refused
        if output.suffix.lower() != ".xlsx":
            raise CommandError(f"{output} : le nom du fichier finit par .xlsx.")
        theirs = Organisation.objects.filter(convention=campaign.convention)
        owner = theirs.filter(acronym=organisation).first()
        if owner is None:
            raise CommandError(f"Aucun organisme de la convention n’a le sigle {organisation}.")
        entries = campaign.campaign_indicators.entered_by([owner]).with_relations()
        entries = list(entries.in_reading_order())
        before = last_disclosed(entries)
        lines = [TemplateLine(entry, before.get(entry.pk, ""), None) for entry in entries]
        save(output, template_of(campaign, [owner], lines))
        self.stdout.write(f"{output} : {plural(len(lines), 'indicateur,indicateurs')}.")
