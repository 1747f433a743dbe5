"""What it costs to read and keep a file of figures: 2,000 values as the worker keeps them, 10,000
rows read and compared, and the same rows by django-import-export, in the same run."""

import resource
import time
from collections.abc import Callable
from multiprocessing import get_context

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction

from indicators.models import CampaignIndicator, Indicator, Value
from indicators.values.files.importing import ImportOfValues
from spreadsheets.importing import events
from spreadsheets.importing.keeping import account_of
from spreadsheets.importing.reading import preview_of
from tests.factories import ConventionFactory, MembershipFactory, OrganisationFactory, ThemeFactory
from tests.indicators.bulk import many_indicators
from tests.spreadsheets.files import xlsx

VALUES, ROWS = 2_000, 10_000
YEARS = (2022, 2023)


def bench_imports() -> None:
    """Each in a process of its own: the memory that one has taken is not the next one's."""
    print(f"\nFiles of figures\n{'':44}{'CPU s':>8}{'MB more':>9}")  # noqa: T201
    scene = _scene()
    few, many = _content(scene, VALUES), _content(scene, ROWS)
    for name, work in (
        (f"{VALUES} values: read, compared, kept", lambda: _kept(scene, few, VALUES)),
        (f"{ROWS} rows: read, compared, kept", lambda: _kept(scene, many, ROWS)),
        (f"{ROWS} rows by django-import-export", lambda: _by_another(scene, ROWS)),
    ):
        connections.close_all()
        seconds, megabytes = _apart(work)
        print(f"{name:44}{seconds:8.1f}{megabytes:9.0f}")  # noqa: T201


def _apart(work: Callable) -> tuple[float, float]:
    """The seconds of the processor that something takes, and by how much memory grows."""
    context = get_context("fork")
    queue = context.SimpleQueue()

    def measured() -> None:
        before, started = _memory(), time.process_time()
        with transaction.atomic():
            work()
            queue.put((time.process_time() - started, _memory() - before))
            transaction.set_rollback(True)

    process = context.Process(target=measured)
    process.start()
    process.join()
    return queue.get()


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _scene() -> dict:
    """A collection of 10,000 indicators that one organisation enters, and who does."""
    convention = ConventionFactory()
    ThemeFactory(axis__convention=convention)
    organisation = OrganisationFactory(convention=convention)
    agent = MembershipFactory(organisation=organisation).user
    campaign = many_indicators(convention, ROWS, YEARS)
    Value.objects.filter(campaign_indicator__campaign=campaign).delete()
    entries = CampaignIndicator.objects.filter(campaign__convention=convention)
    entries.update(provider=organisation, enterer=organisation)
    titles = Indicator.objects.of(convention).order_by("pk").values_list("title", flat=True)
    return {"campaign": campaign, "agent": agent, "titles": list(titles)}


def _content(scene: dict, count: int) -> bytes:
    rows = [[title, 400 + n % 90, "Relevé"] for n, title in enumerate(scene["titles"][:count])]
    return xlsx(["Indicateur", "Valeur", "Commentaire"], *rows)


def _kept(scene: dict, content: bytes, count: int) -> None:
    """What the worker does of a file: read, compared, kept, told in an account."""
    campaign, agent = scene["campaign"], scene["agent"]
    scope = f"{campaign.convention.slug}/{campaign.year}"
    upload = SimpleUploadedFile("a.xlsx", content)
    row = events.bring(ImportOfValues.name, scope, upload, by=agent)
    preview = preview_of(row, agent)
    assert preview.is_whole, preview.mistakes[:3]
    events.apply(row, preview, by=agent)
    assert account_of(preview.lines)
    assert Value.objects.filter(campaign_indicator__campaign=campaign).count() == count


def _by_another(scene: dict, count: int) -> None:
    """The same rows as plain rows of the model: no right, state, log, question nor notice."""
    import tablib  # noqa: PLC0415
    from import_export import resources  # noqa: PLC0415

    class Plain(resources.ModelResource):
        class Meta:
            model = Value
            fields = ("campaign_indicator", "number", "comment", "observed_from", "observed_until")
            import_id_fields = ("campaign_indicator",)

    campaign = scene["campaign"]
    entries = campaign.campaign_indicators.order_by("indicator_id").values_list("pk", flat=True)
    data = tablib.Dataset(
        *(
            (pk, 400 + n % 90, "Relevé", *map(str, campaign.observed))
            for n, pk in enumerate(entries)
        ),
        headers=["campaign_indicator", "number", "comment", "observed_from", "observed_until"],
    )
    content = data.export("xlsx")
    read = tablib.Dataset().load(content, format="xlsx")
    result = Plain().import_data(read, dry_run=False, raise_errors=True)
    assert result.totals["new"] == count
