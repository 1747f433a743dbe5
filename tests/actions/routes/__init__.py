"""Who gets what on the pages of the action plan."""
