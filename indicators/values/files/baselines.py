"""Import the baselines of indicators: their last figures of years before the convention.

A baseline is part of what the parties agree to, so that it becomes a draft of the definition.
"""

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
    """The baseline of an indicator: number, year and source."""

    number: Decimal
    year: int
    source: str = ""

    @property
    def content(self) -> dict:
        """Return these fields as the commitment of an indicator stores them."""
        values = {
            "baseline_value": self.number,
            "baseline_year": self.year,
            "baseline_source": self.source,
        }
        plain = commitment_of(Indicator()).plain(values)
        return {name: plain[name] for name in values}


class Baselines:
    """The versions in force or proposed of some indicators, and a person's drafts of them."""

    def __init__(self, indicators: Iterable[Indicator], user: User | None):
        self.user = user
        rows = Indicator.objects.filter(pk__in=[one.pk for one in indicators])
        versions = Version.objects.about_rows(rows)
        # The last one that is proposed stands before that in force.
        self.standing = {v.object_id: v for v in versions.live().order_by("number")}
        self.drafts = {v.object_id: v for v in versions.drafts().filter(author=user)}

    def line(self, indicator: Indicator, year: int, figure: Figure, place: str) -> Line | Mistake:
        """Return the line of a figure of an earlier year, compared with the baseline that is
        drafted or agreed to; the mistake where the person may not draft it or it would reveal a
        protected figure."""
        draft = self.drafts.get(indicator.pk)
        content = (draft or self.standing[indicator.pk]).content
        definition = Definition(content)
        baseline = Baseline(figure.number, year, figure.source or content["baseline_source"])
        label = f"{content['title']}, situation initiale"
        refusal = commitment_of(indicator).may_draft(self.user, indicator.convention, indicator)
        if refusal:
            return Mistake(place, refusal.reason, label)
        if draft and draft.ends:
            return Mistake(place, WITHDRAWING.reason, label)
        for _, reason in secret_baseline(content | baseline.content, indicator.provider):
            return Mistake(place, reason, label)
        if refusal := refuse_revealing_baseline(content | baseline.content, indicator):
            return Mistake(place, refusal.reason, label)
        is_same = content == content | baseline.content
        outcome = Outcome.CHANGED if content["baseline_value"] is not None else Outcome.NEW
        return Line(
            key=f"{BASELINE}:{indicator.pk}",
            label=label,
            place=place,
            outcome=Outcome.UNCHANGED if is_same else outcome,
            before=_format_baseline(definition, definition.baseline, content["baseline_year"]),
            after=_format_baseline(definition, figure.number, year),
            compared_with=str(revision_of(draft)),
            about=indicator,
            was=draft.content if draft else None,
            content=baseline,
        )


def _format_baseline(definition: Definition, number: Decimal | None, year: int | None) -> str:
    return "rien" if number is None else f"{definition.show(number)} ({year})"


def keep_baseline(line: Line, *, by: User | None) -> Undoing:
    """Write a baseline into the person's draft, whose reason stays; return what the draft held
    before and its new revision. Raises Refused."""
    versions = Version.objects.about(line.about)
    own = versions.drafts().filter(author=by).first()
    enforce(WITHDRAWING if own and own.ends else None)
    current = line.was or versions.live().order_by("number").last().content
    note = own.note if own else ""
    content = current | line.content.content
    draft = save_draft(
        line.about, content, note=note, by=by, revision=decode_revision(line.compared_with)
    )
    return Undoing({"content": line.was, "note": note}, str(draft.revision))


def undo_baseline(indicator: Indicator, before: dict, writing: str, *, by: User | None) -> None:
    """Restore the draft as it was, or discard it where there was none. Raises Refused where it was
    written again since."""
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
