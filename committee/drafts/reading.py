"""What a version is written from, who else writes one, and what was proposed meanwhile."""

from dataclasses import dataclass

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from agreements.answers.lights import Point, point_of
from agreements.commitments import canonical
from agreements.commitments.commitment import commitment_of
from agreements.commitments.fields import Field
from agreements.models import Agreement, Version
from agreements.versions import rights
from agreements.versions.differences import Merge
from agreements.versions.events import (
    REWRITTEN,
    latest_live_version,
    merge_with_current,
    save_draft,
)
from committee.pages import CommitteeReader
from committee.points.reading import content_changes
from conventions.models import Convention, Objective, Origin, Standing
from ctg_portal.forms.revisions import Meanwhile, revision_of
from ctg_portal.rules import Refusal, Refused
from ctg_portal.templatetags.french import de, long_date
from ctg_portal.text.differences import Change, Changes, Piece, words_changed
from ctg_portal.text.numbers import key_in

NOTE = "Motif"
ENDED_ELSEWHERE = "Ce brouillon retire le point ; ce que vous venez d’écrire le garde."


def orientations_of(convention: Convention, today) -> QuerySet:
    """Return the signed orientations, under each of which the committee may add objectives."""
    shown = Objective.objects.of(convention).as_read_on(convention.reading_day(today)).level(1)
    signed = shown.filter(origin=Origin.SIGNATURE)
    return signed.select_related("theme__axis__convention", "since").in_reading_order()


def readable_objectives(here: CommitteeReader) -> QuerySet:
    """Return the objectives that the person may read; drafts only for who may write one."""
    objectives = Objective.objects.of(here.convention).select_related(
        "theme__axis__convention", "since"
    )
    may_draft = commitment_of(Objective()).may_draft(here.user, here.convention) is None
    return objectives if may_draft else objectives.exclude(standing=Standing.DRAFT)


class Desk:
    """What a person needs who writes a version of ``row``: the drafts of the row, the version that
    stands, the requests for change, and the values of the form."""

    def __init__(self, row: Model, here: CommitteeReader):
        self.row, self.here = row, here

    @cached_property
    def drafts(self) -> list[Version]:
        return list(Version.objects.about(self.row).drafts().order_by("created_at", "pk"))

    @cached_property
    def own(self) -> Version | None:
        """The person's own draft of the row, or None."""
        return next((d for d in self.drafts if d.author_id == self.here.user.pk), None)

    @property
    def others(self) -> list[Version]:
        return [draft for draft in self.drafts if draft != self.own]

    @property
    def revision(self) -> int:
        """The revision of the person's own draft, 0 without one."""
        return revision_of(self.own)

    @cached_property
    def reference(self) -> Version | None:
        """The version discussed, else the one in force, else None."""
        return latest_live_version(self.row)

    @cached_property
    def requests(self) -> list[Agreement]:
        """The changes that parties request in the version discussed; the next one answers them."""
        if self.reference is None or not self.reference.is_proposed:
            return []
        self.reference.convention = self.here.convention
        return point_of(self.reference).returning_answers

    def source(self, asked: str) -> Version | None:
        """Return the version that a form is filled from: the person's own draft, else the
        colleague's draft that ``asked`` names, else the reference."""
        colleagues = self.others if self.here.manages else []
        chosen = [draft for draft in colleagues if str(draft.pk) == asked]
        return self.own or next(iter(chosen), self.reference)

    def initial(self, source: Version | None) -> dict:
        """Return the initial values of a form filled from ``source``; for None, from the row."""
        commitment = commitment_of(self.row)
        content = source.content if source else commitment.content(self.row)
        values = {field.name: field.parse(content[field.name]) for field in commitment.fields}
        is_draft = source is not None and source.is_draft
        return values | self.tokens(source) | {"note": source.note if is_draft else ""}

    def tokens(self, source: Version | None) -> dict:
        """Return the hidden values of a form filled from ``source``: base version and revision."""
        base = source.base if source and source.is_draft else source
        return {"base": base.pk if base else "", "revision": self.revision}

    def save(self, content: dict, *, note: str, base: str, revision: int) -> Version:
        """Save one's draft with the values of a form. Raises Refused, with Rewritten when the form
        was filled from something else than what stands by now."""
        begun_from = self._base(base)
        if begun_from is None and self.own is None and self.reference:
            raise Refused(REWRITTEN)
        by = self.here.user
        return save_draft(self.row, content, note=note, base=begun_from, revision=revision, by=by)

    def _base(self, pk: str) -> Version | None:
        """Return the numbered version of the row with this key, or None."""
        key = key_in(pk)
        versions = Version.objects.about(self.row).numbered()
        return versions.filter(pk=key).first() if key else None

    # What stands by now, where somebody comes second --------------------------------------------

    @property
    def meanwhile(self) -> Meanwhile:
        """The description of what stands by now in place of the text that a form started from."""
        slug = self.here.convention.slug
        if self.own:
            saved = timezone.localtime(self.own.saved_at)
            return Meanwhile(
                f"Votre brouillon a été enregistré ailleurs le {long_date(saved)} à {saved:%-Hh%M}",
                ENDED_ELSEWHERE if self.own.ends else "",
                reverse("committee:draft", args=[slug, self.own.pk]),
            )
        if self.reference:
            version = f"La version {self.reference.number} du {long_date(self.reference.dated)}"
            url = reverse("committee:point", args=[slug, self.reference.pk])
            return Meanwhile(f"{version} est là depuis", url=url)
        return Meanwhile("Votre brouillon n’est plus là")

    def differences(self, content: dict, note: str) -> Changes:
        """Return the differences from one's own draft, or else the reference, to what was typed."""
        current = self.own or self.reference
        typed = Version(kind=commitment_of(self.row).kind)
        typed.write(content)
        earlier_note = current.note if current and current.is_draft else ""
        note_change = Change(NOTE, words_changed(earlier_note, canonical.plain(note)))
        return Changes([*content_changes(typed, current), note_change])


