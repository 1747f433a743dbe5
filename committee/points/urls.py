"""Addresses of the points: what is to be agreed, and each point."""

from django.urls import path

from committee.addresses import committee
from committee.points import views

urlpatterns = [
    path(committee, views.PointsView.as_view(), name="points"),
    path(
        f"{committee}points/export/<str:extension>/", views.PointsFile.as_view(), name="points_file"
    ),
    path(f"{committee}points/<int:pk>/", views.PointView.as_view(), name="point"),
]
