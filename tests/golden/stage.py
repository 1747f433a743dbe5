"""The stage on which golden lists are taken: a clock that stands still, documents not drawn."""

import datetime
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import time_machine
import weasyprint
from django.core.cache import cache
from django.db import connection, transaction
from django.test import override_settings

from ctg_portal.marks.models import Mark

PARIS = ZoneInfo("Europe/Paris")
WEDNESDAY = datetime.datetime(2026, 11, 25, 9, 0, tzinfo=PARIS)
STEP = datetime.timedelta(microseconds=10)
WRITING = ("INSERT", "UPDATE")
MARKS = Mark._meta.db_table  # that an event marks what it has written takes no time


class Clock:
    """Stands still, but for ten microseconds at each writing: what is written later is later."""

    def __init__(self, traveller):
        self.traveller = traveller

    def move_to(self, moment: datetime.datetime) -> None:
        self.traveller.move_to(moment, tick=False)

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith(WRITING) and MARKS not in sql:
            self.traveller.shift(STEP)
        return execute(sql, params, many, context)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written meanwhile is not kept."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def on_stage() -> Iterator[Clock]:
    """Everything written is undone at the end, files included."""
    with (
        tempfile.TemporaryDirectory() as media,
        override_settings(MEDIA_ROOT=media),
        undrawn(),
        time_machine.travel(WEDNESDAY, tick=False) as traveller,
        undone(),
    ):
        clock = Clock(traveller)
        cache.clear()
        random.seed(0)  # what is masked is drawn
        with connection.execute_wrapper(clock):
            yield clock
        cache.clear()


class _Document:
    """A document as it would be drawn: its text counts here, and drawing takes seconds."""

    pages = (None,)

    def __init__(self, html: str):
        self.html, self.metadata = html, weasyprint.document.DocumentMetadata()

    def write_pdf(self, *args, **options) -> bytes:
        files = "".join(
            f"<p>{file.name} : {file.description}</p>" for file in self.metadata.attachments or ()
        )
        return f"<!-- drawn -->\n{self.metadata.title}\n{files}{self.html}".encode()


@contextmanager
def undrawn() -> Iterator[None]:
    """Documents are written, with their title, as the HTML of which they are drawn."""
    render = weasyprint.HTML.render

    def written(self, *args, **options):
        return _Document(ElementTree.tostring(self.etree_element, "unicode", "html"))

    weasyprint.HTML.render = written
    try:
        yield
    finally:
        weasyprint.HTML.render = render
