from pathlib import Path

import pytest

from conventions.legal.amending import amending
from conventions.loading import LoadReport, load
from conventions.loading.mistakes import ConventionFileError
from conventions.loading.reader import ConventionFile, read
from conventions.models import Amendment, Convention, Coverage
from ctg_portal.house import overridden
from tests.conventions.loading.structures import structure


@pytest.fixture
def write(tmp_path):
    """Write a convention file, text or bytes, and return its path."""

    def write(content: str | bytes, name: str = "convention.yaml") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def read_text(write):
    """Read a file of this content."""

    def read_text(content: str | bytes) -> ConventionFile:
        return read(write(content))

    return read_text


@pytest.fixture
def mistakes(write):
    """Return the mistakes of a file of this content, as printed."""

    def mistakes(content: str | bytes) -> list[str]:
        with pytest.raises(ConventionFileError) as caught:
            read(write(content))
        return [str(mistake) for mistake in caught.value.mistakes]

    return mistakes


@pytest.fixture
def load_text(db, write):
    """Load a file of this content."""

    def load_text(text: str, **options) -> LoadReport:
        return load(write(text), **options)

    return load_text


@pytest.fixture
def load_structure(load_text):
    """Load a file whose axes are written shortly (``structures.structure``)."""
    return lambda *axes: load_text(structure(*axes))


@pytest.fixture
def hanging():
    """Let something hang on rows: ``hanging[row] = "2 actions en dépendent"``."""
    reasons = {}
    with overridden(reasons_to_keep=[reasons.get]):
        yield reasons


def _replace(row, amendment, values):
    """End a row by an amendment, which puts a changed copy in its place."""
    row.until = amendment
    row.save()
    if values:
        row.pk, row._state.adding = None, True
        row.since, row.until = amendment, None
        for name, value in values.items():
            setattr(row, name, value)
        row.save()


@pytest.fixture
def amend(db):
    """Sign an amendment: what it ends, then how it words the same parts."""

    def amend(*ended, **wording):
        convention = Convention.objects.get()
        amendment = Amendment.objects.create(
            convention=convention,
            number=convention.amendments.count(),
            signed_on=convention.start,
            effective_on=convention.start,
        )
        with amending(amendment) as pen:
            for row in ended:
                if isinstance(row, Coverage):
                    _replace(row, amendment, wording)
                elif wording:
                    pen.reword(row, **wording)
                else:
                    pen.close(row)
        return amendment

    return amend
