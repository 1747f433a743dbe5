"""Comments on a text that is being written: by whom, read by whom, what becomes of them."""

import datetime
import html
import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.events import anonymise
from ctg_portal.people.personal import FORGOTTEN
from ctg_portal.rules import Refused
from evaluation.comments import events
from evaluation.comments.rights import may_comment
from evaluation.models import Part, TextComment
from evaluation.report.document import write
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report
from evaluation.writing.events import give_theme
from notifications.sending import send_due_mail
from tests.agreements.clock import days, on
from tests.agreements.factories import SeatFactory
from tests.committee.pages import page_of, value_of
from tests.evaluation.publication.scene import YEAR, published, written_year
from tests.factories import MembershipFactory
from tests.stories import told_once

pytestmark = pytest.mark.django_db
TEXT = "Dire aussi combien d’enfants attendent."


@told_once
def committee():
    return written_year()


@pytest.fixture
def member(client, committee):
    client.force_login(committee.caf_member)
    return client


def about(committee, part: str = "") -> dict:
    text = {"convention": committee.convention, "year": YEAR}
    return text | ({"part": part} if part else {"theme": committee.theme})


def commented(committee, text: str = TEXT, *, by=None, part: str = "") -> TextComment:
    return events.comment_text(text, by=by or committee.caf_member, **about(committee, part))


def url(committee, comment: TextComment | None = None, name: str = "", part: str = "") -> str:
    slug = committee.convention.slug
    if comment:
        return reverse(f"evaluation:{name}", args=[slug, comment.pk])
    route = "year_text" if part else "narrative"
    return reverse(f"evaluation:{route}_comments", args=[slug, YEAR, part or committee.theme.pk])


def acts_on(response) -> list[str]:
    """Where the buttons beside comments lead."""
    actions = re.findall(r'action="([^"]*/traiter/[^"]*)"', response.content.decode())
    return [html.unescape(address) for address in actions]


def test_a_criterion_of_the_term_is_commented_on_its_page(client, committee):
    place = {"convention": committee.convention, "year": None, "criterion": "impact"}
    comment = events.comment_text(TEXT, by=committee.caf_member, **place)
    client.force_login(committee.caf_member)
    args = [committee.convention.slug, None, "impact"]
    assert comment.get_absolute_url() == reverse("evaluation:criterion_comments", args=args)
    assert TEXT in page_of(client.get(comment.get_absolute_url()))
    edited = client.get(url(committee, comment, "edit_text_comment"))
    assert comment.get_absolute_url() in edited.content.decode()


class TestMaking:
    @pytest.mark.parametrize("part", ["", Part.CONCLUSION])
    def test_a_comment_is_shown_beside_the_text_with_name_and_capacity(
        self, member, committee, part
    ):
        page = page_of(member.get(url(committee, part=part)))
        assert "Personne n’a encore commenté ce texte" in page
        assert ("Conclusion et perspectives." if part else "La crèche a ouvert.") in page
        response = member.post(url(committee, part=part), {"text": TEXT})
        comment = TextComment.objects.get()
        assert response.url == f"{url(committee, part=part)}#commentaire-{comment.pk}"
        page = page_of(member.get(url(committee, part=part)))
        for words in (TEXT, str(committee.caf_member), comment.capacity, "1 commentaire, dont 1"):
            assert words in page.replace("\u00a0", " ")

    def test_a_comment_sent_twice_is_one(self, committee):
        assert commented(committee) == commented(committee)
        assert commented(committee, part=Part.CONCLUSION) != commented(committee)
        assert TextComment.objects.count() == 2

    @pytest.mark.parametrize("text", ["", "  ", "x" * 5001])
    def test_a_comment_empty_or_too_long_is_refused_and_stays_in_the_form(
        self, member, committee, text
    ):
        response = member.post(url(committee), {"text": text})
        assert response.context["form"]["text"].value() == text
        assert not TextComment.objects.exists()
        with pytest.raises(Refused):
            commented(committee, text)

    def test_a_comment_shows_its_marks_as_text(self, member, committee):
        commented(committee, "<script>alert(1)</script> ![x](image:1)")
        html = member.get(url(committee)).content.decode()
        assert "<script>alert" not in html
        assert "![x](image:1)" in html

    def test_a_long_thread_is_shown_in_parts(self, client, committee):
        TextComment.objects.bulk_create(
            TextComment(user=committee.caf_member, person_name="Jeanne", text=f"n{n} " * 9,
                        **about(committee))
            for n in range(100)
        )  # fmt: skip
        client.force_login(committee.coordinator)
        response = client.get(url(committee))
        assert "100 commentaires" in page_of(response).replace("\u00a0", " ")
        earlier = response.context["comments"].earlier
        assert earlier.startswith(f"{url(committee)}?avant=")
        html = client.get(earlier).content.decode()
        assert [f"n{n} " in html for n in (59, 60, 79, 80)] == [False, True, True, False]
        # Beside the text that is being written too, by a link to that page.
        writing = reverse(
            "evaluation:narrative", args=[committee.convention.slug, YEAR, committee.theme.pk]
        )
        response = client.get(writing)
        assert earlier in response.content.decode().replace("&amp;", "&")


