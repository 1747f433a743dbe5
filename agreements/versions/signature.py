"""What was signed is agreed: versions of origin *signature*, in force for all parties (art. 9)."""

import datetime

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from agreements.commitments.commitment import Commitment, commitments
from agreements.versions.models import Version, VersionVerb
from conventions.models import Convention, Origin
from ctg_portal.marks.events import changed
from ctg_portal.marks.models import Subject
from ctg_portal.transitions import move_all


def record_signature(convention: Convention) -> int:
    """Create a version in force for each signed part of the text that has none or another content;
    return how many were created.

    A text corrected in the convention file replaces the version that had the mistake: nobody has
    agreed to anything else, only the transcription was wrong. In a project nothing is signed: a
    part that a file first gave as signed by mistake is no longer in force.
    """
    return sum(_record(commitment, convention) for commitment in commitments())


def _record(commitment: Commitment, convention: Convention) -> int:
    """Bring the signed versions of one kind in line with the rows signed, and log it; return how
    many versions are new."""
    signed = commitment.signed_rows(convention)
    if signed is None:
        return 0
    rows = {row.pk: row for row in signed}
    content_type = ContentType.objects.get_for_model(commitment.model)
    versions = Version.objects.of(convention).signed().filter(content_type=content_type)
    known = {v.object_id: v for v in versions.in_force().defer("search_text")}
    contents = {pk: commitment.content(row) for pk, row in rows.items()}
    altered = [
        pk for pk, content in contents.items() if pk not in known or known[pk].content != content
    ]
    outdated = [known[pk] for pk in altered if pk in known]
    gone = [version for pk, version in known.items() if pk not in rows]
    move_all(outdated, VersionVerb.REPLACED, by=None, ended_at=timezone.now())
    move_all(gone, VersionVerb.UNSIGNED, by=None, ended_at=timezone.now())
    numbers = Version.objects.highest_numbers(content_type, altered)
    new = [
        _signed_version(commitment, rows[pk], convention, known.get(pk), numbers.get(pk, 0) + 1)
        for pk in altered
    ]
    move_all(new, VersionVerb.SIGNED, by=None)
    if outdated or gone or new:
        changed(convention, Subject.COMMITTEE)
    return len(new)


def _signed_version(
    commitment: Commitment, row, convention: Convention, former: Version | None, number: int
) -> Version:
    """Return a new version of a signed row, proposed and in force since noon of the day of its
    signature; not saved. ``former``: the version that it replaces, if any."""
    noon = datetime.datetime.combine(row.since.signed_on, datetime.time(12))
    signed_at = timezone.make_aware(noon)
    version = Version(
        convention=convention,
        subject=row,
        kind=commitment.kind,
        number=number,
        origin=Origin.SIGNATURE,
        succeeds=former,
        proposed_at=signed_at,
        in_force_at=signed_at,
    )
    version.write(commitment.content(row))
    version.title = commitment.title_of(row, version.content)[:500]
    version.index()
    return version
