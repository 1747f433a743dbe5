"""What the pages of the action plan show."""
