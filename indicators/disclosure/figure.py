"""What may be shown of a value: the one place through which every figure leaves (rule 6).

The provider's rule (``conventions/parties/secrecy.py``) holds for figures that count people or
households. Only whoever enters or provides them reads them as they are; everybody
else reads them as they were disclosed (``Disclosure``), and « en attente » until then.

What is written beside such a figure tells it, or the one before it: « exactement 44 », « deux de
plus ». All texts beside the figures that a rule holds for are their provider's, whatever the figure
is. A public statistic has its publisher's rule, whoever provides the indicator.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from conventions.models import Organisation
from ctg_portal.templatetags.french import plural
from indicators.definitions.definition import Definition
from indicators.definitions.models import Grain
from indicators.disclosure.models import Disclosure
from indicators.disclosure.places import TERRITORY, Terms, terms_in
from indicators.figures.campaigns import CampaignIndicator, EffectiveRule
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
    « 41 communes sur 47 ».
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
    partial: str = ""

    @property
    def is_number(self) -> bool:
        return self.kind == NUMBER

    @property
    def is_masked(self) -> bool:
        """Whether it was given and is not shown, be it until it is decided."""
        return self.kind in (MASKED, PENDING)

    @property
    def is_pending(self) -> bool:
        return self.kind == PENDING

    @property
    def is_missing(self) -> bool:
        return self.kind == MISSING

    @property
    def partial_words(self) -> str:
        """« partiel (41 communes sur 47) », of a total of some communes only; empty for others."""
        return f"partiel ({self.partial})" if self.partial else ""

    @property
    def words(self) -> str:
        """The figure, or why there is none, in full: « 1 234 », « non disponible »."""
        if not self.is_number:
            return WORDS[self.kind]
        return f"{self.text} (partiel : {self.partial})" if self.partial else self.text

    @property
    def short(self) -> str:
        """The same for a narrow cell of a table, whose legend tells the signs."""
        if not self.is_number:
            return SIGNS[self.kind]
        return f"{self.text} (partiel)" if self.partial else self.text


NOTHING = DisclosedFigure(MISSING)


def told_of(given: int, asked: int) -> str:
    """Of how many communes a total is: « 41 communes sur 47 »."""
    return f"{plural(given, 'commune,communes')} sur {asked}"


def disclose(
    value: Value | ShownValue | None, definition: Definition, rule: Rule
) -> DisclosedFigure:
    """Return what everybody may be shown of a value and of what is said beside it; nothing of one
    that is not given yet.

    ``rule``: ``CampaignIndicator.rule``, which has the provider's secrecy rule and what was
    disclosed under it. Where it holds for figures by commune, one of them is not disclosed without
    the others: it is masked here, and told by ``indicators.disclosure.reading``.
    """
    if value is None or not value.is_shown:
        return NOTHING
    if value.is_public:
        return _published(value, definition)
    is_reserved = is_protected(definition, rule)
    said = {"comment": value.comment, "source": value.source, "is_verified": value.is_verified}
    if is_reserved:
        said |= {"comment": COMMENT_RESERVED if value.comment else "", "source": ""}
    if value.absence:
        reason = REASON_RESERVED if is_reserved else value.reason
        return DisclosedFigure(value.absence, reason=reason, **said)
    said["is_provisional"] = value.provisional
    disclosure = disclosure_of(definition, rule)
    if disclosure is None and not is_masked_or_rounded(definition, rule):
        return tell((value.number,), definition, **said)
    return _disclosed(definition, disclosure, **said)


def _disclosed(definition: Definition, disclosure: Disclosure | None, **said) -> DisclosedFigure:
    """A protected figure, of the whole territory or of a table, which tells its own."""
    if definition.content.get("grain") == Grain.COMMUNE:
        return DisclosedFigure(MASKED, **said)
    if disclosure is None:
        return DisclosedFigure(PENDING, reason=UNVERIFIED, **said)
    return told_at(TERRITORY, disclosure, definition, **said)


def disclosure_of(definition: Definition, rule: Rule) -> Disclosure | None:
    """Return as what the figures under a rule were disclosed, whatever became of the rule since."""
    is_held = definition.is_confidential and isinstance(rule, EffectiveRule)
    return rule.entry.disclosed if is_held else None


def told_at(
    place: str, disclosure: Disclosure, definition: Definition, **said
) -> DisclosedFigure:  # fmt: skip
    """Return the figure of a place as it was disclosed; masked where nothing was."""
    kept = disclosure.shown.get(place) or disclosure.totals.get(place)
    if place in disclosure.reasons or not kept:
        return DisclosedFigure(MASKED, **said)
    return tell(terms_in(kept), definition, base=disclosure.base, **said)


def pending(figure: DisclosedFigure, why: str) -> DisclosedFigure:
    """Return it as it is read before it is disclosed."""
    return replace(figure, kind=PENDING, number=None, text="", reason=why)


def reserved(figure: DisclosedFigure) -> DisclosedFigure:
    """Return it without what is said beside it, which is its provider's to read."""
    return replace(
        figure,
        comment=COMMENT_RESERVED if figure.comment else "",
        reason=REASON_RESERVED if figure.reason else "",
        source="",
    )


