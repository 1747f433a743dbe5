"""Pages around everything: errors, maintenance, health, legal pages, headers, access log."""

import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings as configured
from django.contrib.auth.decorators import login_not_required
from django.core.checks import run_checks
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.loader import get_template
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone
from health_check.checks import Database
from health_check.exceptions import ServiceUnavailable
from post_office.models import Email

from ctg_portal import settings as production
from ctg_portal.clock.heartbeats import beat
from ctg_portal.clock.jobs import MAIL_KEPT_DAYS
from ctg_portal.hosting import checks
from ctg_portal.urls import handler400, handler403, handler404, handler500
from ctg_portal.urls import urlpatterns as portal_urls
from notifications.models import KEPT_FOR
from tests import factories as f
from tests.accounts.reading import read, text_of, title

__all__ = ["handler400", "handler403", "handler404", "handler500"]

pytestmark = pytest.mark.urls(__name__)


@login_not_required
def refuse(request):
    raise PermissionDenied


@login_not_required
def miss(request):
    raise Http404


@login_not_required
def fail(request):
    raise RuntimeError("boum")


urlpatterns = [
    path("refus/", refuse), path("absent/", miss), path("panne/", fail), *portal_urls,
]  # fmt: skip

OPERATOR = dict.fromkeys(configured.OPERATOR, "") | {"accessibility_status": "non conforme"}


@pytest.fixture(params=["anonymous", "logged in"])
def somebody(request, client, db):
    if request.param == "logged in":
        client.force_login(f.UserFactory())
    return client


# Errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "expected"),
    [
        ("/refus/", 403, "Vous n’avez pas accès à cette page"),
        ("/absent/", 404, "Cette page n’existe pas, ou votre accès a pris fin"),
        ("/nulle-part/", 404, "Cette page n’existe pas, ou votre accès a pris fin"),
    ],
)
def test_error_page_says_what_to_do_next(somebody, address, status, expected):
    response = somebody.get(address)
    text = read(response, status=status)
    assert title(response) == expected
    assert ("Aller à mes conventions" in text) is ("_auth_user_id" in somebody.session)


def test_strange_host_gets_the_400_page(somebody, caplog):
    response = somebody.get("/", headers={"host": "ailleurs.example"})
    read(response, status=400)
    assert title(response) == "Cette demande n’a pas été comprise"


def test_form_without_its_token_gets_the_403_page(db):
    client = Client(enforce_csrf_checks=True)
    response = client.post("/connexion/", {"login": "x@caf.example"})
    text = read(response, status=403)
    assert title(response) == "Le formulaire n’a pas été enregistré"
    assert "rechargez-la" in text


def test_failure_gets_the_500_page_without_touching_the_database(caplog):
    """A query would fail this test, which has no ``db``."""
    client = Client(raise_request_exception=False)
    response = client.get("/panne/")
    read(response, status=500)
    assert title(response) == "Le portail a rencontré une erreur"
    assert "RuntimeError: boum" in caplog.text


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_an_error_page_needs_no_context(name):
    html = get_template(name).render()
    assert html.count("<h1") == 1
    assert "portal.css" in html


def test_error_page_answers_every_method(somebody):
    assert somebody.post("/nulle-part/").status_code == 404


# Maintenance and health ----------------------------------------------------------------------


def test_maintenance_closes_all_but_the_health_check(client, db, settings):
    settings.MAINTENANCE = True
    response = client.get("/connexion/")
    read(response, status=503)
    assert title(response) == "Le portail est en maintenance"
    assert response["Retry-After"] == "600"
    assert client.get("/sante/").status_code == 200


WELL = dict.fromkeys(["DatabaseAnswers(alias='default')", "worker", "clock", "disk", "queue"], "OK")


@pytest.fixture
def alive():
    """Worker and clock."""
    beat("worker")
    beat("clock")


@pytest.fixture
def host(db) -> Client:
    """A browser in which the host is logged in."""
    client = Client()
    client.force_login(f.UserFactory(is_staff=True, is_superuser=True))
    return client


def test_health_in_detail_is_shown_to_the_host(host, alive):
    for address in ("/sante/", "/sante/surveillance/"):
        assert host.get(f"{address}?format=json").json() == WELL
        machine = host.get(address, headers={"accept": "application/json"})
        assert list(machine.json().values()) == ["OK"] * 5
        page = host.get(address, headers={"accept": "text/html"})
        assert title(page) == "Le portail va bien"
        assert "En marche" in read(page)


def test_strangers_read_one_word_of_health(somebody):
    beat("worker")
    for wish in ("", "?format=json", "?format=text", "?format=openmetrics"):
        for accept in ("text/html", "application/json", "image/png"):
            answers = [
                somebody.get(f"/sante/{address}{wish}", headers={"accept": accept})
                for address in ("", "surveillance/")
            ]
            assert [(a.status_code, a.content) for a in answers] == [(200, b"OK"), (500, b"KO")]
            assert {a["Content-Type"] for a in answers} == {"text/plain"}


