"""A territory with every kind of figure that hangs together with others, over three years, and what
is true of them at each time.

The Caf masks counts below five, the MSA rounds them to five, the agglomération has no rule. Names
of indicators and places are such that none is part of another.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.urls import reverse

from conventions.models import Commune, Organisation
from documents.drawing.composition import compose
from evaluation.models import Printing
from evaluation.opening.events import propose_opening
from evaluation.publication import events as publication
from evaluation.writing.events import write_narrative
from indicators.collection.events import close_campaign
from indicators.disclosure.events import disclose_year
from indicators.models import Campaign, Indicator, Value
from indicators.statistics.events import load_release
from indicators.statistics.source import sources
from indicators.values.events import correct_value
from indicators.values.figure import Figure
from indicators.values.from_publishers import contest_value
from indicators.values.tables import update_table_state
from tests.agreements.factories import Committee, SeatFactory, committee_of
from tests.evaluation.publication.scene import keep_drawn
from tests.factories import (
    AmendmentFactory,
    CommuneFactory,
    CoverageFactory,
    MembershipFactory,
    OrganisationFactory,
    PartyFactory,
    SectorFactory,
)
from tests.indicators.by_commune.communes import codes
from tests.indicators.factories import campaign_of, indicator_in_force, value_of
from tests.indicators.statistics.published import cnaf

YEARS = (2021, 2022, 2023)
_, CORRECTED, LAST = YEARS
COMMUNES = {"Brion": "Nord", "Cernay": "Nord", "Doussay": "Nord", "Gizay": "Sud", "Hanc": "Sud",
            "Iteuil": "Sud", "Jaunay": "Sud", "Lezay": None, "Marnes": None}  # fmt: skip
POPULATIONS = dict(zip(COMMUNES, (310, 1450, 1800, 2100, 340, 720, 980, 1210, 2600), strict=True))
SECTORS = ("Nord", "Sud")
THRESHOLD = BASE = 5

# In the order of communes; None: not given. Of a ratio, the denominators: its numerators are the
# counts of the indicator that it names.
AIDED = {
    2021: [3, 40, 52, 61, 0, 18, 27, 33, None],
    2022: [3, 41, 50, 60, 2, 19, 25, 33, 74],
    2023: [2, 38, 55, 64, 4, 17, 29, 36, 71],
}
HOUSEHOLDS = [88, 410, 530, 640, 95, 212, 277, 349, 742]
GIRLS = {2022: [3, 12, 20, 31, 6, 9, 14, 18, 22], 2023: [4, 11, 22, 30, 7, 8, 1, 17, 25]}
BOYS = {2022: [14, 13, 18, 29, 8, 2, 15, 19, 24], 2023: [15, 12, 19, 33, 3, 9, 16, 20, 26]}
FOLLOWED = {
    2021: [2, 13, 24, 31, 7, 11, 18, 22, 37],
    2022: [3, 12, 26, 33, 8, 14, 16, 21, 39],
    2023: [4, 14, 23, 34, 6, 12, 19, 24, 36],
}
MEMBERS = [41, 133, 190, 226, 57, 88, 120, 149, 251]
RURAL = [61, 190, 244, 301, 73, 118, 142, 171, 330]
PLACES = {year: [1, 20 + year % 7, 31, 42, 3, 15, 26, 38, 47] for year in YEARS}
PUBLISHED = [60, 245, 310, 415, 35, 120, 180, 205, 530]

TERRITORY, MEMBERS_TITLE = "", "Ressortissants"
# What ratios are of, and what adds up to what: anybody reads it with their definitions.
SHARES = {"Part aidée": ("Foyers aidés", "Foyers comptés"),
          "Part suivie": ("Familles suivies", MEMBERS_TITLE),
          # The MSA counts what the Caf masks.
          "Part rurale": ("Foyers aidés", "Foyers ruraux")}  # fmt: skip
PARTS = {"Enfants accueillis": ("Filles gardées", "Garçons gardés")}

CORRECTIONS = [("Foyers aidés", "Brion", 4), ("Foyers aidés", "Doussay", 51),
               ("Familles suivies", "Hanc", 13), ("Garçons gardés", "Gizay", 9)]  # fmt: skip
# The one of which others read the correction: nothing that it is linked to is masked there.
FOLLOWED_CORRECTION = "Garçons gardés"


def pairs(numerators, denominators) -> list:
    return [None if n is None else (n, d) for n, d in zip(numerators, denominators, strict=True)]


@dataclass
class CountedIndicator:
    """An indicator and its true figures by year: of communes in their order, or of the whole
    territory. ``provider``: « caf », « msa » or « epci »."""

    indicator: Indicator
    provider: str
    figures: dict[int, object]

    @property
    def is_by_commune(self) -> bool:
        return self.indicator.grain == "commune"


class Count(NamedTuple):
    """Of what it is the count, and of which communes with how many."""

    title: str
    made_of: tuple[tuple[str, int], ...]

    @property
    def number(self) -> int:
        return sum(number for _, number in self.made_of)


def _series(title: str, figures):
    """Yield what an indicator counts: itself, or the terms of a ratio."""
    if title not in SHARES:
        yield title, title, figures
        return
    for term, of in enumerate(SHARES[title]):
        yield f"{title}/{term}", of, [one and one[term] for one in figures]


def _sums(numbers) -> dict[str, list[tuple[str, int]]]:
    """Return, for each place, its communes that are given, with their numbers."""
    given = [(p, n) for p, n in zip(COMMUNES, numbers, strict=True) if n is not None]
    sectors = {
        f"Pôle {sector}": [one for one in given if COMMUNES[one[0]] == sector] for sector in SECTORS
    }
    return {place: [(place, n)] for place, n in given} | sectors | {TERRITORY: given}


@dataclass
class Many:
    committee: Committee
    organisations: dict[str, Organisation]
    agents: dict[str, object]
    indicators: dict[str, CountedIndicator] = field(default_factory=dict)
    campaigns: dict[int, Campaign] = field(default_factory=dict)
    communes: list = field(default_factory=list)
    is_population_known: bool = True

    @property
    def divided(self) -> list[str]:
        """Return the indicators whose communes are compared for 100 inhabitants."""
        return [title for title in self.titles if title not in SHARES and self.is_population_known]

    def forget_populations(self) -> None:
        Commune.objects.update(population=None)
        self.is_population_known = False

    @property
    def inhabitants(self) -> dict[str, int]:
        """Return how many people live in each commune, each sector and the territory; empty if it
        is not known."""
        if not self.is_population_known:
            return {}
        sums = _sums(POPULATIONS.values())
        return {place: sum(number for _, number in made_of) for place, made_of in sums.items()}

    @property
    def slug(self) -> str:
        return self.committee.convention.slug

    @property
    def titles(self) -> list[str]:
        return [*self.indicators, MEMBERS_TITLE]

    def counts(self) -> dict[tuple[str, int, str], Count]:
        """Return what is true now of each count, by indicator, year and place; the indicator may be
        a term of a ratio (« Part aidée/0 »: its numerator)."""
        counts = {}
        for title, indicator in self.indicators.items():
            for year, figures in indicator.figures.items():
                for series, of, numbers in _series(title, figures):
                    by_place = (
                        _sums(numbers) if indicator.is_by_commune else {TERRITORY: [("", numbers)]}
                    )
                    for place, made_of in by_place.items():
                        counts[series, year, place] = Count(of, tuple(made_of))
        return counts

    def decide(self) -> None:
        """Disclose all that is given."""
        for campaign in self.campaigns.values():
            disclose_year(campaign, by=None)

    def entry(self, title: str, year: int):
        return self.campaigns[year].campaign_indicators.get(
            indicator=self.indicators[title].indicator
        )

    def protected(self, but: str = "") -> tuple[set[str], set[str]]:
        """Return the indicators whose counts are masked, and those whose counts are rounded, except
        a provider's."""
        return tuple(
            self.titles_of(provider) if provider != but else set() for provider in ("caf", "msa")
        )

    def titles_of(self, provider: str) -> set[str]:
        return {
            title for title, indicator in self.indicators.items() if indicator.provider == provider
        }

    def provider_of(self, user) -> str:
        """Return the provider whose figures somebody reads raw, or ""."""
        return next((name for name, agent in self.agents.items() if agent == user), "")

    def shared_tables(self) -> list[str]:
        """Return the addresses where everybody who has access reads the figures of all years."""
        base = f"/conventions/{self.slug}"
        year = f"{base}/evaluations/{CORRECTED}/"
        by_commune = [
            indicator.indicator.pk
            for indicator in self.indicators.values()
            if indicator.is_by_commune
        ]
        tables = [
            reverse("indicators:by_commune_file", args=[self.slug, pk, "csv"]) for pk in by_commune
        ]
        maps = [f"{year}?carte={pk}" for pk in by_commune]
        return [*tables, *maps, f"{year}?theme=tout", f"{base}/indicateurs/"]

    def raw_tables(self) -> list[str]:
        """Return the addresses where the figures of the last year are entered, and read raw."""
        entries = self.campaigns[LAST].campaign_indicators.by_commune()
        return [reverse("indicators:table", args=[self.slug, LAST, entry.pk]) for entry in entries]

    def unlinked_pages(self) -> list[str]:
        """Return the addresses to which no link of the chapters of figures leads."""
        search_url = reverse("conventions:search", args=[self.slug])
        return [f"{search_url}?q=Foyers", reverse("conventions:archive", args=[self.slug])]

    def about(self, address: str) -> str:
        """Return the indicator of a link to a file, which does not name it itself."""
        match = re.search(r"indicateurs/(\d+)/communes/", address)
        titles = [
            t
            for t, indicator in self.indicators.items()
            if match and indicator.indicator.pk == int(match[1])
        ]
        return titles[0] if titles else ""

    def is_former(self, address: str) -> bool:
        """Return whether an address shows the first edition, which was corrected since."""
        printings = Printing.objects.filter(edition__number=1).values_list("pk", flat=True)
        match = re.search(r"publication/documents/(\d+)/", address)
        is_named = re.search("/v1/|-v1-", address) is not None
        return is_named or (match is not None and int(match[1]) in printings)

    def publish(self, *, is_drawn: bool = True, **reason) -> None:
        """Publish the evaluation of the year that is corrected afterwards, to everybody; its
        documents are drawn, or stored empty."""
        by = self.committee.coordinator
        edition = publication.submit(self.campaigns[CORRECTED], by=by, **reason)
        keep_drawn(edition.printings.get())
        self.committee.agree(publication.propose(edition, by=by))
        publication.request_publication(edition, by=by)
        # What goes with the document is asked for once there is one.
        while printing := edition.printings.unfinished().first():
            if is_drawn:
                assert compose(printing)
            else:
                keep_drawn(printing)

    def correct(self) -> None:
        """Correct figures of the published year, one of which was masked and stays so."""
        for title, place, number in CORRECTIONS:
            indicator = self.indicators[title]
            at = list(COMMUNES).index(place)
            indicator.figures[CORRECTED] = [*indicator.figures[CORRECTED]]
            indicator.figures[CORRECTED][at] = number
            correct_value(
                self.entry(title, CORRECTED), Figure(number=Decimal(number)),
                reason="Une erreur de saisie.", by=self.agents[indicator.provider],
                commune=self.communes[at],
            )  # fmt: skip
        self.decide()


