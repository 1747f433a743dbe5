"""What an accepted kind of document may hide: programs, other files, addresses outside, bombs."""

from django.core.exceptions import ValidationError

MAX_SIZE = 10 * 1024 * 1024
# Behind a dot before the real extension, one of these is what its reader is meant not to see.
RUNNABLE = {
    "app", "bat", "cmd", "com", "cpl", "docm", "dotm", "exe", "hta", "htm", "html", "iso", "jar",
    "js", "jse", "lnk", "msc", "msi", "pif", "pptm", "ps1", "py", "reg", "scr", "sh", "svg", "vbe",
    "vbs", "wsf", "xll", "xlsm",
}  # fmt: skip

AS_PDF = "enregistrez-le en PDF, puis envoyez ce PDF."


def program(what: str = "Ce fichier contient des macros ou un autre programme", then: str = AS_PDF):
    return ValidationError(f"{what}\u00a0: {then}", code="program")


def inside(what: str = "Ce fichier en contient un autre, incorporé", then: str = AS_PDF):
    return ValidationError(f"{what}\u00a0: {then}", code="inside")


def outside(
    what: str = "Ce fichier va chercher ailleurs une partie de ce qu’il montre (modèle, image, "
    "classeur ou section liés)",
    then: str = AS_PDF,
):
    return ValidationError(f"{what}\u00a0: {then}", code="outside")


def located():
    return ValidationError(
        f"Une photo de ce fichier dit où elle a été prise\u00a0: {AS_PDF}", code="located"
    )


def locked(then: str = "enregistrez-le sans mot de passe, puis envoyez-le."):
    return ValidationError(f"Ce fichier est protégé par un mot de passe\u00a0: {then}", "locked")
