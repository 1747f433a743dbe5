"""The title of the dashboard: a fixed grammar, filled with what is known.

Who has a role in which something awaits them reads that first (« Neuf points attendent votre
réponse »); who coordinates or reads, where the convention stands (« À dix mois du terme,
11 des 19 indicateurs comparables progressent ; le recueil 2023 n’est pas clos »).
"""

import datetime
from collections.abc import Sequence

from conventions.legal.convention import Convention
from ctg_portal.house import Task
from ctg_portal.templatetags.french import DAYS_OF_A_MONTH, in_words, long_date, number, time_left

LONGEST = 90  # characters of a title
PROJECT, COMING, RUNNING, ENDED = "project", "coming", "running", "ended"


def term_of(convention: Convention, today: datetime.date) -> str:
    """Return where a convention stands: ``project``, ``coming``, ``running`` or ``ended``."""
    if not convention.is_signed:
        return PROJECT
    if convention.has_ended(today):
        return ENDED
    return RUNNING if convention.is_running(today) else COMING


def title_of(
    convention: Convention, today: datetime.date, tasks: Sequence[Task], clauses: Sequence[str],
    *, reads_state: bool,
) -> str:  # fmt: skip
    """Return the title of the dashboard: the first task, for who came for tasks (not
    ``reads_state``) and has one; else where the convention stands, followed by the rooms'
    ``clauses``, which begin without a capital."""
    if tasks and not reads_state:
        return title_of_first(tasks)
    term = term_of(convention, today)
    if term == ENDED and (clauses or tasks):
        # The end stands beneath what is to be done.
        return _capital(" ; ".join(clauses)) or title_of_first(tasks)
    if term == RUNNING and clauses:
        return f"{before_term(convention.days_left(today))}, {' ; '.join(clauses)}"
    return " ; ".join([where_it_stands(convention, today), *clauses])


def title_of_first(tasks: Sequence[Task]) -> str:
    """Return the first task as a title or, where it is longer than ``LONGEST``, their number."""
    sentence = tasks[0].headline or tasks[0].title.removesuffix(".")
    if len(sentence) <= LONGEST:
        return sentence
    if len(tasks) == 1:
        return "Une tâche vous attend"
    return f"{_capital(in_words(len(tasks), 'tâche,tâches'))} vous attendent"


def title_of_list(awaiting: int, total: int) -> str:
    """Return the title of the list of conventions: in how many something is to be done."""
    if not awaiting:
        return f"Rien ne vous attend dans {'votre convention' if total == 1 else 'vos conventions'}"
    if total == 1:
        return "Quelque chose vous attend dans votre convention"
    return f"Quelque chose vous attend dans {number(awaiting)} de vos {number(total)} conventions"


def where_it_stands(convention: Convention, today: datetime.date) -> str:
    """Return the sentence on the term: « La convention court jusqu’au … : il reste dix mois »."""
    term, end = term_of(convention, today), long_date(convention.end)
    if term == PROJECT:
        return "La convention n’est pas encore signée : son texte est un projet"
    if term == COMING:
        return f"La convention commence le {long_date(convention.start)}"
    if term == ENDED:
        return f"La convention est arrivée à son terme le {end}"
    days = convention.days_left(today)
    left = f"il reste {time_left(days)}" if days > 1 else "c’est son dernier jour"
    return f"La convention court jusqu’au {end} : {left}"


def before_term(days: int) -> str:
    """Return « À dix mois du terme ». ``days``: those left, the last one counted."""
    if days <= 1:
        return "Au dernier jour de la convention"
    if days < 60:
        return f"À {in_words(days, 'jours,jours')} du terme"
    months = round(days / DAYS_OF_A_MONTH)
    if months < 24:
        return f"À {in_words(months, 'mois,mois')} du terme"
    return f"À {time_left(days)} du terme"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
