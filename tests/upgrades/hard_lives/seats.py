"""Who speaks for a party: seats in every state, substitutes, absences, delegations."""

import datetime

from agreements.models import Seat, SeatKind
from agreements.seats import events as seats
from conventions.access import events as access
from conventions.models import Role
from tests.upgrades.hard_lives.accesses import (
    AGATHE,
    CLAIRE,
    COLETTE,
    HELENE,
    MARION,
    TRISTAN,
    YANN,
)
from tests.upgrades.hard_lives.stage import AULNE, SERRE, Stage, join, letter, organisation, person

MEMBER, SUBSTITUTE, ADVISORY, ADVISER = SeatKind
PATRICK = "patrick.leroy@agglo-serre.example"
NADEGE = "nadege.roy@bellefont.example"
MAYOR = "jean-baptiste.roux@bellefont.example"
DENIS = "denis.aubry@caf-serre.example"
LOUISE = "louise.perrin@caf-serre.example"
FABIEN = "fabien.costa@caf-serre.example"
ALINE = "aline.pasquier@caf-serre.example"
SANDRINE = "sandrine.joly@agglo-serre.example"
MICHEL = "michel.orain@cc-aulne.example"


def day(month: int, number: int, year: int = 2026) -> datetime.date:
    return datetime.date(year, month, number)


def play(stage: Stage) -> None:
    stage.begin("Seats", day(1, 5))
    members_are_named(stage)
    some_stand_in(stage)
    others_advise(stage)
    one_sits_for_two_parties(stage)
    one_coordinates_and_sits(stage)
    voices_are_lent(stage)
    some_are_away(stage)
    mandates_end(stage)


def name(email_or_name: str, acronym: str, kind: SeatKind = MEMBER, *, by: str = HELENE,
         slug: str = SERRE, confirmed_by: str = "", **told) -> Seat:  # fmt: skip
    """A seat, given to an account by its address, or to a name; confirmed where somebody does."""
    told |= {"user": person(email_or_name)} if "@" in email_or_name else {"name": email_or_name}
    told = {"capacity": "Représentante"} | told
    seat = seats.name_to_seat(organisation(acronym, slug), kind=kind, by=person(by), **told)
    return seats.confirm_seat(seat, by=person(confirmed_by)) if confirmed_by else seat


def reader(name_: str, email: str, acronym: str, *, slug: str = SERRE) -> None:
    """Somebody may read, in the name of an organisation, by the word of the host."""
    join(name_, email, acronym, Role.READER, by=None, slug=slug)


def members_are_named(stage: Stage) -> None:
    claire = name(CLAIRE, "Caf S", capacity="Directrice", confirmed_by=TRISTAN)
    stage.case("Member named by the coordinator, confirmed by a colleague", claire,
               awaits_confirmation=False, suspended_at=None)  # fmt: skip
    reader("Patrick Leroy", PATRICK, "Agglo S")
    patrick = name(PATRICK, "Agglo S", capacity="Vice-président", is_elected=True)
    stage.case("Member named by who coordinates for that party", patrick, awaits_confirmation=False)
    solange = name("Solange Birot", "Caf S", confirmed_by=TRISTAN, capacity="Sous-directrice")
    stage.case("Member without account", solange, user=None, awaits_confirmation=False)
    gerard = seats.name_to_seat(organisation("MSA N"), kind=MEMBER, name="Gérard Pottier",
                                capacity="Président", by=None)  # fmt: skip
    stage.case("Member without account, named by nobody known", gerard, given_by=None)
    reader("Maëlle Gautier", "maelle.gautier@caf-serre.example", "Caf S")
    pending = name("maelle.gautier@caf-serre.example", "Caf S")
    stage.case("Member to be confirmed", pending, awaits_confirmation=True)
    unknown = name("Ernest Billard", "MSA N")
    stage.case("Member without account, to be confirmed", unknown, awaits_confirmation=True)
    reader("Claude Sorel", "claude.sorel@msa-nord.example", "MSA N")
    objected = name("claude.sorel@msa-nord.example", "MSA N")
    seats.object_to_seat(objected, by=person("zoe.lambert@msa-nord.example"))
    stage.case("Member objected to before anybody confirmed", objected, awaits_confirmation=True,
               suspended_by=person("zoe.lambert@msa-nord.example"))  # fmt: skip
    reader("Gwenaël Hardy", "gwenael.hardy@msa-nord.example", "MSA N")
    left = name("gwenael.hardy@msa-nord.example", "MSA N",
                confirmed_by="zoe.lambert@msa-nord.example")  # fmt: skip
    access.end_membership(left.user.memberships.get(), by=person(HELENE))
    stage.case("Member whose access has ended", left, ends_on=None)
    waiting = name("oscar.lemoine@caf-serre.example", "Caf S", confirmed_by=TRISTAN)
    stage.case("Member whose access is to be confirmed", waiting, awaits_confirmation=False)
    for full_name, email in [("Denis Aubry", DENIS), ("Louise Perrin", LOUISE),
                             ("Fabien Costa", FABIEN), ("Aline Pasquier", ALINE)]:  # fmt: skip
        reader(full_name, email, "Caf S")
    name(DENIS, "Caf S", confirmed_by=TRISTAN)
    name(LOUISE, "Caf S", confirmed_by=TRISTAN)
    reader("Sandrine Joly", SANDRINE, "Agglo S")
    name(SANDRINE, "Agglo S")
    join("", CLAIRE, "Caf S", Role.READER, by=None, slug=AULNE)
    name(CLAIRE, "Caf S", by=COLETTE, slug=AULNE, confirmed_by=TRISTAN, capacity="Directrice")
    reader("Michel Orain", MICHEL, "CC Aulne", slug=AULNE)
    shared = name(MICHEL, "CC Aulne", by=COLETTE, slug=AULNE, capacity="Vice-président")
    stage.case("Member in the convention that ends", shared, awaits_confirmation=False)


