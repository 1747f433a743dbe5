"""What becomes of versions, told naively from the rules. Nothing of the portal is used here.

Each act returns what is to come of it: TAKEN (and the model has changed), REPEATED (the same form
sent twice), or why it is refused.
"""

import datetime
from dataclasses import dataclass, field

from tests.agreements.model.people import People

TAKEN, REPEATED, REFUSED = "taken", "repeated", "refused"
STALE, OVERTAKEN, OUTDATED = "stale", "overtaken", "outdated"

OPINIONS = {"favourable", "reserved", "unfavourable"}
COMMITTING = {"agreed", "change_requested", "deliberation", "agenda", "retracted"}
TAKEN_BACK = {"change_requested", "retracted"}


@dataclass
class Word:
    party: str
    rank: int
    answer: str
    person: str
    typed_by: str
    reason: str = ""
    body_date: datetime.date | None = None
    # Recorded for somebody: it stands beside the party's word until it is confirmed, or refused.
    recorded: bool = False
    pending: bool = False
    refused: bool = False
    confirmed_by: str | None = None
    # The day it was said, and which earlier word of the same person it undoes.
    day: datetime.date | None = None
    undoes: "Word | None" = None
    undone: bool = False

    @property
    def agrees(self) -> bool:
        return self.answer == "agreed"

    @property
    def speaker(self) -> str:
        """What was recorded is the word of who confirmed it."""
        return self.confirmed_by or self.person


@dataclass(eq=False)
class Version:
    key: str
    row: str
    author: str
    content: dict
    ends: bool = False
    base: "Version | None" = None
    state: str = "draft"
    number: int | None = None
    succeeds: "Version | None" = None
    published: bool = False
    words: list[Word] = field(default_factory=list)
    # What was done to it: (from, to, verb, who, why).
    log: list[tuple] = field(default_factory=list)
    # The parties whose agreement was asked when it came into force.
    needed: set[str] = field(default_factory=set)

    def become(self, state: str, verb: str, person: str | None, reason: str = "") -> None:
        self.log.append((self.state, state, verb, person, reason))
        self.state = state

    @property
    def stands(self) -> bool:
        return self.state in ("proposed", "in_force")

    @property
    def whole(self) -> dict:
        """The content, with whether agreeing to it withdraws the objective."""
        return self.content | ({"ends": True} if self.ends else {})

    def last(self, party: str) -> Word | None:
        """A party's word is its last entry that commits it."""
        spoken = [w for w in self.standing if w.party == party]
        return spoken[-1] if spoken else None

    @property
    def standing(self) -> list[Word]:
        """What commits parties: not what was undone, waits to be confirmed, or was refused."""
        committing = [w for w in self.words if w.answer in COMMITTING and not w.undone]
        return [w for w in committing if not w.pending and not w.refused]

    def recorded(self, party: str) -> Word | None:
        """What was recorded for a party last, and waits: unless it has spoken since."""
        last, word = 0, self.last(party)
        if word:
            last = word.rank
        waiting = [w for w in self.words if w.party == party and w.pending and w.rank > last]
        return waiting[-1] if waiting else None

    def spoke_for_another(self, person: str, party: str) -> bool:
        return any(w.speaker == person and w.party != party for w in self.standing)


@dataclass
class Dossier:
    versions: list[Version]
    complete: bool = False
    completed: datetime.date | None = None


@dataclass
class Row:
    """``shown``: the content and the standing that a reader of the row sees."""

    shown: tuple[dict, str]


