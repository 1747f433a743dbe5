"""Minutes write themselves, are approved by the co-chairs, frozen and sent."""

import datetime
import io

import docx
import pytest
from django.core import mail
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.answers.lights import point_of, required_of, unreturned_versions
from agreements.commitments import canonical
from agreements.models import Agreement, SeatKind, Version
from committee.archive import committee_parts
from committee.meetings import events
from committee.meetings.decisions.events import correct, decide, report
from committee.meetings.finding import meeting_hits
from committee.meetings.letters import send_letters
from committee.meetings.minutes import content
from committee.meetings.minutes.events import (
    begin_correction,
    drop_correction,
    seal_approved,
    submit_minutes,
    take_back_minutes,
    write_introduction,
    write_notes,
)
from committee.meetings.minutes.models import MinutesState, minutes_of
from committee.meetings.minutes.reading import read_minutes, shown_minutes, text_of_version
from committee.meetings.tasks import minutes_tasks
from committee.models import Attendee, Meeting, MinutesText
from committee.points.tasks import committee_tasks
from conventions.models import Party
from conventions.search.hits import SearchRequest
from conventions.search.reading import parse_query
from ctg_portal.forms.revisions import Rewritten
from ctg_portal.marks.events import changed
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refused
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.meetings.scene import convened, in_days, item, moved_to, prepared, row_of
from tests.committee.pages import after, count_queries, page_of
from tests.committee.pages import committee_url as url
from tests.documents.drawn import ask
from tests.documents.reading import faults, text_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def meeting(committee):
    """A meeting of yesterday that took place: a point agreed to, a decision, one who came."""
    meeting = prepared(committee)
    version = committee.proposed("Ouvrir deux espaces")
    item(committee, meeting, "Points à valider", versions=[version], kind="decision")
    events.convene(meeting, by=committee.coordinator)
    meeting = moved_to(meeting, -1)
    committee.agree(version)
    caf = row_of(meeting, committee.caf_member)
    events.tick_present(meeting, shown=[], present=[caf.pk], by=committee.coordinator)
    decide(
        meeting, text="Ouvrir un relais", item=meeting.items.last(), owner=committee.caf,
        by=committee.coordinator,
    )  # fmt: skip
    return events.hold(meeting, by=committee.coordinator)


@pytest.fixture
def get(client, committee):
    def get(address, user=None, status=200):
        client.force_login(user or committee.coordinator)
        return page_of(client.get(url(committee, address)), status).replace("\u00a0", " ")

    return get


@pytest.fixture
def post(client, committee):
    def post(address, user=None, **data):
        client.force_login(user or committee.coordinator)
        return client.post(url(committee, address), data)

    return post


