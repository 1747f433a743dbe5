"""The convention file: ``reader`` reads it, ``apply`` brings it into the database."""

from pathlib import Path

from conventions.loading.apply import apply as _apply
from conventions.loading.mistakes import ConventionFileError
from conventions.loading.reader import read
from conventions.loading.rows import LoadReport

__all__ = ["ConventionFileError", "LoadReport", "load", "read"]


def load(source: Path, *, is_laxer_secrecy_agreed: bool = False) -> LoadReport:
    """Create or update the convention that a file describes; return the report. Raises
    ConventionFileError, with every mistake, and then write nothing."""
    return _apply(read(source), is_laxer_secrecy_agreed=is_laxer_secrecy_agreed)
