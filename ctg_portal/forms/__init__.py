"""Forms: fields, rows, sections, filters of lists, revisions, and forms that were not taken."""
