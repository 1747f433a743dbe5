"""Mask what a log may not hold: what opens an account, and rows of the database."""

import re

# Addresses that open something: who reads the log must not be able to follow them.
SECRET_LINK = re.compile(
    r"(/(?:invitation|lien|lien-de-saisie|mot-de-passe-oublie|adresse/confirmer)/)"
    r"(?!envoye/|change/)[^/\s\"'?]+"
)
# PostgreSQL tells the whole row that breaks a constraint: a protected figure, and its comment.
ROW = re.compile(r"(DETAIL: ).*?(?=\n\nThe above exception|\n\nDuring handling|\Z)", re.DOTALL)


def without_secrets(text: str) -> str:
    """Return ``text`` with tokens of links and rows of the database replaced by « … »."""
    return ROW.sub(r"\1…", SECRET_LINK.sub(r"\1…", text))
