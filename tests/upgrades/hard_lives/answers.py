"""What parties have said: answers in every state, recorded ones above all; versions, dossiers."""

from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Received, Reply
from agreements.models import Agreement, Answer, Confirmation, Confirmed, Seat, State, Version
from agreements.seats import events as seats
from agreements.versions import events as drafts
from committee.comments.events import comment
from committee.dossiers import events as dossiers
from committee.models import DossierState
from committee.objectives.events import add_objective
from conventions.legal.amending import writing
from conventions.models import Amendment, Objective, Origin
from tests.agreements import earlier as earlier_releases
from tests.upgrades.hard_lives.accesses import AGATHE, CLAIRE, COLETTE, HELENE, MARION, TRISTAN
from tests.upgrades.hard_lives.seats import (
    FABIEN,
    LOUISE,
    MAYOR,
    MICHEL,
    NADEGE,
    PATRICK,
    day,
    name,
)
from tests.upgrades.hard_lives.stage import (
    AULNE,
    GENETS,
    SERRE,
    Stage,
    convention,
    letter,
    organisation,
    person,
)

WHO_COORDINATES = {SERRE: HELENE, AULNE: COLETTE}
MEMBERS = {SERRE: [CLAIRE, PATRICK, NADEGE], AULNE: [CLAIRE, MICHEL]}
AFTER_TERM = "La convention suivante n’est pas encore signée."


def play(stage: Stage) -> None:
    stage.begin("Answers", day(1, 26))
    versions_take_every_way(stage)
    parties_say_everything(stage)
    dossiers_are_sent(stage)
    others_record(stage)
    elections_pass(stage)
    amendments_are_written(stage)
    nobody_has_signed(stage)


def draft(title: str, *, slug: str = SERRE, by: str = "") -> Version:
    """A draft of a new objective of the committee, under the first orientation."""
    orientation = Objective.objects.of(convention(slug)).level(1).filter(
        origin=Origin.SIGNATURE
    ).order_by("pk")[0]  # fmt: skip
    content = {"title": title, "due_on": convention(slug).end, "measure": "Nombre",
               "is_priority": False}  # fmt: skip
    return add_objective(orientation, content, by=person(by or WHO_COORDINATES[slug]))


def proposed(title: str, *, slug: str = SERRE, after_term: str = "") -> Version:
    by = person(WHO_COORDINATES[slug])
    return drafts.propose(draft(title, slug=slug), by=by, after_term=after_term)


def agree(version: Version, *emails: str) -> Version:
    """These members, or one of each party, agree."""
    for email in emails or MEMBERS[version.convention.slug]:
        answers.answer(Reply(version, seen=rank_of(version, email)), by=person(email))
    return Version.objects.get(pk=version.pk)


def rank_of(version: Version, email: str) -> int:
    """The rank of the last word of somebody's party, as the page showed it to them."""
    seat = Seat.objects.filter(organisation__convention=version.convention, user__email=email)
    said = version.agreements.filter(organisation__in=seat.values("organisation"))
    return max(said.values_list("rank", flat=True), default=0)


def in_force(title: str, *, slug: str = SERRE) -> Version:
    return agree(proposed(title, slug=slug))


def edited(version: Version, title: str) -> Version:
    by = person(HELENE)
    content = version.content | {"title": title}
    return drafts.propose(drafts.save_draft(version.subject, content, by=by), by=by)


# Versions and answers ----------------------------------------------------------------------------


