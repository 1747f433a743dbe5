"""The page that says who sits, for whom, and how it counts today."""

import datetime
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.models import Absence, Seat, SeatKind
from agreements.seats import events as seats
from agreements.seats import rights
from agreements.seats.renewal import await_seats
from agreements.seats.voices import bench_of
from committee.composition.reading import Asker, Composition, DelegationLine, Place
from conventions.access.events import end_membership
from conventions.access.rights import may_end
from conventions.models import Membership, Party
from ctg_portal.templatetags.french import long_date
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.committee.scene import PDF, a_document
from tests.stories import told_once

pytestmark = pytest.mark.django_db
DAYS = datetime.timedelta(days=1)


@told_once
def committee():
    return committee_of()


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def composition(committee, today):
    def read() -> Composition:
        return Composition(
            bench_of(committee.convention, today), Asker(f.UserFactory(), manages=False)
        )

    return read


@pytest.fixture
def page(client, committee):
    """The page as somebody gets it; its text through ``shown``."""

    def get(user, name="composition", *args):
        client.force_login(user)
        return client.get(reverse(f"committee:{name}", args=[committee.convention.slug, *args]))

    return get


def shown(response) -> str:
    return unescape(text_of(response.content.decode()))


def place_of(composition, seat) -> Place:
    sections = [*composition.parties, *composition.others]
    [place] = [p for section in sections for p in section.places if p.seat == seat]
    return place


def absent(seat, first: int = 0, last: int | None = 9) -> Absence:
    today = timezone.localdate()
    return Absence.objects.create(
        seat=seat,
        starts_on=today + first * DAYS,
        ends_on=None if last is None else today + last * DAYS,
    )


def end_access(user) -> None:
    for membership in Membership.objects.active().filter(user=user):
        end_membership(membership, by=None)


# The title says the answer ------------------------------------------------------------------------


def test_title_counts_people_and_names_parties_without_a_member(committee, composition, page):
    assert composition().headline == "Deux personnes siègent au comité"
    committee.epci_seat.delete()
    text = "Une personne siège au comité ; aucun membre pour Exemple agglomération"
    assert composition().headline == text
    assert text in title(page(committee.coordinator))
    committee.caf_seat.delete()
    assert composition().headline == "Personne ne siège encore au comité"


def test_title_counts_a_person_of_two_seats_once(committee, composition):
    SeatFactory(organisation=committee.epci, user=committee.caf_member)
    SeatFactory(organisation=committee.epci, user=None, name="Anne Roy")
    SeatFactory(organisation=committee.caf, user=None, name="ANNE ROY", adviser=True)
    assert composition().person_count == 3


def test_title_names_every_party_that_nobody_answers_for(committee, composition):
    end_access(committee.epci_member)
    end_access(committee.caf_member)
    SeatFactory(organisation=committee.caf, user=None, adviser=True)
    assert composition().headline == (
        "Une personne siège au comité ; aucun membre pour la Caf d’Exemple et Exemple agglomération"
    )


def test_title_does_not_wait_for_a_party_whose_agreement_is_not_required(committee, composition):
    Party.objects.filter(organisation=committee.epci).update(agreement_required=False)
    committee.epci_seat.delete()
    assert composition().headline == "Une personne siège au comité"
    [vacant] = [section for section in composition().parties if section.is_vacant]
    assert vacant.organisation == committee.epci


# Who is where -----------------------------------------------------------------------------------


def test_parties_come_in_their_order_then_others_with_a_seat(committee, composition, page):
    resource = f.OrganisationFactory(convention=committee.convention, name="Conseil départemental")
    f.OrganisationFactory(convention=committee.convention, name="Association sans siège")
    SeatFactory(organisation=resource, advisory=True)
    sections = composition()
    assert [s.organisation for s in sections.parties] == [committee.caf, committee.epci]
    assert [s.organisation for s in sections.others] == [resource]
    text = shown(page(committee.coordinator))
    assert text.count("co-anime le comité") == text.count("son accord est requis") == 2
    assert "Association sans siège" not in text


