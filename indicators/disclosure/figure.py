"""What may be shown of a value: the one place through which every figure leaves (rule 6).

The provider's rule (``Organisation.masking_threshold`` or ``rounding_base``) holds for figures that
count people or households: counts from 1 to threshold − 1 are masked, or counts are rounded to a
base; a ratio is masked with its numerator or denominator, a share also with what it leaves. Only
whoever enters or provides them sees them raw. Figures of the whole territory that add up are told
together, by what was decided of them (``indicators.disclosure.together``).

What is written beside such a figure tells it, or the one before it: « exactement 44 », « deux de
plus ». All texts beside the figures that a rule holds for are their provider's, whatever the figure
is: decision record 36. A public statistic has its publisher's rule, whoever provides the indicator.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from conventions.models import Organisation
from ctg_portal.templatetags.french import enumerate_words, plural
from indicators.collection.models import CampaignIndicator, HeldRule
from indicators.definitions.definition import Definition
from indicators.definitions.models import Grain
from indicators.disclosure import tables
from indicators.values.models import Absence, Value

Rule = Organisation | CampaignIndicator | HeldRule
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
# Why a figure is pending that nothing else is awaited for.
IN_CALCULATION = "ce que le secret statistique couvre est en cours de calcul"
AWAITED = "ce qui s’additionne avec {} sera montré quand tout sera donné, ou le recueil clos"
# What stands where a text is not shown.
RESERVED = "réservé à l’organisme qui fournit la donnée"
COMMENT_RESERVED, REASON_RESERVED = f"commentaire {RESERVED}", f"motif {RESERVED}"


@dataclass(frozen=True)
class DisclosedFigure:
    """A figure as it may be shown. ``kind``: number, masked, pending (masked until what is secret
    of its table is decided), missing, or a stated absence.

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


def disclose(value: Value | None, definition: Definition, rule: Rule) -> DisclosedFigure:
    """What everybody may be shown of a value and of what is said beside it; nothing of one that is
    not given yet.

    ``rule``: ``CampaignIndicator.rule``, what has the provider's secrecy rule. Where it holds for
    figures by commune, one of them is not disclosed without the others: it is masked here, and told
    by ``indicators.disclosure.reading``. One that adds up with others is told as was decided of
    this very figure, and of no other: until then it is masked.
    """
    if value is None or not value.is_shown:
        return NOTHING
    if value.is_public:
        return _published(value, definition)
    said = {"comment": value.comment, "source": value.source, "is_verified": value.is_verified}
    if is_protected(definition, rule):
        said |= {"comment": COMMENT_RESERVED if value.comment else "", "source": ""}
    if value.absence:
        reason = REASON_RESERVED if is_protected(definition, rule) else value.reason
        return DisclosedFigure(value.absence, reason=reason, **said)
    said["is_provisional"] = value.provisional
    has_rule = rule.masking_threshold or rule.rounding_base
    if has_rule and definition.is_confidential and is_of_table(definition):
        return DisclosedFigure(MASKED, **said)
    if has_rule and definition.is_confidential and told_together(rule):
        return _told_together(value, definition, rule, **said)
    base = rule.rounding_base if definition.is_confidential else None
    terms = (value.number,)
    if base:
        terms = tuple(to_nearest(term, base) for term in terms_of(value, definition))
    return tell(terms, definition, is_masked=_is_secret(value, definition, rule), base=base, **said)


def told_together(rule: Rule) -> bool:
    """Whether the territory's figure is told together with others."""
    return isinstance(rule, HeldRule) and rule.entry.adds_up


def decided(terms: tables.Terms, rule: HeldRule) -> dict | None:
    """What was decided of this figure of the whole territory under this rule, if anything was:
    ``reason``, why it is masked; ``rounded``, as what it is told instead."""
    told = rule.entry.told
    is_of_it = told.get("digest") == tables.digest_of_single(_held_by(rule), terms)
    return told if is_of_it else None


def _held_by(rule: HeldRule) -> tables.Rule:
    return tables.Rule(rule.masking_threshold, rule.rounding_base)


def why_pending(entry: CampaignIndicator, digest: str) -> str:
    """Why figures that are all given are not told yet: others with which they add up are awaited,
    or it is being decided. ``digest``: of these very figures."""
    if entry.told.get("held_back") != digest:
        return IN_CALCULATION
    titles = enumerate_words(f"« {title} »" for title in entry.told["awaited"])
    return AWAITED.format(titles)


