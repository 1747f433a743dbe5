"""Log-in: by password, by code, slowed down, closed to who was not invited."""

import re
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.account.internal.flows import code_verification
from allauth.account.models import EmailAddress
from django.conf import settings as configured
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import STATUS, Email

from accounts.adapter import AccountAdapter
from accounts.models import User
from tests import factories as f
from tests.accounts.conftest import code_in_mail, link_in_mail
from tests.accounts.reading import read, text_of, title

TOO_MANY = "Trop d’essais. Patientez cinq minutes, puis recommencez"


def is_logged_in(client) -> bool:
    return "_auth_user_id" in client.session


def ask_code(client, email):
    return client.post("/connexion/code/", {"email": email}, follow=True)


def test_both_ways_are_offered_on_the_log_in_page(client, db):
    text = read(client.get("/connexion/?next=/conventions/x/"))
    assert "Se connecter" in text
    assert "Recevoir un code par courriel" in text


def test_code_can_be_asked_from_the_log_in_page(client, user):
    page = client.get("/connexion/?next=/conventions/x/").content.decode()
    assert 'action="/connexion/code/?next=%2Fconventions%2Fx%2F"' in page


def test_password_opens_the_portal_in_silence(client, user):
    credentials = {"login": user.email, "password": f.PASSWORD}
    response = client.post("/connexion/", credentials)
    assert response.status_code == 302
    assert response.url == "/"
    assert is_logged_in(client)
    assert not list(response.wsgi_request._messages)


def test_address_is_read_without_case(client, user, log_in):
    log_in(User(email=" Camille.MARTIN@caf.example "))
    assert is_logged_in(client)


def test_next_page_is_followed_but_not_to_another_site(client, user):
    credentials = {"login": user.email, "password": f.PASSWORD}
    assert client.post("/connexion/?next=/compte/", credentials).url == "/compte/"
    client.logout()
    assert client.post("/connexion/?next=https://ailleurs.example/", credentials).url == "/"


def test_wrong_password_and_unknown_address_get_the_same_answer(client, user):
    known = client.post("/connexion/", {"login": user.email, "password": "pas-celui-la"})
    unknown = client.post("/connexion/", {"login": "x@caf.example", "password": "pas-celui-la"})
    messages = {str(page.context["form"].non_field_errors()[0]) for page in (known, unknown)}
    assert messages == {
        "L’adresse ou le mot de passe n’est pas le bon. "
        "Vous pouvez aussi recevoir un code par courriel."
    }
    assert read(known).replace(user.email, "x@caf.example") == read(unknown)
    assert read(known).count("n’est pas le bon") == 1


def test_missing_fields_are_named_in_french(client, db):
    errors = client.post("/connexion/", {}).context["form"].errors
    assert errors == {name: ["Ce champ est obligatoire."] for name in ("login", "password")}


def test_guessing_one_password_is_slowed_down(client, user):
    for _ in range(5):
        client.post("/connexion/", {"login": user.email, "password": "au-hasard"})
    response = client.post("/connexion/", {"login": user.email, "password": f.PASSWORD})
    assert TOO_MANY in read(response)
    assert not is_logged_in(client)


def test_guessing_without_end_meets_the_429_page(client, db):
    for n in range(30):
        client.post("/connexion/", {"login": f"x{n}@caf.example", "password": "au-hasard"})
    response = client.post("/connexion/", {"login": "y@caf.example", "password": "au-hasard"})
    read(response, status=429)
    assert title(response) == "Trop d’essais en peu de temps"


def test_code_opens_the_portal(client, user):
    page = ask_code(client, user.email)
    assert user.email in read(page)
    response = client.post("/connexion/code/confirmer/", {"code": code_in_mail()})
    assert response.url == "/"
    assert is_logged_in(client)


def test_code_is_read_without_case_nor_dash(client, user):
    ask_code(client, user.email)
    client.post("/connexion/code/confirmer/", {"code": code_in_mail().lower().replace("-", " ")})
    assert is_logged_in(client)


def codes_mailed() -> list[str]:
    return [re.search("[A-Z0-9]{4}-[A-Z0-9]{4}", message.body)[0] for message in mail.outbox]


