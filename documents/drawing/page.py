"""Progress of a document that is being composed, as its page shows it."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from django.utils.functional import cached_property

from ctg_portal.clock.heartbeats import is_late
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import plural
from documents.drawing.models import Composition, CompositionState, Drawing, Stage, compositions
from documents.drawing.rights import may_cancel

# Within this time a worker has begun, where there is one.
SOON = timedelta(seconds=10)


@dataclass(frozen=True)
class StageLine:
    """A stage of the composition; ``state``: done, current, ahead."""

    label: str
    state: str


class Progress:
    """The progress of a document that is being composed, for ``user``. ``doing``: the label of the
    work."""

    doing = "Composition"

    def __init__(self, composition: Composition, user: AbstractUser):
        self.composition, self.user = composition, user

    @property
    def rank(self) -> int:
        """The number of stages that are done."""
        stage = self.composition.stage
        return Stage.values.index(stage) if stage else 0

    @property
    def most(self) -> int:
        return len(Stage.values)

    @property
    def words(self) -> str:
        """The stage reached, « étape 2 sur 4, mise en page », or the place in the queue, « en
        attente, après 3 autres documents »."""
        if self.composition.stage:
            stage = self.composition.get_stage_display()
            return f"étape {self.rank + 1} sur {self.most}, {stage}"
        if self.ahead:
            return f"en attente, après {plural(self.ahead, 'autre document,autres documents')}"
        return "en attente"

    @property
    def stages(self) -> list[StageLine]:
        """All stages in their order; while it waits, all are ahead."""
        reached = self.rank if self.composition.stage else -1
        return [
            StageLine(label, "done" if n < reached else "current" if n == reached else "ahead")
            for n, label in enumerate(Stage.labels)
        ]

    @cached_property
    def ahead(self) -> int:
        """The number of documents that will be composed before this one, by the order of
        ``press.next_row``: each person's in turn."""
        since, mine = self.composition.requested_at, self.composition.requested_by_id
        before: Counter[int] = Counter()
        for model in compositions():
            asked = model.objects.unfinished().filter(requested_at__lt=since)
            before.update(asked.values_list("requested_by", flat=True))
        turn = before.pop(mine, 0)
        return turn + sum(min(count, turn + 1) for count in before.values())

    @cached_property
    def is_stuck(self) -> bool:
        """Whether no worker seems to be there to begin, or to go on."""
        begun, asked_at = self.composition.stage, self.composition.requested_at
        latest = self.composition.lease_until if begun else asked_at + SOON
        return latest <= timezone.now() and is_late("worker")

    @property
    def mark(self) -> str:
        """A mark that changes with what is shown: a page that waits asks whether it has changed."""
        waiting = "" if self.composition.stage else self.ahead
        return f"{self.composition.pk}.{self.rank}.{waiting}.{int(self.is_stuck)}"

    @cached_property
    def refusal(self) -> Refusal | None:
        """The reason why ``user`` may not cancel it, or None."""
        return may_cancel(self.user, self.composition)


class DrawingPage:
    """The page of a requested document."""

    def __init__(self, drawing: Drawing, user: AbstractUser):
        self.drawing, self.user = drawing, user

    @property
    def progress(self) -> Progress | None:
        return Progress(self.drawing, self.user) if self.drawing.is_unfinished else None

    @property
    def title(self) -> str:
        """The title of the document, and what became of it: « … » est prêt; « est en préparation »
        until it is ready, failed or cancelled."""
        states: dict[str, str] = {
            CompositionState.READY: "est prêt", CompositionState.FAILED: "n’a pas pu être composé",
            CompositionState.CANCELLED: "a été annulé",
        }  # fmt: skip
        state = states.get(self.drawing.state, "est en préparation")
        return f"« {self.drawing.title} » {state}"

    @cached_property
    def reason(self) -> str:
        """The reason why it could not be composed; empty if none was given."""
        last = self.drawing.transitions.last()
        return last.reason if last else ""
