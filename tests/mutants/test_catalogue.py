"""Check that every mutant of the catalogue still applies to the code."""

import ast

from tests.mutants.catalogue import MUTANTS, ROOT


def test_the_old_text_of_a_mutant_stands_once_in_its_file():
    counts = {mutant.name: (ROOT / mutant.file).read_text().count(mutant.old) for mutant in MUTANTS}
    assert {name: count for name, count in counts.items() if count != 1} == {}


def test_a_mutant_changes_its_file_into_one_that_parses():
    for mutant in MUTANTS:
        text = (ROOT / mutant.file).read_text()
        changed = text.replace(mutant.old, mutant.new)
        assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(text)), mutant.name


def test_the_tests_that_kill_a_mutant_are_there():
    for mutant in MUTANTS:
        tests = ROOT / mutant.tests
        assert tests.is_file() or any(tests.rglob("test_*.py")), mutant.name


def test_no_two_mutants_are_the_same():
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)


def test_each_room_has_one():
    rooms = {found.parent.parent.name for found in ROOT.glob("*/migrations/__init__.py")}
    assert {"agreements", "notifications"} < rooms
    assert rooms - {mutant.file.partition("/")[0] for mutant in MUTANTS} == set()
