"""Users: an address in lower case, unique; a name; the constraints of the database."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from tests import factories as f

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_address_is_kept_in_lower_case():
    user = User.objects.create_user("Camille.MARTIN@Caf.example", "secret")
    assert user.email == "camille.martin@caf.example"
    assert User.objects.get_by_natural_key("CAMILLE.martin@caf.example") == user


def test_two_accounts_cannot_share_an_address_whatever_its_case():
    f.UserFactory(email="camille@caf.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("CAMILLE@caf.example")


def test_taken_address_is_refused_in_french():
    f.UserFactory(email="camille@caf.example")
    with pytest.raises(ValidationError) as refused:
        User(email="camille@caf.example", first_name="C", last_name="M").full_clean()
    assert "Un compte existe déjà avec cette adresse." in refused.value.messages


def test_account_without_password_opens_by_code_only():
    user = User.objects.create_user("camille@caf.example")
    assert not user.has_usable_password()


def test_superuser_administers():
    user = User.objects.create_superuser("admin@caf.example", "secret")
    assert user.is_staff
    assert user.is_superuser


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"first_name": "Camille", "last_name": "Martin"}, "Camille Martin"),
        ({"first_name": "", "last_name": ""}, "camille@caf.example"),
        ({"anonymised_at": timezone.now(), "is_active": False}, "Compte supprimé"),
    ],
)
def test_an_account_is_shown_by_its_name_or_its_address(fields, shown):
    assert str(User(email="camille@caf.example", **fields)) == shown


def test_people_are_sorted_by_name():
    f.UserFactory(last_name="Zola", email="a@caf.example")
    f.UserFactory(last_name="Aubry", email="z@caf.example")
    assert [user.last_name for user in User.objects.all()] == ["Aubry", "Zola"]


def test_anonymised_account_cannot_be_active():
    user = f.UserFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(anonymised_at=timezone.now())
    user.anonymised_at = timezone.now()
    with pytest.raises(ValidationError) as refused:
        user.validate_constraints()
    assert refused.value.messages == ["Un compte anonymisé ne peut pas être actif."]


def test_rhythm_of_messages_is_one_of_those_offered():
    user = f.UserFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(mail_rhythm="hourly")
    user.mail_rhythm = "hourly"
    with pytest.raises(ValidationError) as refused:
        user.validate_constraints()
    assert refused.value.messages == ["Ce rythme de messages est inconnu."]
