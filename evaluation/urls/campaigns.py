"""Addresses of the campaigns."""

urlpatterns = []
