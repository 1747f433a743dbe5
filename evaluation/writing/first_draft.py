"""A first draft without invention: sentences of a fixed grammar, from figures and follow-up.

Each is told of one thing, and leads to where it comes from. None says why: what has moved is put
beside what was done by who writes. A figure is told as it may be shown (``FigureReading``), so a
secret one is not, nor what would be computed from it; what is missing is never a zero; a break of
series is told, and nothing is compared across it.

The names of things are quoted, never declined: « l’indicateur « … » passe », « l’action « … » est
terminée » are right whatever the gender and the number of what is quoted.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from actions.models import ActionState, Milestone
from conventions.parties import bodies
from ctg_portal.templatetags.french import (
    enumerate_words,
    euros,
    long_date,
    number,
    plural,
    quoted_within,
)
from evaluation.period import Period
from evaluation.report.parts import sentence_of
from evaluation.year.money import YearMoney
from evaluation.year.plan import ActionReading
from evaluation.year.reading import FigureReading, ThemeReading, YearReading
from indicators.collection.progress import Tally
from indicators.definitions.definition import Definition, is_counted, round_to
from indicators.disclosure import PENDING, REASON_RESERVED, WORDS, DisclosedFigure
from indicators.models import Absence
from indicators.series.reading import YearFigure
from indicators.statistics.source import shorten_mention

LONGEST = 18_000  # characters: a text has 20,000 at most, and its writer adds to it
MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
          "octobre", "novembre", "décembre"]  # fmt: skip
STATES = {
    ActionState.TO_COME: "est à venir",
    ActionState.IN_PROGRESS: "est en cours",
    ActionState.DONE: "est terminée",
    ActionState.PAUSED: "est en pause",
    ActionState.BLOCKED: "est bloquée",
    ActionState.ABANDONED: "est abandonnée",
}
# What Markdown would read as a mark in the name of something.
MARKS = re.compile(r"[\\`*_\[\]<>|]|&(?=#?\w+;)")


@dataclass(frozen=True)
class Sentence:
    """``key`` names it in an address; ``url`` is where it comes from, ``origin`` what is there."""

    key: str
    text: str
    url: str
    origin: str

    @property
    def markdown(self) -> str:
        return plainly(self.text)


@dataclass(frozen=True)
class FirstDraft:
    """``left``: how many sentences there was no room for."""

    text: str = ""
    left: int = 0


def plainly(text: str) -> str:
    """As Markdown that is read as it stands."""
    return MARKS.sub(r"\\\g<0>", text)


def quoted(name) -> str:
    """The name of something within guillemets, as Markdown."""
    return plainly(_quoted(str(name)))


# What is put together ----------------------------------------------------------------------------


def of_theme(theme: ThemeReading, *, is_awaited: bool, today: datetime.date) -> FirstDraft:
    """What the figures and actions of the year, or the term, say of a theme, in two lists."""
    figures = figures_told(theme, is_awaited=is_awaited)
    return _lists(
        [
            (f"{figures_title(theme.period)} :", figures),
            (f"Les actions {theme.period.within} :", actions_told(theme, today)),
        ]
    )


def figures_title(period: Period) -> str:
    since = "Les chiffres depuis la situation initiale"
    return since if period.is_term else f"Les chiffres de {period.year}"


def of_introduction(year: YearReading, tally: Tally) -> FirstDraft:
    return _paragraphs([collection_told(year), *asked_told(year, tally), *plan_told(year)])


def of_conclusion(year: YearReading, tally: Tally) -> FirstDraft:
    told = [*counts_told(year), *plan_told(year), *money_told(year)]
    return _paragraphs([*told, *awaited_told(year, tally)])


def _lists(parts: Iterable[tuple[str, Iterable[Sentence]]]) -> FirstDraft:
    text, left = "", 0
    for title, sentences in parts:
        lines = []
        for one in sentences:
            line = f"- {one.markdown}"
            room = LONGEST - len(text) - len(title) - sum(len(told) + 1 for told in lines)
            if len(line) > room:
                left += 1
            else:
                lines.append(line)
        if lines:
            text = "\n\n".join(filter(None, [text, title, "\n".join(lines)]))
    return FirstDraft(text, left)


def _paragraphs(sentences: Iterable[Sentence]) -> FirstDraft:
    return FirstDraft("\n\n".join(one.markdown for one in sentences))


# A figure ----------------------------------------------------------------------------------------


def figures_told(theme: ThemeReading, *, is_awaited: bool) -> list[Sentence]:
    return [
        Sentence(
            f"chiffre-{one.series.indicator.pk}",
            figure_told(one, is_awaited=is_awaited),
            one.url,
            "Voir l’indicateur",
        )
        for one in theme.figures
    ]


def figure_told(one: FigureReading, *, is_awaited: bool = False) -> str:
    """``is_awaited``: the collection is open, a missing figure may still come."""
    figure, year = one.cell.figure, one.year
    indicator = f"l’indicateur « {_quoted(one.title)} »"
    if figure.is_masked:
        why = f" : {figure.reason}" if figure.is_pending else ""
        return f"Le chiffre {year} de {indicator} {_not_shown(figure)}{why}."
    if figure.is_missing:
        still = " encore" if is_awaited else ""
        return f"Le chiffre {year} de {indicator} n’a pas{still} été transmis."
    if figure.kind == Absence.NOT_APPLICABLE:
        return f"En {year}, {indicator} est sans objet{_because(figure)}."
    if not figure.is_number:
        return f"Le chiffre {year} de {indicator} n’est pas disponible{_because(figure)}."
    told = f"L{indicator[1:]} {_moved(one)} (source : {_source(one)})."
    return " ".join([told, *_to_be_known(one)])


def _not_shown(figure: DisclosedFigure) -> str:
    told = WORDS[PENDING] if figure.is_pending else "couvert par le secret statistique"
    return f"est {told}"


def _moved(one: FigureReading) -> str:
    """What follows the subject: « passe de 431 à 441 places (+10) de 2022 à 2023 »."""
    figure, before, year = one.cell.figure, one.compared_to, one.year
    definition = one.cell.definition
    here = f"s’établit à {_with_unit(figure, definition)} en {year}"
    if before is None:
        partial = f"total partiel de {figure.partial}, qui ne se compare à aucun autre"
        return f"{here}, {partial if figure.partial else 'première donnée connue'}"
    if before.figure.is_masked:
        return f"{here} ; le chiffre de {before.year} {_not_shown(before.figure)}"
    if one.comparable is None:
        return (
            f"{here} ; sa définition a changé depuis {before.year}, les deux chiffres ne se "
            "comparent pas"
        )
    then = one.series.definition_of(before.year)
    decimals = min(definition.decimals, then.decimals)
    difference = round_to(figure.number, decimals) - round_to(before.figure.number, decimals)
    if difference:
        moved = f"passe de {before.figure.words} à {_with_unit(figure, definition)}"
        beside = "" if _is_rounded(one, before) else f" ({_signed(difference, definition)})"
        return f"{moved}{beside} de {before.year} à {year}"
    if figure.words == before.figure.words:
        return f"reste à {_with_unit(figure, definition)} en {year}, comme en {before.year}"
    return f"{here}, contre {before.figure.words} en {before.year}"


def _to_be_known(one: FigureReading) -> Iterator[str]:
    """How final the figures are, and the target if it is reached."""
    figure, before = one.cell.figure, one.compared_to
    words = [
        words
        for words, holds in [
            ("provisoire", figure.is_provisional),
            ("arrondi", figure.is_rounded),
        ]
        if holds
    ]
    if words:
        yield f"Ce chiffre est {enumerate_words(words)}."
    if not figure.is_verified:
        yield f"{'Il' if words else 'Ce chiffre'} n’a pas encore été vérifié."
    if before and before.figure.is_provisional:
        yield f"Celui de {before.year} est provisoire."
    if one.is_reached:
        yield f"La cible ({one.aim}) est atteinte."


def _is_rounded(one: FigureReading, before: YearFigure) -> bool:
    """The difference of two rounded figures may be far from that of the figures."""
    return one.cell.figure.is_rounded or before.figure.is_rounded


def _with_unit(figure: DisclosedFigure, definition: Definition) -> str:
    """« 441 places »; without the unit, which is told in the plural, where French has none."""
    unit = definition.unit.strip()
    if definition.is_percentage or (is_counted(unit) and abs(figure.number) < 2):
        return figure.text
    return f"{figure.text} {unit}".strip()


def _signed(difference: Decimal, definition: Definition) -> str:
    told = number(difference)
    if definition.is_percentage:
        told += " points" if abs(difference) >= 2 else " point"
    return f"+{told}" if difference > 0 else told


def _source(one: FigureReading) -> str:
    """« Caf de la Vienne, 2024 », « Cnaf, décembre 2024 »: no more than a sentence has room for."""
    mention = shorten_mention(one.cell.source)
    return _quoted(mention if str(one.year) in mention else f"{mention}, {one.year}")


def _because(figure: DisclosedFigure) -> str:
    """« : enquête reportée »; nothing where the reason is its provider's to read."""
    reason = figure.reason.strip()
    return f" : « {_quoted(reason)} »" if reason and reason != REASON_RESERVED else ""


