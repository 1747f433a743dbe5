"""Personal data and sessions."""
