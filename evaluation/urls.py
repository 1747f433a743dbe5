"""Addresses of the evaluation of a year."""

from django.urls import include, path

app_name = "evaluation"
urlpatterns = [
    path("conventions/<slug:slug>/evaluations/<int:year>/", include("evaluation.report.urls")),
]
