"""What a proposal that some add up to another would have everybody know of masked figures."""

import pytest
from django.urls import reverse

from agreements.versions import events as drafts
from indicators.disclosure.foretelling import foretold
from tests.committee.pages import page_of
from tests.indicators.disclosure.test_sequences import life  # noqa: F401  (a fixture)
from tests.indicators.factories import WHY, redefine, version_of

pytestmark = pytest.mark.django_db


def total_of(indicator, *parts) -> dict:
    """Its definition, naming what it would be the total of."""
    version = version_of(indicator)
    fields = {field.name: field for field in version.commitment.fields}
    return version.content | {"parts": fields["parts"].plain(list(parts))}


def single(life, title, **values):  # noqa: F811
    return life.another(title, grain="territory", aggregation="none", **values)


@pytest.fixture
def family(life):  # noqa: F811
    """43 children of whom 40 are young, and 3 are masked: nobody said that these add up."""
    young, old, children = (single(life, title) for title in ("Petits", "Grands", "Enfants"))
    for after in (1, 2):
        life.year(young, old, children, after=after)
        for one, number in ((young, 40), (old, 3), (children, 43)):
            life.lives(lambda one=one, number=number: life.whole(number, one))
    return young, old, children


def test_the_years_and_the_indicator_are_named(family):
    young, old, children = family
    told = foretold(children, total_of(children, young, old)).replace("\u00a0", " ")
    assert told.startswith("Des chiffres déjà diffusés")
    assert "« Grands » en 2025 et 2026" in told
    assert "3" not in told.replace("2025 et 2026", "")


def test_of_the_part_alone_nothing_follows(family):
    young, _, children = family
    assert foretold(children, total_of(children, young)) == ""


def test_what_is_rounded_or_shown_tells_none(life, family):  # noqa: F811
    young, old, children = family
    life.rule(base=5)
    assert foretold(children, total_of(children, young, old)) == ""
    life.rule()
    assert foretold(children, total_of(children, young, old)) == ""


def test_by_commune(life):  # noqa: F811
    """b is masked of the girls for a; boys and children are shown there."""
    girls, boys, children = map(life.another, ("Filles", "Garçons", "Enfants"))
    life.year(girls, boys, children)
    life.lives(indicator=girls, a=3, b=20, c=30, d=50)
    life.lives(indicator=boys, a=40, b=40, c=60, d=90)
    life.lives(indicator=children, a=43, b=60, c=90, d=140)
    assert "« Filles » en 2025" in foretold(children, total_of(children, girls, boys))


def test_what_is_not_decided_yet_is_told_of_nobody(life):  # noqa: F811
    girls, boys, children = map(life.another, ("Filles", "Garçons", "Enfants"))
    life.year(girls, boys, children)
    life.lives(indicator=boys, a=40, b=40, c=60, d=90)
    life.lives(indicator=children, a=60, b=60, c=90, d=140)
    life.country.indicator = girls
    life.country.give(a=20, b=20, c=30, d=50)
    assert foretold(children, total_of(children, girls, boys)) == ""


def test_what_was_agreed_to_once_is_known_already(life, family):  # noqa: F811
    young, old, children = family
    content = total_of(children, young, old)
    redefine(life.committee, children, parts=[young, old])
    assert foretold(children, content) == ""


def test_it_is_told_to_who_writes_it_and_to_who_is_asked(life, family, client):  # noqa: F811
    young, old, children = family
    committee = life.committee
    draft = drafts.save_draft(
        children, total_of(children, young, old), by=committee.coordinator,
        base=version_of(children),
    )  # fmt: skip
    slug = committee.convention.slug
    client.force_login(committee.coordinator)
    assert "Des chiffres déjà diffusés" in page_of(
        client.get(reverse("committee:draft", args=[slug, draft.pk]))
    )
    version = drafts.propose(draft, by=committee.coordinator, after_term=WHY)
    client.force_login(committee.epci_member)
    assert "Des chiffres déjà diffusés" in page_of(
        client.get(reverse("committee:point", args=[slug, version.pk]))
    )
