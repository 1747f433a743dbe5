"""Addresses of what a document is composed of, below those of its year."""

from django.urls import path

from evaluation.layout import views

urlpatterns = [
    path("composer/", views.ComposeView.as_view(), name="compose"),
    path("apercu/", views.PreviewView.as_view(), name="preview"),
    path("reussites/", views.HighlightsView.as_view(), name="highlights"),
]
