"""The pages of indicators ask as many queries for 60 indicators as for 24."""

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conventions.models import Organisation
from indicators.models import Indicator
from tests import factories as f
from tests.agreements.factories import committee_of
from tests.databases import look_at_the_rows
from tests.indicators.bulk import many_indicators
from tests.indicators.factories import proposed_indicator
from tests.indicators.pages import indicators_url

pytestmark = pytest.mark.django_db

YEARS = (2020, 2021, 2022, 2023, 2024)


def convention_with(indicators: int):
    """A committee whose convention has that many indicators over five themes, some discussed."""
    committee = committee_of()
    axis = committee.orientation.theme.axis
    for rank in range(4):
        f.ThemeFactory(axis=axis, rank=rank + 2)
    f.OrganisationFactory(convention=committee.convention)
    many_indicators(committee.convention, indicators, YEARS)
    Indicator.objects.of(committee.convention).first().objectives.add(committee.orientation)
    for n in range(indicators // 12):
        proposed_indicator(committee, title=f"Proposé {n}")
    look_at_the_rows()
    return committee


def queries(client, user, address) -> int:
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return len(captured)


PAGES = ["indicateurs/", "indicateurs/?page=2", "indicateurs/?mots=places",
         "indicateurs/?etat=en-discussion", "indicateurs/{pk}/", "indicateurs/bibliotheque/",
         "indicateurs/nouveau/", "indicateurs/{pk}/modifier/", "axes/", "", "evaluations/",
         "evaluations/2024/", "evaluations/2024/rapport/", "evaluations/2024/recueil/",
         "evaluations/2024/saisie/?pour={provider}"]  # fmt: skip


def test_pages_ask_as_many_queries_for_60_as_for_24(client):
    """One test reads all pages: the rows are made twice, not twice for each page."""
    counts = {}
    ContentType.objects.get_for_models(*apps.get_models())  # else the first page that asks would
    for indicators in (24, 60):
        committee = convention_with(indicators)
        pk = Indicator.objects.of(committee.convention).agreed().first().pk
        # The third provides as many as the others, and nobody has an account there.
        provider = Organisation.objects.filter(convention=committee.convention).order_by("pk")[2]
        for page in PAGES:
            page_of = page.format(pk=pk, provider=provider.pk)
            address = f"/conventions/{committee.convention.slug}/{page_of}"
            counts.setdefault(page, []).append(queries(client, committee.coordinator, address))
    assert {page: pair[0] for page, pair in counts.items()} == {
        page: pair[1] for page, pair in counts.items()
    }
    # Nothing is cached here: rows that several readings share are read for each of them.
    assert max(pair[0] for pair in counts.values()) <= 61, counts
    listed = client.get(indicators_url(committee)).content.decode().replace("\xa0", " ")
    assert "60 indicateurs suivis, 5 en discussion" in listed
