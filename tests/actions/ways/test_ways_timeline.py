"""The plan in time: what ends when, what was reached, what is overdue."""

import datetime
import re

import pytest
from django.utils import timezone

from tests import factories as f
from tests.actions.factories import draft_action, proposed_action
from tests.actions.ways.scene import (
    action_row,
    heading_of,
    plain,
    reading,  # noqa: F401  (fixtures)
    ways_url,
)
from tests.agreements.factories import committee_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> datetime.date:
    return timezone.localdate()


def year_of(years: int = 0) -> datetime.date:
    """The last day of the year, so many years from now."""
    return datetime.date(timezone.localdate().year + years, 12, 31)


def title(get, address="calendrier/") -> str:
    get(address)
    return heading_of(get.html)


# The title ---------------------------------------------------------------------------------------


def test_the_title_tells_what_is_drawn_and_over_which_years(committee, get):
    action_row(committee, "Passée", starts_on=year_of(-3), ends_on=year_of(-2))
    assert title(get) == f"1 action, de {year_of(-3).year} à {year_of(-2).year}"
    action_row(committee, "Plus tard", ends_on=year_of(1))
    assert title(get) == f"2 actions, de {year_of(-3).year} à {year_of(1).year}"
    assert "<title>2\xa0actions, de" in get.html


def test_the_title_says_that_there_are_neither_ends_nor_actions(committee, get):
    assert title(get) == "Aucune action n’est encore en vigueur"
    assert "Le plan d’actions est vide." in get("calendrier/")
    assert "<svg" not in get.html
    action_row(committee, "Un jour", starts_on=None, ends_on=None)
    assert title(get) == "Aucune action n’a de début fixé"


def test_the_title_counts_what_is_asked_for(committee, get):
    other = f.ThemeFactory(axis__convention=committee.convention)
    action_row(committee, "Un", ends_on=year_of())
    action_row(committee, "Deux", ends_on=year_of(), theme=other)
    address = f"calendrier/?axe={other.axis.pk}"
    assert title(get, address).startswith("1 action")
    assert get.html.count('class="timeline"') == 1
    assert "Un</a>" not in get.html
    assert title(get, "calendrier/?etat=bloquee") == (
        "Aucune action en vigueur ne répond à votre recherche"
    )


# The drawing and its table -----------------------------------------------------------------------


def test_each_axis_has_one_drawing_in_its_colour(committee, get):
    first = committee.orientation.theme.axis
    other = f.ThemeFactory(axis__convention=committee.convention, axis__number=first.number + 1)
    for theme in (other, committee.orientation.theme, other):
        action_row(committee, "Une action", theme=theme)
    text = get("calendrier/")
    drawings = re.findall(r"<svg[^>]*class=\"timeline\".*?</svg>", get.html, re.DOTALL)
    assert [plain(d).split(" : ")[1].split(" de ")[0] for d in drawings] == [
        "1 action",
        "2 actions",
    ]
    assert all('role="img"' in d and "currentColor" in d for d in drawings)
    sections = re.findall(r'<section class="axis-(\d)"', get.html)
    assert sections == [str(first.colour), str(other.axis.colour)]
    assert text.index(first.title) < text.index(other.axis.title)


def test_the_table_tells_what_the_drawing_shows(committee, get, today):
    past, soon = today - datetime.timedelta(days=30), today + datetime.timedelta(days=30)
    action_row(
        committee,
        "Ouvrir un lieu",
        state="in_progress",
        milestones=[
            ("Recruter", past, past),
            ("Convention de mise à disposition", past, None),
            ("Ouvrir", soon, None),
        ],
    )
    text = get("calendrier/")
    assert "! 1 action en retard et 1 jalon dépassé" in text
    assert re.search(r"● Recruter, atteint le \d", text)
    assert re.search(r"▲ Convention de mise à disposition, dépassé depuis le \d", text)
    assert re.search(r"◇ Ouvrir, attendu le \d", text)
    assert "▸ en cours ! en retard" in text
    drawing = re.search(r"<svg[^>]*class=\"timeline\".*?</svg>", get.html, re.DOTALL)[0]
    assert 'fill="#a3262a"' in drawing
    assert "! 1.1 Ouvrir un lieu" in drawing.replace(
        f"{committee.orientation.theme.axis.number}.1", "1.1"
    )


def test_what_is_over_awaits_nothing(committee, get, today):
    past = today - datetime.timedelta(days=30)
    action_row(committee, "Finie", state="done", milestones=[("Publier", past, None)])
    text = get("calendrier/")
    assert "◇ Publier, non atteint, attendu le" in text
    assert "jalon dépassé" not in text.split("Les dates")[1]
    assert "en retard et" not in text


