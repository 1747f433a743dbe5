"""The database refuses impossible states of the committee, and says why in French."""

import datetime

import pytest
from django.utils import timezone

from agreements import models
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Answer, SeatKind, State
from agreements.versions import events as drafts
from committee.amendments import events as amendments_events
from committee.answers import events as noting
from committee.comments import events as comments_events
from committee.dossiers import events as dossiers
from committee.meetings import bodies
from committee.meetings.decisions.events import decide
from committee.models import (
    BodyMember,
    LeastPresence,
    Minutes,
    Reclassification,
    Renewal,
    RenewalLine,
    Signing,
    Stake,
)
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.committee.meetings import scene as gatherings
from tests.committee.scene import a_document
from tests.constraints import (
    another,
    assert_kept,
    assert_refused,
    assert_told,
    constraints_of,
    each_of,
    with_changes,
)
from tests.factories import MembershipFactory

pytestmark = pytest.mark.both

DAY, NEXT_DAY = datetime.date(2024, 1, 1), datetime.date(2024, 1, 2)


def proposed(**changes):
    return with_changes(committee_of().proposed(), **changes)


def second(**changes):
    """Another version of a row, beside the one proposed."""
    version = committee_of().proposed()
    return another(version, **({"number": 2} | changes))


def in_force_twice():
    version = committee_of().in_force()
    return another(version, number=2)


def drafted_twice():
    draft = committee_of().draft()
    return another(draft)


def entry(**changes):
    committee = committee_of()
    version = committee.proposed()
    committee.agree(version, committee.caf_member)
    return another(version.agreements.get(), rank=2, **changes)


def contested(**changes):
    return entry(answer=Answer.CONTESTED, reason="Jamais dit", **changes)


def confirmation(**changes):
    changes = {"created_at": timezone.now()} | changes
    return models.Confirmation(agreement=saved_entry(), **changes)


def answered_twice():
    return with_changes(entry(), rank=1)


def renewal():
    return Renewal.objects.create(organisation=committee_of().epci)


def signing():
    committee = committee_of()
    return Signing.objects.create(
        convention=committee.convention, signed_on=DAY, signed_at="Poitiers", edition=1,
        scan=a_document(committee.coordinator), recorded_by=committee.coordinator,
        recorded_at=timezone.now(),
    )  # fmt: skip


def signing_confirmation():
    row = signing()
    return row.confirmations.create(
        edition=1, organisation=row.convention.organisations.first(), by=row.recorded_by
    )


def renewal_line():
    row = renewal()
    return RenewalLine.objects.create(
        renewal=row, seat=SeatFactory(organisation=row.organisation), outcome="stays"
    )


def dossier(**changes):
    committee = committee_of()
    sent = dossiers.send_dossier(
        committee.convention, [committee.proposed()], title="Mars", by=committee.coordinator
    )
    return with_changes(sent, **changes)


def transition(**changes):
    return another(committee_of().proposed().transitions.get(), **changes)


def noted():
    committee = committee_of()
    reply = Reply(committee.proposed(), Answer.AGREED)
    return noting.note_answer(reply, by=committee.caf_member, organisation=committee.caf)


def comment(**changes):
    committee = committee_of()
    comment = comments_events.comment(committee.proposed(), text="Bien", by=committee.caf_member)
    return with_changes(comment, **changes)


def proposal(**changes):
    committee = committee_of()
    proposal = amendments_events.propose_amendment(
        committee.orientation, wording="Autrement", reason="Plus juste", by=committee.caf_member
    )
    return with_changes(proposal, **changes)


def meeting(**changes):
    return with_changes(gatherings.convened(committee_of()), **changes)


def body(**changes):
    return with_changes(bodies.body_of(committee_of().convention, "technical"), **changes)


def body_member(**changes):
    member = {"body": body(), "user": SeatFactory().user, "name": "Lou"} | changes
    return BodyMember(**member)


def attendee(**changes):
    return with_changes(meeting().attendees.first(), **changes)


