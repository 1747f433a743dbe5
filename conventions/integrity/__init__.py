"""Stored files that were found missing or altered: who is notified of them."""
