"""What the final evaluation still lacks, year by year, each with the page where it is mended."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from actions.follow_up.awaited import notes_awaited
from actions.models import Action
from conventions.legal.reading import read_structure
from conventions.models import Convention, Theme
from ctg_portal.templatetags.french import plural
from evaluation.appreciation.reading import awaited_told, unbased_in
from evaluation.appreciation.words import count_verdicts
from evaluation.models import Edition, Narrative
from evaluation.writing.models import AWAITED
from evaluation.year.objectives import read_objectives
from evaluation.year.texts import written_texts
from indicators.collection.progress import tallies
from indicators.models import Campaign


@dataclass(frozen=True)
class Lack:
    """A sentence, and the link to where it is mended."""

    told: str
    url: str
    label: str


@dataclass(frozen=True)
class YearLacks:
    """A published year lacks nothing: what is added to it is a correction."""

    year: int
    lacks: list[Lack]


def lacking(convention: Convention, today: datetime.date) -> list[YearLacks]:
    """The years to evaluate that have begun, in order, each with what is missing of it."""
    campaigns = {campaign.year: campaign for campaign in Campaign.objects.of(convention)}
    tally_of = tallies(campaigns.values())
    editions = Edition.objects.of(convention).published()
    published = set(editions.values_list("evaluation__year", flat=True))
    return [
        YearLacks(year, [])
        if year in published
        else YearLacks(year, _lacks_to_publish(convention, year, campaigns.get(year), tally_of))
        for year in convention.years(today)
        if year <= today.year and (year in campaigns or _is_evaluated(convention, year, today))
    ]


def _is_evaluated(convention: Convention, year: int, today: datetime.date) -> bool:
    """Whether the term has half of the year or more: of one that is signed on its last day, the
    years beside it tell the rest."""
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    of_term = min(convention.end, last) - max(convention.start or today, first)
    return 2 * (of_term.days + 1) >= (last - first).days + 1


def _lacks_to_publish(convention, year, campaign, tally_of) -> list[Lack]:
    lacks = _of_year(convention, year, campaign, tally_of)
    if campaign and not campaign.is_prepared:
        url = reverse("evaluation:publication", args=[convention.slug, year])
        lacks.append(Lack("L’évaluation n’est pas publiée.", url, "Vers la publication"))
    return lacks


def lacking_of(convention: Convention, campaign: Campaign) -> list[Lack]:
    """What is missing of the year of ``campaign``, be it published or not."""
    return _of_year(convention, campaign.year, campaign, tallies([campaign]))


def _of_year(convention, year, campaign, tally_of) -> list[Lack]:
    lacks = [*_of_collection(convention, year, campaign, tally_of)]
    if campaign and not campaign.is_prepared:
        lacks += _of_texts(convention, year)
        lacks += _of_objectives(convention, campaign)
    return lacks


def _of_collection(convention, year, campaign, tally_of) -> Iterator[Lack]:
    if campaign is None:
        url = reverse("indicators:prepare_campaign", args=[convention.slug])
        yield Lack("Le recueil n’est pas préparé.", url, "Préparer le recueil")
        return
    url = reverse("indicators:campaign", args=[convention.slug, year])
    if campaign.is_prepared:
        yield Lack("Le recueil n’est pas ouvert.", url, "Voir le recueil")
    elif owed := tally_of[campaign.pk].owed:
        told = plural(owed, "donnée n’est pas transmise,données ne sont pas transmises")
        yield Lack(f"{told}.", url, "Voir qui doit quoi")
    if campaign.is_open:
        yield Lack("Le recueil n’est pas clos.", url, "Voir le recueil")


def _of_texts(convention: Convention, year: int) -> Iterator[Lack]:
    """Of the themes that were in force when the year ended, and of its actions."""
    url = f"{reverse('evaluation:year', args=[convention.slug, year])}#thematiques"
    themes = Theme.objects.filter(axis__convention=convention)
    themes = themes.as_read_on(convention.reading_day(datetime.date(year, 12, 31)))
    written = Narrative.objects.filter(year=year).exclude(text="")
    if unwritten := themes.exclude(pk__in=written.values("theme")).count():
        told = plural(unwritten, "texte reste à écrire,textes restent à écrire")
        yield Lack(f"{told}, sur ce que l’année a changé.", url, "Écrire")
    whole = written_texts(convention, year).parts
    for part in AWAITED:
        if part not in whole:
            url = reverse("evaluation:year_text", args=[convention.slug, year, part])
            yield Lack(f"« {part.label} » : ce texte reste à écrire.", url, "Écrire")
    actions = notes_awaited(Action.objects.of(convention), year)
    if actions:
        told = plural(len(actions), "action n’a pas son bilan,actions n’ont pas leur bilan")
        listed = reverse("actions:follow", args=[convention.slug, actions[0].pk, f"bilan-{year}"])
        yield Lack(f"{told}.", listed, f"Écrire celui de l’action {actions[0].number}".strip())


def _of_objectives(convention: Convention, campaign: Campaign) -> Iterator[Lack]:
    """Of the objectives that were in force when the year ended, and of what measures them."""
    year = campaign.year
    url = reverse("evaluation:appreciations", args=[convention.slug, year])
    day = convention.reading_day(datetime.date(year, 12, 31))
    axes = read_structure(convention, day, with_proposed=False).axes
    said = written_texts(convention, year).objectives
    read = (o for own in read_objectives(convention, year, axes, said).values() for o in own)
    counted = (one.verdict for one in read if one.is_counted)
    counts = count_verdicts(counted, convention.words.objective)
    if counts.awaited:
        yield Lack(f"{awaited_told(counts)}.", url, "Apprécier")
    if unbased := unbased_in(campaign):
        verb = "n’ont" if unbased >= 2 else "n’a"
        told = f"{plural(unbased, 'indicateur,indicateurs')} {verb} pas de situation initiale."
        yield Lack(told, f"{url}#situation-initiale", "Voir lesquels")
