"""Submit an evaluation, validate its analyses, ask the parties, publish its document."""

import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from agreements.answers.lights import required_of
from agreements.commitments.commitment import commitments
from agreements.models import State, Version
from agreements.seats.voices import Voice, bench_of, capacity_of
from agreements.versions.events import latest_live_version, save_draft
from agreements.versions.events import propose as propose_version
from agreements.versions.rows import lock_row, lock_versions, withdraw
from conventions.access.rights import coordinating
from conventions.models import Organisation
from ctg_portal.marks.events import changed, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.templatetags.french import long_date
from ctg_portal.transitions import move
from documents.drawing.models import CompositionVerb
from evaluation.editions.following import lock_evaluation
from evaluation.editions.frozen import plain_of
from evaluation.editions.models import (
    Edition,
    EditionVerb,
    Printing,
    Rendition,
    Validation,
    ValidationWord,
)
from evaluation.editions.standing import known_to, standing_of
from evaluation.period import Period
from evaluation.publication import rights
from evaluation.publication.commitments import EvaluationCommitment
from evaluation.publication.current import changed_since
from evaluation.publication.differences import changes_between, describe_changes, describe_first
from evaluation.publication.notices import (
    AdviceAwaited,
    AnalysesAnswered,
    AnalysesAwaited,
    EvaluationPublished,
    EvaluationReturned,
)
from evaluation.publication.snapshots import content_of, freeze
from evaluation.report.document import draw_sections, refuse_failed_sections
from evaluation.report.reading import read_report
from evaluation.report.renditions import refuse_failed_files
from indicators.models import Campaign, CampaignIndicator
from notifications.news import notify

# The files beside a published document, and the delay after which a failed one is drawn again.
BESIDE = (Rendition.ESSENTIAL, Rendition.ANNEX, Rendition.WORKBOOK, Rendition.WORD)
RETRIED = datetime.timedelta(days=1)
REASON_MISSING = Refusal("Dites pourquoi : c’est ce que les parties et les lecteurs liront.")
SAME = Refusal("Ce contenu est déjà celui qui est soumis : rien n’a changé depuis.")
PUBLISHED_ALREADY = Refusal("Ce contenu est déjà publié : rien n’a changé depuis.")
FIGURE_CHANGED = "Un chiffre de l’année a été modifié."
FIGURES_CHANGED = "Les chiffres de {} ont changé."
CLOSED_AGAIN = "Le recueil de l’année a été rouvert, puis clos."
CLOSED = "Le recueil {} est clos : ses chiffres comptent dès maintenant."
REPLACED = "Une version corrigée est soumise à sa place."


@event(Subject.EVALUATION)
def submit(
    campaign: Campaign, *, period: Period | None = None, reason: str = "", by: User | None
) -> Edition:
    """Freeze what the evaluation of a year says now, or that of another ``period`` with the same
    figures, to be validated and agreed; request its project document and notify who validates.

    An edition in hand is returned. ``reason``: why a published evaluation is corrected; a first one
    needs none. Raises Refused when ``by`` may not, the secrecy of a figure is not decided yet, a
    section of the document or a file beside it cannot be laid out, or nothing has changed.
    """
    convention, period = campaign.convention, period or Period(campaign.year)
    enforce(rights.may_submit(by, convention, campaign, period))
    evaluation = lock_evaluation(convention, period.year)
    content = read_report(convention, campaign, period)
    enforce(rights.refuse_pending(content))
    enforce(refuse_failed_sections(draw_sections(content)) or refuse_failed_files(content))
    former = evaluation.editions.in_hand().with_all().first()
    published = evaluation.editions.with_all().last_published()
    for earlier, refusal in ((former, SAME), (published, PUBLISHED_ALREADY)):
        if earlier and earlier.snapshot.digest == content.digest:
            raise Refused(refusal)
    if published and not reason.strip():
        raise Refused(REASON_MISSING)
    if former:
        _return_edition(former, REPLACED, by=by)
    edition = Edition(
        evaluation=evaluation,
        snapshot=freeze(convention, content),
        number=published.number + 1 if published else 1,
        reason=reason.strip() if published else "",
        submitted_by_name=str(by or ""),
    )
    move(edition, EditionVerb.SUBMITTED, **coordinating(by))
    _request_printing(edition, is_final=False, by=by)
    standing = standing_of(edition)
    notify(*(AnalysesAwaited(edition, organisation) for organisation in standing.awaited))
    if standing.asked:
        notify(AdviceAwaited(edition))
    return edition


