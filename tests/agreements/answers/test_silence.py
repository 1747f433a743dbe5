"""By whose silence counts what somebody else typed: that of a member, who said nothing at all."""

import datetime

import pytest
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone
from post_office.models import STATUS, Email

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.answers.lights import awaiting_of, point_of, required_of
from agreements.answers.rights import why_silence_is_none
from agreements.models import Agreement, Answer
from agreements.seats import events as seats
from agreements.seats.voices import bench_of
from agreements.versions import events as drafts
from committee.answers.events import note
from committee.comments.events import comment, edit_comment
from committee.points.tasks import committee_tasks
from conventions.access import events as access
from conventions.models import Convention, Membership
from ctg_portal.house import job
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import de, long_date
from evaluation.comments.events import comment_text
from evaluation.models import Validation, ValidationWord
from notifications.sending import send_due_mail
from tests.agreements import clock
from tests.agreements.factories import WHY, SeatFactory, committee_of, since_long
from tests.agreements.telling import confirm_unchallenged, told_at_once
from tests.committee.answers.test_acts_recorded import data, url
from tests.committee.mail.mailing import spoken, told
from tests.committee.register.scene import record
from tests.committee.scene import PDF, a_document
from tests.evaluation.publication import scene
from tests.factories import MembershipFactory
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    """The other party has agreed."""
    version = committee.proposed()
    committee.agree(version, committee.epci_member)
    return version


@told_once
def substitute(committee):
    return SeatFactory(
        organisation=committee.caf, substitute=True, substitute_for=committee.caf_seat
    )


@told_once
def colleague(committee):
    return since_long(MembershipFactory(organisation=committee.caf)).user


def is_in_force_after(version, days=20) -> bool:
    with clock.on(timezone.localdate() + clock.days(days)):
        confirm_unchallenged()
    version.refresh_from_db()
    return version.is_in_force


def away(committee):
    return seats.declare_absence(
        committee.caf_seat, starts_on=timezone.localdate(), ends_on=None, by=committee.coordinator
    )


# Who stands in -----------------------------------------------------------------------------------


class Away:
    """The coordinator says that the member is away; who is told, and there, says otherwise."""

    def __init__(self, committee, _colleague):
        self.absence = away(committee)

    def is_back(self, committee):
        seats.end_absence(self.absence, by=committee.caf_member)


class AwayByAMinute(Away):
    """She ends it herself, once she has recorded what she wants."""

    def is_back(self, committee):
        seats.end_absence(self.absence, by=committee.coordinator)


class Ended:
    """She ends the mandate, and a colleague contests it."""

    def __init__(self, committee, colleague):
        seats.end_seat(committee.caf_seat, by=committee.coordinator)
        self.colleague = colleague

    def is_back(self, committee):
        seats.contest_ending(committee.caf_seat, by=self.colleague)


class ObjectedTo:
    """She objects to the access, and a colleague confirms it."""

    def __init__(self, committee, colleague):
        self.held = Membership.objects.get(user=committee.caf_member)
        access.object_to_access(self.held, by=committee.coordinator)
        self.colleague = colleague

    def is_back(self, committee):
        access.confirm_access(self.held, by=self.colleague)


OUT = [Away, AwayByAMinute, Ended, ObjectedTo]


@pytest.mark.parametrize("out", OUT)
def test_whose_member_is_back_agrees_by_no_silence_and_confirms_nothing(
    committee, version, substitute, colleague, out
):
    member_is_out = out(committee, colleague)
    entry = record(version, substitute, committee.coordinator)
    member_is_out.is_back(committee)
    with pytest.raises(Refused, match="ne remplace plus de membre : une personne qui répond"):
        answers.confirm(entry, by=substitute.user)
    assert not is_in_force_after(version)
    answers.confirm(entry, by=committee.caf_member)
    version.refresh_from_db()
    assert version.is_in_force


