"""The same form sent twice at the same moment (PostgreSQL only)."""

from documents.models import StoredFile
from evaluation.comments.events import comment_text
from evaluation.models import Illustration, TextComment
from tests.agreements.factories import committee_of
from tests.at_once import ON_POSTGRESQL, at_once
from tests.evaluation.images.pictures import illustration

pytestmark = ON_POSTGRESQL


def test_an_image_sent_twice_is_one():
    committee = committee_of()
    one, two = at_once(lambda: illustration(committee), lambda: illustration(committee))
    assert one == two == Illustration.objects.get()
    assert StoredFile.objects.count() == 1


def test_a_comment_sent_twice_is_one():
    committee = committee_of()
    about = {"convention": committee.convention, "year": 2024, "part": "introduction"}

    def send():
        return comment_text("À compléter.", by=committee.coordinator, **about)

    one, two = at_once(send, send)
    assert one == two == TextComment.objects.get()