def test_two_clicks_mail_one_code(client, user):
    """Each click begins a session where there is none, and the browser keeps the last."""
    for each in (Client(), client):
        ask_code(each, user.email)
    first, second = codes_mailed()
    assert first == second
    client.post("/connexion/code/confirmer/", {"code": first})
    assert is_logged_in(client)


def test_a_code_is_that_of_one_address_and_one_machine_for_a_moment(user, monkeypatch):
    other = f.UserFactory()
    ask_code(Client(), user.email)
    ask_code(Client(), other.email)
    ask_code(Client(REMOTE_ADDR="192.0.2.7"), user.email)
    later = time.time() + 11
    monkeypatch.setattr(time, "time", lambda: later)
    ask_code(Client(), user.email)
    assert len(set(codes_mailed())) == 4


def test_code_leads_to_the_page_that_was_asked(client, user):
    client.post("/connexion/code/?next=/compte/", {"email": user.email}, follow=True)
    code = {"code": code_in_mail(), "next": "/compte/"}
    assert client.post("/connexion/code/confirmer/", code).url == "/compte/"


def test_unknown_address_gets_the_same_page_and_no_mail(client, user):
    known = read(ask_code(client, user.email))
    unknown = read(ask_code(Client(), "x@caf.example"))
    assert unknown == known.replace(user.email, "x@caf.example")
    assert [message.to for message in mail.outbox] == [[user.email], []]


def test_three_wrong_codes_end_the_attempt(client, user):
    ask_code(client, user.email)
    for _ in range(2):
        page = client.post("/connexion/code/confirmer/", {"code": "BBBB-BBBB"})
        assert "Ce n’est pas le bon code" in read(page)
    page = client.post("/connexion/code/confirmer/", {"code": "BBBB-BBBB"}, follow=True)
    assert TOO_MANY in read(page)
    client.post("/connexion/code/confirmer/", {"code": code_in_mail()})
    assert not is_logged_in(client)


def test_code_is_valid_for_the_fifteen_minutes_that_pages_and_mail_tell(client, user, monkeypatch):
    assert configured.ACCOUNT_LOGIN_BY_CODE_TIMEOUT == 15 * 60
    ask_code(client, user.email)
    assert "15 minutes" in mail.outbox[-1].body
    asked = time.time()
    clock = SimpleNamespace(time=lambda: asked + 15 * 60 + 1)
    monkeypatch.setattr(code_verification, "time", clock)
    response = client.post("/connexion/code/confirmer/", {"code": code_in_mail()})
    assert response.url == "/connexion/code/"
    assert not is_logged_in(client)


def test_asking_codes_without_end_is_slowed_down(user):
    for _ in range(3):
        ask_code(Client(), user.email)
    page = ask_code(Client(), user.email)
    assert TOO_MANY in read(page)
    assert len(mail.outbox) == 3


def test_a_code_under_way_can_be_given_up(client, user):
    ask_code(client, user.email)
    assert client.get("/connexion/").url == "/connexion/code/confirmer/"
    response = client.post("/deconnexion/", {"next": "/connexion/code/"})
    assert response.url == "/connexion/code/"
    read(client.get("/connexion/"))


def test_session_lasts_twelve_hours_and_closes_with_the_browser(client, user, log_in):
    log_in(user)
    cookie = client.cookies["sessionid"]
    assert cookie["max-age"] == cookie["expires"] == ""
    assert cookie["httponly"]
    lifetime = Session.objects.get().expire_date - timezone.now()
    assert timedelta(hours=11, minutes=59) < lifetime <= timedelta(hours=12)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/compte/").status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_sign_up_is_closed(client, db, method):
    data = {"email": "moi@ailleurs.example", "password1": f.PASSWORD}
    response = getattr(client, method)("/inscription/", data)
    read(response)
    assert title(response) == "On entre sur le portail par invitation"
    assert not User.objects.exists()
    assert not mail.outbox


def test_a_closed_account_says_so_to_who_knows_its_password(client, user, log_in):
    User.objects.update(is_active=False)
    response = log_in(user)
    assert title(response) == "Ce compte est fermé"
    read(response)
    assert not is_logged_in(client)


