"""Addresses of the dossiers: points sent together, answered in one act."""

from django.urls import path

from committee.addresses import committee
from committee.dossiers import views, views_proposing, views_recorded

here = f"{committee}dossiers/"

urlpatterns = [
    path(here, views.Dossiers.as_view(), name="dossiers"),
    path(f"{here}export/<str:extension>/", views.DossiersFile.as_view(), name="dossiers_file"),
    path(f"{here}nouveau/", views.add_dossier, name="add_dossier"),
    path(f"{here}brouillons/", views_proposing.propose_drafts, name="propose_drafts"),
    path(f"{here}<int:pk>/", views.DossierPage.as_view(), name="dossier"),
    path(f"{here}<int:pk>/relancer/", views.Remind.as_view(), name="remind_dossier"),
    path(f"{here}<int:pk>/rappeler/", views.Recall.as_view(), name="recall_dossier"),
    path(f"{here}<int:pk>/annuler-mes-reponses/", views.UndoAnswers.as_view(), name="undo_dossier"),
    path(
        f"{here}<int:pk>/saisir/", views_recorded.RecordedParties.as_view(), name="record_parties"
    ),
    path(
        f"{here}<int:pk>/saisir/<int:organisation>/",
        views_recorded.RecordDossier.as_view(),
        name="record_dossier",
    ),
    path(
        f"{here}<int:pk>/confirmer/",
        views_recorded.ConfirmRecorded.as_view(),
        name="confirm_recorded",
    ),
]
