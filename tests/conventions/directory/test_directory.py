"""Organisations and people without account: who adds them, what is asked, what is refused."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.seats.events import name_to_seat
from conventions.access.rights import may_give_address
from conventions.demo import FOLDER
from conventions.directory import events
from conventions.loading.apply import apply
from conventions.loading.reader import read as read_file
from conventions.models import Contact, Convention, Organisation
from ctg_portal.house import house
from ctg_portal.rules import Refused
from tests import factories as f
from tests.actions.factories import action_in_force
from tests.agreements.factories import committee_of
from tests.committee.pages import page_of

pytestmark = pytest.mark.django_db

CENTRE = {"name": "Centre social des Minimes", "acronym": "", "kind": "association",
          "town": "Châtellerault", "contact_email": "accueil@minimes.example"}  # fmt: skip


@pytest.fixture(name="committee")
def a_committee():
    return committee_of()


def add(committee, by=None, others=(), **values) -> Organisation:
    by = by or committee.coordinator
    return events.add_organisation(committee.convention, CENTRE | values, by=by, others=others)


def url(committee, name, *args):
    return reverse(f"conventions:{name}", args=[committee.convention.slug, *args])


def test_the_coordinator_adds_an_organisation_and_somebody(client, committee):
    client.force_login(committee.coordinator)
    assert "Ajouter un organisme" in page_of(client.get(url(committee, "directory")))
    response = client.post(url(committee, "add_organisation"), CENTRE)
    row = Organisation.objects.added().get()
    assert response.url == f"{url(committee, 'directory')}#organisme-{row.pk}"
    assert (row.acronym, row.email) == ("Centre social des Minimes (Châtellerault)", "")
    client.post(
        url(committee, "add_contact", row.pk),
        {"name": "Awa Diop", "capacity": "Directrice", "email": ""},
    )
    text = page_of(client.get(url(committee, "directory")))
    assert "Awa Diop, Directrice" in text
    assert "1 personne sans compte" in text.replace("\xa0", " ")
    assert "Centre social" in page_of(client.get(url(committee, "directory") + "?mots=awa"))


def test_only_the_coordinator_sees_and_writes_the_directory(client, committee):
    row = add(committee)
    contact = events.add_contact(
        row, {"name": "Awa Diop", "capacity": "", "email": ""}, by=committee.coordinator
    )
    stranger = committee_of().coordinator
    for user, status in ((committee.caf_member, 403), (stranger, 404)):
        client.force_login(user)
        for name, args in (("directory", ()), ("add_organisation", ()), ("add_contact", (row.pk,)),
                           ("correct_organisation", (row.pk,)), ("import_organisations", ()),
                           ("correct_contact", (contact.pk,))):  # fmt: skip
            assert client.get(url(committee, name, *args)).status_code == status, name
            assert client.post(url(committee, name, *args), CENTRE).status_code == status, name
        with pytest.raises(Refused):
            add(committee, by=user, name="Autre chose")
    # Nor one's own row under the address of another convention, nor the other way round.
    client.force_login(stranger)
    other = Convention.objects.exclude(pk=committee.convention.pk).get()
    page = reverse("conventions:correct_organisation", args=[other.slug, row.pk])
    assert client.get(page).status_code == 404


def test_an_equal_organisation_is_refused_and_a_similar_one_asked_about(client, committee):
    row = add(committee)
    client.force_login(committee.coordinator)
    for same in ({"name": "CENTRE SOCIAL DES MINIMES"}, {"name": "Autre", "acronym": "caf 99"},
                 {"name": "Exemple agglomeration"}):  # fmt: skip
        text = page_of(client.post(url(committee, "add_organisation"), CENTRE | same))
        assert "est déjà dans la liste" in text, same
        assert "C’est un autre organisme" not in text
    close = CENTRE | {"name": "Centre socioculturel Les Minimes"}
    text = page_of(client.post(url(committee, "add_organisation"), close))
    assert "ressemble à cet organisme" in text
    assert "C’est un autre organisme que" in text
    assert Organisation.objects.added().count() == 1
    client.post(url(committee, "add_organisation"), close | {"autres": row.pk})
    assert Organisation.objects.added().count() == 2


def test_the_name_of_a_party_is_taken_in_every_town(committee):
    with pytest.raises(Refused, match="déjà"):
        add(committee, name="caf d'exemple", town="Poitiers")
    add(committee)
    add(committee, name=CENTRE["name"], town="Thuré")  # two communes, two centres


def test_an_organisation_that_an_action_names_is_neither_renamed_nor_withdrawn(client, committee):
    row = add(committee)
    action_in_force(committee, partners=[row])
    client.force_login(committee.coordinator)
    page = url(committee, "correct_organisation", row.pk)
    assert "Cet organisme sert" in page_of(client.get(page))
    client.post(page, {"retirer": "oui"})
    seen = row.revision
    page_of(client.post(page, CENTRE | {"name": "Caf de la Vienne bis", "revision": seen}))
    row.refresh_from_db()
    assert row.name == CENTRE["name"]
    values = CENTRE | {"acronym": row.acronym, "town": "Thuré", "revision": seen}
    assert client.post(page, values).status_code == 302


def test_an_organisation_that_nothing_names_is_withdrawn_with_its_people(client, committee):
    row = add(committee)
    person = {"name": "Awa Diop", "capacity": "", "email": ""}
    events.add_contact(row, person, by=committee.coordinator)
    with pytest.raises(Refused, match="déjà une personne"):
        events.add_contact(row, person | {"name": "awa  diop"}, by=committee.coordinator)
    client.force_login(committee.coordinator)
    client.post(url(committee, "correct_organisation", row.pk), {"retirer": "oui"})
    assert not Organisation.objects.added().exists()
    assert not Contact.objects.exists()


# Nobody's eyes or voice comes with it (records 34 and 35) -----------------------------------------


def test_a_contact_address_vouches_for_nobody(committee):
    """It is no official address: the coordinator never writes that one."""
    row = add(committee, contact_email="moi@gmail.example")
    assert may_give_address(committee.coordinator, row)
    row.refresh_from_db()
    assert row.email == ""


def test_an_organisation_of_the_convention_file_is_not_written(client, committee):
    client.force_login(committee.coordinator)
    for organisation in (committee.caf, committee.epci):
        page = url(committee, "correct_organisation", organisation.pk)
        before = organisation.revision
        values = {"name": "À moi", "acronym": "AM", "kind": "caf", "email": "moi@gmail.example",
                "contact_email": "moi@gmail.example", "revision": before}  # fmt: skip
        page_of(client.post(page, values))
        client.post(page, {"retirer": "oui"})
        organisation.refresh_from_db()
        assert (organisation.revision, organisation.email) == (before, "")


def test_the_contact_address_of_an_organisation_of_the_convention_file_is_corrected(
    client, committee
):
    client.force_login(committee.coordinator)
    page = url(committee, "correct_organisation", committee.caf.pk)
    client.post(page, {
        "name": committee.caf.name, "acronym": committee.caf.acronym, "kind": committee.caf.kind,
        "contact_email": "accueil@caf.example", "revision": committee.caf.revision,
    })  # fmt: skip
    committee.caf.refresh_from_db()
    assert (committee.caf.contact_email, committee.caf.email) == ("accueil@caf.example", "")


def test_the_form_writes_neither_official_address_nor_secrecy_rule(client, committee):
    client.force_login(committee.coordinator)
    values = CENTRE | {"email": "moi@gmail.example", "masking_threshold": 5, "siren": "123456789",
                     "is_added": "", "source_mention": "Caf"}  # fmt: skip
    client.post(url(committee, "add_organisation"), values)
    row = Organisation.objects.added().get()
    assert (row.email, row.masking_threshold, row.siren, row.source_mention) == ("", None, "", "")


def test_an_organisation_that_somebody_acts_for_is_neither_renamed_nor_withdrawn(committee):
    row = add(committee)
    f.MembershipFactory(organisation=row)
    with pytest.raises(Refused, match="son nom"):
        events.correct_organisation(
            row, {"name": "Caf 99 – conseil"}, revision=row.revision, by=committee.coordinator
        )
    with pytest.raises(Refused, match="se retire pas"):
        events.withdraw_organisation(row, by=committee.coordinator)


def test_an_organisation_with_a_seat_is_not_renamed(committee):
    row = add(committee)
    name_to_seat(
        row, name="Awa Diop", capacity="Directrice",
        kind="advisory", by=committee.coordinator,
    )  # fmt: skip
    with pytest.raises(Refused, match="son nom"):
        events.correct_organisation(
            row, {"name": "Autre"}, revision=row.revision, by=committee.coordinator
        )


# The file of the convention, and who leaves ------------------------------------------------------


def test_the_convention_file_loaded_again_leaves_what_was_added():
    path = FOLDER / "val_de_claise_fictif.yaml"
    apply(read_file(path))
    convention = Convention.objects.get()
    events.add_organisation(convention, CENTRE, by=None)
    apply(read_file(path))
    assert convention.organisations.added().get().name == CENTRE["name"]


def test_contacts_with_the_address_of_an_erased_account_are_deleted(committee):
    row = add(committee)
    user = f.MembershipFactory(organisation=committee.caf, reader=True).user
    Contact.objects.create(organisation=row, name="Même personne", email=user.email.upper())
    for forget in house().after_anonymisation:
        forget(user)
    assert not Contact.objects.exists()
    assert any("conventions.Contact.name" in names.columns for names in house().kept_names)


def test_the_list_of_60_organisations_takes_as_many_queries_as_that_of_six(client, committee):
    client.force_login(committee.coordinator)
    counts = []
    for number in (6, 54):
        for _ in range(number):
            row = f.OrganisationFactory(convention=committee.convention, is_added=True)
            Contact.objects.create(organisation=row, name="Awa Diop")
        client.get(url(committee, "directory"))
        with CaptureQueriesContext(connection) as captured:
            client.get(url(committee, "directory"))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12, counts


def test_the_list_has_pages_of_fifty_and_a_written_row_is_shown_on_its_own(client, committee):
    client.force_login(committee.coordinator)
    for n in range(60):
        f.OrganisationFactory(convention=committee.convention, name=f"Association {n:02}")
    first = client.get(url(committee, "directory"))
    assert "Page 1 sur 2" in page_of(first)
    assert first.content.count(b'id="organisme-') == 50
    matches = client.get(url(committee, "directory"), {"mots": "association"})
    assert "?mots=association&amp;page=2" in matches.content.decode()
    address = client.post(url(committee, "add_organisation"), CENTRE).url
    row = Organisation.objects.added().get()
    assert f'id="organisme-{row.pk}"' in client.get(address).content.decode()