def terms_of(value: Value | ShownValue, definition: Definition) -> Terms:
    """What a number counts: itself, or the numerator and denominator of a ratio that has them."""
    if definition.is_ratio and value.numerator is not None:
        return value.numerator, value.denominator
    return (value.number,)


def tell(
    terms: Terms, definition: Definition, *, base: int | None = None, **said
) -> DisclosedFigure:  # fmt: skip
    """Return the figure that terms come to; ``base``: to which they were rounded."""
    number = terms[0]
    if len(terms) > 1:
        # Of a rounding to none, the least that is told.
        number = terms[0] / (terms[1] or Decimal(base)) * definition.factor
    return DisclosedFigure(
        NUMBER,
        number=definition.rounded(number),
        text=definition.show(number),
        is_rounded=bool(base),
        **said,
    )


def _published(value: Value | ShownValue, definition: Definition) -> DisclosedFigure:
    """A figure of a public statistic, under the rule of its publisher, who has rounded or withheld
    it already: everybody may read it where it is published (decision record 75)."""
    said = {"source": value.source, "is_verified": value.is_verified}
    if value.absence:
        return DisclosedFigure(value.absence, reason=value.reason, **said)
    number = definition.rounded(value.number)
    return DisclosedFigure(NUMBER, number=number, text=definition.show(value.number), **said)


def is_masked_or_rounded(definition: Definition, rule: Rule) -> bool:
    """Whether others read these figures as they were disclosed alone."""
    return definition.is_confidential and bool(rule.threshold or rule.rounding_base)


def is_protected(definition: Definition, rule: Rule) -> bool:
    """Whether a secrecy rule holds for these figures, whatever they are: then what surrounds them
    (comment, reason, source, pieces, history) is theirs to read who provide and enter them."""
    return definition.is_confidential and rule.is_under_secrecy


def is_under_stated_rule(definition: Definition, rule: Rule) -> bool:
    """Whether a rule that is stated holds for these figures: then who coordinates, or who holds a
    link, neither enters them nor reads them back. The threshold of who states none keeps nobody
    from entering."""
    return definition.is_confidential and rule.states_secrecy


def is_lifted(earlier: CampaignIndicator, entry: CampaignIndicator) -> bool:
    """Whether the rule that holds for the figures of an earlier year, which was closed under it,
    holds no more for those of a later one, or is stated no more: who enters these need not be of
    those who read the others, nor what is written beside them."""
    then, now = Definition.of(earlier.version), Definition.of(entry.version)
    return any(
        holds(then, earlier.rule) and not holds(now, entry.rule)
        for holds in (is_protected, is_under_stated_rule)
    )
