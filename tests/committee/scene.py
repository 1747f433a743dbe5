"""The rows of the committee for tests of routes and queries: everything, ``size`` times."""

import datetime
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from agreements import models as agreements_models
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.commitments import canonical
from agreements.models import Answer
from agreements.versions import events as drafts
from agreements.versions.signature import record_signature
from committee import models as committee_models
from committee.amendments import events as amendments_events
from committee.answers.events import note_answer
from committee.comments import events as comments_events
from committee.dossiers import events as dossiers
from committee.meetings import agenda, bodies
from committee.meetings import events as meetings
from committee.meetings.decisions.events import decide
from committee.models import DossierAnswer, LinksCut
from committee.objectives import events as objectives
from committee.reclassifications.events import add_reclassification
from committee.stakes.events import add_stake
from conventions.models import Objective
from documents.models import store
from tests import factories as f
from tests.agreements.factories import DelegationFactory, SeatFactory

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@dataclass
class CommitteeScene:
    """Rows of the committee, for the addresses of its pages.

    ``people`` adds to the scene's: member (of the scene's organisation), caf_member (of another
    party), adviser.
    """

    people: dict
    version: agreements_models.Version
    in_force: agreements_models.Version
    draft: agreements_models.Version
    entry: agreements_models.Agreement
    recorded: agreements_models.Agreement
    comment: committee_models.Comment
    dossier: committee_models.Dossier
    seat: agreements_models.Seat
    delegation: agreements_models.Delegation
    absence: agreements_models.Absence
    proposal: committee_models.AmendmentProposal
    signed: agreements_models.Version
    attachment: agreements_models.Attachment
    objective: Objective
    reclassification: committee_models.Reclassification
    stake: committee_models.Stake
    meeting: committee_models.Meeting
    decision: committee_models.Decision
    body: committee_models.Body


def a_document(user, content: bytes = PDF):
    return store(SimpleUploadedFile("acte.pdf", content, "application/pdf"), by=user)


def content(convention, n: int) -> dict:
    return {
        "title": f"Ouvrir l’espace numéro {n}",
        "due_on": convention.end,
        "measure": "Nombre d’espaces ouverts",
        "is_priority": False,
    }


def fill_committee(scene, size: int) -> CommitteeScene:
    """Give the scene's convention ``size`` points of each state, with answers and comments."""
    convention, coordinator = scene.convention, scene.people["coordinator"]
    caf = f.PartyFactory(organisation__convention=convention, organisation__acronym="CAF S")
    seats = {
        "member": SeatFactory(organisation=scene.organisation, is_elected=True),
        "caf_member": SeatFactory(organisation=caf.organisation),
        "adviser": SeatFactory(organisation=caf.organisation, adviser=True),
        "advisory": SeatFactory(organisation=caf.organisation, advisory=True),
    }
    seats["member"].act = a_document(coordinator)
    seats["member"].save()
    people = {name: seat.user for name, seat in seats.items()}
    record_signature(convention)
    _signed(convention, caf.organisation, people)
    signed = Objective.objects.of(convention).level(1).filter(origin="signature")
    orientations = list(signed.order_by("pk"))
    made = [
        _point(scene, orientation, n, people, seats["caf_member"])
        for n, orientation in enumerate(orientations[:size])
    ]
    stakes = [_stake(scene, orientation, n) for n, orientation in enumerate(orientations[:size])]
    reclassified = [_reclassified(scene, orientation) for orientation in orientations[:size]]
    day = timezone.localdate()
    gatherings = [_meeting(scene, made[n]["version"], n) for n in range(size)]
    decisions = [_decision(scene, n) for n in range(size)]
    for gathering, row in zip(gatherings, made, strict=True):
        _heard(gathering, row["recorded"])
    for n in range(size):
        SeatFactory(organisation=scene.organisation, advisory=True)
        absence = agreements_models.Absence.objects.create(
            seat=SeatFactory(organisation=scene.organisation, user=None),
            starts_on=day + datetime.timedelta(days=900),
        )
        delegation = DelegationFactory(seat=seats["member"], act=a_document(coordinator))
        dossier = dossiers.send_dossier(
            convention, [row["version"] for row in made], title="Comité de mars", by=coordinator
        )
        DossierAnswer.objects.create(dossier=dossier, agreement=made[n]["entry"])
        LinksCut.objects.create(user=f.UserFactory(), cut_at=timezone.now())
        _renewal(seats["member"])
    return CommitteeScene(
        people=people,
        seat=seats["member"],
        delegation=delegation,
        absence=absence,
        dossier=dossier,
        signed=agreements_models.Version.objects.about(orientations[0]).get(),
        objective=made[0]["version"].subject,
        reclassification=reclassified[0].subject,
        stake=stakes[0].subject,
        meeting=gatherings[-1],
        decision=decisions[0],
        body=committee_models.Body.objects.of(convention).get(name="Comité 0"),
        **made[0],
    )


