"""Figures of years before the convention: the last of them is where an indicator starts from. What
it says is agreed to, so that it becomes a draft of its definition."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import User
from agreements.commitments.commitment import commitment_of
from agreements.models import Version
from agreements.versions.events import discard_draft, save_draft
from ctg_portal.forms.revisions import decode_revision, revision_of
from ctg_portal.rules import Refusal, Refused, enforce
from indicators.definitions.adding_up import refuse_revealing_baseline
from indicators.definitions.definition import Definition
from indicators.definitions.faults import secret_baseline
from indicators.definitions.models import Indicator
from indicators.values.figure import Figure
from spreadsheets.importing.adapter import Undoing
from spreadsheets.importing.preview import Line, Mistake, Outcome

BASELINE = "situation-initiale"
WRITTEN_SINCE = Refusal("Le brouillon de cet indicateur a été repris depuis.")
WITHDRAWING = Refusal(
    "Votre brouillon retire cet indicateur : proposez-le aux parties ou abandonnez-le, avant d’en "
    "changer la situation initiale."
)


@dataclass(frozen=True)
class Baseline:
    """Where an indicator starts from."""

    number: Decimal
    year: int
    source: str = ""

    @property
    def content(self) -> dict:
        """As the commitment holds it."""
        held = {
            "baseline_value": self.number,
            "baseline_year": self.year,
            "baseline_source": self.source,
        }
        plain = commitment_of(Indicator()).plain(held)
        return {name: plain[name] for name in held}


class Baselines:
    """What is in force or discussed of some indicators, and the person's own drafts of them."""

    def __init__(self, indicators: Iterable[Indicator], user: User | None):
        self.user = user
        rows = Indicator.objects.filter(pk__in=[one.pk for one in indicators])
        versions = Version.objects.about_rows(rows)
        # The last one that is proposed stands before that in force.
        self.standing = {v.object_id: v for v in versions.live().order_by("number")}
        self.drafts = {v.object_id: v for v in versions.drafts().filter(author=user)}

    def line(self, indicator: Indicator, year: int, figure: Figure, place: str) -> Line | Mistake:
        """What a figure of an earlier year changes of an indicator."""
        draft = self.drafts.get(indicator.pk)
        held = (draft or self.standing[indicator.pk]).content
        definition = Definition(held)
        told = Baseline(figure.number, year, figure.source or held["baseline_source"])
        label = f"{held['title']}, situation initiale"
        refusal = commitment_of(indicator).may_draft(self.user, indicator.convention, indicator)
        if refusal:
            return Mistake(place, refusal.reason, label)
        if draft and draft.ends:
            return Mistake(place, WITHDRAWING.reason, label)
        for _, reason in secret_baseline(held | told.content, indicator.provider):
            return Mistake(place, reason, label)
        if refusal := refuse_revealing_baseline(held | told.content, indicator):
            return Mistake(place, refusal.reason, label)
        is_same = held == held | told.content
        outcome = Outcome.CHANGED if held["baseline_value"] is not None else Outcome.NEW
        return Line(
            key=f"{BASELINE}:{indicator.pk}",
            label=label,
            place=place,
            outcome=Outcome.UNCHANGED if is_same else outcome,
            before=_told(definition, definition.baseline, held["baseline_year"]),
            after=_told(definition, figure.number, year),
            compared_with=str(revision_of(draft)),
            about=indicator,
            was=draft.content if draft else None,
            content=told,
        )


def _told(definition: Definition, number: Decimal | None, year: int | None) -> str:
    return "rien" if number is None else f"{definition.show(number)} ({year})"


def keep_baseline(line: Line, *, by: User | None) -> Undoing:
    """Write it into one's draft, whose reason stays; what the draft held before, and its revision.
    Raises Refused."""
    versions = Version.objects.about(line.about)
    own = versions.drafts().filter(author=by).first()
    enforce(WITHDRAWING if own and own.ends else None)
    held = line.was or versions.live().order_by("number").last().content
    note = own.note if own else ""
    content = held | line.content.content
    draft = save_draft(
        line.about, content, note=note, by=by, revision=decode_revision(line.compared_with)
    )
    return Undoing({"content": line.was, "note": note}, str(draft.revision))


def undo_baseline(indicator: Indicator, before: dict, writing: str, *, by: User | None) -> None:
    """Have the draft as it was, or none; raises Refused where it was written again since."""
    draft = Version.objects.about(indicator).drafts().filter(author=by).first()
    enforce(None if draft and str(draft.revision) == writing else WRITTEN_SINCE)
    if before["content"] is None:
        discard_draft(draft, by=by)
        return
    try:
        # What was kept by an earlier release says nothing of the reason: it stays as it is.
        note = before.get("note", draft.note)
        save_draft(
            indicator, before["content"], note=note, by=by, revision=decode_revision(writing)
        )
    except Refused:
        raise Refused(WRITTEN_SINCE) from None