@pytest.mark.parametrize("out", OUT)
def test_the_member_who_is_back_is_asked(committee, version, substitute, colleague, out):
    member_is_out = out(committee, colleague)
    record(version, substitute, committee.coordinator)
    today, point = timezone.localdate(), point_of(version)
    assert not point.awaits(committee.caf, today)
    assert point.is_to_confirm_by(committee.caf)
    member_is_out.is_back(committee)
    point = point_of(version)
    assert point.awaits(committee.caf, today)
    assert not point.is_to_confirm_by(committee.caf)
    [light] = [light for light in point.lights if light.organisation == committee.caf]
    assert (light.state, light.word[:10]) == ("awaited", "attendu ; ")
    bench = bench_of(committee.convention, today)
    voices = {"objective": bench.voice(committee.caf_member, committee.caf, "objective")}
    asked = awaiting_of(bench, committee.caf, voices, required_of(committee.convention))
    assert [row.pk for row in asked] == [version.pk]
    [task] = [told for told in tasks(committee, committee.caf_member) if "a saisi" in told]
    assert "qui ne remplace plus de membre" in task


def tasks(committee, person) -> list[str]:
    found = committee_tasks(person, [committee.convention], timezone.localdate())
    return [task.title for task in found.get(committee.convention.pk, [])]


def test_who_stands_in_all_the_time_confirms_in_person(committee, version, substitute):
    """Whether they do on each day is what others have said, and may have taken back."""
    away(committee)
    entry = record(version, substitute, committee.coordinator)
    assert not is_in_force_after(version)
    answers.confirm(entry, by=substitute.user)
    version.refresh_from_db()
    assert version.is_in_force


def test_a_substitute_without_account_is_confirmed_by_who_speaks_once_the_member_is_back(
    committee, version, colleague
):
    seat = SeatFactory(
        organisation=committee.caf, substitute=True, substitute_for=committee.caf_seat, user=None
    )
    absence = away(committee)
    entry = record(version, seat, committee.coordinator)
    seats.end_absence(absence, by=committee.caf_member)
    with pytest.raises(Refused, match="ne remplace plus de membre"):
        answers.confirm(entry, by=colleague)
    answers.confirm(entry, by=committee.caf_member)


def test_what_is_recorded_of_a_substitute_is_told_to_the_member(committee, version, substitute):
    away(committee)
    record(version, substitute, committee.coordinator)
    soon = timezone.now() + datetime.timedelta(minutes=10)
    said = [(message.to[0], spoken(message.body)) for message in told(soon)]
    to_the_member, to_her = (
        " ".join(body for address, body in said if address == user.email)
        for user in (committee.caf_member, substitute.user)
    )
    assert f"a saisi au nom de {substitute.name} l’accord" in to_the_member
    assert "vous pouvez aussi répondre vous-même" in to_the_member
    assert "a saisi en votre nom" in to_her
    assert "le silence d’une personne qui supplée un membre ne vaut pas accord" in to_her


def test_what_is_recorded_of_a_member_is_told_to_the_other_ones(committee, version):
    """They are asked no more, and may answer all the same before the delay has passed."""
    other = SeatFactory(organisation=committee.caf).user
    entry = record(version, committee.caf_seat, committee.coordinator)
    soon = timezone.now() + datetime.timedelta(minutes=10)
    said = [(message.to[0], spoken(message.body)) for message in told(soon)]
    to_the_other = " ".join(body for address, body in said if address == other.email)
    assert f"a saisi au nom {de(committee.caf_seat.name)} l’accord" in to_the_other
    passing = spoken(f"sans contestation, après le {long_date(entry.contestable_until)}")
    assert passing in spoken(to_the_other)
    assert "vous pouvez aussi répondre vous-même" in to_the_other
    assert committee.epci_member.email not in [address for address, _body in said]


def test_by_two_forms_and_time_nobody_has_another_party_agree(client, committee, substitute):
    version = committee.proposed()
    committee.agree(version, committee.epci_member)
    slug, today = committee.convention.slug, timezone.localdate().isoformat()
    client.force_login(committee.coordinator)
    client.post(
        reverse("committee:declare_absence", args=[slug, committee.caf_seat.pk]),
        {"starts_on": today, "ends_on": ""},
    )
    assert client.post(url(version), data(client.get(url(version)), substitute)).status_code == 302
    client.force_login(committee.caf_member)
    absence = committee.caf_seat.absences.get()
    client.post(reverse("committee:end_absence", args=[slug, absence.pk]), {})
    page = client.get(reverse("committee:points", args=[slug]))
    assert len(page.context["inbox"].awaiting) == 1
    assert not is_in_force_after(version)


