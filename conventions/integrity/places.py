"""The conventions that an uploaded document belongs to."""

from collections.abc import Iterator

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from conventions.legal.convention import Convention
from ctg_portal.house import FilePlace
from ctg_portal.templatetags.french import long_date
from documents.models import StoredFile


def places_of_upload(row: Model) -> Iterator[FilePlace]:
    """Yield the conventions in which a document was uploaded; not its name, which may reveal a
    protected figure."""
    if not isinstance(row, StoredFile):
        return
    label = f"document déposé le {long_date(timezone.localdate(row.uploaded_at))}"
    for convention in Convention.objects.order_by("pk"):
        if StoredFile.objects.of(convention).filter(pk=row.pk).exists():
            dashboard = reverse("conventions:dashboard", args=[convention.slug])
            yield FilePlace(convention, label, dashboard)
