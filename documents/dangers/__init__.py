"""Checks of what an accepted kind of file may hide: programs, other files, external addresses,
decompression bombs.

The functions of this module return the ValidationError of each.
"""

from django.core.exceptions import ValidationError

MAX_SIZE = 10 * 1024 * 1024
# Extensions of programs, which may be hidden before the real extension of a name.
RUNNABLE = {
    "app", "bat", "cmd", "com", "cpl", "docm", "dotm", "exe", "hta", "htm", "html", "iso", "jar",
    "js", "jse", "lnk", "msc", "msi", "pif", "pptm", "ps1", "py", "reg", "scr", "sh", "svg", "vbe",
    "vbs", "wsf", "xll", "xlsm",
}  # fmt: skip

AS_PDF = "enregistrez-le en PDF, puis envoyez ce PDF."


def program_error(
    what: str = "Ce fichier contient des macros ou un autre programme", then: str = AS_PDF
):
    return ValidationError(f"{what}\u00a0: {then}", code="program")


def inside_error(what: str = "Ce fichier en contient un autre, incorporé", then: str = AS_PDF):
    return ValidationError(f"{what}\u00a0: {then}", code="inside")


def outside_error(
    what: str = "Ce fichier va chercher ailleurs une partie de ce qu’il montre (modèle, image, "
    "classeur ou section liés)",
    then: str = AS_PDF,
):
    return ValidationError(f"{what}\u00a0: {then}", code="outside")


def located_error() -> ValidationError:
    """Return the error for a document with a photo that says where it was taken."""
    return ValidationError(
        f"Une photo de ce fichier dit où elle a été prise\u00a0: {AS_PDF}", code="located"
    )


def locked_error(then: str = "enregistrez-le sans mot de passe, puis envoyez-le."):
    return ValidationError(f"Ce fichier est protégé par un mot de passe\u00a0: {then}", "locked")