def some_stand_in(stage: Stage) -> None:
    louise = Seat.objects.get(user__email=LOUISE)
    fabien = name(FABIEN, "Caf S", SUBSTITUTE, substitute_for=louise, confirmed_by=TRISTAN)
    stage.case("Substitute of a member who is suspended later", fabien, awaits_confirmation=False)
    sylvie = name("Sylvie Marchal", "Agglo S", SUBSTITUTE)
    stage.case("Substitute without account, of any member", sylvie, user=None, substitute_for=None)
    for full_name, email in [("Rémi Tanguy", "remi.tanguy@caf-serre.example"),
                             ("Alice Fabre", "alice.fabre@caf-serre.example")]:  # fmt: skip
        reader(full_name, email, "Caf S")
    remi = name("remi.tanguy@caf-serre.example", "Caf S", starts_on=day(1, 1, 2027))
    alice = name("alice.fabre@caf-serre.example", "Caf S", SUBSTITUTE, substitute_for=remi,
                 confirmed_by=TRISTAN)  # fmt: skip
    seats.end_seat(remi, by=person(HELENE))
    stage.case("Substitute of a nomination that was cancelled", alice, substitute_for=None,
               awaits_confirmation=True)  # fmt: skip
    future = name("Corentin Le Gall", "Caf S", starts_on=day(1, 1, 2027))
    stage.case("Mandate that is still to begin", future, starts_on=day(1, 1, 2027))


def others_advise(stage: Stage) -> None:
    ines = name("ines.caron@deux-rives.example", "CD 02", ADVISORY, capacity="Médecin de PMI")
    seats.confirm_seat(ines, by=person("marc.thevenin@deux-rives.example"))
    stage.case("Advisory seat", ines, kind=ADVISORY)
    adviser = name(AGATHE, "Caf S", ADVISER, confirmed_by=TRISTAN, capacity="Conseillère")
    stage.case("Adviser", adviser, kind=ADVISER)
    yann = name(YANN, "Caf S", ADVISER, confirmed_by=TRISTAN, capacity="Conseiller")
    stage.case("Adviser of a party who coordinates for another", yann, kind=ADVISER)
    waiting = name("Marguerite Olivier", "Petits Pas", ADVISORY, capacity="Présidente")
    stage.case("Advisory seat without account, to be confirmed", waiting, awaits_confirmation=True)


def one_sits_for_two_parties(stage: Stage) -> None:
    """The mayor of Bellefont presides over the agglomération, by the délibération of each."""
    reader("Jean-Baptiste Roux", MAYOR, "Agglo S")
    join("", MAYOR, "Bellefont", Role.READER, by=None)
    reader("Nadège Roy", NADEGE, "Bellefont")
    first = name(MAYOR, "Agglo S", capacity="Président", starts_on=day(1, 1, 2024),
                 act=letter(person(HELENE)))  # fmt: skip
    stage.case("One person, two parties: the seat that began first", first, ends_on=None)
    name(MAYOR, "Bellefont", by=MARION, capacity="Maire", is_elected=True,
         act=letter(person(MARION)))  # fmt: skip
    name(NADEGE, "Bellefont", by=MARION, capacity="Adjointe", is_elected=True)
    name("Raymond Thibault", "Bellefont", by=MARION, capacity="Conseiller", is_elected=True)


def one_coordinates_and_sits(stage: Stage) -> None:
    helene = person(HELENE)
    denis = Seat.objects.get(user__email=DENIS)
    coordinating = join("", DENIS, "Agglo S", Role.COORDINATOR, by=helene)
    stage.reach(day(1, 12))
    access.end_membership(coordinating, by=person(DENIS))
    stage.case("Coordinated for another party, and has laid down", coordinating)
    stage.case("Member who has coordinated for another party since", denis, ends_on=None)
    aline = name(ALINE, "Caf S", confirmed_by=TRISTAN)
    claire = Seat.objects.of(denis.organisation.convention).get(user__email=CLAIRE)
    lent = seats.delegate(claire, user=aline.user, kinds=["stake"], starts_on=day(1, 12),
                          capacity="Par délégation", by=claire.user)  # fmt: skip
    stage.case("Delegation to who coordinates for another party since", lent, ends_on=None)
    held = join("", ALINE, "Agglo S", Role.COORDINATOR, by=helene)
    stage.case("Member who coordinates for another party", aline, ends_on=None)
    stage.case("Coordinates for a party, sits for another", held, ended_at=None)


