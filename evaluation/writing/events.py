"""Write the texts of an evaluation, keep drafts of them, and give a theme to somebody to write. A
``year`` of None is the whole term."""

import datetime
from typing import Any

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
from evaluation.texts.models import CriterionText, Narrative, OwnDraft, Part, Writer, YearText
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
    theme: Theme, year: int | None, text: str, *, revision: int, by: User,
    deletes_draft: bool = True,
) -> Narrative:  # fmt: skip
    """Save the text of a theme for a year and return its row; an empty text empties it. Marks the
    task of ``by`` to write it as done, and returns submitted evaluations that are out of date now.

    ``revision`` is that of the text that the writer saw, 0 when there was none. ``deletes_draft``:
    whether the writer's own draft is deleted; False where they have not seen it. Raises Refused
    when ``by`` may not, with Rewritten when another text was written meanwhile. The same text again
    is not saved, but deletes the draft and ends the task too.
    """
    enforce(may_write_theme(by, theme, year))
    convention = theme.axis.convention
    hold(convention)
    # The theme is locked, since the first text of a year is no row yet.
    Theme.objects.select_for_update(of=("self",), no_key=True).get(pk=theme.pk)
    narrative = Narrative.objects.for_theme(theme, year).first()
    narrative = narrative or Narrative(theme=theme, year=year)
    _write(narrative, text, revision, convention, by)
    if deletes_draft:
        discard_draft(convention=convention, year=year, theme=theme, by=by)
    Writer.objects.for_theme(theme, year).filter(user=by).update(written_at=timezone.now())
    return narrative


@event(Subject.EVALUATION)
def write_year_text(
    convention: Convention, year: int | None, part: Part, text: str, *, revision: int, by: User,
    deletes_draft: bool = True,
) -> YearText:  # fmt: skip
    """Save a part about the whole and return its row, as ``write_narrative`` does with a theme."""
    enforce(may_write_narrative(by, convention))
    hold(convention)
    about = {"convention": convention, "year": year, "part": part}
    year_text = YearText.objects.filter(**about).first() or YearText(**about)
    _write(year_text, text, revision, convention, by)
    if deletes_draft:
        discard_draft(**about, by=by)
    return year_text


@event(Subject.EVALUATION)
def write_criterion(
    convention: Convention, code: str, text: str, mark: str, *, revision: int, by: User,
    deletes_draft: bool = True,
) -> CriterionText:  # fmt: skip
    """Save the text and mark of a criterion of the final evaluation and return its row, as
    ``write_narrative`` does with a theme. An empty ``mark`` removes the mark. Raises Refused for an
    unknown criterion, or a mark that is neither on the scale nor the one stored."""
    enforce(may_write_narrative(by, convention))
    if criterion_of(convention, code) is None:
        raise Refused(NO_CRITERION)
    hold(convention)
    row = CriterionText.objects.of(convention).for_criterion(code).first()
    row = row or CriterionText(convention=convention, criterion=code)
    if mark and mark not in [*scale_of(convention), row.mark]:
        raise Refused(NO_STEP)
    is_mark_new, row.mark = row.mark != mark, mark
    _write(row, text, revision, convention, by, is_changed=is_mark_new)
    if deletes_draft:
        discard_draft(convention=convention, year=None, criterion=code, by=by)
    return row


def _write(
    row: Narrative | YearText | CriterionText, text: str, revision: int, convention: Convention,
    by: User | None, *, is_changed: bool = False,
) -> None:  # fmt: skip
    """Save a row with its new text, lock the images that it shows, and return submitted evaluations
    that it makes out of date. Does nothing where the text is the same, unless something else of the
    row ``is_changed``. Raises Refused with Rewritten."""
    text = canonical.plain(text)
    if canonical.plain(row.text) == text and not is_changed:
        return
    hold_shown(convention, text)
    check_revision(row, revision, REWRITTEN)
    row.text = text
    row.updated_at = timezone.now()
    row.updated_by_name = str(by or "")
    row.save()
    follow_text(convention, row.year, by=by)


@event()
def keep_draft(
    text: str,
    *,
    revision: int,
    by: User,
    convention: Convention,
    year: int | None,
    theme: Theme | None = None,
    part: str = "",
    criterion: str = "",
    page: str = "",
) -> OwnDraft | None:
    """Store an unsaved text of ``by`` over their former draft of it, and return the draft;
    ``page``: the one on which it is typed. Deletes the draft and returns None where the text is the
    same as the saved one. Raises Refused when ``by`` may not write that text."""
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


def discard_draft(*, by: User, **about: Any) -> None:
    """Delete one's own draft of a text, if there is one. ``about``: as in ``keep_draft``."""
    OwnDraft.objects.for_text(**about).by(by).delete()


@event(Subject.EVALUATION)
def give_theme(
    theme: Theme, year: int | None, person: User, *, until: datetime.date | None = None, by: User
) -> Writer:
    """Give the text of a theme to a person, perhaps ``until`` a day, and notify them. Raises
    Refused: may not, has it already, or the day is past."""
    enforce(may_give(by, theme, person))
    today = timezone.localdate()
    if until is not None and until < today:
        raise Refused(PAST)
    Theme.objects.select_for_update(of=("self",), no_key=True).get(pk=theme.pk)
    given = Writer.objects.for_theme(theme, year).filter(user=person, taken_back_at__isnull=True)
    if given.standing(today).exists():
        raise Refused(ALREADY_GIVEN)
    # A row whose last day is over makes place for the new one.
    for expired in given:
        _take_back(expired)
    writer = Writer.objects.create(theme=theme, year=year, user=person, until=until)
    notify(ThemeGiven(writer))
    return writer


@event(Subject.EVALUATION)
def take_back(writer: Writer, *, by: User) -> Writer:
    """Take a theme back from a writer; what was written stays. Doing it again changes nothing.
    Raises Refused for who may not give the theme."""
    writer = Writer.objects.select_for_update(of=("self",)).get(pk=writer.pk)
    enforce(may_give(by, writer.theme))
    if writer.taken_back_at is None:
        _take_back(writer)
    return writer


def _take_back(writer: Writer) -> None:
    """Mark a writer as taken back now."""
    writer.taken_back_at = timezone.now()
    writer.save()