def _signed(convention, caf, people) -> None:
    """Keep the signature of the convention as one that the Caf has confirmed."""
    now = timezone.now()
    signing = committee_models.Signing.objects.create(
        convention=convention, signed_on=convention.signed_on, signed_at="Poitiers", edition=1,
        scan=a_document(people["caf_member"]), signatories={caf.acronym: []},
        recorded_by=people["caf_member"], recorded_by_name="Lou Petit", recorded_at=now,
        confirmed_at=now,
    )  # fmt: skip
    signing.confirmations.create(
        edition=1, organisation=caf, by=people["caf_member"], by_name="Lou Petit",
        capacity="Directrice",
    )  # fmt: skip


def _renewal(seat) -> None:
    """Create the list of élus of a party, confirmed long ago, on which somebody stays."""
    long_ago = datetime.date(2020, 7, 1)
    renewal = committee_models.Renewal.objects.create(
        organisation=seat.organisation, installed_on=long_ago, deliberated_on=long_ago,
        confirmed_at=timezone.make_aware(datetime.datetime(2020, 7, 2)),
    )  # fmt: skip
    committee_models.RenewalLine.objects.create(renewal=renewal, seat=seat, outcome="stays")


def _meeting(scene, version, n: int) -> committee_models.Meeting:
    """Convene a meeting with items, documents, people of all kinds, and a body beside it."""
    convention, coordinator = scene.convention, scene.people["coordinator"]
    body = bodies.add_body(convention, name=f"Comité {n}", by=coordinator)
    person = {"capacity": "Directrice", "organisation": scene.organisation, "by": coordinator}
    for number in range(n + 1):
        bodies.add_member(body, name=f"Lou Petit {number}", email="", **person)
    bodies.set_rules(
        convention, notice_days=10, quorum=2, least={scene.organisation: 1}, by=coordinator
    )
    copil = bodies.body_of(convention, "steering")
    meeting = meetings.prepare_meeting(
        convention, copil, day=timezone.localdate() + datetime.timedelta(days=30 + n),
        begins_at=datetime.time(14), ends_at=datetime.time(16), place="Mairie", by=coordinator,
    )  # fmt: skip
    for number in range(n + 1):
        item = agenda.add_item(
            meeting, title=f"Point {number}", kind="decision", minutes=20, versions=[version],
            note="À lire avant.", presenter="Lou Petit", by=coordinator,
        )  # fmt: skip
        agenda.add_document(
            meeting, item, SimpleUploadedFile("note.pdf", PDF, "application/pdf"), by=coordinator
        )
    meetings.invite(meeting, name="Nadia Perrin", email="nadia@asso.example", **person)
    meetings.convene(meeting, by=coordinator)
    return meeting


def _heard(meeting, entry) -> None:
    """Keep a recorded answer as one that a member gave in a meeting."""
    recorded = committee_models.RecordedList.objects.create(
        meeting=meeting, organisation=entry.organisation,
        attendee=meeting.attendees.filter(organisation=entry.organisation).first(),
    )  # fmt: skip
    committee_models.RecordedAnswer.objects.create(recorded_list=recorded, agreement=entry)