class TestRights:
    def test_a_text_is_commented_by_who_reads_drafts_or_writes_it(self, client, committee):
        agent = MembershipFactory(organisation=committee.epci).user
        reader = MembershipFactory(organisation=committee.caf, reader=True).user
        adviser = SeatFactory(organisation=committee.caf, adviser=True).user
        statuses = [(committee.coordinator, 200), (committee.caf_member, 200), (adviser, 200),
                (reader, 403), (agent, 403)]  # fmt: skip
        for user, status in statuses:
            client.force_login(user)
            assert client.get(url(committee)).status_code == status
        give_theme(committee.theme, YEAR, agent, by=committee.coordinator)
        client.force_login(agent)
        assert client.get(url(committee)).status_code == 200
        assert client.get(url(committee, part=Part.CONCLUSION)).status_code == 403
        assert may_comment(agent, **about(committee)) is None
        with pytest.raises(Refused):
            commented(committee, by=reader)

    def test_a_comment_is_not_found_from_another_convention(self, client, committee):
        comment = commented(committee)
        own = MembershipFactory(coordinator=True)
        client.force_login(own.user)
        for slug in (committee.convention.slug, own.organisation.convention.slug):
            for name in ("text_comment", "edit_text_comment"):
                where = reverse(f"evaluation:{name}", args=[slug, comment.pk])
                assert client.get(where).status_code == 404

    def test_a_reader_without_drafts_has_no_page_or_act_of_a_comment(self, client, committee):
        comment = commented(committee)
        client.force_login(MembershipFactory(organisation=committee.caf, reader=True).user)
        for name in ("text_comment", "edit_text_comment"):
            assert client.get(url(committee, comment, name)).status_code == 403
        for name in ("withdraw_text_comment", "resolve_text_comment", "reopen_text_comment"):
            assert client.post(url(committee, comment, name)).status_code == 403


