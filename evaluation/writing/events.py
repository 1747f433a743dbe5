"""Write the texts of an evaluation, keep drafts of them, and give a theme to somebody to write. A
``year`` of None is the whole term."""

import datetime

from django.utils import timezone

from accounts.models import User
from agreements.commitments import canonical
from conventions.models import Convention, Theme
from ctg_portal.forms.revisions import Rewritten, check_revision
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from evaluation.editions.following import follow_text, hold
from evaluation.images.usage import hold_shown
from evaluation.texts.criteria import criterion_of, scale_of
from evaluation.texts.models import (
    CriterionText,
    Narrative,
    OwnDraft,
    Part,
    Writer,
    Written,
    YearText,
)
from evaluation.texts.rights import may_give, may_write_narrative, may_write_theme
from evaluation.writing.notices import ThemeGiven
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
    """Write the text of a theme for a year and return it; an empty text is as good as none.

    ``revision`` is that of the text that the writer saw, 0 when there was none. ``forgets``: the
    writer's draft is deleted; False where they have not seen it. Raises Refused when ``by`` may
    not, with Rewritten when another text was written meanwhile. The same text again changes
    nothing.
    """
    enforce(may_write_theme(by, theme, year))
    convention = theme.axis.convention
    hold(convention)
    # The theme is locked, since the first text of a year is no row yet.
    Theme.objects.select_for_update(of=("self",), no_key=True).get(pk=theme.pk)
    narrative = Narrative.objects.for_theme(theme, year).first()
    narrative = narrative or Narrative(theme=theme, year=year)
    written = _write(narrative, text, revision, convention, by)
    if forgets:
        discard_draft(convention=convention, year=year, theme=theme, by=by)
    Writer.objects.for_theme(theme, year).filter(user=by).update(written_at=timezone.now())
    return written


@event(Subject.EVALUATION)
def write_year_text(
    convention: Convention, year: int | None, part: Part, text: str, *, revision: int, by: User,
    forgets: bool = True,
) -> YearText:  # fmt: skip
    """Write a part of an evaluation about the whole and return it; as ``write_narrative``."""
    enforce(may_write_narrative(by, convention))
    hold(convention)
    about = {"convention": convention, "year": year, "part": part}
    saved = YearText.objects.filter(**about).first()
    written = _write(saved or YearText(**about), text, revision, convention, by)
    if forgets:
        discard_draft(**about, by=by)
    return written


def _write(row: Written, text: str, revision: int, convention: Convention, by: User):
    text = canonical.plain(text)
    if canonical.plain(row.text) == text:
        return row
    hold_shown(convention, text)
    row.text = text
    _save(row, revision, by)
    follow_text(convention, row.year, by=by)
    return row


@event(Subject.EVALUATION)
def write_criterion(
    convention: Convention, code: str, text: str, mark: str, *, revision: int, by: User,
    forgets: bool = True,
) -> CriterionText:  # fmt: skip
    """Write what the term comes to by a criterion, with its mark, and return it; as
    ``write_narrative``. An empty ``mark`` removes it."""
    enforce(may_write_narrative(by, convention))
    if criterion_of(convention, code) is None:
        raise Refused(NO_CRITERION)
    hold(convention)
    row = CriterionText.objects.of(convention).for_criterion(code).first()
    row = row or CriterionText(convention=convention, criterion=code)
    text = canonical.plain(text)
    if mark and mark not in [*scale_of(convention), row.mark]:
        raise Refused(NO_STEP)
    if (canonical.plain(row.text), row.mark) != (text, mark):
        hold_shown(convention, text)
        row.text, row.mark = text, mark
        _save(row, revision, by)
        follow_text(convention, None, by=by)
    if forgets:
        discard_draft(convention=convention, year=None, criterion=code, by=by)
    return row


def _save(row: Written, revision: int, by: User | None) -> None:
    check_revision(row, revision, REWRITTEN)
    row.updated_at = timezone.now()
    row.updated_by_name = str(by or "")
    row.save()


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
    """Store what somebody is writing on a ``page``, for them alone, and return the draft. Deletes
    the draft and returns None when the text is the same as the saved one."""
    if theme is not None:
        enforce(may_write_theme(by, theme, year))
        saved = Narrative.objects.for_theme(theme, year).first()
    else:
        enforce(may_write_narrative(by, convention))
        texts = CriterionText.objects.of(convention).for_criterion(criterion)
        if part:
            texts = YearText.objects.of(convention).for_year(year).for_part(part)
        saved = texts.first()
    about = {"convention": convention, "year": year, "theme": theme, "part": part,
             "criterion": criterion}  # fmt: skip
    if canonical.plain(text) == canonical.plain(saved.text if saved else ""):
        discard_draft(**about, by=by)
        return None
    hold_shown(convention, text)
    values = {"text": text, "revision": revision, "saved_at": timezone.now(), "page": page}
    return OwnDraft.objects.update_or_create(user=by, **about, defaults=values)[0]


def discard_draft(*, by: User, **about) -> None:
    """Delete one's own draft of a text, if there is one. ``about``: as in ``keep_draft``."""
    OwnDraft.objects.for_text(**about).by(by).delete()


# Given to somebody -------------------------------------------------------------------------------


@event(Subject.EVALUATION)
def give_theme(
    theme: Theme, year: int | None, person: User, *, until: datetime.date | None = None, by: User
) -> Writer:
    """Give the text of a theme to somebody to write and notify them. Raises Refused."""
    enforce(may_give(by, theme, person))
    today = timezone.localdate()
    if until is not None and until < today:
        raise Refused(PAST)
    Theme.objects.select_for_update(of=("self",), no_key=True).get(pk=theme.pk)
    given = Writer.objects.for_theme(theme, year).filter(user=person, taken_back_at__isnull=True)
    if given.standing(today).exists():
        raise Refused(ALREADY_GIVEN)
    # A row whose last day is over makes place for the new one.
    for over in given:
        _take_back(over)
    writer = Writer.objects.create(theme=theme, year=year, user=person, until=until)
    notify(ThemeGiven(writer))
    return writer


@event(Subject.EVALUATION)
def take_back(writer: Writer, *, by: User) -> Writer:
    """Take a theme back from a writer; what was written stays. Doing it again changes nothing."""
    writer = Writer.objects.select_for_update(of=("self",)).get(pk=writer.pk)
    enforce(may_give(by, writer.theme))
    if writer.taken_back_at is None:
        _take_back(writer)
    return writer


def _take_back(writer: Writer) -> None:
    writer.taken_back_at = timezone.now()
    writer.save()
