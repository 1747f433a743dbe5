"""Addresses of the indicators, below ``/conventions/<slug>/indicateurs/``."""

from django.urls import path

from indicators.by_commune.views import ByCommuneFile
from indicators.comparison.views import ComparisonView
from indicators.disclosure.views import LinkCounts
from indicators.library import views as library
from indicators.sheet import views as indicators
from indicators.sheet import views_writing as indicators_writing

urlpatterns = [
    path("", indicators.IndicatorsView.as_view(), name="indicators"),
    path("export/<str:extension>/", indicators.FiguresFile.as_view(), name="figures_file"),
    path("bibliotheque/", library.LibraryView.as_view(), name="library"),
    path(
        "bibliotheque/export/<str:extension>/", library.LibraryFile.as_view(), name="library_file"
    ),
    path("bibliotheque/reprendre/", library.TakeUp.as_view(), name="take_up_entries"),
    path("comparaison/", ComparisonView.as_view(), name="comparison"),
    path("nouveau/", indicators_writing.AddIndicator.as_view(), name="add_indicator"),
    path("<int:pk>/", indicators.IndicatorView.as_view(), name="indicator"),
    path("<int:pk>/communes/<str:extension>/", ByCommuneFile.as_view(), name="by_commune_file"),
    path("<int:pk>/bibliotheque/", library.OfferIndicator.as_view(), name="offer_indicator"),
    path("<int:pk>/liens/", LinkCounts.as_view(), name="link_counts"),
    path("<int:pk>/modifier/", indicators_writing.EditIndicator.as_view(), name="edit_indicator"),
    path("<int:pk>/retirer/", indicators_writing.EndIndicator.as_view(), name="end_indicator"),
]