def test_undated_actions_stand_apart(committee, get):
    action_row(committee, "Sans date", starts_on=None, ends_on=None)
    action_row(committee, "Sans début", starts_on=None, ends_on=year_of())
    text = get("calendrier/")
    assert "2 actions sans date" in text
    assert "dates à fixer" in text
    assert f"fin le 31 décembre {year_of().year}, début à fixer" in text
    assert "<svg xmlns" not in get.html


def test_proposed_ones_and_drafts_are_marked_and_drafts_are_for_who_writes(committee, get, reader):
    proposed_action(committee, title="Proposée")
    draft_action(committee, title="En brouillon")
    text = get("calendrier/")
    assert "○ proposée" in text
    assert "✐ brouillon" in text
    assert 'stroke-dasharray="3 2"' in get.html
    assert "En brouillon" not in get("calendrier/", reader)
    assert heading_of(get.html).startswith("1 action")


def test_actions_come_by_their_first_day_unless_sorted_otherwise(committee, get, today):
    action_row(committee, "Zèbre", starts_on=today - datetime.timedelta(days=300))
    action_row(committee, "Abeille", starts_on=today)

    def order(address):
        get(address)
        tables = get.html[get.html.index('id="dates"') :]
        return re.findall(r"(Zèbre|Abeille)</a>", tables)

    assert order("calendrier/") == ["Zèbre", "Abeille"]
    assert order("calendrier/?tri=titre") == ["Abeille", "Zèbre"]


def test_the_dates_of_a_long_plan_are_folded_by_axis(committee, get, monkeypatch):
    monkeypatch.setattr("actions.ways.timeline.PAGE_SIZE", 2)
    for n in range(3):
        assert "et leurs dates" not in get("calendrier/")
        action_row(committee, f"Une action {n}")
    assert "3 actions et leurs dates" in get("calendrier/")
    folded = re.search(r'<details class="part">.*?</details>', get.html, re.DOTALL)[0]
    assert folded.count("Une action") == 3


@pytest.mark.parametrize(("fields", "lead"), [
    ({"ended": True}, "La convention courait du 31 décembre 2019 au 31 décembre 2024."),
    ({"project": True, "end": datetime.date(2031, 12, 31)},
     "Le projet de convention va jusqu’au 31 décembre 2031."),
])  # fmt: skip
def test_the_lead_says_why_a_convention_does_not_run(client, fields, lead):
    committee = committee_of(**fields)
    if committee.convention.start:
        action_row(committee, "Une action")
    client.force_login(committee.coordinator)
    html = client.get(ways_url(committee, "calendrier/")).content.decode()
    assert lead in plain(html)


def test_a_project_with_a_first_day_does_not_run(client):
    committee = committee_of(project=True, end=datetime.date(2031, 12, 31))
    committee.convention.start = datetime.date(2021, 1, 1)
    committee.convention.save()
    client.force_login(committee.coordinator)
    html = client.get(ways_url(committee, "calendrier/")).content.decode()
    expected = "Le projet de convention, non signé, va du 1er janvier 2021 au 31 décembre 2031."
    assert expected in plain(html)


def test_agendas_list_late_days_open_and_past_days_folded(committee, get, today):
    """What is late stands first and open, what is behind us is folded."""
    month = datetime.timedelta(days=30)
    action_row(committee, "Ouvrir un lieu", starts_on=today - 9 * month,
               ends_on=today + 40 * month,
               milestones=[("Recruter", today - 3 * month, today - 2 * month),
                           ("Louer", today - month, None)])  # fmt: skip
    text = get("calendrier/")
    late, *_, last = get.response.context["timeline"].agendas
    assert (late.title, late.is_open) == ("En retard", True)
    assert [one.text for one in late.days] == ["Louer (dépassé)"]
    assert not last.is_open
    assert last.title.startswith("Passé, ")
    assert "! en retard · ▲ Louer (dépassé)" in text
    assert "fin" in [one.text for one in get.response.context["timeline"].agendas[1].days]


def test_of_a_long_plan_what_is_behind_us_is_left_to_the_tables(committee, get, monkeypatch, today):
    action_row(committee, "Une", starts_on=today - datetime.timedelta(days=400), ends_on=today)
    get("calendrier/")
    agendas = [one.title for one in get.response.context["timeline"].agendas]
    assert any(title.startswith("Passé") for title in agendas)
    monkeypatch.setattr("actions.ways.timeline.PAGE_SIZE", 0)
    assert "Les dates passées, action par action" in get("calendrier/")
    agendas = [one.title for one in get.response.context["timeline"].agendas]
    assert not any(title.startswith("Passé") for title in agendas)
