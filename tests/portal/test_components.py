"""What stands within a sentence, and tags over several lines."""

import pytest
from django.template import Context, Template

from actions.models import ActionState
from actions.templatetags.action_states import LOOKS, action_state
from ctg_portal.templatetags.components import LIGHTS, light

pytestmark = pytest.mark.once


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
    assert "en retard" in action_state(ActionState.PAUSED, "en pause", late=True)
    assert "en retard" not in action_state(ActionState.PAUSED, "en pause")


def test_a_tag_may_take_several_lines():
    template = Template('{% light\n  "ok"\n  "oui"\n%}{{ a\n}}{# two\nlines #}')
    assert template.render(Context({"a": 1})) == light("ok", "oui") + "1"
