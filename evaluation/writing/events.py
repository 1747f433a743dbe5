"""The coordinator writes what a year has changed, in a theme and in the whole."""

from django.db import transaction
from django.utils import timezone

from conventions.models import Convention, Theme
from ctg_portal.rules import Refusal, Refused, enforce
from evaluation.models import Narrative, Part, YearText
from evaluation.publication.events import follow_text
from evaluation.writing.models import Written
from evaluation.writing.rights import may_write_narrative

REWRITTEN = Refusal(
    "Ce texte a été modifié entre-temps : lisez les deux, puis enregistrez celui que vous gardez."
)


@transaction.atomic
def write_narrative(theme: Theme, year: int, text: str, *, seen: int, by) -> Narrative:
    """Write the text of a theme for a year; an empty one is as good as none.

    ``seen``: the revision that the writer had before her, 0 when there was no text. Raises Refused
    when ``by`` may not, or when another text was written meanwhile; the same again changes nothing.
    """
    enforce(may_write_narrative(by, theme.axis.convention))
    # The theme is locked, since the first text of a year is no row yet.
    Theme.objects.select_for_update(of=("self",), no_key=True).get(pk=theme.pk)
    kept = Narrative.objects.of_theme(theme, year).first()
    kept = kept or Narrative(theme=theme, year=year, revision=0)
    return _write(kept, text, seen, theme.axis.convention, by)


@transaction.atomic
def write_year_text(
    convention: Convention, year: int, part: Part, text: str, *, seen: int, by
) -> YearText:
    """Write a part of a year's evaluation that is about the whole; as ``write_narrative``."""
    enforce(may_write_narrative(by, convention))
    Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=convention.pk)
    told = {"convention": convention, "year": year, "part": part}
    kept = YearText.objects.filter(**told).first()
    return _write(kept or YearText(**told, revision=0), text, seen, convention, by)


def _write(kept: Written, text: str, seen: int, convention: Convention, by):
    if kept.text == text:
        return kept
    if kept.revision != seen:
        raise Refused(REWRITTEN)
    kept.text = text
    kept.revision += 1
    kept.updated_at = timezone.now()
    kept.updated_by_name = str(by or "")
    kept.save()
    follow_text(convention, kept.year, by=by)
    return kept