def voices_are_lent(stage: Stage) -> None:
    claire, helene = person(CLAIRE), person(HELENE)
    seat = Seat.objects.of(organisation("Caf S").convention).get(user=claire)
    now = {"starts_on": day(1, 12), "capacity": "Par délégation"}
    current = seats.delegate(seat, user=person(FABIEN), by=claire, **now)
    stage.case("Delegation, current, by the member", current, awaits_confirmation=False, kinds=[])
    denis = Seat.objects.get(user__email=DENIS)
    pending = seats.delegate(denis, user=person(AGATHE), act=letter(helene), by=helene, **now)
    stage.case("Delegation written by the coordinator, to be confirmed by the member", pending,
               awaits_confirmation=True)  # fmt: skip
    nobody = seats.delegate(seat, name="Luc Arbois", act=letter(claire), by=claire, **now)
    stage.case("Delegation to somebody without access", nobody, user=None)
    patrick = Seat.objects.get(user__email=PATRICK)
    some = seats.delegate(patrick, user=person("odile.garnier@agglo-serre.example"),
                          kinds=["indicator"], by=patrick.user, **now)  # fmt: skip
    stage.case("Delegation for some kinds only", some, kinds=["indicator"])
    president = Seat.objects.get(user__email=MAYOR, organisation__acronym="Agglo S")
    outside = seats.delegate(president, user=person("simone.arnaud@bellefont.example"),
                             act=letter(president.user), by=president.user, **now)  # fmt: skip
    stage.case("Delegation to somebody of another party, with the act", outside)
    both = seats.delegate(president, user=person(NADEGE), kinds=["stake"],
                          act=letter(president.user), by=president.user, **now)  # fmt: skip
    stage.case("Delegation to a member of another party, with the act", both, kinds=["stake"])
    later = seats.delegate(seat, user=person(TRISTAN), starts_on=day(1, 12), by=claire,
                           ends_on=day(12, 31), capacity="Chargé d’études")  # fmt: skip
    stage.reach(day(1, 19))
    seats.end_delegation(later, by=claire)
    stage.case("Delegation that was taken back", later, ends_on=day(1, 18))
    solange = Seat.objects.get(name="Solange Birot")
    lent = seats.delegate(solange, user=person(AGATHE), act=letter(helene), by=helene,
                          starts_on=day(1, 19), capacity="Conseillère")  # fmt: skip
    seats.confirm_delegation(lent, by=person(TRISTAN))
    stage.case("Delegation of a member without account, confirmed by a colleague", lent,
               awaits_confirmation=False)  # fmt: skip
    lent = seats.delegate(claire_in_aulne(), user=person(TRISTAN), by=claire, **now)
    stage.case("Delegation in the convention that ends", lent, awaits_confirmation=False)


def claire_in_aulne() -> Seat:
    return Seat.objects.get(user__email=CLAIRE, organisation__convention__slug=AULNE)


def some_are_away(stage: Stage) -> None:
    patrick = Seat.objects.get(user__email=PATRICK)
    away = {"starts_on": day(1, 20), "ends_on": day(1, 23)}
    past = seats.declare_absence(patrick, **away, by=patrick.user)
    stage.case("Absence that is over", past, **away)
    denis = Seat.objects.get(user__email=DENIS)
    long = seats.declare_absence(denis, starts_on=day(1, 20), ends_on=None, by=person(HELENE))
    stage.case("Absence without end, declared by the coordinator", long, ends_on=None)
    claire = Seat.objects.of(organisation("Caf S").convention).get(user__email=CLAIRE)
    away = {"starts_on": day(12, 21), "ends_on": day(1, 4, 2027)}
    stage.case("Absence to come", seats.declare_absence(claire, **away, by=claire.user), **away)


def mandates_end(stage: Stage) -> None:
    helene = person(HELENE)
    sandrine = Seat.objects.get(user__email=SANDRINE)
    ended = name("Viviane Duteil", "Agglo S", capacity="Conseillère")
    stage.reach(day(1, 22))
    seats.end_seat(ended, by=helene, reason="Déménagement")
    stage.case("Mandate ended by the coordinator", ended, ends_on=day(1, 21))
    seats.end_seat(sandrine, by=helene, reason="Réorganisation")
    seats.contest_ending(sandrine, by=sandrine.user)
    stage.case("End contested by the member: silent until a colleague confirms", sandrine,
               ends_on=None, awaits_confirmation=True)  # fmt: skip