def test_members_come_before_their_substitutes_and_advisers(committee, composition):
    for kind in (SeatKind.ADVISORY, SeatKind.ADVISER, SeatKind.SUBSTITUTE):
        SeatFactory(organisation=committee.caf, kind=kind)
    caf = composition().parties[0]
    assert [place.seat.kind for place in caf.places] == SeatKind.values


def test_who_no_longer_sits_is_not_shown_who_will_is(committee, composition, today):
    past = SeatFactory(organisation=committee.caf, ends_on=today - DAYS)
    coming = SeatFactory(organisation=committee.caf, starts_on=today + DAYS)
    places = composition().parties[0].places
    assert [place.seat for place in places] == [committee.caf_seat, coming]
    assert past not in [place.seat for place in places]
    assert place_of(composition(), coming).sign.word.startswith("siège à partir du")


def test_an_organisation_of_another_convention_is_left_out(composition):
    SeatFactory(name="Étrangère")
    assert composition().person_count == 2


# How a seat counts today --------------------------------------------------------------------------


def test_a_member_answers_or_is_away_until_a_day_or_without_one(committee, composition):
    assert place_of(composition(), committee.caf_seat).sign.word == "répond pour son organisme"
    absence = absent(committee.caf_seat)
    assert "en absence jusqu’au" in place_of(composition(), committee.caf_seat).sign.word
    absence.ends_on = None
    absence.save()
    assert "sans date de retour" in place_of(composition(), committee.caf_seat).sign.word


def test_an_announced_absence_is_shown_and_the_member_answers_meanwhile(committee, composition):
    absent(committee.caf_seat, 5, 9)
    absent(committee.caf_seat, -9, -5)
    place = place_of(composition(), committee.caf_seat)
    assert place.sign.word == "répond pour son organisme"
    assert len(place.absences) == 1


def test_a_substitute_is_shown_to_answer_or_not(committee, composition, today):
    named = SeatFactory(
        organisation=committee.caf, substitute=True, substitute_for=committee.caf_seat
    )
    place = place_of(composition(), named)
    assert place.role == f"Suppléant de {committee.caf_member}"
    assert place.sign.word.startswith("ne répond pas aujourd’hui")
    absent(committee.caf_seat)
    assert place_of(composition(), named).sign.word == "remplace le membre aujourd’hui"
    Seat.objects.filter(pk=committee.caf_seat.pk).update(ends_on=today - DAYS)
    assert place_of(composition(), named).role == "Suppléant de tout membre de l’organisme"


def test_an_adviser_has_no_light_and_an_elected_mandate_is_said(committee, composition):
    adviser = SeatFactory(organisation=committee.caf, adviser=True)
    place = place_of(composition(), adviser)
    assert (place.role, place.sign) == ("Instructeur", None)
    assert place_of(composition(), committee.epci_seat).role == "Membre, mandat électif"


def test_a_seat_without_account_is_said_to_answer_outside_the_portal(committee, page):
    SeatFactory(organisation=committee.caf, user=None, name="Anne Roy")
    SeatFactory(organisation=committee.caf, user=None, name="Luc", adviser=True)
    text = shown(page(committee.caf_member))
    assert text.count("Sans compte : son accord est recueilli hors portail") == 1
    assert text.count("Sans compte") == 2


def test_a_suspended_seat_is_shown_to_all_with_who_confirms_it(committee, page):
    reader = f.MembershipFactory(organisation=committee.epci, reader=True).user
    seats.suspend_seat(committee.caf_seat, by=committee.coordinator)
    text = "jusqu’à ce qu’un référent des accès de la Caf d’Exemple le confirme"
    assert text in shown(page(reader))


