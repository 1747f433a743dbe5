"""Logs: one JSON object a line, each with the id of its request; readable lines in development."""

import logging

from ctg_portal.text.masking import without_secrets

FORMAT = logging.Formatter()


class WithoutSecrets(logging.Filter):
    """Removes tokens and rows of the database from every log line and traceback, Django's too."""

    def filter(self, record):
        """Mask the message and the traceback of a record; let every record through."""
        message = record.getMessage()
        masked = without_secrets(message)
        if masked != message:
            record.msg, record.args = masked, ()
        if record.exc_info:
            record.exc_text = without_secrets(FORMAT.formatException(record.exc_info))
            record.exc_info = None
        return True


JSON_FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s"


def logging_config(*, readable: bool, level: str) -> dict:
    """Return Django's LOGGING: all from ``level`` on to stderr, as JSON or ``readable`` lines."""
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
