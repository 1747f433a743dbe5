"""Writing a version: what it starts from, who else writes one, what was proposed meanwhile."""

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
from agreements.versions.events import (
    REWRITTEN,
    latest_live_version,
    merge_with_current,
    save_draft,
)
from agreements.versions.merging import Merge
from committee.points.reading import content_changes
from conventions.models import Convention, Objective, Origin, Standing
from ctg_portal.differences import Change, Changes, Piece, words_changed
from ctg_portal.numbers import key_in
from ctg_portal.revisions import Meanwhile, revision_of
from ctg_portal.rules import Refusal, Refused
from ctg_portal.templatetags.french import de, long_date

NOTE = "Motif"
ENDED_ELSEWHERE = "Ce brouillon retire le point ; ce que vous venez d’écrire le garde."


def orientations_of(convention: Convention, today) -> QuerySet:
    """The signed orientations, under each of which the committee may add objectives."""
    shown = Objective.objects.of(convention).as_read_on(convention.reading_day(today)).level(1)
    signed = shown.filter(origin=Origin.SIGNATURE)
    return signed.select_related("theme__axis__convention", "since").in_reading_order()


def readable_objectives(here) -> QuerySet:
    """The objectives that the person may know of; a mere draft is for who may write one."""
    found = Objective.objects.of(here.convention).select_related("theme__axis__convention", "since")
    drafts = commitment_of(Objective()).may_draft(here.user, here.convention) is None
    return found if drafts else found.exclude(standing=Standing.DRAFT)


class Desk:
    """What a person who writes a version of ``row`` finds there."""

    def __init__(self, row: Model, here):
        self.row, self.here = row, here

    @cached_property
    def drafts(self) -> list[Version]:
        return list(Version.objects.about(self.row).drafts().order_by("created_at", "pk"))

    @cached_property
    def own(self) -> Version | None:
        """One's own draft."""
        return next((d for d in self.drafts if d.author_id == self.here.user.pk), None)

    @property
    def others(self) -> list[Version]:
        return [draft for draft in self.drafts if draft != self.own]

    @property
    def revision(self) -> int:
        """Of one's own draft, 0 without."""
        return revision_of(self.own)

    @cached_property
    def reference(self) -> Version | None:
        """The version discussed, else the one in force."""
        return latest_live_version(self.row)

    @cached_property
    def requests(self) -> list[Agreement]:
        """What parties ask to change in the version discussed: the next one answers them."""
        if self.reference is None or not self.reference.is_proposed:
            return []
        self.reference.convention = self.here.convention
        return point_of(self.reference).returning_answers

    def source(self, asked: str) -> Version | None:
        """What a form is filled from: one's draft, a colleague's asked for, or what stands."""
        colleagues = self.others if self.here.manages else []
        chosen = [draft for draft in colleagues if str(draft.pk) == asked]
        return self.own or next(iter(chosen), self.reference)

    def initial(self, source: Version | None) -> dict:
        """The values of a form filled from ``source``, and what it tells of that."""
        commitment = commitment_of(self.row)
        content = source.content if source else commitment.content(self.row)
        values = {field.name: field.parse(content[field.name]) for field in commitment.fields}
        is_draft = source is not None and source.is_draft
        return values | self.tokens(source) | {"note": source.note if is_draft else ""}

    def tokens(self, source: Version | None) -> dict:
        """Which version a form filled from ``source`` goes back to, and which draft it shows."""
        base = source.base if source and source.is_draft else source
        return {"base": base.pk if base else "", "revision": self.revision}

    def save(self, content: dict, *, note: str, base: str, revision: int) -> Version:
        """Save one's draft as a form tells it; raises Refused, with Rewritten when the form was
        filled from something else than what there is by now."""
        begun_from = self._base(base)
        if begun_from is None and self.own is None and self.reference:
            raise Refused(REWRITTEN)
        by = self.here.user
        return save_draft(self.row, content, note=note, base=begun_from, revision=revision, by=by)

    def _base(self, pk: str) -> Version | None:
        key = key_in(pk)
        versions = Version.objects.about(self.row).numbered()
        return versions.filter(pk=key).first() if key else None

    # What there is by now, where somebody comes second ------------------------------------------

    @property
    def meanwhile(self) -> Meanwhile:
        """What has become of the text that a form was filled from."""
        slug = self.here.convention.slug
        if self.own:
            saved = timezone.localtime(self.own.saved_at)
            return Meanwhile(
                f"Votre brouillon a été enregistré ailleurs le {long_date(saved)} à {saved:%-Hh%M}",
                ENDED_ELSEWHERE if self.own.ends else "",
                reverse("committee:draft", args=[slug, self.own.pk]),
            )
        if self.reference:
            told = f"La version {self.reference.number} du {long_date(self.reference.dated)}"
            url = reverse("committee:point", args=[slug, self.reference.pk])
            return Meanwhile(f"{told} est là depuis", url=url)
        return Meanwhile("Votre brouillon n’est plus là")

    def differences(self, content: dict, note: str) -> Changes:
        """From what there is by now, one's draft or what stands, to what has just been typed."""
        now = self.own or self.reference
        typed = Version(kind=commitment_of(self.row).kind)
        typed.write(content)
        written = now.note if now and now.is_draft else ""
        told = Change(NOTE, words_changed(written, canonical.plain(note)))
        return Changes([*content_changes(typed, now), told])


