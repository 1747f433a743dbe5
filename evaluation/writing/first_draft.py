"""A first draft without invention: sentences of a fixed grammar, from figures and follow-up.

Each sentence is about one thing and links to its source. None gives reasons: who writes adds what
was done. A figure is given as it may be shown (``FigureReading``), so a secret one is not, nor what
would be computed from it; a missing one is never a zero; a break of series is named, and nothing is
compared across it.

The names of things are quoted, never declined: « l’indicateur « … » passe », « l’action « … » est
terminée » are right whatever the gender and number of the name.
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
from evaluation.year.money import YearMoney
from evaluation.year.plan import ActionReading
from evaluation.year.reading import FigureReading, ThemeReading, YearReading
from indicators.collection.progress import Tally
from indicators.definitions.definition import Definition, is_counted, round_to
from indicators.disclosure import PENDING, REASON_RESERVED, WORDS, DisclosedFigure
from indicators.models import Absence
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
# Characters of a name that Markdown would read as marks.
MARKS = re.compile(r"[\\`*_\[\]<>|]|&(?=#?\w+;)")


@dataclass(frozen=True)
class Sentence:
    """A sentence of the draft. ``key`` is unique; ``url``: its source, ``origin`` its label."""

    key: str
    text: str
    url: str
    origin: str

    @property
    def markdown(self) -> str:
        return escape_markdown(self.text)


@dataclass(frozen=True)
class FirstDraft:
    """A draft. ``left``: how many sentences did not fit."""

    text: str = ""
    left: int = 0


def escape_markdown(text: str) -> str:
    """Return Markdown that shows ``text`` as it is, without marks."""
    return MARKS.sub(r"\\\g<0>", text)


def quoted(name: object) -> str:
    """Return the name of something as Markdown, to be put between guillemets."""
    return escape_markdown(_for_quotation(str(name)))


def theme_draft(theme: ThemeReading, *, is_awaited: bool, today: datetime.date) -> FirstDraft:
    """Return two lists on a theme, figures and actions, without a list that is empty.
    ``is_awaited``: missing figures may still come."""
    figures = figure_sentences(theme, is_awaited=is_awaited)
    return _draft_of_lists(
        [
            (f"{figures_title(theme.period)} :", figures),
            (f"Les actions {theme.period.within} :", action_sentences(theme, today)),
        ]
    )


def figures_title(period: Period) -> str:
    """Return « Les chiffres de 2023 »; for the term, that they are since the initial situation."""
    since = "Les chiffres depuis la situation initiale"
    return since if period.is_term else f"Les chiffres de {period.year}"


def introduction_draft(reading: YearReading, tally: Tally) -> FirstDraft:
    """Return a draft on the collection, the figures asked for and the plan, one paragraph each."""
    return _draft_of_paragraphs(
        [collection_sentence(reading), *request_sentences(reading, tally), *plan_sentences(reading)]
    )


def conclusion_draft(reading: YearReading, tally: Tally) -> FirstDraft:
    """Return a draft on movements, plan and money, then on what may still change."""
    sentences = [*count_sentences(reading), *plan_sentences(reading), *money_sentences(reading)]
    return _draft_of_paragraphs([*sentences, *pending_sentences(reading, tally)])


def _draft_of_lists(parts: Iterable[tuple[str, Iterable[Sentence]]]) -> FirstDraft:
    """Return each title with the list of its sentences; not a title without any. Sentences that do
    not fit into ``LONGEST`` are left out and counted."""
    text, left = "", 0
    for title, sentences in parts:
        lines = []
        for sentence in sentences:
            line = f"- {sentence.markdown}"
            room = LONGEST - len(text) - len(title) - sum(len(written) + 1 for written in lines)
            if len(line) > room:
                left += 1
            else:
                lines.append(line)
        if lines:
            text = "\n\n".join(filter(None, [text, title, "\n".join(lines)]))
    return FirstDraft(text, left)


def _draft_of_paragraphs(sentences: Iterable[Sentence]) -> FirstDraft:
    return FirstDraft("\n\n".join(sentence.markdown for sentence in sentences))


def figure_sentences(theme: ThemeReading, *, is_awaited: bool) -> list[Sentence]:
    """Return one entry for each indicator of a theme, of one sentence or more."""
    return [
        Sentence(
            f"chiffre-{reading.series.indicator.pk}",
            describe_figure(reading, is_awaited=is_awaited),
            reading.url,
            "Voir l’indicateur",
        )
        for reading in theme.figures
    ]


def describe_figure(reading: FigureReading, *, is_awaited: bool = False) -> str:
    """Return one or several sentences on a figure: the number with its movement, source and
    caveats; or why there is none. ``is_awaited``: a missing figure may still come."""
    figure, year = reading.cell.figure, reading.year
    indicator = f"l’indicateur « {_for_quotation(reading.title)} »"
    if figure.is_masked:
        why = f" : {figure.reason}" if figure.is_pending else ""
        return f"Le chiffre {year} de {indicator} {_describe_masked(figure)}{why}."
    if figure.is_missing:
        still = " encore" if is_awaited else ""
        return f"Le chiffre {year} de {indicator} n’a pas{still} été transmis."
    if figure.kind == Absence.NOT_APPLICABLE:
        return f"En {year}, {indicator} est sans objet{_reason_clause(figure)}."
    if not figure.is_number:
        return f"Le chiffre {year} de {indicator} n’est pas disponible{_reason_clause(figure)}."
    mention = shorten_mention(reading.cell.source)
    source = _for_quotation(mention if str(year) in mention else f"{mention}, {year}")
    sentence = f"L{indicator[1:]} {_describe_movement(reading)} (source : {source})."
    return " ".join([sentence, *_caveats(reading)])


def _describe_masked(figure: DisclosedFigure) -> str:
    """Return « est couvert par le secret statistique », or that it is pending."""
    reason = WORDS[PENDING] if figure.is_pending else "couvert par le secret statistique"
    return f"est {reason}"


def _describe_movement(reading: FigureReading) -> str:
    """Return what follows the subject: « passe de 431 à 441 places (+10) de 2022 à 2023 »; or that
    the number stayed, is the first one, or cannot be compared, and why. No difference is given
    beside a rounded number: it may be far from the true one."""
    figure, before, year = reading.cell.figure, reading.compared_to, reading.year
    definition = reading.cell.definition
    here = f"s’établit à {_format_with_unit(figure, definition)} en {year}"
    if before is None:
        partial = f"total partiel de {figure.partial}, qui ne se compare à aucun autre"
        return f"{here}, {partial if figure.partial else 'première donnée connue'}"
    if before.figure.is_masked:
        return f"{here} ; le chiffre de {before.year} {_describe_masked(before.figure)}"
    if reading.comparable is None:
        return (
            f"{here} ; sa définition a changé depuis {before.year}, les deux chiffres ne se "
            "comparent pas"
        )
    then = reading.series.definition_of(before.year)
    decimals = min(definition.decimals, then.decimals)
    difference = round_to(figure.number, decimals) - round_to(before.figure.number, decimals)
    if difference:
        movement = f"passe de {before.figure.words} à {_format_with_unit(figure, definition)}"
        if not (figure.is_rounded or before.figure.is_rounded):
            movement += f" ({_format_difference(difference, definition)})"
        return f"{movement} de {before.year} à {year}"
    if figure.words == before.figure.words:
        return f"reste à {_format_with_unit(figure, definition)} en {year}, comme en {before.year}"
    return f"{here}, contre {before.figure.words} en {before.year}"


def _caveats(reading: FigureReading) -> Iterator[str]:
    """Yield that the figure is provisional, rounded, unverified, or has reached its target."""
    figure, before = reading.cell.figure, reading.compared_to
    states = [("provisoire", figure.is_provisional), ("arrondi", figure.is_rounded)]
    words = [word for word, holds in states if holds]
    if words:
        yield f"Ce chiffre est {enumerate_words(words)}."
    if not figure.is_verified:
        yield f"{'Il' if words else 'Ce chiffre'} n’a pas encore été vérifié."
    if before and before.figure.is_provisional:
        yield f"Celui de {before.year} est provisoire."
    if reading.is_reached:
        yield f"La cible ({reading.aim}) est atteinte."


def _format_with_unit(figure: DisclosedFigure, definition: Definition) -> str:
    """Return « 441 places »; « 1 » where the unit is a plural and the number below two."""
    unit = definition.unit.strip()
    if definition.is_percentage or (is_counted(unit) and abs(figure.number) < 2):
        return figure.text
    return f"{figure.text} {unit}".strip()


def _format_difference(difference: Decimal, definition: Definition) -> str:
    """Return « +10 », « -1,5 point »: points for a percentage, no unit otherwise."""
    text = number(difference)
    if definition.is_percentage:
        text += " points" if abs(difference) >= 2 else " point"
    return f"+{text}" if difference > 0 else text


def _reason_clause(figure: DisclosedFigure) -> str:
    """Return « : « enquête reportée » », empty without a reason or for one that is reserved."""
    reason = figure.reason.strip()
    return f" : « {_for_quotation(reason)} »" if reason and reason != REASON_RESERVED else ""


def _for_quotation(text: str) -> str:
    """Return a text for a quotation: on one line, without full stop and guillemets."""
    return quoted_within(" ".join(text.split()))


def action_sentences(theme: ThemeReading, today: datetime.date) -> list[Sentence]:
    """Return for each action of a theme where it stood at the end of the year, then its milestones
    reached or missed in that year; for the term, where it stood alone."""
    sentences, period = [], theme.period
    for reading in theme.actions:
        action = reading.action
        url = action.get_absolute_url()
        sentences.append(
            Sentence(f"action-{action.pk}", describe_action(reading), url, "Voir la fiche")
        )
        for milestone in action.milestones.all() if not period.is_term else ():
            if milestone_text := describe_milestone(reading, milestone, period.year, today):
                key = f"jalon-{milestone.pk}"
                sentences.append(Sentence(key, milestone_text, url, "Voir la fiche"))
    return sentences


def describe_action(reading: ActionReading) -> str:
    """Return the state of an action at the end of the year: since when, why, progress, late."""
    then, name = reading.then, _label_action(reading)
    if then.since is None and then.state == ActionState.TO_COME:
        sentences = [f"L’état de l’{name} n’a pas été renseigné."]
    else:
        is_dated = then.since is not None and then.state != ActionState.TO_COME
        since = f" depuis le {long_date(then.since)}" if is_dated else ""
        sentences = [f"L’{name} {STATES[then.state]}{since}."]
    if then.state in ActionState.with_reason() and then.reason.strip():
        sentences.append(f"Motif indiqué : « {_for_quotation(then.reason)} ».")
    if then.percent is not None and not then.is_over and then.state != ActionState.TO_COME:
        how = "est estimé à" if then.stated_on else "est, d’après ses jalons, de"
        sentences.append(f"Son avancement {how} {then.percent} %.")
    if then.is_late:
        sentences.append("Elle est en retard sur son calendrier.")
    return " ".join(sentences)


def describe_milestone(
    reading: ActionReading, milestone: Milestone, year: int, today: datetime.date
) -> str:
    """Return a sentence on a milestone that was reached in the year, or was due in it and not
    reached by its end (``today`` while it goes on); empty for another."""
    end = min(datetime.date(year, 12, 31), today)
    name = f"Le jalon « {_for_quotation(milestone.title)} » de l’{_label_action(reading)}"
    done, due = milestone.done_on, milestone.due_on
    if done and done.year == year and done <= end:
        return f"{name} a été atteint en {MONTHS[done.month - 1]} {year}."
    if due.year == year and due <= end and (done is None or done > end):
        return (
            f"{name}, attendu en {MONTHS[due.month - 1]} {year}, n’est pas indiqué comme atteint."
        )
    return ""


def _label_action(reading: ActionReading) -> str:
    """Return « action 1.2.3 « Ouvrir un lieu » »."""
    action = reading.action
    return " ".join(filter(None, ["action", action.number, f"« {_for_quotation(action.title)} »"]))


def collection_sentence(reading: YearReading) -> Sentence:
    """Return when the collection was opened and closed; for the term, which years have one."""
    campaign = reading.campaign
    if reading.period.is_term:
        years = reading.years if reading.series else []
        text = "Aucun chiffre n’a été recueilli."
        if years:
            of = "de l’année" if len(years) == 1 else "des années"
            text = f"Les chiffres recueillis sont ceux {of} {enumerate_words(map(str, years))}."
        return Sentence("recueil", text, _campaign_url(reading), "Voir le dernier recueil")
    text = f"Le recueil des chiffres de {reading.year}"
    if campaign.takes_figures_of_files:
        text = f"Les chiffres de {reading.year} sont repris d’un fichier, le "
        text += f"{long_date(campaign.closed_at)}."
    elif campaign.is_prepared:
        text += " n’est pas encore ouvert."
    else:
        text += f" a été ouvert le {long_date(campaign.opened_at)}"
        # That it goes on is stated by the document, which knows when it no longer does.
        text += f" et clos le {long_date(campaign.closed_at)}." if campaign.is_closed else "."
    return Sentence("recueil", text, _campaign_url(reading), "Voir le recueil")


def request_sentences(reading: YearReading, tally: Tally) -> Iterator[Sentence]:
    """Yield of which organisations figures were asked, how many were given and verified, and how
    many are secret; nothing where none was asked for, as for the term."""
    if not tally.total:
        return
    url, origin = _campaign_url(reading), "Voir le recueil"
    cells = (series.by_year[reading.year] for series in reading.series)
    entries = (cell.entry for cell in cells if cell.entry is not None)
    names = list(dict.fromkeys(bodies.the(entry.provider.name) for entry in entries))
    asked = plural(tally.total, "donnée a été demandée,données ont été demandées")
    whom = "un organisme" if len(names) == 1 else plural(len(names), "organisme,organismes")
    yield Sentence("organismes", f"{asked} à {whom} : {enumerate_words(names)}.", url, origin)
    given = plural(tally.given, "a été transmise,ont été transmises")
    verified = plural(tally.verified, "est vérifiée,sont vérifiées")
    verified = verified if tally.verified else "aucune n’est vérifiée"
    text = f"{given} et {verified}" if tally.given else "Aucune n’a été transmise"
    yield Sentence("transmises", f"{text}.", url, origin)
    masked = [row.cell.figure for row in reading.figures if row.cell.figure.is_masked]
    if secret := sum(not figure.is_pending for figure in masked):
        text = plural(
            secret,
            "chiffre est couvert par le secret statistique,"
            "chiffres sont couverts par le secret statistique",
        )
        yield Sentence("secret", f"{text}.", url, origin)


def count_sentences(reading: YearReading) -> Iterator[Sentence]:
    """Yield how the indicators moved, and how many targets are reached; nothing without any
    indicator."""
    counts, url, origin = reading.counts, _url(reading), f"Voir {reading.period.subject}"
    if counts.followed:
        since = f"De la situation initiale à {reading.year}"
        when = since if reading.period.is_term else f"En {reading.year}"
        yield Sentence("comptes", f"{when}, {counts.sentence}.", url, origin)
    if counts.followed and counts.expects_targets:
        text = counts.targets.sentence
        yield Sentence("cibles", f"{text[0].upper()}{text[1:]}.", url, origin)


def plan_sentences(reading: YearReading) -> Iterator[Sentence]:
    """Yield how many actions are in which state; nothing without actions."""
    if text := reading.plan.sentence:
        url = reverse("actions:plan", args=[reading.convention.slug])
        text = f"Le plan d’actions de {reading.period} compte {text}"
        yield Sentence("plan", text, url, "Voir le plan")


def money_sentences(reading: YearReading) -> Iterator[Sentence]:
    """Yield the sums planned and spent, as far as known; nothing without lines of funding."""
    money = YearMoney([line for action in reading.actions for line in action.fundings])
    planned, spent = money.total.planned, money.total.spent
    url, origin = f"{_url(reading)}#argent", f"Voir l’argent de {reading.period.subject}"
    if planned.known:
        text = f"Les financements prévus pour {reading.period} s’élèvent à {euros(planned.total)}."
        yield Sentence("prevu", text, url, origin)
    if spent.known:
        text = f"Les dépenses connues, pour {money.known}, s’élèvent à {euros(spent.total)}."
        yield Sentence("depense", text, url, origin)
    elif money.lines:
        text = f"Aucune dépense de {reading.period} n’est renseignée."
        yield Sentence("depense", text, url, origin)


def pending_sentences(reading: YearReading, tally: Tally) -> Iterator[Sentence]:
    """Yield how many figures are missing, and how many are provisional or unverified, if any."""
    url = _campaign_url(reading)
    if tally.owed:
        yield Sentence("manquantes", f"{tally.owed_words}.", url, "Voir le recueil")
    if count := len(reading.provisional):
        text = plural(
            count, "chiffre est provisoire ou à vérifier,chiffres sont provisoires ou à vérifier"
        )
        yield Sentence("provisoires", f"{text}.", url, "Voir le recueil")


def _url(reading: YearReading) -> str:
    return reverse("evaluation:year", args=[reading.convention.slug, reading.period])


def _campaign_url(reading: YearReading) -> str:
    return reverse("indicators:campaign", args=[reading.convention.slug, reading.year])
