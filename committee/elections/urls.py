"""Addresses of the list of a party's élus after elections."""

from django.urls import path

from committee.addresses import committee
from committee.elections import views

here = f"{committee}composition/elections/<int:pk>/"

urlpatterns = [
    path(here, views.EditElections.as_view(), name="elections"),
    path(f"{here}relire/", views.ReviewElections.as_view(), name="review_elections"),
    path(f"{here}abandonner/", views.AbandonElections.as_view(), name="abandon_elections"),
    path(f"{here}deliberation/", views.elections_act, name="elections_act"),
    path(f"{here}hebergeur/", views.host_elections, name="host_elections"),
    # The address of earlier releases.
    path(f"{here}suspendre/", views.former_page, name="suspend_elected_seats"),
]
