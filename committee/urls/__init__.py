"""Addresses of the committee's workspace, below ``/conventions/<slug>/comite/``."""

from committee.urls import acts, composition, dossiers, objectives, points, register

app_name = "committee"

urlpatterns = [
    *points.urlpatterns,
    *dossiers.urlpatterns,
    *acts.urlpatterns,
    *register.urlpatterns,
    *composition.urlpatterns,
    *objectives.urlpatterns,
]
