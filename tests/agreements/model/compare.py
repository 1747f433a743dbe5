"""What the database holds, against what the rules say it should: after every single act."""

import hashlib
import json
from collections import defaultdict

from agreements.answers.lights import points_of
from agreements.models import Agreement, Version, VersionTransition
from committee.models import Dossier
from conventions.models import Objective
from tests.agreements import clock
from tests.agreements.model.reference import COMMITTING, Rules
from tests.agreements.model.world import World

ROW_FIELDS = ("title", "due_on", "measure", "is_priority", "standing")


class Witness:
    """Looks at the database after each act, and remembers what must never change."""

    def __init__(self, world: World):
        self.world = world
        self.said: dict[int, tuple] = {}
        self.texts: dict[int, tuple] = {}

    def look(self, rules: Rules) -> None:
        versions = {v.pk: v for v in Version.objects.of(self.world.convention)}
        agreements = Agreement.objects.of(self.world.convention).with_confirmation()
        agreements = agreements.select_related("undoes", "undoing")
        entries = list(agreements.order_by("pk"))
        self._versions_are(rules, versions)
        self._entries_are(rules, entries)
        self._log_is(rules)
        self._rows_show(rules)
        self._dossiers_are(rules)
        self._turns_are(rules, versions)
        # From here on the model is not asked: what the rules promise, seen in the rows alone.
        self._nobody_spoke_from_what_waits(entries)
        self._entries_stay(entries)
        self._texts_stay(versions)
        _one_of_each(versions.values())
        _one_party_each(entries)
        self._force_is_deserved(rules, versions, entries)

    # Against the model --------------------------------------------------------------------------

    def _versions_are(self, rules: Rules, versions: dict) -> None:
        keys = {version.pk: key for key, version in self.world.versions.items()}
        assert {keys.get(pk, pk) for pk in versions} == set(rules.versions)
        for pk, version in versions.items():
            expected = rules.versions[keys[pk]]
            content = json.loads(version.text)
            stored = (version.state, version.number, content.pop("ends", False), content)
            assert stored == (expected.state, expected.number, expected.ends, expected.content)
            assert version.ends == expected.ends
            assert keys.get(version.succeeds_id) == getattr(expected.succeeds, "key", None)
            assert keys.get(version.base_id) == getattr(expected.base, "key", None)
            assert self.world.users[expected.author].pk == version.author_id

    def _entries_are(self, rules: Rules, entries: list) -> None:
        by_version = defaultdict(list)
        for entry in entries:
            by_version[entry.version_id].append((
                self.world.party_of(entry.organisation_id), entry.rank, entry.answer,
                self.world.person_of(entry.user_id, entry.person_name),
                self.world.person_of(entry.entered_by_id, ""), entry.reason, entry.body_date,
                entry.is_recorded, entry.is_pending, entry.is_refused, entry.is_undone,
                entry.undoes and entry.undoes.rank,
            ))  # fmt: skip
        for key, version in rules.versions.items():
            expected = [
                (w.party, w.rank, w.answer, w.person, w.typed_by, w.reason, w.body_date,
                 w.recorded, w.pending, w.refused, w.undone, w.undoes and w.undoes.rank)
                for w in version.words
            ]  # fmt: skip
            assert by_version[self.world.versions[key].pk] == expected

    def _log_is(self, rules: Rules) -> None:
        """Every state that was ever reached has its line: by whom, and why."""
        by_version = defaultdict(list)
        for row in VersionTransition.objects.of(self.world.convention).order_by("pk"):
            person = row.by_id and self.world.person_of(row.by_id, "")
            by_version[row.version_id].append(
                (row.from_state, row.to_state, row.verb, person, row.reason)
            )
            assert row.by_name == str(row.by or "")
            assert bool(row.capacity) == bool(row.by)
        for key, version in rules.versions.items():
            assert by_version[self.world.versions[key].pk] == version.log

    def _rows_show(self, rules: Rules) -> None:
        rows = Objective.objects.of(self.world.convention).filter(origin="committee")
        by_key = {row.pk: row for row in rows}
        assert set(by_key) == {self.world.rows[key].pk for key in rules.rows}
        for key, expected in rules.rows.items():
            row = by_key[self.world.rows[key].pk]
            shown = {name: getattr(row, name) for name in ROW_FIELDS}
            shown["due_on"] = shown["due_on"].isoformat()
            content, standing = expected.shown
            assert shown == content | {"standing": standing}

    def _dossiers_are(self, rules: Rules) -> None:
        complete = set(Dossier.objects.filter(completed_at__isnull=False).values_list("pk"))
        expected = {(self.world.dossiers[k].pk,) for k, d in rules.dossiers.items() if d.complete}
        assert complete == expected

    def _turns_are(self, rules: Rules, versions: dict) -> None:
        asked = [self.world.organisations[party] for party in sorted(rules.required)]
        keys = {version.pk: key for key, version in self.world.versions.items()}
        proposed = [version for version in versions.values() if version.is_proposed]
        with clock.on(rules.people.day):
            points = points_of(proposed, asked)
        for point in points:
            version = rules.versions[keys[point.version.pk]]
            for party, organisation in self.world.organisations.items():
                expected = rules.awaits(version, party)
                assert point.awaits(organisation, rules.people.day) == expected

    # By itself ----------------------------------------------------------------------------------

    def _entries_stay(self, entries: list) -> None:
        fields = [field.attname for field in Agreement._meta.concrete_fields]
        now = {e.pk: tuple(getattr(e, name) for name in fields) for e in entries}
        assert {pk: now.get(pk) for pk in self.said} == self.said
        self.said = now

    def _nobody_spoke_from_what_waits(self, entries: list) -> None:
        """What is new was said from a seat that is confirmed; only taking back may go on."""
        waiting = Agreement.objects.of(self.world.convention).exclude(answer="retracted")
        waiting = waiting.exclude(seat__state="confirmed")
        assert not set(waiting.values_list("pk", flat=True)) - set(self.said)

    def _texts_stay(self, versions: dict) -> None:
        for version in versions.values():
            assert version.digest == hashlib.sha256(version.text.encode()).hexdigest()
        written = {pk: (v.text, v.digest, v.number) for pk, v in versions.items() if v.number}
        assert {pk: written.get(pk) for pk in self.texts} == self.texts
        self.texts = written

    def _force_is_deserved(self, rules: Rules, versions: dict, entries: list) -> None:
        last = {
            (e.version_id, self.world.party_of(e.organisation_id)): e.answer
            for e in entries
            if e.answer in COMMITTING and e.is_binding and not e.is_undone
        }
        keys = {version.pk: key for key, version in self.world.versions.items()}
        for pk, version in versions.items():
            if version.state == "in_force":
                needed = rules.versions[keys[pk]].needed
                assert needed
                assert {last.get((pk, party)) for party in needed} == {"agreed"}


def _one_of_each(versions) -> None:
    by_row = defaultdict(list)
    for version in versions:
        by_row[version.content_type_id, version.object_id].append(version)
    for of_row in by_row.values():
        states = [version.state for version in of_row]
        assert states.count("proposed") <= 1
        assert states.count("in_force") <= 1
        numbers = sorted(version.number for version in of_row if version.number)
        assert numbers == list(range(1, len(numbers) + 1))


def _one_party_each(entries) -> None:
    """Through nobody do two parties speak on one version, by answering or by confirming."""
    parties = defaultdict(set)
    for entry in entries:
        if entry.answer in COMMITTING and entry.is_binding and not entry.is_undone:
            speaker = entry.confirmation.by_id if entry.is_recorded else entry.user_id
            parties[entry.version_id, speaker].add(entry.organisation_id)
    assert all(len(spoken_for) == 1 for spoken_for in parties.values())