@event(Subject.EVALUATION)
def validate(edition: Edition, organisation: Organisation, *, by: User) -> Validation:
    """Record, in the name of a party, that the analyses of its data are right; return its word and
    notify the coordinators. Raises Refused."""
    return _record_word(edition, organisation, ValidationWord.VALIDATED, "", by=by)


@event(Subject.EVALUATION)
def ask_for_change(
    edition: Edition, organisation: Organisation, text: str, *, by: User
) -> Validation:
    """Record, in the name of a party, what is not right in the analyses of its data; return its
    word and notify the coordinators. Raises Refused, also without ``text``."""
    return _record_word(edition, organisation, ValidationWord.CHANGE, text, by=by)


@event(Subject.EVALUATION)
def take_back(edition: Edition, organisation: Organisation, *, by: User) -> Validation:
    """Retract the validation of a party, return that word and notify the coordinators. Raises
    Refused once the parties are asked for their agreement, and where its last word is no
    validation."""
    return _record_word(edition, organisation, ValidationWord.RETRACTED, "", by=by)


@event(Subject.EVALUATION)
def advise(edition: Edition, text: str, *, by: User, organisation: int | None = None) -> Validation:
    """Record an avis on the analyses, from an adviser's or an advisory seat; with the key of an
    ``organisation``, in no other's name. The same text sent again is recorded once. Raises Refused.
    """
    edition = _lock_edition(edition)
    bench = bench_of(edition.evaluation.convention, timezone.localdate())
    voice = bench.advice(by)
    enforce(rights.may_advise(voice, edition, organisation))
    if not text.strip():
        raise Refused(REASON_MISSING)
    given = edition.validations.filter(word=ValidationWord.OPINION, user=by).last()
    if given and (given.organisation_id, given.text) == (voice.organisation.pk, text.strip()):
        return given  # the same form, sent twice
    return _store_word(edition, voice, ValidationWord.OPINION, text, by=by)


def _record_word(
    edition: Edition, organisation: Organisation, word: ValidationWord, text: str, *, by: User
) -> Validation:
    """Record the word of a party by who speaks for it, and notify the coordinators; the same word
    of the same person sent again is recorded once. Raises Refused when ``by`` may not, and for a
    change asked without ``text``."""
    edition = _lock_edition(edition)
    bench = bench_of(edition.evaluation.convention, timezone.localdate())
    voice = bench.voice(by, organisation, EvaluationCommitment.kind)
    standing = standing_of(edition)
    last = standing.last.get(organisation.pk)
    if last and (last.word, last.text, last.user_id) == (word, text.strip(), by.pk):
        return last  # the same form, sent twice
    may = rights.may_take_back if word == ValidationWord.RETRACTED else rights.may_validate
    enforce(may(voice, standing))
    if word == ValidationWord.CHANGE and not text.strip():
        raise Refused(REASON_MISSING)
    validation = _store_word(edition, voice, word, text, by=by)
    notify(AnalysesAnswered(validation))
    return validation


def _store_word(
    edition: Edition, voice: Voice, word: ValidationWord, text: str, *, by: User
) -> Validation:
    """Store a word or an avis with the voice's name and capacity; return it."""
    validation = Validation(
        edition=edition,
        organisation=voice.organisation,
        word=word,
        text=text.strip(),
        user=by,
        person_name=voice.person_name,
        capacity=voice.capacity,
    )
    validation.save()
    return validation


@event(Subject.EVALUATION)
def propose(edition: Edition, *, by: User) -> Version:
    """Ask the parties whose agreement is required to agree to this very content (art. 7); return
    the version. Those that were asked for the same content, for the same reason, are not asked
    again. Raises Refused where the portal says something else now."""
    edition = _lock_edition(edition)
    enforce(rights.may_propose(by, standing_of(edition)))
    enforce(changed_since(edition))
    version = latest_live_version(edition.evaluation)
    same = edition.snapshot.digest, edition.reason
    if version is None or (version.content["digest"], version.note) != same:
        content = {"digest": edition.snapshot.digest, "changes": _describe_changes(edition)}
        draft = save_draft(edition.evaluation, content, note=edition.reason, by=by)
        version = propose_version(draft, by=by)
    move(edition, EditionVerb.PROPOSED, **coordinating(by), version=version)
    return version


