"""Check that every mutant of the catalogue still applies to the code."""

import ast

import pytest

from tests.mutants.catalogue import MUTANTS, ROOT

each = pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])


@each
def test_the_old_text_of_a_mutant_stands_once_in_its_file(mutant):
    assert (ROOT / mutant.file).read_text().count(mutant.old) == 1


@each
def test_a_mutant_changes_its_file_into_one_that_parses(mutant):
    text = (ROOT / mutant.file).read_text()
    changed = text.replace(mutant.old, mutant.new)
    assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(text))


@each
def test_the_tests_that_kill_a_mutant_are_there(mutant):
    tests = ROOT / mutant.tests
    assert tests.is_file() or any(tests.rglob("test_*.py"))


def test_no_two_mutants_are_the_same():
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
