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
from indicators.disclosure import is_lifted
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.figures.values import Absence, Value
from indicators.values import rights as values_rights
from indicators.values.events import save_value
from indicators.values.figure import Figure, mark_taken_over
from indicators.values.plausibility import are_alike, is_theirs
from indicators.values.writing import LOCK

NOTHING_TO_TAKE_OVER = Refusal(
    "Il n’y a rien à reprendre : quelque chose est déjà saisi partout où l’année précédente disait "
    "« sans objet » ou portait un commentaire."
)


@dataclass(frozen=True)
class EarlierTexts:
    """The texts of ``year`` that may be taken over, by the key of this year's entry: ``reasons`` of
    « sans objet », and ``comments`` on numbers; each with the mark of its year."""

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
    """Return what the campaign before says of entries that have neither a value (``given``: the
    keys of those that do) nor a text taken over; None without such a campaign or entry. Two
    queries. Only what the same provider and enterer gave by the same way of measuring; nothing that
    a rule protects which was lifted since.
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
        if not (are_alike(earlier, entry) and is_theirs(earlier, entry)):
            continue
        if value.absence == Absence.NOT_APPLICABLE:
            reasons[entry.pk] = mark_taken_over(before.year, value.reason)
        elif value.comment and not value.absence:
            comments[entry.pk] = mark_taken_over(before.year, value.comment)
    return EarlierTexts(before.year, reasons, comments)


def hide_taken_over(asker: Contributor, entries: Iterable[CampaignIndicator]) -> None:
    """Empty ``taken_over`` of the entries (not stored) where a rule that protected an earlier year
    was lifted since, unless an organisation of the asker enters or provides the figure. One query
    if others have taken something over, else none."""
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
    """Save « sans objet » of the year before as drafts, and store comments on its numbers in
    ``taken_over``, each with the mark of its year; return what was taken over. Entries that have a
    value stay as they are. Raise Refused if one is not the person's to enter, or nothing is left.
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