def refused(act, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return caught.value.refusal.reason


def approve(version: Version, person) -> Agreement:
    return answers.answer(Reply(version), by=person)


def state(meeting: Meeting) -> MinutesState:
    return minutes_of(meeting).state


def let_chair(committee, *chairs) -> None:
    """Let these parties alone co-chair the committee."""
    Party.objects.of(committee.convention).update(co_chairs=False)
    Party.objects.filter(organisation__in=chairs).update(co_chairs=True)
    changed(committee.convention, Subject.TEXT)


def co_chair_without_required_agreement(committee):
    """A third party that no point asks, and its member."""
    msa = f.OrganisationFactory(convention=committee.convention, name="MSA d’Exemple", kind="msa")
    f.PartyFactory(organisation=msa, agreement_required=False)
    member = f.MembershipFactory(organisation=msa).user
    SeatFactory(organisation=msa, user=member)
    return msa, member


def later(minutes: int = 31) -> None:
    """Put all approvals so many minutes back."""
    before = datetime.timedelta(minutes=minutes)
    for version in Version.objects.filter(kind="minutes", in_force_at__isnull=False):
        Version.objects.filter(pk=version.pk).update(in_force_at=version.in_force_at - before)


class TestWriting:
    def test_minutes_of_a_meeting_that_was_held_are_there_at_once(self, committee, meeting, get):
        text = get(f"reunions/{meeting.pk}/compte-rendu/")
        day = f"{timezone.localdate().day}"
        assert "Projet de compte rendu" in text
        for fact in ("Une personne présente.", "Ouvrir deux espaces", "Ouvrir un relais"):
            assert fact in text
        voice = f"La Caf d’Exemple est d’accord ({committee.caf_member}, Directrice, le {day}"
        assert voice in text
        assert "En vigueur depuis le" in text
        assert "Suite : Caf d’Exemple." in text

    def test_minutes_are_not_written_before_the_meeting(self, committee, get):
        meeting = convened(committee)
        assert "une fois la réunion tenue" in get(f"reunions/{meeting.pk}/compte-rendu/")
        assert "une fois la réunion tenue" in refused(
            write_introduction, meeting, text="A", by=committee.coordinator
        )

    def test_a_draft_is_read_by_the_coordination_alone(self, committee, meeting, get):
        text = get(f"reunions/{meeting.pk}/compte-rendu/", committee.caf_member)
        assert "en rédaction" in text
        assert "Ouvrir un relais" not in text
        refused(write_introduction, meeting, text="A", by=committee.caf_member)

    def test_wording_is_written_and_facts_stay(self, committee, meeting, get, post):
        first = meeting.items.first()
        page = f"reunions/{meeting.pk}/compte-rendu/"
        post(f"{page}introduction/", introduction="Mme Durand **ouvre** la séance.", revision=0)
        post(f"{page}points/1/", notes="Un tour de table.", revision=first.revision)
        text = get(page)
        assert "Mme Durand ouvre la séance." in text
        assert "Un tour de table." in text

    def test_a_second_writer_of_the_minutes_sees_both_texts(self, committee, meeting, post):
        first = meeting.items.first()
        values = {"by": committee.coordinator, "revision": first.revision}
        write_notes(meeting, first, text="Premier texte", **values)
        with pytest.raises(Refused) as caught:
            write_notes(meeting, first, text="Autre", **values)
        assert isinstance(caught.value.refusal, Rewritten)
        address = f"reunions/{meeting.pk}/compte-rendu/points/1/"
        response = post(address, notes="Autre", revision=first.revision)
        assert "Premier texte" in page_of(response)
        assert post(f"reunions/{meeting.pk}/compte-rendu/points/9/").status_code == 404

    def test_a_point_amended_in_session_is_written_as_amended(self, committee):
        meeting = moved_to(prepared(committee), -1)
        version = committee.proposed("Ouvrir deux espaces")
        Meeting.objects.filter(pk=meeting.pk).update(day=in_days(3))
        meeting.refresh_from_db()
        item(committee, meeting, "Points", versions=[version])
        committee.edited(version, title="Ouvrir trois espaces")
        meeting = moved_to(meeting, -1)
        written = read_minutes(minutes_of(meeting))
        [point] = written.items[1].points
        assert point.title == "Ouvrir trois espaces"
        assert point.outcome == "Toujours en discussion."
        assert point.voices[0] == "La Caf d’Exemple n’a pas encore répondu."

    def test_a_text_is_read_again_as_it_was_frozen(self, meeting):
        written = read_minutes(minutes_of(meeting))
        assert content.decode(content.encode(written)) == written

    def test_forty_items_and_two_hundred_people_ask_no_more_queries(
        self, committee, meeting, client
    ):
        client.force_login(committee.coordinator)
        page = url(committee, f"reunions/{meeting.pk}/compte-rendu/")
        few = count_queries(client.get, page)
        Attendee.objects.bulk_create(
            Attendee(meeting=meeting, name=f"Invité {n}", email="") for n in range(200)
        )
        version = meeting.items.last().versions.get()
        for n in range(38):
            added = meeting.items.create(rank=10 + n, title=f"Point {n}")
            added.versions.add(version)
        assert count_queries(client.get, page) == few <= 16


class TestApproving:
    def test_submitted_minutes_are_frozen_with_their_digest(self, committee, meeting, get):
        version = submit_minutes(meeting, by=committee.coordinator)
        frozen = MinutesText.objects.get()
        assert frozen.digest == canonical.digest(frozen.text) == version.content["digest"]
        assert state(meeting) == MinutesState.SUBMITTED
        text = get(f"reunions/{meeting.pk}/compte-rendu/", committee.caf_member)
        assert frozen.digest in text
        assert "Approuver ou demander une modification" in text

    def test_facts_stay_as_submitted(self, committee, meeting):
        decision = meeting.decisions.get()
        submit_minutes(meeting, by=committee.coordinator)
        by = {"by": committee.coordinator}
        for reason in (
            refused(events.tick_present, meeting, shown=[], present=[], **by),
            refused(decide, meeting, text="Autre", **by),
            refused(correct, decision, text="Autre", owner=None, due_on=None, **by),
            refused(write_introduction, meeting, text="A", **by),
            refused(submit_minutes, meeting, **by),
        ):
            assert "soumis à l’approbation" in reason
        report(decision, text="Fait.", is_done=True, by=committee.caf_member)

    def test_minutes_are_approved_once_each_co_chair_has_approved(self, committee, meeting):
        let_chair(committee, committee.caf)
        version = submit_minutes(meeting, by=committee.coordinator)
        approve(version, committee.caf_member)
        assert state(meeting) == MinutesState.APPROVED

    def test_a_party_that_need_not_approve_may_agree_and_nothing_else(self, committee, meeting):
        let_chair(committee, committee.caf)
        version = submit_minutes(meeting, by=committee.coordinator)
        reply = Reply(version, "change_requested", reason="À revoir.")
        assert "n’est pas requis" in refused(answers.answer, reply, by=committee.epci_member)
        approve(version, committee.epci_member)
        assert state(meeting) == MinutesState.SUBMITTED
        answers.undo(
            Agreement.objects.filter(version=version).select_related("version"),
            by=committee.epci_member,
        )

    def test_a_co_chair_whose_agreement_no_point_requires_is_asked_to_approve(
        self, committee, meeting, get
    ):
        msa, member = co_chair_without_required_agreement(committee)
        let_chair(committee, committee.caf, msa)
        version = submit_minutes(meeting, by=committee.coordinator)
        [task] = committee_tasks(member, [committee.convention], timezone.localdate())[
            committee.convention.pk
        ]
        assert task.title == "Un point attend la réponse de la MSA d’Exemple."
        assert str(minutes_of(meeting)).replace("\u00a0", " ") in get("", member)
        approve(version, committee.caf_member)
        assert state(meeting) == MinutesState.SUBMITTED
        approve(version, member)
        assert state(meeting) == MinutesState.APPROVED
        assert "Rien n’attend la réponse de la MSA d’Exemple" in get("", member)

    def test_minutes_sent_back_by_a_co_chair_alone_await_nobody(self, committee, meeting, get):
        msa, member = co_chair_without_required_agreement(committee)
        let_chair(committee, committee.caf, msa)
        version = submit_minutes(meeting, by=committee.coordinator)
        reply = Reply(version, "change_requested", reason="Un nom manque.")
        answers.answer(reply, by=member)
        required = required_of(committee.convention)
        assert point_of(version).is_returned
        assert not unreturned_versions(committee.convention, required).exists()

    def test_a_point_that_the_co_chair_need_not_agree_to_does_not_await_it(self, committee, get):
        msa, member = co_chair_without_required_agreement(committee)
        let_chair(committee, committee.caf, msa)
        committee.proposed("Ouvrir une ludothèque")
        assert "Rien n’attend la réponse de la MSA d’Exemple" in get("", member)

    def test_without_co_chairs_every_required_party_approves(self, committee, meeting):
        let_chair(committee)
        version = submit_minutes(meeting, by=committee.coordinator)
        approve(version, committee.caf_member)
        assert state(meeting) == MinutesState.SUBMITTED
        approve(version, committee.epci_member)
        assert state(meeting) == MinutesState.APPROVED

    def test_who_speaks_for_no_party_concerned_is_refused_with_the_reason(self, committee, meeting):
        version = submit_minutes(meeting, by=committee.coordinator)
        other = f.OrganisationFactory(convention=committee.convention, name="MSA d’Exemple")
        f.PartyFactory(organisation=other, agreement_required=False)
        member = f.MembershipFactory(organisation=other).user
        SeatFactory(organisation=other, user=member)
        assert "n’est pas requis" in refused(approve, version, member)
        reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
        assert "Seuls les membres" in refused(approve, version, reader)

    def test_who_was_not_there_approves_if_they_commit_the_party_today(self, committee, meeting):
        assert row_of(meeting, committee.epci_member).is_present is None
        version = submit_minutes(meeting, by=committee.coordinator)
        assert approve(version, committee.epci_member).person_name == str(committee.epci_member)
        adviser = f.MembershipFactory(organisation=committee.caf).user
        SeatFactory(organisation=committee.caf, user=adviser, kind=SeatKind.ADVISER)
        assert "Seuls les membres" in refused(approve, version, adviser)

    def test_minutes_taken_back_are_edited_and_submitted_again(self, committee, meeting):
        version = submit_minutes(meeting, by=committee.coordinator)
        approve(version, committee.caf_member)
        assert refused(take_back_minutes, meeting, reason=" ", by=committee.coordinator)
        take_back_minutes(meeting, reason="Un nom manque.", by=committee.coordinator)
        assert state(meeting) == MinutesState.DRAFTED
        write_introduction(meeting, text="Ajout.", by=committee.coordinator)
        again = submit_minutes(meeting, by=committee.coordinator)
        assert again.number == 2
        assert not again.agreements.exists()
        assert MinutesText.objects.count() == 2

    def test_an_approval_is_undone_within_half_an_hour_and_not_later(self, committee, meeting):
        version = submit_minutes(meeting, by=committee.coordinator)
        approve(version, committee.caf_member)
        last = approve(version, committee.epci_member)
        seal_approved()
        answers.undo([last], by=committee.epci_member)
        assert state(meeting) == MinutesState.SUBMITTED
        approve_again = Reply(version, last_rank=0)
        answers.answer(approve_again, by=committee.epci_member)
        later()
        seal_approved()
        version.refresh_from_db()
        assert version.published_at
        assert "publiée" in refused(
            answers.retract, version, reason="Non.", by=committee.caf_member
        )

    def test_approved_minutes_are_sent_once_to_who_was_convened(self, committee, meeting):
        Attendee.objects.create(meeting=meeting, name="Awa Diop", email="awa@exemple.fr")
        version = submit_minutes(meeting, by=committee.coordinator)
        committee.agree(version)
        mail.outbox.clear()
        later()
        for _ in range(2):
            seal_approved()
            send_letters.call()
        sent = {message.to[0]: message for message in mail.outbox}
        assert {"awa@exemple.fr", committee.caf_member.email} <= sent.keys()
        assert len(mail.outbox) == len({message.to[0] for message in mail.outbox})
        [attached] = sent["awa@exemple.fr"].attachments
        assert attached.filename.endswith(".pdf")
        assert "compte-rendu/" not in sent["awa@exemple.fr"].body
        assert "compte-rendu/" in sent[committee.caf_member.email].body

    def test_who_submits_reads_who_is_asked(self, committee, meeting, client, get, post):
        page = f"reunions/{meeting.pk}/compte-rendu/soumettre/"
        assert "demandée à la Caf d’Exemple et à" in get(page) or "la Caf d’Exemple" in get(page)
        assert "soumis" in after(client, post(page))

    def test_approval_is_no_decision_of_the_committee(self, committee, meeting, get):
        version = submit_minutes(meeting, by=committee.coordinator)
        committee.agree(version)
        assert "Compte rendu :" not in get("decisions/")


class TestFiles:
    def test_minutes_are_an_accessible_pdf(self, committee, meeting, client):
        submit_minutes(meeting, by=committee.coordinator)
        client.force_login(committee.caf_member)
        response = ask(client, url(committee, f"reunions/{meeting.pk}/compte-rendu/fichier/pdf/"))
        assert faults(response.content) == []
        assert "Ouvrir un relais" in text_of(response.content)

    def test_minutes_are_a_word_document(self, committee, meeting, client):
        write_notes(meeting, meeting.items.first(), text="Un **tour**.", by=committee.coordinator)
        client.force_login(committee.coordinator)
        address = url(committee, f"reunions/{meeting.pk}/compte-rendu/fichier/docx/")
        ask(client, address.replace("docx", "pdf"))  # which is another file
        document = docx.Document(io.BytesIO(ask(client, address).content))
        text = "\n".join(paragraph.text for paragraph in document.paragraphs)
        assert "Un tour." in text
        assert "Ouvrir un relais" in text

    def test_a_draft_is_no_file_of_a_member(self, committee, meeting, client):
        client.force_login(committee.caf_member)
        for extension in ("pdf", "xlsx"):
            address = url(committee, f"reunions/{meeting.pk}/compte-rendu/fichier/{extension}/")
            assert client.post(address).status_code == 404

    def test_the_sheet_to_sign_is_an_accessible_pdf_with_every_name(
        self, committee, meeting, client
    ):
        client.force_login(committee.coordinator)
        response = ask(client, url(committee, f"reunions/{meeting.pk}/emargement.pdf"))
        assert faults(response.content) == []
        assert str(committee.epci_member) in text_of(response.content)
        client.force_login(committee.caf_member)
        address = url(committee, f"reunions/{meeting.pk}/emargement.pdf")
        assert client.get(address).status_code == 404


class TestFinding:
    def test_a_draft_is_not_found_and_what_is_submitted_is(self, committee, meeting):
        first = meeting.items.first()
        write_notes(meeting, first, text="La halte-garderie.", by=committee.coordinator)
        write_introduction(meeting, text="Une halte-garderie.", by=committee.coordinator)
        query = parse_query("halte-garderie")
        asked = SearchRequest(committee.caf_member, committee.convention, in_days(0), query)
        assert not [hit for group in meeting_hits(asked) for hit in group.hits]
        submit_minutes(meeting, by=committee.coordinator)
        assert len([hit for group in meeting_hits(asked) for hit in group.hits]) == 2

    def test_the_archive_has_the_exact_text_of_what_was_submitted(self, committee, meeting):
        submit_minutes(meeting, by=committee.coordinator)
        frozen = MinutesText.objects.get()
        parts = list(committee_parts(committee.convention, committee.coordinator, in_days(0)))
        texts = [part.text for part in parts if getattr(part, "path", "").startswith("comptes")]
        assert texts == [frozen.text]
        [tables] = [part for part in parts if getattr(part, "name", "") == "comptes-rendus"]
        assert frozen.digest in str(tables.tables[0].rows)
        assert "soumis" in str(tables.tables[0].rows)


def test_the_coordination_has_the_task_to_submit_minutes_until_it_has(committee, meeting):
    """Nobody else has it."""

    def tasks(user):
        return minutes_tasks(user, [committee.convention], in_days(0))

    [[task]] = tasks(committee.coordinator).values()
    assert "à soumettre aux parties" in task.title
    assert tasks(committee.caf_member) == {}
    submit_minutes(meeting, by=committee.coordinator)
    assert tasks(committee.coordinator) == {}


@told_once
def approved(committee, meeting):
    """The first version of the minutes, approved half an hour ago by both parties."""
    version = submit_minutes(meeting, by=committee.coordinator)
    committee.agree(version)
    later()
    seal_approved()
    version.refresh_from_db()
    return version


class TestCorrecting:
    def begin(self, committee, meeting, reason="Nadia Perrin était présente."):
        return begin_correction(meeting, reason=reason, by=committee.coordinator)

    def submit_corrected(self, committee, meeting) -> Version:
        self.begin(committee, meeting)
        epci = row_of(meeting, committee.epci_member)
        events.tick_present(meeting, shown=[], present=[epci.pk], by=committee.coordinator)
        return submit_minutes(meeting, by=committee.coordinator)

    def test_approved_minutes_change_only_once_a_correction_is_begun(
        self, committee, meeting, approved
    ):
        act, by = {"text": "Ajout."}, {"by": committee.coordinator}
        assert "approuvé" in refused(write_introduction, meeting, **act, **by)
        self.begin(committee, meeting)
        write_introduction(meeting, **act, **by)
        assert state(meeting) == MinutesState.CORRECTED

    def test_a_correction_says_why_and_is_the_coordinations(self, committee, meeting, approved):
        assert "Dites ce qui est à corriger" in refused(self.begin, committee, meeting, " ")
        assert refused(begin_correction, meeting, reason="Non.", by=committee.caf_member)

    def test_minutes_are_not_corrected_while_an_approval_may_be_undone(self, committee, meeting):
        assert "Seul un compte rendu approuvé" in refused(self.begin, committee, meeting)
        committee.agree(submit_minutes(meeting, by=committee.coordinator))
        assert "vient d’être approuvé" in refused(self.begin, committee, meeting)

    def test_a_corrected_version_is_approved_by_the_same_parties_and_replaces_the_first(
        self, committee, meeting, approved
    ):
        corrected = self.submit_corrected(committee, meeting)
        assert (corrected.number, state(meeting)) == (2, MinutesState.SUBMITTED)
        approve(corrected, committee.caf_member)
        approved.refresh_from_db()
        assert approved.is_in_force
        approve(corrected, committee.epci_member)
        approved.refresh_from_db()
        assert (approved.is_live, state(meeting)) == (False, MinutesState.APPROVED)
        assert shown_minutes(minutes_of(meeting)).correction.endswith(
            ": Nadia Perrin était présente."
        )

    def test_the_earlier_version_stays_frozen_and_readable(self, committee, meeting, approved, get):
        before = text_of_version(minutes_of(meeting), approved).text
        committee.agree(self.submit_corrected(committee, meeting))
        assert text_of_version(minutes_of(meeting), approved).text == before
        page = f"reunions/{meeting.pk}/compte-rendu/"
        assert "Corrige la version 1" in get(page, committee.caf_member)
        first = get(f"{page}versions/1/", committee.caf_member)
        assert "Une personne présente." in first
        assert "remplacée le" in first
        get(f"{page}versions/3/", committee.caf_member, status=404)

    def test_members_read_what_is_approved_while_it_is_corrected(
        self, committee, meeting, approved, get
    ):
        self.begin(committee, meeting)
        write_introduction(meeting, text="Une autre.", by=committee.coordinator)
        page = f"reunions/{meeting.pk}/compte-rendu/"
        assert "Une autre." not in get(page, committee.caf_member)
        assert "Une autre." in get(page)

    def test_what_became_of_points_since_is_not_brought_into_a_correction(
        self, committee, meeting, approved
    ):
        before = shown_minutes(minutes_of(meeting)).items[1].points
        [version] = meeting.items.last().versions.all()
        answers.retract(version, reason="Trop tôt.", by=committee.caf_member)
        self.begin(committee, meeting)
        assert read_minutes(minutes_of(meeting)).items[1].points == before

    def test_a_corrected_version_that_is_taken_back_is_still_being_corrected(
        self, committee, meeting, approved
    ):
        self.submit_corrected(committee, meeting)
        take_back_minutes(meeting, reason="Encore un nom.", by=committee.coordinator)
        assert state(meeting) == MinutesState.CORRECTED
        assert minutes_of(meeting).version == approved

    def test_a_correction_is_given_up_while_nothing_was_changed(self, committee, meeting, approved):
        self.begin(committee, meeting)
        write_introduction(meeting, text="Ajout.", by=committee.coordinator)
        give_up = {"by": committee.coordinator}
        assert "a déjà été changé" in refused(drop_correction, meeting, **give_up)
        write_introduction(meeting, text="", by=committee.coordinator)
        drop_correction(meeting, **give_up)
        assert state(meeting) == MinutesState.APPROVED

    def test_a_correction_begun_or_given_up_twice_is_refused_the_second_time(
        self, committee, meeting, approved
    ):
        self.begin(committee, meeting)
        assert "Seul un compte rendu approuvé" in refused(self.begin, committee, meeting)
        drop_correction(meeting, by=committee.coordinator)
        assert "n’est pas en correction" in refused(
            drop_correction, meeting, by=committee.coordinator
        )

    def test_a_correction_is_begun_and_submitted_from_its_pages(
        self, committee, meeting, approved, get, post
    ):
        page = f"reunions/{meeting.pk}/compte-rendu/"
        assert "Corriger ce compte rendu" in get(page)
        post(f"{page}corriger/", reason="Un nom manque.")
        assert "Compte rendu en correction" in get(page)
        post(f"{page}soumettre/")
        assert "Un nom manque." in get(page)
        assert state(meeting) == MinutesState.SUBMITTED

    def test_minutes_frozen_before_they_had_corrections_are_still_read(
        self, committee, meeting, approved
    ):
        data = canonical.read(text_of_version(minutes_of(meeting), approved).text)
        del data["correction"]
        data["schema"] = 2
        assert content.decode(canonical.canonical(data)).correction == ""