def _quoted(text: str) -> str:
    """On one line, without a full stop of its own."""
    return quoted_within(" ".join(text.split()))


# An action ---------------------------------------------------------------------------------------


def actions_told(theme: ThemeReading, today: datetime.date) -> list[Sentence]:
    """Where each stood at the end of the year, then its milestones of that year; of the term, where
    it stood at its end."""
    found, period = [], theme.period
    for one in theme.actions:
        action = one.action
        url = action.get_absolute_url()
        found.append(Sentence(f"action-{action.pk}", action_told(one), url, "Voir la fiche"))
        for milestone in action.milestones.all() if not period.is_term else ():
            if told := milestone_told(one, milestone, period.year, today):
                key = f"jalon-{milestone.pk}"
                found.append(Sentence(key, told, url, "Voir la fiche"))
    return found


def action_told(one: ActionReading) -> str:
    then, name = one.then, _named(one)
    if then.since is None and then.state == ActionState.TO_COME:
        told = [f"L’état de l’{name} n’a pas été renseigné."]
    else:
        is_dated = then.since is not None and then.state != ActionState.TO_COME
        since = f" depuis le {long_date(then.since)}" if is_dated else ""
        told = [f"L’{name} {STATES[then.state]}{since}."]
    if then.state in ActionState.with_reason() and then.reason.strip():
        told.append(f"Motif indiqué : « {_quoted(then.reason)} ».")
    if then.percent is not None and not then.is_over and then.state != ActionState.TO_COME:
        how = "est estimé à" if then.stated_on else "est, d’après ses jalons, de"
        told.append(f"Son avancement {how} {then.percent} %.")
    if then.is_late:
        told.append("Elle est en retard sur son calendrier.")
    return " ".join(told)


