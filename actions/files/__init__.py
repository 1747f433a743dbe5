"""The action plan as files: one sheet, a selection, all of it, for people and for spreadsheets."""
