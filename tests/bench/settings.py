"""Settings of the bench: those of production, with files of its own and nothing sent outside."""

import os
import tempfile
from pathlib import Path

os.environ["DEBUG"] = "off"
os.environ.setdefault("SECRET_KEY", "bench-only-" + "0123456789abcdef" * 4)
os.environ["SITE_URL"] = "https://ctg.example"
os.environ["ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1"
os.environ["EMAIL_URL"] = "memorymail://"

from ctg_portal.settings import *  # noqa: F403

# Shared with the processes that the bench starts.
FILES = Path(os.environ.setdefault("BENCH_FILES", tempfile.mkdtemp()))
MEDIA_ROOT, STATIC_ROOT = FILES / "media", FILES / "static"
# The clients of the bench ask by http.
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
