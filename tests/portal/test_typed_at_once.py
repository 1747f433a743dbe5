"""Two pages of a person that send a form at the same moment, after the session has ended."""

import pytest
from django.core.cache import cache

from ctg_portal.forms import typed
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


class AnotherComes:
    """The cache, of which each first reading is followed at once by what ``act`` does."""

    def __init__(self, act):
        self.act = act

    def __getattr__(self, name):
        def called(*args, **kwargs):
            answer = getattr(cache, name)(*args, **kwargs)
            act, self.act = self.act, None
            if act:
                act()
            return answer

        return called


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def send(rf, user):
    """Send a form of somebody whose session has ended."""

    def send(text: str) -> bool:
        return typed.keep(rf.post("/a/", {"text": text, typed.MARK: typed.mark_of(user)}))

    return send


def texts(user) -> list[str]:
    return [dict(form.fields)["text"] for form in typed.kept_for(user)]


def test_two_forms_sent_at_once_are_both_kept(user, send, monkeypatch):
    monkeypatch.setattr(typed, "cache", AnotherComes(lambda: send("l’autre")))
    assert send("celui-ci")
    assert sorted(texts(user)) == ["celui-ci", "l’autre"]


def test_a_form_kept_while_another_is_sent_stays(user, send, monkeypatch):
    send("envoyé de nouveau")
    [sent] = typed.kept_for(user)
    monkeypatch.setattr(typed, "cache", AnotherComes(lambda: send("gardé entre-temps")))
    typed.forget(user, sent.key)
    assert texts(user) == ["gardé entre-temps"]


def test_the_last_five_forms_are_kept_the_last_first(user, send):
    for n in range(7):
        send(f"le {n}")
    assert texts(user) == ["le 6", "le 5", "le 4", "le 3", "le 2"]
    typed.forget_all(user)
    assert texts(user) == []
