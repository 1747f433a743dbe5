"""The tests run on two databases, one after the other."""

from django.db import connection


def examples(number: int) -> int:
    """How many random examples are worth their time: all on SQLite; on PostgreSQL, where the same
    code runs, what differs shows in fewer."""
    return number if connection.vendor == "sqlite" else max(1, number * 2 // 5)
