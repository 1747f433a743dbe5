"""What it costs to read and keep a file of figures: 2,000 values as the worker keeps them, 10,000
rows up to the roles of their columns, compared, then kept, and the same rows by
django-import-export, in the same run."""

import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction

from accounts.models import User
from indicators.models import Campaign, CampaignIndicator, Indicator, Value
from indicators.values.files.importing import ImportOfValues, YearTarget, preview_values
from spreadsheets.columns.kept import columns_of, sample_of
from spreadsheets.columns.questions import Asking
from spreadsheets.importing import events
from spreadsheets.importing.keeping import account_of
from spreadsheets.importing.reading import preview_of
from spreadsheets.reading.open import open_book
from tests.factories import ConventionFactory, MembershipFactory, OrganisationFactory, ThemeFactory
from tests.indicators.bulk import many_indicators
from tests.spreadsheets.files import xlsx

VALUES, ROWS = 2_000, 10_000
YEARS = (2022, 2023)
FIELDS = ("campaign_indicator", "number", "comment", "observed_from", "observed_until")


def bench_imports() -> None:
    """Each in a process of its own, and what is made for it in another: the memory that was taken
    before, or let go, is not counted as its own, nor is it there to be taken again."""
    print(f"\nFiles of figures\n{'':44}{'CPU s':>8}{'MB more':>9}")  # noqa: T201
    scene = _apart(_scene)
    few, many = (_apart(partial(_content, scene["titles"], count)) for count in (VALUES, ROWS))
    other = _apart(partial(_content_for_another, scene["campaign"]))
    for name, work in (
        (f"{VALUES} values: read, compared, kept", partial(_kept, scene, few, VALUES)),
        (f"{ROWS} rows: read, columns recognised", partial(_recognised, scene, many)),
        (f"{ROWS} rows: read, compared", partial(_compared, scene, many)),
        (f"{ROWS} rows: read, compared, kept", partial(_kept, scene, many, ROWS)),
        (f"{ROWS} rows by django-import-export, dry run", partial(_by_another, other, ROWS, True)),
        (f"{ROWS} rows by django-import-export", partial(_by_another, other, ROWS, False)),
    ):
        seconds, megabytes = _apart(partial(_measured, work))
        print(f"{name:44}{seconds:8.1f}{megabytes:9.0f}")  # noqa: T201


def _apart(work: Callable) -> Any:
    """What ``work`` gives, done in another process."""
    connections.close_all()
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        return pool.submit(work).result()


def _measured(work: Callable) -> tuple[float, float]:
    """The seconds of the processor that something takes, and by how much memory grows."""
    before, started = _memory(), time.process_time()
    with transaction.atomic():
        work()
        transaction.set_rollback(True)
    return time.process_time() - started, _memory() - before


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _scene() -> dict:
    """A collection of 10,000 indicators that one organisation enters, and who does: their keys, and
    what the indicators are called."""
    convention = ConventionFactory()
    ThemeFactory(axis__convention=convention)
    organisation = OrganisationFactory(convention=convention)
    agent = MembershipFactory(organisation=organisation).user
    campaign = many_indicators(convention, ROWS, YEARS)
    Value.objects.filter(campaign_indicator__campaign=campaign).delete()
    entries = CampaignIndicator.objects.filter(campaign__convention=convention)
    entries.update(provider=organisation, enterer=organisation)
    titles = Indicator.objects.of(convention).order_by("pk").values_list("title", flat=True)
    return {"campaign": campaign.pk, "agent": agent.pk, "titles": list(titles)}


def _content(titles: list[str], count: int) -> bytes:
    rows = [[title, 400 + n % 90, "Relevé"] for n, title in enumerate(titles[:count])]
    return xlsx(["Indicateur", "Valeur", "Commentaire"], *rows)


def _content_for_another(campaign: int) -> bytes:
    """The same rows, with the key that each has in the database: nothing else is looked up."""
    import tablib  # noqa: PLC0415

    observed = list(map(str, Campaign.objects.get(pk=campaign).observed))
    entries = CampaignIndicator.objects.filter(campaign=campaign).order_by("indicator_id")
    rows = [(pk, 400 + n % 90, "Relevé", *observed)
            for n, pk in enumerate(entries.values_list("pk", flat=True))]  # fmt: skip
    return tablib.Dataset(*rows, headers=list(FIELDS)).export("xlsx")


def _recognised(scene: dict, content: bytes) -> None:
    """What the first step shows: the sheets, and what their columns contain."""
    campaign = Campaign.objects.select_related("convention").get(pk=scene["campaign"])
    target = YearTarget(campaign, User.objects.get(pk=scene["agent"]))
    book = open_book("a.xlsx", content)
    columns = columns_of(book, target.knowledge, {}, {})
    [sheet] = book.sheets
    assert len(sample_of(sheet, columns.sheets[sheet.name], target.knowledge)["columns"]) == 3


def _compared(scene: dict, content: bytes) -> None:
    """What the second step shows: each line beside what is there."""
    campaign = Campaign.objects.select_related("convention").get(pk=scene["campaign"])
    agent, book = User.objects.get(pk=scene["agent"]), open_book("a.xlsx", content)
    assert len(preview_values(campaign, book, Asking(), agent).new) == ROWS


def _kept(scene: dict, content: bytes, count: int) -> None:
    """What the worker does of a file: read, compared, kept, told in an account."""
    campaign = Campaign.objects.select_related("convention").get(pk=scene["campaign"])
    agent = User.objects.get(pk=scene["agent"])
    scope = f"{campaign.convention.slug}/{campaign.year}"
    upload = SimpleUploadedFile("a.xlsx", content)
    row = events.bring(ImportOfValues.name, scope, upload, by=agent)
    preview = preview_of(row, agent)
    assert preview.is_whole, preview.mistakes[:3]
    events.apply(row, preview, by=agent)
    assert account_of(preview)
    assert Value.objects.filter(campaign_indicator__campaign=campaign).count() == count


def _by_another(content: bytes, count: int, is_dry: bool) -> None:
    """The same rows as plain rows of the model: no right, state, log, question nor notice."""
    import tablib  # noqa: PLC0415
    from import_export import resources  # noqa: PLC0415

    class Plain(resources.ModelResource):
        class Meta:
            model = Value
            fields = FIELDS
            import_id_fields = FIELDS[:1]

    read = tablib.Dataset().load(content, format="xlsx")
    result = Plain().import_data(read, dry_run=is_dry, raise_errors=True)
    assert result.totals["new"] == count
