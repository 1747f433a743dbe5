"""The message itself: readable alone as text, valid as HTML, French, without traps."""

import dataclasses
import datetime
import re

import html5lib
import pytest

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Answer
from agreements.versions import events as drafts
from agreements.versions.endings import draft_ending
from committee.dossiers import events as dossiers
from committee.mail.letters import CommitteeLetter
from committee.points.notices import PointAwaited
from conventions.notices import scope_of
from ctg_portal.text.typography import polish
from tests.accounts.reading import english_in, text_of
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.mail.mailing import (
    NOON,
    TERM,
    after,
    at,
    html_of,
    links_in,
    mail_sent_at,
    on_one_line,
)
from tests.committee.scene import a_document
from tests.stories import told_once

pytestmark = pytest.mark.django_db
SAID = after(hours=1)
TRICKY = [
    "Ouvrir {{ deux }} {% debug %} lieux",
    "Ouvrir <b>deux</b> & <script>alert(1)</script>",
    "Faire l'accueil : pourquoi ?",
    "}} {# note",
]


@told_once
def committee():
    with at(NOON):
        return committee_of(**TERM)


@told_once
def everything(committee):
    """Messages with news of every kind, to everybody; one person chose Monday."""
    committee.epci_member.mail_rhythm = "weekly"
    committee.epci_member.save()
    with at(NOON):
        former = committee.in_force("Ouvrir deux espaces")
        edited = committee.edited(former, title="Ouvrir trois espaces", is_priority=True)
        asked, recorded, denied, retracted, due = (
            committee.proposed(title)
            for title in ["À changer", "Recueilli", "Démenti", "Repris", "À délibérer"]
        )
        sent = [edited, committee.proposed("Nouveau")]
        dossiers.send_dossier(
            committee.convention, sent, title="Comité d'avril", message="Bonjour à tous ;\nmerci !",
            answer_by=datetime.date(2024, 4, 25), by=committee.coordinator,
        )  # fmt: skip
        for version in (recorded, denied):
            entry = answers.record(
                version, committee.caf_seat, received_on=datetime.date(2024, 4, 9),
                evidence=a_document(committee.coordinator), by=committee.coordinator,
            )  # fmt: skip
        answers.refuse_all([entry], reason="Jamais signé", by=committee.caf_member)
        answers.answer(
            Reply(asked, Answer.CHANGE_REQUESTED, reason="Trop tard"), by=committee.epci_member
        )
        committee.agree(retracted)
        answers.retract(retracted, reason="Le bureau s'y oppose", by=committee.epci_member)
        day = datetime.date(2024, 4, 11)
        answers.answer(
            Reply(due, Answer.DELIBERATION, body="Conseil", body_date=day), by=committee.caf_member
        )
        complete = committee.proposed("Complet")
        dossiers.send_dossier(
            committee.convention, [complete], title="Vite", by=committee.coordinator
        )
        committee.agree(complete)
    messages = mail_sent_at(after(days=2)) + mail_sent_at(after(days=5))
    assert len(messages) == 3
    return messages


# Every message ---------------------------------------------------------------------------------


def test_html_is_valid_and_whole(everything):
    for message in everything:
        html = html_of(message)
        html5lib.HTMLParser(strict=True).parse(html)
        assert html.count('<main class="sheet">') == 1
        assert " style=" not in html


def test_text_and_html_say_the_same(everything):
    for message in everything:
        shown = on_one_line(text_of(html_of(message)))
        lines = (re.sub(r"^\d+\. ", "", on_one_line(line)) for line in message.body.splitlines())
        for line in lines:
            if not line.startswith("https://") and "[" not in line and not line.endswith(" :"):
                assert line in shown
        assert set(links_in(message)) == set(re.findall(r"https://[^\s\"<]+", html_of(message)))


def test_every_kind_of_news_has_its_sentences(everything):
    bodies = on_one_line(" ".join(message.body for message in everything))
    for sentence in [
        "cinq points attendent la réponse",
        "Deux champs changent : intitulé et prioritaire.",
        "Nouveau – Nouvel objectif. Échéance : ",
        "vous a envoyé le dossier « Comité d’avril » le 10 avril 2024",
        "Bonjour à tous ; merci !",
        "La délibération annoncée (Conseil, 11 avril 2024) est passée",
        "Exemple agglomération demande une modification",
        "n’est pas la réponse de la Caf d’Exemple : « Jamais signé ».",
        "Motif : Le bureau s’y oppose",
    ]:
        assert sentence.lower() in bodies.lower(), sentence


def test_a_message_shows_neither_code_nor_english(everything):
    for message in everything:
        text = re.sub(r"https://\S+", "", message.body)
        assert english_in(text) == english_in(message.subject) == []
        assert not re.search(r"[0-9a-f]{16}|change_requested|objective|None|True|#\d", text)
        assert "{" not in text
        assert "&#" not in text


def test_a_single_point_is_shown_before_the_button_that_leads_to_it():
    with at(NOON):
        committee = committee_of(**TERM)
        committee.proposed("Ouvrir un relais")
    message = mail_sent_at(after(hours=1), committee.caf_member.email)[0]
    for text in (message.body, html_of(message)):
        assert text.count("Lire ce point et répondre") == 1
        assert text.index("Ouvrir un relais") < text.index("Lire ce point et répondre")


def test_subject_is_one_line_and_names_the_convention(everything):
    for message in everything:
        assert "\n" not in message.subject
        assert re.search(r"\(CTG Territoire \d+\)$", message.subject)
        assert len(message.subject) < 180