def said_away(committee, first, last):
    day = timezone.localdate()
    return seats.declare_absence(
        committee.caf_seat, starts_on=day + clock.days(first), ends_on=day + clock.days(last),
        by=committee.coordinator,
    )  # fmt: skip


@pytest.mark.parametrize("first", [0, 5])
@pytest.mark.parametrize("written", ["before", "since"])
def test_who_was_told_that_their_silence_is_none_is_held_to_it(committee, version, first, written):
    """The absence goes without a trace in the days, once the member has read what it does."""
    if written == "before":
        absence = said_away(committee, first, 9)
    entry = record(version, committee.caf_seat, committee.coordinator)
    if written == "since":
        absence = said_away(committee, first, 9)
    assert "absence" in why_silence_is_none(entry)
    seats.end_absence(absence, by=committee.coordinator)
    assert not is_in_force_after(version)
    assert "absence" in why_silence_is_none(entry)


def test_an_absence_that_went_the_day_before_is_no_reason(committee, version):
    absence = said_away(committee, 5, 9)
    seats.end_absence(absence, by=committee.coordinator)
    with clock.on(timezone.localdate() + clock.days(1)):
        record(version, committee.caf_seat, committee.coordinator)
    assert is_in_force_after(version)


# Who has said something since --------------------------------------------------------------------


def say(version, answer, committee, seen):
    version.refresh_from_db()
    return answers.answer(
        Reply(version, answer, seen=seen, reason="Non, pas ainsi."), by=committee.caf_member
    )


def undone(committee, entry):
    answers.undo(
        [say(entry.version, Answer.AGREED, committee, entry.rank)], by=committee.caf_member
    )


def commented(committee, entry):
    comment(entry.version, text="Ah ?", by=committee.caf_member)


@pytest.mark.parametrize("answer", [Answer.AGREED, Answer.CHANGE_REQUESTED, Answer.AGENDA])
def test_who_answered_and_undid_it_is_not_silent(committee, version, answer):
    entry = record(version, committee.caf_seat, committee.coordinator)
    answers.undo([say(version, answer, committee, entry.rank)], by=committee.caf_member)
    assert not is_in_force_after(version)
    answers.confirm(entry, by=committee.caf_member)
    version.refresh_from_db()
    assert version.is_in_force


def test_an_avis_of_the_party_breaks_no_silence(committee, version):
    record(version, committee.caf_seat, committee.coordinator)
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    answers.undo(
        [answers.advise(version, opinion=Answer.UNFAVOURABLE, reason="Non.", by=adviser)],
        by=adviser,
    )
    assert is_in_force_after(version)


def test_who_wrote_below_the_point_is_not_silent(committee, version):
    record(version, committee.caf_seat, committee.coordinator)
    comment(version, text="Je n’ai pas donné cet accord.", by=committee.caf_member)
    assert not is_in_force_after(version)


def test_nor_who_corrected_what_they_had_written(committee, version):
    written = comment(version, text="À voir.", by=committee.caf_member)
    with clock.on(timezone.localdate() + clock.days(1)):
        record(version, committee.caf_seat, committee.coordinator)
    with clock.on(timezone.localdate() + clock.days(2)):
        edit_comment(written, text="Pas d’accord.", by=committee.caf_member)
    assert not is_in_force_after(version)


def test_nor_who_had_written_before_or_writes_for_the_same_party(committee, version):
    comment(version, text="À voir.", by=committee.caf_member)
    other = committee.proposed()
    committee.agree(other, committee.epci_member)
    colleague = SeatFactory(organisation=committee.caf).user
    for one in (version, other):
        record(one, committee.caf_seat, committee.coordinator)
    comment(other, text="Ma collègue n’a rien signé.", by=colleague)
    assert not is_in_force_after(version)
    assert not is_in_force_after(other)


def lent(committee):
    """A colleague without a seat, to whom the member has lent her voice."""
    user = since_long(MembershipFactory(organisation=committee.caf)).user
    seats.delegate(
        committee.caf_seat, capacity="Agente", starts_on=timezone.localdate(), user=user,
        by=committee.caf_member,
    )  # fmt: skip
    return user


def test_nor_whose_voice_is_lent_to_who_wrote(committee, version):
    """Who answers by delegation sits nowhere."""
    record(version, committee.caf_seat, committee.coordinator)
    comment(version, text="Elle n’a rien signé.", by=lent(committee))
    assert not is_in_force_after(version)


