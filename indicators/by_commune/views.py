"""Hand out the figures of an indicator by commune, as a file."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from conventions.access.pages import ConventionPage
from conventions.lists import ListFile
from documents.tables import Table
from indicators.by_commune.files import table_for
from indicators.by_commune.page import table_of
from indicators.by_commune.reading import read_by_commune
from indicators.definitions.reading import readable_indicators
from indicators.series.mentions import merge_mentions


class ByCommuneFile(ConventionPage, ListFile):
    """File of an indicator's figures by commune, all years, as everybody reads them: the territory,
    sectors and all communes, or those whose name has ``?commune=``. 404 without any year."""

    name = "chiffres-par-commune"

    def tables(self) -> list[Table]:
        """Return the one table of the file: the figures by commune and year, of the communes that «
        commune » searches. 404 if the person may not read the indicator or nothing is given by
        commune."""
        rows = readable_indicators(self.convention, self.request.user)
        indicator = get_object_or_404(rows, pk=self.kwargs["pk"])
        read = read_by_commune(self.convention, [indicator]).get(indicator.pk)
        if not read:
            raise Http404
        sources = merge_mentions(commune_year.source for commune_year in read)
        sector = self.convention.words.sector.title
        compared = table_of(read, is_by_size=False)
        search = self.request.GET.get("commune", "")
        return [table_for(compared, search, sector=sector, notes=sources)]
