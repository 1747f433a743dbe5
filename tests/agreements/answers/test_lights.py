"""Where each party stands: the lights, whose turn it is, what an answer changes."""

import datetime

import pytest
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Received, Reply
from agreements.answers.lights import (
    SIGNS,
    Point,
    discussed_in,
    point_of,
    points_of,
    required_of,
    versions_awaiting,
)
from agreements.answers.rights import may_answer
from agreements.models import Agreement, Answer, State, Version
from agreements.seats.models import Seat
from agreements.seats.voices import benches_of
from committee.models import Dossier
from conventions.models import Party
from ctg_portal.templatetags.french import long_date
from tests.agreements import clock
from tests.agreements.clock import days
from tests.agreements.earlier import contested, counted_by_delay
from tests.agreements.factories import LONG_AGO, SeatFactory, committee_of
from tests.committee.register.scene import record
from tests.committee.scene import a_document
from tests.factories import PartyFactory
from tests.stories import told_once

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 4, 12)


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    return committee.proposed("Ouvrir deux espaces")


def give_answer(version, answer, *, by, last_rank=0, organisation=None, **more):
    more = {"reason": "Plus tôt"} | more if answer == Answer.CHANGE_REQUESTED else more
    if answer == Answer.DELIBERATION:
        more = {"body": "Conseil", "body_date": DAY} | more
    return answers.answer(
        Reply(version, answer, last_rank, **more), by=by, organisation=organisation
    )


def light_of(version, organisation):
    return {light.organisation: light for light in point_of(version).lights}[organisation]


# Lights -------------------------------------------------------------------------------------------


def test_a_party_that_has_said_nothing_is_awaited(committee, version):
    light = light_of(version, committee.caf)
    assert (light.state, light.word, light.entry) == ("awaited", "attendu", None)


@pytest.mark.parametrize(
    ("answer", "state", "word"),
    [
        (Answer.AGREED, "ok", "d’accord le 12\u00a0avril 2026"),
        (Answer.CHANGE_REQUESTED, "change", "modification demandée"),
        (Answer.DELIBERATION, "deliberation",
         "délibération attendue (Conseil, 12\u00a0avril 2026)"),
        (Answer.AGENDA, "deliberation", "à inscrire à l’ordre du jour"),
    ],
)  # fmt: skip
def test_each_answer_has_its_sign_and_word(committee, version, answer, state, word):
    with clock.on(DAY):
        entry = give_answer(version, answer, by=committee.caf_member)
    light = light_of(version, committee.caf)
    assert (light.state, light.word, light.entry) == (state, word, entry)


def test_an_agreement_taken_back_asks_for_a_change(committee, version):
    committee.agree(version, committee.caf_member)
    answers.retract(version, reason="Non", by=committee.caf_member)
    light = light_of(version, committee.caf)
    assert (light.state, light.word) == ("change", "accord retiré")


def test_a_contestation_of_an_earlier_release_suspends_the_point(committee, version):
    """Contestations are read, and given no more."""
    contested(record(version, committee.caf_seat, committee.coordinator))
    light, point = light_of(version, committee.caf), point_of(version)
    assert (light.state, light.word) == ("change", "accord contesté")
    assert (point.is_returned, point.is_suspended, awaiting(version)) == (True, True, [])


def test_a_recorded_answer_is_dated_by_the_day_of_its_receipt(committee, version):
    day = timezone.localdate()
    early = day - datetime.timedelta(days=3)
    entry = record(version, committee.caf_seat, committee.coordinator, received_on=early)
    with clock.on(day + clock.days(5)):
        answers.confirm(entry, by=committee.caf_member)
    word = f"accord recueilli le {long_date(early)}"
    assert light_of(version, committee.caf).word == word


def test_the_light_of_an_agreement_counted_by_a_delay_says_so(committee, version):
    """Earlier releases counted such agreements after a delay."""
    entry = record(version, committee.caf_seat, committee.coordinator)
    counted_by_delay(entry)
    word = light_of(version, committee.caf).word
    assert word == f"accord recueilli le {long_date(timezone.localdate())}, sans contestation"


def test_every_answer_of_a_party_has_a_sign():
    assert set(SIGNS) == set(Answer.party_answers())


def test_lights_are_in_the_order_of_the_convention(committee, version):
    Party.objects.filter(organisation=committee.caf).update(rank=9)
    assert [light.organisation for light in point_of(version).lights] == [
        committee.epci,
        committee.caf,
    ]


