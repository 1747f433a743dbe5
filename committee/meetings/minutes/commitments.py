"""What the parties agree to about minutes: their very text, by its digest."""

from django.urls import reverse

from accounts.models import User
from agreements.commitments.commitment import Commitment
from agreements.commitments.fields import Digest, Text
from committee.meetings.minutes.models import Minutes
from conventions.access.rights import COORDINATION_ONLY, coordinates
from conventions.parties.reading import parties_among


class MinutesCommitment(Commitment):
    """The approval of the minutes of a meeting: by the parties that co-chair the committee, where
    the convention names some, else by all whose agreement it requires. The others of these may
    approve too; nobody speaks there for a party but who commits it today."""

    kind, name, schema, model = "minutes", "compte rendu", 1, Minutes
    is_decided = True
    binds = False
    is_read_apart = True
    others_may_agree = True
    fields = (
        Text("changes", "Ce qui est soumis", is_prose=True),
        Digest("digest", "Empreinte du texte"),
    )

    @property
    def plural(self) -> str:
        return "comptes rendus"

    def subjects(self):
        return Minutes.objects.with_meeting()

    def convention_of(self, row):
        return row.meeting.convention

    def title_of(self, row, content):
        """Return « Compte rendu : Comité de pilotage du 14 mars 2024 »."""
        return str(row)

    def parties(self, convention, required):
        """Return the co-chairing parties, or all those ``required`` where none is named."""
        chairs = [row.organisation for row in parties_among([convention])[convention.pk]
                  if row.co_chairs]  # fmt: skip
        return chairs or required

    def may_draft(self, user: User | None, convention, row=None):
        """Return why ``user`` may not submit minutes, or None: coordinators may, and the system."""
        if user is None or coordinates(user, convention):
            return None
        return COORDINATION_ONLY

    def describe_row(self, content):
        return [
            "L’accord porte sur le texte du compte rendu, tel qu’il est soumis.",
            "Approuvé, il fait foi de ce qui a été dit et décidé, et ne change plus.",
        ]

    def link_to_page(self, row):
        """Return the label and the address of the minutes."""
        meeting = row.meeting
        return "Lire le compte rendu", reverse(
            "committee:minutes", args=[meeting.convention.slug, meeting.pk]
        )
