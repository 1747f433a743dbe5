"""Naming, correcting, ending, delegating from the page: what is typed, taken, refused, kept."""

import datetime
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from agreements.commitments.commitment import committee_commitments
from agreements.models import Absence, Delegation, Seat, SeatKind
from agreements.seats import events as seats
from conventions.models import Membership
from documents.models import StoredFile
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.agreements.earlier import counted_by_delay
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.committee.register.scene import record
from tests.committee.scene import PDF
from tests.stories import told_once

pytestmark = pytest.mark.django_db
DAYS = datetime.timedelta(days=1)


@told_once
def committee():
    return committee_of()


@told_once
def referent(committee):
    return f.referent_of(committee.caf)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def ask(client, committee):
    """``ask(user, name, pk)`` shows a page, ``ask(user, name, pk, field=…)`` sends its form."""

    def do(user, name, pk, /, **data):
        client.force_login(user)
        url = reverse(f"committee:{name}", args=[committee.convention.slug, pk])
        if not data:
            return client.get(url)
        return client.post(url, {k: v for k, v in data.items() if v is not None}, follow=True)

    return do


def read(response) -> str:
    """What a page shows."""
    assert response.status_code == 200
    return unescape(text_of(response.content.decode()))


def pdf():
    return SimpleUploadedFile("acte signé.pdf", PDF, "application/pdf")


def errors(response) -> str:
    form = response.context["form"]
    return " ".join(str(e) for messages in form.errors.values() for e in messages)


def naming(committee, **values) -> dict:
    return {
        "name": "Anne Roy", "kind": SeatKind.MEMBER, "capacity": "Présidente",
        "starts_on": timezone.localdate().isoformat(),
    } | values  # fmt: skip


# Naming -----------------------------------------------------------------------------------------


def test_the_coordinator_names_a_person_with_access(committee, ask, today):
    user = f.MembershipFactory(organisation=committee.caf, reader=True).user
    page = ask(committee.coordinator, "name_seat_for", committee.caf.pk)
    assert title(page) == "Qui siège pour la Caf d’Exemple ?"
    offered = page.context["form"].fields["user"].queryset
    assert set(offered) == {committee.caf_member, user}
    sent = naming(committee, name="", user=user.pk, is_elected="on", ends_on=today + 90 * DAYS)
    done = ask(committee.coordinator, "name_seat_for", committee.caf.pk, **sent)
    assert done.redirect_chain[0][0].endswith("/comite/composition/")
    text = "ce siège compte une fois confirmé par un référent des accès de la Caf d’Exemple"
    assert f"{user} est proposé(e) pour la Caf d’Exemple : {text}" in read(done)
    seat = Seat.objects.get(user=user)
    assert (seat.is_elected, seat.capacity, seat.ends_on) == (
        True, "Présidente", today + 90 * DAYS,
    )  # fmt: skip


def test_a_former_person_of_the_organisation_is_not_offered(committee, ask):
    f.MembershipFactory(organisation=committee.caf, ended=True)
    f.MembershipFactory(organisation=committee.epci)
    page = ask(committee.coordinator, "name_seat_for", committee.caf.pk)
    assert list(page.context["form"].fields["user"].queryset) == [committee.caf_member]


def test_a_substitute_without_account_is_named_for_a_member(committee, ask, today):
    over = SeatFactory(organisation=committee.caf, ends_on=today - DAYS)
    page = ask(committee.coordinator, "name_seat_for", committee.caf.pk)
    offered = list(page.context["form"].fields["substitute_for"].queryset)
    assert offered == [committee.caf_seat]
    assert over not in offered
    sent = naming(committee, kind=SeatKind.SUBSTITUTE, substitute_for=committee.caf_seat.pk)
    ask(committee.coordinator, "name_seat_for", committee.caf.pk, **sent)
    seat = Seat.objects.get(name="Anne Roy")
    assert (seat.user, seat.substitute_for) == (None, committee.caf_seat)


def test_a_form_for_an_organisation_that_has_not_signed_asks_no_kind_of_seat(committee, ask):
    other = f.OrganisationFactory(convention=committee.convention)
    page = ask(committee.coordinator, "name_seat_for", other.pk)
    assert not {"kind", "substitute_for"} & set(page.context["form"].fields)
    assert "il siège à titre consultatif" in read(page)
    ask(committee.coordinator, "name_seat_for", other.pk, **naming(committee, kind="member"))
    assert Seat.objects.get(name="Anne Roy").kind == SeatKind.ADVISORY


