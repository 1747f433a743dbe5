"""Addresses of the public statistics, below ``/conventions/<slug>/evaluations/statistiques/``."""

from django.urls import path

from indicators.statistics import views

urlpatterns = [
    path("", views.SourcesView.as_view(), name="statistics"),
    path("deposer/", views.LoadRelease.as_view(), name="load_release"),
    path("<int:pk>/", views.ReleaseView.as_view(), name="release"),
    path("<int:pk>/ecarter/", views.SetAside.as_view(), name="set_release_aside"),
]
