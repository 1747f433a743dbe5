"""Addresses of the shared stakes."""

from django.urls import path

from committee.addresses import committee
from committee.stakes import views

stakes = f"{committee}enjeux-partages/"
urlpatterns = [
    path(f"{stakes}nouveau/", views.AddStake.as_view(), name="add_stake"),
    path(f"{stakes}<int:pk>/modifier/", views.EditStake.as_view(), name="edit_stake"),
    path(f"{stakes}<int:pk>/retirer/", views.EndStake.as_view(), name="end_stake"),
]
