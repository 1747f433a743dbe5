"""Addresses of the action plan, below ``/conventions/<slug>/plan-d-actions/``."""

from django.urls import include, path

from actions.files import views as files
from actions.files.coming_in import views as coming_in
from actions.follow_up import views as following
from actions.plan import views_copying as copying
from actions.plan import views_writing as writing
from actions.sheet import views as sheet
from actions.unclear import views as unclear
from actions.ways import views as ways

app_name = "actions"

sheets = [
    path("", sheet.ActionView.as_view(), name="action"),
    path("historique/", sheet.HistoryView.as_view(), name="history"),
    path("historique/export/<str:extension>/", following.JournalFile.as_view(),
         name="journal_file"),
    path("fiche/<str:extension>/", files.sheet_file, name="sheet_file"),
    path("modifier/", writing.EditAction.as_view(), name="edit"),
    path("modifier/<str:section>/", writing.EditSection.as_view(), name="edit_section"),
    path("dupliquer/", copying.DuplicateAction.as_view(), name="duplicate"),
    path("retirer/", writing.EndAction.as_view(), name="end"),
    path("a-preciser/<int:text>/", unclear.settle, name="settle_text"),
    path("suivi/<str:part>/", following.FollowView.as_view(), name="follow"),
    path("documents/ajouter/", following.AddDocument.as_view(), name="add_document"),
    path("documents/<int:document>/", following.document, name="document"),
    path("documents/<int:document>/retirer/", following.WithdrawDocument.as_view(),
         name="withdraw_document"),
]  # fmt: skip

plan_urls = [
    path("", ways.PlanView.as_view(), name="plan"),
    path("calendrier/", ways.WayView.as_view(way="timeline"), name="timeline"),
    path("etats/", ways.WayView.as_view(way="board"), name="board"),
    path("objectifs/", ways.WayView.as_view(way="by_objective"), name="by_objective"),
    path("communes/", ways.WayView.as_view(way="by_commune"), name="by_commune"),
    path("budget/", ways.WayView.as_view(way="budget"), name="budget"),
    path("mes-actions/", following.MineView.as_view(), name="mine"),
    path("mes-actions/export/<str:extension>/", following.MineFile.as_view(), name="mine_file"),
    path("suivi/", following.ReviewView.as_view(), name="review"),
    path("suivi/export/<str:extension>/", following.ReviewFile.as_view(), name="review_file"),
    path("export/<str:extension>/", files.plan_file, name="plan_file"),
    path("reprendre/", copying.TakeUp.as_view(), name="take_up"),
    path("importer/", coming_in.BringPlan.as_view(), name="import_plan"),
    path("nouvelle/", writing.AddAction.as_view(), name="add"),
    path("<int:pk>/", include(sheets)),
]

urlpatterns = [path("conventions/<slug:slug>/plan-d-actions/", include(plan_urls))]
