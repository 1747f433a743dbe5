"""The logos that a convention file points to: images beside it, cleaned on arrival."""

from pathlib import Path, PureWindowsPath
from typing import Any

from conventions.loading.mistakes import Place
from conventions.loading.rules import rows
from conventions.loading.wording import quoted
from documents.logos import MAX_UPLOADED, LogoError, clean_logo


def read_logos(content: Any, folder: Path) -> tuple[dict[str, bytes], list[tuple[Place, str]]]:
    """Return the parties' logos, each a cleaned PNG, by the path that the file gives, and mistakes,
    with their places, of those that cannot be read."""
    logos, mistakes = {}, []
    for place, party in rows(content, "parties"):
        path = party.get("logo")
        if isinstance(path, str):
            try:
                logos[path] = _read(folder, path)
            except LogoError as error:
                mistakes.append(((*place, "logo"), str(error)))
    return logos, mistakes


def _read(folder: Path, path: str) -> bytes:
    """Return the cleaned image at a relative path within the folder. Raises LogoError."""
    # A path with "\\" or a drive letter comes from Windows and would be a plain name elsewhere.
    if "\\" in path or PureWindowsPath(path).drive:
        raise LogoError(f"{quoted(path)} : un chemin s’écrit avec des « / »")
    try:
        target = (folder / path).resolve()
        if not target.is_relative_to(folder.resolve()):
            raise LogoError(f"{quoted(path)} sort du dossier du fichier")
        if not target.is_file():
            raise LogoError(f"{quoted(path)} n’existe pas auprès du fichier")
        with target.open("rb") as source:
            data = source.read(MAX_UPLOADED + 1)
    except OSError:
        raise LogoError(f"{quoted(path)} ne peut pas être lu") from None
    return clean_logo(data)