def versions_take_every_way(stage: Stage) -> None:
    stage.case("Draft of the coordinator", draft("Créer un relais"), state=State.DRAFT)
    stage.case("Draft of an adviser of a party", draft("Former les assistantes", by=AGATHE),
               state=State.DRAFT)  # fmt: skip
    stage.case("Proposed, nobody has answered", proposed("Ouvrir un lieu passerelle"),
               state=State.PROPOSED)  # fmt: skip
    first = in_force("Ouvrir un guichet")
    stage.case("In force, agreed to by all", in_force("Ouvrir une ludothèque"),
               state=State.IN_FORCE)  # fmt: skip
    second = agree(edited(first, "Ouvrir deux guichets"))
    stage.case("Superseded by a second version", first, state=State.REPLACED)
    stage.case("In force, the second version", second, state=State.IN_FORCE)
    third = edited(second, "Ouvrir trois guichets")
    answers.answer(Reply(third), by=person(CLAIRE))
    stage.case("Third version, agreed to by one party, while the second is in force", third,
               state=State.PROPOSED)  # fmt: skip
    overtaken = proposed("Recruter un animateur")
    answers.answer(Reply(overtaken), by=person(CLAIRE))
    edited(overtaken, "Recruter une animatrice")
    stage.case("Replaced before it came into force, one party had agreed", overtaken,
               state=State.REPLACED)  # fmt: skip
    withdrawn = proposed("Acheter un minibus")
    drafts.withdraw_version(withdrawn, reason="Trop cher.", by=person(HELENE))
    stage.case("Withdrawn while it was discussed", withdrawn, state=State.WITHDRAWN)


def parties_say_everything(stage: Stage) -> None:
    claire = person(CLAIRE)
    version = proposed("Aider au départ en vacances")
    said = answers.answer(Reply(version, Answer.CHANGE_REQUESTED, reason="Précisez le public."),
                          by=claire)  # fmt: skip
    stage.case("Change requested", said, answer=Answer.CHANGE_REQUESTED)
    told = {"body": "Conseil communautaire", "body_date": day(12, 15)}
    said = answers.answer(Reply(version, Answer.DELIBERATION, **told), by=person(PATRICK))
    stage.case("A délibération is awaited", said, answer=Answer.DELIBERATION)
    said = answers.answer(Reply(version, Answer.AGENDA, reason="À débattre."), by=person(NADEGE))
    stage.case("For the agenda", said, answer=Answer.AGENDA)
    said = answers.advise(version, opinion=Answer.RESERVED, reason="À chiffrer.", by=person(AGATHE))
    stage.case("Avis of an adviser", said, answer=Answer.RESERVED)
    comment(version, text="Le public visé est celui du diagnostic.", by=claire)
    left = in_force("Ouvrir une épicerie sociale")
    said = answers.retract(left, reason="Le bailleur se retire.", by=claire)
    stage.case("Agreement taken back: out of force again", left, state=State.PROPOSED)
    stage.case("Agreement taken back, with its reason", said, answer=Answer.RETRACTED)
    version = proposed("Organiser un forum")
    said = answers.answer(Reply(version), by=claire)
    [undone] = answers.undo([said], by=claire)
    stage.case("Answer undone within thirty minutes", undone, answer=Answer.UNDONE)
    version = proposed("Équiper les mairies")
    said = answers.answer(Reply(version), by=person(FABIEN))
    stage.case("Agreed by delegation", said, answer=Answer.AGREED)
    version = proposed("Soutenir les aidants")
    said = answers.answer(Reply(version), by=person(MAYOR),
                          organisation=organisation("Agglo S"))  # fmt: skip
    stage.case("Agreed by who sits for two parties, in the name of the first", said,
               organisation=organisation("Agglo S"))  # fmt: skip
    other = answers.answer(Reply(proposed("Ouvrir les cours d’école")), by=person(MAYOR),
                           organisation=organisation("Bellefont"))  # fmt: skip
    stage.case("Agreed by who sits for two parties, in the name of the second", other,
               organisation=organisation("Bellefont"))  # fmt: skip


def dossiers_are_sent(stage: Stage) -> None:
    helene, serre = person(HELENE), convention(SERRE)
    points = [proposed("Créer une bourse aux jouets"), proposed("Créer un fonds d’aide")]
    sent = dossiers.send_dossier(serre, points, title="Comité de février", by=helene,
                                 answer_by=day(12, 31))  # fmt: skip
    dossiers.answer_dossier(sent, [Reply(points[0])], by=person(CLAIRE))
    stage.case("Dossier sent, one party has answered one of its points", sent,
               state=DossierState.OPEN)  # fmt: skip
    early = dossiers.send_dossier(serre, [proposed("Rouvrir la halte-garderie")],
                                  title="Envoyé trop tôt", by=helene)  # fmt: skip
    dossiers.recall_dossier(early, by=helene)
    stage.case("Dossier recalled before anybody answered", early, state=DossierState.RECALLED)
    whole = [proposed("Publier un guide des familles")]
    complete = dossiers.send_dossier(serre, whole, title="Point du guide", by=helene)
    for email in MEMBERS[SERRE]:
        dossiers.answer_dossier(complete, [Reply(whole[0])], by=person(email))
    stage.case("Dossier to which all have answered", complete, state=DossierState.COMPLETE)


