"""Write the drafts of indicators, as versions that the parties agree to."""

from django.db.models import Max

from accounts.models import User
from agreements.commitments.commitment import commitment_of
from agreements.models import Version
from agreements.versions.events import find_identical_version, save_draft
from conventions.models import Convention, Organisation, Standing, Theme
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from indicators.definitions.faults import incoherent
from indicators.definitions.models import Indicator


def canonical_content(values: dict) -> dict:
    """Return the canonical content of an indicator for values by field name.

    Links are rows, targets are lists of ``{"year", "value"}``; a field that is not among them has
    the value of a new indicator.
    """
    return commitment_of(Indicator()).plain(values)


@event(Subject.FIGURES)
def add_indicator(convention: Convention, content: dict, *, by: User, note: str = "",
                  once: bool = False, library_code: str = "") -> Version:  # fmt: skip
    """Write a new indicator as a draft, last of its theme, and return its version; only drafters
    see it until it is proposed. Raise Refused if ``by`` may not write it, or if the canonical
    ``content`` contradicts itself or lacks a theme or provider of the convention.

    ``once``: if the same person wrote the same content before, that version is returned and nothing
    written. ``library_code``: the entry of the library that it is taken from.
    """
    commitment = commitment_of(Indicator())
    enforce(commitment.may_draft(by, convention))
    for _, reason in incoherent(content):
        raise Refused(Refusal(reason))
    commitment.lock_compared_rows(convention)
    twin = find_identical_version(Indicator.objects.of(convention), content, by) if once else None
    if twin:
        return twin
    theme, provider = _within(convention, content)
    same_theme = Indicator.objects.of(convention).filter(theme=theme)
    row = Indicator.objects.create(
        convention=convention,
        theme=theme,
        provider=provider,
        rank=(same_theme.aggregate(highest=Max("rank"))["highest"] or 0) + 1,
        standing=Standing.DRAFT,
        title=content["title"],
        unit=content["unit"],
        library_code=library_code,
    )
    return save_draft(row, content, by=by, note=note)


def _within(convention: Convention, content: dict) -> tuple[Theme, Organisation]:
    """Return the theme and the provider that a content names. Raise Refused unless both belong to
    the convention."""
    themes = Theme.objects.filter(axis__convention=convention)
    theme = content["theme"] and themes.filter(pk=content["theme"]["id"]).first()
    if not theme:
        raise Refused(Refusal("Choisissez de quoi relève cet indicateur."))
    organisations = Organisation.objects.filter(convention=convention)
    provider = content["provider"] and organisations.filter(pk=content["provider"]["id"]).first()
    if not provider:
        raise Refused(Refusal("Choisissez l’organisme qui fournit le chiffre."))
    return theme, provider
