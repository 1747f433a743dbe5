"""A register with entries of all kinds, and helpers of its tests."""

import datetime

from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Agreement, Answer
from committee.dossiers import events as dossiers
from tests.agreements.earlier import contested
from tests.agreements.factories import DelegationFactory, SeatFactory
from tests.committee.scene import a_document

MEETING = datetime.date(2024, 12, 14)


def entries_of_all_kinds(committee) -> dict[str, Agreement]:
    """Create entries of all kinds; return them by kind."""
    first = committee.proposed("Ouvrir deux espaces", measure="Nombre d’espaces")
    asked = answer(first, Answer.CHANGE_REQUESTED, committee.caf_member, reason="Très tôt !")
    second = committee.edited(first, title="Ouvrir trois espaces")
    dossier = dossiers.send_dossier(
        committee.convention, [second], title="Comité de mars", by=committee.coordinator
    )
    delegation = DelegationFactory(seat=committee.caf_seat, act=a_document(committee.coordinator))
    [agreed] = dossiers.answer_dossier(dossier, [Reply(second)], by=delegation.user).entries
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    avis = answers.advise(second, opinion=Answer.RESERVED, reason="À chiffrer", by=adviser)
    other = committee.proposed("Soutenir la ludothèque")
    recorded = record(other, committee.caf_seat, committee.coordinator)
    denial = contested(recorded)
    reply = Reply(other, Answer.DELIBERATION, body="Conseil communautaire", body_date=MEETING)
    awaited = answers.answer(reply, by=committee.epci_member)
    return {
        "asked": asked,
        "agreed": agreed,
        "avis": avis,
        "recorded": recorded,
        "contested": denial,
        "awaited": awaited,
    }


def answer(version, choice, member, **words) -> Agreement:
    return answers.answer(Reply(version, choice, **words), by=member)


def record(
    version, seat, by, *, last_rank=0, received_on: datetime.date | None = None
) -> Agreement:
    evidence = a_document(by)
    day = received_on or timezone.localdate()
    return answers.record(
        version, seat, received_on=day, evidence=evidence, last_rank=last_rank, by=by
    )


def at(entry: Agreement, *moment: int) -> Agreement:
    """Set the moment (UTC) of an entry and return it."""
    entry.created_at = datetime.datetime(*moment, tzinfo=datetime.UTC)
    Agreement.objects.filter(pk=entry.pk).update(created_at=entry.created_at)
    return entry


def copies(entry: Agreement, number: int) -> list[Agreement]:
    """Create ``number`` copies of an entry on the same version."""
    fields = [f.attname for f in Agreement._meta.concrete_fields if not f.primary_key]
    same = {name: getattr(entry, name) for name in fields}
    rows = [Agreement(**same | {"rank": 100 + n}) for n in range(number)]
    return Agreement.objects.bulk_create(rows)


def url(committee, name: str = "register", *args) -> str:
    return reverse(f"committee:{name}", args=[committee.convention.slug, *args])


def lines_of(response) -> list:
    """The lines as they are listed."""
    return [
        line
        for _day, points in response.context.get("days") or ()
        for _version, lines in points
        for line in lines
    ]