def decision(**changes):
    committee = committee_of()
    yesterdays = gatherings.prepared(committee, -1)
    taken = decide(yesterdays, text="Ouvrir", follows=True, by=committee.coordinator)
    return with_changes(taken, **changes)


def minutes_text(**changes):
    minutes = Minutes.objects.create(meeting=gatherings.prepared(committee_of(), -1))
    return with_changes(minutes.texts.create(text="{}", digest="a" * 64), **changes)


def proxied():
    first, second = meeting().attendees.all()
    return with_changes(first, reply="present", proxy=second)


def absence(**dates):
    return models.Absence(seat=SeatFactory(), **dates)


NUMBERED = "Une version proposée a un numéro, un brouillon n’en a pas."
KNOWN_STATE = "L’état ou l’origine de cette version est inconnu."
DIGEST = "Une version a un texte, son schéma et son empreinte."
KNOWN_ANSWER = "Cette réponse est inconnue."
WHO_ANSWERS = "Un membre répond, un instructeur donne un avis."
CONFIRMED = "Une réponse recueillie est confirmée par quelqu’un."
UNDOES = "Une annulation porte sur une réponse, elle seule."
CONTESTS = "Une contestation porte sur un accord, elle seule."
MOMENT = "Un dossier complet l’est depuis un moment."
NOT_IN_TABLE = "Cet acte ne mène pas de cet état à cet autre."
DATES = "La fin précède le début."
BACKWARDS = {"starts_on": NEXT_DAY, "ends_on": DAY}

