"""Who may answer for a party, take it back, record it, contest it, give an avis.

One question, one answer, for event, view and template. Functions take the ``Bench`` of the day
where they need to know who sits, so that a page asks once for all its points.
"""

import datetime

from django.utils import timezone

from agreements.answers.lights import Point
from agreements.commitments.decided import NOT_SIGNED
from agreements.models import (
    TOLD_WITHIN,
    Agreement,
    Answer,
    Confirmed,
    Seat,
    SeatKind,
    State,
    Version,
)
from agreements.seats.rights import (
    may_manage_committee,
)
from agreements.seats.voices import Bench, Voice
from agreements.versions.settlement import built_on
from conventions.access.rights import coordinates, vouched_by
from conventions.access.viewer import accesses_of
from conventions.models import Organisation, Role
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import de, long_date

NOT_A_MEMBER = Refusal(
    "Seuls les membres du comité répondent au nom de leur organisme, "
    "ou la personne à qui un membre a donné délégation."
)


NO_LONGER = Refusal(
    "Vous ne répondez plus au nom de cet organisme : votre réponse n’a pas été enregistrée."
)
NOT_AN_ADVISER = Refusal(
    "Seuls les instructeurs et les personnes siégeant à titre consultatif donnent un avis."
)


NOT_ONES_OWN = Refusal("Seule la personne qui a répondu elle-même peut annuler sa réponse.")
UNDONE_ALREADY = Refusal("Cette réponse est déjà annulée.")
TOO_LATE = Refusal(
    "Une réponse s’annule dans les trente minutes. Pour revenir sur un accord plus tard, "
    "retirez-le en disant pourquoi ; toute autre réponse se remplace par une nouvelle."
)


NOT_A_COLLEAGUE = Refusal(
    "Une réponse recueillie hors portail est saisie par une personne qui siège pour le même "
    "organisme que le membre, ou par la coordination."
)


class Stale(Refusal):
    """The version is no longer the one that is proposed: the new difference is to be shown."""


class Overtaken(Refusal):
    """Somebody of the same party has answered meanwhile."""


class Said(Refusal):
    """What somebody of a party has said counts: nothing is recorded over it."""


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
    if not voice.organisation.convention.is_signed:
        return NOT_SIGNED
    return _one_party_each(voice.user_id, voice.person_name, voice.organisation, point)


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


def _one_party_each(
    user_id: int | None, name: str, organisation: Organisation, point: Point
) -> Refusal | None:
    """Nobody speaks for two parties on one version, be it by confirming."""
    if point.spoken_elsewhere(user_id, name, organisation.pk) is None:
        return None
    return Refusal(
        f"{name} a déjà répondu à ce point au nom d’une autre partie : une même personne ne parle "
        f"pas pour deux parties. Une autre personne {organisation.of_the} peut répondre."
    )