@dataclass(frozen=True)
class Conflict:
    """A field that two versions changed differently: the text before, and the changes of each."""

    field: Field
    before: str
    theirs: list[Piece]
    mine: list[Piece]

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def label(self) -> str:
        return self.field.label


class DraftReading:
    """A draft as a page shows it to the person of ``here``."""

    def __init__(self, draft: Version, here: CommitteeReader):
        self.draft, self.here = draft, here
        self.commitment = draft.commitment
        self.desk = Desk(draft.subject, here)

    @property
    def is_mine(self) -> bool:
        return self.draft.author_id == self.here.user.pk

    @property
    def others(self) -> list[Version]:
        """The drafts that others write of the same row."""
        return [draft for draft in self.desk.drafts if draft != self.draft]

    @property
    def own_draft(self) -> Version | None:
        """The person's own draft of the same row, when this one is a colleague's; else None."""
        return None if self.is_mine else self.desk.own

    @property
    def point(self) -> Point:
        return Point(self.draft, [])

    @property
    def changes(self) -> Changes:
        return content_changes(self.draft, self.draft.base)

    @cached_property
    def foretold(self) -> str:
        """The sentence about consequences to be known before an agreement; empty for none."""
        draft = self.draft
        return (
            ""
            if draft.ends
            else self.commitment.describe_consequences(draft.subject, draft.content)
        )

    @property
    def current(self) -> Version | None:
        return self.desk.reference

    @cached_property
    def merge(self) -> Merge | None:
        """The merge with what was proposed since the draft was begun; None when nothing was. A
        withdrawal takes the whole content in force, without conflicts."""
        merge = merge_with_current(self.draft)
        if merge is None:
            return None
        if self.draft.ends:
            return Merge(self.commitment.content(self.draft.subject))
        return merge

    @property
    def labels(self) -> dict[str, str]:
        return {field.name: field.label for field in self.commitment.fields}

    @property
    def taken_labels(self) -> list[str]:
        """The labels of the fields that are taken over from the other version."""
        return [self.labels[name] for name in self.merge.taken]

    @property
    def kept_labels(self) -> list[str]:
        """The labels of the fields that stay as in the draft, since only it changed them."""
        draft, theirs = self.draft.content, self.current.content
        settled = {*self.merge.taken, *self.merge.conflicts}
        return [
            label
            for name, label in self.labels.items()
            if name not in settled and draft[name] != theirs[name] and not self.draft.ends
        ]

    @cached_property
    def conflicts(self) -> list[Conflict]:
        return [self._conflict(f) for f in self.commitment.fields if f.name in self.merge.conflicts]

    def _conflict(self, field: Field) -> Conflict:
        """Return how both sides changed the field since the common version."""
        sides = [self.draft.base, self.current, self.draft]
        before, theirs, mine = (
            field.show(side.content[field.name]) if side else "" for side in sides
        )
        return Conflict(field, before, words_changed(before, theirs), words_changed(before, mine))

    @property
    def side_labels(self) -> tuple[str, str]:
        """The labels of the two versions: the one that stands, and the draft."""
        current = self.current
        theirs = f"La version {current.number} du {long_date(current.dated)}"
        if current.author_name and current.author_id != self.here.user.pk:
            theirs += f", {de(current.author_name)}"
        mine = "Mon brouillon" if self.is_mine else f"Le brouillon {de(self.draft.author_name)}"
        return theirs, mine

    @property
    def changes_nothing(self) -> bool:
        """Whether nothing of the draft is left once the two are merged."""
        same = self.merge.content == self.current.content
        return same and self.draft.ends == self.current.ends and not self.conflicts

    def merging_tokens(self) -> dict:
        """Return the hidden values of the form that merges: what it was filled from."""
        return {
            "base": self.current.pk,
            "revision": self.desk.revision if self.is_mine else 0,
            "drafted": 0 if self.is_mine else self.draft.revision,
        }

    def save_merged(self, content: dict, *, revision: int) -> Version:
        """Save the merged content as one's own draft. Raises Refused."""
        draft = self.draft
        return save_draft(
            draft.subject, content, note=draft.note, ends=draft.ends, base=self.current,
            revision=revision, by=self.here.user,
        )  # fmt: skip

    @property
    def base_is_gone(self) -> bool:
        """Whether the version that the draft was begun from was withdrawn and not replaced."""
        base = self.draft.base
        # A version that replaced it would have a higher number.
        return base is not None and not base.is_live and base.number > self.current.number

    # What may be done ---------------------------------------------------------------------------

    @property
    def may_propose(self) -> Refusal | None:
        return rights.may_propose(self.here.user, self.draft)

    @property
    def end_url(self) -> str | None:
        """The page where the reason of a withdrawal is written again, or None."""
        return self.commitment.end_url(self.draft.subject)

    @property
    def edit_url(self) -> str | None:
        """The page where the person goes on writing their own version, or None."""
        convention, row = self.here.convention, self.draft.subject
        if self.commitment.may_draft(self.here.user, convention, row):
            return None
        url = self.commitment.edit_url(row)
        return url if self.is_mine or url is None else f"{url}?depuis={self.draft.pk}"