def test_nor_who_joined_a_document_to_what_was_recorded(committee, version):
    """The délibération says otherwise."""
    entry = record(version, committee.caf_seat, committee.coordinator)
    document = a_document(committee.caf_member, PDF + b"%")
    answers.attach(entry, document, by=committee.caf_member)
    assert not is_in_force_after(version)
    with clock.on(entry.contestable_until + clock.days(1)):
        why = why_silence_is_none(entry)
    assert "joint un document" in why


def test_what_the_one_who_recorded_joins_breaks_none(committee, version):
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    entry = record(version, committee.caf_seat, adviser)
    answers.attach(entry, a_document(adviser, PDF + b"%"), by=adviser)
    assert is_in_force_after(version)


def test_what_others_write_breaks_no_silence(committee, version):
    record(version, committee.caf_seat, committee.coordinator)
    comment(version, text="Je l’ai reçu.", by=committee.coordinator)
    assert is_in_force_after(version)


@pytest.mark.parametrize("said", [commented, undone])
def test_what_was_said_is_not_got_round_by_typing_it_again(committee, version, said):
    entry = record(version, committee.caf_seat, committee.coordinator)
    said(committee, entry)
    seen = point_of(version).entries[committee.caf.pk].rank
    record(version, committee.caf_seat, committee.coordinator, seen=seen)
    assert not is_in_force_after(version)


def test_nor_by_proposing_word_for_word_what_was_contested(committee, version):
    entry = record(version, committee.caf_seat, committee.coordinator)
    answers.contest(entry, reason="Je n’ai rien signé.", by=committee.caf_member)
    content, row, by = version.content, version.subject, committee.coordinator
    drafts.withdraw_version(version, reason="Erreur de saisie", by=by)
    again = drafts.propose(drafts.save_draft(row, content, by=by), by=by, after_term=WHY)
    committee.agree(again, committee.epci_member)
    record(again, committee.caf_seat, by)
    assert not is_in_force_after(again)


def denied(committee, _entry):
    """Another point was recorded for the Caf, whose member denied it."""
    other = record(committee.proposed(), committee.caf_seat, committee.coordinator)
    answers.contest(other, reason="Je n’ai rien signé.", by=committee.caf_member)


def test_nor_by_proposing_another_point_like_the_one_that_was_contested(committee, version):
    denied(committee, None)
    record(version, committee.caf_seat, committee.coordinator)
    assert not is_in_force_after(version)


def test_what_another_party_has_contested_keeps_nobody_from_being_silent(committee, version):
    other = record(committee.proposed(), committee.epci_seat, committee.coordinator)
    answers.contest(other, reason="Je n’ai rien signé.", by=committee.epci_member)
    record(version, committee.caf_seat, committee.coordinator)
    assert is_in_force_after(version)


@pytest.mark.parametrize("answer", [Answer.CHANGE_REQUESTED, Answer.AGENDA])
def test_nor_who_has_prepared_an_answer(committee, version, answer):
    entry = record(version, committee.caf_seat, committee.coordinator)
    reply = Reply(version, answer, seen=entry.rank, reason="Je n’ai rien signé.")
    note(reply, by=committee.caf_member, organisation=committee.caf)
    assert not is_in_force_after(version)


@pytest.mark.parametrize("by_delegation", [False, True])
def test_nor_who_wrote_about_the_evaluation_that_is_asked(by_delegation):
    committee = scene.written_year()
    edition = scene.proposed(committee)
    committee.agree(edition.version, committee.epci_member)
    record(edition.version, committee.caf_seat, committee.coordinator)
    by = lent(committee) if by_delegation else committee.caf_member
    comment_text(
        "Je n’ai pas donné cet accord.", by=by,
        convention=committee.convention, year=scene.YEAR, theme=committee.theme,
    )  # fmt: skip
    assert not is_in_force_after(edition.version)


def test_nor_whose_party_has_wanted_its_analyses_otherwise():
    committee = scene.written_year()
    edition = scene.proposed(committee)
    committee.agree(edition.version, committee.epci_member)
    member, said = committee.caf_member, {"edition": edition, "organisation": committee.caf}
    Validation.objects.create(
        **said, word=ValidationWord.CHANGE, text="Pas ainsi.", user=member, person_name=str(member)
    )
    record(edition.version, committee.caf_seat, committee.coordinator)
    assert not is_in_force_after(edition.version)