def test_a_party_that_is_not_asked_has_no_light(committee, version):
    msa = PartyFactory(organisation__convention=committee.convention, rank=9)
    assert required_of(committee.convention) == [committee.caf, committee.epci, msa.organisation]
    Party.objects.filter(pk=msa.pk).update(agreement_required=False)
    assert len(point_of(version).lights) == 2
    PartyFactory()  # of another convention
    assert required_of(committee.convention) == [committee.caf, committee.epci]


# To be agreed again -------------------------------------------------------------------------------


def test_a_party_that_agreed_to_an_earlier_version_is_asked_again(committee, version):
    committee.agree(version, committee.caf_member)
    second = committee.edited(version, title="Deux")
    light = light_of(second, committee.caf)
    assert (light.state, light.word) == ("again", "à revalider")
    assert light_of(second, committee.epci).state == "awaited"
    third = committee.edited(second, title="Trois")
    assert light_of(third, committee.caf).state == "again"
    assert light_of(version, committee.caf).state == "ok"
    give_answer(third, Answer.AGENDA, by=committee.caf_member)
    assert light_of(third, committee.caf).state == "deliberation"


def test_a_party_that_took_its_agreement_back_is_not_to_agree_again(committee, version):
    committee.agree(version, committee.caf_member)
    answers.retract(version, reason="Non", by=committee.caf_member)
    assert light_of(committee.edited(version, title="Deux"), committee.caf).state == "awaited"


def test_a_withdrawn_version_is_not_to_be_agreed_to_again(committee, version):
    committee.agree(version)
    second = committee.edited(version, title="Deux")
    Version.objects.filter(pk=version.pk).update(state=State.WITHDRAWN)
    assert light_of(second, committee.caf).state == "awaited"


def test_a_draft_shows_who_will_have_to_agree_again(committee, version):
    committee.agree(version, committee.caf_member)
    draft = committee.edited(version, title="Deux")
    draft.number = None
    assert light_of(draft, committee.caf).state == "again"


# Whose turn ---------------------------------------------------------------------------------------


def awaiting(version, today=None) -> list:
    point, today = point_of(version), today or timezone.localdate()
    return [o.acronym for o in point.required if point.awaits(o, today)]


def put_off(version, today=None) -> list:
    point, today = point_of(version), today or timezone.localdate()
    return [o.acronym for o in point.required if point.is_put_off_by(o, today)]


def test_a_point_awaits_the_parties_that_have_not_answered(committee, version):
    assert awaiting(version) == ["CAF 99", "Exemple"]
    committee.agree(version, committee.caf_member)
    assert awaiting(version) == ["Exemple"]
    committee.agree(version, committee.epci_member)
    version.refresh_from_db()
    assert awaiting(version) == []


def test_a_point_that_a_party_wants_changed_awaits_its_author_alone(committee, version):
    give_answer(version, Answer.CHANGE_REQUESTED, by=committee.caf_member)
    point = point_of(version)
    assert (point.is_returned, point.is_suspended, awaiting(version)) == (True, False, [])
    give_answer(version, Answer.AGREED, by=committee.caf_member, last_rank=1)
    assert awaiting(version) == ["Exemple"]


def test_a_deliberation_is_asked_for_again_the_day_after_it(committee, version):
    give_answer(version, Answer.DELIBERATION, by=committee.epci_member, body_date=DAY)
    assert awaiting(version, DAY) == ["CAF 99"]
    assert put_off(version, DAY) == ["Exemple"]
    assert awaiting(version, DAY + days(1)) == ["CAF 99", "Exemple"]
    assert put_off(version, DAY + days(1)) == []


def test_a_point_put_on_the_agenda_waits_for_the_meeting(committee, version):
    give_answer(version, Answer.AGENDA, by=committee.epci_member)
    assert (awaiting(version), put_off(version)) == (["CAF 99"], ["Exemple"])
    give_answer(version, Answer.CHANGE_REQUESTED, by=committee.caf_member)
    assert put_off(version) == []


def test_a_party_that_is_not_asked_is_never_awaited(committee, version):
    Party.objects.filter(organisation=committee.epci).update(agreement_required=False)
    point = point_of(version)
    assert not point.awaits(committee.epci, timezone.localdate())
    give_answer(version, Answer.CHANGE_REQUESTED, by=committee.caf_member)
    Party.objects.filter(organisation=committee.caf).update(agreement_required=False)
    assert not point_of(version).is_returned


