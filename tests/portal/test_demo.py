"""The demonstration: who may play it, what it shows, that it is played once."""

import re
from collections import Counter
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from actions.models import Action
from agreements.models import Agreement, Answer, Version
from conventions.models import Convention, Membership
from ctg_portal.demo import run_steps
from ctg_portal.templatetags.french import long_date
from evaluation.models import Edition, Narrative, Printing, Rendition
from evaluation.publication import demo as publication
from evaluation.year.lacks import lacking_of
from indicators.collection.progress import tallies
from indicators.models import Campaign, Indicator, Value
from indicators.series import counts as series_counts
from indicators.series.attainment import Movement
from indicators.series.reading import read_series
from tests.bench.committee import add_points
from tests.bench.others import add_conventions
from tests.documents.reading import text_of
from tests.evaluation.year.counted import missing_on_pages
from tests.golden.stage import undone
from tests.kept import demonstration, draw_documents, undrawn_demonstration
from tests.stories import told_once

# Where the journeys in the browser have it already.
pytestmark = [pytest.mark.postgresql, pytest.mark.long]

# The accounts of the design, with the role of each.
DEMO_ACCOUNTS = {
    "coordination": "coordinator",
    "copil-caf": "reader",
    "copil-agglo": "reader",
    "copil-msa": "referent",
    "delegation-caf": "reader",
    "adviser-caf": "reader",
    "agent-caf": "referent",
    "agent-caf-2": "contributor",
    "agent-msa": "contributor",
    "agent-agglo": "referent",
    "agent-commune": "contributor",
    "ressource": "reader",
    "proposee-caf": "contributor",
    "lecture": "reader",
    "etranger": "coordinator",
}


def snapshot() -> dict[str, list]:
    """Every row of the portal's own tables and of the log-in's addresses, as it is."""
    models = [
        model
        for model in apps.get_models()
        if model._meta.app_label in {"conventions", "accounts", "account"}
    ]
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in models}


@told_once(name="demonstration")
def filled(db):
    with TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        demonstration().put_back(Path(folder))


def test_demo_is_refused_outside_development(db, settings):
    settings.DEBUG = False
    with pytest.raises(CommandError) as refused:
        call_command("demo")
    assert str(refused.value) == (
        "La démonstration ouvre des comptes au mot de passe connu : elle est refusée tant que "
        "DEBUG est désactivé."
    )
    assert not User.objects.exists()
    assert not Convention.objects.exists()


@pytest.mark.usefixtures("demonstration")
def test_demo_run_again_changes_nothing(settings):
    settings.DEBUG = True
    before = snapshot()
    call_command("demo")
    after = snapshot()
    assert len(before["conventions.Convention"]) == 2
    for label, rows in before.items():
        assert after[label] == rows, label


@pytest.mark.usefixtures("demonstration")
def test_demo_opens_the_accounts_of_the_design():
    accounts = {
        access.user.email.removesuffix("@demo.example"): access.role
        for access in Membership.objects.active().select_related("user")
    }
    assert accounts == DEMO_ACCOUNTS
    assert User.objects.count() == len(DEMO_ACCOUNTS)


@pytest.mark.usefixtures("demonstration")
def test_demo_accounts_see_their_convention_only():
    for user in User.objects.all():
        slugs = set(Convention.objects.visible_to(user).values_list("slug", flat=True))
        expected = (
            "val-de-claise-fictif" if user.email.startswith("etranger") else "grand-chatellerault"
        )
        assert slugs == {expected}, user.email


@pytest.mark.usefixtures("demonstration")
def test_demo_accounts_log_in_with_the_password_of_the_demonstration(client, settings):
    credentials = {"login": "coordination@demo.example", "password": settings.DEMO_PASSWORD}
    assert client.post("/connexion/", credentials).status_code == 302
    assert "_auth_user_id" in client.session
    assert all(user.check_password(settings.DEMO_PASSWORD) for user in User.objects.all())


@pytest.mark.usefixtures("demonstration")
def test_demo_gives_its_accounts_the_password_that_is_configured_today(settings):
    settings.DEBUG = True
    settings.DEMO_PASSWORD = "une-autre-phrase-2027"
    call_command("demo")
    assert all(user.check_password("une-autre-phrase-2027") for user in User.objects.all())


