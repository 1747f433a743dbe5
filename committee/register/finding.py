"""What the search finds of the committee's work: the register, dossiers, comments, who sits, what
is kept for an amendment, the shared stakes. All of it is read by whoever reads the convention;
drafts are not."""

from django.urls import reverse
from django.utils import timezone

from agreements.models import Agreement, Seat, VersionTransition
from committee.composition.reading import why_not
from committee.models import AmendmentProposal, Comment, Dossier, Stake
from committee.register.reading import ACTS, done
from conventions.search.hits import MOST, Asked, Hit, ranked, shortened
from ctg_portal.sought import holding
from ctg_portal.templatetags.french import enumerate_words, long_date


def committee_hits(asked: Asked):
    convention = asked.convention
    comments = Comment.objects.of(convention).filter(version__number__isnull=False)
    seats, dossiers, comments, proposals, stakes = holding(
        asked.sought,
        (Seat.objects.of(convention).with_organisation(), ("name", "capacity")),
        (Dossier.objects.of(convention), ("title", "message")),
        (comments, ("text", "person_name")),
        (AmendmentProposal.objects.of(convention).kept(), ("title", "wording", "reason")),
        (Stake.objects.of(convention).readable(), ("title", "text")),
    )
    yield ranked(asked, "Personnes", _seats(asked, seats))
    yield ranked(asked, "Dossiers", _dossiers(asked, dossiers))
    yield ranked(asked, "Registre du comité", _register(asked))
    yield ranked(asked, "Commentaires", _comments(asked, comments))
    yield ranked(asked, "Propositions d’avenant", _proposals(asked, proposals))
    yield ranked(asked, "Enjeux partagés", _stakes(stakes))


def _at(asked: Asked, name: str, *args) -> str:
    return reverse(f"committee:{name}", args=[asked.convention.slug, *args])


def _seats(asked: Asked, seats):
    page, history = _at(asked, "composition"), _at(asked, "composition_history")
    today = timezone.localdate()
    for seat in seats:
        told = f"Comité : {seat.get_kind_display()}, {seat.organisation.acronym}"
        if reason := why_not(seat):
            told = f"{told}, {reason}"
        if seat.ends_on:
            told = f"{told}, jusqu’au {long_date(seat.ends_on)}"
        sits = f"{page}#organisme-{seat.organisation_id}"
        yield Hit(seat.name, history if seat.is_over(today) else sits, within=told)


def _dossiers(asked: Asked, dossiers):
    for dossier in dossiers:
        within = f"{dossier.get_state_display().capitalize()}, envoyé le "
        within += long_date(dossier.sent_at)
        yield Hit(dossier.title, _at(asked, "dossier", dossier.pk), dossier.message, within)


def _register(asked: Asked):
    """What was said of versions, and who proposed or withdrew them."""
    said = Agreement.objects.filter(version__convention=asked.convention).sought(asked.sought)
    beside = ("version", "organisation", "contests", "confirmation", "undoing")
    said = said.select_related(*beside).order_by("-created_at", "-pk")
    said = said.prefetch_related("contestations")
    for entry in said.defer("version__text")[:MOST]:
        title = f"{entry.version.title} : {entry.organisation.acronym} {done(entry)}"
        within = f"{entry.person_name}, le {long_date(entry.created_at)}"
        yield Hit(title, _at(asked, "entry", entry.pk), entry.reason, within)
    acts = VersionTransition.objects.of(asked.convention).announced().sought(asked.sought)
    acts = acts.select_related("version").order_by("-created_at", "-pk").defer("version__text")
    for act in acts[:MOST]:
        title = f"{act.version.title} : {ACTS[act.verb].lower()}"
        within = f"{act.by_name}, le {long_date(act.created_at)}"
        yield Hit(title, _at(asked, "point", act.version_id), act.reason, within)


def _comments(asked: Asked, comments):
    for comment in comments.select_related("version").defer("version__text"):
        title = f"{comment.person_name}, le {long_date(comment.created_at)}"
        url = _at(asked, "point", comment.version_id)
        yield Hit(title, url, comment.text, shortened(comment.version.title))


def _proposals(asked: Asked, proposals):
    page = _at(asked, "amendments")
    for row in proposals:
        texts = (row.wording, row.reason)
        text = next((one for one in texts if asked.sought.is_in(one)), row.wording)
        within = f"Proposé par {row.person_name}, le {long_date(row.created_at)}"
        yield Hit(shortened(row.title), f"{page}#proposition-{row.pk}", text, within)


def _stakes(stakes):
    for one in stakes.with_relations():
        within = enumerate_words(str(theme) for theme in one.themes.all())
        title, url = shortened(one.title), one.get_absolute_url()
        yield Hit(title, url, one.text, within, one.is_proposed)
