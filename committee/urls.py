"""Addresses of the committee's workspace, below ``/conventions/<slug>/comite/``."""

app_name = "committee"

urlpatterns = [
    *points.urlpatterns,
    *dossiers.urlpatterns,
    *acts.urlpatterns,
    *register.urlpatterns,
    *composition.urlpatterns,
    *objectives.urlpatterns,
]