def test_what_is_not_well_is_logged_by_name(client, db, alive, monkeypatch, caplog):
    usage = SimpleNamespace(free=10 * 1024**2)
    monkeypatch.setattr("ctg_portal.hosting.health.shutil.disk_usage", lambda folder: usage)
    client.get("/sante/surveillance/")
    assert "Health check disk failed" in caplog.text
    assert "nearly full" in caplog.text


def test_an_absent_worker_is_reported_and_takes_no_page_away(host, settings):
    health = WELL | {"worker": "Warning: late", "clock": "Warning: late"}
    answer = host.get("/sante/?format=json")
    assert (answer.status_code, answer.json()) == (200, health)
    answer = host.get("/sante/surveillance/?format=json")
    assert (answer.status_code, answer.json()) == (500, health)
    assert "worker: Warning: late" in host.get("/sante/?format=text").content.decode()
    page = host.get("/sante/", headers={"accept": "text/html"})
    assert title(page) == "Le portail ne va pas bien"
    assert "composition des documents À vérifier" in read(page)


@pytest.mark.usefixtures("alive")
class TestWhatIsWrong:
    def complaints(self, host) -> dict:
        answer = host.get("/sante/surveillance/?format=json").json()
        return {name: words for name, words in answer.items() if words != "OK"}

    def test_a_full_disk_is_reported_by_the_watch(self, host, monkeypatch):
        usage = SimpleNamespace(free=10 * 1024**2)
        monkeypatch.setattr("ctg_portal.hosting.health.shutil.disk_usage", lambda folder: usage)
        assert self.complaints(host) == {"disk": "Warning: nearly full"}

    def test_mail_that_nobody_sends_is_reported_by_the_watch(self, host):
        message = Email.objects.create(to=["a@caf.example"], from_email="p@ctg.example", status=2)
        assert self.complaints(host) == {}
        Email.objects.filter(pk=message.pk).update(created=timezone.now() - timedelta(minutes=16))
        assert self.complaints(host) == {"queue": "Warning: waiting"}

    def test_a_stopped_worker_is_reported_by_the_watch(self, host, monkeypatch):
        now = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=3))
        beat("clock")
        assert self.complaints(host) == {"worker": "Warning: late"}


def test_a_dead_database_is_reported_in_one_word(client, db, monkeypatch, caplog):
    def run(self):
        raise ServiceUnavailable("connection refused")

    monkeypatch.setattr(Database, "run", run)
    for address in ("/sante/", "/sante/surveillance/"):
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (500, b"KO")
    assert "connection refused" in caplog.text


# Legal pages ---------------------------------------------------------------------------------

LEGAL = ["/mentions-legales/", "/donnees-personnelles/", "/accessibilite/"]


@pytest.mark.parametrize("address", LEGAL)
def test_legal_page_is_open_to_anybody(somebody, address):
    read(somebody.get(address))


@pytest.mark.parametrize("address", LEGAL)
def test_gap_of_the_operator_is_told_in_the_words_of_a_reader(client, db, settings, address):
    settings.OPERATOR = OPERATOR
    text = read(client.get(address))
    assert "(non renseigné)" in text
    assert "OPERATOR" not in text
    assert "établie le" not in text
    assert "(non renseigné) s’engage" not in text


def test_every_statement_of_the_operator_is_shown_somewhere(client, db, settings):
    settings.OPERATOR = {name: f"« {name} »" for name in OPERATOR}
    text = " ".join(text_of(client.get(address).content.decode()) for address in LEGAL)
    assert "non renseigné" not in text
    for name in OPERATOR:
        assert f"«\u00a0{name}\u00a0»" in text or f"« {name} »" in text


@pytest.mark.parametrize(
    "status", ["totalement conforme", "partiellement conforme", "non conforme"]
)
def test_accessibility_status_is_the_title(client, db, settings, status):
    settings.OPERATOR = OPERATOR | {"accessibility_status": status}
    response = client.get("/accessibilite/")
    assert title(response) == f"Accessibilité : le portail est {status}"
    text = read(response)
    assert "Défenseur des droits" in text
    assert ("aucun audit" in text) is (status == "non conforme")


def test_durations_that_are_told_are_those_that_are_kept(client, db):
    text = read(client.get("/donnees-personnelles/"))
    for sentence, setting in [
        (f"Session {configured.SESSION_COOKIE_AGE // 3600} heures", 12),
        (f"Lien d’invitation {configured.INVITATION_LIFETIME.days} jours", 14),
        (f"Courriels envoyés par le portail {MAIL_KEPT_DAYS} jours", 30),
        (f"ne pas vous l’écrire deux fois {KEPT_FOR.days // 365} ans", 2),
    ]:
        assert sentence in text, setting


