"""What runs by itself, and the administration that changes nothing."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.core.management import call_command, get_commands
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from post_office.models import Email

from accounts.admin import InvitationAdmin, UserAdmin
from conventions.models import Membership
from ctg_portal.clock import jobs
from ctg_portal.clock.heartbeats import beat, last_beat
from ctg_portal.clock.runner import Clock
from ctg_portal.house import Job, house, job, overridden
from ctg_portal.management.commands import clock as clock_command
from tests import factories as f

# The clock -----------------------------------------------------------------------------------


@pytest.fixture
def ran():
    """What jobs note when they run."""
    return []


def noting(ran, name, **every):
    return Job(name, lambda: ran.append(name), every=timedelta(**every))


def test_job_runs_at_once_then_when_its_time_has_passed(ran):
    clock = Clock([noting(ran, "mail", minutes=1)])
    assert clock.run_due(now=1000.0) == ["mail"]
    assert clock.run_due(now=1059.9) == []
    assert clock.run_due(now=1060.0) == ["mail"]
    assert clock.run_due(now=1061.0) == []
    assert ran == ["mail", "mail"]


def test_each_job_has_its_own_time(ran):
    clock = Clock([noting(ran, "mail", minutes=1), noting(ran, "cleaning", hours=12)])
    clock.run_due(now=0.0)
    ran.clear()
    for minute in range(1, 4):
        clock.run_due(now=minute * 60.0)
    clock.run_due(now=12 * 3600.0)
    assert ran == ["mail", "mail", "mail", "mail", "cleaning"]


def test_failing_job_is_logged_and_the_others_still_run(ran, caplog):
    def fail():
        raise RuntimeError("le serveur est tombé")

    clock = Clock([Job("broken", fail, every=timedelta(minutes=1)), noting(ran, "mail", minutes=1)])
    assert clock.run_due(now=0.0) == ["mail"]
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert record.getMessage() == "Job broken failed"
    assert "le serveur est tombé" in caplog.text


def test_failing_job_waits_for_its_next_turn(ran, caplog):
    def fail():
        ran.append("broken")
        raise RuntimeError

    clock = Clock([Job("broken", fail, every=timedelta(minutes=1))])
    for now in (0.0, 30.0, 60.0):
        clock.run_due(now)
    assert ran == ["broken", "broken"]


def test_a_rare_job_that_failed_is_tried_again_within_a_minute(ran, caplog):
    def fail():
        ran.append("broken")
        raise RuntimeError

    clock = Clock([Job("broken", fail, every=timedelta(hours=12))])
    for now in (0.0, 30.0, 60.0):
        clock.run_due(now)
    assert ran == ["broken", "broken"]


def test_clock_once_runs_every_job_then_stops(ran, monkeypatch):
    monkeypatch.setattr(clock_command.time, "sleep", lambda seconds: pytest.fail("it waits"))
    with overridden(jobs=[noting(ran, "mail", minutes=1), noting(ran, "cleaning", hours=12)]):
        call_command("clock", once=True)
    assert ran == ["mail", "cleaning"]


def test_clock_goes_on_until_it_is_stopped(ran, monkeypatch):
    def wait(seconds):
        ran.append(seconds)
        if len(ran) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(clock_command, "close_old_connections", lambda: ran.append("connections"))
    monkeypatch.setattr(clock_command.time, "sleep", wait)
    jobs = [noting(ran, "mail", minutes=1)]
    with overridden(jobs=jobs), pytest.raises(KeyboardInterrupt):
        call_command("clock")
    assert ran == ["mail", "connections", 15.0]
    assert last_beat("clock")


def test_clock_outlives_its_database(ran, monkeypatch, caplog):
    def fail(name):
        raise OperationalError("the server closed the connection unexpectedly")

    def wait(seconds):
        ran.append(seconds)
        if len(ran) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(clock_command, "beat", fail)
    monkeypatch.setattr(clock_command.connections, "close_all", lambda: None)
    monkeypatch.setattr(clock_command, "close_old_connections", lambda: None)
    monkeypatch.setattr(clock_command.time, "sleep", wait)
    with overridden(jobs=[]), pytest.raises(KeyboardInterrupt):
        call_command("clock")
    assert ran == [15.0, 15.0]


def test_the_portal_and_its_chapters_have_put_their_jobs_on_the_clock():
    jobs_of_the_design = {"portal.send_mail", "portal.clean_up", "accounts.clear_sessions"}
    assert jobs_of_the_design <= {job.name for job in house().jobs}
    assert job("portal.send_mail").every <= timedelta(minutes=5)


def test_clean_up_forgets_old_messages_and_finished_tasks(db, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    now = timezone.now()
    for days in (29, 31):
        message = Email.objects.create(to=["a@caf.example"], from_email="p@ctg.example", status=0)
        Email.objects.filter(pk=message.pk).update(created=now - timedelta(days=days))
    for days in (13, 15):
        DBTaskResult.objects.create(
            status="SUCCESSFUL",
            args_kwargs={"args": [], "kwargs": {}},
            task_path="ctg_portal.mail.deliver_queued_mail",
            backend_name="default",
            run_after=now,
            finished_at=now - timedelta(days=days),
        )
    jobs.clean_up()
    assert [(now - message.created).days for message in Email.objects.all()] == [29]
    assert [(now - task.finished_at).days for task in DBTaskResult.objects.all()] == [13]


def test_a_worker_of_the_former_name_is_ours():
    assert get_commands()["db_worker"] == get_commands()["worker"] == "documents"


def test_tasks_of_a_killed_worker_do_not_run_for_ever(db, monkeypatch):
    now = timezone.now()
    tasks = {
        worker: DBTaskResult.objects.create(
            status="RUNNING",
            args_kwargs={"args": [], "kwargs": {}},
            task_path="ctg_portal.mail.deliver_queued_mail",
            backend_name="default",
            run_after=now,
            started_at=now,
            worker_ids=[worker],
        )
        for worker in ("killed", "alive")
    }
    jobs.end_lost_tasks()
    assert DBTaskResult.objects.running().count() == 2  # they have only just begun
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=3))
    beat("worker:alive")
    jobs.end_lost_tasks()
    assert list(DBTaskResult.objects.running()) == [tasks["alive"]]
    assert "WorkerLost" in DBTaskResult.objects.get(status="FAILED").exception_class_path
    assert job("portal.end_lost_tasks").run is jobs.end_lost_tasks


# The administration --------------------------------------------------------------------------

REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)


def admin_url(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def operator(client, db):
    user = f.UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.mark.usefixtures("operator")
def test_operator_sees_the_list_of_what_is_registered(client):
    page = client.get(reverse("admin:index")).content.decode()
    assert "Portail CTG – consultation technique" in page
    assert "conventions" in page
    for model in REGISTERED:
        assert client.get(admin_url(model, "changelist")).status_code == 200, model._meta.label


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_administration_adds_changes_and_deletes_nothing(model, client, operator, rf):
    assert client.get(admin_url(model, "add")).status_code == 403
    assert client.post(admin_url(model, "add"), {}).status_code == 403
    model_admin, request = admin.site._registry[model], rf.get("/")
    request.user = operator
    assert model_admin.has_view_permission(request)
    assert not model_admin.has_change_permission(request)
    assert not model_admin.has_delete_permission(request)
    assert model_admin.get_actions(request) == {}


@pytest.mark.usefixtures("operator")
def test_row_is_shown_and_cannot_be_changed_or_deleted(client):
    access = f.MembershipFactory()
    page = client.get(admin_url(Membership, "change", access.pk))
    assert page.status_code == 200
    assert access.user.full_name in page.content.decode()
    change = {"role": "coordinator", "user": access.user_id}
    assert client.post(admin_url(Membership, "change", access.pk), change).status_code == 403
    delete = admin_url(Membership, "delete", access.pk)
    assert client.post(delete, {"post": "yes"}).status_code == 403
    access.refresh_from_db()
    assert access.role == "contributor"


def test_administration_hides_what_opens_an_account():
    shown = {model._meta.label for model in admin.site._registry}
    assert shown >= {"accounts.User", "conventions.Membership"}
    assert not shown & {"mfa.Authenticator", "post_office.Email", "post_office.Attachment"}
    assert "password" in UserAdmin.exclude
    assert "token_digest" in InvitationAdmin.exclude


@pytest.mark.parametrize("path", ["/administration/", "/administration/accounts/user/"])
def test_administration_is_closed_to_others(path, client, db):
    assert client.get(path).status_code == 302
    client.force_login(f.MembershipFactory(coordinator=True).user)
    assert client.get(path, follow=True).status_code == 403