@dataclass(frozen=True)
class Conflict:
    """A field that two versions changed differently: before, and what each makes of it."""

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
    """A draft as a page shows it to the person who is ``here``."""

    def __init__(self, draft: Version, here):
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
    def own_beside(self) -> Version | None:
        """One's own draft of the same row, when this is a colleague's."""
        return None if self.is_mine else self.desk.own

    @property
    def point(self) -> Point:
        return Point(self.draft, [])

    @property
    def changes(self) -> Changes:
        return content_changes(self.draft, self.draft.base)

    @cached_property
    def foretold(self) -> str:
        """What follows from it that should be known before it is agreed to."""
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
        """How it goes with what was proposed since it was begun; None when nothing was.

        A withdrawal says nothing of its own about the text: it takes what is in force.
        """
        found = merge_with_current(self.draft)
        if found is None:
            return None
        if self.draft.ends:
            return Merge(self.commitment.content(self.draft.subject))
        return found

    @property
    def labels(self) -> dict[str, str]:
        return {field.name: field.label for field in self.commitment.fields}

    @property
    def taken(self) -> list[str]:
        """What of the other version is taken over as it is, in words."""
        return [self.labels[name] for name in self.merge.taken]

    @property
    def kept(self) -> list[str]:
        """What of the draft stays because only it changed that, in words."""
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
        sides = [self.draft.base, self.current, self.draft]
        before, theirs, mine = (
            field.show(side.content[field.name]) if side else "" for side in sides
        )
        return Conflict(field, before, words_changed(before, theirs), words_changed(before, mine))

    @property
    def sides(self) -> tuple[str, str]:
        """How the two versions are called: what stands, and the draft."""
        current = self.current
        theirs = f"La version {current.number} du {long_date(current.dated)}"
        if current.author_name and current.author_id != self.here.user.pk:
            theirs += f", {de(current.author_name)}"
        mine = "Mon brouillon" if self.is_mine else f"Le brouillon {de(self.draft.author_name)}"
        return theirs, mine

    @property
    def changes_nothing(self) -> bool:
        """Whether nothing of the draft is left once the two are brought together."""
        same = self.merge.content == self.current.content
        return same and self.draft.ends == self.current.ends and not self.conflicts

    def merging_tokens(self) -> dict:
        """What a form that brings the two together was filled from."""
        return {
            "base": self.current.pk,
            "revision": self.desk.revision if self.is_mine else 0,
            "drafted": 0 if self.is_mine else self.draft.revision,
        }

    def save_merged(self, content: dict, *, revision: int) -> Version:
        """Save as one's own draft what was brought together; raises Refused."""
        draft = self.draft
        return save_draft(
            draft.subject, content, note=draft.note, ends=draft.ends, base=self.current,
            revision=revision, by=self.here.user,
        )  # fmt: skip

    @property
    def base_is_gone(self) -> bool:
        """Whether the version it was begun from was taken back, and not replaced by another."""
        base = self.draft.base
        return base is not None and not base.is_live and base.number > self.current.number

    # What may be done ---------------------------------------------------------------------------

    @property
    def may_propose(self) -> Refusal | None:
        return rights.may_propose(self.here.user, self.draft)

    @property
    def end_url(self) -> str | None:
        """Where the reason of a withdrawal is written again."""
        return self.commitment.end_url(self.draft.subject)

    @property
    def edit_url(self) -> str | None:
        """Where the person goes on writing; from a colleague's draft, a version of one's own."""
        convention, row = self.here.convention, self.draft.subject
        if self.commitment.may_draft(self.here.user, convention, row):
            return None
        url = self.commitment.edit_url(row)
        return url if self.is_mine or url is None else f"{url}?depuis={self.draft.pk}"
