"""Addresses of requested documents."""

from django.urls import path

from documents.drawing import views

urlpatterns = [
    path("documents/<int:pk>/", views.drawing, name="drawing"),
    path("documents/<int:pk>/fichier/", views.drawing_file, name="drawing_file"),
    path("documents/<int:pk>/annuler/", views.cancel_drawing, name="cancel_drawing"),
]
