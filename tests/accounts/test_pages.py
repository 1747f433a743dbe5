"""Every page of the account answers, in valid HTML and in French, with one title."""

import re

import pytest
from django.shortcuts import render
from django.urls import reverse

from accounts import urls
from tests.accounts.reading import read, title

FOR_ANYBODY = [
    "account_login", "account_request_login_code", "account_signup", "account_inactive",
    "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key_done", "account_email_verification_sent",
]  # fmt: skip
FOR_WHO_IS_LOGGED_IN = [
    "profile", "delete_account", "account_email", "account_change_password", "account_logout",
    "my_data",
    "account_reauthenticate", "mfa_index", "account_inactive", "account_reset_password_done",
    "account_reset_password_from_key_done", "account_email_verification_sent",
]  # fmt: skip
# Pages that need more than an address: each has its journey in another file.
IN_A_JOURNEY = {
    "account_confirm_email", "account_confirm_login_code", "account_reset_password_from_key",
    "account_set_password", "mfa_activate_totp", "mfa_authenticate", "mfa_deactivate_totp",
    "mfa_download_recovery_codes", "mfa_generate_recovery_codes", "mfa_reauthenticate",
    "mfa_view_recovery_codes",
}  # fmt: skip


def test_every_address_is_read_by_a_test():
    read_here = {*FOR_ANYBODY, *FOR_WHO_IS_LOGGED_IN}
    assert read_here | IN_A_JOURNEY == {pattern.name for pattern in urls.urlpatterns}
    assert not read_here & IN_A_JOURNEY


@pytest.mark.parametrize("name", FOR_ANYBODY)
def test_pages_for_anybody_are_read_without_logging_in(client, db, name):
    read(client.get(reverse(name)))


@pytest.mark.parametrize("name", FOR_WHO_IS_LOGGED_IN)
def test_pages_for_who_is_logged_in_are_read(client, user, name):
    client.force_login(user)
    read(client.get(reverse(name)))


@pytest.mark.parametrize("name", ["account_login", "account_request_login_code"])
def test_fields_are_labelled_and_mistakes_tied_to_them(client, db, name):
    page = client.post(reverse(name), {}).content.decode()
    field = "login" if name == "account_login" else "email"
    assert re.search(f'<label\\s+for="id_{field}"', page)
    assert f'aria-describedby="id_{field}_error"' in page
    assert f'id="id_{field}_error"' in page


def test_a_page_may_ask_for_a_confirmed_address(rf, user):
    request = rf.get("/")
    request.user = user
    response = render(request, "account/verified_email_required.html")
    assert title(response) == "Confirmez votre adresse avant de continuer"
    read(response)
