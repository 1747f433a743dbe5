"""Addresses of decisions."""

from django.urls import path

from committee.addresses import committee
from committee.meetings.decisions import views

decisions = f"{committee}decisions/"
decision = f"{decisions}<int:pk>/"
urlpatterns = [
    path(decisions, views.Decisions.as_view(), name="decisions"),
    path(
        f"{decisions}export/<str:extension>/", views.DecisionsFile.as_view(), name="decisions_file"
    ),
    path(f"{committee}reunions/<int:pk>/decider/", views.Decide.as_view(), name="decide"),
    path(decision, views.DecisionPage.as_view(), name="decision"),
    path(f"{decision}corriger/", views.Correct.as_view(), name="correct_decision"),
    path(f"{decision}suite/", views.Report.as_view(), name="report_decision"),
    path(f"{decision}abandonner/", views.Drop.as_view(), name="drop_decision"),
    path(f"{decision}reprendre/", views.Reopen.as_view(), name="reopen_decision"),
]
