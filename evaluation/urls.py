"""Addresses of the evaluation of a year, and of all of them."""

from django.urls import include, path

app_name = "evaluation"
urlpatterns = [
    path("conventions/<slug:slug>/evaluations/finale/", include("evaluation.final.urls")),
    path("conventions/<slug:slug>/evaluations/<int:year>/", include("evaluation.report.urls")),
]
