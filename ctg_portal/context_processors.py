"""What every page knows."""

from django.conf import settings


def portal(request):
    """``operator``: who runs this installation, for the foot and the legal pages."""
    return {"operator": settings.OPERATOR}
