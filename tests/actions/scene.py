"""What the tests of routes and queries find in the action plan: everything, ``size`` times.

Rows are made many at once: the scene is built often.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from actions import models
from actions.follow_up import parts
from actions.models import Action
from actions.plan.events import canonical_content
from agreements.commitments import canonical
from agreements.commitments.commitment import commitment_of
from agreements.models import State, Version
from conventions.models import Objective, Origin, Standing
from tests import factories as f
from tests.committee.scene import a_document


@dataclass
class ActionsScene:
    """Rows of the action plan, for the addresses of its pages.

    ``action`` is in force, led by the scene's organisation, by name by its contributor, and has
    ``size`` of everything, ``document`` and the note of ``year`` included. ``proposed`` is
    discussed; ``draft`` is the coordinator's, of another action in force.
    """

    action: Action
    proposed: Action
    draft: Version
    document: models.ActionDocument
    year: int


def fill_actions(scene, size: int) -> ActionsScene:
    """Give each of ``size`` orientations of the scene's convention an action in force, one
    proposed, and one in force that is written again."""
    signed = Objective.objects.of(scene.convention).level(1).filter(origin=Origin.SIGNATURE)
    orientations = list(signed.select_related("theme__axis").order_by("pk"))[:size]
    plan = ScenePlan(scene, size, orientations)
    plan.write()
    plan.follow()
    action = plan.followed[0]
    return ActionsScene(
        action=action,
        proposed=plan.proposed[0],
        draft=Version.objects.about(plan.again[0]).drafts().get(),
        document=action.documents.first(),
        year=scene.convention.start.year,
    )


class ScenePlan:
    """The plan of a scene while it is made; the first action followed has ``size`` of all."""

    def __init__(self, scene, size: int, orientations: list[Objective]):
        self.scene, self.size, self.orientations = scene, size, orientations
        self.start: datetime.date = scene.convention.start
        self.communes = list(scene.convention.communes.order_by("pk"))
        self.values: dict[Action, dict] = {}

    def write(self) -> None:
        """Write what is agreed, proposed and drafted: rows, and the versions they hold."""
        self.followed, self.proposed, self.again = (
            [self._row(orientation, rank, title) for orientation in self.orientations]
            for rank, title in enumerate(("Ouvrir", "Proposer", "Récrire"), start=1)
        )
        for row in self.proposed:
            row.standing = Standing.PROPOSED
        rows = [*self.followed, *self.proposed, *self.again]
        for row in rows:
            row.is_whole_territory = row not in self.followed
            row.index()
        Action.objects.bulk_create(rows)
        self.values = {row: self._values(row) for row in rows}
        self._write_versions(rows)
        self._write_relations(rows)

    def _row(self, orientation: Objective, rank: int, title: str) -> Action:
        theme = orientation.theme
        return Action(
            convention=self.scene.convention,
            theme=theme,
            rank=rank,
            number=f"{theme.number}.{rank}",
            title=f"{title} un lieu d’accueil",
            description="Un lieu **itinérant**.",
            starts_on=self.start,
            ends_on=self.scene.convention.end,
            state="in_progress",
            state_on=self.start,
        )

    def _many(self, row: Action) -> int:
        return self.size if row == self.followed[0] else 1

    def _values(self, row: Action) -> dict:
        """Return what the sheet of a row links to, by field of the commitment."""
        own, contributor = self.scene.organisation, self.scene.people["contributor"]
        count = self._many(row)
        lead = {"organisation": own, "name": str(contributor), "user": contributor}
        others = [{"organisation": own, "name": f"Pilote {n}", "user": None} for n in range(count)]
        line = {"funder": own, "funder_name": "", "year": self.start.year, "nature": "operating"}
        orientation = next(o for o in self.orientations if o.theme_id == row.theme_id)
        named = self.communes[:count] if row in self.followed else []
        return {
            "objectives": [orientation],
            "leads": [lead, *others[1:]] if row in self.followed else others,
            "partners": [own],
            "communes": named,
            "means": [{"organisation": own, "fte": Decimal(1), "note": ""}] * count,
            "fundings": [
                line | {"scheme": f"Dispositif {n}", "planned": Decimal(100)} for n in range(count)
            ],
        }

    def _write_versions(self, rows: list[Action]) -> None:
        now = timezone.now()
        dates = {"number": 1, "proposed_at": now}
        versions = {
            row: self._version(row, state=State.PROPOSED, **dates)
            if row.is_proposed
            else self._version(row, state=State.IN_FORCE, in_force_at=now, **dates)
            for row in rows
        }
        Version.objects.bulk_create(versions.values())
        Version.objects.bulk_create(
            [self._version(row, " autrement", base=versions[row]) for row in self.again]
        )

    def _version(self, row: Action, more: str = "", **values) -> Version:
        coordinator = self.scene.people["coordinator"]
        content = {
            "title": f"{row.title}{more}", "theme": row.theme, "description": row.description,
            "starts_on": row.starts_on, "ends_on": row.ends_on,
            "is_whole_territory": row.is_whole_territory,
        }  # fmt: skip
        version = Version(
            convention=row.convention,
            subject=row,
            kind="action",
            schema=commitment_of(row).schema,
            origin=Origin.COMMITTEE,
            title=content["title"],
            author=coordinator,
            author_name=str(coordinator),
            **values,
        )
        version.write(canonical_content(self.values[row] | content))
        version.index()
        return version

    def _write_relations(self, rows: list[Action]) -> None:
        elsewhere = f.ThemeFactory(axis=self.orientations[0].theme.axis, rank=2)
        linked = {
            "objectives": [(row, one) for row in rows for one in self.values[row]["objectives"]],
            "partners": [(row, one) for row in rows for one in self.values[row]["partners"]],
            "communes": [(row, one) for row in rows for one in self.values[row]["communes"]],
            "other_themes": [(row, elsewhere) for row in self.followed],
        }
        for name, pairs in linked.items():
            field = Action._meta.get_field(name)
            through = field.remote_field.through
            ends = field.m2m_field_name(), field.m2m_reverse_field_name()
            through.objects.bulk_create(
                [through(**dict(zip(ends, pair, strict=True))) for pair in pairs]
            )
        for model, name in [
            (models.Lead, "leads"), (models.Means, "means"), (models.Funding, "fundings")
        ]:  # fmt: skip
            model.objects.bulk_create(
                [model(action=row, **one) for row in rows for one in self.values[row][name]]
            )

    def follow(self) -> None:
        """Write the follow-up of those in force, with each part of the first."""
        first, coordinator = self.followed[0], str(self.scene.people["coordinator"])
        year = self.start.year
        first.related.set(self.again)
        models.Milestone.objects.bulk_create(
            [models.Milestone(action=row, title=f"Étape {n}", due_on=self.start)
             for row in self.followed for n in range(self._many(row))]
        )  # fmt: skip
        models.FollowUp.objects.bulk_create(
            [models.FollowUp(action=row, year=year - n, text="Un **bilan**.",
                             written_by_name=coordinator)
             for row in self.followed for n in range(self._many(row))]
        )  # fmt: skip
        stored = a_document(self.scene.people["coordinator"])
        models.ActionDocument.objects.bulk_create(
            [models.ActionDocument(action=first, document=stored, title=f"Convention {n}")
             for n in range(self.size)]
        )  # fmt: skip
        self._write_journal(first)

    def _write_journal(self, action: Action) -> None:
        """Write ``size`` entries for each part, from nothing to what it is."""
        user = self.scene.people["contributor"]
        note = parts.NotePart(self.start.year)
        blank = {part: part.read(Action()) for part in parts.PARTS.values()}
        blank[note] = dict.fromkeys(note.read(action), "")
        texts = [
            (part.key, canonical.canonical(before), canonical.canonical(part.read(action)))
            for part, before in blank.items()
        ]
        named = canonical.canonical({"title": "Convention 0", "name": "acte.pdf"})
        models.JournalEntry.objects.bulk_create(
            models.JournalEntry(action=action, part=part, day=self.start, before=before,
                                after=after, user=user, user_name=str(user))
            for part, before, after in [*texts, ("documents", "", named)] * self.size
        )  # fmt: skip