@pytest.mark.parametrize(
    ("wrong", "field", "text"),
    [
        ({"name": " "}, "name", "Choisissez une personne qui a un compte"),
        ({"user": "self"}, "name", "pas les deux"),
        ({"kind": None}, "kind", "obligatoire"),
        ({"capacity": ""}, "capacity", "obligatoire"),
        ({"starts_on": "demain"}, "starts_on", "Ce jour n’existe pas"),
        ({"ends_on": "2001-01-01"}, "ends_on", "Le dernier jour précède le premier."),
        ({"substitute_for": "seat"}, "substitute_for", "Seul un suppléant"),
    ],
)
def test_a_mistake_is_shown_at_its_field_and_nothing_typed_is_lost(
    committee, ask, wrong, field, text
):
    known = {"self": committee.caf_member.pk, "seat": committee.caf_seat.pk}
    wrong = {name: known.get(value, value) for name, value in wrong.items()}
    sent = naming(committee, capacity="Présidente du conseil") | wrong
    page = ask(committee.coordinator, "name_seat_for", committee.caf.pk, **sent)
    assert set(page.context["form"].errors) == {field}
    assert text in errors(page)
    assert "À corriger" in read(page)
    if field != "capacity":
        assert "Présidente du conseil" in page.content.decode()
    assert Seat.objects.count() == 2


def test_a_refusal_is_shown_on_the_form_that_keeps_what_was_typed(committee, ask):
    ask(committee.coordinator, "name_seat_for", committee.caf.pk, **naming(committee))
    sent = naming(committee, capacity="Autre qualité")
    page = ask(committee.coordinator, "name_seat_for", committee.caf.pk, **sent)
    assert "Anne Roy a déjà ce siège pour CAF 99" in read(page)
    assert 'value="Autre qualité"' in page.content.decode()


def test_organisations_to_name_for_are_those_of_the_convention(committee, client):
    stranger = f.OrganisationFactory(name="Organisme étranger")
    other = f.OrganisationFactory(convention=committee.convention, name="Conseil départemental")
    client.force_login(committee.coordinator)
    url = reverse("committee:name_seat", args=[committee.convention.slug])
    page = client.get(url)
    text = read(page)
    assert "Caf d’Exemple" in text
    assert other.name in text
    assert stranger.name not in text


# Correcting and ending ----------------------------------------------------------------------------


def test_a_capacity_is_corrected(committee, ask):
    page = ask(committee.coordinator, "edit_seat", committee.caf_seat.pk)
    form = page.context["form"]
    sent = {
        "capacity": "Directrice générale",
        "is_elected": "on",
        "revision": form["revision"].value(),
    }
    done = ask(committee.coordinator, "edit_seat", committee.caf_seat.pk, **sent)
    assert "est corrigé" in read(done)
    assert "Directrice générale" in read(done)
    assert Seat.objects.get(pk=committee.caf_seat.pk).is_elected


def test_the_second_person_to_correct_a_seat_sees_both_texts_and_may_insist(committee, ask):
    seen = committee.caf_seat.revision
    other = f.MembershipFactory(organisation=committee.epci, coordinator=True).user
    seats.edit_seat(
        committee.caf_seat,
        capacity="Directrice générale",
        is_elected=False,
        revision=seen,
        by=other,
    )
    sent = {"capacity": "Directrice par intérim", "revision": seen}
    page = ask(committee.coordinator, "edit_seat", committee.caf_seat.pk, **sent)
    assert f"{other} a enregistré autre chose" in read(page)
    assert "[supprimé : générale ] [ajouté : par intérim ]" in read(page)
    assert 'value="Directrice par intérim"' in page.content.decode()
    again = {
        "capacity": "Directrice par intérim",
        "revision": page.context["form"]["revision"].value(),
    }
    ask(committee.coordinator, "edit_seat", committee.caf_seat.pk, **again)
    assert Seat.objects.get(pk=committee.caf_seat.pk).capacity == "Directrice par intérim"


def test_a_mistake_does_not_hide_what_another_wrote_meanwhile(committee, ask):
    seen = committee.caf_seat.revision
    seats.edit_seat(
        committee.caf_seat,
        capacity="Autre",
        is_elected=False,
        revision=seen,
        by=committee.coordinator,
    )
    page = ask(
        committee.coordinator, "edit_seat", committee.caf_seat.pk, capacity="", revision=seen
    )
    assert int(page.context["form"]["revision"].value()) == seen


