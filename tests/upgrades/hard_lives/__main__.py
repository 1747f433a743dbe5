"""Write the hard lives into the database of ``DATABASE_URL``, which is empty, and tell their cases
as JSON: ``python -m tests.upgrades.hard_lives``."""

import dataclasses
import json
import logging
import os
import sys

import django

from tests.upgrades.hard_lives import write


def main() -> None:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "tests.settings", "TESTS_SHIFT": "0"}
    django.setup()
    logging.disable(logging.INFO)
    chapters = {
        chapter: [dataclasses.asdict(case) for case in cases] for chapter, cases in write().items()
    }
    json.dump(chapters, sys.stdout)


if __name__ == "__main__":
    main()
