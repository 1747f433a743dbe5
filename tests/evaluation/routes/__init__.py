"""Who gets what on the pages of the evaluation."""
