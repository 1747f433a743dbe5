"""Five years of collection, played through the events, and set in the past. All is invented."""

import datetime

from django.utils import timezone

from committee.demo import account
from conventions.models import Convention
from conventions.notices import scope_of
from indicators import demo_communes, demo_figures, demo_statistics
from indicators.collection import events as campaigns
from indicators.collection.deadlines import deadline
from indicators.demo_figures import STORIES, Absent, IndicatorStory, Ratio
from indicators.letter import FiguresLetter
from indicators.models import Campaign, CampaignIndicator, CampaignVerb, Value, ValueTransition
from indicators.values import events as values
from indicators.values import giving
from indicators.values.figure import Figure
from notifications.models import Notice

FIRST, OPEN = 2020, 2024
MESSAGE = (
    "Un doute sur une définition ? Elle est sur la page de chaque indicateur ; sinon, écrivez à la "
    "coordination."
)
# Who enters for each provider, and who verifies, if anybody does.
PEOPLE = {
    demo_figures.CAF: ("agent-caf", "agent-caf-2"),
    demo_figures.EPCI: ("agent-agglo", "coordination"),
    demo_figures.MSA: ("agent-msa", ""),
    demo_figures.INSEE: ("coordination", ""),
}
RETURNED = "Le rapport d’activité annonce 213 bénévoles : lequel des deux chiffres est le bon ?"


def play(convention: Convention, between) -> None:
    """Collect the years 2020 to 2023, then open 2024 and fill it in part.

    ``between(year)`` is called before a year is opened: a definition may change then.
    """
    for year in range(FIRST, OPEN + 1):
        between(year)
        demo_statistics.publish(year)
        due_on = max(
            timezone.localdate() + datetime.timedelta(days=21), datetime.date(year + 1, 1, 1)
        )
        campaign = campaigns.prepare_campaign(
            convention, year, due_on=due_on, message=MESSAGE, is_fictional=True,
            by=account("coordination"),
        )  # fmt: skip
        campaign = campaigns.open_campaign(campaign, by=account("coordination"))
        for story in STORIES:
            _enter(campaign, story)
        demo_communes.enter(campaign)
        demo_statistics.confirm(campaign, is_over=year < OPEN)
        if year < OPEN:
            campaigns.close_campaign(campaign, by=account("coordination"))
            _put_in_the_past(campaign)
            # News of those years was read then.
            known = Notice.objects.of(scope_of(convention).key)
            known.filter(kind__in=FiguresLetter.names()).delete()


def _enter(campaign: Campaign, story: IndicatorStory) -> None:
    """Give an indicator its figure of the year, as far as the story tells: draft, submitted,
    verified or returned. Do nothing without a figure, or for one that is published. Raise
    ValueError if it is not ready."""
    rows = CampaignIndicator.objects.filter(campaign=campaign, indicator__code=story.code)
    entry = rows.select_related("campaign", "version", "indicator").first()
    given, stage = _figure_and_stage(story, campaign.year)
    if entry is None or given is None or story.is_published:
        return
    writer, verifier = (account(name) if name else None for name in PEOPLE[story.provider])
    value = values.save_value(entry, given, by=writer)
    if stage == "draft":
        return
    if refused := giving.submit_values([entry], by=writer).blocked:
        raise ValueError(f"{story.code} {campaign.year}: {refused[0].refusal.reason}")
    value.refresh_from_db()
    if stage == "verified" and verifier:
        giving.verify_value(value, by=verifier)
    if stage == "returned":
        giving.return_value(value, reason=RETURNED, by=account("coordination"))


def _figure_and_stage(story: IndicatorStory, year: int) -> tuple[Figure | None, str]:
    """Return the figure of a year of the story with its comment, None where there is none, and how
    far it has come: « verified », in the open year the stage of the story."""
    if year == OPEN:
        raw, stage = story.now or (None, "")
    else:
        raw, stage = story.figures[year - FIRST], "verified"
    if raw is None:
        return None, stage
    comment = dict(story.comments).get(year, "")
    if isinstance(raw, Absent):
        return Figure(absence=raw.kind, reason=raw.reason), stage
    if isinstance(raw, Ratio):
        terms = demo_figures.decimal(raw.numerator), demo_figures.decimal(raw.denominator)
        return Figure(numerator=terms[0], denominator=terms[1], comment=comment), stage
    return Figure(
        number=demo_figures.decimal(raw), comment=comment, provisional=year in story.provisional
    ), stage  # fmt: skip


def _put_in_the_past(campaign: Campaign) -> None:
    """Date each step of a collection in the year after the one observed."""
    opened = timezone.make_aware(datetime.datetime(campaign.year + 1, 2, 8, 9, 30))
    entered = opened + datetime.timedelta(days=74)
    verified = entered + datetime.timedelta(days=12)
    closed = opened + datetime.timedelta(days=150)
    due_on = datetime.date(campaign.year + 1, 6, 15)
    Campaign.objects.filter(pk=campaign.pk).update(
        created_at=opened, opened_at=opened, closed_at=closed, due_on=due_on
    )
    for entry in campaign.campaign_indicators.select_related("version"):
        entry.due_on = deadline(campaign.year, due_on, entry.version.content["available_month"])
        entry.save(update_fields=["due_on"])
    transitions = campaign.transitions.all()
    transitions.filter(verb=CampaignVerb.CLOSED).update(created_at=closed)
    transitions.exclude(verb=CampaignVerb.CLOSED).update(created_at=opened)
    given = Value.objects.filter(campaign_indicator__campaign=campaign)
    given.update(entered_at=entered)
    given.filter(submitted_at__isnull=False).update(submitted_at=entered)
    given.filter(verified_at__isnull=False).update(verified_at=verified)
    acts = ValueTransition.objects.filter(value__in=given)
    acts.exclude(verb="verified").update(created_at=entered)
    acts.filter(verb="verified").update(created_at=verified)
    # What is published already is there from the opening.
    published = given.filter(release__isnull=False)
    published.update(entered_at=opened, submitted_at=opened)
    acts.filter(value__in=published).exclude(verb="verified").update(created_at=opened)
