"""The portal's addresses, and one of a document for tests."""

from django.urls import path

from ctg_portal.urls import handler404, urlpatterns
from documents.drawing.handing_out import hand_out
from tests.documents.drawing.kinds import Leaflet

__all__ = ["handler404"]


def leaflet(request, n):
    return hand_out(request, Leaflet.name, 7, {"n": n})


urlpatterns = [*urlpatterns, path("depliants/<int:n>/", leaflet)]
