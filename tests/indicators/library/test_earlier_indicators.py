"""Indicators taken up before they kept the code of their entry are given it by a migration."""

import gzip
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from tests.upgrades.databases import a_database
from tests.upgrades.keep import file_of, kept_databases

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.postgresql]

# By code, another code and title.
BEFORE = {
    "DR-01": ("", "ESPACES France services ouverts"),  # by its title alone
    "DR-02": ("FS-2", "Accompagnements réalisés en France Services"),  # with a code of its own
    "DR-04": ("DR-04", "Personnes formées au numérique"),  # a title of its own
    "DR-06": ("LO-03", "Foyers bénéficiaires du RSA"),  # the code of another entry: which one?
    "LO-01": ("A1", "Taux de pauvreté"),  # two of one title
    "LO-04": ("A2", "Taux de pauvreté"),
}
UPDATE = "UPDATE indicators_indicator SET code = %s, title = %s WHERE id = %s"


def asked(database, sql: str, *values) -> list:
    with database.connect() as session:
        cursor = session.cursor()
        cursor.execute(sql if connection.vendor == "postgresql" else sql.replace("%s", "?"), values)
        rows = cursor.fetchall() if cursor.description else []
        session.commit()
    return rows


def test_earlier_indicators_are_given_a_plain_library_code_and_nothing_else_changes():
    with a_database(connection.vendor) as database:
        dump = gzip.decompress(file_of(kept_databases()[0], connection.vendor).read_bytes())
        database.restore(dump.decode())
        keys = dict(asked(database, "SELECT code, id FROM indicators_indicator"))
        for code, values in BEFORE.items():
            asked(database, UPDATE, *values, keys[code])
        versions = "SELECT id, state, text, digest FROM agreements_version ORDER BY id"
        stored = asked(database, versions)
        subprocess.run(
            [sys.executable, "-m", "tests.upgrades.together", database.url],
            cwd=settings.BASE_DIR, check=True, capture_output=True,
        )  # fmt: skip
        rows = dict(asked(database, "SELECT id, library_code FROM indicators_indicator"))
        given = {code: rows[key] for code, key in keys.items()}
        assert asked(database, versions) == stored
    assert {code: given[code] for code in BEFORE} == {
        "DR-01": "DR-01", "DR-02": "DR-02", "DR-04": "", "DR-06": "", "LO-01": "", "LO-04": "",
    }  # fmt: skip
    # All others are from the library as it is, but for one that the convention calls otherwise.
    without = BEFORE.keys() - {"DR-01", "DR-02"}
    assert {code for code in given if given[code] != code} == without | {"JE-03"}
