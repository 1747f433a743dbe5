"""A theme is given to somebody to write: that text alone, until taken back or the access ends."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from conventions.models import Membership
from ctg_portal.rules import Refused
from evaluation.models import Narrative, Part, Writer
from evaluation.writing.events import give_theme, take_back, write_narrative, write_year_text
from evaluation.writing.notices import ThemeGiven
from evaluation.writing.tasks import themes_to_write
from notifications.models import Notice
from tests import factories as f
from tests.committee.pages import after, page_of, value_of
from tests.evaluation.publication.scene import YEAR, published, written_year
from tests.indicators.factories import campaign_of
from tests.notifications.posting import sent_with
from tests.stories import told_once


@told_once
def theme(committee):
    committee.campaign = campaign_of(committee, 2023)
    return committee.orientation.theme


@told_once
def person(committee):
    """Somebody of an association, who only reads."""
    return f.MembershipFactory(organisation=committee.epci, reader=True).user


def url_of(committee, theme, what="") -> str:
    name = f"evaluation:narrative{what and '_'}{what}"
    return reverse(name, args=[committee.convention.slug, 2023, theme.pk])


def give(committee, theme, person, **values) -> Writer:
    return give_theme(theme, 2023, person, by=committee.coordinator, **values)


def can_write(theme, person) -> bool:
    narrative = Narrative.objects.for_theme(theme, 2023).first()
    try:
        write_narrative(
            theme, 2023, "Un texte.", revision=narrative.revision if narrative else 0, by=person
        )
    except Refused:
        return False
    return True


class TestWhoWrites:
    def test_a_writer_writes_the_given_text_and_no_other(self, committee, theme, person):
        assert not can_write(theme, person)
        give(committee, theme, person)
        other = f.ThemeFactory(axis=theme.axis)
        assert can_write(theme, person)
        assert not can_write(theme, committee.caf_member)
        assert not can_write(other, person)
        with pytest.raises(Refused):
            write_narrative(theme, 2022, "x", revision=0, by=person)
        with pytest.raises(Refused):
            write_year_text(committee.convention, 2023, Part.CONCLUSION, "x", revision=0, by=person)

    def test_a_writer_no_longer_writes_a_text_taken_back(self, committee, theme, person):
        given = give(committee, theme, person)
        take_back(given, by=committee.coordinator)
        assert not can_write(theme, person)
        give(committee, theme, person)
        assert can_write(theme, person)

    def test_a_writer_no_longer_writes_after_the_last_day(self, committee, theme, person):
        today = timezone.localdate()
        given = give(committee, theme, person, until=today)
        assert can_write(theme, person)
        Writer.objects.filter(pk=given.pk).update(until=today - datetime.timedelta(1))
        assert not can_write(theme, person)
        # It may be given again.
        give(committee, theme, person)
        assert can_write(theme, person)

    def test_a_writer_without_access_no_longer_writes(self, committee, theme, person):
        give(committee, theme, person)
        access = Membership.objects.filter(user=person)
        access.update(state="suspended")
        assert not can_write(theme, person)
        access.update(state="confirmed", ended_at=timezone.now())
        assert not can_write(theme, person)


class TestGiving:
    def test_only_the_coordinator_gives_and_takes_back(self, committee, theme, person):
        for by in (person, committee.caf_member):
            with pytest.raises(Refused):
                give_theme(theme, 2023, person, by=by)
        given = give(committee, theme, person)
        # Who writes it does not give it on.
        for by in (person, committee.caf_member):
            with pytest.raises(Refused):
                take_back(given, by=by)
            with pytest.raises(Refused):
                give_theme(theme, 2023, committee.caf_member, by=by)

    def test_a_theme_is_not_given_to_a_person_without_access(self, committee, theme):
        for stranger in (f.UserFactory(), f.MembershipFactory().user):
            with pytest.raises(Refused, match="accès"):
                give(committee, theme, stranger)

    def test_giving_twice_or_for_a_past_day_is_refused(self, committee, theme, person):
        with pytest.raises(Refused, match="passé"):
            give(committee, theme, person, until=timezone.localdate() - datetime.timedelta(1))
        give(committee, theme, person)
        with pytest.raises(Refused, match="déjà"):
            give(committee, theme, person)
        assert Writer.objects.count() == 1


class TestPages:
    def test_the_coordinator_gives_and_takes_back_a_text_on_its_pages(
        self, client, committee, theme, person
    ):
        client.force_login(committee.coordinator)
        assert "Confier ce texte à quelqu’un" in page_of(client.get(url_of(committee, theme)))
        url = url_of(committee, theme, "give")
        page = page_of(client.get(url))
        assert str(person) in page
        assert str(committee.coordinator) not in page.split("Choisir une personne")[1]
        access = person.memberships.get()
        text = after(client, client.post(url, {"access": access.pk, "until": ""}))
        assert f"Confié à {person}" in text
        back = reverse(
            "evaluation:narrative_take_back",
            args=[committee.convention.slug, 2023, theme.pk, Writer.objects.get().pk],
        )
        assert f"Confié à {person}" not in after(client, client.post(back))

    def test_the_writer_writes_her_text_and_sees_nothing_more(
        self, client, committee, theme, person
    ):
        client.force_login(person)
        complete = reverse("evaluation:complete", args=[committee.convention.slug, 2023])
        assert client.get(url_of(committee, theme)).status_code == 403
        assert client.get(complete).status_code == 403
        give(committee, theme, person)
        page = client.get(complete)
        assert url_of(committee, theme) in page.content.decode()
        assert "1 texte vous est confié" in page_of(page).replace("\u00a0", " ")
        assert "Chez vous" not in page_of(page)
        assert "Confier" not in page_of(client.get(url_of(committee, theme)))
        assert client.get(url_of(committee, theme, "give")).status_code == 403
        sent = {"text": "Onze communes.", "revision": 0}
        assert "Le texte est enregistré." in after(
            client, client.post(url_of(committee, theme), sent)
        )
        assert value_of(client.get(url_of(committee, theme)), "text") == "Onze communes."

    def test_a_writer_is_not_found_under_another_text(self, client, committee, theme, person):
        given = give(committee, theme, person)
        other = f.ThemeFactory(axis=theme.axis)
        client.force_login(committee.coordinator)
        back = reverse(
            "evaluation:narrative_take_back",
            args=[committee.convention.slug, 2023, other.pk, given.pk],
        )
        assert client.post(back).status_code == 404


class TestTaskAndMail:
    def tasks(self, committee, person):
        by_convention = themes_to_write(person, [committee.convention], timezone.localdate())
        return [task.title for task in by_convention.get(committee.convention.pk, [])]

    def test_a_given_text_is_a_task_of_the_writer_until_written(
        self, client, committee, theme, person
    ):
        give(committee, theme, person)
        assert self.tasks(committee, person) == [f"Le bilan 2023 de « {theme} » vous est confié."]
        client.force_login(person)
        dashboard = client.get(committee.convention.get_absolute_url())
        assert "vous est confié" in page_of(dashboard)
        assert url_of(committee, theme) in dashboard.content.decode()
        assert self.tasks(committee, committee.caf_member) == []
        write_narrative(theme, 2023, "Écrit.", revision=0, by=person)
        assert self.tasks(committee, person) == []

    def test_a_text_taken_back_or_without_access_is_no_task(self, committee, theme, person):
        given = give(committee, theme, person)
        Membership.objects.filter(user=person).update(state="suspended")
        assert self.tasks(committee, person) == []
        Membership.objects.filter(user=person).update(state="confirmed")
        take_back(given, by=committee.coordinator)
        assert self.tasks(committee, person) == []

    def test_a_given_text_is_mailed_to_the_writer(self, committee, theme, person):
        give(committee, theme, person)
        assert Notice.objects.filter(kind=ThemeGiven.kind).count() == 1
        mails = sent_with(ThemeGiven.kind, "vous est confié")
        assert list(mails) == [person.email]
        assert url_of(committee, theme) in mails[person.email]

    def test_a_text_taken_back_is_not_mailed(self, committee, theme, person):
        take_back(give(committee, theme, person), by=committee.coordinator)
        assert sent_with(ThemeGiven.kind, "vous est confié") == {}


def test_a_given_text_of_a_published_year_is_no_task(db):
    committee = written_year()
    reader = f.MembershipFactory(organisation=committee.epci, reader=True).user
    theme = f.ThemeFactory(axis=committee.theme.axis)
    give_theme(theme, YEAR, reader, by=committee.coordinator)
    convention, today = committee.convention, timezone.localdate()
    assert themes_to_write(reader, [convention], today)
    published(committee)
    assert not themes_to_write(reader, [convention], today)
