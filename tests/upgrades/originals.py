"""The migrations that squashes replace (decision 0080)."""

from django.db.migrations.loader import MigrationLoader


def load_originals() -> MigrationLoader:
    """Return a loader whose graph has the replaced migrations, and no squash."""
    loader = MigrationLoader(None, replace_migrations=False)
    for key, squash in loader.replacements.items():
        loader.graph.remove_replacement_node(key, squash.replaces)
    return loader
