"""What an amendment does to the committee's work: its objectives, points and comments stay."""

import datetime
from html import unescape

import pytest
from django.utils import timezone

from agreements.models import State, Version
from agreements.versions.signature import record_signature
from committee.comments import events as talk
from committee.objectives import events as objectives
from conventions.legal.amending import amending
from conventions.models import Objective
from ctg_portal.rules import Refused
from tests import factories as f
from tests.accounts.reading import text_of
from tests.actions.ways.scene import action_row
from tests.agreements.factories import committee_of
from tests.indicators.factories import indicator_in_force
from tests.stories import told_once

FAR = datetime.date(2099, 1, 1)


@told_once
def committee(db):
    committee = committee_of()
    record_signature(committee.convention)
    return committee


@told_once
def amendment(committee):
    today = timezone.localdate()
    return f.AmendmentFactory(
        convention=committee.convention, number=1, signed_on=today, effective_on=today
    )


def replace(committee, amendment, title="Accueillir partout"):
    """An amendment closes the orientation and opens its successor."""
    old = committee.orientation
    with amending(amendment) as pen:
        new = pen.open(Objective(theme=old.theme, rank=old.rank + 1, title=title))
        pen.close(old, into=(new,))
    return new


def axes_page(committee, client) -> str:
    client.force_login(committee.caf_member)
    page = client.get(f"/conventions/{committee.convention.slug}/axes/")
    return page.content.decode()


def plain(html: str) -> str:
    return unescape(text_of(html)).replace("\u00a0", " ")


def versions_of(row) -> list[tuple[int, str]]:
    rows = Version.objects.about(row).order_by("number")
    return list(rows.values_list("number", "state"))


def test_an_objective_under_a_closed_orientation_stays_with_its_actions(
    committee, amendment, client
):
    own = committee.in_force("Ouvrir deux espaces").subject
    action = action_row(committee, "Signer le bail", objectives=[own])
    replace(committee, amendment)
    html = axes_page(committee, client)
    text = plain(html)
    assert "N’est plus en vigueur (avenant n° 1). Lui succède : « Accueillir partout »." in text
    assert text.index("N’est plus en vigueur") < text.index("Ouvrir deux espaces")
    assert f'id="objectif-{committee.orientation.pk}"' in html
    assert f'href="{action.get_absolute_url()}"' in html
    # Only what is in force is counted.
    assert "1 axe, 1 thématique et 1 objectif" in text


def test_a_closed_orientation_with_actions_is_listed_as_replaced(committee, amendment, client):
    action = action_row(committee, "Signer le bail", objectives=[committee.orientation])
    replace(committee, amendment)
    html = axes_page(committee, client)
    assert "Ce que des avenants ont retiré ou remplacé (1)" in plain(html)
    assert f'id="objectif-{committee.orientation.pk}"' in html
    assert f'href="{action.get_absolute_url()}"' in html
    assert "Ajouter une action : " + committee.orientation.title not in plain(html)


def test_an_axis_without_themes_is_named_by_its_title(committee, amendment, client):
    theme = f.ThemeFactory(
        axis__convention=committee.convention, axis__title="Logement", untitled=True
    )
    action_row(committee, "Signer le bail", theme=theme)
    with amending(amendment) as pen:
        pen.close(theme)
        pen.close(theme.axis)
    assert "Logement N’est plus en vigueur" in plain(axes_page(committee, client))


def test_an_action_of_a_closed_orientation_names_the_successor(committee, amendment, client):
    old = committee.orientation
    action = action_row(committee, "Signer le bail", objectives=[old])
    indicator = indicator_in_force(committee, objectives=[old])
    new = replace(committee, amendment)
    client.force_login(committee.caf_member)
    link = f'href="/conventions/{committee.convention.slug}/axes/#objectif-{new.pk}"'
    for page in (action.get_absolute_url(), indicator.get_absolute_url()):
        html = client.get(page).content.decode()
        assert (
            "N’est plus en vigueur (avenant n° 1). Lui succède : « Accueillir partout »."
            in plain(html)
        )
        assert link in html


def test_comments_on_a_closed_orientation_stay_a_link_away(committee, amendment, client):
    version = Version.objects.about(committee.orientation).get()
    talk.comment(version, text="Trop large", by=committee.caf_member)
    replace(committee, amendment)
    url = f"/conventions/{committee.convention.slug}/comite/points/{version.pk}/"
    assert f'href="{url}"' in axes_page(committee, client)
    assert "Trop large" in client.get(url).content.decode()


def test_other_words_are_the_next_version_of_the_same_point(committee, amendment):
    orientation = committee.orientation
    with amending(amendment) as pen:
        pen.reword(orientation, title="Accueillir mieux")
    assert versions_of(orientation) == [(1, State.REPLACED), (2, State.IN_FORCE)]
    latest = Version.objects.about(orientation).in_force().get()
    assert latest.title == "Accueillir mieux"
    assert latest.in_force_at.date() == amendment.signed_on


def test_an_amendment_effective_later_changes_no_version_today(committee, amendment):
    amendment.effective_on = FAR
    amendment.save()
    new = replace(committee, amendment)
    record_signature(committee.convention)
    assert versions_of(committee.orientation) == [(1, State.IN_FORCE)]
    assert versions_of(new) == []


def test_a_closed_orientation_is_agreed_to_no_longer_and_takes_nothing(committee, amendment):
    new = replace(committee, amendment)
    assert versions_of(committee.orientation) == [(1, State.WITHDRAWN)]
    assert versions_of(new) == [(1, State.IN_FORCE)]
    with pytest.raises(Refused, match="Un avenant a mis fin"):
        objectives.add_objective(
            committee.orientation, committee.content(), by=committee.coordinator
        )
