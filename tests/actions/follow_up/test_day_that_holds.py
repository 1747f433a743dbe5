"""From which day on what is typed of a state holds, whichever page it is typed on: from today,
unless another day is told."""

import datetime

import pytest
from django.urls import reverse

from actions.follow_up import parts
from actions.follow_up.as_of import as_of
from actions.follow_up.events import follow_up
from actions.models import Action
from tests import factories as f
from tests.actions.factories import action_in_force, in_state
from tests.actions.follow_up.following import TODAY, now
from tests.stories import told_once

pytestmark = pytest.mark.django_db

MARCH, JUNE, END = (
    datetime.date(2023, month, day) for month, day in ((3, 1), (6, 1), (12, 31))
)  # fmt: skip
PAGES = ["etat", "mes-actions", "suivi"]


@told_once
def action(committee):
    """In progress since March 2023, at 40 % in June."""
    action = action_in_force(
        committee, starts_on=datetime.date(2023, 1, 1), ends_on=datetime.date(2090, 1, 1)
    )
    action = in_state(action, "in_progress", on=MARCH)
    return stated(action, stated_progress=40, stated_on=JUNE)


def stated(action, **values) -> Action:
    """Tell what is told of the state, these values aside."""
    values = parts.STATE.values(action) | values
    follow_up(action, parts.STATE, parts.STATE.plain(values), by=None)
    return now(action)


def then(action):
    return as_of([now(action)], END)[action.pk]


@pytest.fixture(name="page")
def opened(client, committee, action):
    """``page(which)``: the form of the state as it is shown there, what it holds by name, and what
    sends it with some of that typed over."""

    def page(which):
        slug = committee.convention.slug
        if which == "mes-actions":
            client.force_login(f.MembershipFactory(organisation=committee.caf).user)
            url = f"{reverse('actions:mine', args=[slug])}?fiche={action.pk}&partie=etat"
            form = client.get(url).context["mine"].form
        elif which == "suivi":
            client.force_login(committee.coordinator)
            url = f"{reverse('actions:review', args=[slug])}?annee={TODAY().year}"
            (row,) = client.get(url).context["review"].rows
            form = row.state.form
        else:
            client.force_login(committee.coordinator)
            url = reverse("actions:follow", args=[slug, action.pk, which])
            form = client.get(url).context["form"]
        initial = {name: form[name].value() for name in form.fields}

        def send(**typed):
            values = {name: value or "" for name, value in (initial | typed).items()}
            return client.post(url, {form.add_prefix(n): value for n, value in values.items()})

        return send

    return page


@pytest.mark.parametrize("which", PAGES)
class TestWhatIsTypedToday:
    def test_a_state_is_of_today(self, action, page, which):
        assert page(which)(state="done").status_code == 302
        assert (now(action).state, now(action).state_on) == ("done", TODAY())
        assert (then(action).state, then(action).since) == ("in_progress", MARCH)

    def test_a_state_of_another_day_is_of_that_day(self, action, page, which):
        page(which)(state="done", state_on="2023-11-02")
        assert (then(action).state, then(action).since) == ("done", datetime.date(2023, 11, 2))

    def test_an_estimate_is_of_today(self, action, page, which):
        page(which)(stated_progress="80")
        assert (now(action).stated_progress, now(action).stated_on) == (80, TODAY())
        assert (then(action).percent, then(action).stated_on) == (40, JUNE)

    def test_an_estimate_is_taken_away_as_of_today(self, action, page, which):
        page(which)(stated_progress="")
        assert (now(action).stated_progress, now(action).stated_on) == (None, None)
        assert then(action).percent == 40

    def test_a_reason_is_of_today(self, action, page, which):
        stated(action, state="blocked", state_on=JUNE, state_reason="Le local est en travaux.")
        page(which)(state_reason="Le bail est dénoncé.")
        assert (now(action).state_reason, now(action).state_on) == ("Le bail est dénoncé.", JUNE)
        assert (then(action).reason, then(action).since) == ("Le local est en travaux.", JUNE)

    def test_a_form_sent_untouched_writes_no_entry(self, action, page, which):
        before = action.journal.count()
        assert page(which)().status_code == 302
        assert action.journal.count() == before


@pytest.mark.parametrize("which", ["etat", "mes-actions"])
def test_an_estimate_of_another_day_is_of_that_day(action, page, which):
    page(which)(stated_progress="60", stated_on="2023-10-05")
    assert (then(action).percent, then(action).stated_on) == (60, datetime.date(2023, 10, 5))


@pytest.mark.parametrize("which", ["etat", "mes-actions"])
def test_an_estimate_without_a_day_is_of_today(action, page, which):
    stated(action, stated_progress=None, stated_on=None)
    page(which)(stated_progress="80", stated_on="")
    assert now(action).stated_on == TODAY()


def test_the_page_says_what_a_day_that_is_left_means(client, committee, action):
    client.force_login(committee.coordinator)
    slug = committee.convention.slug
    url = reverse("actions:follow", args=[slug, action.pk, "etat"])
    text = client.get(url).content.decode()
    assert "le nouvel état vaut à partir d’aujourd’hui" in text
    assert "il est estimé aujourd’hui" in text
    review = client.get(reverse("actions:review", args=[slug]), {"annee": TODAY().year})
    assert "vaut à partir d’aujourd’hui" in review.content.decode()


def test_a_state_kept_over_that_of_somebody_else_is_of_today(client, committee, action, page):
    send = page("etat")
    stated(
        action, state="paused", state_on=TODAY() - datetime.timedelta(days=3), state_reason="Non"
    )
    response = send(state="done")
    form = response.context["form"]
    assert response.context["differences"] is not None
    assert form["state_on"].value() == TODAY().isoformat()
    url = reverse("actions:follow", args=[committee.convention.slug, action.pk, "etat"])
    client.post(url, {name: form[name].value() or "" for name in form.fields})
    assert (now(action).state, now(action).state_on) == ("done", TODAY())
    assert then(action).state == "in_progress"
