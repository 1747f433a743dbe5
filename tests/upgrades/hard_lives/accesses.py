"""Who has access to a convention, given by whom, confirmed, objected to, ended, handed over."""

import datetime

from accounts.events import open_account
from conventions.access import events as access
from conventions.models import AppointmentState, Membership, Role
from conventions.parties.events import give_address
from tests.upgrades.hard_lives.stage import (
    AULNE,
    FIRST,
    GENETS,
    SERRE,
    Stage,
    access_of,
    join,
    load_text,
    organisation,
    person,
    take,
)

HELENE = "helene.vasseur@agglo-serre.example"
MARION = "marion.delval@agglo-serre.example"
YANN = "yann.guevel@agglo-serre.example"
TRISTAN = "tristan.morel@caf-serre.example"
AGATHE = "agathe.rolland@caf-serre.example"
CLAIRE = "claire.fontenay@caf-serre.example"
COLETTE = "colette.brunel@cc-aulne.example"
PENDING, CONFIRMED, SUSPENDED = AppointmentState


def play(stage: Stage) -> None:
    stage.begin("Accesses", FIRST)
    for slug in (SERRE, AULNE, GENETS):
        load_text(slug)
    let_the_first_people_in(stage)
    colleagues_confirm(stage)
    access_is_given_to_oneself(stage)
    nobody_knows_who_gave(stage)
    some_wait_and_some_are_objected_to(stage)
    some_leave_and_come_back(stage)
    some_hand_over(stage)
    one_coordinates_and_acts_elsewhere(stage)


def let_the_first_people_in(stage: Stage) -> None:
    """Whoever hosts the portal invites the first person of the organisations that enter figures."""
    helene = join("Hélène Vasseur", HELENE, "Agglo S", Role.COORDINATOR, by=None)
    stage.case("Coordination given by the host", helene, given_by=None, state=CONFIRMED)
    tristan = join("Tristan Morel", TRISTAN, "Caf S", by=None)
    stage.case("Contributor given by the host", tristan, given_by=None, state=CONFIRMED)
    for name, email, acronym in [
        ("Zoé Lambert", "zoe.lambert@msa-nord.example", "MSA N"),
        ("Inès Caron", "ines.caron@deux-rives.example", "CD 02"),
        ("Marc Thévenin", "marc.thevenin@deux-rives.example", "CD 02"),
        ("Lucie Baron", "lucie.baron@cpam-serre.example", "CPAM S"),
        ("Hugo Mallet", "hugo.mallet@cpam-serre.example", "CPAM S"),
        ("Nadia Fournel", "nadia.fournel@serreville.example", "CCAS S"),
        ("Éric Saunier", "eric.saunier@mission-serre.example", "Mission S"),
        ("Flora Pinson", "flora.pinson@creches-serre.example", "Fédération S"),
        ("Odile Garnier", "odile.garnier@agglo-serre.example", "Agglo S"),
        ("Luc Bertin", "luc.bertin@agglo-serre.example", "Agglo S"),
    ]:
        join(name, email, acronym, by=None)
    colette = join("Colette Brunel", COLETTE, "CC Aulne", Role.COORDINATOR, by=None, slug=AULNE)
    stage.case("Coordination of another convention", colette, state=CONFIRMED)
    shared = join("", TRISTAN, "Caf S", by=None, slug=AULNE)
    stage.case("Somebody with access in two conventions", shared, state=CONFIRMED)
    join("", COLETTE, "CC Genêts", Role.COORDINATOR, by=None, slug=GENETS)


def colleagues_confirm(stage: Stage) -> None:
    helene, tristan = person(HELENE), person(TRISTAN)
    agathe = join("Agathe Rolland", AGATHE, "Caf S", by=helene)
    stage.case(
        "Contributor given by the coordinator, confirmed by a colleague", agathe, state=CONFIRMED,
        given_by=helene,
    )  # fmt: skip
    access.confirm_access(agathe, by=tristan)
    claire = join("Claire Fontenay", CLAIRE, "Caf S", Role.READER, by=helene)
    access.confirm_access(claire, by=tristan)
    simone = join("Simone Arnaud", "simone.arnaud@bellefont.example", "Bellefont", Role.READER,
                  by=None)  # fmt: skip
    stage.case("Reader", simone, role=Role.READER, state=CONFIRMED)
    official = join("Le secrétariat", "partenariats@caf-serre.example", "Caf S", Role.READER,
                    by=helene)  # fmt: skip
    stage.case("Accepted at the official address, at once", official, state=CONFIRMED)


