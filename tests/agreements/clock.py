"""Another day than today, for everything that asks Django what time it is."""

import datetime
from contextlib import contextmanager
from unittest import mock

from django.utils import timezone


@contextmanager
def on(day: datetime.date):
    """Noon of that day. ``timezone.localdate`` and the dates of rows follow ``timezone.now``."""
    noon = timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
    with mock.patch.object(timezone, "now", return_value=noon):
        yield


def days(count: int) -> datetime.timedelta:
    return datetime.timedelta(days=count)
