"""Those of Django make their rows before any test, which stories leave alone."""

from django.test import TestCase

from tests import factories as f


class TestRowsOfAClass(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.convention = f.ConventionFactory()

    def test_take_the_first_numbers(self):
        self.assert_free()

    def test_for_all_its_tests(self):
        self.assert_free()

    def assert_free(self):
        assert self.convention.slug == "territoire-0"
        assert f.ConventionFactory().slug == "territoire-1"
