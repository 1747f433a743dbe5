"""Links to what may be done about each objective and each part of the text, from where they are
read."""

from collections import defaultdict

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from agreements.commitments.commitment import commitment_of
from agreements.models import Version
from agreements.seats.voices import bench_of
from committee.amendments.models import AmendmentProposal
from committee.amendments.rights import may_propose_amendment
from committee.drafts.links import row_links
from committee.points.filters import axis_asked
from conventions.models import Annex, Article, Convention, Objective
from ctg_portal.house import ActionLink
from ctg_portal.templatetags.french import plural


class ObjectiveLinks:
    """The links of one person about the objectives of one convention, in a few queries."""

    def __init__(self, user: User, convention: Convention):
        self.user, self.convention = user, convention
        commitment = commitment_of(Objective())
        self.can_draft = commitment.may_draft(user, convention) is None
        bench = bench_of(convention, timezone.localdate())
        self.can_amend = convention.is_signed and may_propose_amendment(user, bench) is None

    def of(self, objectives: list[Objective]) -> dict[int, list[ActionLink]]:
        """Return the links of each objective by primary key; those to be folded come last."""
        versions = self._live(objectives)
        commented = self._commented([o for o in objectives if o.is_closed and o.is_signed])
        actions = {}
        for objective in objectives:
            if not objective.is_signed:
                actions[objective.pk] = row_links(
                    self.convention,
                    "objective",
                    objective,
                    versions[objective.pk],
                    can_draft=self.can_draft,
                    is_closed=objective.is_closed,
                )
            elif objective.is_closed:
                actions[objective.pk] = commented.get(objective.pk, [])
            else:
                actions[objective.pk] = self._signed(objective)
        return actions

    def _commented(self, closed: list[Objective]) -> dict[int, list[ActionLink]]:
        """Return, by key, the link to the history of those closed signed objectives that have
        comments."""
        if not closed:
            return {}
        rows = Objective.objects.filter(pk__in=[objective.pk for objective in closed])
        versions = Version.objects.about_rows(rows).signed().filter(comments__isnull=False)
        return {
            version.object_id: [ActionLink("Historique et accords", self._url("point", version.pk))]
            for version in versions.defer("text", "search_text").order_by("number")
        }

    def _live(self, objectives: list[Objective]) -> dict[int, list[Version]]:
        """Return the versions in force and proposed of each objective of the committee."""
        versions = defaultdict(list)
        rows = Objective.objects.filter(pk__in=[o.pk for o in objectives if not o.is_signed])
        live = Version.objects.about_rows(rows).from_committee().live()
        for version in live.defer("text", "search_text").order_by("number"):
            versions[version.object_id].append(version)
        return versions

    def _signed(self, objective: Objective) -> list[ActionLink]:
        """Return the links on a signed objective: add one below level 1, propose an amendment."""
        links = []
        if self.can_draft and objective.level == 1:
            word = self.convention.words.objective
            url = f"{self._url('add_objective')}?orientation={objective.pk}"
            links.append(ActionLink(f"Ajouter {word.an} du comité", url, is_folded=True))
        if self.can_amend:
            url = self._url("propose_amendment", "objective", objective.pk)
            links.append(ActionLink("Proposer pour un avenant", url, is_folded=True))
        return links

    def _url(self, name: str, *args) -> str:
        return reverse(f"committee:{name}", args=[self.convention.slug, *args])


def objective_links(user: User, convention, objectives):
    """Return the links of each objective, by primary key."""
    return ObjectiveLinks(user, convention).of(objectives)


def axes_links(user: User, convention):
    """Yield a link to add an objective, for who may draft one, and a link to the proposals for a
    later amendment, if there are any."""
    if commitment_of(Objective()).may_draft(user, convention) is None:
        url = reverse("committee:add_objective", args=[convention.slug])
        yield ActionLink(f"Ajouter {convention.words.objective.an} du comité", url)
    count = AmendmentProposal.objects.of(convention).not_withdrawn().count()
    if count:
        proposals = plural(count, "proposition,propositions")
        url = reverse("committee:amendments", args=[convention.slug])
        yield ActionLink(f"{proposals} pour un avenant", url)


def text_links(user: User, convention, parts):
    """Return, by anchor, the links to propose another wording of each signed article and annex;
    none before the signature, or for who may propose nothing."""
    if not convention.is_signed:
        return {}
    if may_propose_amendment(user, bench_of(convention, timezone.localdate())):
        return {}
    signed = {
        commitment.kind: set(commitment.signed_rows(convention).values_list("pk", flat=True))
        for commitment in (commitment_of(Article()), commitment_of(Annex()))
    }
    actions = {}
    for part in parts:
        kind = commitment_of(part).kind
        if part.pk in signed[kind]:
            args = [convention.slug, kind, part.pk]
            url = reverse("committee:propose_amendment", args=args)
            actions[part.anchor] = [ActionLink("Proposer pour un avenant", url)]
    return actions


def proposals_page(convention, axis):
    """Return the address of the points of an axis."""
    page = reverse("committee:points", args=[convention.slug])
    return f"{page}?axe={axis_asked(axis)}"
