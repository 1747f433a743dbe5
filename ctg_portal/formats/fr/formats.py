"""French dates and numbers, where Django's own differ from what the portal shows."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y à H\\hi"
THOUSAND_SEPARATOR = "\u202f"
NUMBER_GROUPING = 3
