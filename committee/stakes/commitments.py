"""What the parties agree to about a shared stake: what it is called, what it says, what it is
about."""

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from agreements.commitments.by_committee import may_prepare
from agreements.commitments.commitment import Commitment
from agreements.commitments.fields import Links, Text
from agreements.seats.voices import bench_of
from committee.models import Stake
from conventions.models import Theme
from ctg_portal.rules import Refusal

INCOMPLETE = Refusal("Un enjeu partagé a un intitulé, et un texte qui dit ce qui est en jeu.")


class StakeCommitment(Commitment):
    """A stake that the parties share (art. 2 and 4)."""

    kind, name, schema, model = "stake", "enjeu partagé", 1, Stake
    is_decided = True
    fields = (
        Text("title", "Intitulé"),
        Text("text", "Ce qui est en jeu", is_prose=True, rows=6,
             help="Ce que vivent les habitants, et pourquoi les parties y travaillent ensemble."),
        # In words that hold wherever themes are called otherwise.
        Links("themes", "Ce qu’il concerne", model=Theme),
    )  # fmt: skip

    def subjects(self):
        return Stake.objects.select_related("convention")

    def convention_of(self, row):
        return row.convention

    def may_draft(self, user: User | None, convention, row=None):
        """The coordinator, an adviser who prepares, and who answers for a party: the committee
        itself says what is at stake. The coordinator proposes."""
        refusal = may_prepare(user, convention)
        if refusal and convention.is_signed and _answers(user, convention):
            return None
        return refusal

    def refuse_incomplete(self, convention, content, row=None):
        is_told = content["title"].strip() and content["text"].strip()
        return None if is_told else INCOMPLETE

    def edit_url(self, row):
        return reverse("committee:edit_stake", args=[row.convention.slug, row.pk])

    def end_url(self, row):
        return reverse("committee:end_stake", args=[row.convention.slug, row.pk])

    def link_to_page(self, row):
        url = reverse("conventions:axes", args=[row.convention.slug])
        return "Tous les enjeux partagés", f"{url}#enjeux-partages"

    @property
    def plural(self) -> str:
        return "enjeux partagés"


def _answers(user: User | None, convention) -> bool:
    """Whether somebody commits a party today on such a point."""
    bench = bench_of(convention, timezone.localdate())
    return any(voice.commits for voice in bench.voices_of(user, StakeCommitment.kind))
