"""What the worker makes of somebody's file takes no more than its kind may."""

import multiprocessing
import time

import pytest

from documents.drawing.kinds import DocumentKind
from documents.drawing.press import _limit


class Limited(DocumentKind):
    name = "limited"
    seconds, memory = 1, 2 * 1024**3

    def read(self, row):
        return None, ""

    def write(self, content, row):
        return None

    def draw(self, written, content, row):
        return None


def endless() -> None:
    while True:
        pass


def huge() -> None:
    assert bytearray(4 * 1024**3)


def attempt(work, told) -> None:
    kind = Limited()
    kind.seconds += int(time.process_time())  # what a new process took to begin
    try:
        _limit(kind)
        work()
    except (TimeoutError, MemoryError) as error:
        told.send(type(error).__name__)


@pytest.mark.once
@pytest.mark.parametrize(("work", "told"), [(endless, "TimeoutError"), (huge, "MemoryError")])
def test_it_ends_with_what_was_too_much(work, told):
    context = multiprocessing.get_context("spawn")
    heard, telling = context.Pipe(duplex=False)
    process = context.Process(target=attempt, args=(work, telling), daemon=True)
    process.start()
    process.join(60)
    assert not process.is_alive()
    assert heard.poll(), "it ended without a word"
    assert heard.recv() == told
