"""Addresses of the values."""

urlpatterns = []
