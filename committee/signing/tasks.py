"""The signature of a convention in tasks, among the steps of a first year, and in settings."""

import datetime
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from agreements.seats.voices import bench_of
from committee.signing.models import Signing
from committee.signing.reading import SigningReading
from conventions.models import Convention, Organisation
from ctg_portal.house import Blocks, FirstStep, SettingRow, Task
from ctg_portal.marks.cache import cached_each
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import enumerate_words, long_date


def signing_tasks(user: User, conventions, today: datetime.date) -> dict[int, list[Task]]:
    """Return, by convention, a task for each party for which the user may confirm the signature;
    without conventions that have none."""
    by_pk = {convention.pk: convention for convention in conventions if not convention.is_signed}
    if not by_pk:
        return {}
    tasks = {}
    for pk, recorded_on in _awaiting(list(by_pk.values())).items():
        if recorded_on is None:
            continue
        convention = by_pk[pk]
        reading = SigningReading(convention, bench_of(convention, today), user)
        if rows := reading.own_rows:
            tasks[pk] = [_task(convention, row.organisation, recorded_on) for row in rows]
    return tasks


def _task(convention: Convention, organisation: Organisation, recorded_on: datetime.date) -> Task:
    return Task(
        f"Signature de la convention à confirmer pour {organisation.the}.",
        reverse("committee:confirm_signing", args=[convention.slug, organisation.pk]),
        "Relire", since=recorded_on, blocks=Blocks.EVERYBODY,
        headline=f"La signature est à confirmer pour {organisation.the}",
    )  # fmt: skip


@cached_each(Subject.COMMITTEE, Subject.TEXT)
def _awaiting(conventions) -> dict[int, datetime.date | None]:
    """Return since when a recorded signature awaits confirmation, by convention; None without."""
    days: dict[int, datetime.date | None] = {convention.pk: None for convention in conventions}
    rows = Signing.objects.open().filter(convention__in=days)
    for pk, moment in rows.values_list("convention", "recorded_at"):
        days[pk] = timezone.localdate(moment)
    return days


def sign_convention(convention: Convention) -> Iterator[FirstStep]:
    """Yield the step of signing a convention that is not signed."""
    if not convention.is_signed:
        url = reverse("committee:signing", args=[convention.slug])
        yield FirstStep(25, "Faire signer la convention", url, False, _describe(convention))


def signature_row(convention: Convention) -> Iterator[SettingRow]:
    """Yield the row of the signature among the settings of a convention."""
    url = reverse("committee:signing", args=[convention.slug])
    yield SettingRow("Signature", _describe(convention), url)


def _describe(convention: Convention) -> str:
    """Return where the signature of a convention stands."""
    if convention.is_signed:
        return f"le {long_date(convention.signed_on)}"
    if _awaiting([convention])[convention.pk] is None:
        return "à enregistrer une fois signée"
    reading = SigningReading(convention, bench_of(convention, timezone.localdate()), None)
    names = enumerate_words(organisation.the for organisation in reading.awaited)
    return f"enregistrée, à confirmer pour {names}"