def test_a_point_that_all_have_answered_is_not_always_agreed(committee, version):
    give_answer(version, Answer.AGENDA, by=committee.caf_member)
    assert not point_of(version).is_answered
    give_answer(version, Answer.AGENDA, by=committee.epci_member)
    point = point_of(version)
    assert (point.is_answered, point.is_agreed) == (True, False)


def test_nothing_is_agreed_without_parties(version):
    assert not Point(version, []).is_agreed


def test_an_avis_is_no_word_of_the_party_and_takes_its_rank(committee, version):
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    answers.advise(version, opinion=Answer.FAVOURABLE, by=adviser)
    point = point_of(version)
    assert point.last_answers == {}
    assert (point.next_rank(committee.caf), point.next_rank(committee.epci)) == (2, 1)
    assert light_of(version, committee.caf).state == "awaited"


# Many at once -------------------------------------------------------------------------------------


def test_first_versions_ask_one_query_whatever_their_number(committee, django_assert_num_queries):
    versions = [committee.proposed(f"Point {n}") for n in range(6)]
    required = required_of(committee.convention)
    with django_assert_num_queries(1):
        points_of(versions[:1], required)
    with django_assert_num_queries(1):
        assert len(points_of(versions, required)) == 6


def test_points_discussed_in_several_conventions_are_grouped_by_convention(committee, version):
    elsewhere = committee_of()
    other = elsewhere.proposed()
    elsewhere.agree(other, elsewhere.caf_member)
    conventions = [committee.convention, elsewhere.convention]
    by_convention = discussed_in(conventions)
    assert {pk: [p.version for p in points] for pk, points in by_convention.items()} == {
        committee.convention.pk: [version],
        elsewhere.convention.pk: [other],
    }
    [here], [there] = by_convention[committee.convention.pk], by_convention[elsewhere.convention.pk]
    assert (here.required, here.answers) == ([committee.caf, committee.epci], [])
    assert [entry.organisation for entry in there.answers] == [elsewhere.caf]


# Twins: what a queryset finds is what a row says of itself ----------------------------------------


def test_versions_and_their_querysets_agree(committee):
    committee.in_force("Un")
    committee.edited(committee.proposed("Deux"), title="Trois")
    committee.draft("Quatre")
    words = {
        "drafts": "is_draft", "proposed": "is_proposed", "in_force": "is_in_force",
        "live": "is_live",
    }  # fmt: skip
    every = Version.objects.all()
    assert {version.state for version in every} >= {"draft", "proposed", "in_force", "replaced"}
    for word, twin in words.items():
        rows = set(getattr(Version.objects, word)())
        assert rows == {version for version in every if getattr(version, twin)}
        assert rows


@told_once
def all_kinds(committee):
    """Points that hold an entry of each kind for the Caf: said, recorded, confirmed, refused, by
    another, overtaken, undone, recorded again, and those of earlier releases."""
    member, colleague = committee.caf_member, SeatFactory(organisation=committee.caf).user
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user

    def recorded(last_rank=0, version=None) -> Agreement:
        version = version or committee.proposed()
        return record(version, committee.caf_seat, committee.coordinator, last_rank=last_rank)

    waiting = [recorded(), recorded()]
    answers.advise(waiting[1].version, opinion=Answer.FAVOURABLE, by=adviser)
    confirmed, by_another, refused, overtaken = (recorded() for _ in range(4))
    answers.confirm(confirmed, by=member)
    answers.confirm(by_another, by=colleague)
    answers.refuse_all([refused], by=member)
    give_answer(overtaken.version, Answer.AGENDA, by=member)
    agenda_entry = give_answer(committee.proposed(), Answer.AGENDA, by=member)
    recorded(agenda_entry.rank, agenda_entry.version)
    undone = recorded()
    answers.undo([give_answer(undone.version, Answer.AGREED, by=member)], by=member)
    twice = recorded()
    recorded(twice.rank, twice.version)
    again = recorded()
    answers.refuse_all([recorded(again.rank, again.version)], by=member)
    contested(recorded())
    counted_by_delay(recorded())
    give_answer(committee.proposed(), Answer.AGENDA, by=committee.epci_member)
    return list(Agreement.objects.select_related("confirmation"))


