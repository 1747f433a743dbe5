"""The page of one point at one of its versions: its versions, the answers, what may be done."""

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
from committee.comments import rights as comments_rights
from committee.comments.models import Comment
from committee.comments.thread import CommentLine, Thread
from committee.pages import CommitteeReader
from committee.points import rights as points_rights
from committee.points.gist import label_new, sentences_of
from committee.points.inbox import Inbox
from committee.points.noted import Noted
from committee.points.reading import Card, cards_of, content_changes, last_rank_of
from committee.points.series import AdviceSeries, Series
from committee.points.undoing import FreshAnswer, fresh_answers_among
from committee.points.words import describe_state
from committee.words import ACTS, heading_of
from conventions.legal.reading import amending_article
from conventions.models import Convention, Origin
from conventions.parties.reading import parties_of
from ctg_portal.house import ActionLink
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import in_words
from ctg_portal.text.differences import Changes

RECORD = "Saisir un accord recueilli hors portail"


@dataclass(frozen=True)
class HistoryLine:
    """An entry with what the reader may do about it, or an act on the version."""

    entry: Agreement | None
    actions: list[ActionLink]
    act: VersionTransition | None = None

    @property
    def word(self) -> str:
        return ACTS[self.act.verb]

    @property
    def reason(self) -> str:
        """The reason of the act; empty for a proposal, whose reason stands with its content."""
        act = self.act
        return "" if act.verb == VersionVerb.PROPOSED else act.reason

    @property
    def moment(self):
        return (self.entry or self.act).created_at


@dataclass(frozen=True)
class Record:
    """What is recorded of a version, as everybody reads it: where parties stand, all entries, and
    the acts of who proposed or withdrew it."""

    point: Point
    entries: list[Agreement]
    acts: list[VersionTransition]


@cached(*Subject)
def record_of(convention: Convention, pk: int) -> Record:
    """Return what is recorded of a version. The key of a draft is given for who may read it."""
    version = Version.objects.defer("text", "search_text").get(pk=pk)
    rows = version.agreements.select_related(
        "organisation", "contests", "confirmation", "undoes", "undoing"
    )
    rows = rows.prefetch_related(WITH_ATTACHMENTS, "contestations").order_by("created_at", "pk")
    [point] = points_of([version], required_of(convention))
    return Record(point, list(rows), list(version.transitions.announced()))


