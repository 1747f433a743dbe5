"""Addresses of who sits: the composition, its history, seats, absences and delegations."""

from django.urls import path

from committee.urls.root import committee
from committee.views import composition as views
from committee.views import seats

here = f"{committee}composition/"

urlpatterns = [
    path(here, views.Composition.as_view(), name="composition"),
    path(f"{here}historique/", views.History.as_view(), name="composition_history"),
    path(f"{committee}delegations/<int:pk>/acte/", seats.delegation_act, name="delegation_act"),
]
