"""A table: the figures of all communes for one indicator and year. It is one thing owed.

The communes of a year are those of the perimeter on its last day. A figure given for each of them,
a number or a stated absence, makes a table whole; what is missing is not zero. Where none has a
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
from indicators.disclosure import is_lifted
from indicators.disclosure.events import follow, follow_sectors
from indicators.disclosure.reading import disclosed_by_commune
from indicators.figures.campaigns import Campaign, CampaignIndicator, TableState
from indicators.figures.values import SHOWN, Value, ValueState
from indicators.values.plausibility import EarlierFigure, reads_before

NOT_BY_COMMUNE = Refusal("Cet indicateur n’est pas demandé par commune.")


def communes_of(campaign: Campaign) -> list[Commune]:
    """The communes that a year's figures are of, by name."""
    rows = Coverage.objects.of_year(campaign.convention, campaign.year)
    return [row.commune for row in rows.select_related("commune")]


def keys_of_communes(campaign: Campaign) -> set[int]:
    """The primary keys of the communes that a year's figures are of."""
    rows = Coverage.objects.of_year(campaign.convention, campaign.year)
    return set(rows.values_list("commune", flat=True))


def not_asked(entry: CampaignIndicator, commune: Commune, asked: Iterable[int]) -> Refusal | None:
    """Why a commune has no figure in a year; ``asked``: the keys of those that have."""
    if not entry.is_by_commune:
        return NOT_BY_COMMUNE
    if commune.pk in asked:
        return None
    return Refusal(
        f"{commune.name} ne faisait pas partie du territoire de la convention au 31 décembre "
        f"{entry.campaign.year}."
    )


def of_commune(definition: Definition) -> Definition:
    """The definition as one commune's figure is judged by: the plausible values and the moves that
    the parties want explained are those of the territory."""
    unbounded = dict.fromkeys(("minimum", "maximum", "variation_alert", "baseline_value"))
    return Definition(definition.content | unbounded | {"targets": []})


def state_of(values: Iterable[Value], asked: Iterable[int]) -> tuple[TableState, int]:
    """Where a table is, and of how many of the communes ``asked`` a figure is given; ``values``:
    all of it, the territory's included."""
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
    """The absence that is stated for the whole territory, which answers for its communes where none
    of them has a figure."""
    return next((one for one in values if one.commune_id is None and one.absence), None)


def keep_state(
    entry: CampaignIndicator, asked: Iterable[int], values: Iterable[Value] | None = None
) -> None:
    """Keep where a table is, once something of it has changed, and what everybody reads of it;
    under the lock of its entry. ``values``: all of it, where one of them was saved as a draft: as
    long as it is no further for it, nothing that is given has changed."""
    if save_state(entry, asked, values):
        follow(entry.campaign, of=[entry])


def save_state(
    entry: CampaignIndicator, asked: Iterable[int], values: Iterable[Value] | None = None
) -> bool:
    """Keep where a table is, and no more, as ``keep_state``: whoever writes several follows all of
    them at once. Return whether there is anything to follow."""
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


def follow_perimeter(convention: Convention, *_) -> None:
    """Count again where the tables of each year are whose perimeter has changed since something of
    them was written: by a loaded file, an amendment, a correction."""
    campaigns = Campaign.objects.of(convention).filter(opened_at__isnull=False)
    for campaign in campaigns.order_by("pk"):
        campaign.convention = convention
        _follow_perimeter(campaign)
        follow_sectors(campaign)


def follow_perimeters() -> None:
    """A job of the clock: the same, whatever changed them."""
    asked = CampaignIndicator.objects.by_commune().values("campaign__convention")
    for convention in Convention.objects.filter(pk__in=asked).order_by("pk").iterator():
        follow_perimeter(convention)


def _follow_perimeter(campaign: Campaign) -> None:
    tables = campaign.campaign_indicators.by_commune()
    if not tables.exists():
        return
    covered = Coverage.objects.of_year(campaign.convention, campaign.year)
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
            keep_state(entry, asked)


