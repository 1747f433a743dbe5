"""The page of one point at one of its versions: its versions, what was said, what may be done."""

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import cached_property

from agreements.answers import rights as answers_rights
from agreements.answers.lights import Point, points_of, required_of
from agreements.models import (
    WITH_ATTACHMENTS,
    Agreement,
    Answer,
    Version,
    VersionTransition,
    VersionVerb,
)
from agreements.versions import rights as versions_rights
from agreements.versions.endings import may_end
from committee.amendments import rights as amendments_rights
from committee.answers.noted import Noted
from committee.answers.undoing import Fresh, fresh_among
from committee.comments import rights as comments_rights
from committee.comments.thread import Thread, Told
from committee.models import Comment
from committee.points import rights as points_rights
from committee.points.inbox import Inbox
from committee.points.reading import Card, cards_of, content_changes, last_rank_of
from committee.points.series import AdviceSeries, Pip, Series
from committee.points.words import state_of
from committee.register.reading import ACTS
from conventions.legal.reading import amending_article, parties_of
from conventions.models import Convention, Origin
from ctg_portal.differences import Changes
from ctg_portal.house import ActionLink
from ctg_portal.marks.keeping import kept
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal

RECORD = "Saisir un accord recueilli hors portail"


@dataclass(frozen=True)
class Said:
    """An entry, and what the person reading may do about it; or an act on the version."""

    entry: Agreement | None
    actions: list[ActionLink]
    act: VersionTransition | None = None

    @property
    def word(self) -> str:
        return ACTS[self.act.verb]

    @property
    def reason(self) -> str:
        """Why; the reason of a proposal stands beside its content already."""
        act = self.act
        return "" if act.verb == VersionVerb.PROPOSED else act.reason

    @property
    def moment(self):
        return (self.entry or self.act).created_at


@dataclass(frozen=True)
class Record:
    """What was said of a version, as everybody reads it: where parties stand, all entries, and who
    proposed or withdrew it."""

    point: Point
    entries: list[Agreement]
    acts: list[VersionTransition]


@kept(*Subject)
def record_of(convention: Convention, pk: int) -> Record:
    """Return what was said of a version; the key of a draft is given for who may read it."""
    version = Version.objects.defer("text", "search_text").get(pk=pk)
    rows = version.agreements.select_related(
        "organisation", "contests", "confirmation", "undoes", "undoing"
    )
    rows = rows.prefetch_related(WITH_ATTACHMENTS, "contestations").order_by("created_at", "pk")
    [point] = points_of([version], required_of(convention))
    return Record(point, list(rows), list(version.transitions.announced()))