def access_is_given_to_oneself(stage: Stage) -> None:
    helene = person(HELENE)
    own = join("", HELENE, "Agglo S", by=helene)
    stage.case("Contributor of a party, given to oneself by who coordinates for it", own,
               given_by=helene, state=CONFIRMED)  # fmt: skip
    reading = join("", HELENE, "Caf S", Role.READER, by=helene)
    access.confirm_access(reading, by=person(TRISTAN))
    stage.case("Reader of another party, given to oneself, confirmed there", reading,
               given_by=helene, state=CONFIRMED)  # fmt: skip
    pending = join("", HELENE, "Petits Pas", by=helene)
    stage.case("Contributor of an association, given to oneself, to be confirmed", pending,
               given_by=helene, state=PENDING)  # fmt: skip
    marion = join("Marion Delval", MARION, "Bellefont", Role.COORDINATOR, by=None)
    stage.case("Coordinates for two organisations of one convention: the first", marion)
    second = join("", MARION, "Agglo S", Role.COORDINATOR, by=person(MARION))
    access.confirm_access(second, by=helene)
    stage.case("Coordination given to oneself; of two organisations, the second", second,
               given_by=marion.user, state=CONFIRMED)  # fmt: skip


def nobody_knows_who_gave(stage: Stage) -> None:
    """Written as earlier releases left them: no giver, no act. No event of today does so."""
    for about, name, email, acronym, role in [
        ("Contributor of a party, given by nobody known", "Bernard Quillet",
         "bernard.quillet@msa-nord.example", "MSA N", Role.CONTRIBUTOR),
        ("Contributor of a provider with secrecy, given by nobody known", "Paulette Andrieu",
         "paulette.andrieu@serreville.example", "CCAS S", Role.CONTRIBUTOR),
        ("Reader of a party, given by nobody known", "Roger Tissot",
         "roger.tissot@agglo-serre.example", "Agglo S", Role.READER),
        ("Contributor of an association without rule, given by nobody known", "Yvette Moulin",
         "yvette.moulin@petits-pas.example", "Petits Pas", Role.CONTRIBUTOR),
    ]:  # fmt: skip
        first, last = name.rsplit(" ", 1)
        user = open_account(email=email, first_name=first, last_name=last)
        row = Membership.objects.create(
            user=user, organisation=organisation(acronym), role=role, state=CONFIRMED
        )
        stage.case(about, row, given_by=None, state=CONFIRMED)


def some_wait_and_some_are_objected_to(stage: Stage) -> None:
    helene, tristan = person(HELENE), person(TRISTAN)
    pending = join("Oscar Lemoine", "oscar.lemoine@caf-serre.example", "Caf S", by=helene)
    stage.case("Contributor of a party, to be confirmed", pending, state=PENDING)
    reading = join("Ariane Colin", "ariane.colin@msa-nord.example", "MSA N", Role.READER, by=helene)
    stage.case("Reader of a party, to be confirmed", reading, state=PENDING)
    alone = join("Théo Ferrand", "theo.ferrand@ludotheque.example", "Ludothèque", by=helene)
    stage.case("Contributor where nobody has ever been, to be confirmed", alone, state=PENDING)
    nina = join("Nina Carpentier", "nina.carpentier@caf-serre.example", "Caf S", by=helene)
    access.object_to_access(nina, by=tristan)
    stage.case("Objected to before anybody confirmed it", nina, state=SUSPENDED)
    serge = join("Serge Lacaze", "serge.lacaze@caf-serre.example", "Caf S", by=helene)
    access.confirm_access(serge, by=tristan)
    access.object_to_access(serge, by=helene)
    stage.case("Confirmed, then suspended by the coordinator", serge, state=SUSPENDED)
    ivan = join("Ivan Delorme", "ivan.delorme@cpam-serre.example", "CPAM S", by=helene)
    access.confirm_access(ivan, by=person("lucie.baron@cpam-serre.example"))
    access.object_to_access(ivan, by=person("lucie.baron@cpam-serre.example"))
    access.confirm_access(ivan, by=person("hugo.mallet@cpam-serre.example"))
    stage.case("Objected to, then confirmed again", ivan, state=CONFIRMED)
    jade = join("Jade Rivoire", "jade.rivoire@aulne.example", "MSA N", by=person(COLETTE),
                slug=AULNE)  # fmt: skip
    access.confirm_access(jade, by=person(TRISTAN))
    stage.case("First of a party, confirmed by another party", jade, state=CONFIRMED)


