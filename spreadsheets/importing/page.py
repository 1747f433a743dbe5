"""What the page of an import tells: its preview while it is to be kept, then what was kept."""

from functools import cached_property

from accounts.models import User
from ctg_portal.rules import Refusal, Refused
from ctg_portal.templatetags.french import number, plural
from documents.drawing.models import Drawing
from documents.drawing.page import Progress
from spreadsheets.importing.adapter import ImportWords, Onward, adapter_of
from spreadsheets.importing.preview import Mistake, Preview
from spreadsheets.importing.progress import progress_of
from spreadsheets.importing.reading import preview_of
from spreadsheets.importing.reading_apart import READ_FOR_OTHERS, preview_read
from spreadsheets.importing.rights import may_apply, may_undo
from spreadsheets.importing.rows import Sheetful
from spreadsheets.importing.steps import COLUMNS, ROWS
from spreadsheets.models import UNDOING, Application, FileReading, Import, ImportVerb

# How many lines a page shows of each kind; the workbook and the account have all.
SHOWN = 200
# Up to so many lines are open at once.
FEW = 30
WORDS = {
    "new": ("nouvelle", "nouvelles"),
    "changed": ("changée", "changées"),
    "unchanged": ("inchangée", "inchangées"),
    "refused": ("ligne à corriger", "lignes à corriger"),
}

BROKEN_OFF = (
    "L’enregistrement s’est interrompu plusieurs fois. Enregistrez de nouveau ; si cela se répète, "
    "prévenez l’hébergeur du portail."
)


class FileProgress(Progress):
    """How far a file is that is read, kept or put back: nothing of it is composed as a document."""

    def __init__(self, composition, user: User, doing: str):
        super().__init__(composition, user)
        self.doing = doing

    stages = ()

    @property
    def words(self) -> str:
        return "en cours" if self.composition.stage else super().words


