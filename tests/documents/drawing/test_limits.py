"""What the worker makes of somebody's file takes no more than its kind may."""

import multiprocessing
import time

import pytest

from documents.drawing.limits import limit


def endless() -> None:
    while True:
        pass


def huge() -> None:
    assert bytearray(4 * 1024**3)


def attempt(work, sender) -> None:
    begun = int(time.process_time())  # what a new process took to begin
    try:
        limit(seconds=begun + 2, memory=2 * 1024**3)
        work()
    except (TimeoutError, MemoryError) as error:
        sender.send(type(error).__name__)


@pytest.mark.parametrize(("work", "expected"), [(endless, "TimeoutError"), (huge, "MemoryError")])
def test_a_process_beyond_its_limits_ends_with_their_exception(work, expected):
    context = multiprocessing.get_context("spawn")
    receiver, telling = context.Pipe(duplex=False)
    process = context.Process(target=attempt, args=(work, telling), daemon=True)
    process.start()
    process.join(60)
    assert not process.is_alive()
    assert receiver.poll(), "it ended without a word"
    assert receiver.recv() == expected
