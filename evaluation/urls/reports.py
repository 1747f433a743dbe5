"""Addresses of the reports."""

urlpatterns = []
