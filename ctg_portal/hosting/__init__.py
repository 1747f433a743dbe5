"""For whoever hosts the portal: backups, health, logs, checks, migrations."""
