"""``python -m tests.golden --write`` keeps what is seen; ``--pages FOLDER`` writes the pages."""

import argparse
import logging
import os
import sys
from pathlib import Path

import django


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep what is seen now")
    parser.add_argument("--pages", type=Path, metavar="FOLDER", help="each page in a file")
    asked = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["DATABASE_URL"] = "sqlite://:memory:"
    django.setup()
    logging.disable(logging.CRITICAL)
    taken = _take()
    if asked.write:
        taken.write()
    if asked.pages:
        taken.write_pages(asked.pages)
    differences = taken.differences()
    sys.stdout.writelines(f"{line}\n" for line in differences)
    return bool(differences)


def _take():
    from django.test.utils import (  # noqa: PLC0415 (once Django is set up)
        setup_databases,
        setup_test_environment,
        teardown_databases,
    )

    from tests.golden.lists import take  # noqa: PLC0415

    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        return take()
    finally:
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
