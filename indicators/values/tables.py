"""Keep the state of tables: the figures of all communes for one indicator and year, one thing owed.

The communes of a year are those of the perimeter on its last day. A figure given for each of them,
a number or a stated absence, makes a table complete; what is missing is not zero. If none has a
figure, an absence that is stated for the whole territory answers for all of them.
"""

from collections.abc import Iterable

from django.db.models import Count, F, Q

from conventions.models import Commune, Convention, Coverage
from ctg_portal.marks.events import changed, changing
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal
from indicators.collection.rights import Contributor
from indicators.definitions.definition import Definition
from indicators.disclosure.events import refresh_disclosures, refresh_for_sectors
from indicators.disclosure.reading import disclosed_by_commune
from indicators.figures.campaigns import Campaign, CampaignIndicator, TableState
from indicators.figures.releases import describe_rounded_zero
from indicators.figures.values import SHOWN, Value, ValueState
from indicators.values.plausibility import EarlierFigure, are_alike, is_theirs, reads_before

NOT_BY_COMMUNE = Refusal("Cet indicateur n’est pas demandé par commune.")


def communes_of(campaign: Campaign) -> list[Commune]:
    """Return the communes that a campaign asks, those of its year's perimeter, by name."""
    rows = Coverage.objects.in_year(campaign.convention, campaign.year)
    return [row.commune for row in rows.select_related("commune")]


def keys_of_communes(campaign: Campaign) -> set[int]:
    """Return the keys of the communes that a campaign asks."""
    rows = Coverage.objects.in_year(campaign.convention, campaign.year)
    return set(rows.values_list("commune", flat=True))


def refuse_commune(
    entry: CampaignIndicator, commune: Commune, asked: Iterable[int]
) -> Refusal | None:
    """Return why a commune has no figure of an indicator in its year, or None; ``asked``: the keys
    of the communes of the year's perimeter."""
    if not entry.is_by_commune:
        return NOT_BY_COMMUNE
    if commune.pk in asked:
        return None
    return Refusal(
        f"{commune.name} ne faisait pas partie du territoire de la convention au 31 décembre "
        f"{entry.campaign.year}."
    )


def definition_for_commune(definition: Definition) -> Definition:
    """Return the definition by which one commune's figure is read and checked: without bounds,
    alerts, baseline and targets, which are about the territory."""
    unbounded = dict.fromkeys(("minimum", "maximum", "variation_alert", "baseline_value"))
    return Definition(definition.content | unbounded | {"targets": []})


def state_of(values: Iterable[Value], asked: Iterable[int]) -> tuple[TableState, int]:
    """Return the state of a table, and how many of the communes ``asked`` (by key) are given. The
    state is that of the least advanced figure (a returned one, then a draft); PARTIAL if all are
    given but some communes lack one. ``values``: all of the table, the territory's included."""
    values = list(values)
    states = {value.commune_id: value.state for value in values if value.commune_id in asked}
    if not states and (answer := answer_of(values)):
        return TableState(answer.state), 0
    given = sum(state in (ValueState.SUBMITTED, ValueState.VERIFIED) for state in states.values())
    for state in (ValueState.RETURNED, ValueState.DRAFT):
        if state in states.values():
            return TableState(state), given
    if given < len(set(asked)):
        return (TableState.PARTIAL if given else TableState.NOTHING), given
    is_verified = set(states.values()) == {ValueState.VERIFIED}
    return (TableState.VERIFIED if is_verified else TableState.SUBMITTED), given


def answer_of(values: Iterable[Value]) -> Value | None:
    """Return the absence that is stated for the whole territory and answers for its communes, or
    None."""
    return next((value for value in values if value.commune_id is None and value.absence), None)


def update_table_state(
    entry: CampaignIndicator, asked: Iterable[int], values: Iterable[Value] | None = None
) -> None:
    """Store the state of a table whose entry is locked, and refresh its disclosure. ``values``: all
    of it, if what changed is a draft: then nothing is done unless the state changes; None to read
    them and refresh whatever the state."""
    if store_table_state(entry, asked, values):
        refresh_disclosures(entry.campaign, entries=[entry])


def store_table_state(
    entry: CampaignIndicator, asked: Iterable[int], values: Iterable[Value] | None = None
) -> bool:
    """Store the state of a table, as ``update_table_state`` does, without refreshing disclosures:
    who writes several refreshes them once. Return whether there is anything to refresh."""
    asked = set(asked)
    is_saved = values is not None
    if values is None:
        values = entry.values.only("campaign_indicator", "commune", "state", "absence")
    before = entry.table_state, entry.communes_given, entry.communes_asked
    entry.table_state, entry.communes_given = state_of(values, asked)
    entry.communes_asked = len(asked)
    is_same = before == (entry.table_state, entry.communes_given, entry.communes_asked)
    if is_saved and is_same:
        return False
    entry.save(update_fields=["table_state", "communes_given", "communes_asked"])
    return True


def update_for_perimeter(convention: Convention, *_) -> None:
    """Update the state of tables, and what is disclosed of them, in each opened campaign whose
    perimeter has changed since: by a loaded file, an amendment, a correction."""
    campaigns = Campaign.objects.of(convention).filter(opened_at__isnull=False)
    for campaign in campaigns.order_by("pk"):
        campaign.convention = convention
        _update_campaign_tables(campaign)
        refresh_for_sectors(campaign)


def update_all_for_perimeters() -> None:
    """Update the tables of all conventions whose perimeter has changed; a job of the clock."""
    asked = CampaignIndicator.objects.by_commune().values("campaign__convention")
    for convention in Convention.objects.filter(pk__in=asked).order_by("pk").iterator():
        update_for_perimeter(convention)


