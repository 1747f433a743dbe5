"""Addresses of the year, of its texts and of its report."""

from django.urls import path

from evaluation.appreciation import views as appreciation_views
from evaluation.cooperation.views import PostsView
from evaluation.layout import urls as layout
from evaluation.report import views as reports
from evaluation.stakes.views import AppreciateStakesView
from evaluation.writing import urls as writing
from evaluation.year import views as year_views

urlpatterns = [
    path("", year_views.YearView.as_view(), name="year"),
    *writing.urlpatterns,
    path("objectifs/", appreciation_views.AppreciationsView.as_view(), name="appreciations"),
    path("objectifs/<int:pk>/", appreciation_views.AppreciateView.as_view(), name="appreciate"),
    path("enjeux-partages/", AppreciateStakesView.as_view(), name="appreciate_stakes"),
    path("postes/", PostsView.as_view(), name="posts"),
    *layout.urlpatterns,
    path("rapport/", reports.ReportView.as_view(), name="report"),
    path("rapport/demander/", reports.request, name="request_report"),
    path("rapport/fichiers/<str:extension>/", reports.report_files, name="report_files"),
    path("rapport/<int:pk>/annuler/", reports.cancel_report, name="cancel_report"),
    path("rapport/<int:pk>/", reports.download, name="report_file"),
]
