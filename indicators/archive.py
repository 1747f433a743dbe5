"""What the indicators put into the archive of a convention: what is measured, the figures as
everybody may read them, what is owed, and the pieces that no rule of secrecy protects."""

import datetime
from collections.abc import Iterator

from accounts.models import User
from conventions.models import Convention
from documents.archives.parts import ArchivedFile, LeftOut, Part, Tables
from documents.tables import Column, Table
from indicators.collection.files import OWED
from indicators.collection.progress import progress_of
from indicators.collection.rights import contributor_of
from indicators.definitions.definition import Definition
from indicators.definitions.reading import readable_indicators
from indicators.disclosure import is_protected
from indicators.models import Campaign, Evidence
from indicators.series.files import figures_tables
from indicators.series.reading import read_series

CAMPAIGNS = (
    Column("Année", lambda campaign: str(campaign.year)),
    Column("État", lambda campaign: campaign.get_state_display()),
    Column("Échéance", lambda campaign: campaign.due_on, "date"),
    Column("Message", lambda campaign: campaign.message),
)


def indicator_parts(convention: Convention, user: User, today: datetime.date) -> Iterator[Part]:
    """Yield the parts of the indicators: figures of those that the person may know of, as everybody
    reads them; campaigns, and who was asked for what in each, without figures; documents that no
    rule protects, and how many were left out."""
    rows = readable_indicators(convention, user).with_definition().in_reading_order()
    series = read_series(convention, rows)
    yield Tables.of(
        "chiffres", "les indicateurs, et leurs chiffres comme chacun les lit",
        figures_tables(convention, series),
    )  # fmt: skip
    campaigns = list(Campaign.objects.of(convention).order_by("year"))
    contributor = contributor_of(user, convention)
    tables = [Table.of("Recueils", CAMPAIGNS, campaigns)]
    for campaign in campaigns:
        campaign.convention = convention
        progress = progress_of(campaign, contributor.with_account, today)
        lines = [(part, line) for part in progress.parts for line in part.lines]
        tables.append(Table.of(f"Recueil {campaign.year}", OWED, lines))
    yield Tables.of("recueils", "ce qui a été demandé à qui, sans les chiffres", tables)
    yield from _evidence(convention)


def _evidence(convention: Convention) -> Iterator[Part]:
    """Yield the documents of given figures that no rule protects, then, if some are left out, how
    many: whoever coordinates and provides too would carry away what is her organisation's alone."""
    pieces = Evidence.objects.filter(
        value__campaign_indicator__campaign__convention=convention
    ).select_related(
        "document", "value__campaign_indicator__provider",
        "value__campaign_indicator__version", "value__campaign_indicator__campaign",
    )  # fmt: skip
    reserved = 0
    for piece in pieces.order_by("pk"):
        entry = piece.value.campaign_indicator
        is_reserved = is_protected(Definition.of(entry.version), entry.rule)
        if is_reserved or not piece.value.is_shown:
            reserved += 1
        elif not piece.document.erased_at:
            what = f"pièce d’un chiffre de {entry.campaign.year}"
            yield ArchivedFile.of("documents/chiffres", piece.document, what)
    if reserved:
        yield LeftOut(
            f"{reserved} pièce(s) de chiffres",
            "l’organisme qui fournit le chiffre les garde, ou il n’est pas encore transmis",
        )
