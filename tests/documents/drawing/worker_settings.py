"""The settings of a worker that a test starts: those of the tests, with a queue and a folder."""

import os

from tests.settings import *  # noqa: F403

MEDIA_ROOT = os.environ["MEDIA_ROOT"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
if "SMTP_PORT" in os.environ:
    POST_OFFICE = POST_OFFICE | {  # noqa: F405
        "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"}
    }
    EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ["SMTP_PORT"])