def test_an_address_never_confirmed_is_confirmed_before_the_log_in(client, db, log_in):
    user = f.UserFactory(verified=False)
    response = log_in(user)
    assert title(response) == "Confirmez votre adresse avant d’entrer"
    assert not is_logged_in(client)
    link = link_in_mail()
    assert "Confirmer cette adresse" in read(client.get(link))
    client.post(link)
    log_in(user)
    assert is_logged_in(client)


def test_log_out_asks_then_ends_the_session_in_silence(logged_in):
    assert "Voulez-vous vous déconnecter" in read(logged_in.get("/deconnexion/"))
    assert is_logged_in(logged_in)
    response = logged_in.post("/deconnexion/", follow=True)
    assert not is_logged_in(logged_in)
    assert title(response) == "Connectez-vous, avec un mot de passe ou un code"
    assert "notice" not in response.content.decode()


def test_who_is_logged_in_is_not_asked_again(logged_in):
    assert logged_in.get("/connexion/").url == "/"
    assert "Se connecter" not in text_of(logged_in.get("/compte/").content.decode())


class TestNobodyLocksSomebodyElseOut:
    OTHER = {"REMOTE_ADDR": "203.0.113.9"}

    def test_a_stranger_who_guesses_passwords_locks_nobody_out(self, client, user, log_in):
        for _ in range(6):
            Client(**self.OTHER).post("/connexion/", {"login": user.email, "password": "au-hasard"})
        log_in(user)
        assert is_logged_in(client)

    def test_another_address_of_the_same_network_is_no_other_machine(self, client, user):
        for n in range(1, 7):
            data = {"login": user.email, "password": "au-hasard"}
            page = Client(REMOTE_ADDR=f"2001:db8::{n}").post("/connexion/", data)
        assert TOO_MANY in read(page)

    def test_a_stranger_who_asks_for_codes_or_links_locks_nobody_out(self, client, user):
        for path in ("/connexion/code/", "/mot-de-passe-oublie/"):
            for _ in range(4):
                Client(**self.OTHER).post(path, {"email": user.email})
            mail.outbox.clear()
            client.post(path, {"email": user.email})
            assert len(mail.outbox) == 1

    def test_guessing_at_one_account_from_many_machines_is_slowed_and_a_code_still_opens_it(
        self, client, user, log_in
    ):
        for n in range(21):
            data = {"login": user.email.upper(), "password": "au-hasard"}
            page = Client(REMOTE_ADDR=f"198.51.{n}.1").post("/connexion/", data)
        refusal = "Trop d’essais sur ce compte, d’où qu’ils viennent. Entrez avec un code reçu"
        assert refusal in read(page)
        assert refusal in read(log_in(user))
        assert not is_logged_in(client)
        ask_code(client, user.email)
        client.post("/connexion/code/confirmer/", {"code": code_in_mail()})
        assert is_logged_in(client)

    def test_guesses_of_others_do_not_keep_who_is_logged_in_from_confirming(self, logged_in, user):
        for n in range(21):
            data = {"login": user.email, "password": "au-hasard"}
            Client(REMOTE_ADDR=f"198.51.{n}.1").post("/connexion/", data)
        url = "/compte/confirmer-identite/?next=/compte/adresse/"
        assert logged_in.post(url, {"password": f.PASSWORD}).url == "/compte/adresse/"

    def test_a_new_password_ends_the_count_of_guesses(self, client, user, log_in):
        for n in range(21):
            data = {"login": user.email, "password": "au-hasard"}
            Client(REMOTE_ADDR=f"198.51.{n}.1").post("/connexion/", data)
        client.post("/mot-de-passe-oublie/", {"email": user.email})
        page = client.get(link_in_mail(), follow=True)
        new = "tournesol cargo plume"
        client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
        client.post("/deconnexion/")
        log_in(user, new)
        assert is_logged_in(client)

    def test_a_machine_that_guesses_at_many_accounts_is_stopped(self, client, user, monkeypatch):
        clock = time.time()
        for n in range(60):
            monkeypatch.setattr(time, "time", lambda n=n: clock + 40 * n)
            client.post("/connexion/", {"login": f"x{n}@caf.example", "password": "au-hasard"})
        response = client.post("/connexion/", {"login": user.email, "password": f.PASSWORD})
        assert TOO_MANY in read(response)


