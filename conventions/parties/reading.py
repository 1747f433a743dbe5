"""Parties, posts of cooperation and organisations without people, as pages read them."""

from collections import defaultdict

from conventions.legal.convention import Convention
from conventions.parties.cooperation import CooperationPost
from conventions.parties.models import Organisation, Party
from ctg_portal.marks.cache import cached, cached_each
from ctg_portal.marks.models import Subject


@cached_each(Subject.TEXT)
def parties_among(conventions: list[Convention]) -> dict[int, list[Party]]:
    """Map each convention, by primary key, to its parties in their rank; one query."""
    known = {convention.pk: convention for convention in conventions}
    rows = Party.objects.filter(organisation__convention__in=known).select_related("organisation")
    parties = defaultdict(list)
    for party in rows:
        party.organisation.convention = known[party.organisation.convention_id]
        parties[party.organisation.convention_id].append(party)
    return parties


@cached(Subject.TEXT)
def posts_of(convention: Convention) -> list[CooperationPost]:
    """Return the posts of cooperation, also those that the text has no more."""
    return list(CooperationPost.objects.of(convention).with_parts())


@cached(Subject.TEXT)
def organisations_by_key(convention: Convention) -> dict[int, Organisation]:
    """Map all organisations by primary key."""
    return {row.pk: row for row in Organisation.objects.filter(convention=convention)}


@cached_each(Subject.TEXT, Subject.PEOPLE)
def organisations_without_people(
    conventions: list[Convention],
) -> dict[int, tuple[list[str], list[str]]]:
    """Map each convention, by primary key, to the names of parties for which nobody has access, and
    those of guarded organisations without référent (a party of both is among the first)."""
    names: dict[int, tuple[list[str], list[str]]] = {row.pk: ([], []) for row in conventions}
    rows = Organisation.objects.filter(convention__in=names).without_people()
    for convention, name, is_alone in rows.values_list("convention", "name", "is_alone"):
        alone, unanswered = names[convention]
        (alone if is_alone else unanswered).append(name)
    return names


@cached(Subject.TEXT)
def parties_of(convention: Convention) -> list[Party]:
    """Return the parties in their rank, with their organisations and signatories."""
    parties = Party.objects.of(convention).select_related("organisation")
    return list(parties.prefetch_related("signatories"))
