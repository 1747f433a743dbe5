"""Addresses of the indicators."""

urlpatterns = []
