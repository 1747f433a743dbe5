"""What a year, or the term, has changed is written, in a theme and in the whole; given to somebody
to write. Without a ``year`` it is of the term."""

import datetime

from django.utils import timezone

from accounts.models import User
from agreements.commitments import canonical
from conventions.models import Convention, Theme
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.revisions import Rewritten, check_revision
from ctg_portal.rules import Refusal, Refused, enforce
from evaluation.final.criteria import criterion_of, scale_of
from evaluation.images.usage import hold_shown
from evaluation.models import CriterionText, Narrative, OwnDraft, Part, Writer, YearText
from evaluation.publication.events import follow_text, hold
from evaluation.writing.models import Written
from evaluation.writing.notices import ThemeGiven
from evaluation.writing.rights import may_give, may_write_narrative, may_write_theme
from notifications.news import notify

REWRITTEN = Rewritten(
    "Ce texte a été modifié entre-temps : lisez les deux, puis enregistrez celui que vous gardez."
)
ALREADY_GIVEN = Refusal("Ce texte est déjà confié à cette personne.")
NO_CRITERION = Refusal("Ce critère n’est pas de ceux de la convention.")
NO_STEP = Refusal("Cette appréciation n’est pas sur l’échelle de la convention.")
PAST = Refusal("Ce jour est passé : choisissez-en un à venir, ou n’en indiquez pas.")


@event(Subject.EVALUATION)
def write_narrative(
    theme: Theme, year: int | None, text: str, *, revision: int, by: User, forgets: bool = True
) -> Narrative:
    """Write the text of a theme for a year; an empty one is as good as none.

    ``revision``: that of the text that the writer had before her, 0 when there was none. Raises
    Refused when ``by`` may not, with Rewritten when another text was written meanwhile; the same
    again changes nothing. What she had not saved is forgotten with it, unless ``forgets`` says that
    she has not seen it.
    """
    enforce(may_write_theme(by, theme, year))
    convention = theme.axis.convention
    hold(convention)
    # The theme is locked, since the first text of a year is no row yet.
    Theme.objects.select_for_update(of=("self",), no_key=True).get(pk=theme.pk)
    kept = Narrative.objects.of_theme(theme, year).first()
    kept = kept or Narrative(theme=theme, year=year)
    written = _write(kept, text, revision, convention, by)
    if forgets:
        discard_draft(convention=convention, year=year, theme=theme, by=by)
    Writer.objects.of_theme(theme, year).filter(user=by).update(written_at=timezone.now())
    return written


@event(Subject.EVALUATION)
def write_year_text(
    convention: Convention, year: int | None, part: Part, text: str, *, revision: int, by: User,
    forgets: bool = True,
) -> YearText:  # fmt: skip
    """Write a part of an evaluation that is about the whole; as ``write_narrative``."""
    enforce(may_write_narrative(by, convention))
    hold(convention)
    told = {"convention": convention, "year": year, "part": part}
    kept = YearText.objects.filter(**told).first()
    written = _write(kept or YearText(**told), text, revision, convention, by)
    if forgets:
        discard_draft(**told, by=by)
    return written


def _write(kept: Written, text: str, revision: int, convention: Convention, by: User):
    text = canonical.plain(text)
    if canonical.plain(kept.text) == text:
        return kept
    hold_shown(convention, text)
    kept.text = text
    _save(kept, revision, by)
    follow_text(convention, kept.year, by=by)
    return kept


@event(Subject.EVALUATION)
def write_criterion(
    convention: Convention, code: str, text: str, mark: str, *, revision: int, by: User,
    forgets: bool = True,
) -> CriterionText:  # fmt: skip
    """Write what the term comes to by a criterion, and mark it; as ``write_narrative``. An empty
    ``mark`` takes one away."""
    enforce(may_write_narrative(by, convention))
    if criterion_of(convention, code) is None:
        raise Refused(NO_CRITERION)
    hold(convention)
    kept = CriterionText.objects.of(convention).of_criterion(code).first()
    kept = kept or CriterionText(convention=convention, criterion=code)
    text = canonical.plain(text)
    if mark and mark not in [*scale_of(convention), kept.mark]:
        raise Refused(NO_STEP)
    if (canonical.plain(kept.text), kept.mark) != (text, mark):
        hold_shown(convention, text)
        kept.text, kept.mark = text, mark
        _save(kept, revision, by)
        follow_text(convention, None, by=by)
    if forgets:
        discard_draft(convention=convention, year=None, criterion=code, by=by)
    return kept


def _save(kept: Written, revision: int, by: User | None) -> None:
    check_revision(kept, revision, REWRITTEN)
    kept.updated_at = timezone.now()
    kept.updated_by_name = str(by or "")
    kept.save()


# What is not saved yet ---------------------------------------------------------------------------


@event()
def keep_draft(
    text: str,
    *,
    revision: int,
    by: User,
    convention: Convention,
    year: int | None,
    theme=None,
    part: str = "",
    criterion: str = "",
    page: str = "",
) -> OwnDraft | None:
    """Keep what somebody is writing on a ``page``, for her alone. What is no other than the text as
    it stands is no draft: None."""
    if theme is not None:
        enforce(may_write_theme(by, theme, year))
        kept = Narrative.objects.of_theme(theme, year).first()
    else:
        enforce(may_write_narrative(by, convention))
        texts = CriterionText.objects.of(convention).of_criterion(criterion)
        if part:
            texts = YearText.objects.of(convention).of_year(year).of_part(part)
        kept = texts.first()
    about = {"convention": convention, "year": year, "theme": theme, "part": part,
             "criterion": criterion}  # fmt: skip
    if canonical.plain(text) == canonical.plain(kept.text if kept else ""):
        discard_draft(**about, by=by)
        return None
    hold_shown(convention, text)
    told = {"text": text, "revision": revision, "saved_at": timezone.now(), "page": page}
    return OwnDraft.objects.update_or_create(user=by, **about, defaults=told)[0]


def discard_draft(*, by: User, **about) -> None:
    """Forget one's own draft of a text; there may be none. ``about``: as ``keep_draft``."""
    OwnDraft.objects.of_text(**about).by(by).delete()


# Given to somebody -------------------------------------------------------------------------------


@event(Subject.EVALUATION)
def give_theme(
    theme: Theme, year: int | None, person: User, *, until: datetime.date | None = None, by: User
) -> Writer:
    """Give the text of a theme to somebody to write, who is told."""
    enforce(may_give(by, theme, person))
    today = timezone.localdate()
    if until is not None and until < today:
        raise Refused(PAST)
    Theme.objects.select_for_update(of=("self",), no_key=True).get(pk=theme.pk)
    given = Writer.objects.of_theme(theme, year).filter(user=person, taken_back_at__isnull=True)
    if given.standing(today).exists():
        raise Refused(ALREADY_GIVEN)
    # Of one whose last day is over the row says so; it makes place for the new one.
    for over in given:
        _take_back(over)
    writer = Writer.objects.create(theme=theme, year=year, user=person, until=until)
    notify(ThemeGiven(writer))
    return writer


@event(Subject.EVALUATION)
def take_back(writer: Writer, *, by: User) -> Writer:
    """Take a theme back; what was written stays. The same again changes nothing."""
    writer = Writer.objects.select_for_update(of=("self",)).get(pk=writer.pk)
    enforce(may_give(by, writer.theme))
    if writer.taken_back_at is None:
        _take_back(writer)
    return writer


def _take_back(writer: Writer) -> None:
    writer.taken_back_at = timezone.now()
    writer.save()
