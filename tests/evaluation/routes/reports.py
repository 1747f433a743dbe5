"""Who gets what on the pages of reports."""

ROUTES: dict = {}
