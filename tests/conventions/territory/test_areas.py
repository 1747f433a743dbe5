"""The map by outlines: every commune named, those without an outline listed."""

import re

import pytest
from django.template.loader import render_to_string

from conventions.models import Commune, Coverage
from conventions.territory.areas import draw_map
from conventions.territory.outlines import _read
from tests import factories as f

pytestmark = pytest.mark.django_db

CODES = {"86066": "Châtellerault", "86174": "Naintré", "86272": "Thuré", "98818": "Nouméa"}


@pytest.fixture
def convention():
    convention = f.ConventionFactory()
    for rank, (code, name) in enumerate(CODES.items()):
        commune = f.CommuneFactory(
            convention=convention, insee_code=code, name=name, population=30_000 - 5_000 * rank
        )
        f.CoverageFactory(commune=commune)
    return convention


def coverages(convention):
    return [commune.coverages.get() for commune in convention.communes.order_by("insee_code")]


@pytest.fixture
def get(client, convention):
    client.force_login(f.MembershipFactory(organisation__convention=convention).user)
    return lambda page="": client.get(
        f"/conventions/{convention.slug}/territoire/{page}"
    ).content.decode()


def test_each_commune_has_its_outline_link_and_name(get):
    html = get()
    drawing = re.search(r'<svg class="map areas".*?</svg>', html, re.DOTALL)[0]
    assert drawing.count("<path") == 3
    for code, name in list(CODES.items())[:3]:
        assert f'<a href="{code}/">' in drawing
        assert f"<title>{name}" in drawing
    assert "30\u202f000\u00a0habitants" in drawing


def test_communes_without_outline_are_named_with_the_source(get):
    text = get().replace("\u00a0", " ")
    assert "Contours : IGN, Admin Express COG 2018" in text
    assert "Licence Ouverte" in text
    assert "Sans contour dans ces données, et au tableau comme les autres :" in text
    assert "Nouméa" in text.split("Sans contour")[1].split("</p>")[0]


def test_a_commune_is_pointed_out_on_its_own_page(get):
    assert get("86174/").count('class="place here"') == 1


def test_names_do_not_cover_each_other_and_the_one_here_is_named(convention):
    rows = coverages(convention)
    small = rows[2].commune
    drawing = draw_map(rows, here=small)
    named = [area.commune for area in drawing.areas if area.is_named]
    assert small in named
    assert [c.name for c in drawing.without] == ["Nouméa"]


def test_circles_stand_in_where_no_outline_is_known(convention):
    rows = coverages(convention)[3:]
    assert draw_map(rows) is None or draw_map(rows).marks
    located = f.CommuneFactory(
        convention=convention, insee_code="98805", latitude=-21.6, longitude=165.5
    )
    assert len(draw_map([f.CoverageFactory(commune=located)]).circles) == 1


def test_120_communes_weigh_less_than_40_kilobytes():
    codes = sorted(_read("86")["communes"])[:120]
    rows = [
        Coverage(commune=Commune(pk=n, insee_code=code, name="Saint-Gervais-les-Clos",
                                 population=1000 + n))
        for n, code in enumerate(codes)
    ]  # fmt: skip
    context = {"map": draw_map(rows), "title": "Communes", "base": "", "here": None}
    html = render_to_string("conventions/territory/parts/areas.html", context)
    drawing = re.search(r"<svg.*?</svg>", html, re.DOTALL)[0]
    assert drawing.count("<path") == 120
    assert len(drawing.encode()) < 40_000
