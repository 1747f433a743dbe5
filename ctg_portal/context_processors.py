"""What every page knows."""

from django.conf import settings


def portal(request):
    """``operator``: who runs this installation; ``csp_data_images`` is not needed: none inline."""
    return {"operator": settings.OPERATOR}
