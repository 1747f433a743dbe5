"""What the worker makes of somebody's file takes no more than its kind may."""

import multiprocessing

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


def attempt(work, queue) -> None:
    _limit(Limited())
    try:
        work()
    except (TimeoutError, MemoryError) as error:
        queue.put(type(error).__name__)


@pytest.mark.once
@pytest.mark.parametrize(("work", "told"), [(endless, "TimeoutError"), (huge, "MemoryError")])
def test_it_ends_with_what_was_too_much(work, told):
    context = multiprocessing.get_context("spawn")
    queue = context.SimpleQueue()
    process = context.Process(target=attempt, args=(work, queue))
    process.start()
    process.join(30)
    assert not process.is_alive()
    assert queue.get() == told
