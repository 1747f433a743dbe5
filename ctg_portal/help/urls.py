"""Addresses of the help."""

from django.urls import path

from ctg_portal.help import views

app_name = "help"

urlpatterns = [
    path("", views.contents, name="contents"),
    path("glossaire/", views.glossary, name="glossary"),
    path("se-connecter/", views.public, name="public"),
    path("secret/", views.secret, name="secret"),
    path("<slug:name>/", views.page, name="page"),
]
