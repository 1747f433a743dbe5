"""Who was told of what is forgotten once nothing depends on it; nothing is ever told again."""

from datetime import timedelta

import pytest

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Agreement, Answer, Version
from committee.dossiers.events import send_dossier
from committee.models import Dossier
from ctg_portal.house import job
from notifications.jobs import forget_old_notices
from notifications.models import KEPT_FOR, Notice
from tests.agreements.factories import committee_of
from tests.committee.mail.mailing import NOON, TERM, after, at, mail_sent_at
from tests.stories import told_once

pytestmark = pytest.mark.django_db

LATER = after(minutes=6)
OLD = after(LATER, days=KEPT_FOR.days + 60)


@told_once
def committee():
    with at(NOON):
        return committee_of(**TERM)


def proposed(committee, *titles):
    with at(NOON):
        return [committee.proposed(title) for title in titles]


def forget(moment) -> None:
    with at(moment):
        forget_old_notices()


def known() -> set[tuple]:
    """(kind, title of what it is about) of all that people are known to know."""
    return {(n.kind, _title(n.kind, n.about)) for n in Notice.objects.known()}


def _title(kind: str, pk: str) -> str:
    if kind == "point_awaited":
        return Version.objects.get(pk=pk).title
    if kind.startswith("dossier"):
        return Dossier.objects.get(pk=pk).title
    return Agreement.objects.get(pk=pk).version.title


def test_notices_of_a_decided_point_are_deleted_after_two_years(committee):
    decided, _discussed = proposed(committee, "Décidé", "Discuté")
    assert mail_sent_at(LATER)
    with at(after(LATER, hours=1)):
        committee.agree(decided)
    both = {("point_awaited", "Décidé"), ("point_awaited", "Discuté")}
    forget(after(LATER, days=KEPT_FOR.days - 1))
    assert known() == both
    forget(OLD)
    assert known() == {("point_awaited", "Discuté")}


def test_a_waiting_point_is_not_notified_again_however_old(committee):
    proposed(committee, "Un")
    assert mail_sent_at(LATER)
    with at(after(days=10)):
        committee.proposed("Deux")
    assert mail_sent_at(after(LATER, days=10))
    # The first was told more than two years ago, the second less.
    between = after(LATER, days=KEPT_FOR.days + 5)
    for moment in (between, OLD):
        forget(moment)
        assert mail_sent_at(moment) == []


def test_notices_of_a_change_request_are_deleted_once_its_point_is_closed(committee):
    closed, returned = proposed(committee, "Fermé", "Retourné")
    with at(LATER):
        for version in (closed, returned):
            reply = Reply(version, Answer.CHANGE_REQUESTED, reason="Plus tôt")
            answers.answer(reply, by=committee.caf_member)
    mail_sent_at(after(LATER, minutes=36))
    with at(after(LATER, days=1)):
        committee.agree(committee.edited(closed, title="Fermé autrement"))
    mail_sent_at(after(LATER, days=2))
    assert ("change_requested", "Fermé") in known()
    forget(OLD)
    # Those who would have answered a point that came back knew of it all the same.
    assert {title for _kind, title in known()} == {"Retourné"}
    assert ("change_requested", "Retourné") in known()
    assert mail_sent_at(OLD) == []


def test_a_dossier_is_forgotten_once_complete_only(committee):
    [first, second] = proposed(committee, "Un", "Deux")
    with at(NOON):
        for title, version in (("Complet", first), ("Ouvert", second)):
            send_dossier(
                committee.convention, [version], title=title, message="", by=committee.coordinator
            )
    assert mail_sent_at(LATER)
    with at(after(LATER, hours=1)):
        committee.agree(first)
    mail_sent_at(after(LATER, hours=2))
    assert {title for kind, title in known() if kind == "dossier_complete"} == {"Complet"}
    forget(OLD)
    assert {title for _kind, title in known()} == {"Ouvert", "Deux"}
    assert mail_sent_at(OLD) == []


def test_the_clock_forgets_twice_a_day():
    assert job("notifications.forget_old_notices").run is forget_old_notices
    assert job("notifications.forget_old_notices").every <= timedelta(days=1)
