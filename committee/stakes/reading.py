"""The shared stakes as the pages of the axes and of the text show them, with what may be done."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from agreements.commitments.commitment import commitment_of
from agreements.models import Version
from committee.drafts.links import row_links
from committee.models import Stake
from conventions.access.rights import coordinates
from conventions.models import Convention, Standing
from ctg_portal.house import ActionLink, TextSection
from ctg_portal.marks.keeping import kept
from ctg_portal.marks.models import Subject


def readable_stakes(user: User, convention: Convention):
    """The stakes that the person may know of; a mere draft is for who writes it, and for who
    coordinates."""
    found = Stake.objects.of(convention)
    if coordinates(user, convention):
        return found
    own = Version.objects.about_rows(found).drafts().filter(author=user)
    return found.filter(~Q(standing=Standing.DRAFT) | Q(pk__in=own.values("object_id")))


@dataclass(frozen=True)
class StakeLine:
    """A stake in a list: what is told of it first, what may be done about it."""

    stake: Stake
    actions: list[ActionLink]


def stakes_section(user: User, convention: Convention, day):
    """Those that are agreed to, then those that are proposed; nothing without any."""
    stakes = _stakes_with_versions(convention)
    if not stakes:
        return
    may_draft = commitment_of(Stake()).may_draft(user, convention) is None
    yield TextSection(
        "Enjeux partagés",
        "enjeux-partages",
        "committee/stakes/list.html",
        [
            StakeLine(one, row_links(convention, "stake", one, versions, may_draft=may_draft))
            for one, versions in stakes
        ],
    )


@kept(Subject.COMMITTEE, Subject.TEXT)
def _stakes_with_versions(convention: Convention) -> list[tuple[Stake, list[Version]]]:
    """Each with what is in force and what is proposed of it, the lower number first."""
    rows = Stake.objects.of(convention).readable().with_relations()
    stakes = sorted(rows, key=lambda one: (one.is_proposed, one.pk))
    versions = defaultdict(list)
    found = Version.objects.about_rows(Stake.objects.of(convention)).live()
    if stakes:
        for version in found.defer("text", "search_text").order_by("number"):
            versions[version.object_id].append(version)
    return [(one, versions[one.pk]) for one in stakes]


def stake_links(user: User, convention: Convention):
    """For who may write one."""
    if commitment_of(Stake()).may_draft(user, convention) is None:
        url = reverse("committee:add_stake", args=[convention.slug])
        yield ActionLink("Proposer un enjeu partagé", url)
