"""In what offices say that amounts are counted: « (en k€) », « en millions d’euros »."""

# Patterns of the words alone, for a search that heeds no case.
THOUSANDS = r"k\s?€|k\s?euros?|milliers?(?:\s+d.euros?)?"
MILLIONS = r"m\s?€|m\s?euros?|millions?(?:\s+d.euros?)?"
# What comes before them, of whatever unit: « (en », « / », « en ».
BEFORE = r"(?:[(\[/]|\ben\b)\s*(?:en\s+)?"
