"""What the other chapters bring to pages of this one, and what this chapter brings itself."""
