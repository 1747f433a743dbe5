"""Take over texts of the year before, to be confirmed: « sans objet » with its reason, or the
comment. Never a number."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from ctg_portal.marks.events import changed, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.templatetags.french import plural
from indicators.collection.rights import Contributor, contributor_of
from indicators.definitions.definition import Definition
from indicators.disclosure import is_lifted
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.values import Absence, Value
from indicators.values import rights as values_rights
from indicators.values.events import save_value
from indicators.values.figure import Figure, mark_taken_over
from indicators.values.writing import LOCK

NOTHING_TO_TAKE_OVER = Refusal(
    "Il n’y a rien à reprendre : quelque chose est déjà saisi partout où l’année précédente disait "
    "« sans objet » ou portait un commentaire."
)


@dataclass(frozen=True)
class EarlierTexts:
    """The texts that may be taken over, by the primary key of the entry of this year: reasons of «
    sans objet », and comments."""

    year: int
    reasons: dict[int, str]
    comments: dict[int, str]

    def __bool__(self) -> bool:
        return bool(self.reasons or self.comments)

    @property
    def words(self) -> str:
        """The words « 3 « sans objet » et 5 commentaires »."""
        parts = []
        if self.reasons:
            parts.append(f"{len(self.reasons)}\u00a0«\u00a0sans objet\u00a0»")
        if self.comments:
            parts.append(plural(len(self.comments), "commentaire,commentaires"))
        return " et ".join(parts)


def texts_to_take_over(
    campaign: Campaign, entries: Iterable[CampaignIndicator], given: Iterable[int]
) -> EarlierTexts | None:
    """Return the texts of the campaign before for entries without a value (``given``: those with
    one); None without such a campaign. Two queries.

    Only those of the same provider, enterer and definition; nothing that a rule protects which was
    lifted since.
    """
    given = set(given)
    left = {e.indicator_id: e for e in entries if e.pk not in given and not e.taken_over}
    opened = Campaign.objects.of(campaign.convention).opened()
    before = opened.before(campaign.year).first() if left else None
    if before is None:
        return None
    values = Value.objects.whole().shown().filter(
        campaign_indicator__campaign=before, campaign_indicator__indicator__in=left
    )  # fmt: skip
    reasons, comments = {}, {}
    related = ("campaign", "version", "provider")
    for value in values.select_related(*(f"campaign_indicator__{name}" for name in related)):
        earlier = value.campaign_indicator
        entry = left[earlier.indicator_id]
        if _identity(earlier) != _identity(entry) or is_lifted(earlier, entry):
            continue
        if value.absence == Absence.NOT_APPLICABLE:
            reasons[entry.pk] = mark_taken_over(before.year, value.reason)
        elif value.comment and not value.absence:
            comments[entry.pk] = mark_taken_over(before.year, value.comment)
    return EarlierTexts(before.year, reasons, comments)


def _identity(entry: CampaignIndicator) -> tuple:
    return entry.provider_id, entry.enterer_id, Definition.of(entry.version).measuring


def hide_taken_over(asker: Contributor, entries: Iterable[CampaignIndicator]) -> None:
    """Empty ``taken_over`` of entries whose text comes from a year that a rule protects which was
    lifted since, if the asker only enters in their stead. One query, if something was taken over
    for others."""
    theirs = {
        entry.indicator_id: entry
        for entry in entries
        if entry.taken_over
        and asker.organisations.isdisjoint([entry.enterer_id, entry.provider_id])
    }
    if not theirs:
        return
    campaign = next(iter(theirs.values())).campaign
    before = CampaignIndicator.objects.of(campaign.convention).with_relations()
    for earlier in before.filter(indicator__in=theirs, campaign__year__lt=campaign.year):
        entry = theirs[earlier.indicator_id]
        if is_lifted(earlier, entry):
            entry.taken_over = ""


@event()
def take_over(entries: Iterable[CampaignIndicator], *, by: User | None) -> EarlierTexts:
    """Save « sans objet » as drafts, and put comments where a number will be typed, each marked
    with its year. What somebody has typed meanwhile stays.

    Raise Refused if one of the entries is not the person's to enter, or nothing is left.
    """
    pks = sorted({entry.pk for entry in entries})
    list(CampaignIndicator.objects.filter(pk__in=pks).order_by("pk").select_for_update(**LOCK))
    locked = list(CampaignIndicator.objects.with_relations().filter(pk__in=pks).order_by("pk"))
    if not locked:
        raise Refused(NOTHING_TO_TAKE_OVER)
    campaign = locked[0].campaign
    changed(campaign, Subject.FIGURES)
    asker = None if by is None else contributor_of(by, campaign.convention)
    for entry in locked:
        enforce(values_rights.may_take_over(asker, entry))
    given = Value.objects.whole().filter(campaign_indicator__in=pks)
    earlier = texts_to_take_over(
        campaign, locked, given.values_list("campaign_indicator", flat=True)
    )
    if not earlier:
        raise Refused(NOTHING_TO_TAKE_OVER)
    for entry in locked:
        if entry.pk in earlier.reasons:
            reason = earlier.reasons[entry.pk]
            save_value(entry, Figure(absence=Absence.NOT_APPLICABLE, reason=reason), by=by)
        elif entry.pk in earlier.comments:
            entry.taken_over = earlier.comments[entry.pk]
    CampaignIndicator.objects.bulk_update(locked, ["taken_over"])
    return earlier
