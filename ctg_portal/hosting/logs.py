"""Logs: one JSON object a line, each with the id of its request; readable lines in development."""

import logging
import re

# Addresses that open something: who reads the log must not be able to follow them.
SECRET_LINK = re.compile(
    r"(/(?:invitation|lien|lien-de-saisie|mot-de-passe-oublie|adresse/confirmer)/)"
    r"(?!envoye/|change/)[^/\s\"'?]+"
)
# PostgreSQL tells the whole row that breaks a constraint: a protected figure, and its comment.
ROW = re.compile(r"(DETAIL: ).*?(?=\n\nThe above exception|\n\nDuring handling|\Z)", re.DOTALL)
FORMAT = logging.Formatter()


class WithoutSecrets(logging.Filter):
    """Removes tokens and rows of the database from every log line and traceback, Django's too."""

    def filter(self, record):
        message = record.getMessage()
        masked = without_secrets(message)
        if masked != message:
            record.msg, record.args = masked, ()
        if record.exc_info:
            record.exc_text = without_secrets(FORMAT.formatException(record.exc_info))
            record.exc_info = None
        return True


def without_secrets(text: str) -> str:
    """Return ``text`` with tokens of links and rows of the database replaced by « … »."""
    return ROW.sub(r"\1…", SECRET_LINK.sub(r"\1…", text))


JSON_FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s"


def logging_config(*, readable: bool, level: str) -> dict:
    """Return Django's LOGGING: everything from ``level`` on to the error output, as JSON or
    ``readable`` lines."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {
                "()": "django_guid.log_filters.CorrelationId",
                "correlation_id_field": "request_id",
            },
            "without_secrets": {"()": WithoutSecrets},
        },
        "formatters": {
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "fmt": JSON_FIELDS,
                "json_ensure_ascii": False,
            },
            "readable": {"format": "%(levelname)s %(name)s %(message)s [%(request_id)s]"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "filters": ["request_id", "without_secrets"],
                "formatter": "readable" if readable else "json",
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Replaced by the access line, which carries the request's id and its duration.
            "django.server": {"handlers": [], "propagate": False},
            "django_guid": {"level": "WARNING"},
            # So are its warnings (404, 403), whose whole path may hold the token of a link.
            "django.request": {"level": "ERROR"},
            # They log every minute that there was nothing to do.
            "post_office": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            "django_tasks_db": {"level": "WARNING"},
            "weasyprint.progress": {"level": "WARNING"},  # ten lines a document
        },
    }