# What others recorded ----------------------------------------------------------------------------


def record(title: str, seat: Seat, *, by: str = HELENE, answer: str = Answer.AGREED,
           version: Version | None = None) -> Agreement:  # fmt: skip
    """What somebody types of what the holder of a seat has said outside the portal."""
    received = Received(version or proposed(title), answer=answer,
                        reason="" if answer == Answer.AGREED else "À préciser.")  # fmt: skip
    [entry] = answers.record_all([received], seat, received_on=timezone.localdate(),
                                 evidence=letter(person(by)), by=person(by))  # fmt: skip
    return entry


def seat_of(email: str, acronym: str = "") -> Seat:
    held = Seat.objects.filter(user__email=email, organisation__convention__slug=SERRE)
    return (held.filter(organisation__acronym=acronym) if acronym else held).get()


def others_record(stage: Stage) -> None:
    stage.reach(day(2, 2))
    claire, tristan = person(CLAIRE), person(TRISTAN)
    silent = record("Compter sur le silence", seat_of(CLAIRE))
    own = record("Confirmer en personne", seat_of(CLAIRE))
    stage.case("Recorded, confirmed in person", answers.confirm(own, by=claire).agreement)
    asked = record("Demander une précision", seat_of(CLAIRE), answer=Answer.CHANGE_REQUESTED)
    stage.case("Change requested, recorded, confirmed in person",
               answers.confirm(asked, by=claire).agreement)  # fmt: skip
    solange = Seat.objects.get(name="Solange Birot")
    other = record("Confirmer pour une collègue", solange)
    # As rules of earlier releases left it: no event does so any more. So below.
    Confirmation.objects.create(
        agreement=other, way=Confirmed.COLLEAGUE, by=tristan, by_name=str(tristan),
        capacity="contribution, Caf de la Serre",
    )  # fmt: skip
    stage.case("Recorded for who has no account, confirmed by a colleague who enters figures",
               other)  # fmt: skip
    stage.case("Recorded for who has no account, waiting", record("Attendre un collègue", solange))
    followed = record("Répondre après coup", seat_of(PATRICK))
    answers.answer(
        Reply(followed.version, Answer.CHANGE_REQUESTED, reason="Non."), by=person(PATRICK)
    )
    stage.case("Recorded, then the party said otherwise itself", followed, is_recorded=True)
    suspended = record("Suspendre le siège", seat_of(LOUISE))
    seats.object_to_seat(seat_of(LOUISE), by=tristan)
    stage.case("Recorded for a member whose seat was suspended since, waiting", suspended)
    stage.case("Member suspended by a colleague", seat_of(LOUISE), suspended_by=tristan)
    mayor = record("Parler pour deux parties", seat_of(MAYOR, "Bellefont"), by=MARION)
    answers.answer(Reply(mayor.version), by=person(MAYOR), organisation=organisation("Agglo S"))
    stage.case("Recorded for who then answered for another party", mayor)
    gone = name("Léopold Grandin", "Agglo S")
    waiting = record("Finir son mandat", gone)
    earlier = record("Compter comme autrefois", seat_of(CLAIRE))
    Confirmation.objects.create(agreement=earlier, way=Confirmed.EARLIER)
    stage.case("Recorded under an earlier rule, counted at once", earlier)
    stage.reach(day(2, 6))
    seats.end_seat(gone, by=person(HELENE))
    stage.case("Recorded for a member whose mandate is over, waiting", waiting)
    stage.reach(day(2, 27))
    earlier_releases.counted_by_delay(silent)
    stage.case("Recorded, counted by the delay, agreed by one party", silent)
    late = record("Entrer en vigueur par le silence", seat_of(CLAIRE))
    earlier_releases.counted_by_delay(late)
    agree(late.version, PATRICK, NADEGE)
    after = record("Revenir sur le silence", seat_of(PATRICK))
    stage.reach(day(3, 20))
    earlier_releases.counted_by_delay(after)
    stage.case("In force by the silence of one party", late.version, state=State.IN_FORCE)
    answers.retract(after.version, reason="Je découvre cet accord.", by=person(PATRICK))
    stage.case("Counted by the delay, then taken back", after)
    denied = record("Contester ce qui est saisi", seat_of(CLAIRE))
    denial = earlier_releases.contested(denied, "Je ne l’ai pas dit.")
    stage.case("Recorded, contested by the member", denied, is_recorded=True)
    stage.case("The contestation", denial, answer=Answer.CONTESTED)
    refused = record("Démentir ce qui est saisi", seat_of(CLAIRE))
    answers.refuse_all([refused], reason="Je ne l’ai pas dit.", by=claire)
    stage.case("Recorded, refused by the member", refused, is_recorded=True)