def _decision(scene, n: int) -> committee_models.Decision:
    """Take a decision in a meeting of some days ago, late by now."""
    convention, coordinator = scene.convention, scene.people["coordinator"]
    day = timezone.localdate() - datetime.timedelta(days=40 + n)
    meeting = meetings.prepare_meeting(
        convention, bodies.body_of(convention, "technical"), day=day,
        begins_at=datetime.time(14), ends_at=datetime.time(16), by=coordinator,
    )  # fmt: skip
    agenda.add_item(meeting, title="Ouverture", kind="information", minutes=20, by=coordinator)
    meetings.hold(meeting, by=coordinator)
    text = '{"schema":1}'
    minutes = committee_models.Minutes.objects.create(meeting=meeting, introduction="Bienvenue.")
    minutes.texts.create(text=text, digest=canonical.digest(text))
    return decide(meeting, text=f"Décision {n}", due_on=day, by=coordinator)


def _reclassified(scene, orientation) -> agreements_models.Version:
    """Propose that an orientation is a text; return the version."""
    coordinator = scene.people["coordinator"]
    values = {"objectives": [orientation], "becomes": "text"}
    draft = add_reclassification(scene.convention, values, by=coordinator)
    return drafts.propose(draft, by=coordinator)


def _stake(scene, orientation, n: int) -> agreements_models.Version:
    """Create a stake in force with another version discussed; return that version."""
    coordinator = scene.people["coordinator"]
    values = {"title": f"Enjeu partagé {n}", "text": "Loin.", "themes": [orientation.theme]}
    draft = add_stake(scene.convention, values, by=coordinator)
    version = drafts.propose(draft, by=coordinator)
    agreements_models.Version.objects.filter(pk=version.pk).update(
        state=agreements_models.State.IN_FORCE, in_force_at=timezone.now()
    )
    committee_models.Stake.objects.filter(pk=version.object_id).update(standing="in_force")
    agreed = agreements_models.VersionTransition.objects.create(
        version=version, verb="agreed", from_state="proposed", to_state="in_force"
    )
    long_ago = timezone.make_aware(datetime.datetime(2020, 1, 1))
    agreements_models.VersionTransition.objects.filter(pk=agreed.pk).update(created_at=long_ago)
    version.refresh_from_db()
    following = drafts.save_draft(
        version.subject, version.content | {"text": "Autrement."}, by=coordinator
    )
    return drafts.propose(following, by=coordinator)


def _point(scene, orientation, n: int, people, caf_seat) -> dict:
    """Create one point in each state, under an orientation."""
    convention, coordinator = scene.convention, scene.people["coordinator"]

    def add(title):
        words = content(convention, n) | {"title": f"{title} {n}"}
        return objectives.add_objective(orientation, words, by=coordinator)

    version = drafts.propose(add("Ouvrir"), by=coordinator)
    settled = drafts.propose(add("Agréer"), by=coordinator)
    agreements_models.Version.objects.filter(pk=settled.pk).update(
        state=agreements_models.State.IN_FORCE, in_force_at=timezone.now()
    )
    Objective.objects.filter(pk=settled.object_id).update(standing="in_force")
    noted = drafts.propose(add("Noter"), by=coordinator)
    recorded = answers.record(
        noted, caf_seat, received_on=timezone.localdate(), evidence=a_document(coordinator),
        by=coordinator,
    )  # fmt: skip
    sure = answers.record(
        drafts.propose(add("Confirmer"), by=coordinator), caf_seat,
        received_on=timezone.localdate(), evidence=a_document(coordinator), by=coordinator,
    )  # fmt: skip
    answers.confirm(sure, by=caf_seat.user)
    later = drafts.save_draft(
        settled.subject, settled.content | {"measure": "Autrement"}, by=coordinator
    )
    note_answer(Reply(noted), by=people["member"], organisation=scene.organisation)
    entry = answers.answer(
        Reply(version, Answer.CHANGE_REQUESTED, reason="Plus tôt"), by=people["caf_member"]
    )
    answers.advise(version, opinion=Answer.RESERVED, reason="À préciser", by=people["adviser"])
    return {
        "version": version,
        "in_force": settled,
        "draft": later,
        "entry": entry,
        "recorded": recorded,
        "attachment": recorded.attachments.get(),
        "comment": comments_events.comment(version, text="Très attendu.", by=people["member"]),
        "proposal": amendments_events.propose_amendment(
            orientation, wording="Autrement", reason="Plus juste", by=people["member"]
        ),
    }
