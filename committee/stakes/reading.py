"""The shared stakes as the pages of the axes and of the text show them, with links to what may be
done."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from agreements.commitments.commitment import commitment_of
from agreements.models import Version
from committee.drafts.links import row_links
from committee.stakes.models import Stake
from conventions.access.rights import coordinates
from conventions.models import Convention, Standing
from ctg_portal.house import ActionLink, TextSection
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject


def readable_stakes(user: User, convention: Convention):
    """Return the stakes that the person may read; a draft only for its author and coordinators."""
    stakes = Stake.objects.of(convention)
    if coordinates(user, convention):
        return stakes
    own = Version.objects.about_rows(stakes).drafts().filter(author=user)
    return stakes.filter(~Q(standing=Standing.DRAFT) | Q(pk__in=own.values("object_id")))


@dataclass(frozen=True)
class StakeLine:
    """A stake in a list, with links to what may be done about it."""

    stake: Stake
    actions: list[ActionLink]


def stakes_section(user: User, convention: Convention, day):
    """Yield a section with the stakes agreed to, then those proposed; nothing without any."""
    stakes = _stakes_with_versions(convention)
    if not stakes:
        return
    may_draft = commitment_of(Stake()).may_draft(user, convention) is None
    yield TextSection(
        "Enjeux partagés",
        "enjeux-partages",
        "committee/stakes/list.html",
        [
            StakeLine(stake, row_links(convention, "stake", stake, versions, can_draft=may_draft))
            for stake, versions in stakes
        ],
    )


@cached(Subject.COMMITTEE, Subject.TEXT)
def _stakes_with_versions(convention: Convention) -> list[tuple[Stake, list[Version]]]:
    """Return each stake with its versions in force and proposed, the lower number first."""
    rows = Stake.objects.of(convention).readable().with_relations()
    stakes = sorted(rows, key=lambda one: (one.is_proposed, one.pk))
    versions = defaultdict(list)
    live = Version.objects.about_rows(Stake.objects.of(convention)).live()
    if stakes:
        for version in live.defer("text", "search_text").order_by("number"):
            versions[version.object_id].append(version)
    return [(one, versions[one.pk]) for one in stakes]


def stake_links(user: User, convention: Convention):
    """Yield a link to propose a stake, for who may draft one."""
    if commitment_of(Stake()).may_draft(user, convention) is None:
        url = reverse("committee:add_stake", args=[convention.slug])
        yield ActionLink("Proposer un enjeu partagé", url)