def many_tables() -> Many:
    committee = committee_of()
    convention = committee.convention
    msa = PartyFactory(
        organisation__convention=convention, organisation__acronym="MSA", rank=2,
        organisation__name="MSA d’Exemple", organisation__kind="msa", agreement_required=False,
    ).organisation  # fmt: skip
    committee.caf.masking_threshold, msa.rounding_base = THRESHOLD, BASE
    committee.caf.save()
    msa.save()
    committee.msa_member = SeatFactory(organisation=msa).user
    organisations = {"caf": committee.caf, "msa": msa, "epci": committee.epci}
    agents = {name: MembershipFactory(organisation=one).user for name, one in organisations.items()}
    many = Many(committee, organisations, agents)
    _territory(many)
    _indicators(many)
    for year in YEARS:
        _year(many, year)
    many.decide()
    _contested(many)
    many.decide()
    theme = committee.orientation.theme
    write_narrative(theme, CORRECTED, "Un texte.", revision=0, by=committee.coordinator)
    committee.agree(propose_opening(convention, is_open=True, by=committee.coordinator))
    return many


def _territory(many: Many) -> None:
    convention = many.committee.convention
    since = AmendmentFactory(convention=convention)
    sectors = {name: SectorFactory(convention=convention, name=f"Pôle {name}") for name in SECTORS}
    for (name, sector), code in zip(COMMUNES.items(), codes(len(COMMUNES)), strict=True):
        commune = CommuneFactory(
            convention=convention, insee_code=code, name=name, population=POPULATIONS[name]
        )
        CoverageFactory(commune=commune, since=since, sector=sectors.get(sector))
        many.communes.append(commune)


