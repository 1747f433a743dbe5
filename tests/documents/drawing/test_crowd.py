"""Five hundred documents are waited for: who asked for one is not behind who asked for hundreds,
pages answer, and the portal says that it is behind."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ctg_portal.house import house
from documents.drawing.composition import compose
from documents.drawing.events import request_drawing
from documents.drawing.models import CompositionState, Drawing
from documents.drawing.press import next_row
from spreadsheets.models import Application, Import
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

CROWD = 500
LONG_AGO = timedelta(minutes=20)


def test_a_crowd_is_served_in_turn(leaflet):
    """Each person has one drawing under way at most; hundreds in one name are what imports ask."""
    now = timezone.now()
    many = UserFactory()
    files = Import.objects.bulk_create(
        Import(adapter="a", scope="b", name="c", size=1, sha256="0" * 64, brought_by=many)
        for _ in range(CROWD)
    )
    Application.objects.bulk_create(
        Application(import_row=one, requested_by=many, requested_at=now - LONG_AGO) for one in files
    )
    people = UserFactory.create_batch(30)
    asked = {}
    for person in people:
        content = leaflet.ask("7", {"n": person.pk}, person)
        asked[person.pk], _ = request_drawing(leaflet, "7", {"n": person.pk}, content, by=person)
    served = []
    for _ in range(len(people) + 1):
        row = next_row()
        served.append(row.requested_by_id)
        if isinstance(row, Drawing):
            assert compose(row)
        else:
            type(row).objects.filter(pk=row.pk).update(
                state=CompositionState.FAILED, finished_at=timezone.now()
            )
    assert served[0] == many.pk
    assert sorted(served[1:]) == sorted(asked)
    assert next_row().requested_by_id == many.pk
    with CaptureQueriesContext(connection) as captured:
        next_row()
    assert len(captured) <= 20
    since = min(moment for oldest in house().waiting if (moment := oldest()))
    assert now - since >= LONG_AGO


def test_pages_answer_and_the_watch_says_that_work_waits(client, leaflet):
    people = UserFactory.create_batch(CROWD)
    audience = leaflet.audience("7", {}, people[-1])
    Drawing.objects.bulk_create(
        Drawing(kind=leaflet.name, scope="7", parameters={"n": one.pk}, audience=audience,
                title="t", name="a.pdf", requested_by=one, requested_at=timezone.now() - LONG_AGO)
        for one in people
    )  # fmt: skip
    client.force_login(people[-1])
    own = Drawing.objects.get(requested_by=people[-1])
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get("/sante/").status_code == 200
    client.force_login(UserFactory(is_staff=True))
    watched = client.get("/sante/surveillance/?format=json")
    assert watched.status_code == 500
    assert "waiting" in watched.content.decode()
