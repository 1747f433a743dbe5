"""Addresses of the minutes of a meeting and of its documents."""

from django.urls import path

from committee.addresses import committee
from committee.meetings.minutes import views

meeting = f"{committee}reunions/<int:pk>/"
minutes = f"{meeting}compte-rendu/"
urlpatterns = [
    path(minutes, views.MinutesPage.as_view(), name="minutes"),
    path(f"{minutes}introduction/", views.WriteIntroduction.as_view(), name="write_introduction"),
    path(f"{minutes}points/<int:number>/", views.WriteNotes.as_view(), name="write_notes"),
    path(f"{minutes}soumettre/", views.Submit.as_view(), name="submit_minutes"),
    path(f"{minutes}reprendre/", views.TakeBack.as_view(), name="take_back_minutes"),
    path(f"{minutes}corriger/", views.Correct.as_view(), name="correct_minutes"),
    path(f"{minutes}corriger/renoncer/", views.DropCorrection.as_view(), name="drop_correction"),
    path(
        f"{minutes}versions/<int:number>/",
        views.MinutesVersionPage.as_view(),
        name="minutes_version",
    ),
    path(f"{minutes}fichier/<str:extension>/", views.MinutesFile.as_view(), name="minutes_file"),
    path(f"{meeting}emargement.pdf", views.SheetToSignFile.as_view(), name="sheet_to_sign"),
]