def _describe_changes(edition: Edition) -> str:
    """Return in words what the parties are asked to agree to: why something published is corrected;
    what changed since what all of them know, or all of it where they know nothing; what changed
    since they were last asked."""
    others = edition.evaluation.editions.exclude(pk=edition.pk).select_related("snapshot")
    others = list(others.order_by("-submitted_at", "-pk"))
    known = known_to(others, required_of(edition.evaluation.convention))
    asked = next((edition for edition in others if edition.version_id), None)
    paragraphs = [f"Motif de la correction : « {edition.reason} »"] if edition.reason else []
    if known is None:
        paragraphs.append(describe_first(content_of(edition.snapshot)))
        if asked:
            day = long_date(timezone.localdate(asked.submitted_at))
            paragraphs.append(f"Depuis ce qui était soumis le {day} :")
    if since := known or asked:
        paragraphs.append(
            describe_changes(changes_between(plain_of(since.snapshot), plain_of(edition.snapshot)))
        )
    return "\n\n".join(filter(None, paragraphs))


@event(Subject.EVALUATION)
def give_back(edition: Edition, reason: str, *, by: User) -> None:
    """Return an edition in hand to its writers, and withdraw what was asked of the parties; the
    coordinators are notified. Raises Refused without ``reason``."""
    edition = _lock_edition(edition)
    enforce(rights.may_return(by, edition))
    if not reason.strip():
        raise Refused(REASON_MISSING)
    _return_edition(edition, reason, by=by)


@event(Subject.EVALUATION)
def request_publication(edition: Edition, *, by: User) -> Printing:
    """Request the final document of what all parties agreed to; as soon as it is stored, it is
    published (``publish_printed``). Raises Refused where the portal says something else now."""
    edition = _lock_edition(edition)
    enforce(rights.may_publish(by, edition))
    enforce(changed_since(edition))
    return _request_printing(edition, is_final=True, by=by)


@event(Subject.EVALUATION, Subject.COMMITTEE)
def publish_printed(printing: Printing) -> None:
    """Publish an edition whose document is being stored, in the caller's transaction.

    It is dated on the day on which the document was requested. The versions that it shows are
    published with it, but those under discussion, and its other files are requested. Raises Refused
    when an agreement was taken back, or the content changed, since it was requested.
    """
    fixed_versions = _lock_shown_versions(printing.edition)
    edition = _lock_edition(printing.edition)
    by = printing.requested_by
    enforce(rights.may_publish(by, edition))
    enforce(changed_since(edition))
    # The document says the day on which it was asked for, however late it is drawn.
    day = printing.requested_at
    move(edition, EditionVerb.PUBLISHED, **coordinating(by), published_at=day)
    # What is discussed again waits for its parties' answers as ever.
    unpublished = fixed_versions.filter(published_at=None).exclude(state=State.PROPOSED)
    unpublished.update(published_at=day)
    for rendition in BESIDE:
        _request_printing(edition, is_final=True, rendition=rendition, requested_at=day, by=by)
    notify(EvaluationPublished(edition))


def request_missing_renditions() -> None:
    """Request the files beside published documents that are missing: of editions published before
    there was such a file, and of what failed, once a day."""
    since = timezone.now() - RETRIED
    for rendition in BESIDE:
        for edition in Edition.objects.without_rendition(rendition, since).with_all():
            _request_printing(edition, is_final=True, rendition=rendition, by=None)


def follow_versions(versions: list[Version], *, by: User | None, capacity: str = "") -> None:
    """Return to their writers the editions in hand whose version was withdrawn or replaced; other
    kinds of version change nothing."""
    keys = [version.pk for version in versions if version.kind == EvaluationCommitment.kind]
    for edition in Edition.objects.in_hand().filter(version__in=keys).with_all():
        if not edition.version.is_live:
            changed(edition, Subject.EVALUATION)
            reason = edition.version.transitions.last().reason or REPLACED
            move(edition, EditionVerb.RETURNED, by=by, capacity=capacity, reason=reason)
            notify(EvaluationReturned(edition))


