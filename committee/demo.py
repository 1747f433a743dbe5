"""The demonstration of the committee: who sits, and points in every state. All is fictional."""

import datetime
from typing import NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import (
    Agreement,
    Seat,
    SeatKind,
    State,
    Version,
    VersionTransition,
    VersionVerb,
)
from agreements.seats import events as seats
from agreements.versions import events as drafts
from committee.amendments import events as amendments_events
from committee.comments import events as comments_events
from committee.comments.models import Comment
from committee.demo_points import POINTS, Story
from committee.demo_stakes import STAKES, StakeStory
from committee.dossiers import events as dossiers
from committee.dossiers.models import Dossier
from committee.objectives import events as objectives
from committee.stakes.events import add_stake
from committee.stakes.models import Stake
from conventions.demo import REAL
from conventions.models import Convention, Membership, Objective, Organisation, Origin, Theme
from documents.models import store

SIGNED = datetime.date(2019, 12, 31)
ELECTED = datetime.date(2020, 7, 16)
EVIDENCE = """From: Directrice <copil-caf@demo.example>
To: Coordination <coordination@demo.example>
Date: Mon, 12 Feb 2024 10:00:00 +0100
Subject: Accord de la Caf
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Message fictif : la Caf donne son accord à ce point.
"""


class Sitting(NamedTuple):
    """A seat of the demonstration; ``account`` empty: a person without access."""

    account: str
    acronym: str
    kind: SeatKind
    capacity: str
    name: str = ""
    is_elected: bool = False
    substitutes: bool = False


SEATS = [
    Sitting("copil-caf", "CAF 86", SeatKind.MEMBER, "Directrice"),
    Sitting("", "CAF 86", SeatKind.SUBSTITUTE, "Sous-directeur", "Pierre Collet", False, True),
    Sitting("adviser-caf", "CAF 86", SeatKind.ADVISER, "Conseiller de développement territorial"),
    Sitting("copil-agglo", "Grand Châtellerault", SeatKind.MEMBER,
            "Vice-président chargé de la cohésion sociale", "", True),
    Sitting("", "Grand Châtellerault", SeatKind.SUBSTITUTE, "Conseillère communautaire",
            "Isabelle Coste", True, True),
    Sitting("copil-msa", "MSA Poitou", SeatKind.MEMBER, "Sous-directrice"),
    Sitting("ressource", "CD 86", SeatKind.ADVISORY, "Médecin de PMI"),
]  # fmt: skip


def account(name: str) -> User:
    """Return the user of the demonstration with this name."""
    return User.objects.get(email=f"{name}@demo.example")


AFTER_TERM = "Les parties préparent la convention suivante, qui reprendra ce point."


def set_up() -> list[str]:
    """Fill the committee of the real convention, unless it has versions, and its stakes, unless it
    has some. Returns an empty list: there is nothing to report."""
    convention = Convention.objects.get(slug=REAL)
    if not Version.objects.of(convention).from_committee().exists():
        _seat_everybody(convention)
        versions = [_play_point(convention, story) for story in POINTS]
        _send_dossier(convention, versions)
        _propose_amendment(convention)
    if not Stake.objects.of(convention).exists():
        for story in STAKES:
            _play_stake(convention, story)
    return []


def _seat_everybody(convention: Convention) -> None:
    """Name everybody of ``SEATS``, confirm who needs it, and give the Caf's member a delegate."""
    coordinator = account("coordination")
    members = {}
    for sitting in SEATS:
        organisation = Organisation.objects.get(convention=convention, acronym=sitting.acronym)
        seat = seats.name_to_seat(
            organisation,
            kind=sitting.kind,
            user=account(sitting.account) if sitting.account else None,
            name=sitting.name,
            capacity=sitting.capacity,
            is_elected=sitting.is_elected,
            starts_on=ELECTED if sitting.is_elected else SIGNED,
            substitute_for=members.get(sitting.acronym) if sitting.substitutes else None,
            by=coordinator,
        )
        if not seat.is_confirmed:
            seats.confirm_seat(seat, by=_other_referent(seat))
        members.setdefault(sitting.acronym, seat)
    seats.delegate(
        members["CAF 86"],
        user=account("delegation-caf"),
        capacity="Directeur adjoint",
        starts_on=SIGNED,
        by=account("copil-caf"),
    )


def _other_referent(seat: Seat) -> User | None:
    """Return a référent of the organisation other than the holder; None (the host) without any."""
    referents = Membership.objects.effective().referents().filter(organisation=seat.organisation)
    others = User.objects.filter(pk__in=referents.values("user"))
    return others.exclude(pk=seat.user_id).order_by("pk").first()


def _play_point(convention: Convention, story: Story) -> Version:
    """Play the story of one point and return its latest version."""
    coordinator = account("coordination")
    orientation = Objective.objects.of(convention).level(1).get(
        origin=Origin.SIGNATURE, theme__number=story.theme, rank=story.rank
    )  # fmt: skip
    content = {
        "title": story.wordings[0],
        "due_on": story.due_on,
        "measure": story.measure,
        "is_priority": False,
    }
    version = objectives.add_objective(orientation, content, by=coordinator)
    for wording in story.wordings[1:]:
        propose(version)
        _agree(version, story.agreed_before)
        put_in_the_past(version, story.first_day)
        version = drafts.save_draft(
            version.subject, content | {"title": wording}, note=story.note, by=coordinator
        )
    if not story.is_draft:
        version = propose(version)
        _answer(version, story)
        put_in_the_past(version, story.day)
    return version


