"""Answers as on a poor line: all of them, pages, pictures and sheets, come that much later.

A journey that looks at a page before what it looks for has come passes on a quick machine, and
fails by chance on another. With ``TESTS_LATE=400`` (milliseconds) it fails each time.
"""

import os
import time

SECONDS = int(os.environ.get("TESTS_LATE", "0")) / 1000


def late(get_response):
    def middleware(request):
        time.sleep(SECONDS)
        return get_response(request)

    return middleware
