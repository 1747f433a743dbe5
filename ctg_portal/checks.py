"""What ``manage.py check --deploy`` tells the operator."""

from django.conf import settings
from django.core.checks import Info, register

TAG = "operator"


@register(TAG, deploy=True)
def operator_is_stated(app_configs, **kwargs):
    """The legal pages state who runs the portal: name each setting that leaves a gap in them."""
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
