"""A comment sent twice at the same moment (PostgreSQL only)."""

from committee.comments import events as talk
from committee.models import Comment
from tests.agreements.factories import committee_of
from tests.at_once import ON_POSTGRESQL, at_once

pytestmark = ON_POSTGRESQL


def test_a_double_click_is_one_comment():
    committee = committee_of()
    version = committee.proposed()

    def send():
        return talk.comment(version, text="Très attendu.", by=committee.caf_member)

    first, second = at_once(send, send)
    assert first == second == Comment.objects.get()