def test_typography_is_french(everything):
    for message in everything:
        prose = re.sub(r"https?://\S+", "", message.body)
        assert polish(prose) == prose
        assert "« " not in prose  # a plain space
        assert "s'y" not in html_of(message).replace("&#x27;", "'")


@pytest.mark.parametrize("title", TRICKY)
def test_braces_and_brackets_in_a_title_are_only_text(committee, title):
    with at(NOON):
        committee.proposed(title, measure=title)
    message = mail_sent_at(SAID)[0]
    assert on_one_line(polish(title)) in on_one_line(message.body)
    assert on_one_line(polish(title)) in on_one_line(text_of_escaped(html_of(message)))
    html5lib.HTMLParser(strict=True).parse(html_of(message))
    assert "<script>" not in html_of(message)


def text_of_escaped(html: str) -> str:
    for entity, sign in [("&lt;", "<"), ("&gt;", ">"), ("&#x27;", "'"), ("&amp;", "&")]:
        html = html.replace(entity, sign)
    return html


def test_names_and_reasons_with_brackets_are_only_text(committee):
    committee.caf_member.first_name, committee.caf_member.last_name = "<i>Léa</i>", "{{ x }}"
    committee.caf_member.save()
    with at(NOON):
        version = committee.proposed()
        reply = Reply(version, Answer.CHANGE_REQUESTED, reason="<img src=x>\n{% oups %}")
        mail_sent_at(NOON)
    with at(SAID):
        seat = SeatFactory(organisation=committee.caf, user=committee.caf_member, kind="member")
        answers.answer(reply, by=committee.caf_member)
    assert seat.name == "<i>Léa</i> {{ x }}"
    [message] = mail_sent_at(after(hours=2), committee.coordinator.email)
    assert "<img src=x>\n{% oups %}" in message.body
    assert "<img" not in html_of(message)
    assert "&lt;img src=x&gt;<br>{% oups %}" in html_of(message)


def test_a_name_is_elided_as_one_says_it(committee):
    committee.caf_seat.name = "Hélène Marchand"
    committee.caf_seat.save()
    with at(NOON):
        entry = answers.record(
            committee.proposed(), committee.caf_seat, received_on=datetime.date(2024, 4, 9),
            evidence=a_document(committee.coordinator), by=committee.coordinator,
        )  # fmt: skip
        answers.refuse_all([entry], by=committee.caf_member)
    [message] = mail_sent_at(SAID, committee.coordinator.email)
    assert "au nom d’Hélène Marchand, n’est pas la réponse" in on_one_line(message.body)


# Parts -----------------------------------------------------------------------------------------


def test_a_version_that_ends_the_objective_says_so(committee):
    with at(NOON):
        version = committee.in_force("Un")
        draft = draft_ending(version.subject, by=committee.coordinator, note="Plus de moyens")
        drafts.propose(draft, by=committee.coordinator)
    body = on_one_line(mail_sent_at(SAID)[0].body)
    assert "L’objectif prend fin. Motif : Plus de moyens" in body


def test_a_long_title_is_cut_in_the_subject_only(committee):
    with at(NOON):
        version = committee.proposed("Ouvrir " + "un lieu de plus " * 20)
        answers.answer(
            Reply(version, Answer.CHANGE_REQUESTED, reason="Non"), by=committee.caf_member
        )
    message = mail_sent_at(SAID)[0]
    assert len(message.subject) < 180
    assert "…" in message.subject
    assert on_one_line(version.title) in on_one_line(message.body)


def test_three_kinds_of_news_end_with_others_in_the_subject(committee):
    with at(NOON):
        first, second, third = (committee.proposed(title) for title in ["A", "B", "C"])
        answers.answer(Reply(first, Answer.CHANGE_REQUESTED, reason="?"), by=committee.caf_member)
        committee.agree(second, committee.caf_member)
        answers.retract(second, reason="?", by=committee.caf_member)
        dossiers.send_dossier(committee.convention, [third], title="D", by=committee.coordinator)
        committee.agree(third)
    [message] = mail_sent_at(SAID, committee.coordinator.email)
    assert on_one_line(message.subject).startswith(
        "Une modification est demandée, un accord est retiré et d’autres nouvelles (CTG"
    )


def test_who_answers_for_two_parties_reads_your_answer(committee):
    with at(NOON):
        SeatFactory(organisation=committee.epci, user=committee.caf_member)
        version = committee.proposed("Un")
        second = committee.proposed("Deux")
        committee.agree(version, committee.epci_member)
        # One voice for two parties: a point each.
        letter = letter_of(committee)
        notifications = [awaited(letter, each, committee.caf_member) for each in (version, second)]
        voices = {
            notification.news.version: notification.voice.organisation
            for notification in notifications
        }
    assert voices == {version: committee.caf, second: committee.caf}
    assert "la réponse de la Caf" in letter.subject(notifications)
    bench = letter.reading.bench
    voice = bench.voice_from(bench.by_pk[committee.epci_seat.pk])
    other = [notifications[0], dataclasses.replace(notifications[1], voice=voice)]
    assert on_one_line(letter.subject(other)).startswith("Deux points attendent votre réponse (CTG")


def letter_of(committee) -> CommitteeLetter:
    return CommitteeLetter(scope_of(committee.convention).key, "", NOON)


def awaited(letter, version, user):
    news = PointAwaited.load([str(version.pk)], letter.reading)[str(version.pk)]
    return letter.notifications(news)[user.pk]