def _indicators(many: Many) -> None:
    counted = {"grain": "commune", "aggregation": "sum", "is_confidential": True, "unit": "foyers",
               "baseline_value": None, "targets": []}  # fmt: skip
    whole = counted | {"grain": "territory", "aggregation": "none"}
    share = counted | {"calculation": "ratio", "aggregation": "ratio", "factor": 100, "unit": "%",
                       "decimals": 1}  # fmt: skip
    way = {"baseline_value": Decimal(100), "targets": [{"year": None, "value": Decimal(500)}]}

    def add(title, provider, figures, **values):
        indicator = indicator_in_force(
            many.committee, title=title, provider=many.organisations[provider], **values
        )
        many.indicators[title] = CountedIndicator(indicator, provider, {**figures})
        return indicator

    add("Foyers aidés", "caf", AIDED, **(counted | way))
    add("Part aidée", "caf", {y: pairs(AIDED[y], HOUSEHOLDS) for y in YEARS},
        numerator="Foyers aidés", denominator="Foyers comptés", **share)  # fmt: skip
    add("Foyers comptés", "caf", dict.fromkeys(YEARS[1:], sum(HOUSEHOLDS)), **whole)
    parts = [
        add("Filles gardées", "caf", GIRLS, **counted),
        add("Garçons gardés", "caf", BOYS, **counted),
    ]
    add("Enfants accueillis", "caf",
        {y: [a + b for a, b in zip(GIRLS[y], BOYS[y], strict=True)] for y in GIRLS},
        parts=parts, **counted)  # fmt: skip
    add("Signalements", "caf", dict(zip(YEARS, (12, 3, 9), strict=True)), **(whole | way))
    add("Familles suivies", "msa", FOLLOWED, **(counted | way))
    add("Part suivie", "msa", {y: pairs(FOLLOWED[y], MEMBERS) for y in YEARS},
        numerator="Familles suivies", denominator="Ressortissants", **share)  # fmt: skip
    add("Part rurale", "msa", {LAST: pairs(AIDED[LAST], RURAL)},
        numerator="Foyers aidés", denominator="Foyers ruraux", **share)  # fmt: skip
    add("Visites", "msa", dict(zip(YEARS, (23, 31, 28), strict=True)), **(whole | way))
    plain = {"is_confidential": False, "unit": "places"}
    add("Places ouvertes", "epci", PLACES, **(counted | plain))
    add("Ateliers", "epci", dict(zip(YEARS, (14, 3, 20), strict=True)), **(whole | plain | way))
    allocated = add("Allocataires", "caf", {LAST: [*PUBLISHED]}, **counted)
    Indicator.objects.filter(pk=allocated.pk).update(library_code="DR-05")


