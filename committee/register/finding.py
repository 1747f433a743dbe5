"""Search in the committee's work: the register, dossiers, comments, seats, proposals for an
amendment, shared stakes. Whoever reads the convention reads all of it, without drafts."""

from collections.abc import Iterator
from dataclasses import replace

from django.urls import reverse
from django.utils import timezone

from agreements.models import Agreement, Seat, VersionTransition
from committee.amendments.models import AmendmentProposal
from committee.comments.models import Comment
from committee.composition.reading import describe_unconfirmed
from committee.dossiers.models import Dossier
from committee.register.reading import describe_done
from committee.stakes.models import Stake
from committee.words import ACTS
from conventions.search.hits import MOST, Hit, SearchRequest, ranked, shortened
from ctg_portal.search.query import narrowed
from ctg_portal.templatetags.french import enumerate_words, long_date


def committee_hits(asked: SearchRequest):
    """Yield the ranked hits of each part of the committee's work; without drafts and withdrawn
    proposals."""
    convention = asked.convention
    comments = Comment.objects.of(convention).filter(version__number__isnull=False)
    seats, dossiers, comments, proposals, stakes = narrowed(
        asked.query,
        (Seat.objects.of(convention).with_organisation(), ("name", "capacity")),
        (Dossier.objects.of(convention), ("title", "message")),
        (comments, ("text", "person_name")),
        (AmendmentProposal.objects.of(convention).not_withdrawn(), ("title", "wording", "reason")),
        (Stake.objects.of(convention).readable(), ("title", "text")),
    )
    yield ranked(asked, "Personnes", _seat_hits(asked, seats))
    yield ranked(asked, "Dossiers", _dossier_hits(asked, dossiers))
    yield replace(ranked(asked, "Registre du comité", _register_hits(asked)), is_proof=True)
    yield ranked(asked, "Commentaires", _comment_hits(asked, comments))
    yield ranked(asked, "Propositions d’avenant", _proposal_hits(asked, proposals))
    yield ranked(asked, "Enjeux partagés", _stake_hits(stakes))


def _at(asked: SearchRequest, name: str, *args) -> str:
    return reverse(f"committee:{name}", args=[asked.convention.slug, *args])


def _seat_hits(asked: SearchRequest, seats) -> Iterator[Hit]:
    """Yield a hit for each seat; a seat that is over leads to the history."""
    page, history = _at(asked, "composition"), _at(asked, "composition_history")
    today = timezone.localdate()
    for seat in seats:
        within = f"Comité : {seat.get_kind_display()}, {seat.organisation.acronym}"
        if reason := describe_unconfirmed(seat):
            within = f"{within}, {reason}"
        if seat.ends_on:
            within = f"{within}, jusqu’au {long_date(seat.ends_on)}"
        sits = f"{page}#organisme-{seat.organisation_id}"
        yield Hit(seat.name, history if seat.is_over(today) else sits, within=within)


def _dossier_hits(asked: SearchRequest, dossiers) -> Iterator[Hit]:
    """Yield a hit for each dossier, with its message, state and day."""
    for dossier in dossiers:
        within = f"{dossier.get_state_display().capitalize()}, envoyé le "
        within += long_date(dossier.sent_at)
        yield Hit(dossier.title, _at(asked, "dossier", dossier.pk), dossier.message, within)


def _register_hits(asked: SearchRequest) -> Iterator[Hit]:
    """Yield the entries that match, then the acts of who proposed or withdrew versions, the latest
    first, each at most ``MOST``."""
    entries = Agreement.objects.filter(version__convention=asked.convention).matching_query(
        asked.query
    )
    related = ("version", "organisation", "contests", "confirmation", "undoing")
    entries = entries.select_related(*related).order_by("-created_at", "-pk")
    entries = entries.prefetch_related("contestations")
    for entry in entries.defer("version__text")[:MOST]:
        title = f"{entry.version.title} : {entry.organisation.acronym} {describe_done(entry)}"
        within = f"{entry.person_name}, le {long_date(entry.created_at)}"
        yield Hit(title, _at(asked, "entry", entry.pk), entry.reason, within)
    acts = VersionTransition.objects.of(asked.convention).announced().matching_query(asked.query)
    acts = acts.select_related("version").order_by("-created_at", "-pk").defer("version__text")
    for act in acts[:MOST]:
        title = f"{act.version.title} : {ACTS[act.verb].lower()}"
        within = f"{act.by_name}, le {long_date(act.created_at)}"
        yield Hit(title, _at(asked, "point", act.version_id), act.reason, within)


def _comment_hits(asked: SearchRequest, comments) -> Iterator[Hit]:
    """Yield a hit for each comment, that leads to the page of its version."""
    for comment in comments.select_related("version").defer("version__text"):
        title = f"{comment.person_name}, le {long_date(comment.created_at)}"
        url = _at(asked, "point", comment.version_id)
        yield Hit(title, url, comment.text, shortened(comment.version.title))


def _proposal_hits(asked: SearchRequest, proposals) -> Iterator[Hit]:
    """Yield the hits with the wording, or the reason if the words are only there."""
    page = _at(asked, "amendments")
    for row in proposals:
        texts = (row.wording, row.reason)
        text = next((text for text in texts if asked.query.is_in(text)), row.wording)
        within = f"Proposé par {row.person_name}, le {long_date(row.created_at)}"
        yield Hit(shortened(row.title), f"{page}#proposition-{row.pk}", text, within)


def _stake_hits(stakes) -> Iterator[Hit]:
    """Yield a hit for each stake, with its themes; marked while it is only proposed."""
    for stake in stakes.with_relations():
        within = enumerate_words(str(theme) for theme in stake.themes.all())
        title, url = shortened(stake.title), stake.get_absolute_url()
        yield Hit(title, url, stake.text, within, stake.is_proposed)
