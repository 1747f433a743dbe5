"""Who may answer for a party, take it back, record it, confirm what was recorded, give an avis.

One question, one answer, for event, view and template. Functions take the ``Bench`` of the day
where they need to know who sits, so that a page asks once for all its points.
"""

from accounts.models import User
from agreements.answers.lights import Point
from agreements.answers.models import Agreement, Answer
from agreements.commitments.by_committee import NOT_SIGNED
from agreements.seats.models import Seat
from agreements.seats.rights import may_manage_committee
from agreements.seats.voices import Bench, Voice
from agreements.versions.models import State, Version
from agreements.versions.rows import describe_later_work
from conventions.models import Organisation
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import long_date

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


def may_answer(voice: Voice | None, point: Point) -> Refusal | None:
    """Return why ``voice`` may not answer a point for its organisation, or None; Stale where the
    version is no longer proposed."""
    version = point.version
    if voice is None or not voice.commits:
        return NOT_A_MEMBER
    if voice.organisation not in point.required + point.others:
        return Refusal(
            f"L’accord {voice.organisation.genitive} n’est pas requis par la convention : "
            "vous pouvez commenter ce point."
        )
    if not version.is_proposed:
        return Stale(_describe_not_proposed(version))
    if not voice.organisation.convention.is_signed:
        return NOT_SIGNED
    return _refuse_two_parties(voice, point)


def _describe_not_proposed(version: Version) -> str:
    """Return why there is nothing to answer any more, as French sentences: the version is replaced,
    in force or withdrawn."""
    called = f"« {version.title} », version {version.number}"
    if version.state == State.REPLACED:
        return (
            f"{called}, n’est plus celle qui est proposée : votre réponse n’a pas été prise. "
            "Voici ce qui a changé depuis."
        )
    if version.is_in_force:
        return f"{called}, est déjà en vigueur : il n’y a plus rien à répondre."
    return f"{called}, n’est plus proposée : il n’y a plus rien à répondre."


def _refuse_two_parties(voice: Voice, point: Point) -> Refusal | None:
    """Refuse a person who has answered for another party on this version, be it by confirming."""
    if point.answer_for_another_party(voice.user_id, voice.organisation.pk) is None:
        return None
    return Refusal(
        f"{voice.person_name} a déjà répondu à ce point au nom d’une autre partie : une même "
        "personne ne parle pas pour deux parties. Une autre personne "
        f"{voice.organisation.genitive} peut répondre."
    )


def retracting_voice(
    asker: User, organisation: Organisation | None, point: Point, bench: Bench
) -> Voice | None:
    """Return the voice by which somebody may take an agreement of a party back: that by which they
    answer, or, once suspended, that by which they gave this very agreement. None without one."""
    if voice := bench.voice(asker, organisation, point.version.kind):
        return voice
    for voice in bench.suspended_voices(asker, organisation):
        entry = point.last_answers.get(voice.organisation.pk)
        if entry and entry.speaker_id == asker.pk:
            return voice
    return None


def may_retract(voice: Voice | None, point: Point) -> Refusal | None:
    """Return why ``voice`` may not take the agreement of its party back, or None: it may until the
    version is published in a report."""
    if voice is None or not voice.commits:
        return NOT_A_MEMBER
    version = point.version
    entry = point.last_answers.get(voice.organisation.pk)
    if entry is None or entry.answer != Answer.AGREED:
        return Refusal(f"Il n’y a pas d’accord {voice.organisation.genitive} sur cette version.")
    if version.published_at:
        return _published_refusal(version)
    if voice.organisation not in point.required:
        return _not_required_refusal(voice.organisation)
    if not version.is_live:
        return Refusal(
            "Cette version a été remplacée ou retirée : il n’y a plus d’accord à retirer."
        )
    return _refuse_two_parties(voice, point)


def may_undo(asker: User | None, entry: Agreement, point: Point, bench: Bench) -> Refusal | None:
    """Return why somebody may not undo an answer without a reason, or None: they may undo their own
    one soon after, while nobody has built on it.

    ``entry`` is read after the lock, with its ``undoing``.
    """
    own = asker is not None and entry.user_id == entry.entered_by_id == asker.pk
    if not own or entry.is_recorded or entry.answer not in Answer.undoable():
        return NOT_ONES_OWN
    if entry.is_undone:
        return UNDONE_ALREADY
    if not entry.is_undoable:
        return TOO_LATE
    if entry.is_opinion:
        return _may_undo_opinion(bench.advice(asker), entry, point.version)
    voice = bench.voice(asker, entry.organisation, point.version.kind)
    return _may_undo_answer(voice, entry, point)


def _may_undo_opinion(voice: Voice | None, entry: Agreement, version: Version) -> Refusal | None:
    """Return why ``voice`` may not undo an avis, or None: it may while it is an avis for the same
    organisation, and the version is proposed."""
    if voice is None or voice.organisation != entry.organisation:
        return NOT_AN_ADVISER
    if not version.is_proposed:
        return Refusal("Cette version n’est plus en discussion : votre avis reste au registre.")
    return None


