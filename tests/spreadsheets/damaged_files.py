"""A person who brings a file and goes on as far as its pages let them."""

import random
from collections import Counter
from collections.abc import Callable, Sequence

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from spreadsheets.models import Import
from tests.databases import examples
from tests.spreadsheets.damage import damaged, damaged_lightly

# One file in so many is marked as well, which another process does.
MARKED = 8


def outcomes_of_damaged_files(
    client, address: str, samples: Sequence[tuple[str, bytes]], seed: int
) -> Counter:
    """Bring damaged copies of samples to a page, and return how they ended: refused in words at
    once, read and shown without anything to keep, or kept. Sixteen; 1,000 when exploring."""
    rng, outcomes = random.Random(seed), Counter()  # noqa: S311
    for turn in range(examples(50)):
        name, sample = samples[turn % len(samples)]
        damage: Callable = damaged if turn % 4 == 0 else damaged_lightly
        content = damage(rng, sample)
        with transaction.atomic():
            marks = turn % MARKED == 0
            outcomes[_outcome(client, address, name, content, marks=marks)] += 1
            transaction.set_rollback(True)
    return outcomes


def _outcome(client, address: str, name: str, content: bytes, *, marks: bool) -> str:
    response = client.post(address, {"table": SimpleUploadedFile(name, content)})
    if response.status_code == 200:
        assert response.context["form"].errors["table"], name
        return "refused"
    row = Import.objects.get()
    page = row.get_absolute_url()
    for query in ({}, {"etape": "colonnes"}, {"etape": "lignes"}):
        response = client.get(page, query)
        assert response.status_code == 200
    shown = response.context["page"]
    if marks:
        assert client.get(reverse("spreadsheets:marked", args=[row.pk])).status_code == 200
    sent = {"digest": shown.preview.digest, "faire": "enregistrer"}
    client.post(reverse("spreadsheets:correct", args=[row.pk]), sent)
    row.refresh_from_db()
    assert client.get(page).status_code == 200
    assert not row.is_received or shown.refusal or not shown.preview.to_keep, name
    return "kept" if row.is_applied else "read"
