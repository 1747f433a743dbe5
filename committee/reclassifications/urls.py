"""Addresses of corrections of what signed passages are."""

from django.urls import path

from committee.addresses import committee
from committee.reclassifications import views

here = f"{committee}requalifications/"
urlpatterns = [
    path(
        f"{here}nouvelle/<int:pk>/",
        views.AddReclassification.as_view(),
        name="add_reclassification",
    ),
    path(
        f"{here}<int:pk>/modifier/",
        views.EditReclassification.as_view(),
        name="edit_reclassification",
    ),
]