def follow_figure(campaign: Campaign, *, by: User | None) -> None:
    """Return to their writers the editions in hand that a changed figure of a closed year has made
    out of date: of that year, of later ones, of the term."""
    _follow_figures(campaign, FIGURE_CHANGED, FIGURES_CHANGED, by=by)


def follow_closing(campaign: Campaign, *, by: User) -> None:
    """Return to their writers the editions in hand that the closing of a year's collection has made
    out of date: of that year, of later ones, of the term."""
    _follow_figures(campaign, CLOSED_AGAIN, CLOSED, by=by)


def _follow_figures(campaign: Campaign, own: str, others: str, *, by: User | None) -> None:
    """Return the editions that are out of date; ``own`` is the reason for that of the year itself,
    ``others`` for those that show its figures too."""
    editions = Edition.objects.of(campaign.convention).including_year(campaign.year)
    own_year = Q(evaluation__year=campaign.year)
    give_back_outdated(editions.exclude(own_year), others.format(campaign.year), by=by)
    give_back_outdated(editions.filter(own_year), own, by=by)


def give_back_outdated(editions: QuerySet[Edition], reason: str, *, by: User | None) -> None:
    """Return to their writers those of ``editions`` that are in hand and no longer say what the
    portal says; ``reason`` is logged and sent."""
    for edition in editions.in_hand().with_all().latest_first():
        current = _lock_edition(edition)
        if current.is_in_hand and changed_since(current):
            _return_edition(current, reason, by=by)


def _lock_edition(edition: Edition) -> Edition:
    """Return the edition as stored now, locked; versions are locked first, as by whoever answers
    one."""
    lock_row(edition.evaluation)
    rows = Edition.objects.with_all().select_for_update(of=("self",), no_key=True)
    return rows.get(pk=edition.pk)


def _request_printing(
    edition: Edition,
    *,
    is_final: bool,
    by: User | None,
    rendition: Rendition = Rendition.WHOLE,
    requested_at: datetime.datetime | None = None,
) -> Printing:
    """Request a file of an edition; return the one that is ready or on its way, if there is one.
    ``requested_at``: for a file beside a document, the moment of that document; now otherwise."""
    there = edition.printings.filter(is_final=is_final, rendition=rendition)
    if existing := there.unfinished().first() or there.ready().first():
        return existing
    printing = Printing(
        edition=edition,
        is_final=is_final,
        rendition=rendition,
        digest=edition.snapshot.digest,
        requested_at=requested_at or timezone.now(),
        requested_by=by,
        requested_by_name=str(by or ""),
    )
    move(printing, CompositionVerb.REQUESTED, **coordinating(by))
    return printing


def _lock_shown_versions(edition: Edition) -> QuerySet[Version]:
    """Return, locked, the versions that a published evaluation shows as agreed, which are never
    taken back (art. 7), with its own.

    They are locked before the content is compared, in the order of whoever answers several.
    """
    convention, period = edition.evaluation.convention, edition.period
    binding = [commitment.kind for commitment in commitments() if commitment.binds]
    in_force = Version.objects.of(convention).from_committee().filter(kind__in=binding)
    in_force = in_force.in_force_on(period.last_day(convention))
    asked = CampaignIndicator.objects.of(convention)
    asked = asked.filter(campaign__year__in=period.years(convention))
    measured = asked.values_list("version", flat=True)
    keys = [edition.version_id, *in_force.values_list("pk", flat=True), *measured]
    versions = Version.objects.filter(pk__in=keys)
    lock_versions(list(versions))
    return versions


@event(Subject.EVALUATION)
def _return_edition(edition: Edition, reason: str, *, by: User | None) -> None:
    """Return an edition without asking a right: withdraw its proposed version, notify the
    coordinators unless another edition replaces it."""
    convention = edition.evaluation.convention
    capacity = capacity_of(by, bench_of(convention, timezone.localdate()))
    move(edition, EditionVerb.RETURNED, by=by, capacity=capacity, reason=reason)
    if reason != REPLACED:
        notify(EvaluationReturned(edition))
    if edition.version and edition.version.is_proposed:
        withdraw(edition.version, by=by, capacity=capacity, reason=reason)