def milestone_told(
    one: ActionReading, milestone: Milestone, year: int, today: datetime.date
) -> str:
    """Of one that was reached in the year, or was due in it and is not; empty of another."""
    end = min(datetime.date(year, 12, 31), today)
    name = f"Le jalon « {_quoted(milestone.title)} » de l’{_named(one)}"
    done, due = milestone.done_on, milestone.due_on
    if done and done.year == year and done <= end:
        return f"{name} a été atteint en {MONTHS[done.month - 1]} {year}."
    if due.year == year and due <= end and (done is None or done > end):
        return (
            f"{name}, attendu en {MONTHS[due.month - 1]} {year}, n’est pas indiqué comme atteint."
        )
    return ""


def _named(one: ActionReading) -> str:
    """« action 1.2.3 « Ouvrir un lieu » »."""
    return " ".join(filter(None, ["action", one.action.number, f"« {_quoted(one.action.title)} »"]))


# The whole year ----------------------------------------------------------------------------------


def collection_told(year: YearReading) -> Sentence:
    campaign = year.campaign
    if year.period.is_term:
        years = year.years if year.series else []
        told = "Aucun chiffre n’a été recueilli."
        if years:
            of = "de l’année" if len(years) == 1 else "des années"
            told = f"Les chiffres recueillis sont ceux {of} {enumerate_words(map(str, years))}."
        return Sentence("recueil", told, _campaign_url(year), "Voir le dernier recueil")
    told = f"Le recueil des chiffres de {year.year}"
    if campaign.takes_figures_of_files:
        told = f"Les chiffres de {year.year} sont repris d’un fichier, le "
        told += f"{long_date(campaign.closed_at)}."
    elif campaign.is_prepared:
        told += " n’est pas encore ouvert."
    else:
        told += f" a été ouvert le {long_date(campaign.opened_at)}"
        # That it goes on is told by the document, which knows when it no longer does.
        told += f" et clos le {long_date(campaign.closed_at)}." if campaign.is_closed else "."
    return Sentence("recueil", told, _campaign_url(year), "Voir le recueil")


