"""Writing versions: drafts by several people, proposed one after the other."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.models import User
from agreements.commitments import canonical
from agreements.commitments.commitment import commitment_of
from agreements.commitments.fields import ordered_like
from agreements.versions import rights
from agreements.versions.differences import Merge, merge
from agreements.versions.models import State, Version, VersionVerb
from agreements.versions.rows import lock_row, lock_versions, show_as_proposed, withdraw
from conventions.access.rights import coordinating
from conventions.models import Origin, Standing
from ctg_portal.forms.revisions import NO_REVISION, Rewritten, check_revision
from ctg_portal.house import house, let_follow
from ctg_portal.marks.events import changed, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.transitions import move

NOTHING_CHANGED = Refusal("Cette version ne change rien à celle qui est proposée ou en vigueur.")
REASON_MISSING = Refusal("Dites pourquoi ce point est retiré : les parties le liront.")


class Outdated(Refusal):
    """Another version has been proposed since the draft was begun: both are to be compared."""


REWRITTEN = Rewritten(
    "Votre brouillon a changé depuis que cette page est ouverte : comparez les deux textes."
)

UNREAD = Rewritten(
    "Ce brouillon a été réécrit depuis que cette page est ouverte : relisez-le avant de le "
    "proposer."
)


def latest_live_version(row: Model) -> Version | None:
    """Return the version that a new draft of ``row`` starts from: the proposed one, else the one in
    force; None without either."""
    return Version.objects.about(row).live().order_by("-number").first()


@event()
def save_draft(row: Model, content: dict, *, by: User | None, note: str = "", ends: bool = False,
               base: Version | None = None, revision: int | None = None) -> Version:  # fmt: skip
    """Save the draft of ``row`` by ``by``; a person has one draft of a row at a time.

    ``content``: values by field of the commitment, of Python or canonical. ``base``: the version
    that the person was looking at, by default the latest live one; the draft keeps it until it is
    merged. ``ends``: agreeing to it withdraws the row. ``revision``: that of the draft that was
    shown, 0 for none, None to skip the check; raises Refused with Rewritten where the person has
    written it elsewhere since. A form sent twice returns the version that it made the first time,
    which may be proposed by then.
    """
    commitment = commitment_of(row)
    convention = commitment.convention_of(row)
    changed(convention, Subject.COMMITTEE, Subject.of(row))
    enforce(commitment.may_draft(by, convention, row))
    row = lock_row(row)
    written = Version.objects.about(row).drafts().filter(author=by).first()
    if revision is not None:
        typed = Version(subject=row, kind=commitment.kind, author=by, base=base, note=note)
        if twin := _find_identical_draft(typed, content, ends=ends):
            return twin
        check_revision(written, revision, REWRITTEN)
    draft = written or Version(
        convention=convention,
        subject=row,
        kind=commitment.kind,
        origin=Origin.COMMITTEE,
        author=by,
        base=base or latest_live_version(row),
    )
    if base is not None:
        draft.base = base
    draft.note, draft.author_name = note, str(by or "")
    before = draft.base.content if draft.base else {}
    draft.write(ordered_like(commitment.fields, before, content), ends=ends)
    draft.title = commitment.title_of(row, draft.content)[:500]
    draft.save()
    if getattr(row, "standing", None) == Standing.DRAFT:
        commitment.apply(row, draft.content, Standing.DRAFT)
    return draft


def _find_identical_draft(typed: Version, content: dict, *, ends: bool) -> Version | None:
    """Return the draft or proposal that the author of ``typed`` has written of the same row, from
    the same base and word for word, or None."""
    versions = Version.objects.about(typed.subject).filter(author=typed.author)
    for version in versions.filter(state__in=[State.DRAFT, State.PROPOSED], note=typed.note):
        if typed.base not in (None, version.base):
            continue
        before = version.base.content if version.base else {}
        typed.write(ordered_like(typed.commitment.fields, before, content), ends=ends)
        if typed.text == version.text:
            return version
    return None


def find_identical_version(rows: QuerySet, content: dict, by: User | None) -> Version | None:
    """Return a draft or proposal by ``by`` of one of these rows whose text is that of ``content``:
    what a form sent twice made the first time. None without one."""
    versions = Version.objects.about_rows(rows)
    versions = versions.filter(author=by, state__in=[State.DRAFT, State.PROPOSED])
    return versions.filter(text=canonical.canonical(content)).first()


def merge_with_current(draft: Version) -> Merge | None:
    """Return the merge of a draft with the version proposed or in force now, where that is not the
    one it was begun from; None if it is. Nothing is written."""
    row: Any = draft.subject
    current = latest_live_version(row)
    if current is None or current == draft.base:
        return None
    before = draft.base.content if draft.base else {}
    return merge(before, current.content, draft.content)


@event(Subject.COMMITTEE)
def propose(
    draft: Version, *, by: User, after_term: str = "", revision: int | None = None
) -> Version:
    """Propose a draft to the parties and return it; it takes the next number and replaces an
    earlier proposal. Its row shows it, unless another version is in force.

    ``revision``: that of the draft that was shown, None to skip the check. ``after_term``: why it
    is proposed after the term. Raises Refused: with Rewritten when its author has written it again
    since, with Outdated when another version was proposed since the draft was begun, with AfterTerm
    when it is a commitment after the term and ``after_term`` is empty.
    """
    draft.commitment.lock_compared_rows(draft.convention)
    [draft] = lock_versions([draft])
    enforce(rights.may_propose(by, draft))
    check_revision(draft, revision, UNREAD)
    row: Any = draft.subject
    enforce(draft.commitment.refuse_incomplete(draft.convention, draft.content, row))
    current = latest_live_version(row)
    if current and current != draft.base:
        raise Refused(
            Outdated(
                "Une autre version a été proposée depuis que ce brouillon est commencé : "
                "comparez les deux avant de proposer la vôtre."
            )
        )
    if current and (current.content, current.ends) == (draft.content, draft.ends):
        raise Refused(NOTHING_CHANGED)
    beyond = rights.refuse_after_term(draft, timezone.localdate())
    draft.after_term = after_term.strip() if beyond else ""
    if not draft.after_term:
        enforce(beyond)
    replaced = [current] if current and current.is_proposed else []
    for version in replaced:
        move(version, VersionVerb.REPLACED, **coordinating(by), ended_at=timezone.now())
    # A draft of an earlier release is asked in the words of this one.
    draft.write(draft.content, ends=draft.ends)
    draft.number = Version.objects.about(draft.subject).next_number()
    draft.proposed_at = timezone.now()
    move(draft, VersionVerb.PROPOSED, **coordinating(by), reason=draft.note)
    show_as_proposed(draft)
    let_follow(house().after_answers, replaced, **coordinating(by))
    let_follow(house().after_proposal, draft)
    return draft


class NoneProposed(Refused):
    """Raised when some of several drafts cannot be proposed, so that none is. ``refusals``: why, by
    the draft's primary key."""

    def __init__(self, refusals: dict[int, Refusal]):
        super().__init__(next(iter(refusals.values())))
        self.refusals = refusals