IMPOSSIBLE = [
    # Versions
    ("version_number_unique", lambda: second(number=1, state=State.REPLACED),
     "Ce point a déjà une version de ce numéro."),
    ("version_one_proposed", second, "Une version de ce point est déjà proposée."),
    ("version_one_in_force", in_force_twice, "Une version de ce point est déjà en vigueur."),
    ("version_one_draft_by_author", drafted_twice,
     "Cette personne a déjà un brouillon de ce point."),
    ("version_numbered_once_proposed", lambda: proposed(number=None), NUMBERED),
    ("version_numbered_once_proposed", lambda: proposed(state=State.DRAFT), NUMBERED),
    ("version_state_known", lambda: proposed(state="agreed"), KNOWN_STATE),
    ("version_state_known", lambda: proposed(origin="elsewhere"), KNOWN_STATE),
    ("version_in_force_since", lambda: proposed(state=State.IN_FORCE),
     "Une version en vigueur l’est depuis un moment."),
    ("version_has_digest", lambda: proposed(digest=""), DIGEST),
    ("version_has_digest", lambda: proposed(digest="A" * 64), DIGEST),
    ("version_has_digest", lambda: proposed(digest="a" * 63 + "\n"), DIGEST),
    ("version_has_digest", lambda: proposed(text=""), DIGEST),
    # Entries
    ("agreement_one_at_a_time", answered_twice,
     "Quelqu’un vient de répondre au nom de cet organisme."),
    ("agreement_answer_known", lambda: entry(answer="maybe"), [KNOWN_ANSWER, WHO_ANSWERS]),
    ("agreement_answer_known", lambda: entry(seat_kind="guest"), [KNOWN_ANSWER, WHO_ANSWERS]),
    ("agreement_voice_by_seat", lambda: entry(seat_kind=SeatKind.ADVISER), WHO_ANSWERS),
    ("agreement_voice_by_seat", lambda: entry(seat_kind=SeatKind.ADVISORY), WHO_ANSWERS),
    ("agreement_voice_by_seat", lambda: entry(answer=Answer.FAVOURABLE), WHO_ANSWERS),
    *(
        ("agreement_reason_given", lambda answer=answer: entry(answer=answer, contests=None),
         "Cette réponse demande un motif.")
        for answer in (Answer.CHANGE_REQUESTED, Answer.RETRACTED)
    ),
    ("agreement_body_given", lambda: entry(answer=Answer.DELIBERATION, body="Bureau"),
     "Une délibération attendue a une instance et une date."),
    ("agreement_body_given", lambda: entry(answer=Answer.DELIBERATION, body_date=DAY),
     "Une délibération attendue a une instance et une date."),
    ("agreement_recorded_has_a_day", lambda: entry(is_recorded=True),
     "Une réponse recueillie hors portail a une date."),
    ("agreement_recorded_by_a_channel", lambda: entry(channel="paper"),
     "Seul ce qui est recueilli hors portail dit comment."),
    ("agreement_recorded_by_a_channel",
     lambda: entry(is_recorded=True, received_on=DAY, channel="pigeon"),
     "Seul ce qui est recueilli hors portail dit comment."),
    ("confirmation_by_somebody", lambda: confirmation(way="in_person"), CONFIRMED),
    ("confirmation_by_somebody", lambda: confirmation(way="refused"), CONFIRMED),
    ("confirmation_by_somebody",
     lambda: confirmation(way="delay", by=committee_of().coordinator), CONFIRMED),
    ("agreement_contested_names_it", contested, CONTESTS),
    ("agreement_contested_names_it",
     lambda: entry(contests=saved_entry()), CONTESTS),
    ("agreement_undone_names_it", lambda: entry(answer=Answer.UNDONE), UNDOES),
    ("agreement_undone_names_it", lambda: entry(undoes=saved_entry()), UNDOES),
    # What somebody is about to say
    ("noted_answer_unique", lambda: another(noted()),
     "Vous avez déjà noté une réponse à cette version."),
    ("noted_answer_known", lambda: with_changes(noted(), answer="maybe"),
     "Cette réponse est inconnue."),
    ("noted_answer_change_has_reason", lambda: with_changes(noted(), answer="change_requested"),
     "Une demande de modification dit pourquoi."),
    ("noted_answer_deliberation_has_day",
     lambda: with_changes(noted(), answer="deliberation", body="Bureau"),
     "Une délibération attendue a une instance et une date."),
    # What was done to them
    ("version_transition_in_table", lambda: transition(verb="burnt"), NOT_IN_TABLE),
    ("version_transition_in_table", lambda: transition(from_state="replaced"), NOT_IN_TABLE),
    ("version_transition_in_table", lambda: transition(to_state="in_force"), NOT_IN_TABLE),
    ("version_transition_has_reason", lambda: transition(
        verb="withdrawn", from_state="proposed", to_state="withdrawn"),
     "Cet acte demande un motif."),
    ("dossier_transition_in_table",
     lambda: another(dossier().transitions.get(), verb="completed"), NOT_IN_TABLE),
    # Around the points
    ("dossier_titled", lambda: dossier(title=""), "Un dossier a un titre."),
    ("dossier_complete_has_moment", lambda: dossier(state="complete"), MOMENT),
    ("dossier_complete_has_moment", lambda: dossier(completed_at=timezone.now()), MOMENT),
    ("dossier_point_unique", lambda: another(dossier().points.get(), rank=2),
     "Ce point est déjà dans le dossier."),
    ("stake_standing_known",
     lambda: Stake(convention=committee_of().convention, title="x", standing="burnt"),
     "Cet état est inconnu."),
    ("reclassification_standing_known",
     lambda: Reclassification(convention=committee_of().convention, standing="burnt"),
     "Cet état est inconnu."),
    ("reclassification_nature_known",
     lambda: Reclassification(convention=committee_of().convention, becomes="else"),
     "Un passage est un objectif ou un texte."),
    ("comment_has_text", lambda: comment(text=""), "Un commentaire a un texte."),
    ("amendment_proposal_says_what_and_why", lambda: proposal(wording=""),
     "Une proposition a une rédaction et un motif."),
    ("amendment_proposal_says_what_and_why", lambda: proposal(reason=""),
     "Une proposition a une rédaction et un motif."),
    # Meetings
    ("body_kind_known", lambda: body(kind="else"), "Cette nature d’instance est inconnue."),
    ("body_named", lambda: body(name=""), "Une instance a un nom."),
    ("body_name_unique", lambda: another(body(), kind="thematic"),
     "Une instance de la convention porte déjà ce nom."),
    ("body_standard_unique", lambda: another(body(), name="Autre"),
     "La convention a déjà cette instance."),
    ("body_member_named", lambda: body_member(name=""), "Un membre a un nom."),
    ("body_member_unique", lambda: another(saved(body_member())),
     "Cette personne est déjà membre."),
    ("least_presence_positive", lambda: LeastPresence(organisation=committee_of().caf, count=0),
     "Une présence minimale est d’une personne au moins."),
    ("meeting_state_known", lambda: meeting(state="else"), "Cet état est inconnu."),
    ("meeting_ends_after_it_begins", lambda: meeting(ends_at=datetime.time(13)),
     "La fin précède le début."),
    ("meeting_convened_has_day", lambda: meeting(day=None),
     "Une réunion convoquée ou tenue a un jour."),
    ("meeting_convened_has_moment", lambda: meeting(convened_at=None),
     "Une réunion convoquée l’est depuis un moment."),
    ("meeting_transition_in_table",
     lambda: another(meeting().transitions.last(), to_state="held"), NOT_IN_TABLE),
    ("meeting_transition_has_reason", lambda: another(
        meeting().transitions.last(), verb="cancelled", to_state="cancelled"),
     "Cet acte demande un motif."),
    ("agenda_item_titled", lambda: with_changes(meeting().items.get(), title=""),
     "Un point de l’ordre du jour a un intitulé."),
    ("agenda_item_kind_known", lambda: with_changes(meeting().items.get(), kind="else"),
     "Cet objet est inconnu."),
    ("agenda_item_outcome_known", lambda: with_changes(meeting().items.get(), outcome="else"),
     "Cette suite est inconnue."),
    ("attendee_named", lambda: attendee(name=""), "Une personne convoquée a un nom."),
    ("attendee_reply_known", lambda: attendee(reply="else"), "Cette réponse est inconnue."),
    ("attendee_proxy_if_represented", proxied,
     "Seule une personne représentée donne pouvoir."),
    ("attendee_unique", lambda: another(attendee()), "Cette personne est déjà convoquée."),
    ("decision_has_text", lambda: decision(text=""), "Une décision a un texte."),
    ("decision_state_known", lambda: decision(state="else"), "Cet état est inconnu."),
    ("decision_number_unique", lambda: another(decision()),
     "Une décision de l’année porte déjà ce numéro."),
    ("decision_transition_in_table",
     lambda: another(decision().transitions.get(), to_state="done"), NOT_IN_TABLE),
    ("decision_transition_has_reason", lambda: another(
        decision().transitions.get(), verb="reported", from_state="to_follow",
        to_state="to_follow"),
     "Cet acte demande un motif."),
    ("minutes_correction_has_reason",
     lambda: with_changes(minutes_text().minutes, corrected=1),
     "La correction d’un compte rendu a un motif."),
    ("minutes_text_unique", lambda: another(minutes_text()), "Ce texte est déjà figé."),
    ("minutes_text_has_digest", lambda: minutes_text(digest="a"),
     "Un compte rendu figé a un texte et son empreinte."),
    # Who speaks
    ("seat_ends_after_start", lambda: SeatFactory.build(
        organisation=committee_of().caf, user=None, **BACKWARDS), DATES),
    ("absence_ends_after_start", lambda: absence(**BACKWARDS), DATES),
    ("delegation_ends_after_start", lambda: with_changes(DelegationFactory(), **BACKWARDS), DATES),
    ("seat_kind_known", lambda: with_changes(SeatFactory(), kind="guest"),
     "Ce siège est inconnu."),
    ("seat_state_known", lambda: with_changes(SeatFactory(), state="objected"),
     "Cet état est inconnu."),
    ("seat_named", lambda: with_changes(SeatFactory(), name=""),
     "Un siège a un nom et une qualité."),
    ("seat_named", lambda: with_changes(SeatFactory(), capacity=""),
     "Un siège a un nom et une qualité."),
    ("seat_awaited_from_a_day", lambda: with_changes(SeatFactory(), awaited_until=DAY),
     "Un siège est attendu à partir d’un jour."),
    ("renewal_one_open", lambda: another(renewal()),
     "Une liste est déjà préparée pour cet organisme."),
    ("renewal_deliberated_after_installation", lambda: with_changes(
        renewal(), installed_on=timezone.localdate(), deliberated_on=DAY),
     "La délibération précède l’installation du conseil."),
    ("renewal_confirmed_with_dates", lambda: with_changes(
        renewal(), confirmed_at=timezone.now()),
     "Une liste confirmée dit l’installation et la délibération."),
    ("signing_one_standing", lambda: another(signing()),
     "La signature de cette convention est déjà enregistrée."),
    ("signing_withdrawn_before_confirmed", lambda: with_changes(
        signing(), withdrawn_at=timezone.now(), confirmed_at=timezone.now()),
     "Une signature confirmée ne se retire pas."),
    ("signing_confirmed_once", lambda: another(
        signing_confirmation(), by=MembershipFactory().user),
     "Cette partie a déjà confirmé la signature."),
    ("signing_confirmed_for_one_party", lambda: another(
        signing_confirmation(), organisation=committee_of().caf),
     "Une personne ne confirme que pour une partie."),
    ("renewal_line_once", lambda: another(renewal_line()), "Ce siège est déjà sur la liste."),
    ("renewal_line_outcome_known", lambda: with_changes(renewal_line(), outcome="perhaps"),
     "Ce choix est inconnu."),
    ("seat_substitute_only", lambda: with_changes(SeatFactory(), substitute_for=SeatFactory()),
     "Seul un suppléant remplace un membre."),
    ("delegation_named", lambda: with_changes(DelegationFactory(), name=""),
     "Une délégation a un nom et une qualité."),
    ("delegation_named", lambda: with_changes(DelegationFactory(), capacity=""),
     "Une délégation a un nom et une qualité."),
]  # fmt: skip


