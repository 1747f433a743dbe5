"""Addresses of the session of a meeting."""

from django.urls import path

from committee.addresses import committee
from committee.meetings.session import views

session = f"{committee}reunions/<int:pk>/seance/"
urlpatterns = [
    path(session, views.Session.as_view(), name="session"),
    path(
        f"{session}accord/<int:organisation>/",
        views.RecordVoices.as_view(),
        name="record_voices",
    ),
    path(
        f"{session}confirmer/<int:organisation>/",
        views.ConfirmVoices.as_view(),
        name="confirm_voices",
    ),
]
