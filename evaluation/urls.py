"""Addresses of the evaluation of a year, of that of the term (« finale »), and of all of them."""

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
    path("conventions/<slug:slug>/evaluations/<period:year>/", include("evaluation.report.urls")),
    path(
        "conventions/<slug:slug>/evaluations/<period:year>/publication/",
        include("evaluation.publication.urls"),
    ),
]
