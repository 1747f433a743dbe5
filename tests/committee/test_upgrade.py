"""Conventions that were loaded before the committee had its chapter."""

import pytest
from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal

from committee.models import Version
from tests import factories as f

pytestmark = pytest.mark.django_db


def migrate_again():
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default", apps=apps)


def test_what_they_signed_is_agreed_once_migrated():
    article = f.ArticleFactory()
    f.ObjectiveFactory(theme__axis__convention=article.convention)
    migrate_again()
    kinds = Version.objects.of(article.convention).in_force().signed()
    assert sorted(kinds.values_list("kind", flat=True)) == ["article", "axis", "objective", "theme"]
    migrate_again()
    assert Version.objects.count() == 4


def test_a_project_has_nothing_signed():
    f.ArticleFactory(convention__project=True)
    migrate_again()
    assert not Version.objects.exists()