@dataclass
class Rules:
    people: People
    required: set[str]
    rows: dict[str, Row] = field(default_factory=dict)
    versions: dict[str, Version] = field(default_factory=dict)
    dossiers: dict[str, Dossier] = field(default_factory=dict)

    # Reading ----------------------------------------------------------------------------------

    def of_row(self, row: str, *states: str) -> list[Version]:
        versions = [v for v in self.versions.values() if v.row == row]
        return [v for v in versions if not states or v.state in states]

    def only(self, row: str, state: str) -> Version | None:
        versions = self.of_row(row, state)
        assert len(versions) < 2
        return versions[0] if versions else None

    def discussed(self, row: str) -> Version | None:
        return self.only(row, "proposed") or self.only(row, "in_force")

    def draft_of(self, row: str, person: str) -> Version | None:
        return next((v for v in self.of_row(row, "draft") if v.author == person), None)

    def _show(self, row: str) -> None:
        """The content in force; before there is one, what is proposed, marked so."""
        agreed, asked = self.only(row, "in_force"), self.only(row, "proposed")
        if agreed:
            self.rows[row].shown = agreed.content, "withdrawn" if agreed.ends else "in_force"
        elif asked:
            self.rows[row].shown = asked.content, "proposed"
        else:
            self.rows[row].shown = self.rows[row].shown[0], "withdrawn"

    # Drafts and proposals -----------------------------------------------------------------------

    def add_objective(self, row: str, key: str, person: str, content: dict) -> str:
        if not self.people.prepares(person):
            return REFUSED
        self.rows[row] = Row((content, "draft"))
        self.versions[key] = Version(key, row, person, content)
        return TAKEN

    def save_draft(self, row: str, key: str, person: str, content: dict, *, ends=False) -> str:
        """``key`` names the draft if the person has none of that row."""
        if not self.people.prepares(person):
            return REFUSED
        draft = self.draft_of(row, person)
        if draft is None:
            draft = Version(key, row, person, content, base=self.discussed(row))
            self.versions[key] = draft
        draft.content, draft.ends = content, ends
        if self.rows[row].shown[1] == "draft":
            self.rows[row].shown = content, "draft"
        return TAKEN

    def merge(self, draft: Version) -> tuple[dict, set[str]] | None:
        """The draft with what was proposed since; the fields on which one has to choose."""
        theirs = self.discussed(draft.row)
        if theirs is None or theirs is draft.base:
            return None
        before = draft.base.whole if draft.base else {}
        content, disputed = {}, set()
        for name in {*draft.whole, *theirs.whole}:
            mine, their, was = (side.get(name) for side in (draft.whole, theirs.whole, before))
            content[name] = mine if mine != was else their
            if mine not in (was, their) and their != was:
                disputed.add(name)
        return content, disputed

    def propose(self, draft: Version, person: str) -> str:
        if draft.state != "draft" or not self.people.coordinates(person):
            return REFUSED
        current = self.discussed(draft.row)
        if current and current is not draft.base:
            return OUTDATED
        if current and (current.content, current.ends) == (draft.content, draft.ends):
            return REFUSED
        numbers = [v.number for v in self.of_row(draft.row) if v.number]
        draft.number = len(numbers) + 1
        draft.become("proposed", "proposed", person)
        if current and current.state == "proposed":
            current.become("replaced", "replaced", person)
            self._complete([current])
        self._show(draft.row)
        return TAKEN

    def discard(self, draft: Version, person: str) -> str:
        if draft.state != "draft" or draft.author != person:
            return REFUSED
        del self.versions[draft.key]
        if not self.of_row(draft.row):
            del self.rows[draft.row]
        return TAKEN

    def withdraw(self, version: Version, person: str, reason: str) -> str:
        if version.state != "proposed" or not self.people.coordinates(person) or not reason:
            return REFUSED
        version.become("withdrawn", "withdrawn", person, reason)
        self._show(version.row)
        self._complete([version])
        return TAKEN

    def publish(self, version: Version) -> None:
        version.published = True

    # What parties say -------------------------------------------------------------------------

    def answer(self, version: Version, person: str, party: str, answer: str, *, last_rank: int,
               reason: str = "", body_date=None) -> str:  # fmt: skip
        titles = self.people.titles(person, party)
        if not titles:
            return REFUSED
        last = version.last(party)
        overtaken = last is not None and last.rank != last_rank
        same = last and (last.answer, last.reason, last.body_date) == (answer, reason, body_date)
        own = last and last.person == last.typed_by == person and not last.recorded
        if overtaken and same and own and version.stands:
            return REPEATED
        refused = self._may_speak(version, person, party)
        if refused:
            return refused
        if (answer == "change_requested" and not reason) or (
            answer == "deliberation" and not body_date
        ):
            return REFUSED
        if overtaken:
            return OVERTAKEN
        self._say(version, party, answer, person, reason=reason, body_date=body_date)
        self._settle(version, person)
        return TAKEN

    def _may_speak(self, version: Version, person: str, party: str) -> str | None:
        if party not in self.required:
            return REFUSED
        if version.state != "proposed":
            return STALE
        return REFUSED if version.spoke_for_another(person, party) else None

    def record(
        self, version: Version, seat: str, typed_by: str, *, last_rank: int, received_on
    ) -> str:
        holder = self.people.seats[seat]
        colleague = self.people.sits_for(typed_by, holder.party)
        allowed = colleague or self.people.coordinates(typed_by)
        if not (allowed and self.people.counts(seat)):
            return REFUSED
        if received_on > self.people.day:
            return REFUSED
        refused = self._may_speak(version, holder.person, holder.party)
        if refused:
            return refused
        last = version.recorded(holder.party) or version.last(holder.party)
        if last is not None and last.rank != last_rank:
            return OVERTAKEN
        self._say(version, holder.party, "agreed", holder.person, typed_by,
                  recorded=True, pending=True)  # fmt: skip
        return TAKEN

    def confirm(self, version: Version, word: Word, person: str) -> str:
        """Whoever may answer for the party, and they alone."""
        if version.recorded(word.party) is not word or not self.people.titles(person, word.party):
            return REFUSED
        refused = self._may_speak(version, person, word.party)
        if refused:
            return refused
        word.pending, word.confirmed_by = False, person
        self._settle(version, person)
        self._complete([version])
        return TAKEN

    def refuse(self, version: Version, word: Word, person: str) -> str:
        """The same, and the person in whose name it was recorded: it never counts."""
        if version.recorded(word.party) is not word:
            return REFUSED
        if person != word.person:
            if not self.people.titles(person, word.party):
                return REFUSED
            refused = self._may_speak(version, person, word.party)
            if refused:
                return refused
        word.pending, word.refused = False, True
        return TAKEN

    def awaits(self, version: Version, party: str) -> bool:
        """Whether it is a party's turn, whatever was recorded for it beside."""
        lasts = [version.last(each) for each in self.required]
        returned = any(w and w.answer in TAKEN_BACK for w in lasts)
        if version.state != "proposed" or returned or party not in self.required:
            return False
        word = version.last(party)
        if word is None:
            return True
        return word.answer == "deliberation" and word.body_date < self.people.day

    def retract(self, version: Version, person: str, party: str, reason: str) -> str:
        last = version.last(party)
        possible = last and last.answer == "agreed" and version.stands and not version.published
        if not possible or not reason or party not in self.required:
            return REFUSED
        own = self.people.is_silenced(person, party) and last.speaker == person
        able = own or self.people.titles(person, party)
        if not able or version.spoke_for_another(person, party):
            return REFUSED
        self._say(version, party, "retracted", person, reason=reason)
        self._suspend(version, person, reason)
        return TAKEN

    def advise(self, version: Version, person: str, opinion: str, reason: str) -> str:
        party = self.people.advises_for(person)
        if party is None or version.state != "proposed" or not (reason or opinion == "favourable"):
            return REFUSED
        avis = [w for w in version.words if w.person == person and w.answer in OPINIONS]
        last = next((word for word in reversed(avis) if not word.undone), None)
        if not last or (last.party, last.answer, last.reason) != (party, opinion, reason):
            self._say(version, party, opinion, person, reason=reason)
        return TAKEN

    def undo(self, version: Version, word: Word, person: str) -> str:
        """One's own answer of the same half hour (here: of the same day) is as if not given."""
        own = person == word.person == word.typed_by and not word.recorded
        undoable = word.answer not in ("retracted", "undone")
        fresh = word.day == self.people.day and not word.undone
        if not (own and undoable and fresh):
            return REFUSED
        if word.answer in COMMITTING:
            if not self.people.titles(person, word.party) or version.last(word.party) is not word:
                return REFUSED
            if word.party not in self.required or not version.stands:
                return REFUSED
            later = [v for v in self.of_row(version.row) if (v.number or 0) > version.number]
            if version.state == "in_force" and (version.published or later):
                return REFUSED
        elif self.people.advises_for(person) != word.party or version.state != "proposed":
            return REFUSED
        word.undone = True
        self._say(version, word.party, "undone", person, undoes=word)
        before = version.last(word.party)
        if word.answer in COMMITTING and not (before and before.agrees):
            self._suspend(version, person, "Réponse annulée dans les trente minutes.")
        self._settle(version, person)
        self._reopen(version, word.day)
        self._complete([version])
        return TAKEN

    def _say(self, version, party, answer, person, typed_by=None, **more) -> None:
        rank = 1 + sum(word.party == party for word in version.words)
        word = Word(party, rank, answer, person, typed_by or person, day=self.people.day, **more)
        version.words.append(word)

    # In force, and no longer ------------------------------------------------------------------

    def _settle(self, version: Version, person: str | None) -> None:
        words = [version.last(party) for party in self.required]
        agreed = words and all(word and word.agrees for word in words)
        if version.state != "proposed" or not agreed:
            return
        former = self.only(version.row, "in_force")
        if former:
            former.become("replaced", "replaced", person)
        version.become("in_force", "agreed", person)
        version.succeeds, version.needed = former, set(self.required)
        self._show(version.row)

    def _suspend(self, version: Version, person: str, reason: str) -> None:
        if version.state != "in_force":
            return
        if self.only(version.row, "proposed"):
            version.become("replaced", "given_up", person, reason)
        else:
            version.become("proposed", "reopened", person, reason)
        if version.succeeds:
            version.succeeds.become("in_force", "restored", person, reason)
        version.succeeds = None
        self._show(version.row)

    def name_parties(self, required: set[str]) -> None:
        """An amendment names other parties."""
        self.required = required
        proposed = [v for v in self.versions.values() if v.state == "proposed"]
        for version in proposed:
            self._settle(version, None)
        self._complete(proposed)

    # Dossiers ---------------------------------------------------------------------------------

    def send_dossier(self, key: str, versions: list[Version], person: str) -> str:
        proposed = versions and all(v.state == "proposed" for v in versions)
        if not proposed or not self.people.coordinates(person):
            return REFUSED
        self.dossiers[key] = Dossier(versions)
        return TAKEN

    def answered(self, versions: list[Version]) -> None:
        """An act that answered these versions is over."""
        self._complete(versions)

    def _complete(self, touched: list[Version]) -> None:
        for dossier in self.dossiers.values():
            if any(v in touched for v in dossier.versions) and not dossier.complete:
                dossier.complete = self._is_complete(dossier)
                dossier.completed = self.people.day if dossier.complete else None

    def _is_complete(self, dossier: Dossier) -> bool:
        return all(
            v.state != "proposed" or all(v.last(party) for party in self.required)
            for v in dossier.versions
        )

    def _reopen(self, version: Version, since: datetime.date) -> None:
        """What was said since that day is none: dossiers that it completed are open again."""
        for dossier in self.dossiers.values():
            if version in dossier.versions and dossier.complete and dossier.completed >= since:
                dossier.complete = self._is_complete(dossier)
