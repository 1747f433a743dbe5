"""The commitment of a shared stake: its title, its text, the themes that it concerns."""

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from agreements.commitments.by_committee import may_prepare
from agreements.commitments.commitment import Commitment
from agreements.commitments.fields import Links, Text
from agreements.seats.voices import bench_of
from committee.stakes.models import Stake
from conventions.models import Theme
from ctg_portal.rules import Refusal
from ctg_portal.text.sentences import first_sentence

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
        """Return why the user may not draft a stake, or None: the coordinator, an adviser who
        prepares and who answers for a party may, since the committee itself says what is at stake.
        Only the coordinator proposes."""
        refusal = may_prepare(user, convention)
        if refusal and convention.is_signed:
            voices = bench_of(convention, timezone.localdate()).voices_of(user, self.kind)
            return None if any(voice.commits for voice in voices) else refusal
        return refusal

    def refuse_incomplete(self, convention, content, row=None):
        """Return a refusal unless title and text have words, else None."""
        is_complete = content["title"].strip() and content["text"].strip()
        return None if is_complete else INCOMPLETE

    def describe_row(self, content):
        return [*filter(None, [first_sentence(content["text"])])]

    def edit_url(self, row):
        return reverse("committee:edit_stake", args=[row.convention.slug, row.pk])

    def end_url(self, row):
        return reverse("committee:end_stake", args=[row.convention.slug, row.pk])

    def link_to_page(self, row):
        """Return label and address of the list of all stakes, not the page of ``row``."""
        url = reverse("conventions:axes", args=[row.convention.slug])
        return "Tous les enjeux partagés", f"{url}#enjeux-partages"

    @property
    def plural(self) -> str:
        return "enjeux partagés"