class TestAfterwards:
    def test_a_corrected_comment_keeps_its_earlier_text_readable(self, member, committee):
        comment = commented(committee)
        member.post(
            url(committee, comment, "edit_text_comment"),
            {"text": "Autrement.", "revision": comment.revision},
        )
        page = page_of(member.get(url(committee)))
        assert "Autrement." in page
        assert "modifié le" in page
        history = page_of(member.get(url(committee, comment, "text_comment")))
        assert "a modifié son commentaire une fois" in history
        assert TEXT in history

    def test_a_correction_from_an_older_page_does_not_overwrite_a_newer_one(
        self, member, committee
    ):
        comment = commented(committee)
        address = url(committee, comment, "edit_text_comment")
        fields = {"revision": value_of(member.get(address), "revision")}
        member.post(address, fields | {"text": "Corrigé ici."})
        response = member.post(address, fields | {"text": "Corrigé là."})
        assert "Corrigé [supprimé : ici ] [ajouté : là ]" in page_of(response).replace(
            "\u00a0", " "
        )
        assert TextComment.objects.get().text == "Corrigé ici."
        fields = {name: value_of(response, name) for name in ("revision", "text")}
        assert member.post(address, fields).status_code == 302
        assert TextComment.objects.get().text == "Corrigé là."

    def test_the_author_withdraws_a_comment_until_another_is_made(self, member, committee):
        comment, other = commented(committee), commented(committee, "Autre chose.")
        edit = page_of(member.get(url(committee, comment, "edit_text_comment")))
        assert "Retirer ce commentaire" in edit
        assert member.post(url(committee, comment, "withdraw_text_comment")).status_code == 302
        assert TEXT not in page_of(member.get(url(committee)))
        assert member.get(url(committee, comment, "text_comment")).status_code == 404
        commented(committee, "Oui.", by=committee.coordinator)
        with pytest.raises(Refused, match="a reçu une suite"):
            events.withdraw_comment(other, by=committee.caf_member)

    def test_only_the_author_withdraws_or_corrects_a_comment(self, committee):
        comment = commented(committee)
        for act in (
            lambda by: events.withdraw_comment(comment, by=by),
            lambda by: events.edit_comment(comment, text="x", by=by),
        ):
            with pytest.raises(Refused, match="par son auteur"):
                act(committee.coordinator)

    def test_the_writer_resolves_a_comment_and_opens_it_again(self, client, committee):
        comment = commented(committee)
        client.force_login(committee.coordinator)
        assert "1 commentaire à traiter" in on_the_year(client, committee)
        client.post(url(committee, comment, "resolve_text_comment"))
        page = page_of(client.get(url(committee))).replace("\u00a0", " ")
        assert "1 commentaire, rien à traiter" in page
        assert f"par {committee.coordinator}" in page
        assert "à traiter" not in on_the_year(client, committee)
        with pytest.raises(Refused, match="a reçu une suite"):
            events.withdraw_comment(comment, by=committee.caf_member)
        client.post(url(committee, comment, "reopen_text_comment"))
        comment.refresh_from_db()
        assert (comment.resolved_at, comment.resolved_by_id) == (None, None)
        assert comment.resolved_by_name == ""
        # Resolving it is no correction of its text.
        history = page_of(client.get(url(committee, comment, "text_comment")))
        assert "n’a pas modifié son commentaire" in history

    def test_a_button_pressed_twice_does_the_same_as_once(self, client, committee):
        comment = commented(committee)
        client.force_login(committee.coordinator)
        page = client.get(url(committee)).content.decode()
        assert url(committee, comment, "resolve_text_comment") in page
        for _ in range(2):
            client.post(url(committee, comment, "resolve_text_comment"))
        comment.refresh_from_db()
        assert comment.resolved_at is not None
        page = client.get(url(committee)).content.decode()
        assert url(committee, comment, "resolve_text_comment") not in page
        for _ in range(2):
            client.post(url(committee, comment, "reopen_text_comment"))
        comment.refresh_from_db()
        assert comment.resolved_at is None

    def test_a_comment_changed_since_it_was_shown_is_not_resolved(self, client, committee):
        comment = commented(committee)
        client.force_login(committee.coordinator)
        [shown] = acts_on(client.get(url(committee)))
        events.edit_comment(comment, text="Ce chiffre est faux.", by=committee.caf_member)
        response = client.post(shown, follow=True)
        comment.refresh_from_db()
        assert comment.resolved_at is None
        page = page_of(response)
        assert "a été modifié depuis que la page est ouverte" in page
        assert "Ce chiffre est faux." in page
        [shown] = acts_on(response)
        client.post(shown)
        comment.refresh_from_db()
        assert comment.resolved_at is not None

    def test_a_resolved_comment_is_open_again_with_another_text(self, committee):
        comment = commented(committee)
        events.resolve_comment(comment, by=committee.coordinator)
        events.edit_comment(comment, text=comment.text, by=committee.caf_member)
        comment.refresh_from_db()
        assert comment.resolved_at is not None
        events.edit_comment(comment, text="Ce chiffre est faux.", by=committee.caf_member)
        comment.refresh_from_db()
        assert (comment.resolved_at, comment.resolved_by, comment.resolved_by_name) == (
            None, None, "",
        )  # fmt: skip
        with pytest.raises(Refused, match="a reçu une suite"):
            events.withdraw_comment(comment, by=committee.caf_member)

    def test_the_author_of_a_comment_does_not_resolve_it(self, member, committee):
        comment = commented(committee)
        member.post(url(committee, comment, "resolve_text_comment"))
        comment.refresh_from_db()
        assert comment.resolved_at is None
        assert "Marquer comme traité" not in page_of(member.get(url(committee)))

    def test_the_page_of_the_year_offers_comments_to_those_who_read_drafts(self, client, committee):
        client.force_login(committee.caf_member)
        assert "Commenter" in on_the_year(client, committee)
        published(committee)
        client.force_login(MembershipFactory(organisation=committee.caf, reader=True).user)
        page = on_the_year(client, committee)
        assert "La crèche a ouvert." in page
        assert "Commenter" not in page


