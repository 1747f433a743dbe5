"""Addresses of the year, of its texts and of its report."""

from django.urls import path

from evaluation.report import views as reports
from evaluation.writing import views as writing_views
from evaluation.year import views as year_views

urlpatterns = [
    path("", year_views.YearView.as_view(), name="year"),
    path("textes/<int:pk>/", writing_views.NarrativeView.as_view(), name="narrative"),
    path("textes/<slug:part>/", writing_views.YearTextView.as_view(), name="year_text"),
    path("rapport/", reports.ReportView.as_view(), name="report"),
    path("rapport/demander/", reports.request, name="request_report"),
    path("rapport/fichiers/<str:extension>/", reports.report_files, name="report_files"),
    path("rapport/<int:pk>/annuler/", reports.cancel_report, name="cancel_report"),
    path("rapport/<int:pk>/", reports.download, name="report_file"),
]
