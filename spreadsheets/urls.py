"""Addresses of the files that were brought."""

from django.urls import path

from spreadsheets import views

app_name = "spreadsheets"
urlpatterns = [
    path("imports/<int:pk>/", views.import_page, name="import"),
    path("imports/<int:pk>/colonnes/", views.say_columns, name="columns"),
    path("imports/<int:pk>/lignes/", views.correct, name="correct"),
    path("imports/<int:pk>/relire/", views.read_again, name="read_again"),
    path("imports/<int:pk>/annuler/", views.undo, name="undo"),
    path("imports/<int:pk>/abandonner/", views.abandon, name="abandon"),
    path("imports/<int:pk>/erreurs/", views.marked_file, name="marked"),
    path("imports/<int:pk>/compte-rendu/", views.account, name="account"),
]
