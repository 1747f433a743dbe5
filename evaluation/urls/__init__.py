"""Addresses of the evaluation: indicators, yearly collections, the annual report."""

from django.urls import include, path

app_name = "evaluation"

urlpatterns = [
    path("conventions/<slug:slug>/indicateurs/", include("evaluation.urls.indicators")),
    path("conventions/<slug:slug>/evaluations/", include("evaluation.urls.campaigns")),
    path("conventions/<slug:slug>/evaluations/<int:year>/saisie/",
         include("evaluation.urls.values")),
    path("conventions/<slug:slug>/evaluations/<int:year>/", include("evaluation.urls.reports")),
]  # fmt: skip
