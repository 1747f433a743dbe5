"""Addresses of the committee's own objectives."""

from django.urls import path

from committee.addresses import committee
from committee.objectives import views

objective = f"{committee}objectifs/<int:pk>/"
urlpatterns = [
    path(f"{committee}objectifs/nouveau/", views.AddObjective.as_view(), name="add_objective"),
    path(f"{objective}modifier/", views.EditObjective.as_view(), name="edit_objective"),
    path(f"{objective}retirer/", views.EndObjective.as_view(), name="end_objective"),
]