def test_a_mandate_is_ended_with_day_and_reason(committee, referent, ask, today):
    page = ask(referent, "end_seat", committee.caf_seat.pk)
    assert title(page) == f"Terminer le mandat de {committee.caf_member} ?"
    assert f'value="{today.isoformat()}"' in page.content.decode()
    page = ask(referent, "end_seat", committee.caf_seat.pk, on=today, reason="")
    assert "obligatoire" in errors(page)
    done = ask(referent, "end_seat", committee.caf_seat.pk, on=today, reason="Départ")
    assert f"Le mandat de {committee.caf_member} prend fin le" in read(done)
    page = ask(referent, "end_seat", committee.caf_seat.pk, on=today, reason="Encore")
    assert "prend déjà fin le" in read(page)
    assert Seat.objects.get(pk=committee.caf_seat.pk).end_reason == "Départ"


def test_a_mandate_that_is_over_leaves_nothing_to_fill_in(committee, referent, ask):
    seats.end_seat(committee.caf_seat, by=None)
    for name in ("end_seat", "edit_seat", "declare_absence", "delegate"):
        asker = committee.caf_member if name == "delegate" else referent
        page = ask(asker, name, committee.caf_seat.pk)
        assert "a pris fin le" in read(page)
        assert "form-narrow" not in page.content.decode()


def test_a_mandate_to_come_is_cancelled(committee, referent, ask, today):
    seat = SeatFactory(organisation=committee.caf, user=None, starts_on=today + 9 * DAYS)
    assert "finir avant annule la nomination" in read(ask(referent, "end_seat", seat.pk))
    done = ask(referent, "end_seat", seat.pk, on=today, reason="Renonce")
    assert "est annulée" in read(done)
    assert not Seat.objects.filter(pk=seat.pk).exists()


# Absences ---------------------------------------------------------------------------------------


def test_a_colleague_declares_an_absence_and_ends_it(committee, ask, today):
    colleague = SeatFactory(organisation=committee.caf, adviser=True).user
    sent = {"starts_on": today - DAYS, "ends_on": today + 9 * DAYS}
    done = ask(colleague, "declare_absence", committee.caf_seat.pk, **sent)
    assert f"L’absence de {committee.caf_member} est déclarée" in read(done)
    again = ask(colleague, "declare_absence", committee.caf_seat.pk, **sent)
    assert "est déjà déclarée" in read(again)
    absence = Absence.objects.get()
    assert "peut de nouveau répondre" in read(ask(colleague, "end_absence", absence.pk))
    done = ask(colleague, "end_absence", absence.pk, sent="1")
    assert "ne compte plus" in read(done)
    assert ask(colleague, "end_absence", absence.pk).status_code == 302


def test_only_a_member_has_an_absence_to_declare(committee, ask):
    adviser = SeatFactory(organisation=committee.caf, adviser=True)
    for name in ("declare_absence", "delegate"):
        page = ask(adviser.user, name, adviser.pk)
        assert "Seul un membre déclare une absence ou donne délégation." in read(page)


# Delegations ------------------------------------------------------------------------------------


@told_once
def seat(committee):
    """A member's, without account."""
    return SeatFactory(organisation=committee.caf, user=None)


def delegating(user, **values) -> dict:
    return {
        "user": user.pk, "capacity": "Directeur adjoint",
        "starts_on": timezone.localdate().isoformat(),
    } | values  # fmt: skip


def test_a_member_delegates_in_person(committee, ask):
    user = f.MembershipFactory(organisation=committee.caf, reader=True).user
    page = ask(committee.caf_member, "delegate", committee.caf_seat.pk)
    form = page.context["form"]
    assert title(page) == "À qui donnez-vous délégation ?"
    assert list(form.fields["user"].queryset) == [user]
    assert form.fields["kinds"].choices[0] == ("objective", "les objectifs")
    assert {kind for kind, _label in form.fields["kinds"].choices} == {
        c.kind for c in committee_commitments()
    }
    sent = delegating(user, kinds=["objective"])
    done = ask(committee.caf_member, "delegate", committee.caf_seat.pk, **sent)
    assert f"{user} a délégation de {committee.caf_member}, depuis le" in read(done)
    delegation = Delegation.objects.get()
    assert (delegation.kinds, delegation.act) == (["objective"], None)