def test_the_privacy_page_says_what_is_logged_of_accesses_and_for_how_long(client, db):
    text = read(client.get("/donnees-personnelles/"))
    assert "les connexions et leurs échecs" in text
    assert "l’adresse IP abrégée" in text
    assert "connexions et échecs compris un an au plus" in text


def test_cookies_that_are_told_are_those_that_are_set(client, db):
    text = read(client.get("/donnees-personnelles/"))
    user = f.UserFactory()
    client.get("/connexion/")
    client.post("/connexion/", {"login": user.email, "password": f.PASSWORD})
    client.post("/compte/", {"first_name": "C", "last_name": "M", "mail_rhythm": "weekly"})
    assert set(client.cookies) == {"sessionid", "csrftoken", "messages", "navigateur"}
    assert all(name in text for name in client.cookies)


def test_check_tells_the_operator_what_to_state_before_deployment(settings):
    settings.OPERATOR = OPERATOR | {"name": "Agglomération"}
    [message] = run_checks(tags=[checks.TAG], include_deployment_checks=True)
    assert "OPERATOR_ADDRESS" in message.msg
    assert "OPERATOR_NAME" not in message.msg
    assert not message.is_serious(level=logging.WARNING)
    assert run_checks(tags=[checks.TAG]) == []
    settings.OPERATOR = dict.fromkeys(OPERATOR, "dit")
    assert run_checks(tags=[checks.TAG], include_deployment_checks=True) == []


# Headers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/connexion/", "/accessibilite/", "/nulle-part/", "/panne/"])
def test_every_page_has_the_headers_of_security(db, address):
    client = Client(raise_request_exception=False)
    response = client.get(address, secure=True)
    policy = response["Content-Security-Policy"]
    for directive in [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'",
        "form-action 'self'", "base-uri 'none'",
    ]:  # fmt: skip
        assert directive in policy
    assert "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "max-age=31536000" in response["Strict-Transport-Security"]
    assert "camera=(), " in response["Permissions-Policy"]
    assert "geolocation=(), " in response["Permissions-Policy"]
    assert "noindex" in response["X-Robots-Tag"]


def test_search_engines_may_read_what_is_open_to_all_and_nothing_else(client, db):
    robots = client.get("/robots.txt")
    assert robots["Content-Type"] == "text/plain"
    assert robots.content == b"User-agent: *\nAllow: /ouvert/\nDisallow: /\n"
    assert reverse("evaluation:public_conventions") == configured.INDEXED_PAGES
    assert "X-Robots-Tag" not in client.get("/ouvert/")


def test_page_with_a_password_is_not_kept_by_the_browser(client, db):
    assert "no-store" in client.get("/connexion/")["Cache-Control"]


def test_cookies_are_for_https_and_not_for_scripts():
    """The settings are those of production: those of the tests run over http."""
    assert production.SESSION_COOKIE_SECURE
    assert production.CSRF_COOKIE_SECURE
    assert production.SESSION_COOKIE_HTTPONLY


# Access log ----------------------------------------------------------------------------------


def access_lines(caplog):
    return [record for record in caplog.records if record.name == "portal.access"]


def test_access_line_carries_request_id_person_and_time(client, db, caplog):
    user = f.UserFactory()
    client.force_login(user)
    with caplog.at_level(logging.INFO, "portal.access"):
        response = client.get("/compte/")
    [line] = access_lines(caplog)
    assert line.request_id == response["X-Request-ID"]
    assert (line.method, line.path, line.status, line.user) == ("GET", "/compte/", 200, user.pk)
    assert line.milliseconds >= 0


def test_access_line_of_nobody_and_of_a_failure(db, caplog):
    with caplog.at_level(logging.INFO, "portal.access"):
        Client(raise_request_exception=False).get("/panne/")
    [line] = access_lines(caplog)
    assert (line.status, line.user) == (500, None)


@pytest.mark.parametrize(
    ("address", "logged"),
    [
        ("/invitation/secret-jeton/", "/invitation/…/"),
        ("/compte/adresse/confirmer/secret:cle/", "/compte/adresse/confirmer/…/"),
        ("/mot-de-passe-oublie/1-secret-cle/", "/mot-de-passe-oublie/…/"),
    ],
)
def test_secret_of_a_link_is_not_logged(client, db, caplog, address, logged):
    with caplog.at_level(logging.INFO, "portal.access"):
        client.get(address)
    [line] = access_lines(caplog)
    assert line.path == logged
    assert "secret" not in line.getMessage()
