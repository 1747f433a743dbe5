"""Who sits for a party is stored on the seat, no more computed from accesses (record 20).

A seat to which somebody objected is suspended, one that awaited a word is pending. One with an
account that speaks is suspended without a confirmed access for its organisation, if its holder ever
coordinated for another, or gave it to themselves. Of two parties that one account would commit the
earlier seat stays; the other is ended, so that its substitute acts. All others are confirmed, by
who confirmed or gave them; by nobody known, they are taken over. A delegation that was pending, or
whose holder may not receive it, is ended.
"""

import datetime

from django.db import migrations
from django.utils import timezone

SPEAKING = ("member", "substitute")
RULES = "Les règles des sièges ont changé : à confirmer par un référent des accès."
ONE_PARTY = "Une personne n’engage qu’une partie."


def store_seats(apps, schema_editor):
    Seat = apps.get_model("agreements", "Seat")
    Membership = apps.get_model("conventions", "Membership")
    people = _People(Membership)
    confirmed = _who_confirmed(apps)
    committed = {}
    today = timezone.localdate()
    rows = Seat.objects.select_related("organisation").order_by("starts_on", "pk")
    for seat in rows:
        before, seat.state, reason = seat.state, "confirmed", ""
        if seat.suspended_at:
            seat.state = "suspended"
        elif seat.awaits_confirmation:
            seat.state = "pending"
        else:
            seat.confirmed_by_id, seat.confirmed_at = confirmed.get(seat.pk, (None, None))
        is_over = seat.ends_on is not None and seat.ends_on < today
        if seat.state == "confirmed" and not is_over and seat.user_id:
            reason = _why_suspended(seat, people)
            if reason:
                seat.state, seat.suspended_at = "suspended", timezone.now()
            elif seat.kind in SPEAKING:
                key = seat.user_id, seat.organisation.convention_id
                party = committed.setdefault(key, seat.organisation_id)
                if party != seat.organisation_id:
                    reason = ONE_PARTY
                    yesterday = today - datetime.timedelta(days=1)
                    seat.starts_on = min(seat.starts_on, yesterday)
                    seat.ends_on, seat.end_reason = yesterday, ONE_PARTY
        seat.save()
        if reason or seat.state != before:
            _keep(apps, seat, reason)


class _People:
    """Who has access, for which organisation; who coordinates, or ever did."""

    def __init__(self, Membership):
        self.confirmed, self.there, self.coordinated = set(), set(), {}
        for access in Membership.objects.select_related("organisation"):
            convention = access.organisation.convention_id
            if access.ended_at is None:
                self.there.add((access.user_id, convention))
                if access.state == "confirmed":
                    self.confirmed.add((access.user_id, access.organisation_id))
            if access.role == "coordinator" and access.state != "pending":
                key = access.user_id, convention
                self.coordinated.setdefault(key, set()).add(access.organisation_id)

    def may_act(self, user_id, organisation) -> bool:
        elsewhere = self.coordinated.get((user_id, organisation.convention_id), set())
        has_access = (user_id, organisation.pk) in self.confirmed
        return has_access and not elsewhere - {organisation.pk}


def _why_suspended(seat, people) -> str:
    if seat.kind not in SPEAKING:
        there = (seat.user_id, seat.organisation.convention_id) in people.there
        return "" if there else RULES
    if not people.may_act(seat.user_id, seat.organisation):
        return RULES
    is_self_given = seat.given_by_id == seat.user_id and seat.confirmed_by_id in (
        None, seat.user_id
    )
    return RULES if is_self_given else ""


def _who_confirmed(apps) -> dict:
    """By seat, who let it count and when: the last who confirmed it, else who named; nobody where
    the portal does not know."""
    found, before = {}, {}
    rows = apps.get_model("agreements", "HistoricalSeat").objects.order_by("history_id")
    for row in rows.exclude(history_type="-"):
        was = before.get(row.id)
        is_silent = row.awaits_confirmation or row.suspended_at is not None
        if not is_silent and (was is None or was.awaits_confirmation or was.suspended_at):
            who = row.history_user_id or (row.given_by_id if was is None else None)
            if was is None and who is None:
                found[row.id] = None, None
            else:
                found[row.id] = who, row.history_date
        before[row.id] = row
    return found


def _keep(apps, seat, reason):
    History = apps.get_model("agreements", "HistoricalSeat")
    values = {f.attname: getattr(seat, f.attname) for f in seat._meta.concrete_fields}
    row = History.objects.create(
        **values, history_date=timezone.now(), history_type="~", history_change_reason=reason[:100]
    )
    if reason:
        convention = seat.organisation.convention
        apps.get_model("notifications", "Notice").objects.create(
            kind="seat_changed", about=str(row.pk), scope=f"convention:{convention.pk}",
            scope_label=f"CTG {convention.territory}"[:300], since=timezone.now(),
            not_before=timezone.now() + datetime.timedelta(days=1),
        )


def end_delegations(apps, schema_editor):
    Delegation = apps.get_model("agreements", "Delegation")
    Seat = apps.get_model("agreements", "Seat")
    History = apps.get_model("agreements", "HistoricalDelegation")
    people = _People(apps.get_model("conventions", "Membership"))
    today = timezone.localdate()
    yesterday = today - datetime.timedelta(days=1)
    for lent in Delegation.objects.select_related("seat__organisation"):
        if lent.ends_on is not None and lent.ends_on < today:
            continue
        organisation = lent.seat.organisation
        others = Seat.objects.filter(
            user=lent.user_id, kind__in=SPEAKING, state="confirmed",
            organisation__convention=organisation.convention_id,
        ).exclude(organisation=organisation)
        others = [one for one in others if one.ends_on is None or one.ends_on >= today]
        stays = lent.user_id and people.may_act(lent.user_id, organisation) and not others
        if stays and not lent.awaits_confirmation:
            continue
        lent.starts_on, lent.ends_on = min(lent.starts_on, yesterday), yesterday
        lent.save()
        values = {f.attname: getattr(lent, f.attname) for f in lent._meta.concrete_fields}
        History.objects.create(
            **values, history_date=timezone.now(), history_type="~", history_change_reason=RULES
        )


class Migration(migrations.Migration):

    dependencies = [
        ("agreements", "0013_people"),
        ("conventions", "0013_people_as_stored"),
        ("notifications", "0001_founded"),
    ]

    operations = [
        migrations.RunPython(store_seats, migrations.RunPython.noop),
        migrations.RunPython(end_delegations, migrations.RunPython.noop),
    ]
