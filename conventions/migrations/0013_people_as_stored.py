"""Who acts for an organisation is stored, no more computed from the history of accesses (record
20). Strict: what nobody of the organisation can be said to have confirmed is suspended, and one
click restores it.

Parties and organisations with a secrecy rule are guarded. An access keeps its state; who confirmed
it comes from its last act, else from who gave it; known of neither, it is taken over. In a guarded
organisation, save reading and coordination, it is suspended if its holder gave it to themselves or
ever coordinated for another organisation; anywhere, if they coordinate for another today. Of two
coordinations of one person in one convention the earlier stays. Open hand-overs are revoked.
"""

import datetime

from django.db import migrations
from django.db.models import Q
from django.utils import timezone

RULES = "Les règles des accès ont changé : à confirmer par un référent des accès."
ONE_COORDINATION = "Une personne ne coordonne que pour un organisme."


def guard_organisations(apps, schema_editor):
    Organisation = apps.get_model("conventions", "Organisation")
    guarded = Q(party__isnull=False) | Q(masking_threshold__isnull=False)
    guarded |= Q(rounding_base__isnull=False)
    pks = list(Organisation.objects.filter(guarded).values_list("pk", flat=True))
    Organisation.objects.filter(pk__in=pks).update(is_guarded=True)


def store_who_confirmed(apps, schema_editor):
    Membership = apps.get_model("conventions", "Membership")
    acts = {}
    for act in apps.get_model("conventions", "MembershipTransition").objects.order_by(
        "created_at", "pk"
    ):
        acts.setdefault((act.membership_id, act.to_state), []).append(act)
    for access in Membership.objects.order_by("pk").iterator():
        confirming = acts.get((access.pk, "confirmed"), [])
        suspending = acts.get((access.pk, "suspended"), [])
        if access.state == "confirmed" and confirming:
            access.confirmed_by_id = confirming[-1].by_id
            access.confirmed_at = confirming[-1].created_at
        elif access.state == "confirmed" and access.given_by_id not in (None, access.user_id):
            access.confirmed_by_id, access.confirmed_at = access.given_by_id, access.granted_at
        if access.confirmed_by_id == access.user_id and access.user_id:
            access.confirmed_by_id = access.confirmed_at = None
        if access.state == "suspended":
            access.suspended_at = suspending[-1].created_at if suspending else timezone.now()
            access.suspended_by_id = suspending[-1].by_id if suspending else None
        access.save()


def suspend_what_nobody_confirmed(apps, schema_editor):
    Membership = apps.get_model("conventions", "Membership")
    coordinated, coordinating = {}, {}
    rows = Membership.objects.filter(role="coordinator").exclude(state="pending")
    for access in rows.select_related("organisation").order_by("granted_at", "pk"):
        key = access.user_id, access.organisation.convention_id
        coordinated.setdefault(key, set()).add(access.organisation_id)
        if access.ended_at is None and access.state == "confirmed":
            coordinating.setdefault(key, []).append(access)
    for held in coordinating.values():
        for later in [one for one in held[1:] if one.organisation_id != held[0].organisation_id]:
            _keep(apps, later, "suspended", ONE_COORDINATION)
            later.state, later.suspended_at = "suspended", timezone.now()
            later.ended_at = timezone.now()
            later.save()
    active = Membership.objects.filter(ended_at__isnull=True, state="confirmed")
    for access in active.exclude(role__in=["reader", "coordinator"]).select_related("organisation"):
        key, own = (access.user_id, access.organisation.convention_id), access.organisation_id
        today = {one.organisation_id for one in coordinating.get(key, [])[:1]} - {own}
        ever = coordinated.get(key, set()) - {own}
        is_self_given = access.given_by_id == access.user_id and access.confirmed_at is None
        if today or (access.organisation.is_guarded and (ever or is_self_given)):
            _keep(apps, access, "suspended", RULES)
            access.state, access.suspended_at = "suspended", timezone.now()
            access.save()


def _keep(apps, access, to_state, reason):
    """Keep what is done to an access in its log and its history, and have it told the next day."""
    act = apps.get_model("conventions", "MembershipTransition").objects.create(
        membership=access, from_state=access.state, to_state=to_state, verb=to_state, reason=reason
    )
    History = apps.get_model("conventions", "HistoricalMembership")
    values = {
        field.attname: getattr(access, field.attname)
        for field in access._meta.concrete_fields
    }
    History.objects.create(
        **values | {"state": to_state}, history_date=timezone.now(), history_type="~",
        history_change_reason=reason[:100],
    )
    convention = access.organisation.convention
    apps.get_model("notifications", "Notice").objects.create(
        kind="access_changed", about=str(act.pk), scope=f"convention:{convention.pk}",
        scope_label=f"CTG {convention.territory}"[:300], since=timezone.now(),
        not_before=timezone.now() + datetime.timedelta(days=1),
    )


def revoke_hand_overs(apps, schema_editor):
    Invitation = apps.get_model("accounts", "Invitation")
    handing = apps.get_model("conventions", "MembershipOffer").objects.filter(
        replaces__isnull=False
    )
    Invitation.objects.filter(
        pk__in=handing.values("invitation"), accepted_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ("conventions", "0012_people"),
        ("notifications", "0001_founded"),
    ]

    operations = [
        migrations.RunPython(guard_organisations, migrations.RunPython.noop),
        migrations.RunPython(store_who_confirmed, migrations.RunPython.noop),
        migrations.RunPython(suspend_what_nobody_confirmed, migrations.RunPython.noop),
        migrations.RunPython(revoke_hand_overs, migrations.RunPython.noop),
    ]
