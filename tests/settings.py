"""Settings of the tests: those of production, made quick and closed to the outside.

A run begins at noon of a fixed day, so that it is the same each time; ``TESTS_DAY=2028-02-29``
chooses another.
"""

import datetime
import os
from zoneinfo import ZoneInfo

import time_machine
from django.utils import timezone

os.environ["DEBUG"] = "off"
os.environ.setdefault("SECRET_KEY", "tests-only-" + "0123456789abcdef" * 4)
os.environ["SITE_URL"] = "https://ctg.example"
os.environ["ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1"
os.environ["EMAIL_URL"] = "memorymail://"

from ctg_portal.settings import *  # noqa: F403
from ctg_portal.settings import BASE_DIR, DATABASES, MIDDLEWARE, STORAGES, TIME_ZONE
from tests import late

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Preparing a statement takes four times as long as the few rows that it finds.
    DATABASES["default"]["OPTIONS"]["cached_statements"] = 2000

SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MEDIA_ROOT = BASE_DIR / "build" / "test-media"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
STATIC_ROOT = BASE_DIR / "build" / "test-static"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


def _from_now_to_noon() -> datetime.timedelta:
    zone = ZoneInfo(TIME_ZONE)
    day = datetime.date.fromisoformat(os.environ.get("TESTS_DAY", "2026-11-25"))
    noon = datetime.datetime.combine(day, datetime.time(12), zone)
    return noon.astimezone(datetime.UTC) - datetime.datetime.now(datetime.UTC)


# Said to all processes of the run: they share a clock. Models are not loaded yet, whose defaults
# keep the function.
_shift = os.environ.setdefault("TESTS_SHIFT", str(_from_now_to_noon().total_seconds()))
_shift = datetime.timedelta(seconds=float(_shift))


def _now() -> datetime.datetime:
    """Return the moment of the run or, while a test travels, that to which it has travelled."""
    now = datetime.datetime.now(datetime.UTC)
    return now if time_machine.escape_hatch.is_travelling() else now + _shift


timezone.now = _now

MIDDLEWARE = [*MIDDLEWARE, "tests.reading.pages_on_one_line"]
if late.SECONDS:
    MIDDLEWARE = ["tests.late.late", *MIDDLEWARE]