@pytest.mark.parametrize("has_account", [True, False])
def test_a_party_for_which_nobody_can_answer_shows_why(committee, page, has_account):
    if has_account:
        end_access(committee.caf_member)
        reason = (
            f"Aucun membre ne répond : le siège de {committee.caf_member} est suspendu depuis le"
        )
    else:
        committee.caf_seat.delete()
        reason = "Aucun membre ne siège aujourd’hui."
    text = shown(page(committee.epci_member))
    assert f"Personne ne peut répondre pour la Caf d’Exemple. {reason}" in text
    assert "attendent, sans relance" in text


def test_a_substitute_fills_the_vacancy_of_who_is_gone_not_of_who_is_suspended(committee, page):
    SeatFactory(organisation=committee.caf, substitute=True)
    seats.suspend_seat(committee.caf_seat, by=committee.coordinator)
    assert "Personne ne peut répondre" in shown(page(committee.epci_member))
    seats.end_seat(committee.caf_seat, by=None)
    assert "Personne ne peut répondre" not in shown(page(committee.epci_member))


@pytest.mark.parametrize(
    ("deputy", "is_told"),
    [(None, True), ("substitute", False), ("delegate", False), ("late delegate", True),
     ("delegate without access", True), ("other member", False)],
)  # fmt: skip
def test_an_absence_that_leaves_nobody_is_shown(committee, composition, today, deputy, is_told):
    absent(committee.caf_seat)
    if deputy == "substitute":
        SeatFactory(organisation=committee.caf, substitute=True)
    elif deputy == "other member":
        SeatFactory(organisation=committee.caf)
    elif deputy:
        starts_on = today + DAYS * (deputy == "late delegate")
        user = DelegationFactory(seat=committee.caf_seat, starts_on=starts_on).user
        if deputy == "delegate without access":
            end_access(user)
    away = composition().parties[0].absence_note
    assert away.startswith(f"{committee.caf_member} est en absence jusqu’au") is is_told
    assert bool(away) is is_told
    assert not composition().parties[1].absence_note


# Delegations ------------------------------------------------------------------------------------


def test_delegations_say_to_whom_for_what_until_when(committee, page, today):
    delegation = DelegationFactory(
        seat=committee.caf_seat, kinds=["objective"], ends_on=today + 30 * DAYS
    )
    DelegationFactory(seat=committee.caf_seat, name="Personne d’avant", ends_on=today - DAYS)
    text = shown(page(committee.epci_member))
    assert f"Délégation à {delegation.name}, Directeur adjoint, pour les objectifs, du" in text
    assert "Personne d’avant" not in text
    assert "Lire l’acte" not in text


def test_the_kinds_of_a_delegation_are_named_in_words():
    def kinds(*given):
        built = DelegationFactory.build(kinds=list(given), seat=None, user=None, name="Anne")
        return DelegationLine(built, convention, True, True).kinds

    convention = f.ConventionFactory.build()
    assert kinds() == "tous les points"
    assert kinds("objective") == "les objectifs"
    assert kinds("article", "objective") == "les articles et les objectifs"
    convention = f.ConventionFactory.build(labels={"objectif": "Ambition"})
    assert kinds("article", "objective") == "les articles et les ambitions"


def test_the_act_is_handed_out_to_who_sees_the_convention_only(committee, page):
    act = a_document(committee.coordinator)
    delegation = DelegationFactory(seat=committee.caf_seat, act=act)
    without = DelegationFactory(seat=committee.caf_seat)
    response = page(committee.epci_member, "delegation_act", delegation.pk)
    assert response.content == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert page(committee.epci_member, "delegation_act", without.pk).status_code == 404
    assert page(f.UserFactory(), "delegation_act", delegation.pk).status_code == 404
    elsewhere = DelegationFactory(act=act)
    assert page(committee.epci_member, "delegation_act", elsewhere.pk).status_code == 404
    url = reverse("committee:delegation_act", args=[committee.convention.slug, delegation.pk])
    assert url in page(committee.epci_member).content.decode()


# What each may do -------------------------------------------------------------------------------


