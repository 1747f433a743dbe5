"""Addresses of the indicators, of the yearly collections and of their figures."""

from django.urls import include, path

from indicators.values.files.views import BringYears
from indicators.values.links.urls import outside
from indicators.values.views_exposed import ExposedFigures

app_name = "indicators"
year = "conventions/<slug:slug>/evaluations/<int:year>/"
urlpatterns = [
    path("conventions/<slug:slug>/indicateurs/", include("indicators.sheet.urls")),
    path("conventions/<slug:slug>/evaluations/reprendre/", BringYears.as_view(),
         name="import_years"),
    path("conventions/<slug:slug>/evaluations/chiffres-lus/", ExposedFigures.as_view(),
         name="exposed_figures"),
    path("conventions/<slug:slug>/evaluations/", include("indicators.collection.urls")),
    path("conventions/<slug:slug>/evaluations/statistiques/",
         include("indicators.statistics.urls")),
    path(f"{year}statistiques/", include("indicators.statistics.urls_of_year")),
    path(f"{year}saisie/", include("indicators.values.urls")),
    path(f"{year}liens/", include("indicators.values.links.urls")),
    *outside,
]  # fmt: skip
