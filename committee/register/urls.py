"""Addresses of the register: every entry, each entry with its proof, the files."""

from django.urls import path

from committee.addresses import committee
from committee.register import views

here = f"{committee}registre/"

urlpatterns = [
    path(here, views.Register.as_view(), name="register"),
    path(f"{here}<int:pk>/", views.Entry.as_view(), name="entry"),
    path(f"{here}<int:pk>/texte/", views.entry_text, name="entry_text"),
    path(f"{here}export/<str:format>/", views.register_export, name="register_export"),
]
