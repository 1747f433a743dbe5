"""Addresses of the evaluation: indicators, yearly collections, the annual report."""

from django.urls import include, path

app_name = "evaluation"

urlpatterns = [
    path("conventions/<slug:slug>/indicateurs/", include("indicators.definitions.urls")),
    path("conventions/<slug:slug>/evaluations/", include("indicators.collection.urls")),
    path("conventions/<slug:slug>/evaluations/<int:year>/saisie/",
         include("indicators.values.urls")),
    path("conventions/<slug:slug>/evaluations/<int:year>/", include("evaluation.report.urls")),
]  # fmt: skip
