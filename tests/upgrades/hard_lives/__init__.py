"""A database of hard lives: what the demonstration has not, and an upgrade must decide upon.

Accesses, voices, statistical secrecy: each chapter plays its part by the events of the portal,
from 26 November 2025 to 1 December 2026, and declares its cases beside what makes them.
"""

import datetime
import os
import random
import tempfile
from contextlib import contextmanager
from unittest import mock

import time_machine

SEED = 20261201


def write() -> dict:
    """Migrate an empty database and play all chapters; their cases, by chapter."""
    from post_office.models import Email  # noqa: PLC0415  (settings must be known)

    from indicators.models import Audit  # noqa: PLC0415
    from tests.upgrades.hard_lives import (  # noqa: PLC0415
        accesses,
        answers,
        evaluations,
        figures,
        seats,
    )
    from tests.upgrades.hard_lives.stage import FIRST, Stage  # noqa: PLC0415

    with the_same_each_time(FIRST) as clock:
        stage = Stage(clock)
        for chapter in (accesses, seats, answers, figures, evaluations):
            chapter.play(stage)
        # How fast the machine was, and which of its processes wrote, is no part of the story.
        Audit.objects.update(cpu=0)
        Email.objects.update(message_id=None)
        return stage.cases()


@contextmanager
def the_same_each_time(day: datetime.date):
    """A clock that stands still until it is moved, chance that always falls alike, documents that
    are not drawn, for no file is kept: the database is the same however often it is written."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import override_settings  # noqa: PLC0415

    from tests.golden.stage import PARIS, Clock, undrawn  # noqa: PLC0415

    dice = random.Random(SEED)  # noqa: S311
    morning = datetime.datetime.combine(day, datetime.time(8), PARIS)
    with (
        tempfile.TemporaryDirectory() as media,  # a name that is taken already becomes another
        override_settings(MEDIA_ROOT=media),
        undrawn(),
        mock.patch.object(os, "urandom", dice.randbytes),
        mock.patch.object(random, "_urandom", dice.randbytes),
        time_machine.travel(morning, tick=False) as traveller,
    ):
        call_command("migrate", verbosity=0)
        clock = Clock(traveller)
        with connection.execute_wrapper(clock):
            yield clock
