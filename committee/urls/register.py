"""Addresses of the register: every entry, each entry with its proof, the files."""

from django.urls import path

from committee.urls.root import committee
from committee.views import register as views

here = f"{committee}registre/"

urlpatterns = [
    path(here, views.Register.as_view(), name="register"),
    path(f"{here}<int:pk>/", views.Entry.as_view(), name="entry"),
    path(f"{here}<int:pk>/texte/", views.entry_text, name="entry_text"),
    path(f"{here}export/<str:format>/", views.register_export, name="register_export"),
]