def saved(row):
    row.save()
    return row


def saved_entry():
    committee = committee_of()
    version = committee.proposed()
    return answers.answer(Reply(version), by=committee.caf_member)


def recorded():
    committee = committee_of()
    version = committee.proposed()
    saved = answers.record(
        version, committee.caf_seat, received_on=timezone.localdate(),
        evidence=a_document(committee.coordinator), by=committee.coordinator,
    )  # fmt: skip
    return another(saved, rank=2)


def signed_and_proposed():
    """Two drafts by two people, of a row with a version in force."""
    committee = committee_of()
    version = committee.in_force()
    colleague = MembershipFactory(organisation=committee.caf, coordinator=True).user
    draft = drafts.save_draft(version.subject, version.content, by=committee.coordinator)
    return another(draft, author=colleague)


# What looks like an impossible state and is not.
POSSIBLE = {
    "a version proposed beside the one in force": lambda: another(
        committee_of().in_force(), number=2, state=State.PROPOSED
    ),
    "two drafts by two people": signed_and_proposed,
    "two replaced versions": lambda: second(state=State.REPLACED),
    "a later word of a party": entry,
    "an avis of an adviser": lambda: entry(answer=Answer.FAVOURABLE, seat_kind=SeatKind.ADVISER),
    "an agreement recorded": recorded,
    "an answer of a substitute": lambda: entry(seat_kind=SeatKind.SUBSTITUTE),
    "a mandate of one day": lambda: SeatFactory.build(
        organisation=committee_of().caf, user=None, starts_on=DAY, ends_on=DAY
    ),
    "an absence without end": lambda: absence(starts_on=DAY),
}

each_impossible_state = each_of(IMPOSSIBLE)


def test_every_constraint_is_in_the_table():
    assert {name for name, _, _ in IMPOSSIBLE} == constraints_of("agreements", "committee")


@each_impossible_state
def test_an_impossible_state_is_reported_in_french_and_refused_by_the_database(
    name, build, message, db
):
    row = build()
    assert_told(row, *([message] if isinstance(message, str) else message))
    assert_refused(row, "agreement_" if isinstance(message, list) else name)


@pytest.mark.parametrize("build", POSSIBLE.values(), ids=POSSIBLE.keys())
def test_possible_state_is_accepted(build, db):
    assert_kept(build())
