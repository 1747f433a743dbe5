"""Search without accents: searchable rows and queries."""