@pytest.mark.usefixtures("demonstration")
def test_demo_prints_where_to_go_and_as_whom_and_what_each_step_took(settings, capsys):
    settings.DEBUG = True
    call_command("demo")
    printed = capsys.readouterr().out
    for step in ("Base de données", "Plan d’actions", "Indicateurs et chiffres"):
        assert re.search(rf"^{step} … \d+\ss$", printed, re.M)
    assert re.search(r"^Démonstration prête en \d+\ss\.$", printed, re.M)
    assert settings.SITE_URL in printed
    assert settings.DEMO_PASSWORD in printed
    for account in DEMO_ACCOUNTS:
        assert f"{account}@demo.example" in printed


@pytest.mark.usefixtures("demonstration")
def test_all_pages_of_the_demonstration_count_the_same_of_what_its_open_year_lacks(client):
    campaign = Campaign.objects.get(state="open")
    client.force_login(User.objects.get(email="coordination@demo.example"))
    counts = missing_on_pages(client, campaign.convention, campaign.year)
    assert counts.pop("submission") == set()  # refused while the collection is open
    figures = f"{tallies(campaign.convention)[campaign.pk].owed} chiffres"
    elements = f"{lacking_of(campaign.convention, campaign).count} elements"
    for name in ("dashboard", "introduction", "conclusion"):
        assert counts.pop(name) == {figures}, name
    of_organisations = counts.pop("collection") - {figures}
    assert f"{sum(int(part.split()[0]) for part in of_organisations)} chiffres" == figures
    for name, shown in counts.items():
        assert shown == {elements, figures}, name


class Interrupted(BaseException):
    """Whoever plays the demonstration has pressed Ctrl-C."""


# What later steps agree to.
LATER = ["evaluation", "indicator", "public_page"]
# In the middle of each step, a function that it calls, and at which of its calls.
INTERRUPTIONS = [
    ("conventions.demo.give_access", 5),
    ("committee.demo.propose", 4),
    ("actions.demo.add_action", 4),
    ("actions.demo_follow_up.follow_up", 3),
    ("indicators.demo.agree", 3),
    ("evaluation.demo.write_narrative", 3),
    ("evaluation.publication.events.propose", 2),
]
# One in each step up to that of the indicators.
FIRST_STEPS = [*INTERRUPTIONS[:3], INTERRUPTIONS[4]]


@contextmanager
def interrupted(name: str, call: int):
    """Interrupts what is played within at a call of a function."""
    function, calls = import_string(name), count(1)

    def interrupts(*args, **kwargs):
        if next(calls) == call:
            raise Interrupted
        return function(*args, **kwargs)

    with mock.patch(name, interrupts), pytest.raises(Interrupted):
        yield


def content() -> dict:
    """What the demonstration has written, without keys and without the moment of writing."""
    return {
        "rows": {model._meta.label: model.objects.count() for model in apps.get_models()},
        "versions": sorted(
            Version.objects.values_list("kind", "title", "number", "state", "published_at"), key=str
        ),
        "editions": sorted(
            Edition.objects.values_list(
                "evaluation__year", "number", "state", "submitted_at", "published_at"
            )
        ),
        "documents": sorted(
            Printing.objects.values_list(
                "edition__evaluation__year", "edition__number", "rendition", "state"
            )
        ),
        "figures": sorted(
            Value.objects.values_list(
                "campaign_indicator__campaign__year", "state", "absence", "number"
            ),
            key=str,
        ),
    }


def rooms_content() -> list:
    """What the steps before that of the indicators have written."""
    return [
        *sorted(Version.objects.exclude(kind__in=LATER).values_list(
            "kind", "title", "number", "state"), key=str),
        {model._meta.label: model.objects.count() for model in apps.get_models()
         if model._meta.app_label in {"accounts", "actions", "conventions"}},
    ]  # fmt: skip


