"""Checks that ``manage.py check --deploy`` makes for the operator."""

from django.conf import settings
from django.core import checks
from django.core.checks import Info, register

from ctg_portal.help.guide import FOLDER, GLOSSARY, INDEX, PAGES

TAG = "operator"


@register(TAG, deploy=True)
def operator_is_stated(app_configs, **kwargs):
    """Return one notice that names each setting which leaves a gap in the legal pages."""
    missing = [f"OPERATOR_{name.upper()}" for name, value in settings.OPERATOR.items() if not value]
    if not missing:
        return []
    return [
        Info(
            f"Les pages légales sont à compléter : {', '.join(missing)}.",
            hint="Renseignez ces variables d’environnement ; la loi demande ces mentions.",
            id="ctg_portal.I001",
        )
    ]


@register("guide")
def guide_is_installed(app_configs, **kwargs):
    """Return a warning where files of the guide, which « Aide » shows, are not installed."""
    names = (f"{name}.md" for name in (INDEX, *PAGES, GLOSSARY))
    missing = [name for name in names if not (FOLDER / name).is_file()]
    if not missing:
        return []
    return [
        checks.Warning(
            f"L’aide du portail est incomplète : {FOLDER} n’a pas {', '.join(missing)}.",
            hint="Le dossier docs/guide s’installe avec le code.",
            id="ctg_portal.W001",
        )
    ]
