"""Sequences of factories count a test's own rows, not what the process has made before."""

from factory.base import BaseFactory


def counted() -> dict:
    """How far each sequence is."""
    return {counter: counter.seq for counter in _counters()}


def count_from(numbers: dict) -> None:
    """Have each sequence go on from there; from nought, if nothing is said of it."""
    for counter in _counters():
        counter.reset(numbers.get(counter, 0))


def _counters() -> set:
    factories = BaseFactory.__subclasses__()
    for factory in factories:
        factories += factory.__subclasses__()
        factory._meta._initialize_counter()
    return {factory._meta._counter for factory in factories}