def _update_campaign_tables(campaign: Campaign) -> None:
    """Update the state of the tables that was computed with other communes; do nothing if none."""
    tables = campaign.campaign_indicators.by_commune()
    if not tables.exists():
        return
    covered = Coverage.objects.in_year(campaign.convention, campaign.year)
    is_given = Q(values__state__in=SHOWN, values__commune__in=covered.values("commune"))
    is_answer = Q(values__state__in=SHOWN, values__commune=None) & ~Q(values__absence="")
    counted = tables.annotate(
        now_given=Count("values", filter=is_given), answers=Count("values", filter=is_answer)
    )
    stale = counted.filter(
        ~Q(communes_asked=covered.count())
        | ~Q(communes_given=F("now_given"))
        | Q(table_state=TableState.NOTHING, answers__gt=0)
    )
    keys = sorted(stale.values_list("pk", flat=True))
    if not keys:
        return
    with changing():
        changed(campaign, Subject.FIGURES)
        locked = tables.filter(pk__in=keys).order_by("pk")
        asked = keys_of_communes(campaign)
        for entry in locked.select_for_update(of=("self",), no_key=True):
            entry.campaign = campaign
            update_table_state(entry, asked)


def communes_outside(entry: CampaignIndicator) -> list[Commune]:
    """Return the communes, by name, that gave a figure of a table and have left its year's
    perimeter since: the figure stays, and counts nowhere."""
    outside = entry.values.by_commune().shown().exclude(
        pk__in=entry.values.asked_of(entry.campaign).values("pk")
    )  # fmt: skip
    return [value.commune for value in outside.select_related("commune").order_by("commune__name")]


def revision_of_table(values: Iterable[Value]) -> int:
    """Return the revision of a table: the sum of those of its figures; 0 without a figure."""
    return sum(value.revision for value in values)


def figures_of_communes_before(
    entries: Iterable[CampaignIndicator],
    *,
    as_disclosed: bool = False,
    reader: Contributor | None = None,
) -> dict[int, dict[int, EarlierFigure]]:
    """Return the last number given in an earlier year, by the keys of entries of one campaign and
    of communes. It is raw, and only what the same organisations provided and entered, without what
    a rule protects that was lifted since. If ``as_disclosed``, or for a ``reader`` who enters what
    is protected in their stead, it is of the last year that asked, as everybody reads it.
    """
    wanted = {entry.indicator_id: entry for entry in entries}
    if not wanted:
        return {}
    year = next(iter(wanted.values())).campaign.year
    others = {
        indicator: entry
        for indicator, entry in wanted.items()
        if as_disclosed or not reads_before(reader, entry)
    }
    disclosed_figures = _disclosed_before(others, year) if others else {}
    wanted = {indicator: entry for indicator, entry in wanted.items() if indicator not in others}
    return disclosed_figures | _typed_before(wanted, year) if wanted else disclosed_figures


def _typed_before(
    wanted: dict[int, CampaignIndicator], year: int
) -> dict[int, dict[int, EarlierFigure]]:
    """Return, by entry and commune, the last raw number given before ``year`` by those who enter
    now; empty for entries without any. ``wanted``: the entries by their indicator's key."""
    tables = CampaignIndicator.objects.by_commune().filter(
        indicator__in=wanted, campaign__year__lt=year
    )
    tables = tables.select_related("campaign", "provider")
    tables = tables.list_sharing_relations(wanted.values(), names=["version"])
    theirs = {row.pk: row for row in tables if is_theirs(row, wanted[row.indicator_id])}
    figures_by_entry: dict[int, dict[int, EarlierFigure]] = {
        entry.pk: {} for entry in wanted.values()
    }
    figures = Value.objects.by_commune().shown().filter(
        campaign_indicator__in=theirs, number__isnull=False
    )  # fmt: skip
    latest = figures.latest_by_place().values_list(
        "campaign_indicator", "commune", "number", "numerator", "denominator",
        "release__rounding_base",
    )  # fmt: skip
    measured = {
        pk: (Definition.of(earlier.version), are_alike(earlier, wanted[earlier.indicator_id]))
        for pk, earlier in theirs.items()
    }
    for pk, commune, number, numerator, denominator, rounding_base in latest:
        earlier, (definition, is_comparable) = theirs[pk], measured[pk]
        is_below = number == 0 and rounding_base
        figures_by_entry[wanted[earlier.indicator_id].pk][commune] = EarlierFigure(
            earlier.campaign.year, describe_rounded_zero(rounding_base) if is_below else "",
            number, is_comparable, numerator, denominator, None if is_below else definition,
        )  # fmt: skip
    return figures_by_entry


def _disclosed_before(
    wanted: dict[int, CampaignIndicator], year: int
) -> dict[int, dict[int, EarlierFigure]]:
    """Return, by entry and commune, the figures of the last year before ``year`` as everybody reads
    them. ``wanted``: the entries by their indicator's key."""
    asked = CampaignIndicator.objects.by_commune().filter(
        indicator__in=wanted, campaign__year__lt=year
    )
    last = {item.indicator_id: item for item in asked.with_relations().order_by("campaign__year")}
    read = disclosed_by_commune(last.values())
    figures_by_entry: dict[int, dict[int, EarlierFigure]] = {}
    for indicator, earlier in last.items():
        entry = wanted[indicator]
        is_comparable = are_alike(earlier, entry)
        year = earlier.campaign.year
        figures_by_entry[entry.pk] = {
            commune: EarlierFigure(year, figure.words, figure.number, is_comparable)
            for commune, figure in read[earlier.pk].communes.items()
            if not figure.is_missing
        }
    return figures_by_entry