def left_behind(entry: CampaignIndicator) -> list[Commune]:
    """The communes of which a figure is given, and that are of the year's perimeter no more: it is
    kept, and counted nowhere."""
    kept = entry.values.by_commune().shown().exclude(
        pk__in=entry.values.asked_of(entry.campaign).values("pk")
    )  # fmt: skip
    return [value.commune for value in kept.select_related("commune").order_by("commune__name")]


def revision_of_table(values: Iterable[Value]) -> int:
    """The revision of a table: those of its figures together; 0 without a figure."""
    return sum(value.revision for value in values)


def figures_of_communes_before(
    entries: Iterable[CampaignIndicator],
    *,
    as_disclosed: bool = False,
    reader: Contributor | None = None,
) -> dict[int, dict[int, EarlierFigure]]:
    """By entry of one campaign and by commune, the last number given in a year before, for who
    enters the figures: only what the same organisations provided and entered, and no rule that was
    lifted since protects. ``as_disclosed``, or to a ``reader`` who enters what is protected in
    their stead: of the last year that had any, as everybody may read it."""
    wanted = {entry.indicator_id: entry for entry in entries}
    if not wanted:
        return {}
    year = next(iter(wanted.values())).campaign.year
    others = {
        indicator: entry
        for indicator, entry in wanted.items()
        if as_disclosed or not reads_before(reader, entry)
    }
    told = _disclosed_before(others, year) if others else {}
    wanted = {indicator: entry for indicator, entry in wanted.items() if indicator not in others}
    return told | _typed_before(wanted, year) if wanted else told


def _typed_before(wanted: dict[int, CampaignIndicator], year: int):
    tables = CampaignIndicator.objects.by_commune().filter(
        indicator__in=wanted, campaign__year__lt=year
    )
    tables = tables.select_related("campaign", "provider")
    tables = tables.list_sharing_relations(wanted.values(), names=["version"])
    theirs = {earlier.pk: earlier for earlier in tables if _is_theirs(earlier, wanted)}
    found: dict[int, dict[int, EarlierFigure]] = {entry.pk: {} for entry in wanted.values()}
    figures = Value.objects.by_commune().shown().filter(
        campaign_indicator__in=theirs, number__isnull=False
    )  # fmt: skip
    told = figures.latest_by_place().values_list(
        "campaign_indicator", "commune", "number", "numerator", "denominator"
    )
    measured = {
        pk: (Definition.of(earlier.version), _are_alike(earlier, wanted[earlier.indicator_id]))
        for pk, earlier in theirs.items()
    }
    for pk, commune, number, numerator, denominator in told:
        earlier, (definition, is_comparable) = theirs[pk], measured[pk]
        found[wanted[earlier.indicator_id].pk][commune] = EarlierFigure(
            earlier.campaign.year, "", number, is_comparable, numerator, denominator, definition
        )
    return found


def _is_theirs(earlier: CampaignIndicator, wanted: dict[int, CampaignIndicator]) -> bool:
    """Whether who enters an indicator now entered that of an earlier year, and may read it yet."""
    entry = wanted[earlier.indicator_id]
    same = (earlier.provider_id, earlier.enterer_id) == (entry.provider_id, entry.enterer_id)
    return same and not is_lifted(earlier, entry)


def _disclosed_before(wanted: dict[int, CampaignIndicator], year: int):
    asked = CampaignIndicator.objects.by_commune().filter(
        indicator__in=wanted, campaign__year__lt=year
    )
    last = {one.indicator_id: one for one in asked.with_relations().order_by("campaign__year")}
    read = disclosed_by_commune(last.values())
    found: dict[int, dict[int, EarlierFigure]] = {}
    for indicator, earlier in last.items():
        entry = wanted[indicator]
        is_comparable = _are_alike(earlier, entry)
        found[entry.pk] = {
            commune: EarlierFigure(
                earlier.campaign.year, figure.words, figure.number, is_comparable
            )
            for commune, figure in read[earlier.pk].communes.items()
            if not figure.is_missing
        }
    return found


def _are_alike(one: CampaignIndicator, other: CampaignIndicator) -> bool:
    """Whether both are measured in the same way."""
    return Definition.of(one.version).measuring == Definition.of(other.version).measuring
