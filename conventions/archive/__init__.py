"""Everything of a convention as one ZIP, for the archives and for leaving the portal."""