def test_what_is_said_of_another_point_breaks_no_silence(committee, version):
    other = committee.proposed()
    comment(other, text="À voir.", by=committee.caf_member)
    say(other, Answer.CHANGE_REQUESTED, committee, 0)
    record(version, committee.caf_seat, committee.coordinator)
    assert is_in_force_after(version)


def test_nor_does_what_another_party_prepares(committee):
    version = committee.proposed()
    entry = record(version, committee.caf_seat, committee.coordinator)
    reply = Reply(version, Answer.CHANGE_REQUESTED, reason="Non.")
    note(reply, by=committee.epci_member, organisation=committee.epci)
    assert not Agreement.objects.filter(pk=entry.pk).written_about().exists()


# What was received before ------------------------------------------------------------------------


def test_what_was_received_before_the_text_was_proposed_counts_by_no_delay(committee, version):
    early = timezone.localdate() - clock.days(1)
    entry = record(version, committee.caf_seat, committee.coordinator, received_on=early)
    assert not is_in_force_after(version)
    answers.confirm(entry, by=committee.caf_member)
    version.refresh_from_db()
    assert version.is_in_force


def test_what_was_received_before_the_mandate_counts_by_no_delay(committee, version):
    today = timezone.localdate()
    with clock.on(today + clock.days(3)):
        committee.caf_seat.starts_on = today + clock.days(2)
        committee.caf_seat.save()
        record(version, committee.caf_seat, committee.coordinator, received_on=today)
    assert not is_in_force_after(version, days=30)


# Who does not know ------------------------------------------------------------------------------


def test_who_was_never_written_to_is_not_silent(committee, version, mailoutbox):
    """The clock stood still, and then does all that is due at once."""
    entry = record(version, committee.caf_seat, committee.coordinator)
    with clock.on(timezone.localdate() + clock.days(20)):
        send_due_mail()
        answers.confirm_unchallenged()
        why = why_silence_is_none(entry)
    version.refresh_from_db()
    assert not version.is_in_force
    assert "n’est pas parti à temps" in why


@pytest.fixture
def outbox(settings):
    """The portal's own; what becomes of its messages, each test says."""
    settings.EMAIL_BACKEND = "ctg_portal.mail.OutboxBackend"


def written_to(committee, version, status, *, on=1, left_on=1):
    """Recorded, written about after so many days, and what became of the message after so many;
    twenty days later the clock counts."""
    entry, today = record(version, committee.caf_seat, committee.coordinator), timezone.localdate()
    with clock.on(today + clock.days(on)):
        send_due_mail()
        moment = timezone.now() + clock.days(left_on - on)
    messages = Email.objects.filter(to=committee.caf_member.email)
    assert messages.update(status=status, last_updated=moment) == 1
    return entry


def counts_after(entry, days=20) -> bool:
    with clock.on(timezone.localdate() + clock.days(days)):
        answers.confirm_unchallenged()
    return not Agreement.objects.get(pk=entry.pk).is_pending


@pytest.mark.usefixtures("outbox")
def test_who_was_written_to_the_day_it_was_recorded_is(committee, version):
    assert counts_after(written_to(committee, version, STATUS.sent))


@pytest.mark.usefixtures("outbox")
@pytest.mark.parametrize(
    ("status", "left_on"),
    [(STATUS.failed, 1), (STATUS.queued, 1), (STATUS.requeued, 1), (STATUS.sent, 3)],
)
def test_who_was_written_to_in_vain_or_too_late_is_not_silent(committee, version, status, left_on):
    """The mail server refused the message, or let it wait."""
    entry = written_to(committee, version, status, left_on=left_on)
    assert not counts_after(entry)
    with clock.on(timezone.localdate() + clock.days(20)):
        why = why_silence_is_none(entry)
    assert "n’est pas parti à temps" in why


@pytest.mark.usefixtures("outbox")
def test_a_message_that_is_kept_nowhere_has_told_nobody(committee, version):
    """A backup holds no message: what waited when it was made never leaves."""
    entry = written_to(committee, version, STATUS.queued)
    Email.objects.all().delete()
    assert not counts_after(entry)


