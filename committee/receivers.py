"""What the committee does when something happens elsewhere."""

from django.db.models import Model
from django.dispatch import receiver

from accounts.events import ANONYMISATION_CONSEQUENCES
from agreements.commitments.commitment import Commitment, commitment_of, decided
from agreements.commitments.fields import links_of
from agreements.models import Version
from agreements.seats.events import end_seats_of
from agreements.versions.settlement import settle_all
from agreements.versions.signature import record_signature
from committee.composition.notices import TurnsChanged
from committee.models import AmendmentProposal, Comment
from conventions.loading import register_dependency
from conventions.models import Convention
from conventions.signals import access_changed, convention_loaded, text_changed
from notifications.news import tell

ANONYMISATION_CONSEQUENCES.append(end_seats_of)


@receiver(convention_loaded, dispatch_uid="record_signature")
def record_what_was_signed(sender, convention, **kwargs) -> None:
    record_signature(convention)
    settle_all(convention)
    tell(TurnsChanged(convention))


@receiver(access_changed, dispatch_uid="tell_whose_turn_it_is")
def tell_whose_turn_it_is(sender, convention, **kwargs) -> None:
    tell(TurnsChanged(convention))


@receiver(text_changed, dispatch_uid="record_amended_text")
def record_what_was_amended(sender, convention, **kwargs) -> None:
    record_signature(convention)


def said_about(row: Model) -> str | None:
    """Why a row stays although the file no longer has it: people have spoken of it."""
    try:
        commitment_of(row)
    except KeyError:
        return None
    versions = Version.objects.of_subject(row)
    if versions.from_committee().exists():
        return "le comité de pilotage s’en est saisi"
    if Comment.objects.filter(version__in=versions).exists():
        return "des membres du comité l’ont commenté"
    if AmendmentProposal.objects.about(row).exists():
        return "un avenant est proposé à son sujet"
    return None


def named_by_version(row: Model) -> str | None:
    """Why a row stays although the file no longer has it: a version that stands names it, or one
    that would stand again.

    What a row in force points to is found by its foreign keys; what other versions name, here.
    """
    return next(filter(None, (_named_in(commitment, row) for commitment in decided())), None)


def _named_in(commitment: Commitment, row: Model) -> str | None:
    if not any(link.model is type(row) for link in links_of(commitment.fields)):
        return None
    convention = row.convention if hasattr(row, "convention") else _convention_of(row)
    versions = Version.objects.of(convention).standing_or_before().filter(kind=commitment.kind)
    for version in versions.order_by("-number").only("kind", "schema", "text", "title"):
        if row.pk in commitment.named(version.content, type(row)):
            return f"{commitment.the} « {version.title} » le désigne"
    return None


def _convention_of(row: Model) -> Convention:
    return commitment_of(row).convention_of(row)


register_dependency(said_about)
register_dependency(named_by_version)
