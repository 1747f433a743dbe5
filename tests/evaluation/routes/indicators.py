"""Who gets what on the pages of indicators."""

ROUTES: dict = {}
