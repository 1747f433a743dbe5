"""What had been marked as published, and no evaluation tells, is let go by the upgrade."""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from agreements.models import Version
from evaluation.opening.events import propose_opening
from tests.agreements.factories import committee_of

pytestmark = pytest.mark.django_db


def test_openings_and_what_is_discussed_are_no_longer_marked():
    committee = committee_of()
    in_force, discussed = committee.in_force(), committee.proposed("Deux")
    opening = propose_opening(committee.convention, is_open=True, by=committee.coordinator)
    committee.agree(opening)
    Version.objects.update(published_at=timezone.now())
    migration = import_module("agreements.migrations.0010_published_is_what_is_told")
    migration.let_go_of_the_rest(apps, None)
    marked = set(Version.objects.exclude(published_at=None).values_list("pk", flat=True))
    assert in_force.pk in marked
    assert not {discussed.pk, opening.pk} & marked