def _borne_by_an_account(
    user_id: int | None, name: str, organisation: Organisation, bench: Bench
) -> Refusal | None:
    """Nothing is recorded under the name of somebody who answers in person for another party."""
    namesake = None if user_id else bench.namesake(name, organisation.pk)
    if namesake is None:
        return None
    return Refusal(
        f"{namesake.name} siège avec un compte pour {namesake.organisation.the} et y répond en "
        f"personne : rien n’est recueilli sous ce nom au nom {organisation.of_the}. S’il s’agit "
        "d’une autre personne, terminez ce siège et nommez-la de nouveau sous un nom qui l’en "
        "distingue (second prénom, commune)."
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
        return _published(version)
    if voice.organisation not in point.required:
        return _no_longer_required(voice.organisation)
    if not version.is_live:
        return Refusal(
            "Cette version a été remplacée ou retirée : il n’y a plus d’accord à retirer."
        )
    return _one_party_each(voice.user_id, voice.person_name, voice.organisation, point)


def may_undo(asker, entry: Agreement, point: Point, bench: Bench) -> Refusal | None:
    """Take one's own answer back without a reason: soon after, while nobody has built on it.

    ``entry`` is read after the lock, with whether it was undone.
    """
    own = asker is not None and entry.user_id == entry.entered_by_id == asker.pk
    if not own or entry.is_recorded or entry.answer not in Answer.undoable():
        return NOT_ONES_OWN
    if entry.is_undone:
        return UNDONE_ALREADY
    if not entry.is_fresh:
        return TOO_LATE
    if entry.is_opinion:
        return _may_undo_opinion(bench.advice(asker), entry, point.version)
    voice = bench.voice(asker, entry.organisation, point.version.kind)
    return _may_undo_answer(voice, entry, point)


def _may_undo_opinion(voice: Voice | None, entry: Agreement, version: Version) -> Refusal | None:
    if voice is None or voice.organisation != entry.organisation:
        return NOT_AN_ADVISER
    if not version.is_proposed:
        return Refusal("Cette version n’est plus en discussion : votre avis reste au registre.")
    return None


def _may_undo_answer(voice: Voice | None, entry: Agreement, point: Point) -> Refusal | None:
    version = point.version
    if voice is None:
        return NOT_A_MEMBER
    if refusal := _no_longer_current(entry, point):
        return refusal
    if entry.organisation not in point.required:
        return _no_longer_required(entry.organisation)
    if not version.is_live:
        return Refusal("Cette version a été remplacée ou retirée : il n’y a plus rien à annuler.")
    if version.published_at:
        return _published(version)
    built = built_on(version)
    return Refusal(f"{built} : retirez votre accord en disant pourquoi.") if built else None


def _published(version: Version) -> Refusal:
    return Refusal(
        f"Cette version est publiée depuis le {long_date(version.published_at)} : "
        "l’accord ne peut plus être retiré."
    )


def _no_longer_required(organisation: Organisation) -> Refusal:
    return Refusal(
        f"L’accord {organisation.of_the} n’est plus requis par la convention : "
        "cette version n’en dépend plus."
    )


def may_record(asker, voice: Voice, point: Point, bench: Bench) -> Refusal | None:
    """Enter for a member an agreement received on paper or by e-mail: the coordinator, or who has a
    seat of the same organisation, whatever it is."""
    coordinates = may_manage_committee(asker, bench.convention) is None
    if not coordinates and not bench.sits_for(asker, voice.organisation):
        return NOT_A_COLLEAGUE
    return (
        may_answer(voice, point)
        or _said_already(voice.organisation, point, bench)
        or _borne_by_an_account(voice.user_id, voice.person_name, voice.organisation, bench)
    )


def _said_already(organisation: Organisation, point: Point, bench: Bench) -> Said | None:
    """What a party has said, and counts, is not put aside by what somebody else types, nor by the
    silence that follows: who can say so on the portal says otherwise there."""
    entry = point.entries.get(organisation.pk)
    if entry is None or entry.is_pending:
        return None
    said = f"{entry.person_name} a répondu « {entry.get_answer_display()} »"
    if entry.answer == Answer.AGREED:
        return Said(f"{said} au nom {organisation.of_the} : il n’y a rien à recueillir.")
    is_heard = bench.is_heard(organisation.pk, point.version.kind)
    if entry.answer not in Answer.returning() or not is_heard:
        return None
    return Said(
        f"{said} au nom {organisation.of_the} : un membre qui a un compte, ou la personne à qui un "
        "membre a donné délégation, répond de nouveau sur le portail."
    )


def recordable(asker, bench: Bench, point: Point, *, even_said: bool = False) -> list[Seat]:
    """The seats for whose holders ``asker`` may record an agreement; ``even_said``: and those of
    parties that have spoken, which a form that was shown before may still name."""
    return [
        seat
        for organisation in point.required
        for seat in bench.speakers(organisation.pk)
        if (refusal := may_record(asker, bench.voice_from(seat), point, bench)) is None
        or (even_said and isinstance(refusal, Said))
    ]


def may_confirm(asker, entry: Agreement, point: Point, bench: Bench) -> Refusal | None:
    """Say that an agreement recorded for somebody was given: ``whose_to_confirm``, unless they, or
    the person it was recorded for, have spoken for another party."""
    if not entry.is_recorded:
        return Refusal("Cette réponse a été donnée en personne : elle n’est pas à confirmer.")
    refusal = _no_longer_current(entry, point)
    if refusal:
        return refusal
    if not point.entries[entry.organisation_id].is_pending:
        confirmed = "confirmée" if entry.is_request else "confirmé"
        return Refusal(f"{entry.called.capitalize()} est déjà {confirmed}.")
    if entry.organisation not in point.required:
        return _no_longer_required(entry.organisation)
    if not point.version.is_proposed:
        return Refusal(_why_not_proposed(point.version))
    return whose_to_confirm(asker, entry, bench) or _neither_for_two(asker, entry, point)


def _neither_for_two(asker, entry: Agreement, point: Point) -> Refusal | None:
    """Neither the person recorded nor who confirms brings the voices of two parties."""
    own = _one_party_each(entry.user_id, entry.person_name, entry.organisation, point)
    return own or _one_party_each(asker.pk, str(asker), entry.organisation, point)


def whose_to_confirm(asker, entry: Agreement, bench: Bench) -> Refusal | None:
    """Whether it is the asker's to confirm an entry that still is to be: the person for whom it was
    recorded; for who has no account, a member or a substitute of the same organisation, or who
    enters its figures; for who has one and no access any more, once the mandate is over, and once
    a substitute stands in no more, somebody who may speak for it. Never who entered it."""
    if refusal := _silenced(entry, bench):
        return refusal
    if is_there(entry, bench):
        if asker is not None and asker.pk == entry.user_id:
            return None
        made, it = ("saisie", "elle") if entry.is_request else ("saisi", "il")
        passing = f"sans contestation, {it} compte après le {long_date(entry.contestable_until)}"
        return Refusal(
            f"C’est à {entry.person_name} de confirmer {entry.called}, {made} en son nom ; "
            f"{why_silence_is_none(entry) or passing}."
        )
    return _in_their_place(asker, entry, bench)


def _silenced(entry: Agreement, bench: Bench) -> Refusal | None:
    """Why nobody confirms for who has no voice until somebody of the party says so."""
    seat = bench.by_pk[entry.seat_id]
    if seat.is_suspended:
        return Refusal(
            f"Une personne {entry.organisation.of_the} s’est opposée au siège "
            f"{de(entry.person_name)} : {entry.called} ne compte pas tant que ce siège est "
            "suspendu."
        )
    if seat.awaits_confirmation and not seat.is_over(bench.day):
        return Refusal(
            f"Le siège {de(entry.person_name)} reste à confirmer par une personne "
            f"{entry.organisation.of_the} : {entry.called} ne compte pas d’ici là."
        )
    return None


def _in_their_place(asker, entry: Agreement, bench: Bench) -> Refusal | None:
    them = "la" if entry.is_request else "le"
    is_other = asker is not None and asker.pk != entry.entered_by_id
    seat = bench.by_pk[entry.seat_id]
    if entry.user_id or not bench.commits(seat):
        # Whoever ended the access, or the mandate, would otherwise choose among all who are left.
        kind = entry.version.kind
        if is_other and bench.voice(asker, entry.organisation, kind):
            return None
        return Refusal(
            f"{entry.person_name} {why_gone(seat, bench)} : une personne qui répond "
            f"aujourd’hui au nom {entry.organisation.of_the}, autre que celle qui a saisi "
            f"{entry.called}, {them} confirme, ou donne sa propre réponse."
        )
    refusal = _borne_by_an_account(None, entry.person_name, entry.organisation, bench)
    if refusal or (is_other and is_colleague(asker, entry.organisation, bench)):
        return refusal
    return Refusal(
        f"{entry.person_name} n’a pas de compte : une autre personne {entry.organisation.of_the} "
        f"que celle qui a saisi {entry.called} {them} confirme."
    )


def why_gone(seat: Seat, bench: Bench) -> str:
    """What somebody does no more who would have confirmed what was recorded for them."""
    if bench.sits(seat):
        return "ne remplace plus de membre"
    return "n’agit plus pour cet organisme"


def is_there(entry: Agreement, bench: Bench) -> bool:
    """Whether the person for whom an entry was recorded still binds the party from that seat, with
    an access that lets them speak: nobody confirms in their place then."""
    return entry.user_id is not None and bench.commits(bench.by_pk[entry.seat_id])


def why_silence_is_none(entry: Agreement) -> str:
    """Why saying nothing until the end of the delay is not to agree, in words: who stands in for a
    member, was said to be absent on one of its days, or could not speak up on one of them; whose
    party has answered or written about the point here, or has contested an entry; what was
    received before the text was proposed, or the mandate had begun; who was not written to. Twin:
    ``AgreementQuerySet.unchallenged``."""
    if entry.seat_kind != SeatKind.MEMBER:
        return "le silence d’une personne qui supplée un membre ne vaut pas accord"
    own = Agreement.objects.filter(pk=entry.pk)
    if own.away().exists():
        return "une absence a été déclarée pendant le délai, qui ne vaut donc pas accord"
    if own.interrupted().exists():
        return (
            "son accès ou son siège a été suspendu ou terminé pendant le délai, qui ne vaut donc "
            "pas accord"
        )
    return _why_it_was_not_silence(entry)


def _why_it_was_not_silence(entry: Agreement) -> str:
    own, who = Agreement.objects.filter(pk=entry.pk), entry.organisation.the
    if own.answered_here().exists():
        return f"{who} a donné ici une réponse sur ce point, le délai ne vaut donc pas accord"
    if own.written_about().exists():
        return (
            f"une personne {entry.organisation.of_the} a écrit sur ce point, y a joint un document "
            "ou préparé une réponse, le délai ne vaut donc pas accord"
        )
    if own.denied_before().exists():
        return f"{who} a déjà contesté un accord saisi en son nom, le délai ne vaut donc pas accord"
    if own.premature().exists():
        return (
            "le document reçu est antérieur à ce texte ou au mandat "
            f"{de(entry.person_name)}, le délai ne vaut donc pas accord"
        )
    # Until then it may still be written.
    is_late = entry.created_at < timezone.now() - TOLD_WITHIN
    if is_late and own.untold().exists():
        return (
            f"le message qui l’annonce à {entry.person_name} n’est pas parti à temps, ou n’a pas "
            "été accepté, le délai ne vaut donc pas accord"
        )
    return ""


def is_colleague(asker, organisation: Organisation, bench: Bench) -> bool:
    """Whether somebody is a member or a substitute of an organisation, or enters its data, of which
    they are by the word of somebody else. Who advises, or only reads, commits nobody; who
    coordinates records, as does the other who coordinates, and confirms from a seat alone."""
    if asker is None or (organisation.pk, asker.pk) not in bench.vouched:
        return False
    if organisation.pk not in vouched_by(asker, bench.convention):
        return False
    if bench.sits_for(asker, organisation, to_speak=True):
        return True
    return contributes(asker, organisation) and not coordinates(asker, bench.convention)


def contributes(user, organisation: Organisation) -> bool:
    """Whether somebody enters data for an organisation of the convention."""
    held = accesses_of(user, organisation.convention) if user else []
    return any(
        access.organisation_id == organisation.pk and access.role == Role.CONTRIBUTOR
        for access in held
    )


def _no_longer_current(entry: Agreement, point: Point) -> Refusal | None:
    if entry == point.entries.get(entry.organisation_id):
        return None
    return Refusal("Une réponse plus récente a été donnée depuis : celle-ci ne compte plus.")


def _confirmed_in_person(entry: Agreement) -> Refusal | None:
    if entry.is_pending or entry.confirmation.way != Confirmed.IN_PERSON:
        return None
    if entry.is_request:
        return Refusal("Vous avez confirmé cette demande : remplacez-la par une autre réponse.")
    return Refusal("Vous avez confirmé cet accord : retirez-le, ou demandez une modification.")


def may_contest(asker, entry: Agreement, point: Point, today: datetime.date) -> Refusal | None:
    """Deny an agreement that was recorded in one's name, within the convention's delay."""
    own = entry.is_recorded and asker is not None and entry.user_id == asker.pk
    if not own:
        return Refusal(
            "Seule la personne au nom de qui une réponse a été saisie peut la contester."
        )
    refusal = _no_longer_current(entry, point) or _confirmed_in_person(entry)
    if refusal:
        return refusal
    if point.version.published_at or not point.version.is_live:
        return Refusal("Cette version n’est plus en discussion ni en vigueur, ou elle est publiée.")
    if entry.organisation not in point.required:
        return _no_longer_required(entry.organisation)
    if today > entry.contestable_until and not entry.is_pending:
        return Refusal(
            f"Le délai pour contester {entry.called} a expiré le "
            f"{long_date(entry.contestable_until)}."
        )
    return None


def may_advise(
    voice: Voice | None, version: Version, organisation: int | None = None
) -> Refusal | None:
    """Give an avis on a point under discussion; in the name of that ``organisation``, where its key
    is told."""
    if voice is None or voice.commits:
        return NOT_AN_ADVISER
    if organisation and voice.organisation.pk != organisation:
        return NO_LONGER
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
