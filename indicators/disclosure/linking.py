"""Declare that two counts are linked where no definition says so.

A référent of the provider does. Secrecy only becomes stricter, so the other parties need not agree.
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.text import capfirst

from accounts.models import User
from conventions.access.rights import is_referent
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, enforce
from indicators.definitions.models import Calculation, Indicator
from indicators.disclosure.models import CountLink, LinkKind
from indicators.figures.disclosures import Disclosure


@dataclass(frozen=True)
class Count:
    """What an indicator counts: itself, or a term of a ratio (0: the numerator, 1: the
    denominator)."""

    indicator: Indicator
    term: int = 0

    @property
    def key(self) -> str:
        return f"{self.indicator.pk}-{self.term}"

    def __str__(self):
        title = f"« {self.indicator.title} »"
        if not _is_ratio(self.indicator):
            return title
        rank = ("numérateur", "dénominateur")[self.term]
        words = (self.indicator.numerator, self.indicator.denominator)[self.term]
        return f"« {words} », {rank} de {title}" if words else f"le {rank} de {title}"


def _is_ratio(indicator: Indicator) -> bool:
    return indicator.calculation == Calculation.RATIO


def counts_of(indicator: Indicator) -> list[Count]:
    """Return what an indicator counts: one count, or the two of a ratio."""
    return [Count(indicator, term) for term in range(2 if _is_ratio(indicator) else 1)]


def links_of(indicator: Indicator) -> list[CountLink]:
    """Return the links of the counts of an indicator that were declared on either side."""
    links = CountLink.objects.filter(Q(indicator=indicator) | Q(other=indicator))
    return list(links.select_related("indicator", "other"))


def describe_link(link: CountLink) -> str:
    """Return a link as a French sentence, without its date."""
    count, other = Count(link.indicator, link.term), Count(link.other, link.other_term)
    return capfirst(f"{count} {link.get_kind_display()} {other}")


def may_link_counts(asker: User | None, indicator: Indicator) -> Refusal | None:
    """Return why ``asker`` may not declare links of an indicator's counts, or None. Its provider's
    référents may; None is the system."""
    if not indicator.is_confidential or indicator.provider is None:
        return Refusal("Cet indicateur n’est pas soumis au secret statistique : rien ne s’y lie.")
    if asker is None or is_referent(asker, indicator.provider):
        return None
    return Refusal(
        f"Les référents des accès {indicator.provider.genitive} déclarent ce que le secret lie à "
        "ses chiffres."
    )


def may_link(count: Count, kind: LinkKind, other: Count) -> Refusal | None:
    """Return why two counts may not be linked, or None; who asks is not looked at.

    A count of another provider would be masked without its consent. A count is part of one other
    only: what it leaves of two could not be protected at once.
    """
    if count == other:
        return Refusal("Un chiffre n’est pas lié à lui-même : choisissez-en un autre.")
    if count.indicator.provider_id != other.indicator.provider_id:
        return Refusal(
            "Ces deux chiffres n’ont pas le même fournisseur : une définition que les parties "
            "conviennent les lie."
        )
    joined = CountLink.objects.filter(indicator=count.indicator, term=count.term)
    if joined.filter(other=other.indicator, other_term=other.term).exists():
        return Refusal("Ce lien est déjà déclaré.")
    if kind != LinkKind.PART:
        return None
    if count.indicator.grain != other.indicator.grain:
        return Refusal(
            "L’un est compté par commune, l’autre pour tout le territoire : l’un n’est pas compté "
            "dans l’autre."
        )
    base = _base_of(count, joined)
    return Refusal(f"{capfirst(str(count))} est déjà compté dans {base}.") if base else None


def _base_of(count: Count, joined: QuerySet[CountLink]) -> str:
    """Return the count that another is part of already, as a sentence names it, or nothing: for a
    numerator its denominator, else an indicator not withdrawn that has it among its parts, else
    the count that one of the links ``joined`` names."""
    if _is_ratio(count.indicator) and count.term == 0:
        return str(Count(count.indicator, 1))
    totals = list(count.indicator.totals.not_withdrawn()) if count.term == 0 else []
    declared = joined.filter(kind=LinkKind.PART).select_related("other").first()
    if totals:
        return str(Count(totals[0]))
    return str(Count(declared.other, declared.other_term)) if declared else ""


@event(Subject.FIGURES)
def link_counts(count: Count, kind: LinkKind, other: Count, *, by: User) -> CountLink:
    """Create the link: a count is the same as another, or counted in it. Raise Refused if ``by``
    may not, or the counts cannot be linked.

    It holds for what is not disclosed yet; previews drawn of the two indicators are deleted.
    """
    Indicator.objects.select_for_update().get(pk=count.indicator.pk)
    enforce(may_link_counts(by, count.indicator))
    enforce(may_link(count, kind, other))
    link = CountLink.objects.create(
        kind=kind, indicator=count.indicator, term=count.term, other=other.indicator,
        other_term=other.term, declared_by=by, declared_by_name=str(by),
    )  # fmt: skip
    joined = [count.indicator.pk, other.indicator.pk]
    drawn = Disclosure.objects.filter(disclosed_at=None)
    drawn.filter(campaign_indicator__indicator__in=joined).delete()
    return link