def test_steps_that_are_interrupted_leave_nothing_and_begin_anew(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with undone():
        demonstration().put_back(tmp_path)
        expected = rooms_content()
    for step in FIRST_STEPS:
        with interrupted(*step):
            run_steps()
    assert not Indicator.objects.exists()
    assert rooms_content() == expected


def test_interrupted_documents_are_drawn_when_the_demonstration_is_played_again(
    db, settings, tmp_path, client, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    with undone():
        demonstration().put_back(tmp_path / "whole")
        expected = content()
    undrawn_demonstration().put_back(tmp_path)
    draw_with_an_interruption(client, settings, django_capture_on_commit_callbacks)
    assert content() == expected


@pytest.mark.explorer(
    stands_for=[
        "tests/portal/test_demo.py::test_steps_that_are_interrupted_leave_nothing_and_begin_anew",
        "tests/portal/test_demo.py"
        "::test_interrupted_documents_are_drawn_when_the_demonstration_is_played_again",
    ]
)
def test_a_demonstration_that_is_interrupted_and_played_again_is_whole(
    db, settings, tmp_path, client, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    with undone():
        demonstration().put_back(tmp_path)
        expected = content()
    for interruption in INTERRUPTIONS:
        with interrupted(*interruption):
            run_steps()
    run_steps()
    draw_with_an_interruption(client, settings, django_capture_on_commit_callbacks)
    assert content() == expected


def draw_with_an_interruption(client, settings, capture_on_commit_callbacks) -> None:
    """The worker draws the documents that all steps have asked for; it looks again while it
    does, and no more once all are drawn."""
    convention = Convention.objects.get(slug="grand-chatellerault")
    with undone():
        client.force_login(User.objects.get(email="coordination@demo.example"))
        page = client.get("/conventions/grand-chatellerault/evaluations/2022/publication/")
    assert "le document à publier est en préparation" in page.content.decode()
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    with capture_on_commit_callbacks(execute=True):
        publication.play(convention)
    assert DBTaskResult.objects.get().run_after > timezone.now()
    DBTaskResult.objects.all().delete()
    with interrupted("evaluation.publication.demo.write_year_text", 1):
        draw_documents()
    draw_documents()
    drawn = content()
    with capture_on_commit_callbacks(execute=True):
        publication.play(convention)
    assert not DBTaskResult.objects.exists()
    assert content() == drawn


def test_demo_documents_say_the_day_on_which_they_were_published(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    demonstration().put_back(tmp_path)
    printings = Printing.objects.filter(is_final=True, rendition=Rendition.WHOLE)
    assert printings
    for printing in printings:
        day = " ".join(long_date(timezone.localdate(printing.edition.published_at)).split())
        with printing.file.open() as file:
            assert f"publiée le {day}" in " ".join(text_of(file.read()).split())


@pytest.mark.usefixtures("demonstration")
def test_the_bench_adds_points_and_conventions_to_the_demonstration():
    real = Convention.objects.get(slug="grand-chatellerault")
    add_points(real, 2)
    assert Version.objects.of(real).filter(title__startswith="Objectif proposé numéro").count() == 2
    add_conventions(real, 1)
    copy = Convention.objects.get(slug="copie-0")
    assert copy.axes.count() == real.axes.count()
    for model in (Agreement, Action, Value):
        assert model.objects.of(copy).count(), model


@pytest.mark.usefixtures("demonstration")
def test_demo_shows_every_case_of_figures():
    convention = Convention.objects.get(slug="grand-chatellerault")
    indicators = Indicator.objects.of(convention).prefetch_related("targets")
    by_theme = Counter(indicators.values_list("theme__number", flat=True))
    assert sum(by_theme.values()) == 41
    assert len(by_theme) == 7
    assert min(by_theme.values()) >= 3
    standings = Counter(indicators.values_list("standing", flat=True))
    assert standings == {"in_force": 36, "proposed": 4, "draft": 1}
    answers = Agreement.objects.filter(version__in=Version.objects.about_rows(indicators))
    assert {Answer.AGREED, Answer.CHANGE_REQUESTED, Answer.DELIBERATION} <= set(
        answers.values_list("answer", flat=True)
    )
    campaigns = Campaign.objects.of(convention)
    assert dict(campaigns.values_list("year", "state")) == {
        2020: "closed", 2021: "closed", 2022: "closed", 2023: "closed", 2024: "open"
    }  # fmt: skip
    assert all(campaign.is_fictional for campaign in campaigns)
    assert set(Narrative.objects.of(convention).filter(year=2023).values_list("theme__number",
               flat=True)) == set(by_theme)  # fmt: skip
    series = read_series(convention, indicators)
    counts = {year: series_counts.count(series, year) for year in range(2020, 2025)}
    assert counts[2023].setback >= 2
    assert counts[2023].missing
    assert counts[2023].progress > counts[2023].setback
    assert counts[2022][Movement.BROKEN] == 1
    assert counts[2021][Movement.SECRET] == 1
    stages = set(Value.objects.filter(campaign_indicator__campaign__year=2024).values_list(
        "state", flat=True))  # fmt: skip
    assert stages == {"draft", "submitted", "verified", "returned"}