def some_leave_and_come_back(stage: Stage) -> None:
    helene, tristan = person(HELENE), person(TRISTAN)
    gone = join("Benoît Chauvel", "benoit.chauvel@caf-serre.example", "Caf S", by=helene)
    access.confirm_access(gone, by=tristan)
    access.end_membership(gone, by=gone.user)
    stage.case("Ended by its holder", gone, state=CONFIRMED)
    paul = join("Paul Hamon", "paul.hamon@caf-serre.example", "Caf S", by=helene)
    access.confirm_access(paul, by=tristan)
    access.end_membership(paul, by=helene)
    stage.case("Ended by the coordinator, before another was given", paul)
    vera = join("Véra Poulain", "vera.poulain@caf-serre.example", "Caf S", by=helene)
    access.object_to_access(vera, by=tristan)
    access.end_membership(vera, by=helene)
    stage.case("Ended while an objection stood", vera, state=SUSPENDED)
    stage.reach(datetime.date(2025, 12, 3))
    again = join("", "paul.hamon@caf-serre.example", "Caf S", by=helene)
    stage.case("Given again after an end, to be confirmed", again, state=PENDING)
    objected = join("", "vera.poulain@caf-serre.example", "Caf S", by=helene)
    stage.case("Given again after an objection, suspended from its first day", objected,
               state=SUSPENDED)  # fmt: skip


def some_hand_over(stage: Stage) -> None:
    stage.reach(datetime.date(2025, 12, 8))
    helene, tristan = person(HELENE), person(TRISTAN)
    leaving = join("Karim Benali", "karim.benali@caf-serre.example", "Caf S", by=helene)
    access.confirm_access(leaving, by=tristan)
    invitation, _ = access.hand_over(
        leaving, email="lea.schmitt@caf-serre.example", by=leaving.user
    )
    take(invitation, "Léa Schmitt")
    stage.case("Handed over by its holder: ended", leaving)
    stage.case("Came of a hand-over that counted at once",
               access_of("lea.schmitt@caf-serre.example", "Caf S"), state=CONFIRMED)  # fmt: skip
    staying = access_of(AGATHE, "Caf S")
    invitation, _ = access.hand_over(staying, email="omar.haddad@caf-serre.example", by=helene)
    take(invitation, "Omar Haddad")
    stage.case("Came of a hand-over from outside, to be confirmed: the other access goes on",
               access_of("omar.haddad@caf-serre.example", "Caf S"), state=PENDING)  # fmt: skip


def others_are_about_to_hand_over(stage: Stage) -> None:
    """On the last days: an invitation that nobody has accepted is forgotten in time."""
    lucie = access_of("lucie.baron@cpam-serre.example", "CPAM S")
    invitation, _ = access.hand_over(lucie, email="nils.herve@cpam-serre.example", by=lucie.user)
    access.revoke_offer(invitation.offers.get(), by=lucie.user)
    stage.case("Hand-over that was revoked", invitation.offers.get())
    hugo = access_of("hugo.mallet@cpam-serre.example", "CPAM S")
    invitation, _ = access.hand_over(hugo, email="rose.texier@cpam-serre.example", by=hugo.user)
    stage.case("Hand-over that nobody has accepted yet", invitation.offers.get())


def one_coordinates_and_acts_elsewhere(stage: Stage) -> None:
    helene, tristan = person(HELENE), person(TRISTAN)
    yann = join("Yann Guével", YANN, "Caf S", Role.READER, by=helene)
    access.confirm_access(yann, by=tristan)
    stage.case("Reader of a party whose holder coordinates for another", yann, state=CONFIRMED)
    coordinating = join("", YANN, "Agglo S", Role.COORDINATOR, by=helene)
    stage.case("Coordinates for one organisation, has access of another", coordinating)
    bruno = join("Bruno Vidal", "bruno.vidal@agglo-serre.example", "Petits Pas", by=helene)
    join("", "bruno.vidal@agglo-serre.example", "Agglo S", Role.COORDINATOR, by=helene)
    access.confirm_access(bruno, by=person("yvette.moulin@petits-pas.example"))
    stage.case("Contributor of an association whose holder coordinates for a party", bruno,
               state=CONFIRMED)  # fmt: skip


def addresses_are_given(stage: Stage) -> None:
    """After the last load of the convention file, which puts its own addresses back."""
    caf = organisation("Caf S")
    stage.case("Official address given by the file", caf, email="partenariats@caf-serre.example")
    give_address(organisation("MSA N"), email="accueil@msa-nord.example",
                 by=person("zoe.lambert@msa-nord.example"))  # fmt: skip
    stage.case("Official address given by a contributor", organisation("MSA N"),
               email="accueil@msa-nord.example")  # fmt: skip
    cpam = organisation("CPAM S")
    give_address(cpam, email="donnees@cpam-serre.example",
                 by=person("hugo.mallet@cpam-serre.example"))  # fmt: skip
    stage.case("Official address given by the file, changed by a contributor",
               organisation("CPAM S"), email="donnees@cpam-serre.example")  # fmt: skip
    give_address(organisation("Agglo S"), email="contact@agglo-serre.example", by=person(HELENE))
    stage.case("Official address of a party, given by who coordinates for it",
               organisation("Agglo S"), email="contact@agglo-serre.example")  # fmt: skip
