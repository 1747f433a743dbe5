"""The collection that office files are brought to, and what is said of one."""

from dataclasses import dataclass

from indicators.models import Campaign
from indicators.values.files.importing import ImportOfValues
from spreadsheets.columns.questions import Asking
from spreadsheets.importing.preview import Preview
from spreadsheets.reading.open import open_book
from tests.agreements.factories import Committee
from tests.indicators.factories import campaign_of, figures, indicator_in_force, value_of

YEAR = 2023
INDICATORS = {
    "1.1": {"title": "Places agréées en EAJE"},
    "1.2": {"title": "Enfants accueillis en relais petite enfance", "unit": "enfants"},
    "1.10": {"title": "Ateliers parents-enfants", "unit": "ateliers"},
    "2.1": {"title": "Part des familles monoparentales", "unit": "%", "decimals": 1},
    "2.2": {"title": "Montant versé aux communes", "unit": "€", "decimals": 2},
    "2.3": {
        "title": "Taux de couverture", "unit": "%", "decimals": 1, "calculation": "ratio",
        "numerator": "places", "denominator": "enfants de moins de trois ans", "factor": 100,
    },
    "3.1": {"title": "Jeunes accompagnés (11-17 ans)", "unit": "jeunes"},
}  # fmt: skip


@dataclass
class Office:
    committee: Committee
    campaign: Campaign

    @property
    def scope(self) -> str:
        return f"{self.campaign.convention.slug}/{self.campaign.year}"

    def entry(self, code: str):
        return self.campaign.campaign_indicators.get(indicator__code=code)

    def code_of(self, line) -> str:
        return self.campaign.campaign_indicators.get(pk=line.key).indicator.code

    def read(self, name: str, content: bytes, user=None, **answers) -> Preview:
        book = open_book(name, content)
        return ImportOfValues().preview(self.scope, book, Asking(answers), user)

    def after(self, preview: Preview) -> dict[str, str]:
        """Return what lines would become, by the code of their indicator."""
        return {self.code_of(line): plain(line.after) for line in preview.to_keep}

    def earlier(self, code: str, number) -> None:
        """Give a figure of the year before."""
        entry = self.entry(code)
        before = Campaign.objects.get(convention=self.campaign.convention, year=YEAR - 1)
        entry.pk, entry.campaign, entry._state.adding = None, before, True
        entry.save()
        value_of(before, entry.indicator, number)

    def kept(self) -> dict[str, object]:
        """Return what is stored, by code."""
        entries = self.campaign.campaign_indicators.prefetch_related("values", "indicator")
        figures = {}
        for entry in entries:
            for value in entry.values.all():
                number = value.number
                figures[entry.indicator.code] = value.absence or number.normalize()
        return figures


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def wrong(preview: Preview) -> dict[str, str]:
    return {mistake.place: plain(mistake.text) for mistake in preview.mistakes}


def remarks_of(preview: Preview) -> str:
    return plain("\n".join(f"{remark.place}|{remark.text}" for remark in preview.told))


def office_of(committee: Committee) -> Office:
    """Return an office with an open campaign of 2023, and a closed one of 2022."""
    made = [
        indicator_in_force(committee, code=code, **values) for code, values in INDICATORS.items()
    ]
    figures(committee, made[0], {2022: 400})
    return Office(committee, campaign_of(committee, YEAR, made))