def test_links_are_those_that_the_rights_allow(committee, page):
    """What the page reads once says what ``agreements.seats.rights`` answers seat by seat."""
    reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
    others = [SeatFactory(organisation=o, user=None) for o in (committee.caf, committee.epci)]
    members = [committee.caf_seat, committee.epci_seat, *others]
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    referent = f.referent_of(committee.caf)
    people = [committee.coordinator, committee.caf_member, committee.epci_member, adviser, reader]
    for person in [*people, referent]:
        html = page(person).content.decode()
        for seat in members:
            for name, right in (
                ("declare_absence", rights.may_declare_absence),
                ("delegate", rights.may_delegate),
                ("suspend_seat", rights.may_suspend_seat),
                ("edit_seat", rights.may_edit_seat),
                ("end_seat", may_end),
            ):
                url = reverse(f"committee:{name}", args=[committee.convention.slug, seat.pk])
                assert (f'href="{url}"' in html) is (right(person, seat) is None), (person, name)


def test_only_a_member_has_absences_and_delegations_to_give(committee, page):
    adviser = SeatFactory(organisation=committee.caf, adviser=True)
    html = page(committee.coordinator).content.decode()
    for name in ("declare_absence", "delegate"):
        url = reverse(f"committee:{name}", args=[committee.convention.slug, adviser.pk])
        assert url not in html


def test_elections_are_offered_where_an_elu_sits(committee, page):
    slug = committee.convention.slug
    Seat.objects.update(is_elected=True)
    for user in (f.referent_of(committee.epci), committee.coordinator):
        html = page(user).content.decode()
        assert f'{reverse("committee:elections", args=[slug, committee.epci.pk])}"' in html
        assert reverse("committee:elections", args=[slug, committee.caf.pk]) not in html


def test_the_page_says_from_when_seats_of_elus_are_awaited(committee, page):
    today = timezone.localdate()
    for day, says in [
        (today + DAYS, "les élus d’aujourd’hui siègent jusqu’à la veille"),
        (today, "les sièges de ses élus sont attendus"),
    ]:
        await_seats(committee.epci, day, by=committee.coordinator)
        text = shown(page(committee.epci_member))
        assert f"Conseil installé le {long_date(day)}".replace("\u00a0", " ") in text
        assert says in text
    assert "attendu, jusqu’à la délibération" in text
    assert "Personne ne peut répondre pour Exemple agglomération" in text


def test_a_convention_without_parties_says_so(client):
    coordinator = f.MembershipFactory(coordinator=True)
    client.force_login(coordinator.user)
    slug = coordinator.organisation.convention.slug
    text = shown(client.get(reverse("committee:composition", args=[slug])))
    assert "Personne ne siège encore au comité" in text
    assert "ne nomme encore aucune partie" in text


# The past, and what was changed -------------------------------------------------------------------


def test_past_mandates_say_who_sat_when_and_why_it_ended(committee, page, today):
    coordinator = committee.coordinator
    assert "Aucun mandat n’a encore pris fin" in title(page(coordinator, "composition_history"))
    seats.end_seat(committee.caf_seat, on=today - 9 * DAYS, reason="Départ", by=None)
    SeatFactory(organisation=committee.epci, user=None, name="Anne", ends_on=today - 20 * DAYS)
    response = page(coordinator, "composition_history")
    assert title(response).startswith("Deux mandats ont pris fin")
    text = shown(response)
    assert "Départ" in text
    assert "terme prévu" in text
    assert response.context["mandates"][0] == committee.caf_seat
    assert str(committee.epci_member) not in [s.name for s in response.context["mandates"]]


def test_pages_of_the_history_hold_fifty_changes(committee, page, today):
    for _ in range(60):
        SeatFactory(organisation=committee.caf, user=None)
    response = page(committee.coordinator, "composition_history")
    assert len(response.context["changes"]) == 50
    assert "Plus anciens" in shown(response)
