"""The coordinator writes what a year has changed in a theme."""

from django.db import transaction
from django.utils import timezone

from conventions.models import Theme
from ctg_portal.rules import Refusal, Refused, enforce
from evaluation.models import Narrative
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
    narrative = Narrative.objects.filter(theme=theme, year=year).first()
    if narrative and narrative.text == text:
        return narrative
    if (narrative.revision if narrative else 0) != seen:
        raise Refused(REWRITTEN)
    narrative = narrative or Narrative(theme=theme, year=year, revision=0)
    narrative.text = text
    narrative.revision += 1
    narrative.updated_at = timezone.now()
    narrative.updated_by_name = str(by or "")
    narrative.save()
    return narrative
