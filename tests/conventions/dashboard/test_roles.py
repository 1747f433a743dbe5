"""What each role sees first, and each part once."""

import datetime
import re

import pytest
from django.utils import timezone

from conventions.models import Convention
from ctg_portal.house import (
    Deadline,
    StateColumn,
    StateFigure,
    StatePanel,
    Task,
    overridden,
)
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.stories import told_once

DASHBOARD = "/conventions/vallee/"
TODAY = datetime.date(2024, 3, 1)
START, END = datetime.date(2020, 1, 1), datetime.date(2024, 12, 31)
STATE = "La convention d’un coup d’œil"


@told_once
def convention(db):
    return f.ConventionFactory(slug="vallee", territory="Vallée", signed_on=START, start=START,
                               end=END)  # fmt: skip


@pytest.fixture
def theme(convention):
    return f.ThemeFactory(axis__convention=convention, title="Enfance")


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)


@pytest.fixture
def house_with(theme):
    """``house_with(tasks=…)``: rooms that bring a state, and these tasks, voices, deadlines."""

    def bring(*, tasks=(), voices=(), deadlines=()):
        column = StateColumn(
            rank=1,
            title="Indicateurs",
            by_theme={theme.pk: [1]},
            cell=lambda things, place: {"figure": len(things)},
            template="tests/cell.html",
            figure=StateFigure("11 sur 19", "indicateurs en progrès", "2 reculent", "/annee/"),
            clause="11 indicateurs sur 19 progressent",
        )
        panel = StatePanel(
            title="Recueil 2023", template="tests/panel.html", context={"lack": "4 manquent"},
            clause="le recueil 2023 n’est pas clos",
        )  # fmt: skip
        return overridden(
            tasks=[lambda user, cs, day: {c.pk: list(tasks) for c in cs}],
            state=[lambda *args: [panel, column]],
            voices=[lambda *args: list(voices)],
            deadlines=[lambda user, cs, day: {c.pk: list(deadlines) for c in cs}],
        )

    return bring


