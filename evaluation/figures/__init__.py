"""From a value to what is shown of it: definition, disclosure, series, movement, drawing."""
