"""Decide what may be shown of a value: every figure leaves through this module (rule 6).

The provider's rule (``conventions/parties/secrecy.py``) holds for figures that count people or
households. Only whoever enters or provides them reads them as they are; everybody else reads them
as they were disclosed (``Disclosure``), and « en attente » until then.

Texts beside such a figure may reveal it, or the one before it: « exactement 44 », « deux de plus ».
So all texts beside protected figures are reserved to their provider, whatever the figure is. A
public statistic is under its publisher's rule, whoever provides the indicator.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from conventions.models import Organisation
from ctg_portal.templatetags.french import plural
from indicators.definitions.definition import Definition
from indicators.definitions.models import Grain
from indicators.disclosure.places import TERRITORY, Terms, decode_terms
from indicators.figures.campaigns import CampaignIndicator, EffectiveRule
from indicators.figures.disclosures import Disclosure
from indicators.figures.releases import describe_rounded_zero
from indicators.figures.values import Absence, ShownValue, Value

Rule = Organisation | CampaignIndicator | EffectiveRule
NUMBER, MASKED, PENDING, MISSING = "number", "masked", "pending", "missing"

WORDS = {
    MASKED: "secret",
    PENDING: "en attente",
    MISSING: "manquant",
    Absence.NOT_AVAILABLE: "non disponible",
    Absence.NOT_APPLICABLE: "sans objet",
}
SIGNS = {
    MASKED: "secret",
    PENDING: "en attente",
    MISSING: "manque",
    Absence.NOT_AVAILABLE: "n.d.",
    Absence.NOT_APPLICABLE: "s.o.",
}
# Why a figure that was given is not shown yet.
UNVERIFIED = "ce chiffre se lira quand son fournisseur l’aura vérifié, ou le recueil clos"
# What stands where a text is not shown.
RESERVED = "réservé à l’organisme qui fournit la donnée"
COMMENT_RESERVED, REASON_RESERVED = f"commentaire {RESERVED}", f"motif {RESERVED}"


@dataclass(frozen=True)
class DisclosedFigure:
    """A figure as it may be shown. ``kind``: number, masked, pending (given, and not disclosed
    yet), missing, or a stated absence.

    ``number`` is None but for a number. ``reason`` explains an absence, or what is awaited of a
    pending one; ``comment`` the figure; each may be what says that it is reserved. ``source``:
    empty for that of its provider. ``partial``: of a total of some communes only, of which:
    « 41 communes sur 47 ». ``is_below``: the number is a zero that its publisher rounded, and
    ``text`` says below what it is: « moins de 5 ».
    """

    kind: str
    number: Decimal | None = None
    text: str = ""
    reason: str = ""
    comment: str = ""
    source: str = ""
    is_provisional: bool = False
    is_verified: bool = True
    is_rounded: bool = False
    is_below: bool = False
    partial: str = ""

    @property
    def is_number(self) -> bool:
        return self.kind == NUMBER

    @property
    def is_masked(self) -> bool:
        """Whether it was given and is not shown, be it pending only."""
        return self.kind in (MASKED, PENDING)

    @property
    def is_pending(self) -> bool:
        return self.kind == PENDING

    @property
    def is_missing(self) -> bool:
        return self.kind == MISSING

    @property
    def partial_words(self) -> str:
        """The words « partiel (41 communes sur 47) » for a total of some communes only; else
        empty."""
        return f"partiel ({self.partial})" if self.partial else ""

    @property
    def sign(self) -> str:
        """The words of a file in place of a number: « secret », « moins de 5 »; else empty."""
        if self.is_number:
            return self.text if self.is_below else ""
        return WORDS[self.kind]

    @property
    def words(self) -> str:
        """The figure, or why there is none, in full: « 1 234 », « non disponible »."""
        if not self.is_number:
            return WORDS[self.kind]
        return f"{self.text} (partiel : {self.partial})" if self.partial else self.text

    @property
    def short(self) -> str:
        """The figure for a narrow cell of a table, whose legend explains the signs."""
        if not self.is_number:
            return SIGNS[self.kind]
        return f"{self.text} (partiel)" if self.partial else self.text


NOTHING = DisclosedFigure(MISSING)


def format_coverage(given: int, asked: int) -> str:
    """Return how many communes a total covers: « 41 communes sur 47 »."""
    return f"{plural(given, 'commune,communes')} sur {asked}"


def disclose(
    value: Value | ShownValue | None, definition: Definition, rule: Rule
) -> DisclosedFigure:
    """Return what everybody may be shown of a value and of the texts beside it; ``NOTHING`` if it
    is not given yet.

    ``rule``: ``CampaignIndicator.rule``, with the provider's secrecy rule and the disclosure. A
    protected number asked by commune is masked here, as a table is disclosed as a whole:
    ``indicators.disclosure.reading`` reads it. One of the territory is pending until disclosed.
    """
    if value is None or not value.is_shown:
        return NOTHING
    if value.is_public:
        return _public_figure(value, definition)
    is_reserved = is_protected(definition, rule)
    details: dict[str, Any] = {"is_verified": value.is_verified}
    if is_reserved:
        details |= {"comment": COMMENT_RESERVED if value.comment else "", "source": ""}
    else:
        details |= {"comment": value.comment, "source": value.source}
    if value.absence:
        reason = REASON_RESERVED if is_reserved else value.reason
        return DisclosedFigure(value.absence, reason=reason, **details)
    details["is_provisional"] = value.provisional
    disclosure = disclosure_of(definition, rule)
    if disclosure is None and not is_masked_or_rounded(definition, rule):
        return figure_from_terms((value.number,), definition, **details)
    if definition.content.get("grain") == Grain.COMMUNE:
        return DisclosedFigure(MASKED, **details)
    pending = DisclosedFigure(PENDING, reason=UNVERIFIED, **details)
    return figure_at(TERRITORY, disclosure, definition, **details) if disclosure else pending


def disclosure_of(definition: Definition, rule: Rule) -> Disclosure | None:
    """Return the disclosure that everybody reads, even if the rule was lifted since; None if there
    is none, or ``rule`` is not that of an indicator in a year."""
    is_of_entry = definition.is_confidential and isinstance(rule, EffectiveRule)
    return rule.entry.disclosed if is_of_entry else None


def figure_at(
    place: str, disclosure: Disclosure, definition: Definition, **details
) -> DisclosedFigure:  # fmt: skip
    """Return the figure of a place as it was disclosed; masked if nothing was disclosed there.
    ``details``: further fields of the figure."""
    terms = disclosure.shown.get(place) or disclosure.totals.get(place)
    if place in disclosure.reasons or not terms:
        return DisclosedFigure(MASKED, **details)
    return figure_from_terms(decode_terms(terms), definition, base=disclosure.base, **details)


def as_pending(figure: DisclosedFigure, why: str) -> DisclosedFigure:
    """Return the figure as everybody reads it before it is disclosed: without its number, ``why``
    as its reason, its other texts as they are."""
    return replace(figure, kind=PENDING, number=None, text="", reason=why)


def without_texts(figure: DisclosedFigure) -> DisclosedFigure:
    """Return the figure without the texts beside it, which its provider alone reads: a notice
    stands for the comment and the reason where there is one, nothing for the source."""
    return replace(
        figure,
        comment=COMMENT_RESERVED if figure.comment else "",
        reason=REASON_RESERVED if figure.reason else "",
        source="",
    )


def terms_of(value: Value | ShownValue, definition: Definition) -> Terms:
    """Return the terms of a value: its number, or the numerator and denominator of a ratio that has
    them."""
    if definition.is_ratio and value.numerator is not None:
        return value.numerator, value.denominator
    return (value.number,)


def figure_from_terms(
    terms: Terms, definition: Definition, *, base: int | None = None, **details
) -> DisclosedFigure:  # fmt: skip
    """Return the figure that terms make: the count, or the ratio of two. ``base``: to which they
    were rounded, if they were. ``details``: further fields of the figure."""
    number = terms[0]
    if len(terms) > 1:
        # A denominator that was rounded to zero is taken for the rounding base.
        number = terms[0] / (terms[1] or Decimal(base)) * definition.factor
    return DisclosedFigure(
        NUMBER,
        number=definition.rounded(number),
        text=definition.show(number),
        is_rounded=bool(base),
        **details,
    )


def _public_figure(value: Value | ShownValue, definition: Definition) -> DisclosedFigure:
    """Return a figure of a public statistic, without its comment. Its publisher has rounded or
    withheld it already: everybody may read it where it is published (decision record 75)."""
    details: dict[str, Any] = {"source": value.source, "is_verified": value.is_verified}
    if value.absence:
        return DisclosedFigure(value.absence, reason=value.reason, **details)
    figure = figure_from_terms((value.number,), definition, **details)
    if figure.number == 0 and value.rounding_base:
        return below_rounding(figure, value.rounding_base, is_sum=value.commune_id is None)
    return figure


def below_rounding(
    figure: DisclosedFigure, rounding_base: int, *, is_sum: bool
) -> DisclosedFigure:  # fmt: skip
    """Return a published zero as what its publisher's rounding makes of it. ``is_sum``: it is the
    total of communes, each of which was rounded."""
    words = describe_rounded_zero(rounding_base, is_sum=is_sum)
    return replace(figure, text=words, is_below=True)


def is_masked_or_rounded(definition: Definition, rule: Rule) -> bool:
    """Return whether all but those who provide and enter these figures read them as they were
    disclosed only: they count people, and the rule masks or rounds (the default threshold too)."""
    return definition.is_confidential and bool(rule.threshold or rule.rounding_base)


def is_protected(definition: Definition, rule: Rule) -> bool:
    """Return whether any secrecy rule holds for these figures: then what surrounds them (comment,
    reason, source, pieces, history) is read by those who provide and enter them only."""
    return definition.is_confidential and rule.is_under_secrecy


def is_under_stated_rule(definition: Definition, rule: Rule) -> bool:
    """Return whether a stated rule holds for these figures: then the coordination, or who holds a
    link, neither enters them nor reads them back. The default threshold is not stated."""
    return definition.is_confidential and rule.states_secrecy


def is_lifted(earlier: CampaignIndicator, entry: CampaignIndicator) -> bool:
    """Return whether a rule that held, or was stated, for the figures of an earlier, closed year no
    longer is for those of a later one: who enters the later ones is then perhaps not allowed to
    read the earlier ones, or the texts beside them."""
    then, now = Definition.of(earlier.version), Definition.of(entry.version)
    return any(
        holds(then, earlier.rule) and not holds(now, entry.rule)
        for holds in (is_protected, is_under_stated_rule)
    )
