"""Comments on a point: by whom, corrected in the open."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from committee.comments import events as talk
from committee.models import Comment
from ctg_portal.rules import Refused
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.answers.test_acts import has_form, page_text
from tests.committee.dossiers.scene import messages_of, seen_text
from tests.committee.mail.mailing import NOON, at
from tests.committee.pages import value_of
from tests.factories import MembershipFactory
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    return committee.proposed()


@told_once
def comment(committee, version):
    return talk.comment(version, text="Trés attendu.", by=committee.caf_member)


def url(name, row, convention) -> str:
    return reverse(f"committee:{name}", args=[convention.slug, row.pk])


def test_a_comment_sent_twice_is_one_comment(committee, version, comment):
    """A second click or a page loaded again adds none; the same words said later do."""
    assert talk.comment(version, text="Trés attendu.", by=committee.caf_member) == comment
    talk.comment(version, text="Trés attendu.", by=committee.coordinator)
    talk.comment(version, text="Trés attendu.", by=committee.caf_member)
    other = committee.proposed("Un autre")
    talk.comment(other, text="Trés attendu.", by=committee.caf_member)
    assert Comment.objects.filter(version=version).count() == 3
    assert Comment.objects.filter(version=other).count() == 1


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ((9, 18, 0, 0), (10, 9, 0, 0), 2),
        ((10, 9, 0, 0), (10, 9, 0, 20), 1),
        ((10, 9, 0, 0), (10, 17, 0, 0), 1),  # a page that is loaded again
        ((9, 23, 59, 50), (10, 0, 0, 10), 1),
        ((9, 23, 50, 0), (10, 0, 10, 0), 2),
    ],
)
def test_a_comment_repeated_on_another_day_is_a_second_comment(
    committee, version, first, second, count
):
    for moment in (first, second):
        with at(datetime.datetime(2024, 4, *moment, tzinfo=NOON.tzinfo)):
            comment = talk.comment(version, text="Où en est-on ?", by=committee.coordinator)
    assert Comment.objects.filter(version=version).count() == count
    day = timezone.localdate(comment.created_at)
    assert day.day == (second if count == 2 else first)[0]


@pytest.mark.parametrize("kind", ["member", "coordinator", "adviser", "advisory", "substitute"])
def test_whoever_sits_or_coordinates_comments_with_their_capacity(committee, version, client, kind):
    people = {"member": committee.caf_member, "coordinator": committee.coordinator}
    user = people.get(kind) or SeatFactory(organisation=committee.caf, **{kind: True}).user
    client.force_login(user)
    address = url("comment", version, committee.convention)
    assert has_form(client.get(address))
    after = client.post(address, {"text": "Attendu depuis longtemps."}, follow=True)
    comment = Comment.objects.get()
    assert (comment.user, comment.text) == (user, "Attendu depuis longtemps.")
    assert comment.capacity
    assert messages_of(after) == ["Votre commentaire est publié."]


@pytest.mark.parametrize("text", ["", "   ", "x" * 5001, "nul\0"])
def test_a_comment_has_a_text_and_what_was_typed_stays(committee, version, client, text):
    client.force_login(committee.caf_member)
    back = client.post(url("comment", version, committee.convention), {"text": text})
    assert back.status_code == 200
    assert not Comment.objects.exists()
    assert back.context["form"]["text"].value() == text
    assert "À corriger" in seen_text(back)


def test_no_way_in_takes_a_longer_text(committee, version, comment):
    for act in (
        lambda text: talk.comment(version, text=text, by=committee.caf_member),
        lambda text: talk.edit_comment(comment, text=text, by=committee.caf_member),
    ):
        with pytest.raises(Refused, match="5 000 caractères au plus"):
            act("x" * 5001)


def test_a_long_thread_is_read_in_parts(committee, version, client):
    Comment.objects.bulk_create(
        Comment(version=version, user=committee.caf_member, person_name="Claire", text=f"n{i} " * 9)
        for i in range(600)
    )
    client.force_login(committee.caf_member)
    page = client.get(url("point", version, committee.convention))
    html = page.content.decode()
    assert len(html) < 100_000
    assert "600 commentaires" in seen_text(page)
    assert [f"n{i} " in html for i in (579, 580, 599)] == [False, True, True]
    earlier = page.context["page"].comments.earlier
    html = client.get(url("point", version, committee.convention) + earlier).content.decode()
    assert [f"n{i} " in html for i in (559, 560, 579, 580)] == [False, True, True, False]
    first = Comment.objects.earliest("pk").pk
    html = client.get(f"{url('point', version, committee.convention)}?avant={first + 5}&x=1")
    assert "Voir les commentaires précédents" not in html.content.decode()


def test_who_only_reads_gets_the_reason_and_keeps_what_was_typed(committee, version, client):
    client.force_login(MembershipFactory(organisation=committee.caf, reader=True).user)
    address = url("comment", version, committee.convention)
    page = client.get(address)
    assert "Seuls les membres du comité et la coordination commentent" in seen_text(page)
    assert not has_form(page)
    back = client.post(address, {"text": "Mon avis de lecteur"})
    assert "Mon avis de lecteur" in page_text(back)
    assert not Comment.objects.exists()


def test_the_author_corrects_and_the_earlier_text_stays_readable(committee, comment, client):
    client.force_login(committee.caf_member)
    address = url("edit_comment", comment, committee.convention)
    page = client.get(address)
    assert "Modifier votre commentaire" in seen_text(page)
    assert "Trés attendu." in page_text(page)
    client.post(address, {"text": "Très attendu.", "revision": comment.revision})
    comment.refresh_from_db()
    assert comment.text == "Très attendu."
    assert comment.edited_at
    client.force_login(MembershipFactory(organisation=committee.epci, reader=True).user)
    history = client.get(url("comment_history", comment, committee.convention))
    text = page_text(history)
    assert "a modifié son commentaire une fois" in text
    assert text.index("Très attendu.") < text.index("Trés attendu.")


def test_a_correction_from_an_older_page_covers_no_newer_one(committee, comment, client):
    client.force_login(committee.caf_member)
    address = url("edit_comment", comment, committee.convention)
    page = client.get(address)
    fields = {"revision": value_of(page, "revision")}
    client.post(address, fields | {"text": "Corrigé ici."})
    response = client.post(address, fields | {"text": "Corrigé là."})
    assert "a enregistré autre chose" in page_text(response)
    assert "Corrigé là." in page_text(response)
    comment.refresh_from_db()
    assert comment.text == "Corrigé ici."
    fields = {name: value_of(response, name) for name in ("revision", "text")}
    assert fields["text"] == "Corrigé là."
    assert client.post(address, fields).status_code == 302
    comment.refresh_from_db()
    assert comment.text == "Corrigé là."


def test_a_comment_never_corrected_says_so(committee, comment, client):
    client.force_login(committee.epci_member)
    history = client.get(url("comment_history", comment, committee.convention))
    assert "n’a pas modifié son commentaire" in seen_text(history)
    assert reverse("committee:point", args=[committee.convention.slug, comment.version_id]) in (
        page_text(history)
    )


def test_sending_the_same_text_again_corrects_nothing(committee, comment, client):
    client.force_login(committee.caf_member)
    client.post(url("edit_comment", comment, committee.convention), {"text": "Trés attendu."})
    comment.refresh_from_db()
    assert comment.edited_at is None
    assert comment.history.count() == 1


def test_nobody_corrects_the_comment_of_somebody_else(committee, comment, client):
    address = url("edit_comment", comment, committee.convention)
    for user in (committee.coordinator, committee.epci_member):
        client.force_login(user)
        page = client.get(address)
        assert "Un commentaire n’est modifié que par son auteur" in seen_text(page)
        assert not has_form(page)
        client.post(address, {"text": "Autre chose"})
    comment.refresh_from_db()
    assert comment.text == "Trés attendu."


def test_a_comment_is_text_and_shows_as_text(committee, version, client):
    talk.comment(version, text="<script>x</script>\nsuite", by=committee.caf_member)
    client.force_login(committee.caf_member)
    comment = Comment.objects.get()
    for name in ("comment_history", "edit_comment"):
        html = client.get(url(name, comment, committee.convention)).content.decode()
        assert "<script>x" not in html


def test_comments_of_another_convention_are_not_reached_through_ones_own(
    committee, comment, client
):
    own = MembershipFactory(coordinator=True)
    client.force_login(own.user)
    for name in ("edit_comment", "comment_history"):
        assert client.get(url(name, comment, own.organisation.convention)).status_code == 404
        assert client.get(url(name, comment, committee.convention)).status_code == 404
