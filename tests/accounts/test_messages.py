"""Every message of the account: French, precise, the same in text and in HTML."""

import re
from datetime import UTC, datetime
from pathlib import Path

import html5lib
import pytest
from allauth.account import adapter as account_adapter
from allauth.mfa import adapter as mfa_adapter
from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.utils.module_loading import import_string

from accounts.forms import RelabelledForm
from accounts.models import User
from tests.accounts.reading import english_in, text_of

TEMPLATES = settings.BASE_DIR / "templates"
CONTEXT = {
    "site_url": "https://ctg.example",
    "user": User(email="camille@caf.example", first_name="Camille", last_name="L’Hôte <b>"),
    "code": "BCDF-GHJK", "activate_url": "https://ctg.example/compte/adresse/confirmer/MQ:abc/",
    "password_reset_url": "https://ctg.example/mot-de-passe-oublie/1-abc/",
    "timestamp": datetime(2024, 7, 14, 22, 30, tzinfo=UTC), "ip": "192.0.2.1",
    "from_email": "camille@caf.example", "to_email": "camille@agglo.example",
    "deleted_email": "camille@agglo.example", "email": "camille@caf.example",
    "unused_codes": ["12345678"],
}  # fmt: skip
# What allauth can send here, and what its pages and notices are called.
MAILS = [
    "account/email/account_deleted",
    "account/email/email_changed", "account/email/email_confirmation",
    "account/email/email_deleted", "account/email/identity_code", "account/email/login_code",
    "account/email/new_browser",
    "account/email/password_changed",
    "account/email/password_reset", "account/email/password_reset_key",
    "account/email/password_set", "mfa/email/recovery_codes_generated",
    "mfa/email/totp_activated", "mfa/email/totp_deactivated",
]  # fmt: skip
FOREIGN = re.compile(r"webauthn|phone|passkey|trust|_code\.html|email_verification_code|base_|"
                     r"account/(signup|email)\.html|snippets|/base\.html|"
                     r"already_exists|unknown_account|signup_(message|subject)|email_confirm_|"
                     r"reset_code")  # fmt: skip


def subject(name) -> str:
    return render_to_string(f"{name}_subject.txt", CONTEXT).strip()


@pytest.mark.parametrize("name", MAILS)
def test_subject_is_one_french_line_without_secret(name):
    line = subject(name)
    assert "\n" not in line
    assert english_in(line) == []
    assert "portail CTG" in line
    assert CONTEXT["code"] not in line


@pytest.mark.parametrize("name", MAILS)
def test_text_and_html_say_the_same_in_french(name):
    text = render_to_string(f"{name}_message.txt", CONTEXT)
    html = render_to_string(f"{name}_message.html", CONTEXT)
    html5lib.HTMLParser(strict=True).parse(html)
    shown = text_of(html)
    assert english_in(text) == english_in(shown) == []
    for paragraph in re.split(r"\n+", text.strip()):
        if not paragraph.endswith(":") or "http" in paragraph:
            escaped = " ".join(paragraph.replace("<", "&lt;").replace(">", "&gt;").split())
            assert escaped in shown
    assert set(re.findall(r"https://\S+", text)) == set(re.findall(r"https://[^\s\"<]+", html))


def test_code_stands_alone_and_large():
    text = render_to_string("account/email/login_code_message.txt", CONTEXT)
    assert "BCDF-GHJK" in text.split("\n")
    html = render_to_string("account/email/login_code_message.html", CONTEXT)
    assert '<p class="code">BCDF-GHJK</p>' in html


def test_time_of_a_notice_is_that_of_paris():
    text = render_to_string("account/email/password_changed_message.txt", CONTEXT)
    assert "le 15\u00a0juillet 2024 à 0\u00a0h\u00a030" in text


def test_text_is_not_escaped_and_html_is():
    name = "account/email/email_confirmation_message"
    assert "L’Hôte <b>" in render_to_string(f"{name}.txt", CONTEXT)
    assert "L’Hôte &lt;b&gt;" in render_to_string(f"{name}.html", CONTEXT)


def reachable_templates():
    """Templates of allauth's that our addresses can show or send."""
    origin = Path(account_adapter.__file__).parent.parent / "templates"
    names = [str(path.relative_to(origin)) for path in origin.glob("**/*.*")]
    return [n for n in names if n.startswith(("account/", "mfa/")) and not FOREIGN.search(n)]


@pytest.mark.parametrize("name", sorted(reachable_templates()))
def test_template_of_allauth_is_replaced_by_ours(name):
    assert Path(get_template(name).origin.name).is_relative_to(TEMPLATES)


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*/messages/*.txt")), ids=lambda p: p.stem)
def test_notice_is_french(path):
    text = render_to_string(str(path.relative_to(TEMPLATES)), CONTEXT)
    assert english_in(text) == []
    assert "\n" not in text.strip()


@pytest.mark.parametrize("name", ["logged_in", "logged_out"])
def test_coming_and_going_are_silent(name):
    assert render_to_string(f"account/messages/{name}.txt", CONTEXT) == ""


@pytest.mark.parametrize("adapter", [account_adapter.get_adapter(), mfa_adapter.get_adapter()])
def test_every_refusal_is_french(adapter):
    for code, message in adapter.error_messages.items():
        if not re.search("phone|username|max_email|cannot_remove|unknown_email", code):
            assert english_in(str(message)) == [], code


def test_every_form_of_allauth_speaks_our_words():
    """The settings name our form for each page; none has a placeholder or says « e-mail »."""
    shown = {
        "ACCOUNT_FORMS": {"add_email", "change_password", "confirm_login_code", "login",
                          "reauthenticate", "request_login_code", "reset_password",
                          "reset_password_from_key", "set_password"},
        "MFA_FORMS": {"activate_totp", "authenticate", "reauthenticate"},
    }  # fmt: skip
    for name, pages in shown.items():
        forms = getattr(settings, name)
        assert set(forms) == pages
        assert all(issubclass(import_string(form), RelabelledForm) for form in forms.values())