@pytest.fixture(autouse=True)
def templates(settings):
    """Two components of the tests' own."""
    engine = settings.TEMPLATES[0]
    own = {
        "tests/cell.html": "<span>{{ cell.figure }}</span>",
        "tests/panel.html": "<p>{{ panel.lack }}</p>",
    }
    loaders = engine["OPTIONS"].get("loaders") or [
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    options = engine["OPTIONS"] | {
        "loaders": [("django.template.loaders.locmem.Loader", own), *loaders]
    }
    settings.TEMPLATES = [engine | {"APP_DIRS": False, "OPTIONS": options}]


def see(client, convention, *roles):
    """The page, for somebody who has these roles in one organisation."""
    user, organisation = f.UserFactory(), f.OrganisationFactory(convention=convention)
    for role in roles:
        traits = {} if role == "contributor" else {role: True}
        f.MembershipFactory(user=user, organisation=organisation, **traits)
    client.force_login(user)
    return client.get(DASHBOARD)


POINTS = Task("Neuf points attendent la réponse de la Caf.", "/p/", "Répondre", 9,
              headline="Neuf points attendent votre réponse")  # fmt: skip
TASKS = [Task(f"Tâche {n}.", f"/{n}/", f"Bouton {n}") for n in range(1, 7)]


def buttons(html):
    return re.findall(r'class="btn btn-primary"\s+href="([^"]+)"', html)


def is_open(html):
    """Whether the table of the state is open, and not folded."""
    return f">{STATE}</h2>" in html


@pytest.mark.parametrize("roles", [["coordinator"], ["reader"], ["coordinator", "contributor"]])
def test_coordinator_and_reader_see_the_state(client, convention, house_with, roles):
    with house_with(tasks=TASKS):
        page = see(client, convention, *roles)
    html, text = page.content.decode(), text_of(page.content.decode())
    assert title(page) == (
        "À dix mois du terme, 11 indicateurs sur 19 progressent ; le recueil 2023 n’est pas clos"
    )
    assert is_open(html)
    assert "4 manquent" in text
    assert "2 reculent" not in text
    assert html.count('class="glance"') == 1


def test_three_tasks_are_shown_with_one_button_and_the_others_counted(
    client, convention, house_with
):
    with house_with(tasks=TASKS):
        html = see(client, convention, "coordinator").content.decode()
    assert buttons(html) == ["/1/"]
    shown, folded = html[html.index('class="todo"') :].split("<details", 1)
    assert all(f"Tâche {n}." in shown for n in (1, 2, 3))
    assert all(f"Tâche {n}." in folded for n in (4, 5, 6))
    assert "Tout voir 3 autres tâches" in text_of(html)


def test_three_tasks_need_no_fold(client, convention, house_with):
    with house_with(tasks=TASKS[:3]):
        assert "Tout voir" not in text_of(see(client, convention, "reader").content.decode())


def test_member_reads_what_awaits_her_then_three_figures(client, convention, house_with):
    voices = ["Vous répondez pour la Caf ; l’agglomération est déjà d’accord sur six."]
    with house_with(tasks=[POINTS, TASKS[0]], voices=voices):
        page = see(client, convention, "reader")
    html, text = page.content.decode(), text_of(page.content.decode())
    assert title(page) == "Neuf points attendent votre réponse"
    assert text.index("réponse Vous répondez pour la Caf") < text.index("Répondre À faire ensuite")
    assert POINTS.title not in text
    assert buttons(html) == ["/p/"]
    assert "11 sur 19 indicateurs en progrès 2 reculent" in text
    assert "4 manquent" not in text
    assert not is_open(html)
    assert html.count('class="glance"') == 1


def test_agent_reads_what_is_owed_with_one_button(client, convention, house_with):
    sentence = "Quatre données de 2023 sont attendues avant le 29 février 2024"
    owed = Task("…", "/saisie/", "Saisir mes données", headline=sentence)
    with house_with(tasks=[owed]):
        page = see(client, convention, "contributor")
    assert title(page) == owed.headline
    assert buttons(page.content.decode()) == ["/saisie/"]
    assert "À faire" not in text_of(page.content.decode())


def test_an_agent_of_whom_nothing_is_asked_does_not_read_that_there_is_nothing_to_enter(
    client, convention, house_with
):
    """A commune gives its figures where it has some: nobody asks for them."""
    with house_with():
        text = text_of(see(client, convention, "contributor").content.decode())
    assert "Rien ne vous est demandé aujourd’hui." in text
    assert "rien à faire" not in text


def test_member_with_nothing_to_do_reads_the_state(client, convention, house_with):
    with house_with(voices=["Vous siégez à titre consultatif pour l’Udaf."]):
        page = see(client, convention, "reader")
    assert title(page).startswith("À dix mois du terme")
    text = text_of(page.content.decode())
    assert "Vous n’avez rien à faire ici aujourd’hui." in text
    assert "Vous siégez à titre consultatif pour l’Udaf." in text


def test_two_roles_see_the_parts_of_both_once(client, convention, house_with):
    voices = ["Vous répondez pour Grand Exemple."]
    with house_with(tasks=[POINTS, POINTS, *TASKS], voices=voices):
        page = see(client, convention, "coordinator", "contributor", "reader")
    html, text = page.content.decode(), text_of(page.content.decode())
    assert text.count("Neuf points attendent") == 1
    assert text.count("Vous répondez pour Grand Exemple.") == 1
    assert text.count("4 manquent") == text.count(STATE) == html.count('class="glance"') == 1
    assert buttons(html) == ["/p/"]


def test_the_end_of_the_convention_stands_beneath_the_tasks(
    client, convention, house_with, monkeypatch
):
    monkeypatch.setattr(timezone, "localdate", lambda: END + datetime.timedelta(days=1))
    sentence = "La convention est arrivée à son terme le 31 décembre 2024."
    for roles in (["coordinator"], ["contributor"]):
        with house_with(tasks=TASKS):
            text = text_of(see(client, convention, *roles).content.decode())
        assert text.index("Bouton 1") < text.index(sentence)


def test_calendar_has_the_next_days_first_and_folds_the_others(client, convention, house_with):
    days = [Deadline(END - datetime.timedelta(days=n), f"Jour {n}", f"/j{n}/") for n in range(6)]
    with house_with(deadlines=days):
        html = see(client, convention, "reader").content.decode()
    text = text_of(html)
    assert "26 décembre 2024 Jour 5 27 décembre 2024 Jour 4" in text
    assert "Plus tard 2 autres échéances" in text
    assert '<a href="/j5/">Jour 5</a>' in html


@pytest.mark.parametrize("role", ["coordinator", "contributor"])
def test_a_convention_of_a_demonstration_says_so_once(client, convention, house_with, role):
    with house_with():
        assert "Données fictives" not in text_of(see(client, convention, role).content.decode())
        Convention.objects.update(is_fictional=True)
        text = text_of(see(client, convention, role).content.decode())
    assert text.count("Données fictives") == 1


def test_a_dashboard_without_state_links_to_the_axes(client, convention):
    with overridden(state=[]):
        html = see(client, convention, "reader").content.decode()
    assert "aucun chiffre n’est recueilli" in html
    assert f'<a href="{DASHBOARD}axes/">' in html


def test_the_list_of_four_conventions_takes_three_queries_and_shows_the_next_day(
    client, convention, house_with, django_assert_max_num_queries
):
    user = f.MembershipFactory(organisation__convention=convention, reader=True).user
    for number in range(3):
        other = f.ConventionFactory(territory=f"Autre {number}", signed_on=START, start=START)
        f.MembershipFactory(organisation__convention=other, user=user, reader=True)
    client.force_login(user)
    day = Deadline(END, "Terme de la convention")
    with house_with(tasks=[POINTS, *TASKS], deadlines=[day]), django_assert_max_num_queries(3):
        page = client.get("/conventions/")
    text = text_of(page.content.decode())
    assert title(page) == "Quelque chose vous attend dans 4 de vos 4 conventions"
    sentence = "Neuf points attendent la réponse de la Caf. Répondre (Autre 0) et 6 autres tâches"
    assert f"Autre 0 {sentence} 31 décembre 2024 : Terme de la convention" in text
