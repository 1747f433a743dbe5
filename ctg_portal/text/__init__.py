"""Texts: typography, Markdown, numbers as people type them, differences."""
