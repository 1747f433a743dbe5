"""What an evaluation says of a post of cooperation in a year, or over the term, as plain data: a
part of ``ReportContent``. Figures are written out; what nobody recorded is empty, never zero."""

from dataclasses import dataclass, field

from ctg_portal.templatetags.french import enumerate_words, plural

NOT_FILLED_IN = "non renseigné"
# What a post brings, by field of a text.
BROUGHT = {
    "services": "Nouveaux services",
    "partnerships": "Partenariats",
    "transfers": "Transferts de compétence",
}


@dataclass(frozen=True)
class ShareLine:
    """A domain of a post: « 0,7 » ETP planned by the convention, « 0,5 » filled in the year."""

    domain: str
    planned_fte: str
    filled_fte: str


@dataclass(frozen=True)
class MissionLine:
    """A mission of the framework: its activities that were ``done``, and how many it has."""

    title: str
    done: list[str]
    total: int


@dataclass(frozen=True)
class FunderLine:
    funder: str
    amount: str


@dataclass(frozen=True)
class PostFigure:
    """A figure of a post for files, in decimal texts. ``counted``: « ETP », « Coût »,
    « Financement »; ``detail``: of which domain, by which funder."""

    post: str
    employer: str
    year: int
    counted: str
    detail: str
    planned: str
    actual: str
    unit: str


@dataclass(frozen=True)
class PostLine:
    """A post in a year. ``planned_fte``, ``filled_fte``: the sums of its domains; ``planned_cost``,
    ``cost``, ``funded``: in euros; ``filled_note``, ``funded_note``: of how many domains or funders
    the sum is, where not of all.

    ``missions``: those of which something was done. The texts are Markdown. ``key``: the primary
    key of the post; ``is_told``: whether the year has a record.
    """

    key: int
    title: str
    employer: str
    planned_fte: str
    filled_fte: str
    filled_note: str
    shares: list[ShareLine]
    missions: list[MissionLine]
    text: str
    services: str
    partnerships: str
    transfers: str
    planned_cost: str
    cost: str
    fundings: list[FunderLine]
    funded: str
    funded_note: str
    is_told: bool
    data: list[PostFigure] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"poste-{self.key}"

    @property
    def summary(self) -> str:
        """« prévu : 1 ETP ; pourvu : 0,9 ETP (connu pour 1 domaine sur 2) »."""
        filled = f"{self.filled_fte} ETP" if self.filled_fte else NOT_FILLED_IN
        note = f" ({self.filled_note})" if self.filled_note else ""
        return f"prévu : {self.planned_fte} ETP ; pourvu : {filled}{note}"

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The services, partnerships and transfers of which there is a text, each with its name."""
        return [(name, text) for field, name in BROUGHT.items() if (text := getattr(self, field))]

    @property
    def money(self) -> list[tuple[str, str]]:
        """The cost, each funder, and their sum if there are several, with the amount of each in
        words; ``NOT_FILLED_IN`` where it is not known."""
        indicative = f" (indicatif : {self.planned_cost})" if self.planned_cost else ""
        note = f" ({self.funded_note})" if self.funded_note else ""
        funders = [(line.funder, line.amount or NOT_FILLED_IN) for line in self.fundings]
        total = [("Ensemble des financements", f"{self.funded or NOT_FILLED_IN}{note}")]
        return [
            ("Coût", f"{self.cost or NOT_FILLED_IN}{indicative}"),
            *funders,
            *total * (len(funders) > 1),
        ]


@dataclass(frozen=True)
class TextOfYear:
    year: int
    text: str


@dataclass(frozen=True)
class CountedOverYears:
    """ETP or euros of each year that has a record, empty where not known. ``over``: the mean of
    ETP, the sum of euros, of the known years; ``note``: of how many, where not of all."""

    title: str
    planned: str
    years: list[TextOfYear]
    over: str
    note: str = ""


@dataclass(frozen=True)
class ActivityOverYears:
    """An activity of the framework, and the years in which it was done."""

    title: str
    years: list[int]

    @property
    def years_in_words(self) -> str:
        return enumerate_words(map(str, self.years)) or "aucune année renseignée"


@dataclass(frozen=True)
class MissionOverYears:
    title: str
    activities: list[ActivityOverYears]

    @property
    def done(self) -> int:
        return sum(bool(one.years) for one in self.activities)

    @property
    def summary(self) -> str:
        return f"{self.done} sur {plural(len(self.activities), 'activité,activités')}"


@dataclass(frozen=True)
class BroughtOverYears:
    """What a post has brought, of one kind (``name``: « Nouveaux services »): the text on the whole
    term, and those of the years; either may be empty. Markdown."""

    name: str
    text: str
    years: list[TextOfYear]


@dataclass(frozen=True)
class PostOverYears:
    """A post over the whole term, measured against its framework (annexe 1).

    ``years``: those that have a record; ``untold``: those of the term that have begun and have
    none. ``fte``: by domain; ``total_fte``: their sum, in years where every domain is known.
    ``money``: the cost, then each funder. ``text``: on the whole term, Markdown. ``key``: the
    primary key of the post.
    """

    key: int
    title: str
    employer: str
    planned_fte: str
    planned_cost: str
    years: list[int]
    untold: list[int]
    fte: list[CountedOverYears]
    total_fte: CountedOverYears
    missions: list[MissionOverYears]
    money: list[CountedOverYears]
    text: str
    brought: list[BroughtOverYears]
    data: list[PostFigure] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"poste-{self.key}"

    @property
    def is_told(self) -> bool:
        return bool(self.years or self.text or self.brought)

    @property
    def done(self) -> int:
        return sum(one.done for one in self.missions)

    @property
    def activities(self) -> int:
        return sum(len(mission.activities) for mission in self.missions)

    @property
    def summary(self) -> str:
        """« prévu : 1 ETP ; pourvu en moyenne : 0,75 ETP ; 14 activités du référentiel sur 23 »;
        that nothing is recorded, where no year is."""
        if not self.years:
            return f"prévu : {self.planned_fte} ETP ; suivi {NOT_FILLED_IN}"
        filled = f"{self.total_fte.over} ETP" if self.total_fte.over else NOT_FILLED_IN
        note = f" ({self.total_fte.note})" if self.total_fte.note else ""
        done = plural(self.done, "activité,activités")
        return (
            f"prévu : {self.planned_fte} ETP ; pourvu en moyenne : {filled}{note} ; "
            f"{done} du référentiel sur {self.activities}"
        )

    @property
    def fte_summary(self) -> str:
        return f"prévu : {self.planned_fte} ; en moyenne : {self.total_fte.over or NOT_FILLED_IN}"

    @property
    def cost_summary(self) -> str:
        """The sum of the years whose cost is known: « 121 800 € (2 années connues sur 3) »."""
        cost = self.money[0]
        note = f" ({cost.note})" if cost.note else ""
        return f"{cost.over or NOT_FILLED_IN}{note}"

    @property
    def sentence_on_gaps(self) -> str:
        """« Sans suivi : 2020 et 2024. »; empty where every year has a record."""
        return f"Sans suivi : {enumerate_words(map(str, self.untold))}." if self.untold else ""
