"""Share what all acts on a value need: its lock, its revision, and how it is written."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F, QuerySet, prefetch_related_objects
from django.utils import timezone

from conventions.models import Commune
from ctg_portal.forms.revisions import Rewritten, revision_of
from ctg_portal.house import house, let_follow
from ctg_portal.marks.events import changed
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused
from ctg_portal.transitions import account_of, move, move_all
from indicators.collection.rights import Contributor
from indicators.definitions.definition import Definition
from indicators.disclosure.events import refresh_disclosures
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.values import Value, ValueTransition, ValueVerb
from indicators.values.figure import FIELDS, Figure, normalize
from indicators.values.links.visitor import Enterer, Visitor, asker_of
from indicators.values.tables import keys_of_communes, refuse_commune, update_table_state

LOCK: dict[str, Any] = {"of": ("self",), "no_key": True}
NOTHING_GIVEN = Refusal("Donnez un nombre, ou dites pourquoi il n’y en a pas.")
NO_LONGER_ASKED = Refusal("Ce recueil a été annulé : cette donnée n’est plus demandée.")


PAGE = "que la page est ouverte"
# What else was done last with a value that is no longer as it was shown.
GIVEN = {
    ValueVerb.SUBMITTED: "a transmis",
    ValueVerb.VERIFIED: "a vérifié",
    ValueVerb.RETURNED: "a retourné",
}


def rewritten(value: Value | None, *, since: str = PAGE) -> Rewritten:
    """Return the refusal that says what was done last with a value since a form showed it, and by
    whom: it was erased (None), submitted, verified, returned or written. ``since``: in words."""
    if value is None:
        return Rewritten(f"Cette valeur a été effacée depuis {since}.")
    last = max(value.transitions.all(), key=attrgetter("pk"))
    if last.verb in GIVEN:
        name = last.by_name or "Le portail"
        return Rewritten(f"{name} {GIVEN[last.verb]} cette valeur depuis {since}.")
    return _written(value, since)


def _written(value: Value, since: str = PAGE) -> Rewritten:
    """Return the refusal that says who has written the figure of a value last."""
    name = value.last_written.by_name or "Le portail"
    return Rewritten(f"{name} a enregistré une autre valeur depuis {since}.")


def rewritten_table(values: list[Value]) -> Rewritten:
    """Return the refusal that says who has written last in a table, given by its values."""
    prefetch_related_objects(values, "transitions")
    last = max(values, key=lambda value: value.last_written.pk, default=None)
    return _written(last) if last else rewritten(None)


def lock_entries(pks: Iterable[int]) -> list[CampaignIndicator]:
    """Lock indicators of a campaign in the order of their keys, and return those that still
    exist."""
    rows = CampaignIndicator.objects.filter(pk__in=pks).order_by("pk")
    return list(rows.select_for_update(**LOCK))


def lock_entry(entry: CampaignIndicator) -> CampaignIndicator:
    """Return the indicator of a campaign, locked and read again with its relations. Raise Refused
    if it is not asked for any more."""
    if not lock_entries([entry.pk]):
        raise Refused(NO_LONGER_ASKED)
    # Read again: what a locking query joins may be older than the lock.
    return CampaignIndicator.objects.with_relations().get(pk=entry.pk)


def value_of(entry: CampaignIndicator, commune: Commune | None = None) -> Value | None:
    """Return the stored value of a commune, or of the whole territory (None); None if there is
    none."""
    return values_of([entry.pk]).filter(commune=commune).first()


def values_of(pks: Iterable[int]) -> QuerySet[Value]:
    """Return all values, of communes and the territory, of campaign indicators with these keys."""
    return Value.objects.filter(campaign_indicator__in=pks)


def refuse_commune_in_year(entry: CampaignIndicator, commune: Commune | None) -> Refusal | None:
    """Return why a commune has no figure of an indicator in its year, or None; None for the whole
    territory too."""
    if commune is None:
        return None
    return refuse_commune(entry, commune, keys_of_communes(entry.campaign))


def refresh_table(entry: CampaignIndicator) -> None:
    """Refresh what is disclosed of an indicator after a figure of it has changed, and the state of
    its table if it is asked by commune."""
    if entry.is_by_commune:
        update_table_state(entry, keys_of_communes(entry.campaign))
    else:
        refresh_disclosures(entry.campaign, entries=[entry])


def lock_value(value: Value) -> tuple[CampaignIndicator, Value]:
    """Return the indicator of a value, locked, and the value as it is now. Raise Refused if it was
    erased meanwhile."""
    entry = lock_entry(value.campaign_indicator)
    current = entry.values.filter(pk=value.pk).first()  # which then knows the entry, as read
    if current is None:
        raise Refused(rewritten(None))
    return entry, current


def asker_in(by: Enterer, entry: CampaignIndicator) -> Contributor | None:
    """Return what somebody may enter in the convention of an indicator; None for the system."""
    return asker_of(by, entry.campaign.convention)


def check_writing(value: Value | None, revision: int | None) -> None:
    """Raise Refused, with who has given or written it since, if the value is not at ``revision``
    any more; a ``revision`` of None asks nothing."""
    if revision not in (None, revision_of(value)):
        raise Refused(rewritten(value))


def normalize_for(entry: CampaignIndicator, figure: Figure) -> Figure:
    """Return the figure as it is stored for an indicator, over the period of the year; raise
    Refused as ``normalize`` does."""
    return normalize(figure, Definition.of(entry.version), entry.campaign.observed)


@dataclass(frozen=True)
class Typed:
    """Who typed a figure, and when: restored with the figure if what came between is undone.

    ``through``: by which link, from somebody without an account, who said their ``name``; the name
    of an account is read again. ``release``: of which public statistic it is, which nobody typed;
    as a draft it is of none, but of who takes it over.
    """

    by: int | None
    name: str
    through: int | None
    at: str
    is_on_behalf: bool
    release: int | None

    @classmethod
    def of(cls, value: Value) -> "Typed":
        """Return who typed a value; without the name of an account, which is read again."""
        name = "" if value.entered_by_id else value.entered_by_name
        return cls(
            value.entered_by_id,
            name,
            value.entered_through_id,
            value.entered_at.isoformat(),
            value.is_on_behalf,
            value.release_id,
        )

    def put_back(self, value: Value) -> None:
        """Set on the value who typed it, and when; it is not saved."""
        value.entered_by = self.by and get_user_model().objects.get(pk=self.by)
        value.entered_by_name = str(value.entered_by or self.name)
        value.entered_through_id = self.through
        value.entered_at = datetime.datetime.fromisoformat(self.at)
        value.is_on_behalf, value.release_id = self.is_on_behalf, self.release


def with_figure(
    entry: CampaignIndicator, value: Value | None, figure: Figure, *, by: Enterer,
    asker: Contributor | None, is_given: bool = False, commune: Commune | None = None,
    typed: Typed | None = None,
) -> Value:  # fmt: skip
    """Return the value, a new one for None, with this figure: not verified, of no release, not
    saved. ``by`` becomes who typed it, unless they change only the texts beside a number without
    giving it (``is_given``), or restore what somebody had (``typed``): so who typed a number never
    becomes its second person."""
    is_on_behalf = bool(asker and asker.enters_on_behalf(entry))
    is_typed = (
        value is None
        or is_given
        or value.is_public  # which nobody had typed
        or verified_parts(value) != verified_parts(figure)
        # Words of somebody else do not stand under the name of who typed the number.
        or (is_on_behalf and not value.is_on_behalf)
    )
    value = value or Value(campaign_indicator=entry, commune=commune)
    value.release = None  # what somebody writes is theirs
    for name in FIELDS:
        setattr(value, name, getattr(figure, name))
    if typed is not None:
        typed.put_back(value)
    elif is_typed:
        value.entered_by, value.entered_by_name = account_of(by), str(by or "")
        value.entered_through = by.link if isinstance(by, Visitor) else None
        value.entered_at, value.is_on_behalf = timezone.now(), is_on_behalf
    unverify(value)
    return value


def verified_parts(
    figure: Figure | Value,
) -> tuple[Decimal | None, Decimal | None, Decimal | None, str]:
    """Return what a second person verifies of a figure: its numbers and absence, not its texts."""
    return figure.number, figure.numerator, figure.denominator, figure.absence


def unverify(value: Value) -> None:
    """Clear who verified a value, and when; neither its state nor the row is changed."""
    value.verified_by, value.verified_by_name, value.verified_at = None, "", None


def move_value(
    value: Value, verb: ValueVerb, asker: Contributor | None, *, reason: str = ""
) -> ValueTransition:
    """Log an act on a value, move its state and save the row; return the row of the log. In a
    closed campaign all apps that follow its figures are notified."""
    act = acting_of(asker, value)
    done = move(value, verb, **act, reason=reason)
    campaign = value.campaign_indicator.campaign
    if campaign.is_closed:
        let_follow(house().after_figures, campaign, by=act["by"])
    return done


def move_table(
    values: list[Value], verb: ValueVerb, asker: Contributor | None, *, reason: str = "", **changes
) -> list[ValueTransition]:
    """Log an act on values of one indicator (one at least), move their state, set ``changes`` on
    each, and refresh the indicator as ``refresh_table`` does; return the rows of the log. A fixed
    number of queries."""
    entry = values[0].campaign_indicator
    changed(entry, Subject.FIGURES)
    Value.objects.filter(pk__in=[value.pk for value in values]).update(revision=F("revision") + 1)
    for value in values:
        value.revision += 1
    acts: list[Any] = move_all(
        values, verb, **acting_of(asker, values[0]), reason=reason, **changes
    )
    refresh_table(entry)
    return acts


def acting_of(asker: Contributor | None, value: Value) -> dict[str, Any]:
    """Return the arguments of ``move`` that say who acts (``by``, None for the system), and in
    whose name (``capacity``, left out for the system)."""
    if asker is None:
        return {"by": None}
    capacity = asker.capacity_for(value.campaign_indicator, value.commune)
    return {"by": asker.user, "capacity": capacity}