@pytest.mark.usefixtures("outbox")
@pytest.mark.parametrize(
    ("status", "left_on", "counts"),
    [(STATUS.sent, 1, True), (STATUS.sent, 4, False), (STATUS.failed, 1, False)],
)
def test_a_long_delay_outlasts_the_message(committee, version, status, left_on, counts):
    """Messages are kept for thirty days; what became of them stays known."""
    Convention.objects.filter(pk=committee.convention.pk).update(contest_days=60)
    version.convention.refresh_from_db()
    entry = written_to(committee, version, status, left_on=left_on)
    with clock.on(timezone.localdate() + clock.days(20)):
        job("notifications.put_off_untold").run()
    Email.objects.all().delete()
    assert counts_after(entry, days=70) == counts


@pytest.mark.usefixtures("outbox")
def test_another_message_that_arrives_tells_nothing_of_it(committee, version):
    entry = written_to(committee, version, STATUS.failed)
    send_mail("Autre chose", "…", None, [committee.caf_member.email])
    Email.objects.filter(subject="Autre chose").update(status=STATUS.sent)
    assert not counts_after(entry)


@pytest.mark.usefixtures("outbox")
def test_with_a_delay_of_a_day_who_knows_nothing_is_not_silent_either(committee, version):
    Convention.objects.filter(pk=committee.convention.pk).update(contest_days=1)
    version.convention.refresh_from_db()
    assert not counts_after(record(version, committee.caf_seat, committee.coordinator), days=2)


def test_who_recorded_what_they_had_said_themselves_knows_of_it(committee, version, mailoutbox):
    entry = record(version, committee.caf_seat, committee.caf_member)
    with clock.on(timezone.localdate() + clock.days(1)):
        send_due_mail()
    assert committee.caf_member.email not in {address for m in mailoutbox for address in m.to}
    assert counts_after(entry)


# Who could not speak up --------------------------------------------------------------------------


def test_who_coordinated_for_another_one_meanwhile_is_not_silent(committee, version):
    record(version, committee.caf_seat, committee.coordinator)
    with clock.on(timezone.localdate() + clock.days(2)):
        held = MembershipFactory(
            user=committee.caf_member, organisation=committee.epci, coordinator=True
        )
    assert not is_in_force_after(version)
    with clock.on(timezone.localdate() + clock.days(18)):
        access.end_membership(held, by=committee.caf_member)
    assert not is_in_force_after(version, days=22)


# In rows and in words ----------------------------------------------------------------------------


def absent(committee, _entry):
    away(committee)


def objected(committee, _entry):
    colleague = since_long(MembershipFactory(organisation=committee.caf)).user
    seats.object_to_seat(committee.caf_seat, by=colleague)
    seats.confirm_seat(committee.caf_seat, by=colleague)


def noted(committee, entry):
    reply = Reply(entry.version, Answer.CHANGE_REQUESTED, seen=entry.rank, reason="Non.")
    note(reply, by=committee.caf_member, organisation=committee.caf)


def coordinated(committee, _entry):
    held = MembershipFactory(
        user=committee.caf_member, organisation=committee.epci, coordinator=True
    )
    access.end_membership(held, by=committee.caf_member)


def backdated(_committee, entry):
    Agreement.objects.filter(pk=entry.pk).update(received_on=entry.received_on - clock.days(1))
    entry.refresh_from_db()


def nothing(_committee, _entry):
    pass


@pytest.mark.parametrize(
    "happens",
    [nothing, undone, commented, noted, denied, absent, objected, coordinated, backdated],
)
@pytest.mark.parametrize("kind", ["member", "substitute"])
def test_what_the_clock_makes_count_and_what_is_told_of_it_agree(
    committee, version, happens, kind, substitute
):
    seat = committee.caf_seat
    if kind == "substitute":
        away(committee)
        seat = substitute
    entry = record(version, seat, committee.coordinator)
    if kind == "member" or happens in (nothing, objected):
        happens(committee, entry)
    late = entry.contestable_until + clock.days(1)
    with clock.on(late):
        told_at_once()
        counts = entry in Agreement.objects.unchallenged(late)
        why = why_silence_is_none(entry)
    assert counts == (not why)
    assert counts == (kind == "member" and happens is nothing)
