"""The parts in words: the note of each year, and the actions that go with this one."""

from actions.follow_up.models import FollowUp
from actions.follow_up.parts.base import FollowUpPart
from actions.plan.models import Action
from agreements.commitments.commitment import commitment_of
from agreements.commitments.fields import Links, Text


class LinksPart(FollowUpPart):
    """The other actions that go with this one; a link shows on both sheets."""

    key, title = "liens", "Actions liées"
    fields = (Links("related", "Actions liées", model=Action),)

    def faults(self, action, content, today):
        """Yield links to the action itself, or to one neither readable nor linked already."""
        named = {link["id"]: link["name"] for link in content["related"]}
        shown = Action.objects.of(action.convention).readable().filter(pk__in=named)
        # Withdrawn since: what was there is not refused afterwards.
        there = {row.pk for row in (*shown, *action.related.all())}
        if action.pk in named:
            yield "related", "Une action n’est pas liée à elle-même."
        for pk in sorted(named.keys() - there):
            yield "related", f"« {named[pk]} » n’est plus dans le plan d’actions."

    def lock_shared(self, action):
        # Two people who link A to B and B to A write the same rows: the second waits.
        commitment_of(action).lock_compared_rows(action.convention)

    def other_actions(self, action, content):
        """Return the actions whose link is added or removed."""
        named = {link["id"] for link in content["related"]}
        linked = set(action.related.values_list("pk", flat=True))
        return Action.objects.filter(pk__in=named ^ linked)

    def write(self, action, content):
        action.related.set([link["id"] for link in content["related"]])


class NotePart(FollowUpPart):
    """The note of a year: what was done, what held it back or helped, what comes next."""

    model = FollowUp
    fields = (
        Text("text", "Bilan", True),
        Text("brakes", "Freins", True),
        Text("levers", "Leviers", True),
        Text("prospects", "Perspectives", True),
    )

    def __init__(self, year: int):
        self.year = year
        self.key, self.title = f"bilan-{year}", f"Bilan {year}"

    def note_of(self, action: Action) -> FollowUp | None:
        """Return the stored note, from the notes prefetched with the action; None without one."""
        return next((note for note in action.notes.all() if note.year == self.year), None)

    def read(self, action):
        """Return the texts of the stored note; all empty without one."""
        note = self.note_of(action)
        return {field.name: getattr(note, field.name) if note else "" for field in self.fields}

    def faults(self, action, content, today):
        """Yield a missing main text, a year to come, and a year long before the action."""
        if not content["text"].strip() and any(content[n].strip() for n in content):
            yield "text", "Écrivez le bilan lui-même : ce qui a été fait cette année."
        if self.year > today.year:
            yield "text", "Cette année n’a pas commencé."
        # An action is prepared the year before.
        if action.starts_on and self.year < action.starts_on.year - 1:
            yield "text", f"L’action ne commence qu’en {action.starts_on.year}."

    def write(self, action, content):
        """Write the note of the year; delete it where the main text is empty."""
        if content["text"].strip():
            FollowUp.objects.update_or_create(action=action, year=self.year, defaults=content)
        else:
            FollowUp.objects.filter(action=action, year=self.year).delete()