def _year(many: Many, year: int) -> None:
    asked = [indicator for indicator in many.indicators.values() if year in indicator.figures]
    campaign = campaign_of(many.committee, year, [indicator.indicator for indicator in asked])
    many.campaigns[year] = campaign
    # A public statistic fills the table of « Allocataires ».
    by_commune = [t for t in asked if t.is_by_commune and t is not many.indicators["Allocataires"]]
    for indicator in by_commune:
        for commune, figure in zip(many.communes, indicator.figures[year], strict=True):
            if figure is not None:
                value_of(campaign, indicator.indicator, commune=commune, **_given(figure))
        entry = campaign.campaign_indicators.get(indicator=indicator.indicator)
        update_table_state(entry, {commune.pk for commune in many.communes})
    # A total that is disclosed before its table has all of it masked.
    disclose_year(campaign, by=None)
    for indicator in asked:
        if not indicator.is_by_commune:
            value_of(campaign, indicator.indicator, indicator.figures[year])
    if year != LAST:
        close_campaign(campaign, by=many.committee.coordinator)
        many.campaigns[year] = Campaign.objects.get(pk=campaign.pk)


def _given(figure) -> dict:
    if not isinstance(figure, tuple):
        return {"number": figure}
    numerator, denominator = figure
    return {"number": Decimal(numerator) / denominator * 100, "numerator": numerator,
            "denominator": denominator}  # fmt: skip


def _contested(many: Many) -> None:
    """Fill a table from a public statistic; for one commune, the Caf gives another figure."""
    rows = {commune.insee_code: n for commune, n in zip(many.communes, PUBLISHED, strict=True)}
    load_release(
        sources()["cnaf_allocataires"], LAST, content=cnaf(rows, year=LAST), by=None,
        name="s_ben_com_f.csv",
    )  # fmt: skip
    at = list(COMMUNES).index("Hanc")
    value = Value.objects.get(
        campaign_indicator=many.entry("Allocataires", LAST), commune=many.communes[at]
    )
    contest_value(value, Figure(number=Decimal(4)), reason="Nous en comptons moins.",
                  by=many.agents["caf"])  # fmt: skip
    many.indicators["Allocataires"].figures[LAST][at] = 4


def readers(many: Many) -> dict[str, object]:
    """Return who reads besides the coordinator."""
    committee = many.committee
    commune = OrganisationFactory(
        convention=committee.convention, acronym="Hanc", name="Commune de Hanc", kind="commune"
    )
    return {
        "reader": MembershipFactory(organisation=committee.caf, reader=True).user,
        "adviser": SeatFactory(organisation=committee.caf, adviser=True).user,
        "member of the Caf": committee.caf_member,
        "member of the agglomération": committee.epci_member,
        "member of the MSA": committee.msa_member,
        "agent of the Caf": many.agents["caf"],
        "agent of the MSA": many.agents["msa"],
        "agent of the agglomération": many.agents["epci"],
        "agent of a commune": MembershipFactory(organisation=commune).user,
    }
