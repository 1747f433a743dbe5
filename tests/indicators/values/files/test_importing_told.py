"""How many lines of a large import are kept is told while it goes on, on PostgreSQL."""

import threading
import time
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from documents.drawing.composition import compose
from indicators.models import Value
from spreadsheets.importing import events, progress
from spreadsheets.importing.reading import preview_of
from tests.at_once import ON_POSTGRESQL
from tests.committee.pages import page_of
from tests.factories import MembershipFactory
from tests.indicators.bulk import many_indicators
from tests.spreadsheets.files import xlsx

pytestmark = ON_POSTGRESQL
LINES = progress.FEWEST
HALF = LINES // 2


@pytest.fixture
def application(committee):
    """Of a file of a hundred figures, about to be kept."""
    campaign = many_indicators(committee.convention, LINES, [2023])
    Value.objects.all().delete()
    entries = campaign.campaign_indicators
    entries.update(provider=committee.caf, enterer=committee.caf)
    titles = entries.values_list("indicator__title", flat=True)
    rows = [[title, number] for number, title in enumerate(titles, start=7)]
    upload = SimpleUploadedFile("a.xlsx", xlsx(["Indicateur", "Valeur"], *rows))
    agent = MembershipFactory(organisation=committee.caf).user
    scope = f"{committee.convention.slug}/2023"
    row = events.bring("indicators.values", scope, upload, by=agent)
    digest = preview_of(row, agent).digest
    return events.ask_to_apply(row, digest=digest, is_partial=False, by=agent)


def test_the_page_tells_how_many_lines_are_kept_before_any_is_seen(
    application, client, monkeypatch
):
    """Half-way, the worker waits until the page of the import has been read."""
    is_half, is_read = threading.Event(), threading.Event()

    @contextmanager
    def paused(row, count):
        with progress.progress_shown(row, count) as save:

            def save_and_wait(done):
                save(done)
                if done == HALF:
                    is_half.set()
                    is_read.wait(20)

            yield save_and_wait

    def work():
        try:
            compose(application)
        finally:
            connection.close()

    monkeypatch.setattr(progress, "EVERY", 0.01)
    monkeypatch.setattr("spreadsheets.importing.keeping.progress_shown", paused)
    worker = threading.Thread(target=work)
    worker.start()
    try:
        assert is_half.wait(30)
        until = time.monotonic() + 10
        while progress.progress_of(application) != (HALF, LINES) and time.monotonic() < until:
            time.sleep(0.02)
        assert not Value.objects.exists()
        client.force_login(application.requested_by)
        page = page_of(client.get(reverse("spreadsheets:import", args=[application.import_row_id])))
        assert f"{HALF} lignes enregistrées sur {LINES}" in page.replace("\xa0", " ")
    finally:
        is_read.set()
        worker.join()
    assert Value.objects.count() == LINES
    assert progress.progress_of(application) is None
