"""Import an action plan from a file: read, compared and saved by the events of the pages.

What the parties agree to becomes drafts, which nobody is shown before they are proposed; the
follow-up is published at once.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from actions.files.coming_in import headings as named
from actions.files.coming_in.agreed import AgreedReader
from actions.files.coming_in.current import CurrentCells
from actions.files.coming_in.follow_up import FollowUpReader, PartChange
from actions.files.coming_in.lines import ActionOfFile, LineReader
from actions.files.coming_in.lookup import NEW, ActionLookup
from actions.files.coming_in.organisations import Organisations, add_new
from actions.files.coming_in.parts import KnowledgeOfPlan, write_out_marks
from actions.files.coming_in.places import Places
from actions.files.coming_in.unclear import Cells, missing_texts
from actions.files.reading import read_sheets
from actions.follow_up.brought import blank_part, bring_part, brought_contents, restore_brought
from actions.follow_up.events import follow_up, restore_part
from actions.follow_up.parts import SPENDING, STATE, FollowUpPart, part_by_key
from actions.follow_up.rights import may_follow
from actions.plan.commitments import ActionCommitment
from actions.plan.events import add_action, canonical_content
from actions.plan.faults import Fault
from actions.plan.merging import fingerprint
from actions.plan.models import Action, ActionState, UnclearText
from actions.plan.reading import can_draft, readable_actions
from actions.sheet.lines import PARTS
from actions.unclear.events import TextOfFile, keep_texts
from agreements.commitments.commitment import commitment_of
from agreements.commitments.fields import Children, Day, Field
from agreements.models import Version
from agreements.seats.rights import may_manage_committee
from agreements.versions.events import discard_draft, save_draft
from conventions.access.rights import COORDINATION_ONLY
from conventions.access.viewer import Viewer, accesses_of
from conventions.directory.rights import may_manage_directory
from conventions.imports import ImportIntoConvention
from conventions.models import Convention, Standing
from ctg_portal.forms.revisions import NO_REVISION
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.templatetags.french import number
from spreadsheets.columns.questions import Asking, Choice
from spreadsheets.columns.tables import Told
from spreadsheets.columns.typed import Wrong
from spreadsheets.importing.adapter import GONE, ImportWords, Onward, Undoing
from spreadsheets.importing.lines import FileOfLines
from spreadsheets.importing.preview import Line, Mistake, Outcome, Preview
from spreadsheets.models import Import
from spreadsheets.reading.cells import Book, Cell

NO_TABLE = Refusal(
    "Aucun plan d’actions n’est reconnu : il faut une ligne de titres avec « Action » (ou "
    "« Titre ») et ce que l’on en dit : « Axe », « Pilote », « Calendrier », « Budget »…"
)
NOT_WRITING = Refusal(
    "Un plan d’actions est importé par la coordination, ou par qui pilote des actions."
)
PROPOSED = Refusal("Cette version n’est plus un brouillon : elle a été proposée depuis.")
WRITTEN_AGAIN = Refusal("Ce brouillon a été repris depuis.")
FOLLOWED_AGAIN = Refusal("Son suivi a été repris depuis.")
WITHDRAWING = Refusal(
    "Votre brouillon retire cette action du plan : proposez-le aux parties ou abandonnez-le, avant "
    "d’en changer la fiche."
)
LONGEST = 300  # of a text in a preview


@dataclass(frozen=True)
class Change:
    """What a line changes: the ``content`` that would be agreed to, None for no change, over the
    draft ``revision`` or the version ``base``; the ``parts`` of the follow-up; the ``texts`` that
    no field could take."""

    content: dict | None
    base: int | None = None
    revision: int = 0
    parts: list[PartChange] = field(default_factory=list)
    texts: list[TextOfFile] = field(default_factory=list)

    def __repr__(self):
        # Digests of previews are made of it.
        parts = [(change.part.key, change.content) for change in self.parts]
        return f"{self.content}{parts}{self.texts}"

    @property
    def compared_with(self) -> str:
        """Return which writings it was compared with: base, revision, and a fingerprint for each
        part."""
        tokens = [f"{one.part.key}={fingerprint(one.before)}" for one in self.parts]
        return "|".join([str(self.base or ""), str(self.revision), *tokens])


class ImportOfPlan(ImportIntoConvention):
    """The import of an action plan; its scope is the slug of the convention."""

    name = "actions.plan"
    words = ImportWords(
        things="fiche action,fiches action",
        onward="Voir les brouillons",
        undoing="les brouillons sont jetés et le suivi revient à ce qu’il était. Ce qui a été "
        "proposé ou repris depuis reste.",
        layouts="Il faut une ligne de titres avec « Action » (ou « Titre ») et ce que l’on en "
        "dit : « Axe », « Pilote », « Calendrier », « Budget »… ; puis une action par ligne. "
        "Une fiche par feuille, ou par page, ne se lit pas : recopiez-la dans le classeur du "
        "portail.",
        waiting="Une case qui reste jaune est gardée en texte, « à préciser », à côté de son "
        "action. Une ligne sans titre ou sans place attend ici.",
    )

    def refusal(self, scope, user: User | None):
        convention = convention_in(scope)
        if user is None:
            return None
        if not Convention.objects.visible_to(user).filter(pk=convention.pk).exists():
            raise Refused(GONE)
        return may_bring(user, convention)

    def office(self, scope, user: User | None):
        accesses = accesses_of(user, convention_in(scope))
        return ",".join(map(str, sorted({access.organisation_id for access in accesses})))

    def origin(self, scope):
        return reverse("actions:plan", args=[scope])

    def onward(self, row, user: User):
        """Return the page that proposes drafts as one dossier, with those of the import ticked;
        the drafts of the plan where none is left, or for who does not coordinate."""
        drafts = _drafts_of(row)
        if not drafts or may_manage_committee(user, convention_in(row.scope)) is not None:
            return Onward(f"{self.origin(row.scope)}?accord=brouillon", self.words.onward)
        keys = ".".join(map(str, drafts))
        query = urlencode({"nature": ActionCommitment.kind, "points": keys})
        address = f"{reverse('committee:propose_drafts', args=[row.scope])}?{query}"
        count = len(drafts)
        these = f"ces {number(count)} actions" if count > 1 else "cette action"
        return Onward(address, f"Proposer {these}")

    def title(self, scope):
        return "Plan d’actions"

    def preview(self, scope, book, asking, user: User | None):
        if refusal := self.refusal(scope, user):
            return Preview(refusal=refusal)
        return PlanReading(convention_in(scope), asking, user).preview(book)

    def keep(self, scope, line, *, by: User | None):
        change: Change = line.content
        before: dict = {"parts": {}}
        action = line.about
        if change.content is not None:
            before |= _keep_agreed(convention_in(scope), action, change, by)
            action = action or Version.objects.get(pk=before["version"]).subject
        if change.texts:
            before["texts"] = [text.pk for text in keep_texts(action, change.texts, by=by)]
        is_agreed = action is not None and action.is_agreed
        for part_change in change.parts:
            if not is_agreed:
                bring_part(action, part_change.part, part_change.content, by=by)
                before.setdefault("brought", {})[part_change.part.key] = part_change.before
                continue
            follow_up(
                line.about, part_change.part, part_change.content, revision=NO_REVISION,
                shown=fingerprint(part_change.before), by=by,
            )  # fmt: skip
            after = part_change.part.read(Action.objects.get(pk=line.about.pk))
            before["parts"][part_change.part.key] = {
                "was": part_change.before,
                "is": _digest(after),
            }
        return Undoing(before, before.get("is", ""))

    def readable(self, scope, keys, user: User | None):
        seen = readable_actions(convention_in(scope), user)
        new = {key for key in keys if key.startswith(NEW)}
        return new | {str(action.pk) for action in seen.filter(pk__in=set(keys) - new)}

    def undo(self, scope, key, before, writing, *, by: User | None):
        UnclearText.objects.open().filter(pk__in=before.get("texts", [])).delete()
        # A new action goes with its draft, and with it all that was brought for it.
        action = None if key.startswith(NEW) else Action.objects.filter(pk=key).first()
        for name, content in before.get("brought", {}).items():
            if action:
                restore_brought(action, part_by_key(name), content, by=by)
        for name, saved in before["parts"].items():
            part = part_by_key(name)
            enforce(None if action else FOLLOWED_AGAIN)
            now = part.read(action)
            enforce(None if _digest(now) == saved["is"] else FOLLOWED_AGAIN)
            restore_part(action, part, saved["was"], expected=now, by=by)
        if "version" in before:
            _undo_draft(before, writing, by)


def _drafts_of(row: Import) -> list[int]:
    """Return the drafts that an import has written and that still are drafts, by primary key, in
    the order of the file."""
    lines = row.kept_lines.filter(undone_at__isnull=True)
    keys = [line.before["version"] for line in lines if "version" in line.before]
    drafts = set(Version.objects.drafts().filter(pk__in=keys).values_list("pk", flat=True))
    return [key for key in keys if key in drafts]


def convention_in(scope: str) -> Convention:
    """Return the convention that a scope names. Raises Refused without one."""
    convention = Convention.objects.filter(slug=scope).first()
    if convention is None:
        raise Refused(Refusal(f"Aucune convention n’a l’identifiant {scope}."))
    return convention


def may_bring(user: User, convention: Convention) -> Refusal | None:
    """Return why somebody may not import a file of the plan, or None: they write none of it."""
    if can_draft(user, convention):
        return None
    led = Action.objects.of(convention).agreed().led_by(user)
    return None if led.exists() else NOT_WRITING


def _keep_agreed(
    convention: Convention, action: Action | None, change: Change, by: User | None
) -> dict:
    """Write the draft of a line; return its version, its digest and the draft before it."""
    content = add_new(convention, change.content or {}, by=by)
    if action is None:
        version = add_action(convention, content, by=by)
        return {"version": version.pk, "is": _digest(version.content), "draft": None}
    own = Version.objects.about(action).drafts().filter(author=by).first()
    former = own and {"content": own.content, "note": own.note, "ends": own.ends}
    base = Version.objects.filter(pk=change.base).first()
    note = own.note if own else ""
    version = save_draft(action, content, note=note, base=base, revision=change.revision, by=by)
    return {"version": version.pk, "is": _digest(version.content), "draft": former}


def _undo_draft(before: dict, writing: str, by: User | None) -> None:
    version = Version.objects.filter(pk=before["version"]).first()
    enforce(None if version else WRITTEN_AGAIN)
    enforce(None if version.is_draft else PROPOSED)
    # Imports of earlier releases have stored a revision in place of a digest.
    is_as_written = writing == _digest(version.content) if writing else (
        version.revision == before["is"])  # fmt: skip
    enforce(None if is_as_written else WRITTEN_AGAIN)
    was = before["draft"]
    if was is None:
        discard_draft(version, by=by)
    else:
        save_draft(version.subject, was["content"], note=was["note"], ends=was["ends"], by=by)


def _stand_in(content: dict) -> Action:
    """Return an action that is not stored, with the period that its follow-up is compared with."""
    days = {name: Day(name).parse(content[name]) for name in ("starts_on", "ends_on")}
    return Action(standing=Standing.DRAFT, is_continuous=content["is_continuous"], **days)


def _digest(content: dict) -> str:
    return hashlib.sha256(fingerprint(content).encode()).hexdigest()[:32]


class PlanReading:
    """What a book would change of a plan, for somebody; None is the system, which may do
    everything."""

    def __init__(self, convention: Convention, asking: Asking, user: User | None):
        self.convention, self.asking, self.user = convention, asking, user
        self.today = timezone.localdate()
        self.result = Preview()
        self.remarks: set[Told] = set()
        every = Action.objects.of(convention)
        rows = every if user is None else readable_actions(convention, user)
        sheets = rows.with_sheet().prefetch_related("unclear_texts", "brought_parts")
        self.actions = list(sheets.in_reading_order())
        for action in self.actions:
            action.convention = action.theme.axis.convention = convention
        self.blank = canonical_content({})
        may_add = may_manage_directory(user, convention) is None
        self.organisations = Organisations(convention, asking, may_add=may_add)
        years = convention.years(self.today)
        self.vocabulary = named.vocabulary(convention.words, years, self.organisations.names)

    def preview(self, book: Book) -> Preview:
        result, asking = self.result, self.asking
        states = [Choice(state.label, state.label) for state in ActionState]
        file = FileOfLines(
            book, KnowledgeOfPlan(self.vocabulary, self.today.year), asking, {named.STATE: states}
        )
        tables = file.tables
        result.told.extend(file.remarks)
        for table in tables:
            result.told.extend(write_out_marks(table))
        result.refusal = None if tables else NO_TABLE
        day = self.convention.reading_day(self.today)
        places = Places(self.convention, day, asking)
        self.agreed_reader = AgreedReader(
            self.convention, self.organisations, places, asking, self._remark
        )
        funding = self.agreed_reader.funding
        self.follow_up_reader = FollowUpReader(funding, asking, self.today, self._remark)
        lookup = ActionLookup(self.actions, asking)
        file_actions = LineReader(lookup, places, asking, result).read(tables)
        self.current = self._current_cells(file_actions)
        self.versions = self._versions(file_actions)
        self._compare_all(file_actions)
        self.organisations.gather_unknown()
        result.questions = asking.questions
        file.add_lines(result, map(ActionOfFile.as_line, file_actions))
        result.sheetful = file.sheetful
        result.sort([sheet.name for sheet in book.sheets])
        return result

    def _remark(self, cell: Cell, text: str) -> None:
        remark = Told(cell.address, text)
        if remark not in self.remarks:
            self.remarks.add(remark)
            self.result.told.append(remark)

    # What is there --------------------------------------------------------------------------------

    def _current_cells(self, file_actions: list[ActionOfFile]) -> dict[int, CurrentCells]:
        actions = [file_action.action for file_action in file_actions if file_action.action]
        sheets = read_sheets(self.convention, actions, self.today)
        return CurrentCells.by_action(sheets, self.convention.words, self.vocabulary)

    def _versions(self, file_actions: list[ActionOfFile]) -> dict[int, list[Version]]:
        """Return the importer's drafts and the versions proposed or in force, by primary key of the
        action."""
        rows = Action.objects.filter(
            pk__in=[file_action.action.pk for file_action in file_actions if file_action.action]
        )
        versions: dict[int, list[Version]] = {}
        all_versions = Version.objects.about_rows(rows)
        for version in [*all_versions.drafts().filter(author=self.user), *all_versions.live()]:
            versions.setdefault(version.object_id, []).append(version)
        return versions

    def _base_of(self, file_action: ActionOfFile) -> tuple[dict, int | None, int]:
        """Return what a version would be written over: its content, the version that the draft is
        based on, and the revision of the person's own draft."""
        if file_action.action is None:
            return self.blank, None, 0
        versions = self.versions.get(file_action.action.pk, [])
        own = next((version for version in versions if version.is_draft), None)
        live = [version for version in versions if not version.is_draft]
        reference = max(live, key=lambda version: version.number, default=None)
        if own is not None:
            return own.content, own.base_id, own.revision
        if reference is not None:
            return reference.content, reference.pk, 0
        return commitment_of(file_action.action).content(file_action.action), None, 0

    def _compare_all(self, file_actions: list[ActionOfFile]) -> None:
        """Compare the actions one by one. The person's rights are read once for all of them; the
        events ask for them again."""
        if self.user is not None:
            self.convention.viewer = Viewer(self.user, [self.convention])
        try:
            for file_action in file_actions:
                self._compare(file_action)
        finally:
            self.convention.viewer = None

    # Action by action -----------------------------------------------------------------------------

    def _compare(self, file_action: ActionOfFile) -> None:
        known = file_action.action
        current = self.current.get(known.pk, CurrentCells()) if known else CurrentCells()
        base, base_pk, revision = self._base_of(file_action)
        try:
            content, unread = self.agreed_reader.content_of(file_action, base, current)
        except Wrong as error:
            self._add_mistakes(file_action, error.told)
            return
        action = known if known and known.is_agreed else _stand_in(content)
        before_of = self._before_of(file_action, action)
        parts, left = self.follow_up_reader.changes_of(
            file_action, action, current, content, before_of
        )
        texts, reasons = self._texts_of(file_action, content, [*unread, *left], action)
        is_rewritten = content != base or any(part_by_key(t.about) is None for t in texts)
        is_rewritten |= bool(parts) and not action.is_agreed
        if refusals := self._refusals_of(
            file_action,
            is_rewritten=is_rewritten,
            is_followed=action.is_agreed and bool(parts or texts),
        ):
            self._add_mistakes(file_action, [*reasons, *refusals])
            return
        self._add_mistakes(file_action, reasons)
        change = Change(content if content != base else None, base_pk, revision, parts, texts)
        self.result.lines.append(self._line_of(file_action, base, change))

    def _add_mistakes(self, file_action: ActionOfFile, faults) -> None:
        self.result.mistakes += [
            Mistake(place, text, file_action.label) for place, text in dict.fromkeys(faults)
        ]

    def _before_of(
        self, file_action: ActionOfFile, action: Action
    ) -> Callable[[FollowUpPart], dict]:
        """Return a function that reads a part as it is: in the follow-up, else as it was imported
        with the draft."""
        if action.is_agreed:
            return lambda part: part.read(action)
        contents = brought_contents(file_action.action) if file_action.action else {}
        return lambda part: contents.get(part.key, blank_part(part))

    def _texts_of(
        self, file_action: ActionOfFile, content: dict, unread: list[Fault], action: Action
    ) -> tuple[list[TextOfFile], list[Fault]]:
        """Return the texts to keep of an action, without those kept before, and the cells that hold
        them, each with why. A place that is not a cell's has no text to keep."""
        cells = Cells(file_action, self.today.year)
        known = set()
        if file_action.action is not None:
            known = {(text.about, text.text) for text in file_action.action.unclear_texts.all()}
        texts, reasons = {}, []
        for place, reason in dict.fromkeys(unread):
            text = cells.text_at(place)
            if text is None:
                reasons += [(place, reason)] if reason else []
            elif (text.about, text.text) not in known:
                # Without a reason where somebody has answered that it is to be kept so.
                reasons += [(place, reason)] if reason else []
                texts[place] = text
        if not action.is_agreed:
            # Which lines of funding there are is said by the agreement.
            for text in cells.texts_about([SPENDING.key]):
                if (text.about, text.text) not in known:
                    texts[text.place] = text
        to_keep = list(texts.values())
        if file_action.action is None:
            to_keep += missing_texts(content, to_keep)
        return to_keep, reasons

    def _refusals_of(
        self, file_action: ActionOfFile, *, is_rewritten: bool, is_followed: bool
    ) -> list[tuple[str, str]]:
        """Return why the person may not write what the file changes, by place: the answers of the
        pages."""
        action = file_action.action
        if is_rewritten or action is None:
            if action is not None and action.standing == Standing.WITHDRAWN:
                return [
                    (file_action.place, "Cette action est retirée du plan : elle ne change plus.")
                ]
            commitment = commitment_of(action or Action())
            if refusal := commitment.may_draft(self.user, self.convention, action):
                text = refusal.reason if refusal is not COORDINATION_ONLY else (
                    "Ce qui est convenu d’une action est rédigé par la coordination : laissez ces "
                    "cellules comme elles sont."
                )  # fmt: skip
                return [(file_action.place, text)]
            own = self.versions.get(action.pk, []) if action else []
            if any(one.is_draft and one.ends for one in own):
                return [(file_action.place, WITHDRAWING.reason)]
        if is_followed and (refusal := may_follow(self.user, action)):
            return [(file_action.place, refusal.reason)]
        return []

    def _line_of(self, file_action: ActionOfFile, base: dict, change: Change) -> Line:
        before, after = [], []
        if change.content is not None:
            for compared in ActionCommitment.fields:
                name = compared.name
                if file_action.action is not None or (name != "title" and change.content[name]):
                    _compare_field(compared, base, change.content, before, after)
        for part_change in change.parts:
            for compared in part_change.part.fields:
                label = "" if part_change.part is STATE else part_change.part.title
                if label and compared.name in PARTS:
                    label = f"{label}, {PARTS[compared.name].lower()}"
                _compare_field(
                    compared, part_change.before, part_change.content, before, after, label
                )
        for text in change.texts:
            after.append(f"À préciser, {text.label} : {text.text or 'rien dans le fichier'}")
        is_new = file_action.action is None
        outcome = Outcome.NEW if is_new else Outcome.CHANGED
        if change.content is None and not (change.parts or change.texts):
            outcome = Outcome.UNCHANGED
        return Line(
            key=file_action.key,
            label=file_action.label,
            place=file_action.place,
            outcome=outcome,
            before="" if is_new else "\n".join(before),
            after="\n".join(after),
            compared_with=change.compared_with,
            about=file_action.action,
            content=change,
        )


def _compare_field(
    compared: Field, base: dict, content: dict, before: list[str], after: list[str], label: str = ""
) -> None:
    """Add a field that changes to the texts ``before`` and ``after``; of rows, those that
    change."""
    was, now = base[compared.name], content[compared.name]
    if was == now:
        return
    label = label or compared.label
    if isinstance(compared, Children) and was and now:
        gone = [compared.show_child(child) for child in was if child not in now]
        come = [compared.show_child(child) for child in now if child not in was]
        before += [f"{label}, en moins : {text}" for text in _cut(gone)]
        after += [f"{label}, en plus : {text}" for text in _cut(come)]
        if not (gone or come):
            after.append(f"{label} : dans un autre ordre")
        return
    for value, texts in ((was, before), (now, after)):
        lines = (
            compared.show(value).split("\n")
            if isinstance(compared, Children)
            else [compared.show(value)]
        )
        texts.extend([f"{label} : {text}" for text in _cut(lines)] or [f"{label} : rien"])


def _cut(lines: list[str]) -> list[str]:
    """Return the texts that are not empty, cut to a length that is read at a glance."""
    return [f"{text[:LONGEST]}{'…' if text[LONGEST:] else ''}" for text in lines if text]
