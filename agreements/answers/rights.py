"""Who may answer for a party, take it back, record it, contest it, give an avis.

One question, one answer, for event, view and template. Functions take the ``Bench`` of the day
where they need to know who sits, so that a page asks once for all its points.
"""

import datetime

from agreements.answers.lights import Point
from agreements.models import Agreement, Answer, Seat, State, Version
from agreements.seats.rights import (
    may_manage_committee,
)
from agreements.seats.voices import Bench, Voice
from conventions.access.viewer import accesses_of
from conventions.models import Membership, Organisation
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import long_date

NOT_A_MEMBER = Refusal(
    "Seuls les membres du comité répondent au nom de leur organisme, "
    "ou la personne à qui un membre a donné délégation."
)


NOT_AN_ADVISER = Refusal(
    "Seuls les instructeurs et les personnes siégeant à titre consultatif donnent un avis."
)


NOT_A_COLLEAGUE = Refusal(
    "Un accord recueilli hors portail est saisi par une personne du même organisme "
    "que le membre, ou par la coordination."
)


class Stale(Refusal):
    """The version is no longer the one that is proposed: the new difference is to be shown."""


class Overtaken(Refusal):
    """Somebody of the same party has answered meanwhile."""


def may_answer(voice: Voice | None, point: Point) -> Refusal | None:
    """Answer a point for the organisation of ``voice``."""
    version = point.version
    if voice is None or not voice.commits:
        return NOT_A_MEMBER
    if voice.organisation not in point.required:
        return Refusal(
            f"L’accord {voice.organisation.of_the} n’est pas requis par la convention : "
            "vous pouvez commenter ce point."
        )
    if not version.is_proposed:
        return Stale(_why_not_proposed(version))
    return _one_party_each(voice, point)


def _why_not_proposed(version: Version) -> str:
    called = f"« {version.title} », version {version.number}"
    if version.state == State.REPLACED:
        return (
            f"{called}, n’est plus celle qui est proposée : votre réponse n’a pas été prise. "
            "Voici ce qui a changé depuis."
        )
    if version.is_in_force:
        return f"{called}, est déjà en vigueur : il n’y a plus rien à répondre."
    return f"{called}, n’est plus proposée : il n’y a plus rien à répondre."


def _one_party_each(voice: Voice, point: Point) -> Refusal | None:
    """Nobody speaks for two parties on one version."""
    other = point.other_party_of(voice)
    if other is None:
        return None
    return Refusal(
        f"{voice.person_name} a déjà répondu à ce point au nom d’une autre partie : "
        "une même personne ne parle pas pour deux parties."
    )


def may_retract(voice: Voice | None, point: Point) -> Refusal | None:
    """Withdraw one's party's agreement, until the version is published in a report."""
    if voice is None or not voice.commits:
        return NOT_A_MEMBER
    version = point.version
    entry = point.entries.get(voice.organisation.pk)
    if entry is None or entry.answer != Answer.AGREED:
        return Refusal(f"Il n’y a pas d’accord {voice.organisation.of_the} sur cette version.")
    if version.published_at:
        return Refusal(
            f"Cette version est publiée depuis le {long_date(version.published_at)} : "
            "l’accord ne peut plus être retiré."
        )
    if voice.organisation not in point.required:
        return _no_longer_required(voice.organisation)
    if not version.is_live:
        return Refusal(
            "Cette version a été remplacée ou retirée : il n’y a plus d’accord à retirer."
        )
    return _one_party_each(voice, point)


def _no_longer_required(organisation: Organisation) -> Refusal:
    return Refusal(
        f"L’accord {organisation.of_the} n’est plus requis par la convention : "
        "cette version n’en dépend plus."
    )


def may_record(asker, voice: Voice, point: Point) -> Refusal | None:
    """Enter for a member an agreement received on paper or by e-mail."""
    convention = point.version.convention
    colleagues = Membership.objects.active().filter(organisation=voice.organisation, user=asker)
    if may_manage_committee(asker, convention) and not colleagues.exists():
        return NOT_A_COLLEAGUE
    return may_answer(voice, point)


def recordable(asker, bench: Bench, point: Point) -> list[Seat]:
    """The seats for whose holders ``asker`` may record an agreement. Twin: ``may_record``."""
    everywhere = may_manage_committee(asker, bench.convention) is None
    own = {access.organisation_id for access in accesses_of(asker, bench.convention)}
    return [
        seat
        for organisation in point.required
        if everywhere or organisation.pk in own
        for seat in bench.speakers(organisation.pk)
        if may_answer(bench.voice_from(seat), point) is None
    ]


def may_contest(asker, entry: Agreement, point: Point, today: datetime.date) -> Refusal | None:
    """Deny an agreement that was recorded in one's name, within the convention's delay."""
    if not entry.is_recorded or entry.user_id is None or asker is None or entry.user_id != asker.pk:
        return Refusal("Seule la personne au nom de qui un accord a été saisi peut le contester.")
    if entry != point.entries.get(entry.organisation_id):
        return Refusal("Une réponse plus récente a été donnée depuis : celle-ci ne compte plus.")
    if point.version.published_at or not point.version.is_live:
        return Refusal("Cette version n’est plus en discussion ni en vigueur, ou elle est publiée.")
    if entry.organisation not in point.required:
        return _no_longer_required(entry.organisation)
    if today > entry.contestable_until:
        return Refusal(
            f"Le délai pour contester cet accord a expiré le {long_date(entry.contestable_until)}."
        )
    return None


def may_advise(voice: Voice | None, version: Version) -> Refusal | None:
    """Give an avis on a point under discussion."""
    if voice is None or voice.commits:
        return NOT_AN_ADVISER
    if not version.is_proposed:
        return Refusal("Un avis se donne sur une version proposée ; celle-ci ne l’est plus.")
    return None


def may_attach(asker, entry: Agreement, bench: Bench) -> Refusal | None:
    """Add a document to an answer: whoever speaks for the same organisation, or coordinates."""
    if may_manage_committee(asker, bench.convention) is None:
        return None
    if any(voice.organisation == entry.organisation for voice in bench.voices_of(asker)):
        return None
    return Refusal("Un document est joint par l’organisme qui a répondu, ou par la coordination.")
