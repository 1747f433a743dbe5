"""Two acts on one image, or one comment, at the same moment (PostgreSQL only)."""

import pytest

from ctg_portal.rules import Refused
from documents.models import StoredFile
from evaluation.comments.events import comment_text
from evaluation.images.events import remove_illustration
from evaluation.models import Illustration, TextComment
from evaluation.writing.events import keep_draft, write_criterion, write_narrative, write_year_text
from tests.agreements.factories import committee_of
from tests.at_once import ON_POSTGRESQL, at_once
from tests.evaluation.images.pictures import illustration

pytestmark = ON_POSTGRESQL


def test_an_image_sent_twice_is_one():
    committee = committee_of()
    first, second = at_once(lambda: illustration(committee), lambda: illustration(committee))
    assert first == second == Illustration.objects.get()
    assert StoredFile.objects.count() == 1


def test_a_comment_sent_twice_is_one():
    committee = committee_of()
    about = {"convention": committee.convention, "year": 2024, "part": "introduction"}

    def send():
        return comment_text("À compléter.", by=committee.coordinator, **about)

    first, second = at_once(send, send)
    assert first == second == TextComment.objects.get()


WRITING = {
    "a theme": lambda place, text, by: write_narrative(
        place.orientation.theme, 2024, text, revision=0, by=by
    ),
    "a part": lambda place, text, by: write_year_text(
        place.convention, 2024, "introduction", text, revision=0, by=by
    ),
    "a criterion": lambda place, text, by: write_criterion(
        place.convention, "impact", text, "", revision=0, by=by
    ),
    "a draft": lambda place, text, by: keep_draft(
        text, revision=0, by=by, convention=place.convention, year=2024, part="introduction"
    ),
}


@pytest.mark.parametrize("write", WRITING.values(), ids=WRITING)
def test_an_image_that_a_text_begins_to_show_is_not_removed(write):
    committee = committee_of()
    image = illustration(committee)
    written, refused = at_once(
        lambda: write(committee, f"La cour. {image.markdown}", committee.coordinator),
        lambda: remove_illustration(image, by=committee.coordinator),
    )
    assert image.reference in written.text
    assert isinstance(refused, Refused), refused
    assert Illustration.objects.not_removed().exists()
