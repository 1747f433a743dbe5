"""Drafts that are proposed together, as one dossier: which may be, and the form that chooses."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms

from agreements.answers.lights import Point
from agreements.commitments.commitment import by_kind
from agreements.models import Version
from agreements.versions.rights import refuse_after_term
from committee.dossiers.forms import DossierForm
from committee.dossiers.reading import Candidate, place_of
from committee.pages import CommitteeReader
from committee.words import capitalized, heading_of
from ctg_portal.forms.fields import NumbersByKeyField, prose
from ctg_portal.rules import Refusal

SEVERAL_WRITE = "Plusieurs personnes l’écrivent : il se propose depuis sa page."
OUTDATED = "Une autre version a été proposée depuis : les deux textes se rapprochent sur sa page."
GONE = (
    "Un des brouillons choisis n’est plus à proposer : la liste ci-dessous est à jour, vérifiez-la."
)


@dataclass(frozen=True)
class DraftCandidate(Candidate):
    """A draft that may be proposed; ``remark`` says why it cannot be yet. ``beyond``: it would be
    proposed after the term, which asks for a reason."""

    beyond: Refusal | None = None

    @property
    def heading(self) -> str:
        return heading_of(self.version)


def draft_candidates(here: CommitteeReader, kind: str = "") -> list[DraftCandidate]:
    """Return the drafts that the reader may read, of ``kind`` or of all kinds for an empty one, in
    the order of the axes.

    Each has a remark where it is incomplete, outdated or written by several people, and ``beyond``
    where it is a commitment after the term. A few queries whatever their number.
    """
    rows = Version.objects.of(here.convention).drafts().with_subjects().select_related("base")
    drafts = list(rows.readable_by(here.user, drafts=here.manages))
    written = Counter((draft.kind, draft.object_id) for draft in drafts)
    live = defaultdict(list)
    for version in Version.objects.with_same_subject(drafts).live().defer("text", "search_text"):
        live[version.kind, version.object_id].append(version)
    shown = [draft for draft in drafts if kind in ("", draft.kind)]
    incomplete = _incomplete(here, shown)
    candidates = []
    for draft in shown:
        draft.convention = here.convention
        row = draft.kind, draft.object_id
        current = max(live[row], key=lambda version: version.number or 0, default=None)
        remark = incomplete.get(draft.pk, "")
        if current is not None and current.pk != draft.base_id:
            remark = OUTDATED
        elif written[row] > 1:
            remark = SEVERAL_WRITE
        beyond = refuse_after_term(draft, here.today)
        candidates.append(DraftCandidate(Point(draft, []), remark, beyond))
    return sorted(candidates, key=lambda one: place_of(one.version))


def _incomplete(here: CommitteeReader, drafts: list[Version]) -> dict[int, str]:
    """Return why drafts cannot be proposed as they are, by primary key."""
    by_kinds = defaultdict(list)
    for draft in drafts:
        by_kinds[draft.kind].append(draft)
    reasons = {}
    for kind, same_kind in by_kinds.items():
        contents = [(draft.content, draft.subject) for draft in same_kind]
        refusals = by_kind(kind).refuse_each(here.convention, contents)
        for draft, refusal in zip(same_kind, refusals, strict=True):
            if refusal is not None:
                reasons[draft.pk] = capitalized(refusal.reason)
    return reasons


class ProposingForm(DossierForm):
    """What a dossier says, which drafts are proposed with it, in the ``revisions`` that were shown,
    and, where one of them is a commitment after the term, why."""

    after_term = prose(
        "Pourquoi les proposer maintenant",
        required=False,
        rows=3,
        help_text="Certains engagent après le terme de la convention : les parties le liront.",
    )
    revisions = NumbersByKeyField()

    def __init__(self, *args, candidates: list[DraftCandidate], **kwargs):
        self.ready = {c.version.pk: c for c in candidates if not c.remark}
        super().__init__(*args, versions=[c.version for c in self.ready.values()], **kwargs)
        points = self.fields["points"]
        points.label = "Brouillons"
        points.error_messages |= {
            "required": "Choisissez au moins un brouillon.", "invalid_choice": GONE,
        }  # fmt: skip
        self.initial["revisions"] = {pk: c.version.revision for pk, c in self.ready.items()}
        if not any(c.beyond for c in self.ready.values()):
            del self.fields["after_term"]

    def show_revisions(self) -> None:
        """Carry the revisions that this page shows, where it is shown again."""
        shown = self.fields["revisions"].prepare_value(self.initial["revisions"])
        sent: Any = self.data.copy()  # type: ignore[attr-defined]
        sent["revisions"] = shown
        self.data = sent

    @cached_property
    def chosen(self) -> list[DraftCandidate]:
        """The chosen drafts, in the order of the list."""
        return [self.ready[version.pk] for version in self.cleaned_data["points"]]

    @property
    def dossier_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in ("points", "revisions")]

    def clean(self):
        """Ask why, where a chosen draft is a commitment after the term."""
        cleaned = super().clean() or self.cleaned_data
        chosen = [self.ready[version.pk] for version in cleaned.get("points", [])]
        beyond = next((c.beyond for c in chosen if c.beyond), None)
        if beyond and not cleaned.get("after_term"):
            self.add_error("after_term", f"{beyond.reason} Dites pourquoi.")
        return cleaned


def keys_asked(query: str, candidates: Collection[DraftCandidate]) -> list[int]:
    """Return which candidates an address names (« 12.13.14 », « tous »), of those that are
    ready."""
    ready = [c.version.pk for c in candidates if not c.remark]
    asked = set(query.split("."))
    return [pk for pk in ready if str(pk) in asked or query == "tous"]
