"""What the annual evaluation says of a post of cooperation, as plain data: a part of
``ReportContent``. Figures are written out; what nobody has told is empty, and never zero."""

from dataclasses import dataclass, field

UNTOLD = "non renseigné"


@dataclass(frozen=True)
class ShareLine:
    """A domain of a post: « 0,7 » ETP planned by the convention, « 0,5 » filled in the year."""

    domain: str
    planned_fte: str
    filled_fte: str


@dataclass(frozen=True)
class MissionLine:
    """A mission of the reference framework, with those of its activities that were done and how
    many it has."""

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
    """A post in a year. ``planned_fte``, ``filled_fte``: in all; ``planned_cost``, ``cost``,
    ``funded``: euros; ``filled_note``, ``funded_note``: of how many it is known, where of some.

    ``missions``: those of which something was done. The texts are Markdown. ``key`` is that of the
    post; ``is_told``: whether anything is said of the year.
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
        """« prévu : 1 ETP ; pourvu : 0,9 ETP »: how much of it was filled."""
        filled = f"{self.filled_fte} ETP" if self.filled_fte else UNTOLD
        note = f" ({self.filled_note})" if self.filled_note else ""
        return f"prévu : {self.planned_fte} ETP ; pourvu : {filled}{note}"

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What was created, bound, handed over: those that are told, each with its name."""
        named = [
            ("Nouveaux services", self.services),
            ("Partenariats", self.partnerships),
            ("Transferts de compétence", self.transfers),
        ]
        return [(name, text) for name, text in named if text]

    @property
    def money(self) -> list[tuple[str, str]]:
        """The cost and who paid, each in words; what nobody has told says so."""
        beside = f" (indicatif : {self.planned_cost})" if self.planned_cost else ""
        note = f" ({self.funded_note})" if self.funded_note else ""
        funders = [(one.funder, one.amount or UNTOLD) for one in self.fundings]
        total = [("Ensemble des financements", f"{self.funded or UNTOLD}{note}")]
        return [("Coût", f"{self.cost or UNTOLD}{beside}"), *funders, *total * (len(funders) > 1)]