def test_a_referent_records_a_delegation_of_who_has_no_account_with_its_act(
    committee, referent, seat, ask
):
    user = f.MembershipFactory(organisation=committee.caf, reader=True).user
    page = ask(referent, "delegate", seat.pk, **delegating(user))
    assert set(page.context["form"].errors) == {"act"}
    sent = delegating(user, act=pdf())
    ask(referent, "delegate", seat.pk, **sent)
    act = Delegation.objects.get().act
    assert (act.name, act.uploaded_by) == ("acte signé.pdf", referent)


def test_a_document_lost_with_a_mistake_is_asked_for_again(committee, referent, seat, ask):
    user = f.MembershipFactory(organisation=committee.caf, reader=True).user
    sent = delegating(user, act=pdf(), capacity="")
    page = ask(referent, "delegate", seat.pk, **sent)
    assert page.context["form"].errors["act"] == ["Choisissez de nouveau ce document."]
    assert not StoredFile.objects.exists()


def test_a_document_is_not_kept_when_the_event_refuses(committee, referent, seat, ask):
    user = DelegationFactory(seat=seat).user
    sent = delegating(user, act=pdf())
    page = ask(referent, "delegate", seat.pk, **sent)
    assert "a déjà cette délégation" in read(page)
    assert page.context["form"].errors["act"] == ["Choisissez de nouveau ce document."]
    assert not StoredFile.objects.exists()


def test_a_delegation_is_taken_back(committee, ask):
    delegation = DelegationFactory(seat=committee.caf_seat)
    page = ask(committee.caf_member, "end_delegation", delegation.pk)
    assert title(page).startswith(f"Retirer la délégation de {committee.caf_member}")
    assert "ce qui a été répondu en son nom demeure" in read(page)
    done = ask(committee.caf_member, "end_delegation", delegation.pk, sent="1")
    assert f"La délégation à {delegation.name} ne compte plus." in read(done)
    assert ask(committee.caf_member, "end_delegation", delegation.pk).status_code == 302


# Elsewhere --------------------------------------------------------------------------------------


def test_seats_and_delegations_of_another_convention_are_not_found(committee, ask):
    other = committee_of()
    delegation = DelegationFactory(seat=other.caf_seat)
    absence = Absence.objects.create(seat=other.caf_seat, starts_on=timezone.localdate())
    for name, pk in [
        ("name_seat_for", other.caf.pk),
        ("elections", other.caf.pk),
        ("edit_seat", other.caf_seat.pk),
        ("end_seat", other.caf_seat.pk),
        ("declare_absence", other.caf_seat.pk),
        ("delegate", other.caf_seat.pk),
        ("end_absence", absence.pk),
        ("end_delegation", delegation.pk),
    ]:
        assert ask(committee.coordinator, name, pk).status_code == 404, name
        assert ask(committee.coordinator, name, pk, on="2024-01-01").status_code == 404, name


def test_a_person_without_a_right_changes_no_seat(committee, ask):
    for name, pk in [
        ("name_seat_for", committee.caf.pk),
        ("elections", committee.caf.pk),
        ("edit_seat", committee.caf_seat.pk),
        ("end_seat", committee.caf_seat.pk),
        ("declare_absence", committee.caf_seat.pk),
        ("delegate", committee.caf_seat.pk),
    ]:
        assert ask(committee.epci_member, name, pk, on="2024-01-01").status_code == 403, name
    assert Seat.history.count() == 2


# Suspending, confirming ---------------------------------------------------------------------------


def test_a_seat_is_suspended_and_confirmed_again(committee, referent, ask):
    seat = committee.caf_seat
    former = ask(committee.coordinator, "object_to_seat", seat.pk)  # as earlier letters name it
    page = ask(committee.coordinator, "suspend_seat", seat.pk)
    assert former.url == page.request["PATH_INFO"]
    assert ask(f.UserFactory(), "object_to_seat", seat.pk).status_code == 404
    assert title(page) == f"Suspendre {seat.name} pour la Caf d’Exemple ?"
    assert "jusqu’à ce qu’un référent des accès de la Caf d’Exemple la confirme" in read(page)
    done = ask(committee.coordinator, "suspend_seat", seat.pk, sent="1")
    assert f"{seat.name} est suspendu(e) pour la Caf d’Exemple." in read(done)
    for user in (committee.coordinator, committee.caf_member, committee.epci_member):
        assert ask(user, "confirm_seat", seat.pk).status_code == 403
    assert seat.user.email in read(ask(referent, "confirm_seat", seat.pk))
    stale = ask(referent, "confirm_seat", seat.pk, revision=seat.revision - 1)
    assert "Ce siège a changé depuis que la page est ouverte" in read(stale)
    seat.refresh_from_db()
    done = ask(referent, "confirm_seat", seat.pk, revision=seat.revision)
    assert f"Le siège de {seat.name} est confirmé." in read(done)


