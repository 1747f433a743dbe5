"""Who gets what on the pages of campaigns."""

ROUTES: dict = {}
