"""Addresses of what is answered to a point, for whom, and what is joined to an answer."""

from django.urls import path

from committee.addresses import committee
from committee.answers import views, views_recap

point = f"{committee}points/<int:pk>/"
entry = f"{committee}reponses/<int:pk>/"
mine = f"{committee}mes-reponses/"
urlpatterns = [
    path(f"{point}repondre/", views.AnswerView.as_view(), name="answer"),
    path(mine, views_recap.Recap.as_view(), name="recap"),
    path(f"{mine}toutes-d-accord/", views_recap.AgreeToAll.as_view(), name="agree_to_all"),
    path(f"{mine}envoyees/", views_recap.Given.as_view(), name="given"),
    path(f"{point}avis/", views.Advise.as_view(), name="advise"),
    path(f"{point}retirer-l-accord/", views.Retract.as_view(), name="retract"),
    path(f"{point}accord-recueilli/", views.Record.as_view(), name="record"),
    path(f"{point}retirer/", views.Withdraw.as_view(), name="withdraw"),
    path(f"{entry}confirmer/", views.Confirm.as_view(), name="confirm"),
    path(f"{entry}annuler/", views.Undo.as_view(), name="undo"),
    path(f"{entry}pas-notre-reponse/", views.RefuseRecorded.as_view(), name="refuse"),
    path(f"{entry}contester/", views.Contest.as_view(), name="contest"),
    path(f"{entry}joindre/", views.Attach.as_view(), name="attach"),
    path(f"{committee}documents/<int:pk>/", views.document, name="document"),
]