class PointPage:
    """What the person who is ``here`` reads of ``version``; ``asked`` is what the address says."""

    def __init__(self, version: Version, here, asked):
        self.version, self.here, self.asked = version, here, asked
        version.convention = here.convention

    @cached_property
    def _record(self) -> Record:
        return record_of(self.here.convention, self.version.pk)

    @cached_property
    def point(self) -> Point:
        return replace(self._record.point, version=self.version)

    @property
    def state(self) -> str:
        return state_of(self.point)

    @cached_property
    def foretold(self) -> str:
        """What follows from a proposal that should be known before it is agreed to."""
        version = self.version
        if not version.is_proposed or version.ends:
            return ""
        return version.commitment.describe_consequences(version.subject, version.content)

    # Versions -----------------------------------------------------------------------------------

    @cached_property
    def versions(self) -> list[Version]:
        """All that the person may read of this point, the latest first; drafts at the top."""
        beside = Version.objects.with_same_subject([self.version])
        shown = beside.readable_by(self.here.user, drafts=self.here.manages)
        found = sorted(shown, key=lambda v: (v.is_draft, v.number or 0, v.pk), reverse=True)
        # The one that the page is about knows its row and its convention.
        return [self.version if version == self.version else version for version in found]

    @property
    def numbered(self) -> list[Version]:
        return [version for version in self.versions if version.number]

    @property
    def is_comparable(self) -> bool:
        return len(self.numbered) > 1

    @property
    def is_comparing(self) -> bool:
        """Whether the address asks for what changed between two versions."""
        return bool(self._asked("depuis") or self._asked("vers"))

    @cached_property
    def until(self) -> Version:
        """The later of the two that are compared: by default, the one that is read."""
        return self._asked("vers") or self.version

    @cached_property
    def since(self) -> Version | None:
        """The earlier one: by default what one's party answered, where it is asked again; else the
        one in force, or that was when this one came."""
        return self._asked("depuis") or self._reference()

    def _asked(self, name: str) -> Version | None:
        number = self.asked.get(name)
        return next((v for v in self.numbered if str(v.number) == number), None)

    def _reference(self) -> Version | None:
        number = self.until.number or 0
        if self.until.is_draft:
            return next((v for v in self.versions if v.pk == self.until.base_id), None)
        if self.until == self.version and self.card.answered:
            return self.card.answered
        if self.until.succeeds_id:
            return next((v for v in self.versions if v.pk == self.until.succeeds_id), None)
        in_force = [v for v in self.numbered if v.is_in_force and v.number < number]
        earlier = [v for v in self.numbered if v.number < number]
        return next(iter(in_force or earlier), None)

    @property
    def requests(self) -> list[Agreement]:
        """By which it is with its author again: what the next version is to answer."""
        return self.point.returning_answers if self.version.is_proposed else []

    @property
    def asked_by_others(self) -> list[Agreement]:
        """What other parties asked to change in earlier versions, which this one answers."""
        if not self.version.is_proposed:
            return []
        return [one for one in self.card.asked_earlier if one != self.card.requested]

    @property
    def rewriting_url(self) -> str:
        """Where the version is written that a request for change waits for: what is to be done."""
        row, commitment = self.version.subject, self.version.commitment
        if row is None or not (self.version.is_proposed and self.point.is_returned):
            return ""
        if commitment.may_draft(self.here.user, self.here.convention, row):
            return ""
        return commitment.edit_url(row) or ""

    @cached_property
    def changes(self) -> Changes:
        return content_changes(self.until, self.since)

    @cached_property
    def content(self) -> Changes:
        """What is proposed, from what the reader knows; else the content as it is, or was."""
        return content_changes(self.version, self.card.before if self.is_asked_of_all else None)

    @property
    def is_asked_of_all(self) -> bool:
        """Whether the page is there to be answered: it begins with what changes."""
        return self.version.is_proposed

    @cached_property
    def overtaken(self) -> str:
        """Why it is not to be answered as it is any more."""
        version = self.version
        return version.commitment.describe_overtaken(version) if self.is_asked_of_all else ""

    @property
    def gist(self) -> str:
        return self.card.gist if self.is_asked_of_all else ""

    @cached_property
    def card(self) -> Card:
        [card] = cards_of([self.point], self.here, versions=self.versions)
        card.noted = self.noted
        return card

    @property
    def newest(self) -> Version | None:
        """The version that is discussed instead of this one."""
        later = (v for v in self.numbered if v.is_proposed and v != self.version)
        return next(later, None)

    # What was said ------------------------------------------------------------------------------

    @cached_property
    def said(self) -> list[Said]:
        entries = self._record.entries
        for entry in entries:
            entry.version = self.version
        attachable = {
            entry.organisation_id: answers_rights.may_attach(self.here.user, entry, self.here.bench)
            is None
            for entry in {entry.organisation_id: entry for entry in entries}.values()
        }
        return [Said(e, self._actions_on(e, attachable[e.organisation_id])) for e in entries]

    @property
    def undoables(self) -> list[Fresh]:
        """What the reader has just answered, and may still take back, the latest first."""
        entries = [one.entry for one in self.said if one.entry]
        fresh = fresh_among(self.here, entries, {self.version.pk: self.point})
        return [one for one in reversed(fresh) if one.refusal is None]

    @property
    def to_confirm(self) -> list[Said]:
        """What was recorded and waits for the reader: they came to say whether it was said."""
        if not self.version.is_proposed:
            return []
        recorded = [one.entry for one in self.said if one.entry.is_pending]
        verdicts = [(entry, self._verdicts_on(entry)) for entry in recorded]
        return [Said(entry, acts) for entry, acts in verdicts if acts]

    @cached_property
    def history(self) -> list[Said]:
        """The same between who proposed the version and who withdrew it."""
        acts = [Said(None, [], act) for act in self._record.acts]
        return sorted([*acts, *self.said], key=lambda one: one.moment)

    def _actions_on(self, entry: Agreement, is_attachable: bool) -> list[ActionLink]:
        found = self._verdicts_on(entry)
        if is_attachable and entry.answer in Answer.party_answers():
            found.append(ActionLink("Joindre un document", self._url("attach", entry.pk)))
        return found

    def _verdicts_on(self, entry: Agreement) -> list[ActionLink]:
        """Whether what was recorded was said."""
        entry.version, user = self.version, self.here.user
        found = []
        if not answers_rights.may_confirm(user, entry, self.point, self.here.bench):
            label = f"Confirmer {entry.label_in_sentence}"
            found.append(ActionLink(label, self._url("confirm", entry.pk)))
        if not answers_rights.may_refuse(user, entry, self.point, self.here.bench):
            label = f"Ce n’est pas la réponse {entry.organisation.of_the}"
            found.append(ActionLink(label, self._url("refuse", entry.pk)))
        return found

    @cached_property
    def comments(self) -> Thread:
        def told(comment: Comment) -> Told:
            may_edit = comments_rights.may_edit_comment(self.here.user, comment) is None
            edit = ActionLink("Modifier mon commentaire", self._url("edit_comment", comment.pk))
            return Told(
                comment, self._url("comment_history", comment.pk), [edit] if may_edit else [], []
            )

        return Thread(self.version.comments.all(), self.asked, told)

    @property
    def is_signed(self) -> bool:
        return self.version.origin == Origin.SIGNATURE

    @cached_property
    def signing_parties(self) -> list:
        """The parties with their signatories, for what the signature has agreed to."""
        return parties_of(self.here.convention) if self.is_signed else []

    @cached_property
    def amending_article(self) -> int | None:
        """Which article says that a signed text changes by an avenant only."""
        here = self.here
        day = here.convention.reading_day(here.today)
        return amending_article(here.convention, day) if self.is_signed else None

    # What may be done ---------------------------------------------------------------------------

    @cached_property
    def voice(self):
        here = self.here
        return here.bench.voice(here.user, here.organisation, self.version.kind)

    @cached_property
    def series(self) -> Series:
        """The points that await the reader, among which this one may be."""
        return Series(Inbox(self.here), self.asked)

    @cached_property
    def walked(self) -> Series | None:
        """The series in which the point has its place: of answers, else of avis."""
        if not self.version.is_proposed:
            return None
        each = self.series, AdviceSeries(self.series.inbox, self.asked)
        return next((series for series in each if series.rank(self.version)), None)

    @property
    def position(self) -> str:
        return self.walked.position(self.version)

    @property
    def beside(self) -> tuple[str, str]:
        return self.walked.beside(self.version)

    @property
    def pips(self) -> list[Pip]:
        return self.walked.pips(self.version)

    @property
    def noted(self) -> Noted | None:
        """What the reader has noted of it, and may still say."""
        if not self.may_answer:
            return None
        return self.series.inbox.standing.get(self.version.pk)

    @property
    def last_rank(self) -> int:
        return last_rank_of(self.here.organisation, self.point)

    @cached_property
    def may_answer(self) -> bool:
        return answers_rights.may_answer(self.voice, self.point) is None

    @property
    def awaits_advice(self) -> bool:
        """Whether the person's avis is awaited."""
        return bool(self.here.advising and self.here.advising.is_awaited_on(self.point))

    @property
    def advise_url(self) -> str:
        return (self.walked or self.series).url("advise", self.version.pk)

    @property
    def has_agreed(self) -> bool:
        return self._may_retract is None

    @cached_property
    def _may_retract(self) -> Refusal | None:
        here = self.here
        voice = answers_rights.retracting_voice(
            here.user, here.organisation, self.point, here.bench
        )
        return answers_rights.may_retract(voice, self.point)

    def actions(self) -> list[ActionLink]:
        """What the person may do beside answering, in the order of use."""
        here, version = self.here, self.version
        bench, row = here.bench, version.subject
        has_advised = here.advising is not None and version.pk in here.advising.given
        acts = [
            (
                "advise",
                "Donner un autre avis" if has_advised else "Donner un avis",
                answers_rights.may_advise(bench.advice(here.user), version),
            ),
            ("comment", "Commenter", comments_rights.may_comment(here.user, bench, version)),
            ("retract", "Retirer l’accord", self._may_retract),
            ("record", RECORD, self._may_record),
            ("withdraw", "Retirer cette version", versions_rights.may_withdraw(here.user, version)),
        ]  # fmt: skip
        found = [
            ActionLink(label, self._url(name, version.pk))
            for name, label, refusal in acts
            # What is awaited has its button, and comes first.
            if refusal is None
            and not (name == "advise" and self.awaits_advice)
            and not (name == "record" and self.awaits_answer)
        ]
        page = [] if version.commitment.is_read_apart else self._page
        return [*found, *self._writing(row), *page]

    @property
    def awaits_answer(self) -> bool:
        """Whether the reader's own answer is what the page is there for."""
        return self.may_answer and not self.has_agreed

    @property
    def rare_actions(self) -> list[ActionLink]:
        """What somebody hardly does whose own answer is awaited."""
        if not self.awaits_answer or self._may_record:
            return []
        return [ActionLink(RECORD, self._url("record", self.version.pk))]

    @cached_property
    def _may_record(self) -> Refusal | None:
        return points_rights.may_record_some(self.here.user, self.here.bench, self.point)

    @property
    def read_apart(self) -> list[ActionLink]:
        """Where what is agreed to is read, if it does not stand on the page of the point."""
        return self._page if self.version.commitment.is_read_apart else []

    @property
    def _page(self) -> list[ActionLink]:
        row = self.version.subject
        page = self.version.commitment.link_to_page(row) if row else None
        return [ActionLink(*page)] if page else []

    def _writing(self, row) -> list[ActionLink]:
        """Another version of the row or its end, or what an amendment should change."""
        here, commitment = self.here, self.version.commitment
        if row is None:
            return []
        edit_url, end_url = commitment.edit_url(row), commitment.end_url(row)
        if edit_url and commitment.may_draft(here.user, here.convention, row) is None:
            is_expected = self.rewriting_url == edit_url  # it has its button
            found = [] if is_expected else [ActionLink("Écrire une autre version", edit_url)]
            is_ending = any(v.ends and v.is_proposed for v in self.numbered)
            if end_url and not is_ending and may_end(here.user, here.convention, row) is None:
                found.append(ActionLink(f"Retirer {commitment.word(here.convention).the}", end_url))
            return found
        if (
            self.is_signed
            and amendments_rights.may_propose_amendment(here.user, here.bench) is None
        ):
            url = self._url("propose_amendment", commitment.kind, row.pk)
            return [ActionLink("Proposer pour un avenant", url)]
        return []

    def _url(self, name: str, *args) -> str:
        return reverse(f"committee:{name}", args=[self.here.convention.slug, *args])