def _told_together(
    value: Value, definition: Definition, rule: HeldRule, **said
) -> DisclosedFigure:  # fmt: skip
    terms = terms_of(value, definition)
    if definition.is_ratio and len(terms) < 2:
        # It tells one of its terms to who knows the other.
        return DisclosedFigure(MASKED, **said)
    told = decided(terms, rule)
    if told is None:
        digest = tables.digest_of_single(_held_by(rule), terms)
        return pending(DisclosedFigure(PENDING, **said), why_pending(rule.entry, digest))
    if rule.rounding_base and told["rounded"]:
        terms = tables.terms_in(told["rounded"])
    # Under a rule that rounds, what is not rounded is told by nobody.
    is_masked = bool(told["reason"] or (rule.rounding_base and not told["rounded"]))
    return tell(terms, definition, is_masked=is_masked, base=rule.rounding_base, **said)


def pending(figure: DisclosedFigure, why: str) -> DisclosedFigure:
    """It, until what is secret of it is decided."""
    return replace(figure, kind=PENDING, number=None, text="", reason=why)


def reserved(figure: DisclosedFigure) -> DisclosedFigure:
    """Without what is said beside it, which is its provider's to read."""
    return replace(
        figure,
        comment=COMMENT_RESERVED if figure.comment else "",
        reason=REASON_RESERVED if figure.reason else "",
        source="",
    )


def terms_of(value: Value, definition: Definition) -> tuple[Decimal, ...]:
    """What a number counts: itself, or the numerator and denominator of a ratio that has them."""
    if definition.is_ratio and value.numerator is not None:
        return value.numerator, value.denominator
    return (value.number,)


def tell(
    terms: tuple[Decimal, ...],
    definition: Definition,
    *,
    is_masked: bool = False,
    base: int | None = None,
    **said,
) -> DisclosedFigure:
    """The figure that these terms come to, as they may be told: masked, or rounded to ``base``."""
    if is_masked:
        return DisclosedFigure(MASKED, **said)
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


def _published(value: Value, definition: Definition) -> DisclosedFigure:
    """A figure of a public statistic, under the rule of its publisher, who has rounded or withheld
    it already: everybody may read it where it is published (decision record 75)."""
    said = {"source": value.source, "is_verified": value.is_verified}
    if value.absence:
        return DisclosedFigure(value.absence, reason=value.reason, **said)
    number = definition.rounded(value.number)
    return DisclosedFigure(NUMBER, number=number, text=definition.show(value.number), **said)


def is_protected(definition: Definition, rule: Rule) -> bool:
    """Whether a secrecy rule holds for these figures, whatever they are: then what surrounds them
    (comment, reason, source, pieces, history) is theirs to read who provide and enter them."""
    return definition.is_confidential and rule.has_secrecy


def is_lifted(earlier: CampaignIndicator, entry: CampaignIndicator) -> bool:
    """Whether the rule that holds for the figures of an earlier year, which was closed under it,
    holds no more for those of a later one: who enters these need not be of those who read the
    others, nor what is written beside them."""
    was_secret = is_protected(Definition.of(earlier.version), earlier.rule)
    return was_secret and not is_protected(Definition.of(entry.version), entry.rule)


def is_of_table(definition: Definition) -> bool:
    """Whether there is a figure for each commune, which others may tell."""
    return definition.content.get("grain") == Grain.COMMUNE


def _is_secret(value: Value, definition: Definition, rule: Rule) -> bool:
    if not definition.is_confidential or not rule.masking_threshold:
        return False
    counts = [value.numerator, value.denominator] if definition.is_ratio else [value.number]
    if definition.is_ratio and value.numerator is not None:
        # A share tells those who are not of it as well, whatever its unit: 98 of a hundred are all
        # but two.
        counts.append(value.denominator - value.numerator)
    return any(count is not None and 0 < count < rule.masking_threshold for count in counts)


def to_nearest(count: Decimal, base: int) -> Decimal:
    """The nearest multiple; halfway, the one away from zero."""
    return (count / base).quantize(Decimal(1), ROUND_HALF_UP) * base
