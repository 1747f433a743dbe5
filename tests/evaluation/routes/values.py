"""Who gets what on the pages of values."""

ROUTES: dict = {}
