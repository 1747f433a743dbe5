"""Address of what the final evaluation still lacks."""

from django.urls import path

from evaluation.final import views

urlpatterns = [path("", views.FinalView.as_view(), name="final")]