def asked_told(year: YearReading, tally: Tally) -> Iterator[Sentence]:
    """Of whom the figures were asked, how many were given, and what of them is not shown."""
    if not tally.total:
        return
    url, origin = _campaign_url(year), "Voir le recueil"
    names = [bodies.the(entry.provider.name) for entry in _entries(year)]
    names = list(dict.fromkeys(names))
    asked = plural(tally.total, "donnée a été demandée,données ont été demandées")
    whom = "un organisme" if len(names) == 1 else plural(len(names), "organisme,organismes")
    yield Sentence("organismes", f"{asked} à {whom} : {enumerate_words(names)}.", url, origin)
    given = plural(tally.given, "a été transmise,ont été transmises")
    verified = plural(tally.verified, "est vérifiée,sont vérifiées")
    verified = verified if tally.verified else "aucune n’est vérifiée"
    told = f"{given} et {verified}" if tally.given else "Aucune n’a été transmise"
    yield Sentence("transmises", f"{told}.", url, origin)
    pending = sum(one.cell.figure.is_pending for one in year.figures)
    if masked := sum(one.cell.figure.is_masked for one in year.figures) - pending:
        told = plural(
            masked,
            "chiffre est couvert par le secret statistique,"
            "chiffres sont couverts par le secret statistique",
        )
        yield Sentence("secret", f"{told}.", url, origin)
    if pending:
        told = plural(pending, "chiffre est en attente,chiffres sont en attente")
        yield Sentence("attente", f"{told}.", url, origin)


def counts_told(year: YearReading) -> Iterator[Sentence]:
    counts, url = year.counts, _url(year)
    if counts.total:
        since = f"De la situation initiale à {year.year}"
        when = since if year.period.is_term else f"En {year.year}"
        told = f"{when}, {sentence_of(counts)}."
        yield Sentence("comptes", told, url, f"Voir {year.period.subject}")
    if counts.reached:
        told = plural(
            counts.reached, "indicateur a atteint sa cible,indicateurs ont atteint leur cible"
        )
        yield Sentence("cibles", f"{told}.", url, f"Voir {year.period.subject}")


def plan_told(year: YearReading) -> Iterator[Sentence]:
    if told := year.plan.sentence:
        url = reverse("actions:plan", args=[year.convention.slug])
        told = f"Le plan d’actions de {year.period} compte {told}"
        yield Sentence("plan", told, url, "Voir le plan")


def money_told(year: YearReading) -> Iterator[Sentence]:
    """What is known: lines of which nobody has told the amount are no zero."""
    money = YearMoney([line for one in year.actions for line in one.fundings])
    planned, spent = money.total.planned, money.total.spent
    url, origin = f"{_url(year)}#argent", f"Voir l’argent de {year.period.subject}"
    if planned.known:
        told = f"Les financements prévus pour {year.period} s’élèvent à {euros(planned.total)}."
        yield Sentence("prevu", told, url, origin)
    if spent.known:
        told = f"Les dépenses connues, pour {money.known}, s’élèvent à {euros(spent.total)}."
        yield Sentence("depense", told, url, origin)
    elif money.lines:
        told = f"Aucune dépense de {year.period} n’est renseignée."
        yield Sentence("depense", told, url, origin)


def awaited_told(year: YearReading, tally: Tally) -> Iterator[Sentence]:
    """What may still change."""
    url = _campaign_url(year)
    for at, told in enumerate(tally.missing_sentences):
        yield Sentence(f"manquantes-{at}", f"{told}.", url, "Voir le recueil")
    if count := len(year.provisional):
        told = plural(
            count, "chiffre est provisoire ou à vérifier,chiffres sont provisoires ou à vérifier"
        )
        yield Sentence("provisoires", f"{told}.", url, "Voir le recueil")


def _entries(year: YearReading) -> list:
    cells = (series.by_year[year.year] for series in year.series)
    return [cell.entry for cell in cells if cell.entry is not None]


def _url(year: YearReading) -> str:
    """The page of what is evaluated."""
    return reverse("evaluation:year", args=[year.convention.slug, year.period])


def _campaign_url(year: YearReading) -> str:
    return reverse("indicators:campaign", args=[year.convention.slug, year.year])
