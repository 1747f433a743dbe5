"""The settings of a worker that a test starts: those of the tests, with a queue and a folder."""

import os

from tests.settings import *  # noqa: F403

MEDIA_ROOT = os.environ["MEDIA_ROOT"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