def elections_pass(stage: Stage) -> None:
    stage.reach(day(3, 23))
    ended = seats.end_elected_seats(organisation("Bellefont"), by=person(MARION), on=day(3, 22),
                                    reason="Élections municipales")  # fmt: skip
    for seat in ended:
        stage.case(f"Elected mandate that the elections ended: {seat.name}", seat,
                   ends_on=day(3, 22))  # fmt: skip
    name(NADEGE, "Bellefont", by=MARION, capacity="Première adjointe", is_elected=True)
    second = name(MAYOR, "Bellefont", by=MARION, capacity="Maire", is_elected=True,
                  act=letter(person(MARION)))  # fmt: skip
    stage.case("One person, two parties: the seat that began later", second, ends_on=None)


def amendments_are_written(stage: Stage) -> None:
    """No event writes amendments yet: rows, and the pen of the text."""
    serre = convention(SERRE)
    places = Objective.objects.get(theme__axis__convention=serre, code="PLACES")
    for number, effective, words in [
        (1, day(1, 1, 2025), "Ouvrir quarante places d’accueil"),
        (2, day(1, 1, 2027), "Ouvrir soixante places d’accueil"),
    ]:
        amendment = Amendment.objects.create(
            convention=serre, number=number, signed_on=day(11, 20, 2024), effective_on=effective,
            summary="Places d’accueil",
        )  # fmt: skip
        with writing(amendment) as pen:
            pen.reword(places, title=words)
        when = "in the past" if effective.year < 2026 else "to come"
        stage.case(f"Amendment that takes effect {when}", amendment, effective_on=effective)


def nobody_has_signed(stage: Stage) -> None:
    stage.case("Convention that nobody has signed", convention(GENETS), signed_on=None)
    member = name("Adèle Chambon", "CC Genêts", by=COLETTE, slug=GENETS)
    stage.case("Member of a convention that nobody has signed", member)
    stage.case("In force in the convention that ends", in_force("Garder l’école", slug=AULNE),
               state=State.IN_FORCE)  # fmt: skip
    stage.case("Still discussed when the convention ended", agree(
        proposed("Garder la poste", slug=AULNE), CLAIRE), state=State.PROPOSED)  # fmt: skip


def say_after_the_term(stage: Stage) -> None:
    """Once the convention of the Pays d’Aulne has ended."""
    stage.reach(day(7, 2))
    agreed = agree(proposed("Garder le bus", slug=AULNE, after_term=AFTER_TERM))
    stage.case("Agreed to after the term, with its reason", agreed, state=State.IN_FORCE,
               after_term=AFTER_TERM)  # fmt: skip
    open_ = agree(proposed("Garder la gare", slug=AULNE, after_term=AFTER_TERM), MICHEL)
    stage.case("Proposed after the term, agreed to by one party", open_, state=State.PROPOSED)
    stage.case("Convention that has ended", convention(AULNE), end=day(6, 30))
