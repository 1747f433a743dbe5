"""What the title of the dashboard says, in every state of a convention."""

import datetime
from datetime import timedelta

import pytest

from conventions.dashboard.title import before_term, title_of, title_of_list
from conventions.models import Convention
from ctg_portal.house import Task

SIGNED, START = datetime.date(2019, 12, 20), datetime.date(2020, 1, 1)
END = datetime.date(2024, 12, 31)
AFTER = END + timedelta(days=1)
PROGRESS, OPEN = "11 indicateurs sur 19 progressent", "le recueil 2023 n’est pas clos"
POINTS = Task("…", "/x/", "Répondre", headline="Neuf points attendent votre réponse")
OTHER = Task("Trois actions que vous pilotez sont en retard.", "/y/", "Mettre à jour")
LONG = Task("Un titre d’action " * 6, "/z/", "Vérifier")


def convention(**fields):
    return Convention(**({"signed_on": SIGNED, "start": START, "end": END} | fields))


def title(day, tasks=(), clauses=(), *, reads_state=True, of=None):
    return title_of(of or convention(), day, tasks, clauses, reads_state=reads_state)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(1, "Au dernier jour de la convention"), (2, "À deux jours du terme"),
     (30, "À 30\u00a0jours du terme"), (61, "À deux mois du terme"), (305, "À dix mois du terme"),
     (365, "À douze mois du terme"), (630, "À 21\u00a0mois du terme"),
     (3 * 365 + 1, "À trois ans du terme"), (1500, "À un peu plus de quatre ans du terme")],
)  # fmt: skip
def test_the_time_left_is_worded_as_one_says_it(days, expected):
    assert before_term(days) == expected


def test_the_title_of_a_running_convention_says_the_time_left_and_the_clauses():
    sentence = f"À dix mois du terme, {PROGRESS} ; {OPEN}"
    assert title(datetime.date(2024, 3, 1), [OTHER], [PROGRESS, OPEN]) == sentence
    assert title(END, [], [OPEN]) == f"Au dernier jour de la convention, {OPEN}"


def test_the_title_without_clauses_says_until_when_the_convention_runs():
    sentence = "La convention court jusqu’au 31\u00a0décembre 2024 : il reste environ dix mois"
    assert title(datetime.date(2024, 3, 1), [OTHER]) == sentence


@pytest.mark.parametrize("clauses", [[], [OPEN]])
def test_the_title_before_the_start_says_the_first_day_or_that_nothing_is_signed(clauses):
    rest = "".join(f" ; {clause}" for clause in clauses)
    coming = "La convention commence le 1er\u00a0janvier 2020"
    assert title(SIGNED, clauses=clauses) == f"{coming}{rest}"
    project = "La convention n’est pas encore signée : son texte est un projet"
    of = convention(signed_on=None, start=None)
    assert title(START, clauses=clauses, of=of) == f"{project}{rest}"


def test_the_title_after_the_term_begins_with_the_clauses_or_the_first_task():
    assert title(AFTER, [OTHER], [PROGRESS, OPEN]) == f"{PROGRESS} ; {OPEN}"
    assert title(AFTER, [], [OPEN]) == "Le recueil 2023 n’est pas clos"
    assert title(AFTER, [OTHER]) == "Trois actions que vous pilotez sont en retard"
    ended = "La convention est arrivée à son terme le 31\u00a0décembre 2024"
    assert title(AFTER) == ended


@pytest.mark.parametrize("day", [SIGNED, START, END, AFTER])
def test_the_title_for_who_came_for_tasks_is_the_first_one(day):
    assert title(day, [POINTS, OTHER], [PROGRESS], reads_state=False) == POINTS.headline
    assert title(day, [OTHER, POINTS], reads_state=False) == OTHER.title.removesuffix(".")
    nothing = title(day, [], [PROGRESS], reads_state=False)
    assert nothing == title(day, [], [PROGRESS])


@pytest.mark.parametrize(
    ("awaiting", "total", "expected"),
    [(0, 1, "Rien ne vous attend dans votre convention"),
     (0, 3, "Rien ne vous attend dans vos conventions"),
     (1, 1, "Quelque chose vous attend dans votre convention"),
     (2, 50, "Quelque chose vous attend dans 2 de vos 50 conventions")],
)  # fmt: skip
def test_title_of_my_conventions_counts_where_something_awaits(awaiting, total, expected):
    assert title_of_list(awaiting, total) == expected


def test_a_task_too_long_for_a_title_is_counted():
    assert title(START, [LONG], reads_state=False) == "Une tâche vous attend"
    assert title(START, [LONG, OTHER], reads_state=False) == "Deux tâches vous attendent"
