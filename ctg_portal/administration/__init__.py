"""The read-only administration of Django."""
