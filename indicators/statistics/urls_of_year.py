"""Addresses of what public statistics have given to a year, below ``…/<year>/statistiques/``."""

from django.urls import path

from indicators.statistics import views_of_year as views

urlpatterns = [
    path("", views.TakenView.as_view(), name="taken_up"),
    path("<int:pk>/confirmer/", views.confirm, name="confirm_published"),
]
