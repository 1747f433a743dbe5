"""Addresses of the evaluation of a year, and of all of them."""

from django.urls import include, path

from evaluation.images.views import image
from evaluation.opening.views import OpeningView
from evaluation.publication.views import CheckView

app_name = "evaluation"
urlpatterns = [
    path("conventions/<slug:slug>/evaluations/finale/", include("evaluation.final.urls")),
    path("", include("evaluation.opening.urls")),
    path("conventions/<slug:slug>/evaluations/ouverture/", OpeningView.as_view(), name="opening"),
    path("conventions/<slug:slug>/evaluations/verifier/", CheckView.as_view(), name="check"),
    path("conventions/<slug:slug>/evaluations/images/<int:pk>/", image, name="image"),
    path(
        "conventions/<slug:slug>/evaluations/commentaires/<int:pk>/",
        include("evaluation.comments.urls"),
    ),
    path("conventions/<slug:slug>/evaluations/<int:year>/", include("evaluation.report.urls")),
    path(
        "conventions/<slug:slug>/evaluations/<int:year>/publication/",
        include("evaluation.publication.urls"),
    ),
]
