"""Addresses of the year, of its texts and of its report."""

from django.urls import path

from evaluation.views import reports, reports_year

urlpatterns = [
    path("", reports_year.YearView.as_view(), name="year"),
    path("textes/<int:pk>/", reports_year.NarrativeView.as_view(), name="narrative"),
    path("rapport/", reports.ReportView.as_view(), name="report"),
    path("rapport/demander/", reports.request, name="request_report"),
    path("rapport/<int:pk>/composer/", reports.compose, name="compose_report"),
    path("rapport/<int:pk>/", reports.download, name="report_file"),
]