def on_the_year(client, committee) -> str:
    where = reverse("evaluation:year", args=[committee.convention.slug, YEAR])
    return page_of(client.get(f"{where}?theme=tout")).replace("\u00a0", " ")


class TestMails:
    def mails(self) -> list:
        with on(timezone.localdate() + days(1)):
            send_due_mail()
        return [letter for letter in mail.outbox if "comment" in letter.subject]

    def test_the_writers_are_mailed_all_comments_of_others_at_once(self, committee):
        agent = MembershipFactory(organisation=committee.epci).user
        give_theme(committee.theme, YEAR, agent, by=committee.coordinator)
        for n in range(3):
            commented(committee, f"Remarque {n}.")
        commented(committee, "Sur la fin.", part=Part.CONCLUSION)
        commented(committee, "La mienne.", by=committee.coordinator)
        letters = {letter.to[0]: letter for letter in self.mails()}
        assert set(letters) == {committee.coordinator.email, agent.email}
        own = letters[committee.coordinator.email]
        assert "4 commentaires sur des textes de l’évaluation" in own.subject
        assert "Sur la fin." in own.body
        assert "Sur la fin." not in letters[agent.email].body
        assert url(committee) in own.body

    def test_a_comment_withdrawn_or_resolved_is_not_mailed(self, committee):
        events.withdraw_comment(commented(committee), by=committee.caf_member)
        events.resolve_comment(commented(committee, "Autre."), by=committee.coordinator)
        assert self.mails() == []

    def test_a_comment_sent_twice_is_mailed_once(self, committee):
        commented(committee)
        commented(committee)
        [letter] = self.mails()
        assert f"{committee.caf_member} commente le bilan {YEAR}" in letter.subject


def test_the_document_has_no_comments(committee):
    before = read_report(committee.convention, committee.campaign)
    commented(committee)
    after = read_report(committee.convention, committee.campaign)
    assert after.digest == before.digest
    assert "combien d’enfants" not in write(after, Mark.project(datetime.date(2024, 4, 12)))


def test_the_names_in_comments_are_erased_with_the_account(committee):
    comment = commented(committee)
    resolver = MembershipFactory(coordinator=True, organisation=committee.epci).user
    events.resolve_comment(comment, by=resolver)
    author = str(comment.user)
    anonymise(resolver, by=resolver)
    anonymise(comment.user, by=comment.user)
    comment.refresh_from_db()
    assert (comment.person_name, comment.resolved_by_name) == (FORGOTTEN, FORGOTTEN)
    page = [(row.person_name, row.resolved_by_name) for row in comment.history.all()]
    assert author not in str(page)
    assert str(resolver) not in str(page)