def _may_undo_answer(voice: Voice | None, entry: Agreement, point: Point) -> Refusal | None:
    """Return why ``voice`` may not undo an answer, or None: it may undo the last one of a required
    party on a live version, on whose strength nothing was done since."""
    version = point.version
    if voice is None:
        return NOT_A_MEMBER
    if entry != point.last_answers.get(entry.organisation_id):
        return Refusal("Une réponse plus récente a été donnée depuis : celle-ci ne compte plus.")
    if entry.organisation not in point.required + point.others:
        return _not_required_refusal(entry.organisation)
    if not version.is_live:
        return Refusal("Cette version a été remplacée ou retirée : il n’y a plus rien à annuler.")
    if version.published_at:
        return _published_refusal(version)
    later_work = describe_later_work(version)
    reason = f"{later_work} : retirez votre accord en disant pourquoi."
    return Refusal(reason) if later_work else None


def _published_refusal(version: Version) -> Refusal:
    """Return the refusal to take back or undo an agreement to a published version."""
    return Refusal(
        f"Cette version est publiée depuis le {long_date(version.published_at)} : "
        "l’accord ne peut plus être retiré."
    )


def _not_required_refusal(organisation: Organisation) -> Refusal:
    """Return the refusal for a party whose agreement the convention no longer requires."""
    return Refusal(
        f"L’accord {organisation.genitive} n’est plus requis par la convention : "
        "cette version n’en dépend plus."
    )


def may_record(asker: User, voice: Voice, point: Point, bench: Bench) -> Refusal | None:
    """Return why ``asker`` may not record an answer received outside the portal as that of
    ``voice``, or None: the coordination and whoever has any seat of the same organisation may."""
    coordinates = may_manage_committee(asker, bench.convention) is None
    if not coordinates and not bench.sits_for(asker, voice.organisation):
        return NOT_A_COLLEAGUE
    return may_answer(voice, point)


def recordable_seats(asker: User, bench: Bench, point: Point) -> list[Seat]:
    """Return the seats that commit a required party today and for whose holders ``asker`` may
    record an answer to ``point``."""
    return [
        seat
        for organisation in point.required
        for seat in bench.speakers(organisation.pk)
        if may_record(asker, bench.voice_from(seat), point, bench) is None
    ]


def may_confirm(asker: User | None, entry: Agreement, point: Point, bench: Bench) -> Refusal | None:
    """Return why ``asker`` may not confirm a recorded answer, or None: whoever may answer for the
    party may."""
    voice = bench.voice(asker, entry.organisation, point.version.kind) if asker else None
    return _refuse_settled(entry, point) or may_answer(voice, point)


def may_refuse(asker: User | None, entry: Agreement, point: Point, bench: Bench) -> Refusal | None:
    """Return why ``asker`` may not refuse a recorded answer, or None: whoever may answer for the
    party, and the person in whose name it was recorded, may."""
    if refusal := _refuse_settled(entry, point):
        return refusal
    is_own = asker is not None and entry.user_id == asker.pk
    return None if is_own else may_confirm(asker, entry, point, bench)


def _refuse_settled(entry: Agreement, point: Point) -> Refusal | None:
    """Refuse to confirm or refuse an entry that was given in person, is refused or confirmed
    already, or is no longer what is recorded for its party."""
    if not entry.is_recorded:
        return Refusal("Cette réponse a été donnée en personne : elle n’est pas à confirmer.")
    if entry.is_refused:
        return Refusal(
            f"{entry.confirmation.by_name} a dit que ce n’est pas la réponse "
            f"{entry.organisation.genitive} : elle ne compte pas."
        )
    if not entry.is_pending:
        confirmed = "confirmée" if entry.is_request else "confirmé"
        return Refusal(f"{entry.label_in_sentence.capitalize()} est déjà {confirmed}.")
    if entry != point.recorded.get(entry.organisation_id):
        return Refusal("Une réponse plus récente a été donnée depuis : celle-ci ne compte plus.")
    return None


def may_advise(
    voice: Voice | None, version: Version, organisation: int | None = None
) -> Refusal | None:
    """Return why ``voice`` may not give an avis on a version, or None.

    ``organisation``: the key of the only one in whose name it may be given, if any.
    """
    if voice is None or voice.commits:
        return NOT_AN_ADVISER
    if organisation and voice.organisation.pk != organisation:
        return NO_LONGER
    if not version.is_proposed:
        return Refusal("Un avis se donne sur une version proposée ; celle-ci ne l’est plus.")
    return None


def may_attach(asker: User, entry: Agreement, bench: Bench) -> Refusal | None:
    """Return why ``asker`` may not attach a document to an answer, or None: the coordination and
    whoever speaks for the same organisation may."""
    if may_manage_committee(asker, bench.convention) is None:
        return None
    if any(voice.organisation == entry.organisation for voice in bench.voices_of(asker)):
        return None
    return Refusal("Un document est joint par l’organisme qui a répondu, ou par la coordination.")