class TestAsLongForAnybody:
    """Compared by what is done: a password hashed, a query made, a message written."""

    @pytest.fixture
    def hashed(self, monkeypatch):
        done = []
        encode = MD5PasswordHasher.encode
        monkeypatch.setattr(
            MD5PasswordHasher, "encode", lambda *args: done.append(1) or encode(*args)
        )
        return done

    @pytest.fixture
    def work(self, monkeypatch, outbox, no_worker):
        """``work(request)`` returns what a request does: the queries, without what they are about,
        and the messages that are written."""
        done = []
        render = AccountAdapter.render_mail
        monkeypatch.setattr(
            AccountAdapter, "render_mail",
            lambda self, name, *args: done.append(name) or render(self, name, *args),
        )  # fmt: skip

        def of(request) -> list[str]:
            done.clear()
            with CaptureQueriesContext(connection) as captured:
                request()
            queries = [query["sql"] for query in captured.captured_queries]
            savepoints = re.compile(r"(SAVEPOINT) .*")
            values = re.compile(r"'(?:[^']|'')*'|\b\d[\d.]*\b|\bNULL\b")
            return [*done, *(values.sub("?", savepoints.sub(r"\1", sql)) for sql in queries)]

        return of

    def test_a_wrong_password_takes_as_long_for_any_address(self, client, user, hashed):
        f.UserFactory(email="sans@caf.example", password=make_password(None))
        f.UserFactory(email="clos@caf.example", is_active=False)
        counts = []
        for email in (user.email, "x@caf.example", "sans@caf.example", "clos@caf.example"):
            hashed.clear()
            client.post("/connexion/", {"login": email, "password": "pas-celui-la"})
            counts.append(len(hashed))
        assert counts == [1] * 4

    @pytest.mark.parametrize("path", ["/connexion/code/", "/mot-de-passe-oublie/"])
    def test_a_request_for_mail_does_the_same_for_any_address(self, user, work, path):
        f.UserFactory(email="clos@caf.example", is_active=False)
        f.UserFactory(email="sans@caf.example", password=make_password(None))
        EmailAddress.objects.create(user=user, email="attend@caf.example")
        Client().post(path, {"email": "premier@caf.example"})  # loads templates
        done = {}
        for name in ("camille.martin", "inconnu", "clos", "attend", "sans"):
            fields = {"email": f"{name}@caf.example"}
            done[name] = work(lambda: Client().post(path, fields, follow=True))  # noqa: B023
        for name in ("inconnu", "clos", "attend", "sans"):
            assert done[name] == done["camille.martin"]
        written = Email.objects.order_by("pk").values_list("to", flat=True)[1:]
        assert list(written) == [[user.email], [], [], [], ["sans@caf.example"]]

    def test_a_wrong_code_and_another_code_do_the_same_for_any_address(self, user, work):
        wrong, again = {"code": "BBBB-BBBB"}, {"action": "resend"}
        done = {}
        for email in ("premier@caf.example", user.email, "x@caf.example"):
            client = Client()
            client.post("/connexion/code/", {"email": email})
            done[email] = [
                work(lambda: client.post("/connexion/code/confirmer/", fields, follow=True))  # noqa: B023
                for fields in (wrong, again, wrong)
            ]
        assert done[user.email] == done["x@caf.example"]
        assert Email.objects.filter(to=user.email).count() == 2

    def test_nobody_is_sent_a_message(self, db, outbox, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            Client().post("/connexion/code/", {"email": "x@caf.example"})
        assert Email.objects.get().status == STATUS.sent
        assert mail.outbox == []

    def test_a_link_is_promised_in_the_same_words(self, client, user):
        known, unknown = (
            read(Client().post("/mot-de-passe-oublie/", {"email": email}, follow=True))
            for email in (user.email, "x@caf.example")
        )
        assert unknown == known.replace(user.email, "x@caf.example")
