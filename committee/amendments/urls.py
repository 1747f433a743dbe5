"""Addresses of what a later amendment should change."""

from django.urls import path

from committee.addresses import committee
from committee.amendments import views

here = f"{committee}avenant/"
urlpatterns = [
    path(here, views.Amendments.as_view(), name="amendments"),
    path(f"{here}choisir/", views.ChooseText.as_view(), name="choose_text"),
    path(
        f"{here}proposer/<str:kind>/<int:pk>/",
        views.ProposeAmendment.as_view(),
        name="propose_amendment",
    ),
    path(f"{here}<int:pk>/retirer/", views.WithdrawAmendment.as_view(), name="withdraw_amendment"),
]
