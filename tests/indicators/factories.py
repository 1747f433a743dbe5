"""Stories of the evaluation: an indicator in force, a campaign that is open, figures by year."""

import datetime
from decimal import Decimal

from django.db.models import Max
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Version
from agreements.versions import events as drafts
from conventions.models import Commune, Organisation, Standing
from indicators.collection.events import ask_communes
from indicators.definitions.definition import counts_people
from indicators.definitions.events import add_indicator, canonical_content
from indicators.definitions.faults import incoherent
from indicators.disclosure.events import disclose_now
from indicators.models import Campaign, CampaignIndicator, CampaignState, Indicator, Value
from indicators.values.tables import communes_of, update_table_state
from tests.agreements.factories import WHY, Committee
from tests.factories import CommuneFactory, CoverageFactory


def indicator_content(committee: Committee, **values) -> dict:
    """Return the canonical content of a plain indicator of the Caf, up, from 400 in the first year;
    one that counts people without secrecy says why."""
    content = canonical_content(
        {
            "title": "Places agréées en EAJE",
            "theme": committee.orientation.theme,
            "provider": committee.caf,
            "definition": "Places agréées au 31 décembre.",
            "unit": "places",
            "baseline_value": Decimal(400),
            "baseline_year": committee.convention.start.year - 1,
            "targets": [{"year": None, "value": Decimal(500)}],
        }
        | values
    )
    is_about_people = counts_people(content["unit"], content["title"], content["calculation"])
    if is_about_people and not content["is_confidential"]:
        content["not_confidential_reason"] = content["not_confidential_reason"] or "Publié."
    return content


def proposed_indicator(committee: Committee, **values) -> Version:
    content = indicator_content(committee, **values)
    row = _new_indicator(committee, content)
    written = row and committee.write_proposed(row, content)
    if written:
        return written
    draft = add_indicator(committee.convention, content, by=committee.coordinator)
    return drafts.propose(draft, by=committee.coordinator, after_term=WHY)


def indicator_in_force(committee: Committee, **values) -> Indicator:
    """Create an indicator that both parties have agreed to."""
    content = indicator_content(committee, **values)
    row = _new_indicator(committee, content)
    version = row and committee.write_in_force(row, content)
    if not version:
        version = proposed_indicator(committee, **values)
        committee.agree(version)
    return Indicator.objects.get(pk=version.object_id)


def _new_indicator(committee: Committee, content: dict) -> Indicator | None:
    """Return the row as ``add_indicator`` first creates it; None if that refuses the content."""
    if any(incoherent(content)):
        return None
    theme, provider = content["theme"], content["provider"]
    if not theme or not provider:
        return None
    same_theme = Indicator.objects.filter(convention=committee.convention, theme=theme["id"])
    return Indicator(
        convention=committee.convention,
        theme_id=theme["id"],
        provider_id=provider["id"],
        rank=(same_theme.aggregate(highest=Max("rank"))["highest"] or 0) + 1,
        standing=Standing.DRAFT,
        title=content["title"],
        unit=content["unit"],
    )


def redefine(committee: Committee, indicator: Indicator, **values) -> Indicator:
    """Make both parties agree to another definition; return the indicator."""
    fields = {field.name: field for field in version_of(indicator).commitment.fields}
    content = version_of(indicator).content | {
        name: fields[name].plain(value) for name, value in values.items()
    }
    draft = drafts.save_draft(indicator, content, by=committee.coordinator)
    version = drafts.propose(draft, by=committee.coordinator, after_term=WHY)
    for member in (committee.caf_member, committee.epci_member):
        answers.answer(Reply(version), by=member)
    return Indicator.objects.get(pk=indicator.pk)


def version_of(indicator: Indicator) -> Version:
    """Return the version in force."""
    return Version.objects.about(indicator).in_force().get()


def later() -> datetime.date:
    """Return a day by which figures may be expected."""
    return timezone.localdate() + datetime.timedelta(30)


def campaign_of(committee: Committee, year: int, indicators=(), *, state=CampaignState.OPEN):
    """Create a campaign as if it had been opened with these indicators, by their versions in
    force."""
    now, due_on = timezone.now(), datetime.date(year + 1, 6, 15)
    if state == CampaignState.PREPARED:
        due_on = max(due_on, timezone.localdate() + datetime.timedelta(days=30))
    campaign = Campaign.objects.create(
        convention=committee.convention,
        year=year,
        state=state,
        due_on=due_on,
        opened_at=None if state == CampaignState.PREPARED else now,
        closed_at=now if state == CampaignState.CLOSED else None,
    )
    for indicator in indicators:
        CampaignIndicator.objects.create(
            campaign=campaign,
            indicator=indicator,
            version=version_of(indicator),
            provider=indicator.provider,
            enterer=indicator.enterer or indicator.provider,
            grain=indicator.grain,
            due_on=campaign.due_on,
        )
    ask_communes(campaign)
    return campaign


def value_of(campaign: Campaign, indicator: Indicator, number=None, **fields) -> Value:
    """Create a value, submitted by default. One of the whole territory is disclosed, as its
    provider would have it."""
    entry = campaign.campaign_indicators.get(indicator=indicator)
    start, end = campaign.observed
    fields = {"state": "submitted", "submitted_at": timezone.now()} | fields
    number = None if number is None else Decimal(str(number))
    value = Value.objects.create(
        campaign_indicator=entry,
        number=number,
        observed_from=start,
        observed_until=end,
        **fields,
    )
    if value.is_shown and not entry.is_by_commune:
        disclose_now(entry, by=None)
    return value


def figures(committee: Committee, indicator: Indicator, by_year: dict[int, object]) -> None:
    """Create closed campaigns with these figures; None for a year without a value."""
    for year, number in by_year.items():
        campaign = campaign_of(committee, year, [indicator], state=CampaignState.CLOSED)
        if number is not None:
            value_of(campaign, indicator, number)


def communes(committee: Committee, *names: str, **coverage) -> list[Commune]:
    """Create communes of the committee's convention, since its signature."""
    return [
        CoverageFactory(
            commune=CommuneFactory(convention=committee.convention, name=name), **coverage
        ).commune
        for name in names
    ]


def table_of(campaign: Campaign, indicator: Indicator, by_commune: dict, **fields) -> list[Value]:
    """Create submitted figures of communes; they are disclosed as their provider would have it,
    once each is given or the year is closed."""
    values = [
        value_of(campaign, indicator, number, commune=commune, **fields)
        for commune, number in by_commune.items()
    ]
    entry = campaign.campaign_indicators.get(indicator=indicator)
    update_table_state(entry, {commune.pk for commune in communes_of(campaign)})
    if campaign.is_closed or entry.communes_given == entry.communes_asked:
        disclose_now(entry, by=None)
    return values


def association(committee: Committee) -> Organisation:
    """Create an organisation in which nobody has an account."""
    return Organisation.objects.create(
        convention=committee.convention, acronym="ASSO", name="Association d’exemple",
        kind="association",
    )  # fmt: skip