def _play_stake(convention: Convention, story: StakeStory) -> None:
    """Propose a stake as the coordinator, with the agreements of its story, on its day."""
    themes = Theme.objects.filter(axis__convention=convention, number__in=story.themes)
    content = {"title": story.title, "text": story.text, "themes": list(themes)}
    version = propose(add_stake(convention, content, by=account("coordination")))
    _agree(version, story.agreed)
    put_in_the_past(version, story.day)


def _agree(version: Version, accounts) -> None:
    for name in accounts:
        answers.answer(Reply(version), by=account(name))


def _answer(version: Version, story: Story) -> None:
    """Give, in this order, the story's agreements, other answers, avis and comments; then record an
    answer or withdraw the version where it says so."""
    _agree(version, story.agreed)
    later = timezone.localdate() + datetime.timedelta(days=20)
    for name, answer, reason in story.answers:
        reply = Reply(version, answer, reason=reason, body="Conseil communautaire", body_date=later)
        answers.answer(reply, by=account(name))
    for name, opinion, reason in story.opinions:
        answers.advise(version, opinion=opinion, reason=reason, by=account(name))
    for name, text in story.comments:
        comments_events.comment(version, text=text, by=account(name))
    if story.recorded:
        _record(version, is_refused=story.recorded == "refused")
    if story.withdrawn:
        drafts.withdraw_version(version, reason=story.withdrawn, by=account("coordination"))


def _record(version: Version, *, is_refused: bool) -> None:
    """Record the Caf's agreement, received today by e-mail, by the coordinator. If ``is_refused``,
    the Caf's member then denies it."""
    member = account("copil-caf")
    mail = SimpleUploadedFile("accord.eml", EVIDENCE.encode(), "message/rfc822")
    entry = answers.record(
        version,
        member.seats.get(),
        received_on=timezone.localdate(),
        evidence=store(mail, by=account("coordination")),
        by=account("coordination"),
    )
    if is_refused:
        reason = "Mon message portait sur la version précédente."
        answers.refuse_all([entry], reason=reason, by=member)


def propose(draft: Version) -> Version:
    """Propose a draft by the coordinator; with a reason, for what stays after the term."""
    return drafts.propose(draft, by=account("coordination"), after_term=AFTER_TERM)


def put_in_the_past(version: Version, day: datetime.date | None) -> None:
    """Set the dates of a version, its answers and comments: proposed on ``day``, answered six days
    later. None leaves them as they are."""
    if day is None:
        return
    proposed = timezone.make_aware(datetime.datetime.combine(day, datetime.time(9, 30)))
    answered = proposed + datetime.timedelta(days=6)
    version.refresh_from_db()
    Version.objects.filter(pk=version.pk).update(
        created_at=proposed - datetime.timedelta(days=2),
        proposed_at=proposed,
        after_term="",
        in_force_at=version.in_force_at and answered,
        ended_at=version.ended_at and answered,
    )
    transitions = version.transitions.all()
    transitions.filter(verb=VersionVerb.PROPOSED).update(created_at=proposed)
    transitions.exclude(verb=VersionVerb.PROPOSED).update(created_at=answered)
    if version.in_force_at:
        # What it replaced was in force until then.
        former = Version.objects.about(version.subject).filter(number=version.number - 1)
        former.filter(state=State.REPLACED).update(ended_at=answered)
        replaced = VersionTransition.objects.filter(version__in=former, verb=VersionVerb.REPLACED)
        replaced.update(created_at=answered)
    Agreement.objects.filter(version=version).update(created_at=answered)
    Comment.objects.filter(version=version).update(created_at=answered)


def _send_dossier(convention: Convention, versions: list[Version]) -> None:
    """Send the points of the stories ``in_dossier`` as one dossier, by theme. ``versions``: those
    of all ``POINTS``, in their order."""
    played = sorted(zip(POINTS, versions, strict=True), key=lambda pair: pair[0].theme)
    sent = [version for story, version in played if story.in_dossier]
    dossier = dossiers.send_dossier(
        convention,
        sent,
        title="Comité de pilotage du 14 mars 2024",
        message="Points préparés par la coordination (données fictives).",
        by=account("coordination"),
    )
    day = datetime.datetime(2024, 2, 16, 14, tzinfo=timezone.get_current_timezone())
    Dossier.objects.filter(pk=dossier.pk).update(sent_at=day)


def _propose_amendment(convention: Convention) -> None:
    """Propose, as the agglomeration's member, another wording of the first signed objective of
    theme 4.4."""
    signed = Objective.objects.of(convention).filter(origin=Origin.SIGNATURE, theme__number="4.4")
    amendments_events.propose_amendment(
        signed.level(1).order_by("rank").first(),
        wording="L’achèvement de la couverture territoriale des lieux d’accueil enfants parents "
        "(LAEP), y compris par des lieux itinérants",
        reason="Les communes rurales demandent un accueil itinérant.",
        by=account("copil-agglo"),
    )