class ImportPage:
    """An import, for who brought it."""

    def __init__(self, row: Import, user: User):
        self.row, self.user, self.adapter = row, user, adapter_of(row.adapter)

    @cached_property
    def back(self) -> str:
        return self.adapter.origin(self.row.scope)

    @cached_property
    def onward(self) -> Onward:
        return self.adapter.onward(self.row, self.user)

    @cached_property
    def subject(self) -> str:
        return self.adapter.title(self.row.scope)

    @cached_property
    def application(self) -> Application | None:
        """The last time that it was to be kept."""
        return Application.objects.for_import(self.row).first()

    @cached_property
    def reading(self) -> FileReading | None:
        """The last time that a large file was to be read."""
        return FileReading.objects.for_import(self.row).first() if self.row.is_large else None

    @property
    def is_being_read(self) -> bool:
        is_going_on = self.reading is not None and self.reading.is_unfinished
        return self.row.is_received and is_going_on

    @property
    def is_being_kept(self) -> bool:
        return self.application is not None and self.application.is_unfinished

    @cached_property
    def undoing(self) -> Drawing | None:
        """The last time that the worker was to put it back."""
        return self.row.drawings(UNDOING).first() if self.row.is_applied else None

    @property
    def is_being_undone(self) -> bool:
        return self.undoing is not None and self.undoing.is_unfinished

    @property
    def progress(self) -> Progress | None:
        if self.is_being_kept:
            return FileProgress(self.application, self.user, "Enregistrement")
        if self.is_being_undone:
            return FileProgress(self.undoing, self.user, "Annulation")
        is_being_read = self.is_being_read
        return FileProgress(self.reading, self.user, "Lecture") if is_being_read else None

    @property
    def may_be_read_again(self) -> bool:
        """Whether a large file may be read once more: it could not be, or it has become another."""
        is_over = bool(self.failed) or self.preview.refusal == READ_FOR_OTHERS
        is_over |= self.reading is not None and not self.reading.is_ready
        return self.row.is_large and self.row.is_received and not self.progress and is_over

    @property
    def lines_kept(self) -> str:
        """Return how far the keeping is: « 800 lignes sur 2 000 »; empty while it has not begun."""
        progress = progress_of(self.application) if self.is_being_kept else None
        if progress is None:
            return ""
        done, count = progress
        return f"{plural(done, 'ligne enregistrée,lignes enregistrées')} sur {number(count)}"

    @cached_property
    def refusal(self) -> Refusal | None:
        """Return why nothing of it can be kept."""
        return may_apply(self.user, self.row) or self.preview.refusal

    @cached_property
    def preview(self) -> Preview:
        if self.row.is_large:
            return preview_read(self.row, self.user) or Preview()
        try:
            return preview_of(self.row, self.user)
        except Refused as refused:
            return Preview(refusal=refused.refusal)

    def step(self, name: str) -> str:
        """Return which step is shown, the one called so or the next; empty for a file that cannot
        be read, and for what is not to be kept any more."""
        goes_on = self.row.is_received or (self.row.is_applied and bool(name))
        if not goes_on or self.progress or self.sheetful is None:
            return ""
        if not self.sheetful.rows:
            return COLUMNS
        return name if name in (COLUMNS, ROWS) else ROWS if self.sheetful.is_settled else COLUMNS

    @property
    def sheetful(self) -> Sheetful | None:
        """The lines of the file, where it is still to be kept."""
        return None if may_apply(self.user, self.row) else self.preview.sheetful

    @property
    def waits(self) -> int:
        """Return how many lines of a file that was kept wait to be put right."""
        is_open = self.row.is_applied and may_apply(self.user, self.row) is None
        return self.row.counts.get("refused", 0) if is_open else 0

    @property
    def figures(self) -> list[tuple[int, str]]:
        """Return how many lines became what, each with its word: of the preview, or of what was
        kept."""
        counts = self.row.counts or self.preview.counts
        known = {name: counts.get(name, 0) for name in WORDS}
        return [(count, WORDS[name][count >= 2]) for name, count in known.items()]

    @cached_property
    def has_account(self) -> bool:
        """Whether there is an account of what was kept that is still the person's to read."""
        if not self.row.is_applied or self.application is None or not self.application.is_ready:
            return False
        keys = {*self.row.kept_lines.values_list("key", flat=True), *self.row.keys_shown}
        return self.adapter.may_read(self.row.scope, keys, self.user)

    @cached_property
    def refused(self) -> list[Mistake]:
        """Return what was not kept of it, each with why; empty once its file has gone."""
        mistakes = self.row.mistakes if self.has_account else []
        return [Mistake(*one) for one in mistakes if one[1]]

    @property
    def opens_refused(self) -> bool:
        return len(self.refused) <= FEW

    @property
    def left(self) -> list[str]:
        """Return what stayed when it was undone, each with why."""
        acts = self.row.transitions.filter(verb=ImportVerb.UNDONE)
        return [line for act in acts for line in act.reason.splitlines()][:SHOWN]

    @property
    def may_be_undone(self) -> bool:
        return may_undo(self.user, self.row) is None

    @property
    def failed(self) -> str:
        """Return why the last attempt to keep it kept nothing."""
        if self.application is None or not self.application.is_failed:
            return ""
        return self.application.transitions.last().reason or BROKEN_OFF

    @property
    def is_not_undone(self) -> bool:
        """Whether it was to be put back, and stands as it was."""
        return self.undoing is not None and self.undoing.is_failed

    @property
    def title(self) -> str:
        row = self.row
        if going_on := self._going_on:
            return going_on
        if row.is_applied:
            return f"Import enregistré : {_changes(row.counts, self.words.things)}"
        if row.is_undone:
            return "Cet import est annulé"
        if not row.is_received:
            return "Cet import est abandonné"
        return "Ce fichier ne peut pas être enregistré"

    @property
    def _going_on(self) -> str:
        if self.is_being_kept:
            return "Ce fichier est en cours d’enregistrement"
        if self.is_being_read:
            return "Ce fichier est en cours de lecture"
        return "Cet import est en cours d’annulation" if self.is_being_undone else ""

    @property
    def words(self) -> ImportWords:
        return self.adapter.words


def _changes(counts: dict, things: str) -> str:
    forms = things.split(",")
    parts = [
        plural(count, ",".join(f"{form} {word}" for form, word in zip(forms, words, strict=True)))
        for name, words in list(WORDS.items())[:2]
        if (count := counts.get(name, 0))
    ]
    return " et ".join(parts) or "rien n’a changé"
