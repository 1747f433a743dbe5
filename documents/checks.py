"""System checks of uploads, for ``manage.py check --deploy``."""

import shutil

from django.conf import settings
from django.core import checks

from ctg_portal.hosting.checks import TAG


@checks.register(TAG, deploy=True)
def scanner_exists(app_configs, **kwargs):
    """Warn that the command of DOCUMENT_SCANNER is not found: every upload would be refused."""
    command = settings.DOCUMENT_SCANNER
    if not command or shutil.which(command[0]):
        return []
    return [
        checks.Warning(
            f"La commande de DOCUMENT_SCANNER est introuvable : {command[0]}.",
            hint="Installez cet antivirus, ou videz la variable : tout dépôt serait refusé.",
            id="documents.W001",
        )
    ]