class PointPage:
    """What the person of ``here`` reads of ``version``. ``asked``: parameters of the address."""

    def __init__(self, version: Version, here: CommitteeReader, asked):
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
        return describe_state(self.point)

    @property
    def standing(self) -> str:
        """The state, where the lights of the parties do not already say it."""
        point = self.point
        is_plain = self.version.is_proposed and not (point.is_suspended or point.is_returned)
        return "" if is_plain else self.state

    @cached_property
    def foretold(self) -> str:
        """The sentence on a proposal's consequences to know before agreeing; empty for none."""
        version = self.version
        if not version.is_proposed or version.ends:
            return ""
        return version.commitment.describe_consequences(version.subject, version.content)

    # Versions -----------------------------------------------------------------------------------

    @cached_property
    def versions(self) -> list[Version]:
        """The versions of this point that the person may read, the latest first, drafts before."""
        siblings = Version.objects.with_same_subject([self.version])
        shown = siblings.readable_by(self.here.user, drafts=self.here.manages)
        ordered = sorted(shown, key=lambda v: (v.is_draft, v.number or 0, v.pk), reverse=True)
        # The one that the page is about knows its row and its convention.
        return [self.version if version == self.version else version for version in ordered]

    @property
    def numbered(self) -> list[Version]:
        return [version for version in self.versions if version.number]

    @property
    def is_comparable(self) -> bool:
        return len(self.numbered) > 1

    @property
    def is_comparing(self) -> bool:
        """Whether the address asks for the changes between two versions."""
        return bool(self._asked("depuis") or self._asked("vers"))

    @cached_property
    def until(self) -> Version:
        """The later version of a comparison: by default the one of the page."""
        return self._asked("vers") or self.version

    @cached_property
    def since(self) -> Version | None:
        """The earlier version of a comparison: by default the one that the reader's party answered,
        where it is asked again; else the one in force then, or None."""
        return self._asked("depuis") or self._reference()

    def _asked(self, name: str) -> Version | None:
        """Return the numbered version that a parameter of the address names, or None."""
        number = self.asked.get(name)
        return next((v for v in self.numbered if str(v.number) == number), None)

    def _reference(self) -> Version | None:
        """Return the version to compare ``until`` with when the address names none, or None: a
        draft's base, else what the party answered, what it succeeds, what is in force, or the one
        before."""
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
        """The requests for change that returned the version; the next one answers them."""
        return self.point.returning_answers if self.version.is_proposed else []

    @property
    def asked_by_others(self) -> list[Agreement]:
        """The changes that other parties asked for in earlier versions, which this one answers."""
        if not self.version.is_proposed:
            return []
        return [entry for entry in self.card.asked_earlier if entry != self.card.requested]

    @property
    def rewriting_url(self) -> str:
        """The page where the next version is written that a request for change waits for; empty
        where the reader has none to write."""
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
        """The differences of a proposal from what the reader knows; else the content as it is."""
        return content_changes(self.version, self.card.before if self.is_asked_of_all else None)

    @property
    def detail_count(self) -> str:
        """The number of fields of the detail: « quatre champs changés, neuf inchangés »."""
        content, title = self.content, self.version.title
        if not (self.is_asked_of_all and content.changed):
            count = len([change for change in content.shown if change.text != title])
            return "une ligne" if count == 1 else in_words(count, "ligne,lignes")
        unchanged = len([change for change in content.unchanged if change.text != title])
        changed = in_words(len(content.changed), "champ changé,champs changés")
        return f"{changed}, {in_words(unchanged, 'inchangé,inchangés')}" if unchanged else changed

    @property
    def is_asked_of_all(self) -> bool:
        """Whether the page is there to be answered: it then begins with what changes."""
        return self.version.is_proposed

    @cached_property
    def overtaken(self) -> str:
        """The reason why the version should no longer be answered as it is; empty if it can be."""
        version = self.version
        return version.commitment.describe_overtaken(version) if self.is_asked_of_all else ""

    @property
    def sentences(self) -> list[str]:
        """The sentences of what changes and of what that asks, three at most; none where nobody is
        asked."""
        card = self.card
        asked = self.is_asked_of_all
        return sentences_of(self.version, card.before, card.party) if asked else []

    @cached_property
    def card(self) -> Card:
        """The point as a card of the list, with the answer that the reader has noted."""
        [card] = cards_of([self.point], self.here, versions=self.versions)
        card.noted = self.noted
        return card

    @property
    def newest(self) -> Version | None:
        """The version that is discussed instead of this one, or None."""
        later = (v for v in self.numbered if v.is_proposed and v != self.version)
        return next(later, None)

    # What was said ------------------------------------------------------------------------------

    @cached_property
    def entry_lines(self) -> list[HistoryLine]:
        """The entries in order of time, undone ones too, each with what the reader may do: confirm,
        deny, attach."""
        entries = self._record.entries
        for entry in entries:
            entry.version = self.version
        attachable = {
            entry.organisation_id: answers_rights.may_attach(self.here.user, entry, self.here.bench)
            is None
            for entry in {entry.organisation_id: entry for entry in entries}.values()
        }
        lines = []
        for entry in entries:
            actions = self._verdicts_on(entry)
            if attachable[entry.organisation_id] and entry.answer in Answer.party_answers():
                actions.append(ActionLink("Joindre un document", self._url("attach", entry.pk)))
            lines.append(HistoryLine(entry, actions))
        return lines

    @property
    def undoables(self) -> list[FreshAnswer]:
        """The answers that the reader has just given and may still undo, the latest first."""
        entries = [one.entry for one in self.entry_lines if one.entry]
        fresh = fresh_answers_among(self.here, entries, {self.version.pk: self.point})
        return [one for one in reversed(fresh) if one.refusal is None]

    @property
    def to_confirm(self) -> list[HistoryLine]:
        """The recorded entries that the reader may confirm or deny."""
        if not self.version.is_proposed:
            return []
        recorded = [one.entry for one in self.entry_lines if one.entry.is_pending]
        verdicts = [(entry, self._verdicts_on(entry)) for entry in recorded]
        return [HistoryLine(entry, acts) for entry, acts in verdicts if acts]

    @cached_property
    def history(self) -> list[HistoryLine]:
        """All entries, and the acts of who proposed and withdrew the version, by time."""
        acts = [HistoryLine(None, [], act) for act in self._record.acts]
        return sorted([*acts, *self.entry_lines], key=lambda one: one.moment)

    def _verdicts_on(self, entry: Agreement) -> list[ActionLink]:
        """Return the links by which the reader confirms or denies a recorded entry; none for
        others."""
        entry.version, user = self.version, self.here.user
        actions = []
        if not answers_rights.may_confirm(user, entry, self.point, self.here.bench):
            label = f"Confirmer {entry.label_in_sentence}"
            actions.append(ActionLink(label, self._url("confirm", entry.pk)))
        if not answers_rights.may_refuse(user, entry, self.point, self.here.bench):
            label = f"Ce n’est pas la réponse {entry.organisation.genitive}"
            actions.append(ActionLink(label, self._url("refuse", entry.pk)))
        return actions

    @cached_property
    def comments(self) -> Thread:
        """The latest comments, or those before the asked one; one's own can be edited."""

        def line_of(comment: Comment) -> CommentLine:
            may_edit = comments_rights.may_edit_comment(self.here.user, comment) is None
            edit = ActionLink("Modifier mon commentaire", self._url("edit_comment", comment.pk))
            return CommentLine(
                comment, self._url("comment_history", comment.pk), [edit] if may_edit else [], []
            )

        return Thread(self.version.comments.all(), self.asked, line_of)

    @property
    def is_signed(self) -> bool:
        return self.version.origin == Origin.SIGNATURE

    @cached_property
    def signing_parties(self) -> list:
        """The parties with their signatories, for a text validated by the signature; else empty."""
        return parties_of(self.here.convention) if self.is_signed else []

    @cached_property
    def amending_article(self) -> int | None:
        """The number of the article that reserves changes to an amendment, or None."""
        here = self.here
        day = here.convention.reading_day(here.today)
        return amending_article(here.convention, day) if self.is_signed else None

    # What may be done ---------------------------------------------------------------------------

    @cached_property
    def voice(self):
        """The voice with which the person answers for the organisation of the page, or None."""
        here = self.here
        return here.bench.voice(here.user, here.organisation, self.version.kind)

    @cached_property
    def series(self) -> Series:
        """The points that await the reader; this one may be among them."""
        return Series(Inbox(self.here), self.asked)

    @cached_property
    def current_series(self) -> Series | None:
        """The series in which the point has a place: of answers, else of avis, else None."""
        if not self.version.is_proposed:
            return None
        each = self.series, AdviceSeries(self.series.inbox, self.asked)
        return next((series for series in each if series.rank(self.version)), None)

    @property
    def position(self) -> str:
        return self.current_series.position(self.version)

    @property
    def next_url(self) -> str:
        return self.current_series.next_url(self.version)

    @property
    def heading(self) -> str:
        """The line below the title: « Fiche action 4.1.1 », of a new one « Nouvelle fiche action
        4.1.1 »."""
        version, heading = self.version, heading_of(self.version)
        is_new = self.is_asked_of_all and not version.ends and self.card.before is None
        word = version.word.singular
        if is_new and heading.lower().startswith(word.lower()):
            return f"{label_new(version)}{heading[len(word) :]}"
        return heading

    @property
    def noted(self) -> Noted | None:
        """The answer that the reader has noted and may still give, or None."""
        if not self.can_answer:
            return None
        return self.series.inbox.standing.get(self.version.pk)

    @property
    def last_rank(self) -> int:
        return last_rank_of(self.here.organisation, self.point)

    @cached_property
    def can_answer(self) -> bool:
        return answers_rights.may_answer(self.voice, self.point) is None

    @property
    def awaits_advice(self) -> bool:
        """Whether the person's avis is awaited."""
        return bool(self.here.advising and self.here.advising.is_awaited_on(self.point))

    @property
    def advise_url(self) -> str:
        return (self.current_series or self.series).url("advise", self.version.pk)

    @property
    def has_agreed(self) -> bool:
        return self._may_retract is None

    @cached_property
    def _may_retract(self) -> Refusal | None:
        """Return why the person may not take back the party's agreement, or None."""
        here = self.here
        voice = answers_rights.retracting_voice(
            here.user, here.organisation, self.point, here.bench
        )
        return answers_rights.may_retract(voice, self.point)

    def actions(self) -> list[ActionLink]:
        """Return what the person may do besides answering, in the order of use."""
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
        links = [
            ActionLink(label, self._url(name, version.pk))
            for name, label, refusal in acts
            # What is awaited has its button, and comes first.
            if refusal is None and not (name == "advise" and self.awaits_advice)
        ]
        page = [] if version.commitment.is_read_apart else self._page
        return [*links, *self._writing(row), *page]

    @property
    def awaits_answer(self) -> bool:
        """Whether the reader's own answer is what the page is there for."""
        return self.can_answer and not self.has_agreed

    @cached_property
    def _may_record(self) -> Refusal | None:
        return points_rights.may_record_some(self.here.user, self.here.bench, self.point)

    @property
    def read_apart(self) -> list[ActionLink]:
        """The link to where the agreed text is read, if not on the page of the point."""
        return self._page if self.version.commitment.is_read_apart else []

    @property
    def _page(self) -> list[ActionLink]:
        """Return the link to the page of the row; none if the row is deleted or has no page."""
        row = self.version.subject
        page = self.version.commitment.link_to_page(row) if row else None
        return [ActionLink(*page)] if page else []

    def _writing(self, row) -> list[ActionLink]:
        """Return the links to write another version or a withdrawal, or propose an amendment."""
        here, commitment = self.here, self.version.commitment
        if row is None:
            return []
        edit_url, end_url = commitment.edit_url(row), commitment.end_url(row)
        if edit_url and commitment.may_draft(here.user, here.convention, row) is None:
            is_expected = self.rewriting_url == edit_url  # it has its button
            links = [] if is_expected else [ActionLink("Écrire une autre version", edit_url)]
            is_ending = any(v.ends and v.is_proposed for v in self.numbered)
            if end_url and not is_ending and may_end(here.user, here.convention, row) is None:
                links.append(ActionLink(f"Retirer {commitment.word(here.convention).the}", end_url))
            return links
        if (
            self.is_signed
            and amendments_rights.may_propose_amendment(here.user, here.bench) is None
        ):
            url = self._url("propose_amendment", commitment.kind, row.pk)
            return [ActionLink("Proposer pour un avenant", url)]
        return []

    def _url(self, name: str, *args) -> str:
        return reverse(f"committee:{name}", args=[self.here.convention.slug, *args])