def test_a_seat_to_confirm_is_asked_on_the_dashboard(committee, referent, ask, client):
    sent = naming(committee)
    ask(committee.coordinator, "name_seat_for", committee.caf.pk, **sent)
    pk = Seat.objects.get(name="Anne Roy").pk
    address = reverse("committee:confirm_seat", args=[committee.convention.slug, pk])
    dashboard = reverse("conventions:dashboard", args=[committee.convention.slug])
    for user in (committee.coordinator, committee.caf_member, referent):
        client.force_login(user)
        assert (address in client.get(dashboard).content.decode()) is (user == referent)


# Who commits a party ------------------------------------------------------------------------------


def test_a_page_says_who_commits_a_party_and_why(committee, referent, ask):
    SeatFactory(organisation=committee.caf, substitute=True)
    waits = SeatFactory(organisation=committee.caf, user=None, name="Anne Roy", pending=True)
    text = read(ask(committee.epci_member, "who_commits", committee.caf.pk))
    assert "Une personne peut engager la Caf d’Exemple aujourd’hui" in text
    assert f"Ses référents des accès confirment qui siège : {referent}." in text
    assert "confirmé par l’hébergeur du portail le" in text
    assert "Suppléant de tout membre de l’organisme" in text
    assert waits.name in text
    assert "à confirmer par un référent des accès de la Caf d’Exemple" in text
    assert "règle abandonnée" not in text
    other = f.OrganisationFactory(convention=committee.convention)
    assert ask(committee.epci_member, "who_commits", other.pk).status_code == 404
    committee.epci_seat.delete()
    text = read(ask(committee.caf_member, "who_commits", committee.epci.pk))
    assert "Personne ne peut engager Exemple agglomération aujourd’hui" in text
    assert "n’a pas de référent des accès" in text


def test_the_page_lists_agreements_that_count_by_the_former_delay(committee, ask):
    version = committee.proposed()
    counted_by_delay(record(version, committee.caf_seat, committee.coordinator))
    address = reverse("committee:retract", args=[committee.convention.slug, version.pk])
    for user in (committee.epci_member, committee.caf_member):
        page = ask(user, "who_commits", committee.caf.pk)
        assert "Accords comptés par une règle abandonnée" in read(page)
        assert version.title in read(page)
        assert (address in page.content.decode()) is (user == committee.caf_member)
    assert ask(committee.caf_member, "retract", version.pk).status_code == 200


def test_a_reader_is_not_offered_to_suspend_a_seat(client, committee):
    """The member's access only reads too, but the member's seat commits the party."""
    reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
    client.force_login(reader)
    member = Membership.objects.get(user=committee.caf_member, organisation=committee.caf)
    slug = committee.convention.slug
    page = client.get(f"/conventions/{slug}/acces/{member.pk}/suspendre/")
    assert "suspend ce droit" in page.content.decode()
    assert "/suspendre/" not in client.get(f"/conventions/{slug}/acces/moi/").content.decode()
    composition = client.get(f"/conventions/{slug}/comite/composition/").content.decode()
    assert f"sieges/{committee.caf_seat.pk}/suspendre/" not in composition


def test_file_and_search_say_that_a_seat_is_to_be_confirmed(committee, client):
    SeatFactory(organisation=committee.caf, user=None, name="Anne Roy", pending=True)
    SeatFactory(organisation=committee.caf, user=None, name="Luc Roy", suspended=True)
    client.force_login(committee.epci_member)
    by_whom = "un référent des accès de la Caf"
    where = f"/conventions/{committee.convention.slug}"
    table = client.get(f"{where}/comite/composition/export/csv/").content.decode()
    lines = [line for line in table.splitlines() if "Roy" in line]
    rows = read(client.get(f"{where}/recherche/?q=Roy"))
    for text in (" ".join(lines), rows):
        assert f"à confirmer par {by_whom}" in text
        assert "suspendu depuis le" in text
