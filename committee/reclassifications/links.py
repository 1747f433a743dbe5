"""Links from signed passages to what the parties say they are, and to correct it."""

from collections import defaultdict
from collections.abc import Iterable

from django.urls import reverse

from accounts.models import User
from agreements.commitments.commitment import commitment_of
from committee.reclassifications.models import Reclassification
from committee.reclassifications.reading import points_about
from conventions.models import Convention, Objective
from ctg_portal.house import ActionLink


def reclassification_links(
    user: User, convention: Convention, objectives: Iterable[Objective]
) -> dict[int, list[ActionLink]]:
    """Return, by the passage's primary key, a link to the point about what it is, and, folded, one
    to correct that, for who may draft a correction."""
    may_draft = commitment_of(Reclassification()).may_draft(user, convention) is None
    points, an = points_about(convention), convention.words.objective.an
    links = defaultdict(list)
    for passage in objectives:
        if not passage.is_signed or passage.is_closed:
            continue
        version, is_discussed = points.get(passage.pk, (None, False))
        if version:
            label = "Sa requalification est en discussion" if is_discussed else "Requalification"
            url = reverse("committee:point", args=[convention.slug, version])
            links[passage.pk].append(ActionLink(label, url))
        if may_draft and not is_discussed:
            url = reverse("committee:add_reclassification", args=[convention.slug, passage.pk])
            label = (
                f"Dire que ce n’est pas {an}" if passage.is_objective else f"Dire que c’est {an}"
            )
            links[passage.pk].append(ActionLink(label, url, is_folded=True))
    return dict(links)
