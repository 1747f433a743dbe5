"""Addresses of the personal links of messages."""

from django.urls import path

from committee.links import views

urlpatterns = [
    path("lien/<str:token>/", views.LinkPage.as_view(), name="link"),
    path("liens-personnels/", views.CutLinks.as_view(), name="cut_links"),
]