@event()
def propose_all(
    drafts: Iterable[Version], *, by: User, after_term: str = "",
    revisions: Mapping[int, int] | None = None,
) -> list[Version]:  # fmt: skip
    """Propose several drafts as ``propose`` does, all of them or none; return them.

    ``revisions``: that of each draft as it was shown, by primary key; a draft that is not among
    them counts as rewritten. None skips the check. Raises NoneProposed.
    """
    proposed, refusals = [], {}
    for draft in drafts:
        revision = None if revisions is None else revisions.get(draft.pk, NO_REVISION)
        try:
            proposed.append(propose(draft, by=by, after_term=after_term, revision=revision))
        except Refused as refused:
            refusals[draft.pk] = refused.refusal
    if refusals:
        raise NoneProposed(refusals)
    return proposed


@event(Subject.COMMITTEE)
def discard_draft(draft: Version, *, by: User | None) -> None:
    """Delete one's own draft, and its row if that was never anything but this draft. Raises
    Refused."""
    [draft] = lock_versions([draft])
    if not draft.is_draft or draft.author != by:
        raise Refused(Refusal("Un brouillon ne se jette que par la personne qui l’écrit."))
    row: Any = draft.subject
    draft.delete()
    others = Version.objects.about(row)
    if getattr(row, "standing", None) == Standing.DRAFT and not others.exists():
        changed(draft, Subject.of(row))
        row.delete()


@event(Subject.COMMITTEE)
def withdraw_version(version: Version, *, reason: str, by: User) -> None:
    """Withdraw a proposed version; what is in force stays so. Raises Refused, also without a
    reason."""
    [version] = lock_versions([version])
    enforce(rights.may_withdraw(by, version))
    if not reason.strip():
        raise Refused(REASON_MISSING)
    withdraw(version, reason=reason, **coordinating(by))
    let_follow(house().after_answers, [version], **coordinating(by))
