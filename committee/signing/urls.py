"""Addresses of the signature of a convention."""

from django.urls import path

from committee.addresses import committee
from committee.signing import views

here = f"{committee}signature/"

urlpatterns = [
    path(here, views.SigningPage.as_view(), name="signing"),
    path(f"{here}enregistrer/", views.RecordSigning.as_view(), name="record_signing"),
    path(f"{here}retirer/", views.WithdrawSigning.as_view(), name="withdraw_signing"),
    path(f"{here}confirmer/<int:pk>/", views.ConfirmSigning.as_view(), name="confirm_signing"),
    path(f"{here}document/", views.signing_scan, name="signing_scan"),
    path(f"{here}hebergeur/", views.host_signing, name="host_signing"),
    path(f"{here}hebergeur/document/", views.host_signing_scan, name="host_signing_scan"),
]
