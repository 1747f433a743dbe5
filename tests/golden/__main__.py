"""Say what people see or read otherwise than what is stored of it, and the lists that differ.

``--write`` stores what is seen now; ``--pages FOLDER`` writes each page and file as text, to
be compared with those of another commit; ``--only`` takes the routes, or the demonstration.
"""

import argparse
import logging
import os
import sys
from pathlib import Path

import django

PARTS = ("routes", "demonstration")


class NoMigrations:
    """Tables are made as models say, as for ``make test``: it takes a second."""

    def __contains__(self, app: str) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("--write", action="store_true", help="store what is seen now")
    parser.add_argument("--pages", type=Path, metavar="FOLDER", help="write each page in a file")
    parser.add_argument("--only", choices=PARTS, help="take one part of the lists")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["DATABASE_URL"] = "sqlite://:memory:"
    django.setup()
    logging.disable(logging.CRITICAL)
    differences = []
    for taken in _take([options.only] if options.only else PARTS):
        differences += [line for name in taken.lists for line in taken.differences(name)]
        if options.write:
            taken.write()
        if options.pages:
            taken.write_pages(options.pages)
    sys.stdout.writelines(f"{line}\n" for line in differences)
    return bool(differences) and not options.write


def _take(parts):
    from django.conf import settings  # noqa: PLC0415 (once Django is set up)
    from django.test.utils import setup_databases, setup_test_environment  # noqa: PLC0415

    from tests.golden.lists import take_demonstration, take_routes  # noqa: PLC0415
    from tests.golden.stage import on_stage  # noqa: PLC0415
    from tests.walk import Walk  # noqa: PLC0415

    settings.MIGRATION_MODULES = NoMigrations()
    setup_test_environment()
    setup_databases(verbosity=0, interactive=False)  # in memory: it goes with the process
    if "routes" in parts:
        with on_stage():
            yield take_routes(Walk())
    if "demonstration" in parts:
        with on_stage() as clock:
            yield take_demonstration(clock)


if __name__ == "__main__":
    sys.exit(main())
