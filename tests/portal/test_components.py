"""What stands within a sentence, and the one form of a page."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.forms import Form
from django.template import Context, Template

from actions.models import ActionState
from actions.templatetags.action_states import LOOKS, action_state
from ctg_portal.templatetags.components import LIGHTS, about, light, links_about, marked


@pytest.mark.parametrize(("state", "sign"), LIGHTS.items())
def test_a_light_has_its_sign_and_its_word(state, sign):
    assert light(state, "d'accord") == (
        f'<span class="light {state}"><span aria-hidden="true">{sign}</span> d’accord</span>'
    )


def test_a_light_says_who_it_is_about():
    assert "</span> <b>Caf &amp; Cie</b> attendu</span>" in light("awaited", "attendu", "Caf & Cie")


@pytest.mark.parametrize("state", ActionState)
def test_each_state_of_an_action_has_its_own_sign(state):
    others = [sign for other, (_, sign) in LOOKS.items() if other != state]
    sign = LOOKS.get(state, ("", "○"))[1]
    assert sign not in others
    assert f'<span aria-hidden="true">{sign}</span> {state.label}</span>' in action_state(
        state, state.label
    )


def test_an_action_that_is_late_says_so():
    assert "en retard" in action_state(ActionState.PAUSED, "en pause", late="en retard")
    assert "en retard" not in action_state(ActionState.PAUSED, "en pause")


def test_the_subject_of_a_link_is_for_screen_readers_only():
    assert about("L'accueil <3-6 ans>") == (
        '<span class="visually-hidden">\u00a0: L’accueil &lt;3-6 ans&gt;</span>'
    )


def test_links_stand_side_by_side_without_a_space():
    links = [SimpleNamespace(url="/a?b&c", label="Lire"), SimpleNamespace(url="/d", label="Dire")]
    hint = about("B & C")
    assert links_about("B & C", links) == (
        f'<a href="/a?b&amp;c">Lire{hint}</a><a href="/d">Dire{hint}</a>'
    )


def test_what_was_sought_is_marked_and_nothing_typed_is_trusted():
    pieces = [("à <i>", False), ("accueil", True), (" & ", False)]
    assert marked(pieces) == "à &lt;i&gt;<mark>accueil</mark> &amp; "


def test_the_form_of_a_page_has_the_token_that_an_include_would_not_hand_on():
    page = Template('{% sole_form form "Envoyer" back="/la" danger=True %}')
    html = page.render(Context({"form": Form(), "csrf_token": "a-token"}))
    assert 'value="a-token"' in html
    assert '<button type="submit" class="btn btn-danger">Envoyer</button>' in html
    assert '<a class="btn btn-link" href="/la">Annuler</a>' in html


@pytest.mark.parametrize("drawing", ["trend", "spark", "timeline", "budget-drawing", "map"])
def test_drawings_follow_forced_colours(drawing):
    css = (settings.BASE_DIR / "static/portal/portal.css").read_text(encoding="utf-8")
    forced = css.partition("@media (forced-colors: active) {")[2]
    assert f".{drawing}," in forced
    assert "text { fill: CanvasText" in " ".join(forced.split())