def test_entries_and_their_querysets_agree(committee, all_kinds):
    points = points_of(Version.objects.of(committee.convention), required_of(committee.convention))

    def of_all(read) -> set:
        return {entry for point in points for entry in read(point)}

    twins = [
        (Agreement.objects.opinions(), {e for e in all_kinds if e.is_opinion}),
        (Agreement.objects.pending(), {e for e in all_kinds if e.is_pending}),
        (Agreement.objects.binding(), {e for e in all_kinds if e.is_binding}),
        (Agreement.objects.by_parties(), of_all(lambda point: point.answers)),
        (Agreement.objects.current(), of_all(lambda point: point.last_answers.values())),
        (Agreement.objects.to_confirm(), of_all(lambda point: point.recorded.values())),
        (Agreement.objects.uncontested(), of_all(lambda point: point.uncontested)),
    ]
    for rows_read, expected in twins:
        assert set(rows_read) == expected
        assert rows_read
    for user in {entry.speaker_id for entry in all_kinds}:
        spoken = of_all(lambda point: point.uncontested)
        assert set(Agreement.objects.spoken_by(user)) == {
            entry for entry in spoken if entry.speaker_id == user
        }


def test_keys_and_points_agree_on_the_answers_awaited_from_a_party(committee):
    """Answers are of either party: said, recorded, confirmed, refused or undone, by another or the
    same."""
    today, mayor = timezone.localdate(), committee.caf_member
    second = SeatFactory(organisation=committee.epci, user=mayor)
    for answer in Answer.replies():
        give_answer(committee.proposed(), answer, by=committee.epci_member)
        give_answer(committee.proposed(), answer, by=mayor)
        again = committee.proposed()
        give_answer(again, Answer.AGENDA, by=mayor)
        give_answer(again, answer, by=mayor, last_rank=1)
    passed = committee.proposed()
    give_answer(passed, Answer.DELIBERATION, by=committee.epci_member, body_date=today)
    undone = committee.proposed()
    answers.undo(
        [give_answer(undone, Answer.AGREED, by=committee.epci_member)], by=committee.epci_member
    )
    paper = SeatFactory(organisation=committee.caf, user=None)
    papers = a_document(committee.coordinator)
    for seat in (paper, second):
        received = [
            *(Received(committee.proposed()) for _ in range(3)),
            Received(committee.proposed(), answer=Answer.CHANGE_REQUESTED, reason="Plus tôt"),
        ]
        _waiting, confirmed, refused, asked = answers.record_all(
            received, seat, received_on=today, evidence=papers, by=committee.coordinator
        )
        answers.confirm_all([confirmed, asked], by=mayor)
        answers.refuse_all([refused], by=mayor)
    committee.in_force()
    committee_of().proposed()
    required, counts = required_of(committee.convention), set()
    for day in (today, today + datetime.timedelta(days=1), DAY + datetime.timedelta(days=1)):
        [bench] = benches_of([committee.convention], day).values()
        for user in (mayor, committee.epci_member, committee.coordinator):
            for party in required:
                voice = bench.voice(user, party, "objective")
                points = points_of(Version.objects.of(committee.convention), required)
                expected = {
                    point.version.pk
                    for point in points
                    if point.awaits(party, day) and may_answer(voice, point) is None
                }
                voices = {"objective": voice} if voice else {}
                rows = versions_awaiting(bench, party, voices, required)
                assert {row.pk for row in rows} == expected
                counts.add(len(expected))
    assert len(counts) > 3


def test_open_dossiers_are_those_not_complete(committee):
    for moment in (None, timezone.now()):
        Dossier.objects.create(
            convention=committee.convention, title="Mars", sent_by=committee.coordinator,
            sent_by_name="C", completed_at=moment, state="complete" if moment else "open",
        )  # fmt: skip
    assert set(Dossier.objects.open()) == {d for d in Dossier.objects.all() if d.is_open}
    assert Dossier.objects.open().count() == 1


def test_mandates_and_their_querysets_agree(committee):
    for starts_on, ends_on in [
        (LONG_AGO, None), (LONG_AGO, DAY), (DAY, DAY), (DAY, None), (DAY + days(1), None),
        (LONG_AGO, DAY - days(1)),
    ]:  # fmt: skip
        SeatFactory(organisation=committee.caf, starts_on=starts_on, ends_on=ends_on)
    every = list(Seat.objects.all())
    for day in (DAY - days(1), DAY, DAY + days(1)):
        assert set(Seat.objects.valid(day)) == {seat for seat in every if seat.is_valid(day)}
        assert set(Seat.objects.over(day)) == {seat for seat in every if seat.is_over(day)}
